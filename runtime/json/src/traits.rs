//! What generated types implement.

use crate::error::DecodeError;
use crate::extra::Extra;
use crate::field::FieldPath;
use crate::reader::Reader;
use crate::writer::Writer;

/// A type that reads itself from JSON text.
pub trait Decode: Sized {
    /// Reads one value; the reader stands behind it afterwards.
    ///
    /// # Errors
    /// When the text is not JSON, or the value is not one of this type.
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// The value that `null` is, for a type that has one.
    #[doc(hidden)]
    #[inline]
    fn from_null() -> Option<Self> {
        None
    }
}

/// A type that writes itself as JSON text.
pub trait Encode {
    /// Writes exactly one value.
    fn encode(&self, w: &mut Writer);
}

impl<T: Encode + ?Sized> Encode for &T {
    #[inline]
    fn encode(&self, w: &mut Writer) {
        (**self).encode(w);
    }
}

/// Reads a model member by member: the one part of decoding that differs between models.
#[doc(hidden)]
pub trait Members {
    /// Reads the value of a member; that of one which the model does not declare goes to `extra`.
    fn member(
        &mut self,
        name: &str,
        extra: &mut Extra,
        r: &mut Reader<'_>,
    ) -> Result<(), DecodeError>;
}

/// A schema of a discovery document: a JSON object with declared members.
pub trait Model: Decode + Encode {
    /// The name of the schema.
    const NAME: &'static str;

    /// Reads a value from JSON text, strictly.
    ///
    /// # Errors
    /// When the text is not JSON, or a member is not of its type; the error names the path.
    fn from_json(text: &str) -> Result<Self, DecodeError> {
        crate::from_str(text)
    }

    /// Reads a value from JSON bytes, strictly.
    ///
    /// # Errors
    /// As [`Model::from_json`], and when the bytes are not UTF-8.
    fn from_slice(input: &[u8]) -> Result<Self, DecodeError> {
        crate::from_slice(input)
    }

    /// Writes the value as compact JSON text.
    fn to_json(&self) -> String
    where
        Self: Sized,
    {
        crate::to_string(self)
    }

    /// Reads a value from a tree of `serde_json`.
    ///
    /// # Errors
    /// As [`Model::from_json`].
    fn from_value(value: &serde_json::Value) -> Result<Self, DecodeError> {
        crate::from_str(&value.to_string())
    }

    /// The value as a tree of `serde_json`.
    ///
    /// # Errors
    /// When an unknown member or an `any` holds a number that `serde_json` cannot (`1e400`).
    fn to_value(&self) -> Result<serde_json::Value, serde_json::Error>
    where
        Self: Sized,
    {
        serde_json::from_str(&crate::to_string(self))
    }

    /// Sets a member to an explicit `null`: in the body of a PATCH this clears it, whereas an
    /// unset member is left as it is. Objects on the way are made where absent.
    ///
    /// Setting the member to a value later takes the null back.
    #[must_use]
    fn set_null<P: Into<FieldPath<Self>>>(self, field: P) -> Self {
        crate::api::set_null(&self, field.into().as_str()).unwrap_or(self)
    }

    /// Whether a member is an explicit `null` and would be sent as such.
    fn is_null<P: Into<FieldPath<Self>>>(&self, field: P) -> bool
    where
        Self: Sized,
    {
        crate::api::is_null(self, field.into().as_str())
    }
}

/// An enumeration whose values may grow: unknown text is kept.
pub trait OpenEnum: Sized {
    /// The wire texts that this revision of the API declares, in its order.
    const VALUES: &'static [&'static str];

    /// The wire text.
    fn as_str(&self) -> &str;

    /// The value of a wire text; never fails, unknown text is kept as it is.
    fn from_wire(text: &str) -> Self;
}
