//! Values as compared by patches.

use crate::error::DecodeError;
use crate::reader::Reader;
use crate::traits::Encode;
use crate::values::json::Json;
use crate::writer::Writer;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

pub(super) type Members = BTreeMap<String, Tree>;

#[derive(Clone, PartialEq)]
pub(super) enum Tree {
    /// A model; a `null` field is not set.
    Model(Members),
    /// A map, or an object of type `any` or within one; a `null` is a value.
    Map(Members),
    /// A null in a map whose values cannot be null: the key is not set.
    Unset,
    /// A list or scalar.
    Leaf(Json),
}

impl Tree {
    /// Encodes and parses a value. Fails if it is nested too deeply.
    pub(super) fn from_value(value: &dyn Encode) -> Result<Self, DecodeError> {
        let mut w = Writer::tracking_opaque();
        value.encode(&mut w);
        let (text, opaque) = w.into_parts();
        read(&mut Reader::from_text(&text), &opaque)
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Leaf(json) if json.is_null())
    }

    pub(super) fn members(&self) -> Option<&Members> {
        match self {
            Self::Model(members) | Self::Map(members) => Some(members),
            Self::Unset | Self::Leaf(_) => None,
        }
    }

    pub(super) fn write(&self, w: &mut Writer) {
        match self {
            Self::Unset => w.null(),
            Self::Leaf(json) => w.verbatim(json.as_str()),
            Self::Model(members) | Self::Map(members) => {
                w.open_map();
                for (name, member) in members {
                    w.key(name);
                    member.write(w);
                }
                w.close_map();
            }
        }
    }
}

/// Returns the names of all members of either, sorted.
pub(super) fn names<'a>(old: &'a Members, new: &'a Members) -> BTreeSet<&'a String> {
    old.keys().chain(new.keys()).collect()
}

/// Parses an encoded value; objects that start in an `opaque` range are not models, and their nulls
/// are values.
fn read(r: &mut Reader<'_>, opaque: &[Range<usize>]) -> Result<Tree, DecodeError> {
    let first = r.peek();
    let at = r.offset();
    let before = opaque.partition_point(|range| range.start <= at);
    let map = before.checked_sub(1).and_then(|i| opaque.get(i)).is_some_and(|r| r.contains(&at));
    match first {
        b'{' => {}
        b'n' if !map => return r.skip().map(|_| Tree::Unset),
        _ => return r.read().map(Tree::Leaf),
    }
    let mut members = Members::new();
    let mut object = r.object()?;
    while let Some(name) = object.entry(r)? {
        members.insert(name.into_owned(), read(r, opaque)?);
    }
    Ok(if map { Tree::Map(members) } else { Tree::Model(members) })
}
