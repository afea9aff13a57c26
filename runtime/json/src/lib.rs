//! JSON for clients generated from Google discovery documents: exact, lossless, fast, and quick to
//! compile.
//!
//! Generated models read from a [`Reader`] and write to a [`Writer`]. Both are concrete types, so
//! the code of a model is compiled once, in its own crate. Unknown content is preserved; see
//! [`Extra`] and [`Json`].
//!
//! | wire form (discovery `type`, `format`) | Rust |
//! |---|---|
//! | `integer` `int32`, `uint32` | `i32`, `u32` |
//! | `string` `int64`, `uint64` | `i64`, `u64` |
//! | `number` `float`, `double` | `f32`, `f64` |
//! | `string` `byte` | [`Bytes`] |
//! | `string` `google-datetime` | [`Timestamp`] |
//! | `string` `date-time` | [`DateTime`] |
//! | `string` `date` | [`Date`] |
//! | `string` `google-duration` | [`Duration`] |
//! | `string` `google-fieldmask` | [`FieldMask`] |
//! | `any` | [`Json`] |
//! | `object` with `additionalProperties` | [`Map`] |
//!
//! Values keep the notation they were read in: offset and digits of a time, digits of a duration,
//! alphabet and padding of bytes, order of a mask, and the text of [`Json`]. Numbers keep their
//! value, but not their notation: `1.0` becomes `1`, and an `int64` received as a number becomes a
//! string.
//!
//! There are two ways to decode. [`from_slice`] is strict and rejects all that the protobuf JSON
//! mapping rejects, except `null` in a [`Map`], which is preserved. [`from_response`] is for
//! responses of servers: a value that does not fit its type, such as a timestamp in the year 0 or a
//! string instead of a boolean, goes to the [`Extra`] of the enclosing model under its own name, and
//! the rest of the response stays readable. [`Model::misfits`] finds such values.
#![deny(missing_docs)]

mod api;
mod debug;
mod error;
mod extra;
mod field;
mod impls;
mod macros;
pub mod patch;
mod reader;
mod scalar;
mod scan;
#[cfg(feature = "serde")]
pub mod serde;
mod traits;
mod values;
mod writer;

pub use api::{from_response, from_slice, from_str, read_response, to_request, to_string};
pub use debug::debug;
pub use error::{DecodeError, ErrorKind, ValueError};
pub use extra::Extra;
pub use field::{Field, FieldPath, Fields};
pub use macros::tagged;
pub use reader::{Array, Kind, Misfits, Object, Reader};
pub use scalar::{Form, Parsed, Scalar, ScalarInfo};
pub use traits::{Decode, Encode, IntoValue, Members, Model, OpenEnum};
pub use values::bytes::Bytes;
pub use values::date::Date;
pub use values::date_time::DateTime;
pub use values::duration::Duration;
pub use values::json::Json;
pub use values::map::{Map, MapEntry};
pub use values::mask::FieldMask;
pub use values::number::Number;
pub use values::timestamp::Timestamp;
pub use writer::{Start, Writer};
