//! Explicit nulls at a path.

use crate::values::json::Json;
use crate::writer::Writer;

/// The text of an object with the member at a path set to `null`; `None` if it is no object.
pub(crate) fn with_null(text: &str, path: &str) -> Option<String> {
    let mut w = Writer::new();
    null_at(&Json::parse(text).ok()?, path, &mut w)?;
    Some(w.into_string())
}

fn null_at(object: &Json, path: &str, w: &mut Writer) -> Option<()> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    w.open_map();
    for (key, value) in object.members().filter(|(key, _)| key != name) {
        w.key(&key);
        w.verbatim(value.as_str());
    }
    w.key(name);
    match rest {
        None => w.null(),
        Some(rest) => null_at(&object.get(name).unwrap_or_default(), rest, w)?,
    }
    w.close_map();
    Some(())
}
