//! Error responses and compressed responses.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{HeaderMap, HeaderName, HeaderValue};

use super::attempt::Head;
use super::redirect;
use super::request::ContentCoding;
use crate::clock::{Clock, timeout_at};
use crate::error::{Error, ErrorKind, HttpFailure, Phase};
use crate::redact::Secrets;
use crate::retry::server_delay;
use crate::status::{BodyForm, parse_body};
use crate::transport::ResponseBody;

/// Maximum time for reading an error body.
const ERROR_BODY_TIMEOUT: Duration = Duration::from_secs(5);

/// Builds the error of an unsuccessful response. Services quote rejected values: `secrets` are
/// those of the request.
pub(crate) async fn refused(
    head: Head,
    clock: &dyn Clock,
    limit: Option<Duration>,
    secrets: &Secrets,
) -> Error {
    let (parts, body) = head.into_parts();
    let patience = clock.now().saturating_add(ERROR_BODY_TIMEOUT);
    let until = limit.map_or(patience, |limit| limit.min(patience));
    let mut read = BytesMut::new();
    let whole = timeout_at(clock, Some(until), read_some(body, &mut read)).await.unwrap_or(false);
    let body = read.freeze();
    let mut http = HttpFailure {
        status: parts.status,
        headers: parts.headers,
        truncated: !whole,
        form: BodyForm::Empty,
        body,
    };
    let now = clock.unix();
    service_error(&mut http, now, secrets).with_http(http)
}

/// Reads an error body up to the limit; returns `true` if it was complete.
async fn read_some(mut body: ResponseBody, read: &mut BytesMut) -> bool {
    while let Some(chunk) = body.next().await {
        let Ok(chunk) = chunk else { return false };
        let room = HttpFailure::BODY_LIMIT - read.len();
        read.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if chunk.len() > room {
            return false;
        }
    }
    true
}

fn service_error(http: &mut HttpFailure, now: Duration, secrets: &Secrets) -> Error {
    let parsed = parse_body(&String::from_utf8_lossy(&http.body), secrets);
    if let Some(hidden) = parsed.hidden {
        http.body = hidden.into();
    }
    http.form = parsed.form;
    let status = parsed.status;
    let said = status.as_ref().map(|status| status.message.clone()).filter(|m| !m.is_empty());
    let message = said.unwrap_or_else(|| match &status {
        Some(_) => "the server gave no message".to_owned(),
        None => describe(http, parsed.excerpt.as_deref()),
    });
    let retry_after = server_delay(&http.headers, status.as_ref(), now);
    let mut error = Error::new(ErrorKind::Service, message)
        .with_phase(Phase::Body)
        .with_maybe_sent(maybe_executed(http.status.as_u16()));
    let inner = error.inner_mut();
    inner.status = status;
    inner.retry_after = retry_after;
    error
}

/// Returns `true` if a server with this response may have executed the request: unless the status
/// is a rejection.
fn maybe_executed(status: u16) -> bool {
    !matches!(status, 400..=407 | 409..=499)
}

fn describe(http: &HttpFailure, excerpt: Option<&str>) -> String {
    if let Some(redirect) = redirect::describe(http.status, &http.headers) {
        return redirect;
    }
    let what = match http.form {
        BodyForm::Empty => return "the server gave no reason".to_owned(),
        BodyForm::Html => "an HTML page",
        BodyForm::Truncated => "truncated JSON",
        BodyForm::Text => "text",
        _ => "JSON in an unknown form",
    };
    match excerpt {
        Some(excerpt) => format!("the server answered with {what}: {excerpt}"),
        None => format!("the server answered with {what}"),
    }
}

/// Describes a successful response that could not be decoded.
pub(crate) fn undecodable(
    message: String,
    form: BodyForm,
    status: http::StatusCode,
    headers: &HeaderMap,
    body: &Bytes,
) -> Error {
    let kept = body.slice(..body.len().min(HttpFailure::BODY_LIMIT));
    let truncated = kept.len() < body.len();
    let headers = headers.clone();
    let http = HttpFailure { status, headers, body: kept, truncated, form };
    Error::new(ErrorKind::Decode, message).with_phase(Phase::Decode).with_http(http)
}

/// Returns the content coding in which Cloud Storage stores the content.
pub(crate) fn stored_coding(headers: &HeaderMap) -> Option<&HeaderValue> {
    const NAME: HeaderName = HeaderName::from_static("x-goog-stored-content-encoding");
    headers.get(NAME)
}

/// Decompresses the body if the server compressed it, unless that is how the content is stored.
pub(super) fn decompress(head: Head, coding: ContentCoding) -> Head {
    let on_the_fly = || stored_coding(head.headers()).is_some_and(|stored| stored == "identity");
    if coding == ContentCoding::Stored && head.status().is_success() && !on_the_fly() {
        return head;
    }
    #[cfg(feature = "gzip")]
    return crate::transport::gunzip(head);
    #[cfg(not(feature = "gzip"))]
    head
}
