//! JSON merge patch.

use super::tree::{Members, Tree, names};
use super::{PatchError, Problem, join};
use crate::traits::Encode;
use crate::values::json::Json;
use crate::writer::Writer;

/// What turns one value into another as a JSON merge patch ([RFC 7396]), the body of a PATCH without
/// an update mask.
///
/// ```
/// # use discovery_json::{Json, patch::MergePatch};
/// let old: Json = r#"{"title": "a", "labels": {"a": "1", "b": "2"}, "tags": ["x", "y"]}"#.parse()?;
/// let new: Json = r#"{"labels": {"b": "2"}, "tags": ["x"]}"#.parse()?;
/// let patch = MergePatch::between(&old, &new)?.expect("something differs");
/// assert_eq!(patch.body.as_str(), r#"{"labels":{"a":null},"tags":["x"],"title":null}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [RFC 7396]: https://www.rfc-editor.org/rfc/rfc7396
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MergePatch {
    /// The body: the changed members, `null` for those that are gone.
    pub body: Json,
}

impl MergePatch {
    /// What turns `old` into `new`; `None` where nothing differs.
    ///
    /// Objects are descended into at any depth, maps too. Lists are sent whole.
    ///
    /// # Errors
    ///
    /// When `new` has a `null` in a value of type `any`, or a map of them, where `old` has none: a
    /// merge patch can only remove there. An explicit `null` in a model, or of a key in a
    /// [`Map`](crate::Map), is no such case, for it means that the member or key is not set. Also
    /// when a value is nested deeper than 127.
    pub fn between<T: Encode>(old: &T, new: &T) -> Result<Option<Self>, PatchError> {
        between(old, new)
    }
}

fn between(old: &dyn Encode, new: &dyn Encode) -> Result<Option<MergePatch>, PatchError> {
    let (old, new) = (Tree::from_value(old)?, Tree::from_value(new)?);
    if old == new {
        return Ok(None);
    }
    let mut w = Writer::new();
    write_changes(&mut w, Some(&old), &new, "")?;
    Ok(Some(MergePatch { body: Json::from_valid(w.into_string().into()) }))
}

/// Writes the patch that makes `new` of `old`.
fn write_changes(
    w: &mut Writer,
    old: Option<&Tree>,
    new: &Tree,
    path: &str,
) -> Result<(), PatchError> {
    let Some(wanted) = new.members() else {
        new.write(w);
        return Ok(());
    };
    let nothing = Members::new();
    // What is no object is taken for an empty one.
    let old = old.and_then(Tree::members).unwrap_or(&nothing);
    w.open_map();
    for name in names(old, wanted) {
        let (before, after) = (old.get(name), wanted.get(name));
        if before == after {
            continue;
        }
        w.key(name);
        match after {
            None => w.null(),
            Some(after) => {
                let path = join(path, name);
                if after.is_null() && matches!(new, Tree::Map(_)) {
                    return Err(PatchError::new(&path, Problem::Null));
                }
                write_changes(w, before, after, &path)?;
            }
        }
    }
    w.close_map();
    Ok(())
}
