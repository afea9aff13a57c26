//! New values under an update mask.

use super::tree::{Members, Tree, names};
use super::{PatchError, Problem, join};
use crate::traits::Encode;
use crate::values::json::Json;
use crate::values::mask::FieldMask;
use crate::writer::Writer;

/// What turns one value into another under an update mask ([AIP-134]): the body of a PATCH, and the
/// mask of its changed members.
///
/// ```
/// # use discovery_json::{Json, patch::{MaskDepth, MaskedPatch}};
/// # #[derive(Clone, PartialEq)]
/// # struct Company { name: Option<String>, labels: Option<discovery_json::Json>,
/// #     extra: discovery_json::Extra }
/// # discovery_json::model! {
/// #     Company = "Company";
/// #     "name" => name as NAME_FIELD;
/// #     "labels" => labels as LABELS;
/// # }
/// # use discovery_json::Model;
/// let old = Company::from_json(r#"{"name": "x", "labels": {"a": "1", "b": "2"}}"#)?;
/// let new = Company::from_json(r#"{"labels": {"b": "2"}}"#)?;
/// let patch = MaskedPatch::between(&old, &new, MaskDepth::Nested)?.expect("something differs");
/// assert_eq!(patch.body.as_str(), r#"{"labels":{"b":"2"},"name":null}"#);
/// assert_eq!(patch.mask.to_string(), "labels,name");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [AIP-134]: https://google.aip.dev/134
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MaskedPatch {
    /// The body: an object with the changed members, `null` for those that are gone.
    pub body: Json,
    /// The paths of the changed members, sorted; never empty.
    pub mask: FieldMask,
}

/// How deep the paths of an update mask may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MaskDepth {
    /// To the members of the resource: an object in it is sent and replaced whole.
    TopLevel,
    /// Into objects: `derivedInfo.latitude`. Maps and lists are still replaced whole.
    Nested,
}

impl MaskedPatch {
    /// What turns `old` into `new` under a mask of that depth; `None` where nothing differs. Servers
    /// take an empty mask for all fields, so there is nothing to send then.
    ///
    /// # Errors
    ///
    /// When the name of a changed member cannot be in a mask because it has a backtick, and when a
    /// value is no object or nested deeper than 127.
    pub fn between<T: Encode>(
        old: &T,
        new: &T,
        depth: MaskDepth,
    ) -> Result<Option<Self>, PatchError> {
        between(old, new, depth)
    }
}

fn between(
    old: &dyn Encode,
    new: &dyn Encode,
    depth: MaskDepth,
) -> Result<Option<MaskedPatch>, PatchError> {
    let (old, new) = (Tree::from_value(old)?, Tree::from_value(new)?);
    if old == new {
        return Ok(None);
    }
    let (Some(old), Some(new)) = (old.members(), new.members()) else {
        return Err(PatchError::new("", Problem::NotAnObject));
    };
    let mut w = Writer::new();
    let mut mask = FieldMask::new();
    Differences { w: &mut w, mask: &mut mask, depth }.between(old, new, "")?;
    Ok(Some(MaskedPatch { body: Json::from_valid(w.into_string().into()), mask }))
}

/// The body and the mask that are being made.
struct Differences<'a> {
    w: &'a mut Writer,
    mask: &'a mut FieldMask,
    depth: MaskDepth,
}

impl Differences<'_> {
    /// Writes the object that turns `old` into `new`.
    fn between(&mut self, old: &Members, new: &Members, prefix: &str) -> Result<(), PatchError> {
        self.w.open_map();
        for name in names(old, new) {
            let (before, after) = (old.get(name), new.get(name));
            if before == after {
                continue;
            }
            let path = join(prefix, name);
            if !is_maskable(name) {
                return Err(PatchError::new(&path, Problem::Name));
            }
            self.w.key(name);
            match (before, after) {
                (Some(Tree::Model(before)), Some(Tree::Model(after)))
                    if self.depth == MaskDepth::Nested && are_all_maskable(before, after) =>
                {
                    self.between(before, after, &path)?;
                }
                (_, Some(after)) => {
                    after.write(self.w);
                    self.mask.add(&path);
                }
                (_, None) => {
                    self.w.null();
                    self.mask.add(&path);
                }
            }
        }
        self.w.close_map();
        Ok(())
    }
}

/// Backticks are around names that are not identifiers, and nothing escapes one within.
fn is_maskable(name: &str) -> bool {
    !name.contains('`')
}

/// Whether a mask can name each member that differs; else the object is sent whole.
fn are_all_maskable(old: &Members, new: &Members) -> bool {
    names(old, new).into_iter().all(|name| is_maskable(name) || old.get(name) == new.get(name))
}
