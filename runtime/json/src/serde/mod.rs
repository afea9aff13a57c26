//! Support for serde, by way of JSON text.
//!
//! Generated models call [`serialize`] and [`deserialize`] from short `impl`s, so their crates
//! compile no generic code for serde. Self-describing formats work (JSON, YAML, TOML, MessagePack,
//! CBOR); others do not.

mod read;
mod values;
mod write;

use crate::traits::{Decode, Encode};
use crate::writer::Writer;
use ::serde::de::{DeserializeSeed as _, Error as _};
use ::serde::ser::Error as _;
use ::serde::{Deserializer, Serializer};

#[doc(hidden)]
pub use ::serde as reexport;

/// Serializes a value.
///
/// # Errors
/// If the serializer fails, a number is beyond its range (`1e400`), or a field mask is invalid.
pub fn serialize<S: Serializer>(value: &dyn Encode, serializer: S) -> Result<S::Ok, S::Error> {
    write::serialize(&crate::to_request(value).map_err(S::Error::custom)?, serializer)
}

/// Deserializes a value.
///
/// # Errors
/// If the deserializer fails, or its content does not match the type; the message names the field
/// path.
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut w = Writer::new();
    read::Text(&mut w).deserialize(deserializer)?;
    crate::from_str(w.as_str()).map_err(|error| D::Error::custom(error.without_position()))
}
