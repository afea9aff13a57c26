//! Patches with an update mask.

use super::tree::{Members, Tree, names};
use super::{PatchError, Problem, join};
use crate::traits::Encode;
use crate::values::json::Json;
use crate::values::mask::FieldMask;
use crate::writer::Writer;

/// The body of a PATCH with an update mask ([AIP-134]), and the mask of the changed fields.
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
    /// The body: an object with the changed fields, `null` for removed ones.
    pub body: Json,
    /// Paths of the changed fields, sorted; never empty.
    pub mask: FieldMask,
}

/// Depth of the paths in an update mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MaskDepth {
    /// Top-level fields only: objects are sent and replaced as a whole.
    TopLevel,
    /// Nested fields: `derivedInfo.latitude`. Maps and lists are replaced as a whole.
    Nested,
}

impl MaskedPatch {
    /// Computes the patch from `old` to `new`, with paths of the given depth. `None` if nothing
    /// differs: there is nothing to send, and servers read an empty mask as all fields.
    ///
    /// # Errors
    ///
    /// If the name of a changed field contains a backtick, so that no mask can contain it, or if a
    /// value is not an object or is nested more than 127 levels deep.
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

/// The body and mask under construction.
struct Differences<'a> {
    w: &'a mut Writer,
    mask: &'a mut FieldMask,
    depth: MaskDepth,
}

impl Differences<'_> {
    /// Writes the object that changes `old` to `new`.
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

/// Names that are not identifiers are quoted in backticks, which have no escape.
fn is_maskable(name: &str) -> bool {
    !name.contains('`')
}

/// Returns `true` if a mask can name each differing field; otherwise, the object is sent as a
/// whole.
fn are_all_maskable(old: &Members, new: &Members) -> bool {
    names(old, new).into_iter().all(|name| is_maskable(name) || old.get(name) == new.get(name))
}
