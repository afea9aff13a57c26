//! Arbitrary JSON values.

use super::json_eq;
use crate::error::DecodeError;
use crate::reader::{Kind, Reader, compact};
use crate::traits::{Decode, Encode};
use crate::writer::{Writer, quote};
use ::serde::Serialize;
use ::serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// Any JSON value: a field of type `any`, the details of an error, the metadata of an operation.
///
/// The value is stored as valid text without whitespace between tokens, so it is written exactly as
/// it was read. Inspect it with [`Json::get`] and [`Json::items`], or convert it with
/// [`Json::decode`] (to a generated model) or [`Json::deserialize`] (to any type of serde).
///
/// Equality is by value: member order, escapes, and the notation of numbers (`1.0`, `1`) do not
/// matter. The default is `null`.
#[derive(Clone)]
pub struct Json(Cow<'static, str>);

impl Json {
    /// `null`.
    pub const NULL: Self = Self(Cow::Borrowed("null"));

    /// Parses JSON text.
    ///
    /// # Errors
    /// If the text is not JSON (RFC 8259) or is nested more than 127 levels deep.
    pub fn parse(text: &str) -> Result<Self, DecodeError> {
        crate::from_str(text)
    }

    /// Creates a value from anything that implements serde's `Serialize`.
    ///
    /// # Errors
    /// If serialization fails, for example of a map whose keys are not strings.
    pub fn from_serialize<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        serde_json::to_string(value).map(|text| Self(Cow::Owned(compact(&text))))
    }

    /// Creates a value from a generated model, or anything else that implements [`Encode`].
    #[must_use]
    pub fn encode(value: &dyn Encode) -> Self {
        Self(Cow::Owned(crate::to_string(value)))
    }

    /// Wraps text that is known to be valid and compact.
    pub(crate) fn from_valid(text: Box<str>) -> Self {
        Self(Cow::Owned(text.into_string()))
    }

    pub(crate) fn into_text(self) -> Box<str> {
        self.0.into_owned().into_boxed_str()
    }

    /// Returns the JSON text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the JSON text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0.into_owned()
    }

    /// Converts into a generated model.
    ///
    /// # Errors
    /// If the value does not match the type.
    pub fn decode<T: Decode>(&self) -> Result<T, DecodeError> {
        crate::from_str(&self.0)
    }

    /// Converts into a type that implements serde's `Deserialize`.
    ///
    /// # Errors
    /// If the value does not match the type.
    pub fn deserialize<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.0)
    }

    /// Converts into a `serde_json` value.
    ///
    /// # Errors
    /// If a number is beyond the range of `serde_json` (`1e400`).
    pub fn to_value(&self) -> Result<serde_json::Value, serde_json::Error> {
        self.deserialize()
    }

    /// Returns the kind of the value.
    #[must_use]
    pub fn kind(&self) -> Kind {
        Reader::from_text(&self.0).kind().unwrap_or(Kind::Null)
    }

    /// Returns `true` if the value is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.0 == "null"
    }

    /// Returns the value of a boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        self.decode().ok()
    }

    /// Returns the value of an integer, given as a number or as a string, the wire format of 64-bit
    /// integers.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.decode().ok()
    }

    /// Returns the value of a number, possibly given as a string.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        self.decode().ok()
    }

    /// Returns the content of a string, borrowed unless it has escapes.
    #[must_use]
    pub fn as_text(&self) -> Option<Cow<'_, str>> {
        Reader::from_text(&self.0).string().ok()
    }

    /// Returns a member of an object; of several with the same name, the last.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Self> {
        self.members().filter(|(key, _)| key == name).last().map(|(_, value)| value)
    }

    /// Returns the `@type` of a `google.protobuf.Any`, such as
    /// `type.googleapis.com/google.rpc.ErrorInfo`.
    #[must_use]
    pub fn type_url(&self) -> Option<String> {
        self.get("@type")?.as_text().map(Cow::into_owned)
    }

    /// Iterates over the members of an object, in document order; empty for other values.
    pub fn members(&self) -> impl Iterator<Item = (Cow<'_, str>, Self)> {
        let mut r = Reader::from_text(&self.0);
        let mut object = r.object().ok();
        std::iter::from_fn(move || {
            let key = object.as_mut()?.entry(&mut r).ok()??;
            Some((key, r.read().ok()?))
        })
    }

    /// Iterates over the items of a list; empty for other values.
    pub fn items(&self) -> impl Iterator<Item = Self> {
        let mut r = Reader::from_text(&self.0);
        let mut list = r.array().ok();
        std::iter::from_fn(
            move || {
                if list.as_mut()?.next(&mut r).ok()? { r.read().ok() } else { None }
            },
        )
    }
}

impl Default for Json {
    fn default() -> Self {
        Self::NULL
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || json_eq::same(&self.0, &other.0)
    }
}

/// Compares by value, regardless of notation.
impl Eq for Json {}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Json {
    type Err = DecodeError;

    fn from_str(text: &str) -> Result<Self, DecodeError> {
        Self::parse(text)
    }
}

impl From<serde_json::Value> for Json {
    fn from(value: serde_json::Value) -> Self {
        Self::from(&value)
    }
}

impl From<&serde_json::Value> for Json {
    fn from(value: &serde_json::Value) -> Self {
        Self(Cow::Owned(value.to_string()))
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        let mut out = String::with_capacity(text.len() + 2);
        quote(&mut out, text);
        Self(Cow::Owned(out))
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self(Cow::Borrowed(if value { "true" } else { "false" }))
    }
}

/// Creates a JSON number, unlike fields of type `int64`, which are strings on the wire.
impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Self(Cow::Owned(value.to_string()))
    }
}

impl From<i32> for Json {
    fn from(value: i32) -> Self {
        Self::from(i64::from(value))
    }
}

impl From<u32> for Json {
    fn from(value: u32) -> Self {
        Self::from(i64::from(value))
    }
}

/// Creates a JSON number, unlike fields of type `uint64`, which are strings on the wire.
impl From<u64> for Json {
    fn from(value: u64) -> Self {
        Self(Cow::Owned(value.to_string()))
    }
}

/// Creates a string if the value is not finite, since JSON has no such numbers.
impl From<f64> for Json {
    fn from(value: f64) -> Self {
        Self::encode(&value)
    }
}

impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::NULL, Into::into)
    }
}

impl<T: Into<Json>> FromIterator<T> for Json {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut w = Writer::new();
        w.open_list();
        for item in items {
            w.item();
            w.verbatim(item.into().as_str());
        }
        w.close_list();
        Self(Cow::Owned(w.into_string()))
    }
}

impl<K: AsRef<str>, V: Into<Json>> FromIterator<(K, V)> for Json {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        let mut w = Writer::new();
        w.open_map();
        for (key, value) in members {
            w.key(key.as_ref());
            w.verbatim(value.into().as_str());
        }
        w.close_map();
        Self(Cow::Owned(w.into_string()))
    }
}

impl Decode for Json {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.raw().map(|text| Self(Cow::Owned(text.into_owned())))
    }

    #[inline]
    fn from_null() -> Option<Self> {
        Some(Self::NULL)
    }
}

impl Encode for Json {
    fn encode(&self, w: &mut Writer) {
        w.verbatim(&self.0);
    }
}
