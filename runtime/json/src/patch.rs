//! Bodies of PATCH calls: what changed between two values.

use crate::reader::Reader;
use crate::traits::Encode;
use crate::values::json::Json;
use crate::values::mask::FieldMask;
use crate::writer::Writer;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The smallest body that turns one value into another, and the mask of what is in it.
///
/// Members that are gone are `null` in the body. Nested objects are descended into; lists, maps and
/// values of type `any` change as a whole, for that is what servers do with them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patch {
    /// The body: an object with the changed members.
    pub body: Json,
    /// The paths of the changed members, sorted.
    pub mask: FieldMask,
}

impl Patch {
    /// What turns `old` into `new`.
    ///
    /// ```
    /// # use discovery_json::{Json, patch::Patch};
    /// let old: Json = r#"{"title": "a", "address": "b"}"#.parse()?;
    /// let new: Json = r#"{"title": "a", "count": 0}"#.parse()?;
    /// # struct Model(Json);
    /// # impl discovery_json::Encode for Model {
    /// #     fn encode(&self, w: &mut discovery_json::Writer) {
    /// #         let start = w.begin();
    /// #         let mut extra = discovery_json::Extra::new();
    /// #         for (name, value) in self.0.members() { extra.insert(name, value); }
    /// #         w.end(start, &extra);
    /// #     }
    /// # }
    /// # let (old, new) = (Model(old), Model(new));
    /// let patch = Patch::between(&old, &new);
    /// assert_eq!(patch.body.as_str(), r#"{"address":null,"count":0}"#);
    /// assert_eq!(patch.mask.to_string(), "address,count");
    /// # Ok::<(), discovery_json::DecodeError>(())
    /// ```
    #[must_use]
    pub fn between<T: Encode>(old: &T, new: &T) -> Self {
        between(old, new, true)
    }

    /// The same for servers whose masks know the members of the value only, not those of objects
    /// inside: each changed member is sent whole.
    #[must_use]
    pub fn between_members<T: Encode>(old: &T, new: &T) -> Self {
        between(old, new, false)
    }

    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.mask.is_empty()
    }
}

fn between(old: &dyn Encode, new: &dyn Encode, deep: bool) -> Patch {
    let (old, new) = (Tree::of(old), Tree::of(new));
    let mut patch = Patch::default();
    let mut w = Writer::new();
    if let (Tree::Model(old), Tree::Model(new)) = (&old, &new) {
        let mut differences = Differences { w: &mut w, mask: &mut patch.mask, deep };
        differences.between(old, new, "");
    }
    patch.body = Json::from_valid(w.into_string().into());
    patch
}

type Members = BTreeMap<String, Tree>;

/// A value as far as a patch looks into it.
#[derive(Clone, PartialEq)]
enum Tree {
    Model(Members),
    Whole(Json),
}

impl Tree {
    fn of(value: &dyn Encode) -> Self {
        let mut w = Writer::noting_opaque();
        value.encode(&mut w);
        let (text, opaque) = w.into_parts();
        read(&mut Reader::over(&text), &opaque).unwrap_or(Self::Whole(Json::NULL))
    }

    fn write(&self, w: &mut Writer) {
        match self {
            Self::Whole(json) => w.verbatim(json.as_str()),
            Self::Model(members) => {
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

/// Reads what was just written; an object that is not a model is taken whole.
fn read(r: &mut Reader<'_>, opaque: &[usize]) -> Option<Tree> {
    if r.peek() != b'{' || opaque.binary_search(&r.offset()).is_ok() {
        return r.read().ok().map(Tree::Whole);
    }
    let mut members = Members::new();
    let mut object = r.object().ok()?;
    while let Some(name) = object.entry(r).ok()? {
        members.insert(name.into_owned(), read(r, opaque)?);
    }
    Some(Tree::Model(members))
}

/// The body and the mask that are being made.
struct Differences<'a> {
    w: &'a mut Writer,
    mask: &'a mut FieldMask,
    deep: bool,
}

impl Differences<'_> {
    /// Writes the object that turns `old` into `new`.
    fn between(&mut self, old: &Members, new: &Members, prefix: &str) {
        self.w.open_map();
        let names = old.keys().chain(new.keys()).collect::<std::collections::BTreeSet<_>>();
        for name in names {
            let (before, after) = (old.get(name), new.get(name));
            if before == after {
                continue;
            }
            let path = join(prefix, name);
            self.w.key(name);
            match (before, after) {
                (Some(Tree::Model(before)), Some(Tree::Model(after))) if self.deep => {
                    self.between(before, after, &path);
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
    }
}

/// A path, the last name in backticks if it is not an identifier.
fn join(prefix: &str, name: &str) -> String {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let name = if plain { Cow::Borrowed(name) } else { Cow::Owned(format!("`{name}`")) };
    if prefix.is_empty() { name.into_owned() } else { format!("{prefix}.{name}") }
}

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
