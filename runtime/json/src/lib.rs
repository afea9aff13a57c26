//! JSON of clients that are generated from Google discovery documents: exact, lossless, small to
//! compile and fast.
//!
//! Generated models read themselves from a [`Reader`] and write themselves to a [`Writer`]. Both
//! are concrete types, so the code of a model is compiled once, in the crate that holds it.
//! What a model does not know it keeps: see [`Extra`] and [`Json`].
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
//! What was read is written as it was: offset and digits of a time, digits of a duration, alphabet
//! and padding of bytes, order of a mask, all text of [`Json`]. A number is written as the same
//! number, which may be another text: `1.0` as `1`, an `int64` that came as a number as a string.
//!
//! Two ways to decode exist. [`from_slice`] is strict: it refuses all that the protobuf JSON
//! mapping refuses, except `null` in a [`Map`], which the map keeps. [`from_response`] is for answers of servers: a value of the right kind that
//! does not fit its type, such as a timestamp in the year 0, does not make the rest of the answer
//! unreadable; it stays in the [`Extra`] of the object around it, under its own name.
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
mod scan;
#[cfg(feature = "serde")]
pub mod serde;
mod traits;
mod values;
mod writer;

pub use api::{from_response, from_slice, from_str, to_string};
pub use debug::debug;
pub use error::{DecodeError, ErrorKind, ValueError};
pub use extra::Extra;
pub use field::{Field, FieldPath, Fields};
pub use macros::tagged;
pub use reader::{Array, Kind, Object, Reader};
pub use traits::{Decode, Encode, Members, Model, OpenEnum};
pub use values::bytes::Bytes;
pub use values::date::Date;
pub use values::date_time::DateTime;
pub use values::duration::Duration;
pub use values::json::Json;
pub use values::map::Map;
pub use values::mask::FieldMask;
pub use values::number::Number;
pub use values::timestamp::Timestamp;
pub use writer::{Start, Writer};
