//! Successful responses that report an error.
//!
//! A stream that started successfully can report a failure only within its array: an element
//! `{"error": …}` replaces the missing items. Some servers and proxies return an error with status
//! 200.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::request::Response;
use crate::error::{Error, ErrorKind, HttpFailure, Phase};
use crate::json::{DecodeError, Kind, Reader};
use crate::redact::Secrets;
use crate::spec::MethodSpec;
use crate::status::{BodyForm, parse_body};

/// Returns the error in a successful response, in an object or an array element. If the response
/// declares a field `error`, as operations do, it is data.
pub(super) fn failure_within(method: &MethodSpec, response: &Response) -> Option<Error> {
    if method.error_member && !method.service.data_wrapper {
        return None;
    }
    let text = std::str::from_utf8(&response.body).ok()?;
    // Most responses have no such member.
    if !text.contains("\"error\"") {
        return None;
    }
    let (before, element) = find(text).ok()??;
    Some(failure(response, before, element))
}

/// Returns the object with the error, and the number of items before it.
fn find(text: &str) -> Result<Option<(usize, &str)>, DecodeError> {
    let mut r = Reader::from_text(text);
    match text.trim_start().as_bytes().first() {
        Some(b'{') => Ok(within(&mut r, text)?.map(|object| (0, object))),
        Some(b'[') => {
            let mut list = r.array()?;
            let mut before = 0;
            while list.next(&mut r)? {
                if let Some(object) = within(&mut r, text)? {
                    return Ok(Some((before, object)));
                }
                before += 1;
            }
            Ok(None)
        }
        _ => Ok(None),
    }
}

/// Reads a value and returns it if it is an object whose member `error` reports a failure.
fn within<'a>(r: &mut Reader<'a>, text: &'a str) -> Result<Option<&'a str>, DecodeError> {
    if r.kind() != Some(Kind::Object) {
        r.read::<()>()?;
        return Ok(None);
    }
    let start = r.offset();
    let mut failed = false;
    let mut object = r.object()?;
    while let Some(name) = object.entry(r)? {
        let tells = matches!(r.kind(), Some(Kind::Object | Kind::Text));
        failed |= name == "error" && tells;
        r.read::<()>()?;
    }
    Ok(text.get(start..r.offset()).filter(|_| failed))
}

/// Returns `true` if a text is an object whose member `error` reports a failure.
pub(crate) fn reports_failure(text: &str) -> bool {
    text.contains("\"error\"")
        && within(&mut Reader::from_text(text), text).is_ok_and(|object| object.is_some())
}

#[cold]
fn failure(response: &Response, before: usize, object: &str) -> Error {
    let array = response.body.trim_ascii_start().starts_with(b"[");
    let form = if array { BodyForm::Array } else { BodyForm::Status };
    // The whole body, since it contains the items before the error.
    let body = Bytes::clone(&response.body);
    failure_of((response.status, response.headers.clone(), body, form), before as u64, object)
}

/// Describes the error in `object`, after `before` items of a response.
#[cold]
pub(crate) fn failure_of(
    (status, headers, body, form): (StatusCode, HeaderMap, Bytes, BodyForm),
    before: u64,
    object: &str,
) -> Error {
    // Quoted secrets are hidden where the secrets of the request are known.
    let parsed = parse_body(object, &Secrets::default());
    let said = parsed.status.as_ref().map(|status| status.message.clone());
    let mut message = said.filter(|message| !message.is_empty()).unwrap_or_else(|| {
        "the server answered with success, and with an error that gives no reason".to_owned()
    });
    message.push_str(&after(before));
    let http = HttpFailure { status, headers, body, truncated: false, form };
    let mut error = Error::new(ErrorKind::Service, message).with_phase(Phase::Body).with_http(http);
    error.inner_mut().status = parsed.status;
    error
}

/// Says how many items came before an error.
pub(crate) fn after(items: u64) -> String {
    match items {
        0 => String::new(),
        1 => " (after one item)".to_owned(),
        n => format!(" (after {n} items)"),
    }
}
