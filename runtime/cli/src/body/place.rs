//! Resolves the names of a path to a place in the request, by the schema.

use discovery_runtime::reflect::{FieldInfo, TypeInfo};
use serde_json::{Map, Value};

use super::token::{Seg, push_seg};
use crate::schema::{self, Kind};

/// One level of a place in a JSON document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// A member of an object.
    Name(String),
    /// An element of an array, possibly the one after the last.
    Index(usize),
}

/// Place within the schema.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Keys from the request.
    pub(crate) keys: Vec<Key>,
    /// Its type.
    pub(crate) ty: TypeInfo,
    /// Wire name of the last declared member in the path, for messages.
    pub(crate) name: &'static str,
}

/// Reason that a place does not exist.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Why {
    /// The object has no such member.
    NoField(&'static [FieldInfo]),
    /// A list requires an index or `+`.
    NoIndex,
    /// The index is past the end.
    Gap {
        /// The index as a number.
        index: i64,
        /// Number of elements.
        len: usize,
    },
    /// A single value has no members.
    Leaf,
}

/// First invalid name of a path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Nowhere {
    /// Position of the name.
    pub(crate) at: usize,
    /// Reason.
    pub(crate) why: Why,
}

/// Finds the place for names; `doc` bounds the indexes.
pub(crate) fn find(root: TypeInfo, segs: &[Seg], doc: &Value) -> Result<Place, Nowhere> {
    let mut place = Place { keys: Vec::with_capacity(segs.len()), ty: root, name: "" };
    let mut here = Some(doc);
    for (at, seg) in segs.iter().enumerate() {
        let key = step(&mut place, seg, here).map_err(|why| Nowhere { at, why })?;
        here = here.and_then(|value| get(value, &key));
        place.keys.push(key);
    }
    Ok(place)
}

fn step(place: &mut Place, seg: &Seg, here: Option<&Value>) -> Result<Key, Why> {
    let free = || Key::Name(seg.text.clone());
    match schema::kind(place.ty) {
        Kind::Object(fields, additional) => {
            if let Some(field) = schema::field(fields, &seg.text) {
                place.ty = field.ty;
                place.name = field.name;
                return Ok(Key::Name(field.name.to_owned()));
            }
            place.ty = additional.ok_or(Why::NoField(fields))?;
            Ok(free())
        }
        Kind::List(of) => {
            let len = here.and_then(Value::as_array).map_or(0, Vec::len);
            let index = index(&seg.text, len).ok_or(Why::NoIndex)?;
            place.ty = of;
            Ok(Key::Index(index.map_err(|index| Why::Gap { index, len })?))
        }
        Kind::Map(of) => {
            place.ty = of;
            Ok(free())
        }
        Kind::Any => {
            match (here, index(&seg.text, here.and_then(Value::as_array).map_or(0, Vec::len))) {
                (Some(Value::Array(_)), Some(Ok(index))) => Ok(Key::Index(index)),
                _ => Ok(free()),
            }
        }
        Kind::Scalar(_) => Err(Why::Leaf),
    }
}

/// Returns the element for a name in a list of `len`: `+` is the one after the last; negative
/// numbers count from the end. `None` if it is not an index; the number itself if it is neither an
/// existing element nor the next one.
fn index(text: &str, len: usize) -> Option<Result<usize, i64>> {
    if text == "+" {
        return Some(Ok(len));
    }
    let number: i64 = text.parse().ok().filter(|_| !text.starts_with('+'))?;
    let end = i64::try_from(len).unwrap_or(i64::MAX);
    let from_start = if number < 0 { number.saturating_add(end) } else { number };
    Some(match usize::try_from(from_start) {
        Ok(index) if index <= len => Ok(index),
        _ => Err(number),
    })
}

fn get<'v>(value: &'v Value, key: &Key) -> Option<&'v Value> {
    match key {
        Key::Name(name) => value.get(name),
        Key::Index(index) => value.get(index),
    }
}

/// Returns the value at a place.
pub(crate) fn lookup<'v>(doc: &'v Value, keys: &[Key]) -> Option<&'v Value> {
    keys.iter().try_fold(doc, get)
}

/// Changes the value at a place, creating missing parents.
pub(crate) fn change(doc: &mut Value, keys: &[Key], edit: &mut dyn FnMut(&mut Value)) {
    let Some((key, rest)) = keys.split_first() else {
        return edit(doc);
    };
    match key {
        Key::Name(name) => {
            let mut members = match doc.take() {
                Value::Object(members) => members,
                _ => Map::new(),
            };
            change(members.entry(name.as_str()).or_insert(Value::Null), rest, edit);
            *doc = Value::Object(members);
        }
        Key::Index(index) => {
            let mut elements = match doc.take() {
                Value::Array(elements) => elements,
                _ => Vec::new(),
            };
            if elements.len() <= *index {
                elements.resize(index + 1, Value::Null);
            }
            change(&mut elements[*index], rest, edit);
            *doc = Value::Array(elements);
        }
    }
}

/// Removes the value at a place, if any.
pub(crate) fn remove(doc: &mut Value, keys: &[Key]) {
    let Some((last, way)) = keys.split_last() else {
        *doc = Value::Object(Map::new());
        return;
    };
    if lookup(doc, keys).is_none() {
        return;
    }
    change(doc, way, &mut |parent| match (parent, last) {
        (Value::Object(members), Key::Name(name)) => {
            members.shift_remove(name);
        }
        (Value::Array(elements), Key::Index(index)) => {
            elements.remove(*index);
        }
        _ => {}
    });
}

/// Joins names to a path for messages: `client-event.extra-info[a.b]`.
pub(crate) fn dotted(segs: &[Seg]) -> String {
    let mut out = String::new();
    for (i, seg) in segs.iter().enumerate() {
        push_seg(&mut out, seg, i > 0);
    }
    out
}
