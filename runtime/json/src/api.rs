//! Decoding and encoding of whole texts.

use crate::error::{DecodeError, Problem, ValueError};
use crate::patch;
use crate::reader::{Asides, Keep, Misfits, Reader, locate, locate_all};
use crate::traits::{Decode, Encode};
use crate::writer::Writer;

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
/// A member of a model whose value does not fit its type (another JSON kind, out of range,
/// malformed, a list or map with such an entry) is set aside: it goes to the model's
/// [`Extra`](crate::Extra) under its own name, unchanged, and is encoded with the model. The rest of
/// the response is read. [`read_response`] tells whether there were such values.
///
/// # Errors
/// If the text is not JSON, or the outermost value has another kind than its type.
pub fn from_response<T: Decode>(input: &[u8]) -> Result<T, DecodeError> {
    read_response(input).map(|(value, _)| value)
}

/// Decodes a value from a server's response, as [`from_response`], and returns which values do not
/// fit their types.
///
/// # Errors
/// As for [`from_response`].
pub fn read_response<T: Decode>(input: &[u8]) -> Result<(T, Misfits), DecodeError> {
    let text = utf8(input)?;
    let mut value = None;
    let asides = read_leniently(text, Keep::First, &mut |r| {
        value = None;
        r.set(&mut value)
    })?;
    let misfits = Misfits::new(text, asides);
    value.map(|value| (value, misfits)).ok_or_else(|| Reader::from_text(text).syntax("no value"))
}

/// Decodes text with `read`, again if the first pass has to be completed.
fn read_leniently(
    text: &str,
    keep: Keep,
    read: &mut dyn FnMut(&mut Reader<'_>) -> Result<(), DecodeError>,
) -> Result<Asides, DecodeError> {
    let mut pass = |asides| {
        let mut r = Reader::lenient(text, asides);
        let result = read(&mut r).and_then(|()| r.finish());
        (result, r.into_asides())
    };
    let (mut result, mut asides) = pass(Asides::new(keep));
    if let Some(second) = asides.second_pass() {
        // The first pass skipped values without validating them.
        from_str::<()>(text)?;
        (result, asides) = pass(second);
    }
    result.map(|()| asides).map_err(|error| with_position(error, text))
}

/// Returns the errors of all values that do not fit their types.
pub(crate) fn misfits<T: Decode>(text: &str) -> Vec<DecodeError> {
    let mut value: Option<T> = None;
    let asides = read_leniently(text, Keep::All, &mut |r| r.set(&mut value));
    match asides {
        Ok(asides) => {
            let (mut errors, _) = asides.into_parts();
            locate_all(text, &mut errors);
            errors
        }
        Err(error) => vec![error],
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
    // The value may contain members that were set aside.
    from_response(patch::with_null(&to_string(value), path)?.as_bytes()).ok()
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
