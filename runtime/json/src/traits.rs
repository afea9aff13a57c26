//! Traits of generated types.

use crate::error::{DecodeError, ValueError};
use crate::extra::Extra;
use crate::field::FieldPath;
use crate::reader::Reader;
use crate::writer::Writer;

/// A type that can be decoded from JSON.
pub trait Decode: Sized {
    /// Reads one value and advances the reader past it.
    ///
    /// # Errors
    /// If the text is not JSON, or the value does not match the type.
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// Returns the value of `null`, if the type has one.
    #[doc(hidden)]
    #[inline]
    fn from_null() -> Option<Self> {
        None
    }
}

/// A type that can be encoded as JSON.
pub trait Encode {
    /// Writes one value.
    fn encode(&self, w: &mut Writer);
}

impl<T: Encode + ?Sized> Encode for &T {
    #[inline]
    fn encode(&self, w: &mut Writer) {
        (**self).encode(w);
    }
}

/// Reading of models by member: the only part of decoding that differs between models.
#[doc(hidden)]
pub trait Members {
    /// Reads the value of a member, into `extra` if the model does not declare it.
    fn member(
        &mut self,
        name: &str,
        extra: &mut Extra,
        r: &mut Reader<'_>,
    ) -> Result<(), DecodeError>;
}

/// A model: a schema of a discovery document that is an object with declared fields.
pub trait Model: Decode + Encode {
    /// Name of the schema.
    const SCHEMA_NAME: &'static str;

    /// Decodes JSON text, strictly.
    ///
    /// # Errors
    /// If the text is not JSON, or a field does not match its type; the error names the path.
    fn from_json(text: &str) -> Result<Self, DecodeError> {
        crate::from_str(text)
    }

    /// Decodes JSON bytes, strictly.
    ///
    /// # Errors
    /// As for [`Model::from_json`], and if the bytes are not UTF-8.
    fn from_slice(input: &[u8]) -> Result<Self, DecodeError> {
        crate::from_slice(input)
    }

    /// Encodes the value as compact JSON.
    fn to_json(&self) -> String
    where
        Self: Sized,
    {
        crate::to_string(self)
    }

    /// Converts from a `serde_json` value.
    ///
    /// # Errors
    /// As for [`Model::from_json`].
    fn from_value(value: &serde_json::Value) -> Result<Self, DecodeError> {
        crate::from_str(&value.to_string())
    }

    /// Converts into a `serde_json` value.
    ///
    /// # Errors
    /// If an unknown field or a value of type `any` has a number beyond the range of `serde_json`
    /// (`1e400`).
    fn to_value(&self) -> Result<serde_json::Value, serde_json::Error>
    where
        Self: Sized,
    {
        serde_json::from_str(&crate::to_string(self))
    }

    /// Returns the errors of values that do not fit their types, here and in nested models.
    ///
    /// Values read from a response are set aside in [`Extra`](crate::Extra) if they do not fit: the
    /// field is then unset, although the server sent a value. Each error has the JSON pointer of the
    /// value and the expected type. The model is encoded to find them.
    ///
    /// ```
    /// use discovery_json::{self as json, Model as _};
    /// # #[derive(Clone, PartialEq)]
    /// # pub struct Company { pub suspended: Option<bool>, pub extra: json::Extra }
    /// # json::model! { Company = "Company"; "suspended" => suspended as SUSPENDED; }
    ///
    /// let company: Company = json::from_response(br#"{"suspended": "no"}"#)?;
    /// assert_eq!(company.suspended, None);
    /// let misfits = company.misfits();
    /// assert_eq!(misfits[0].pointer(), "/suspended");
    /// assert_eq!(misfits[0].reason(), "expected a boolean, found a string");
    /// assert_eq!(company.to_json(), r#"{"suspended":"no"}"#);
    /// # Ok::<(), json::DecodeError>(())
    /// ```
    #[must_use]
    fn misfits(&self) -> Vec<DecodeError>
    where
        Self: Sized,
    {
        crate::api::misfits::<Self>(&crate::to_string(self))
    }

    /// Sets a field to an explicit `null`. In the body of a PATCH, `null` clears the field, whereas
    /// an unset field stays as it is. Missing objects on the path are created.
    ///
    /// Setting the field to a value replaces the null.
    #[must_use]
    fn set_null<P: Into<FieldPath<Self>>>(self, field: P) -> Self {
        crate::api::set_null(&self, field.into().as_str()).unwrap_or(self)
    }

    /// Returns `true` if a field is an explicit `null`.
    fn is_null<P: Into<FieldPath<Self>>>(&self, field: P) -> bool
    where
        Self: Sized,
    {
        crate::api::is_null(self, field.into().as_str())
    }
}

/// An enum whose values may grow: unknown text is preserved.
pub trait OpenEnum: Sized {
    /// Declared values in wire format, in document order.
    const VALUES: &'static [&'static str];

    /// Returns the wire text.
    fn as_str(&self) -> &str;

    /// Returns the value of a wire text; unknown text is preserved.
    fn from_wire(text: &str) -> Self;
}

/// A value for a parameter of type `T`: a `T`, a value that converts to `T`, or its text.
///
/// Setters of calls accept it. It is implemented for everything that implements `TryInto<T>` with
/// an error that converts to [`ValueError`]: times of other libraries (with a feature), a
/// [`Field`](crate::Field) for a mask, and text for both. A call with an invalid value fails before
/// anything is sent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value for a parameter of type `{T}`",
    note = "pass text as it is, without `.parse()?`",
    note = "types of chrono, jiff and time convert with the features `chrono-0_4`, `jiff-0_2` and `time-0_3`"
)]
pub trait IntoValue<T> {
    /// Converts the value.
    ///
    /// # Errors
    /// If the value has no equivalent in `T`.
    fn into_value(self) -> Result<T, ValueError>;
}

impl<T, V: TryInto<T, Error: Into<ValueError>>> IntoValue<T> for V {
    fn into_value(self) -> Result<T, ValueError> {
        self.try_into().map_err(Into::into)
    }
}
