//! Decoding and encoding of whole texts.

use crate::error::{DecodeError, ErrorKind, Problem, ValueError};
use crate::patch;
use crate::reader::{Reader, locate, members_around};
use crate::traits::{Decode, Encode};
use crate::writer::Writer;

/// Maximum number of values set aside per response. Each costs another pass.
const MAX_UNREAD: usize = 100;

/// Decodes a value from bytes, strictly.
///
/// # Errors
/// If the bytes are not UTF-8 or not JSON, continue after the value, or the value does not match
/// the type. The error names field path, line, and column.
pub fn from_slice<T: Decode>(input: &[u8]) -> Result<T, DecodeError> {
    from_str(utf8(input)?)
}

/// Decodes a value from text, strictly.
///
/// # Errors
/// As for [`from_slice`].
pub fn from_str<T: Decode>(text: &str) -> Result<T, DecodeError> {
    decode_all(&mut Reader::from_text(text)).map_err(|error| with_position(error, text))
}

fn decode_all<T: Decode>(r: &mut Reader<'_>) -> Result<T, DecodeError> {
    let value = T::decode(r)?;
    r.finish()?;
    Ok(value)
}

#[cold]
fn with_position(mut error: DecodeError, text: &str) -> DecodeError {
    error.set_position(locate(text, error.offset()));
    error
}

/// Decodes a value from a server's response.
///
/// A member whose value has the right kind but does not fit its type (out of range, malformed, a
/// list with a null) goes to [`crate::Extra`] under its own name, so that it is preserved and the
/// rest of the response can be read.
///
/// # Errors
/// If the text is not JSON, if a value has another kind than its type, such as an object instead of
/// a string, or if more than 100 values do not fit.
pub fn from_response<T: Decode>(input: &[u8]) -> Result<T, DecodeError> {
    let text = utf8(input)?;
    let mut unread = UnreadMembers::default();
    loop {
        match decode_all(&mut Reader::with_unread(text, &unread.members)) {
            Ok(value) => return Ok(value),
            Err(error) => unread.extend(text, error)?,
        }
    }
}

/// Member values that are left undecoded.
#[derive(Default)]
struct UnreadMembers {
    /// Offsets of the values, ascending.
    members: Vec<usize>,
    /// Offsets of all values set aside so far.
    tried: Vec<usize>,
}

impl UnreadMembers {
    /// Adds the member around an error, or returns the error if that is impossible.
    #[cold]
    fn extend(&mut self, text: &str, error: DecodeError) -> Result<(), DecodeError> {
        let usable = error.kind() == ErrorKind::Value && self.tried.len() < MAX_UNREAD;
        let mut around = members_around(text, error.offset()).into_iter();
        // A value that failed although set aside is an entry of a map, which has no `Extra`; the
        // enclosing member is next.
        let member = around.find(|at| {
            let tried = self.tried.contains(at);
            if tried {
                self.members.retain(|member| member != at);
            }
            !tried
        });
        match member {
            Some(at) if usable => {
                self.tried.push(at);
                self.members.push(at);
                self.members.sort_unstable();
                Ok(())
            }
            _ => Err(with_position(error, text)),
        }
    }
}

/// Encodes a value as compact JSON.
#[must_use]
pub fn to_string(value: &dyn Encode) -> String {
    let mut w = Writer::new();
    value.encode(&mut w);
    w.into_string()
}

/// Encodes a value as compact text, to be sent to a server.
///
/// # Errors
/// If it contains an invalid [`FieldMask`](crate::FieldMask), which can be made from any text.
pub fn to_request(value: &dyn Encode) -> Result<String, ValueError> {
    let mut w = Writer::new();
    value.encode(&mut w);
    w.finish()
}

fn utf8(input: &[u8]) -> Result<&str, DecodeError> {
    std::str::from_utf8(input).map_err(|found| {
        let error = DecodeError::new(Problem::Syntax("invalid UTF-8"), found.valid_up_to());
        with_position(error, &String::from_utf8_lossy(input))
    })
}

/// Returns the value with the member at a path set to `null`, by way of its text; `None` if it is
/// nested too deeply.
pub(crate) fn set_null<T: Decode + Encode>(value: &T, path: &str) -> Option<T> {
    from_str(&patch::with_null(&to_string(value), path)?).ok()
}

/// Returns `true` if the member is encoded as `null`.
pub(crate) fn is_null(value: &dyn Encode, path: &str) -> bool {
    let mut json = crate::Json::encode(value);
    let mut rest = Some(path);
    while let Some(path) = rest {
        let (name, below) = patch::split_first(path);
        match json.get(name) {
            Some(inner) => json = inner,
            None => return false,
        }
        rest = below;
    }
    json.is_null()
}
