//! The request body: a base, then `-r` tokens that change it.

mod assign;
mod check;
mod cursor;
mod draft;
mod hint;
mod leaves;
mod lint;
mod place;
mod placeholder;
mod source;
mod token;
mod value;

pub(crate) use check::Rules;
pub(crate) use draft::Draft;
pub(crate) use hint::field_path;
pub(crate) use leaves::{ANY_KEY, Leaf, leaves, walk_if as walk_leaves};
pub(crate) use place::{find, lookup};
pub(crate) use placeholder::{leaf as placeholder_at, placeholder};
pub(crate) use source::{NoSource, Source, text as source_text};
pub(crate) use token::{Op, Seg, Step, path, split};
pub(crate) use value::{number_text, scalar};

/// Resolves steps from a cursor.
pub(crate) fn resolve(cursor: &[Seg], steps: &[Step]) -> Option<Vec<Seg>> {
    let names = cursor::resolve(cursor, steps).ok()?;
    Some(names.into_iter().map(|named| named.seg).collect())
}
