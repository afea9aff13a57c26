//! Decoding of successful responses.

use bytes::Bytes;
use http::header::CONTENT_ENCODING;

use super::answer::undecodable;
use super::failed::failure_within;
use super::messages;
use super::request::Response;
use crate::error::{Error, Result};
use crate::json::{self, DecodeError, Misfits};
use crate::reply::Reply;
use crate::spec::{BodyKind, MethodSpec, Verb};
use crate::status::{BodyForm, html_title, is_html};
use crate::{trace, wrapper};

/// Decodes a response of `method`. Values that do not fit their types are set aside, or, if
/// `strict`, an error.
pub(crate) fn decode<T: Reply>(
    method: &'static MethodSpec,
    response: &Response,
    strict: bool,
) -> Result<T> {
    decode_part(method, response, strict).map(|(value, _)| value)
}

/// Decodes a response as [`decode`] does, and returns which values were set aside.
pub(crate) fn decode_part<T: Reply>(
    method: &'static MethodSpec,
    response: &Response,
    strict: bool,
) -> Result<(T, Misfits)> {
    let body = unchecked_payload(method, response)?;
    let read = T::read(&body, response.content_type());
    let errorless = read.as_ref().is_ok_and(|(_, misfits)| misfits.errorless());
    // Most responses are models, whose decoding shows that there is no error.
    if !errorless {
        check_plain(method, response)?;
    }
    match read {
        Ok((value, misfits)) => {
            check_misfits(method, &misfits, strict).map_err(|message| misfit(response, message))?;
            Ok((value, misfits))
        }
        Err(error) => Err(failed(method, response, &body, error)),
    }
}

