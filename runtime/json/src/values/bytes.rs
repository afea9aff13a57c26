//! Bytes as base64 text.

use super::base64::{self, Encoding};
use crate::error::{DecodeError, ValueError};
use crate::reader::Reader;
use crate::traits::{Decode, Encode};
use crate::writer::Writer;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::str::FromStr;

/// Bytes of a `format: byte` field.
///
/// Decodes base64 of either alphabet (RFC 4648), with or without padding, since servers use all
/// four notations, and encodes decoded bytes in their original notation. Other bytes use the
/// URL-safe alphabet with padding, which all servers accept. `Display` prints this text. The
/// notation does not affect equality.
#[derive(Clone, Default)]
pub struct Bytes {
    bytes: Box<[u8]>,
    encoding: Encoding,
}

impl Bytes {
    /// Converts into a vector.
    #[must_use]
    pub fn into_vec(self) -> Vec<u8> {
        self.bytes.into()
    }

    /// Encodes in the standard alphabet with padding, as most servers do.
    pub(crate) fn to_standard(&self) -> String {
        base64::encode(&self.bytes, Encoding::STANDARD)
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl PartialEq for Bytes {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Bytes {}

impl PartialOrd for Bytes {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Bytes {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bytes.cmp(&other.bytes)
    }
}

impl Hash for Bytes {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.into(), encoding: Encoding::default() }
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        Self { bytes: bytes.into(), encoding: Encoding::default() }
    }
}

impl<const N: usize> From<&[u8; N]> for Bytes {
    fn from(bytes: &[u8; N]) -> Self {
        bytes.as_slice().into()
    }
}

impl<const N: usize> From<[u8; N]> for Bytes {
    fn from(bytes: [u8; N]) -> Self {
        bytes.as_slice().into()
    }
}

impl From<Bytes> for Vec<u8> {
    fn from(bytes: Bytes) -> Self {
        bytes.into_vec()
    }
}

impl FromIterator<u8> for Bytes {
    fn from_iter<I: IntoIterator<Item = u8>>(bytes: I) -> Self {
        bytes.into_iter().collect::<Vec<u8>>().into()
    }
}

impl FromStr for Bytes {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        match base64::decode(text) {
            Ok((bytes, encoding)) => Ok(Self { bytes: bytes.into(), encoding }),
            Err(at) => Err(ValueError::new(format!("invalid base64 at character {at}"))),
        }
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64::encode(&self.bytes, self.encoding))
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({self})")
    }
}

impl Decode for Bytes {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.parse_string("base64 text")
    }
}

impl Encode for Bytes {
    fn encode(&self, w: &mut Writer) {
        w.display(self);
    }
}
