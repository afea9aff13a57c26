//! Validates a value against its type and converts it to the canonical form that the service
//! returns: declared spelling of names, 64-bit integers as text, 32-bit ones as numbers, no nulls.
//!
//! Messages match Google's JSON transcoding, so that clients that parse them work.

use discovery_runtime::reflect::{SchemaInfo, TypeInfo};
use serde_json::{Map, Value};

use super::{additional, field, resolve, scalar};
use crate::error::Violation;
use crate::names::snake;

/// Maximum nesting of a request, as in protobuf's JSON parser.
const MAX_DEPTH: usize = 100;

/// Treatment of explicit nulls of declared fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nulls {
    /// Dropped: null means "not set".
    Drop,
    /// Kept, for a merge that removes fields.
    Keep,
}

/// Validates `value` and returns its canonical form, or all violations.
pub(crate) fn coerce(ty: TypeInfo, value: &Value, nulls: Nulls) -> Result<Value, Vec<Violation>> {
    walk(Walk { nulls, in_maps: false, found: Vec::new(), depth: 0 }, ty, value)
}

/// Like [`coerce`], for a JSON merge patch, where a null in a map removes the key.
pub(crate) fn coerce_patch(
    ty: TypeInfo,
    value: &Value,
    nulls: Nulls,
) -> Result<Value, Vec<Violation>> {
    walk(Walk { nulls, in_maps: true, found: Vec::new(), depth: 0 }, ty, value)
}

fn walk(mut walk: Walk, ty: TypeInfo, value: &Value) -> Result<Value, Vec<Violation>> {
    let canonical = walk.value(ty, value, "");
    match (canonical, walk.found.is_empty()) {
        (Some(canonical), true) => Ok(canonical),
        (None, true) => Ok(Value::Null),
        (_, false) => Err(walk.found),
    }
}

/// Validates a parameter value given as text.
pub(crate) fn coerce_param(ty: TypeInfo, text: &str, name: &str) -> Result<Value, Violation> {
    let ty = resolve(ty);
    let value = match ty {
        // Google's servers also accept the spellings of C++ and Python.
        TypeInfo::Bool => match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "1" | "" => Value::Bool(true),
            "false" | "f" | "no" | "n" | "0" => Value::Bool(false),
            _ => Value::String(text.to_owned()),
        },
        _ => Value::String(text.to_owned()),
    };
    scalar::canonical(ty, &value).map_err(|wrong| invalid(&snake(name), &wrong))
}

struct Walk {
    nulls: Nulls,
    /// Whether maps may contain nulls.
    in_maps: bool,
    found: Vec<Violation>,
    depth: usize,
}

impl Walk {
    fn value(&mut self, ty: TypeInfo, value: &Value, at: &str) -> Option<Value> {
        if self.depth > MAX_DEPTH {
            self.report(at, "Message too deep. Max recursion depth reached.".to_owned());
            return None;
        }
        self.depth += 1;
        let result = match (resolve(ty), value) {
            (TypeInfo::Any, any) => Some(any.clone()),
            (TypeInfo::Object(schema), Value::Object(members)) => {
                Some(self.object(schema, members, at))
            }
            (TypeInfo::Map(item), Value::Object(members)) => Some(self.map(*item, members, at)),
            (TypeInfo::List(item), Value::Array(items)) => Some(self.list(*item, items, at)),
            (ty, value) => self.scalar(ty, value, at),
        };
        self.depth -= 1;
        result
    }

    fn object(&mut self, schema: &SchemaInfo, members: &Map<String, Value>, at: &str) -> Value {
        let mut out = Map::new();
        for (name, value) in members {
            let Some((name, ty)) = declared(schema, name) else {
                self.unknown(name, at, "Cannot find field.");
                continue;
            };
            if value.is_null() && !matches!(resolve(ty), TypeInfo::Any) {
                if self.nulls == Nulls::Keep {
                    out.insert(name, Value::Null);
                }
                continue;
            }
            let inner = join(at, &snake(&name));
            if matches!(value, Value::Array(_)) && !takes_list(ty) {
                self.unknown(&name, at, "Proto field is not repeating, cannot start list.");
            } else if let Some(value) = self.value(ty, value, &inner)
                && out.insert(name, value).is_some()
            {
                self.report(&inner, format!("Invalid value at '{inner}', field is given twice."));
            }
        }
        Value::Object(out)
    }

    fn map(&mut self, item: TypeInfo, members: &Map<String, Value>, at: &str) -> Value {
        let values = members.iter().filter_map(|(key, value)| {
            if value.is_null() && self.in_maps {
                return (self.nulls == Nulls::Keep).then(|| (key.clone(), Value::Null));
            }
            let value = self.value(item, value, &format!("{at}[{key}]"))?;
            Some((key.clone(), value))
        });
        Value::Object(values.collect())
    }

    fn list(&mut self, item: TypeInfo, items: &[Value], at: &str) -> Value {
        let items = items.iter().enumerate();
        let items = items.filter_map(|(n, value)| self.value(item, value, &format!("{at}[{n}]")));
        Value::Array(items.collect())
    }

    fn scalar(&mut self, ty: TypeInfo, value: &Value, at: &str) -> Option<Value> {
        match scalar::canonical(ty, value) {
            Ok(value) => Some(value),
            Err(wrong) => {
                self.found.push(invalid(at, &wrong));
                None
            }
        }
    }

    fn unknown(&mut self, name: &str, at: &str, why: &str) {
        let place = if at.is_empty() { String::new() } else { format!(" at '{at}'") };
        let text = format!("Invalid JSON payload received. Unknown name \"{name}\"{place}: {why}");
        self.report(at, text);
    }

    fn report(&mut self, at: &str, description: String) {
        self.found.push(Violation { field: at.to_owned(), description });
    }
}

/// Returns name and type of a field that a schema allows.
fn declared(schema: &SchemaInfo, name: &str) -> Option<(String, TypeInfo)> {
    match field(schema, name) {
        Some(field) => Some((field.name.to_owned(), field.ty)),
        None => additional(schema).map(|ty| (name.to_owned(), ty)),
    }
}

fn takes_list(ty: TypeInfo) -> bool {
    matches!(resolve(ty), TypeInfo::List(_) | TypeInfo::Any)
}

fn join(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}

fn invalid(at: &str, wrong: &scalar::Wrong) -> Violation {
    let scalar::Wrong { expected, found } = wrong;
    let description = format!("Invalid value at '{at}' ({expected}), {found}");
    Violation { field: at.to_owned(), description }
}