/// Logs values that were set aside.
///
/// # Errors
///
/// If `strict` and there are any; the message names the first.
pub(crate) fn check_misfits(
    method: &MethodSpec,
    misfits: &Misfits,
    strict: bool,
) -> std::result::Result<(), String> {
    let Some(first) = misfits.first() else { return Ok(()) };
    if !strict {
        trace::set_aside(method, misfits.len(), first.pointer());
        return Ok(());
    }
    let more = match misfits.len() {
        1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    let (pointer, reason) = (first.pointer(), first.reason());
    Err(format!("the value at {pointer} does not fit its type: {reason}{more}"))
}

/// Creates the error of a value that does not fit its type.
#[cold]
pub(crate) fn misfit(response: &Response, message: String) -> Error {
    fail(response, message, BodyForm::Json)
}

#[cold]
fn failed(method: &MethodSpec, response: &Response, body: &Bytes, error: DecodeError) -> Error {
    let listed = error.kind() == json::ErrorKind::WrongKind && error.path().is_empty();
    let list = listed && !method.streams && body.trim_ascii_start().starts_with(b"[");
    if list { unexpected_list(response, error) } else { explain(response, body, error) }
}

/// Describes a list where the method returns an object: the answer of a streaming method.
#[cold]
fn unexpected_list(response: &Response, error: DecodeError) -> Error {
    let message = format!(
        "the answer cannot be decoded: {error}; methods that stream answer with a list of \
         messages: read it with `Call::from(call).stream()`, and add the method to `streams` in \
         the overlay of its document to get `.stream()`"
    );
    fail(response, message, BodyForm::Json).with_source(error)
}

/// Checks a successful response that is returned undecoded: that it is JSON if the method returns
/// JSON or nothing, is there if the method returns JSON, and reports no error.
pub(crate) fn check(method: &'static MethodSpec, response: &Response) -> Result<()> {
    if response.body.trim_ascii().is_empty() {
        let expected = method.response == BodyKind::Json && !method.streams;
        let lost = expected && !is_bodiless(method, response);
        return if lost { Err(no_body(response)) } else { Ok(()) };
    }
    if method.response == BodyKind::Raw {
        return Ok(());
    }
    if method.streams {
        return items(method, response).map(drop);
    }
    is_json(response)?;
    failure_within(method, response).map_or(Ok(()), Err)
}

/// Returns the bytes of the value.
pub(crate) fn payload(method: &'static MethodSpec, response: &Response) -> Result<Bytes> {
    check_plain(method, response)?;
    unchecked_payload(method, response)
}

/// Checks that a plain response reports no error.
fn check_plain(method: &MethodSpec, response: &Response) -> Result<()> {
    let failure = is_plain(method, response).then(|| failure_within(method, response));
    failure.flatten().map_or(Ok(()), Err)
}

/// Returns `true` if the body is the value, as sent by the service.
fn is_plain(method: &MethodSpec, response: &Response) -> bool {
    method.response == BodyKind::Json
        && !method.streams
        && !method.service.data_wrapper
        && !response.body.trim_ascii().is_empty()
}

/// Returns the bytes of the value; those of a plain response may report an error.
fn unchecked_payload(method: &'static MethodSpec, response: &Response) -> Result<Bytes> {
    let body = &response.body;
    match method.response {
        BodyKind::Raw => Ok(body.clone()),
        // 364 methods have no response type, so any content of the service is ignored. But a page
        // or text does not come from the service.
        BodyKind::None => check(method, response).map(|()| Bytes::from_static(b"null")),
        BodyKind::Json if method.streams => items(method, response),
        BodyKind::Json if is_plain(method, response) => Ok(body.clone()),
        BodyKind::Json if !body.trim_ascii().is_empty() => {
            failure_within(method, response).map_or_else(|| unwrap_data(response), Err)
        }
        BodyKind::Json if is_bodiless(method, response) => Ok(Bytes::from_static(b"{}")),
        BodyKind::Json => Err(no_body(response)),
    }
}

/// Returns the messages of a streaming method as an array, however the server wrote them.
fn items(method: &'static MethodSpec, response: &Response) -> Result<Bytes> {
    let array = messages::whole(method, response.status, &response.headers, &response.body)?;
    failure_within(method, response).map_or(Ok(array), Err)
}

fn is_bodiless(method: &MethodSpec, response: &Response) -> bool {
    method.verb == Verb::Head || matches!(response.status.as_u16(), 204 | 205 | 304)
}

/// Returns whether the body is JSON, regardless of its content type.
fn is_json(response: &Response) -> Result<()> {
    let body = &response.body;
    json::from_slice::<()>(body).map_err(|error| explain(response, body, error))
}

/// Returns the value of `data` in `{"data": …}`.
fn unwrap_data(response: &Response) -> Result<Bytes> {
    let body = &response.body;
    match wrapper::unwrap(body).map_err(|error| explain(response, body, error))? {
        Some(data) => Ok(Bytes::from(data.as_str().to_owned())),
        None => Err(fail(response, "the answer has no member `data`", BodyForm::Json)),
    }
}

#[cold]
fn no_body(response: &Response) -> Error {
    fail(response, "the answer has no body", BodyForm::Empty)
}

#[cold]
fn explain(response: &Response, body: &Bytes, error: DecodeError) -> Error {
    let syntax = error.kind() == json::ErrorKind::Syntax;
    let start = String::from_utf8_lossy(response.body.get(..4096).unwrap_or(&response.body));
    if syntax && is_html(&start) {
        let message = match html_title(&start) {
            Some(title) => format!("the answer is an HTML page, not JSON: {title}"),
            None => "the answer is an HTML page, not JSON".to_owned(),
        };
        return fail(response, message, BodyForm::Html).with_source(error);
    }
    let coding = response.headers.get(CONTENT_ENCODING).filter(|coding| *coding != "identity");
    if let Some(coding) = coding.filter(|_| syntax) {
        let message = format!("the answer has the content coding {coding:?}, which is not decoded");
        return fail(response, message, BodyForm::Text).with_source(error);
    }
    if syntax && error.offset() >= body.trim_ascii_end().len() {
        let message = format!("the answer breaks off after {} bytes", response.body.len());
        return fail(response, message, BodyForm::Truncated).with_source(error);
    }
    let form = if syntax { BodyForm::Text } else { BodyForm::Json };
    fail(response, format!("the answer cannot be decoded: {error}"), form).with_source(error)
}

fn fail(response: &Response, message: impl Into<String>, form: BodyForm) -> Error {
    undecodable(message.into(), form, response.status, &response.headers, &response.body)
}
