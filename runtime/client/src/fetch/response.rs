//! Responses and errors of `fetch`.

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::ResponseType;

use crate::redact::hide_keys;
use crate::transport::{Decompressed, TransportError, TransportErrorKind};

/// Reads the head of a response. The host decompresses the body, so headers that describe the
/// compressed form are removed.
pub(super) fn head(response: &web_sys::Response) -> Result<Response<()>, TransportError> {
    let status = StatusCode::from_u16(response.status())
        .map_err(|_| broken(&"the response has no status".into()))?;
    let mut head = Response::new(());
    *head.status_mut() = status;
    for entry in response.headers().entries() {
        let entry: Array = entry.map_err(|error| broken(&error))?.unchecked_into();
        let (name, value) = (entry.get(0).as_string(), entry.get(1).as_string());
        let name = name.and_then(|name| HeaderName::from_bytes(name.as_bytes()).ok());
        let value = value.and_then(|value| header_value(&value));
        if let (Some(name), Some(value)) = (name, value) {
            head.headers_mut().append(name, value);
        }
    }
    match head.headers_mut().remove(CONTENT_ENCODING) {
        Some(_) if status == StatusCode::PARTIAL_CONTENT => {
            let message = "the server sent a range of compressed content, which cannot be read \
                           with `fetch`";
            return Err(TransportError::new(TransportErrorKind::Decode, message));
        }
        Some(_) => {
            head.headers_mut().remove(CONTENT_LENGTH);
            head.extensions_mut().insert(Decompressed);
        }
        // The browser may hide the encoding, but not the length of the compressed form.
        None if response.type_() == ResponseType::Cors => {
            head.headers_mut().remove(CONTENT_LENGTH);
        }
        None => {}
    }
    Ok(head)
}

/// JavaScript shows a header as text in which every character is a byte.
fn header_value(text: &str) -> Option<HeaderValue> {
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(c).ok()).collect();
    HeaderValue::from_bytes(&bytes?).ok()
}

/// A redirect that was not followed.
pub(super) fn redirected(how: &str) -> TransportError {
    let message = format!(
        "the server redirects, and {how}; only GET and HEAD requests without an API key follow \
         redirects in a browser"
    );
    TransportError::new(TransportErrorKind::Other, message)
}

/// An error before the response head. Node tells the cause, browsers do not.
pub(super) fn failed(error: &JsValue) -> TransportError {
    let cause = member(error, "cause").filter(|cause| cause.is_object());
    let code = cause.as_ref().and_then(|cause| member(cause, "code")?.as_string());
    let kind = match code.as_deref() {
        Some(
            "ECONNREFUSED"
            | "ENOTFOUND"
            | "EAI_AGAIN"
            | "EHOSTUNREACH"
            | "ENETUNREACH"
            | "UND_ERR_CONNECT_TIMEOUT",
        ) => TransportErrorKind::Connect,
        Some("ETIMEDOUT" | "UND_ERR_HEADERS_TIMEOUT") => TransportErrorKind::Timeout,
        _ => TransportErrorKind::Interrupted,
    };
    let what = match kind {
        TransportErrorKind::Connect => "cannot connect",
        TransportErrorKind::Timeout => "the connection timed out",
        _ => "the connection broke",
    };
    TransportError::new(kind, format!("{what}: {}", message(cause.as_ref().unwrap_or(error))))
}

/// An error of the response body.
pub(super) fn broken(error: &JsValue) -> TransportError {
    let message = format!("the connection broke: {}", message(error));
    TransportError::new(TransportErrorKind::Interrupted, message)
}

fn member(value: &JsValue, name: &str) -> Option<JsValue> {
    value.is_object().then(|| Reflect::get(value, &name.into()).ok()).flatten()
}

/// Returns the message of an error, which may quote the URL and with it a key.
fn message(error: &JsValue) -> String {
    let text = member(error, "message").and_then(|message| message.as_string());
    hide_keys(&text.or_else(|| error.as_string()).unwrap_or_else(|| "no reason given".to_owned()))
}
