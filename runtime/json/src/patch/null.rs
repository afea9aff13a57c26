//! Explicit nulls at a path.

use crate::values::json::Json;
use crate::writer::Writer;

/// Returns an object with the member at a path set to `null`; `None` if the text is not an object.
pub(crate) fn with_null(text: &str, path: &str) -> Option<String> {
    let mut w = Writer::new();
    write_with_null(&Json::parse(text).ok()?, path, &mut w)?;
    Some(w.into_string())
}

/// Splits the first name off a field path. Map keys may be quoted in backticks, as by
/// [`FieldPath::key`](crate::FieldPath::key), and may then contain dots.
pub(crate) fn split_first(path: &str) -> (&str, Option<&str>) {
    if let Some((key, rest)) = path.strip_prefix('`').and_then(|quoted| quoted.split_once('`')) {
        match rest.strip_prefix('.') {
            Some(below) => return (key, Some(below)),
            None if rest.is_empty() => return (key, None),
            None => {}
        }
    }
    path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)))
}

fn write_with_null(object: &Json, path: &str, w: &mut Writer) -> Option<()> {
    let (name, rest) = split_first(path);
    w.open_map();
    for (key, value) in object.members().filter(|(key, _)| key != name) {
        w.key(&key);
        w.verbatim(value.as_str());
    }
    w.key(name);
    match rest {
        None => w.null(),
        Some(rest) => write_with_null(&object.get(name).unwrap_or_default(), rest, w)?,
    }
    w.close_map();
    Some(())
}
