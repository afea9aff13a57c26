//! A call of a batch.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HeaderMap, IF_MATCH};

use crate::call::{Call, Request};
use crate::error::{Error, Result};
use crate::redact::Secrets;
use crate::spec::MethodSpec;

/// An encoded call.
pub(super) struct Entry {
    pub(super) method: &'static MethodSpec,
    pub(super) idempotent: bool,
    /// Whether values of the response that do not fit their types are errors.
    pub(super) strict: bool,
    /// The request in `application/http`.
    pub(super) text: Bytes,
    /// Scopes set by the call itself.
    pub(super) scopes: Option<Vec<String>>,
    pub(super) secrets: Secrets,
}

impl Entry {
    pub(super) fn new(call: Call) -> Result<Self> {
        let method = call.method();
        let client = call.client().clone();
        let strict = call.is_strict();
        let request = call.into_request()?;
        client.shared.check_own_secrets(&request)?;
        let options = request.options();
        let conditional =
            request.headers().contains_key(IF_MATCH) || options.headers.contains_key(IF_MATCH);
        let known = request.idempotent || conditional;
        let policy = client.shared.policy(options);
        let idempotent = options.idempotent.unwrap_or_else(|| policy.is_idempotent(method, known));
        let scopes = options.scopes.as_ref().map(|scopes| scopes.to_vec());
        let secrets = request.secrets();
        let text = encode_request(&request)?;
        Ok(Self { method, idempotent, strict, text, scopes, secrets })
    }
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.method.id)
    }
}

fn encode_request(request: &Request) -> Result<Bytes> {
    let Some(body) = request.body().as_bytes() else {
        let message = "a streamed body cannot be part of a batch";
        return Err(Error::invalid(message).with_method(request.method().id));
    };
    let target = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let mut text = format!("{} {target} HTTP/1.1\r\n", request.verb()).into_bytes();
    let mut headers = HeaderMap::new();
    for (name, value) in request.headers().iter().chain(&request.options().headers) {
        headers.insert(name, value.clone());
    }
    if !body.is_empty() {
        headers.insert(CONTENT_LENGTH, body.len().into());
    }
    for (name, value) in &headers {
        text.extend_from_slice(name.as_str().as_bytes());
        text.extend_from_slice(b": ");
        text.extend_from_slice(value.as_bytes());
        text.extend_from_slice(b"\r\n");
    }
    text.extend_from_slice(b"\r\n");
    text.extend_from_slice(body);
    Ok(text.into())
}
