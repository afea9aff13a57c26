//! Page tokens, for the library and for command lines.

use crate::error::{Error, ErrorKind, Result};
use crate::json::{Json, Kind};
use crate::splice::set_member;

/// Returns the token of the next page from the member `name` of a response.
///
/// A missing member, `null`, and an empty string end the list. A number is used as text, since some
/// servers number their pages.
///
/// # Errors
///
/// [`ErrorKind::Decode`] if the value has another kind: ending the list would silently lose items.
pub fn next_token(name: &str, value: Option<&Json>) -> Result<Option<String>> {
    let Some(value) = value else { return Ok(None) };
    let kind = match value.kind() {
        Kind::Null => return Ok(None),
        Kind::Text => {
            let text = value.as_text().unwrap_or_default();
            return Ok(Some(text.into_owned()).filter(|text| !text.is_empty()));
        }
        Kind::Number => return Ok(Some(value.as_str().to_owned())),
        Kind::Boolean => "a boolean",
        Kind::List => "a list",
        Kind::Object => "an object",
    };
    let message = format!("`{name}` is {kind}, not a page token: the list cannot be followed");
    Err(Error::new(ErrorKind::Decode, message))
}

/// A response whose token is not a string.
pub(super) struct Normalized {
    /// The response with the token as a string, or without an invalid one.
    pub(super) body: String,
    pub(super) next: Result<Option<String>>,
}

/// Returns the response `body` if its member `name` is neither missing, null, nor a string.
pub(super) fn normalize(body: &[u8], name: &str) -> Option<Normalized> {
    // Usually this is the last page, which is not parsed again.
    let text = std::str::from_utf8(body).ok().filter(|text| text.contains(name))?;
    let value = Json::parse(text).ok()?.get(name)?;
    if matches!(value.kind(), Kind::Null | Kind::Text) {
        return None;
    }
    let next = next_token(name, Some(&value));
    let token = next.as_ref().ok().and_then(Option::as_deref).unwrap_or_default();
    Some(Normalized { body: set_member(text, name, token)?, next })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_tokens() {
        let read = |value: &str| next_token("t", Some(&Json::parse(value).unwrap()));
        for (value, token) in [
            ("null", None),
            ("\"\"", None),
            ("\"a\\u0062\"", Some("ab")),
            ("\" \"", Some(" ")),
            ("12", Some("12")),
            ("-0", Some("-0")),
            ("12345678901234567890123", Some("12345678901234567890123")),
        ] {
            assert_eq!(read(value).unwrap().as_deref(), token, "{value}");
        }
        assert_eq!(next_token("t", None).unwrap(), None);
        for (value, kind) in [("true", "a boolean"), ("[\"a\"]", "a list"), ("{}", "an object")] {
            let error = read(value).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode);
            assert!(error.to_string().contains(kind), "{error}");
        }
    }
}
