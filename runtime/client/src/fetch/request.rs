//! Requests for `fetch`.

use bytes::{Bytes, BytesMut};
use http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, HOST, HeaderMap, HeaderName, USER_AGENT,
};
use http::request::Parts;
use js_sys::{Function, Promise, Uint8Array};
use std::future::poll_fn;
use std::pin::Pin;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestCache, RequestCredentials, RequestInit};

use super::response::failed;
use crate::host::global;
use crate::redact::secrets::is_secret_header;
use crate::transport::{Body, TransportError, TransportErrorKind};
use futures_core::Stream as _;

/// Headers that the host sets itself. Some hosts ignore them, others refuse them or ask the server
/// whether they are allowed.
const OF_THE_HOST: [HeaderName; 4] = [ACCEPT_ENCODING, CONTENT_LENGTH, HOST, USER_AGENT];

/// Reads a body: hosts that can send one in parts need HTTP/2 for it.
pub(super) async fn read_all(mut body: Body) -> Result<Option<Bytes>, TransportError> {
    if let Some(bytes) = body.as_bytes() {
        return Ok((!bytes.is_empty()).then(|| Bytes::copy_from_slice(bytes)));
    }
    let mut all = BytesMut::new();
    while let Some(chunk) = poll_fn(|cx| Pin::new(&mut body).poll_next(cx)).await {
        let chunk = chunk.map_err(|error| {
            let message = format!("the request body could not be read: {error}");
            TransportError::new(TransportErrorKind::RequestBody, message).with_source(error)
        })?;
        all.extend_from_slice(&chunk);
    }
    match body.length() {
        Some(length) if length != all.len() as u64 => {
            let message = format!(
                "the request body could not be read: it has {} bytes instead of {length}",
                all.len()
            );
            Err(TransportError::new(TransportErrorKind::RequestBody, message))
        }
        _ => Ok(Some(all.freeze())),
    }
}

/// Returns the settings of a request, except how it treats redirects.
pub(super) fn settings(
    parts: &Parts,
    body: Option<&Bytes>,
    abort: &AbortController,
) -> Result<RequestInit, TransportError> {
    let init = RequestInit::new();
    init.set_method(parts.method.as_str());
    init.set_headers(&headers(&parts.headers)?.into());
    init.set_credentials(RequestCredentials::Omit);
    init.set_cache(RequestCache::NoStore);
    init.set_signal(Some(&abort.signal()));
    if let Some(bytes) = body {
        init.set_body(&Uint8Array::from(&bytes[..]));
    }
    Ok(init)
}

fn headers(map: &HeaderMap) -> Result<Headers, TransportError> {
    let headers = Headers::new().map_err(|error| failed(&error))?;
    for (name, value) in map.iter().filter(|(name, _)| !OF_THE_HOST.contains(name)) {
        // JavaScript passes a header as text in which every character is a byte.
        let text: String = value.as_bytes().iter().map(|byte| char::from(*byte)).collect();
        headers.append(name.as_str(), &text).map_err(|error| failed(&error))?;
    }
    Ok(headers)
}

/// Returns `true` if the only secret header is the one that `fetch` removes from a request to
/// another origin.
pub(super) fn only_authorization(headers: &HeaderMap) -> bool {
    let known = |name: &HeaderName| name == AUTHORIZATION || !is_secret_header(name.as_str());
    headers.keys().all(known)
}

pub(super) async fn fetch(
    url: &str,
    init: &RequestInit,
) -> Result<web_sys::Response, TransportError> {
    let Some(function) = global::<Function>("fetch") else {
        let message = "this host has no `fetch`";
        return Err(TransportError::new(TransportErrorKind::Other, message));
    };
    let promise = function.call2(&JsValue::UNDEFINED, &url.into(), init);
    let promise: Promise = promise.map_err(|error| failed(&error))?.unchecked_into();
    let response = JsFuture::from(promise).await.map_err(|error| failed(&error))?;
    response.dyn_into().map_err(|other| failed(&other))
}
