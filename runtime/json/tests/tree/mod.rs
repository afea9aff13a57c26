//! A value built from the reader's events, like in generated code.
#![allow(unreachable_pub, reason = "shared by test files")]

use discovery_json::{Decode, DecodeError, Json, Kind, Reader};
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Debug)]
pub enum Tree {
    Object(BTreeMap<String, Tree>),
    List(Vec<Tree>),
    Text(String),
    Scalar(Json),
}

impl Decode for Tree {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match r.kind() {
            Some(Kind::Object) => {
                let mut members = BTreeMap::new();
                let mut object = r.object()?;
                while let Some(key) = object.entry(r)? {
                    members.insert(key.into_owned(), r.read()?);
                }
                Ok(Self::Object(members))
            }
            Some(Kind::List) => r.read().map(Self::List),
            Some(Kind::Text) => r.read().map(Self::Text),
            _ => r.read().map(Self::Scalar),
        }
    }
}

impl Tree {
    /// Returns `true` if serde_json has the same value.
    pub fn same(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Object(ours), Value::Object(theirs)) => {
                ours.len() == theirs.len()
                    && ours
                        .iter()
                        .all(|(key, item)| theirs.get(key).is_some_and(|other| item.same(other)))
            }
            (Self::List(ours), Value::Array(theirs)) => {
                ours.len() == theirs.len()
                    && ours.iter().zip(theirs).all(|(item, other)| item.same(other))
            }
            (Self::Text(ours), Value::String(theirs)) => ours == theirs,
            (Self::Scalar(ours), Value::Number(theirs)) => same_number(ours, theirs),
            (Self::Scalar(ours), Value::Bool(theirs)) => ours.as_bool() == Some(*theirs),
            (Self::Scalar(ours), Value::Null) => ours.is_null(),
            _ => false,
        }
    }
}

fn same_number(ours: &Json, theirs: &serde_json::Number) -> bool {
    if let Some(value) = theirs.as_i64() {
        return ours.as_i64() == Some(value);
    }
    if let Some(value) = theirs.as_u64() {
        return ours.decode::<u64>() == Ok(value);
    }
    match (ours.as_f64(), theirs.as_f64()) {
        // Without its feature `float_roundtrip`, serde_json may differ in the last bit.
        (Some(a), Some(b)) => a == b || (a - b).abs() <= a.abs() * 1e-15 || b.abs() < 1e-300,
        // Beyond a double: with `arbitrary_precision`, serde_json preserves the text, but formats
        // `1E05` as `1e+05`.
        (_, _) => plain(ours.as_str()) == plain(&theirs.to_string()),
    }
}

/// Normalizes the exponent in a number's text.
fn plain(number: &str) -> String {
    number.replace('E', "e").replace("e+", "e")
}
