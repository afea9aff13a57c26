//! Field masks.

use crate::error::{DecodeError, ValueError};
use crate::field::{Field, FieldPath, Fields};
use crate::reader::Reader;
use crate::traits::{Decode, Encode};
use crate::writer::Writer;
use std::fmt;
use std::str::FromStr;

/// A field mask: the fields that a call reads or writes (`google.protobuf.FieldMask`).
///
/// Its text is the paths in camelCase, joined by commas: `displayName,address.postalCode`. Some
/// methods accept only top-level fields, as the description of the mask then says. As in protobuf,
/// a decoded path must not contain `_`, except in a map key in backticks (AIP-161).
///
/// Create a mask from fields with [`FieldMask::of`], or from text. Text is checked when a call is
/// sent, which fails before anything leaves the client; [`FieldMask::parse`] checks at once.
///
/// ```
/// use discovery_json::FieldMask;
///
/// let mask = FieldMask::from("displayName, address.postal_code");
/// assert_eq!(mask.to_string(), "displayName,address.postalCode");
/// assert_eq!(FieldMask::parse("displayName,address.postalCode")?, mask);
/// # Ok::<(), discovery_json::ValueError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldMask(Vec<String>);

impl FieldMask {
    /// Creates an empty mask.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Creates a mask of fields: an array of fields or paths, or a tuple if their types differ.
    #[must_use]
    pub fn of<Owner>(fields: impl Fields<Owner>) -> Self {
        let mut mask = Self::new();
        fields.each(&mut |path| mask.add(path));
        mask
    }

    /// Creates a mask of all fields: `*`.
    #[must_use]
    pub fn all() -> Self {
        Self(vec!["*".to_owned()])
    }

    /// Parses the text of a mask on the wire: paths in camelCase, joined by commas.
    ///
    /// # Errors
    /// If a path is empty or contains `_`, a space, or an unclosed backtick.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        text.parse()
    }

    /// The mask of paths as text, in `camelCase` or `snake_case`.
    ///
    /// # Errors
    /// If a path is empty, or contains a `_` without a camelCase equivalent.
    pub fn from_paths<P: AsRef<str>>(
        paths: impl IntoIterator<Item = P>,
    ) -> Result<Self, ValueError> {
        let mut mask = Self::new();
        for path in paths {
            let path = camel_case(path.as_ref());
            check(&path)?;
            mask.add(&path);
        }
        Ok(mask)
    }

    /// Adds fields.
    #[must_use]
    pub fn and<Owner>(mut self, fields: impl Fields<Owner>) -> Self {
        fields.each(&mut |path| self.add(path));
        self
    }

    /// Returns the paths in wire format.
    #[must_use]
    pub fn paths(&self) -> &[String] {
        &self.0
    }

    /// Returns `true` if the mask is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns `true` if the mask contains a field or one of its parents.
    #[must_use]
    pub fn covers(&self, path: &str) -> bool {
        let inside = |outer: &str| {
            path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.0.iter().any(|outer| outer == "*" || inside(outer))
    }

    pub(crate) fn add(&mut self, path: &str) {
        let path = camel_case(path);
        if !self.0.contains(&path) {
            self.0.push(path);
        }
    }
}

/// Converts a path to wire format: `_x` becomes `X`, except between backticks.
fn camel_case(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut quoted = false;
    let mut characters = path.chars().peekable();
    while let Some(character) = characters.next() {
        quoted ^= character == '`';
        match characters.peek() {
            Some(next) if character == '_' && !quoted && next.is_ascii_lowercase() => {
                out.push(next.to_ascii_uppercase());
                characters.next();
            }
            _ => out.push(character),
        }
    }
    out
}

/// Checks a path in wire format.
fn check(path: &str) -> Result<(), ValueError> {
    let mut quoted = false;
    let mut empty = true;
    for character in path.chars() {
        quoted ^= character == '`';
        let bad = match character {
            '.' => empty && !quoted,
            '_' | ',' | ' ' => !quoted,
            _ => false,
        };
        if bad {
            return Err(invalid_path(path, &format!("has {character:?}")));
        }
        empty = character == '.' && !quoted;
    }
    if quoted {
        return Err(invalid_path(path, "has an open backtick"));
    }
    if empty { Err(invalid_path(path, "has an empty name")) } else { Ok(()) }
}

#[cold]
fn invalid_path(path: &str, why: &str) -> ValueError {
    ValueError::new(format!("expected a field path in camelCase, found {path:?}, which {why}"))
}

/// Splits paths at commas that are not quoted in backticks.
fn split(text: &str) -> Vec<&str> {
    let mut quoted = false;
    text.split(|character| {
        quoted ^= character == '`';
        character == ',' && !quoted
    })
    .collect()
}

impl FromStr for FieldMask {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        if text.is_empty() {
            return Ok(Self::new());
        }
        let mut paths = Vec::new();
        for path in split(text) {
            check(path)?;
            paths.push(path.to_owned());
        }
        Ok(Self(paths))
    }
}

/// Reads paths in `camelCase` or `snake_case`, joined by commas, with or without spaces. They are
/// checked when a call is sent.
impl From<&str> for FieldMask {
    fn from(text: &str) -> Self {
        let mut mask = Self::new();
        if !text.is_empty() {
            split(text).into_iter().for_each(|path| mask.add(path.trim()));
        }
        mask
    }
}

impl From<String> for FieldMask {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&FieldMask> for FieldMask {
    fn from(mask: &FieldMask) -> Self {
        mask.clone()
    }
}

impl<Owner, Target> From<Field<Owner, Target>> for FieldMask {
    fn from(field: Field<Owner, Target>) -> Self {
        Self::of(field)
    }
}

impl<Owner, Target> From<FieldPath<Owner, Target>> for FieldMask {
    fn from(path: FieldPath<Owner, Target>) -> Self {
        Self::of(path)
    }
}

impl<Owner, Target, const N: usize> From<[Field<Owner, Target>; N]> for FieldMask {
    fn from(fields: [Field<Owner, Target>; N]) -> Self {
        Self::of(fields)
    }
}

impl<Owner, Target, const N: usize> From<[FieldPath<Owner, Target>; N]> for FieldMask {
    fn from(paths: [FieldPath<Owner, Target>; N]) -> Self {
        Self::of(paths)
    }
}

impl fmt::Display for FieldMask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(","))
    }
}

impl Decode for FieldMask {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.parse_string("a field mask")
    }
}

impl Encode for FieldMask {
    fn encode(&self, w: &mut Writer) {
        if let Some(error) = self.0.iter().find_map(|path| check(path).err()) {
            w.refuse(error);
        }
        w.string(&self.0.join(","));
    }
}
