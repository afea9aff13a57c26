//! JSON merge patch.

use super::tree::{Members, Tree, names};
use super::{PatchError, Problem, join};
use crate::traits::Encode;
use crate::values::json::Json;
use crate::writer::Writer;

/// The body of a PATCH without an update mask: a JSON merge patch ([RFC 7396]).
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
    /// The body: the changed fields, `null` for removed ones.
    pub body: Json,
}

impl MergePatch {
    /// Computes the patch from `old` to `new`; `None` if nothing differs.
    ///
    /// Objects and maps are compared at any depth. Lists are sent as a whole.
    ///
    /// # Errors
    ///
    /// If `new` has a `null` in a value of type `any`, or in a map of such values, that `old`
    /// lacks: a merge patch reads `null` as removal. Explicit nulls in a model, or of a key in a
    /// [`Map`](crate::Map), mean "not set" and are no error. Also if a value is nested more than
    /// 127 levels deep.
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

/// Writes the patch from `old` to `new`.
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
    // Other values count as empty objects.
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
