//! Requests and responses.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{StatusCode, Uri};

use crate::client::Options;
use crate::error::{Error, Result};
use crate::observe::{CallScope, header_names};
use crate::path::MAX_URL;
use crate::redact::secrets::{is_credential_param, is_secret_header};
use crate::redact::{Secrets, redact_path, redact_url, shown_url};
use crate::spec::{MethodSpec, UrlTemplate, Verb};
use crate::transport::{BatchMethods, Body};

/// Content coding (RFC 9110, section 8.4.1) of the response to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContentCoding {
    /// The server may compress; the response is decompressed.
    Gzip,
    /// Compression is not requested. Responses that are compressed nevertheless are decompressed.
    Identity,
    /// The coding in which the content is stored. Only compression applied by the server to the
    /// response is decompressed.
    Stored,
}

/// A request, which can be sent several times.
///
/// Calls create their own requests; this type is for protocols of several exchanges, such as
/// uploads, batches, and polling of operations.
pub struct Request {
    pub(crate) method: &'static MethodSpec,
    pub(crate) verb: http::Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    pub(crate) options: Options,
    pub(crate) idempotent: bool,
    pub(crate) accept: fn(StatusCode) -> bool,
    pub(crate) coding: ContentCoding,
    pub(crate) authorized: bool,
    /// Whether the path of the URL is a secret as well.
    pub(crate) secret_path: bool,
    /// Secrets in the body.
    pub(crate) in_body: Secrets,
    /// Path of the URL without arguments; `None` if the server chose the URL.
    pub(crate) template: Option<UrlTemplate>,
    /// The call that the request is a part of; `None` if it is the call.
    pub(crate) scope: Option<Arc<CallScope>>,
    /// Methods of the calls in a batch.
    pub(crate) parts: Option<BatchMethods>,
}

impl Request {
    /// Creates a request without a body on behalf of `method`, to an absolute `url`.
    ///
    /// # Errors
    ///
    /// If `url` cannot be parsed or is not absolute. The error does not show its query.
    pub fn new(method: &'static MethodSpec, verb: http::Method, url: &str) -> Result<Self> {
        let invalid = |why: &str| {
            let shown = shown_url(url);
            Error::invalid(format!("{shown:?} {why}")).with_method(method.id)
        };
        if url.len() > MAX_URL {
            let length = url.len();
            let text = format!(
                "the URL is {length} bytes long, and {MAX_URL} is the maximum; shorten the \
                 longest parameter"
            );
            return Err(Error::invalid(text).with_method(method.id));
        }
        let uri: Uri = url.parse().map_err(|_| invalid("is no URL"))?;
        if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.authority().is_none() {
            return Err(invalid("is no absolute http or https URL"));
        }
        Ok(Self::at(method, verb, uri))
    }

    /// Creates a request to a URL that is known to be absolute.
    pub(crate) fn at(method: &'static MethodSpec, verb: http::Method, uri: Uri) -> Self {
        Self {
            method,
            verb,
            uri,
            headers: HeaderMap::new(),
            body: Body::empty(),
            options: Options::new(),
            idempotent: method.idempotent,
            accept: |status| status.is_success(),
            coding: ContentCoding::Gzip,
            authorized: true,
            secret_path: false,
            in_body: Secrets::default(),
            template: None,
            scope: None,
            parts: None,
        }
    }

    pub(crate) fn with_secret_path(mut self, secret: bool) -> Self {
        self.secret_path = secret;
        self
    }

    pub(crate) fn with_template(mut self, template: UrlTemplate) -> Self {
        self.template = Some(template);
        self
    }

    /// Makes the request a part of a call.
    pub(crate) fn within(mut self, scope: &Arc<CallScope>) -> Self {
        self.scope = Some(Arc::clone(scope));
        self
    }

    /// Returns the URL with secrets hidden.
    pub(crate) fn shown_url(&self) -> String {
        let url = self.uri.to_string();
        if self.secret_path { redact_path(&url) } else { redact_url(&url) }
    }

    /// Returns `true` if the query authorizes the request.
    pub(crate) fn has_credential_param(&self) -> bool {
        let pairs = self.uri.query().unwrap_or_default().split('&');
        let mut pairs = pairs.filter_map(|pair| pair.split_once('='));
        pairs.any(|(name, value)| !value.is_empty() && is_credential_param(name))
    }

    /// Returns the secrets of the request, without those of client and credentials.
    pub(crate) fn secrets(&self) -> Secrets {
        let mut secrets = self.in_body.clone();
        secrets.add_headers(&self.headers);
        secrets.add_headers(&self.options.headers);
        secrets.add_query(&self.uri);
        if self.secret_path {
            secrets.add(self.uri.path().rsplit('/').next().unwrap_or_default());
        }
        secrets
    }

    /// Sets the body.
    #[must_use]
    pub fn with_body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    /// Sets a header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        let mut value = value;
        value.set_sensitive(value.is_sensitive() || is_secret_header(name.as_str()));
        self.headers.insert(name, value);
        self
    }

    /// Sets the options of the call; unset ones default to the client's.
    #[must_use]
    pub fn with_options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Sets whether the request is idempotent. Options of the caller take precedence.
    #[must_use]
    pub fn with_idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = idempotent;
        self
    }

    /// Sets which statuses count as success. Defaults to 2xx.
    #[must_use]
    pub fn with_accept(mut self, accept: fn(StatusCode) -> bool) -> Self {
        self.accept = accept;
        self
    }

    /// Sets whether the response may be compressed. Defaults to true.
    #[must_use]
    pub fn with_gzip(mut self, gzip: bool) -> Self {
        self.coding = if gzip { ContentCoding::Gzip } else { ContentCoding::Identity };
        self
    }

    /// Requests the content as stored, without decompressing it.
    pub(crate) fn with_stored_coding(mut self) -> Self {
        self.coding = ContentCoding::Stored;
        self
    }

    /// Sets whether secrets are sent: the client's credentials, and the caller's secret headers.
    /// Defaults to true, in which case requests to other hosts than the client's are rejected.
    #[must_use]
    pub fn with_authorized(mut self, authorized: bool) -> Self {
        self.authorized = authorized;
        self
    }

    /// Returns the URL.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Returns the verb.
    #[must_use]
    pub fn verb(&self) -> &http::Method {
        &self.verb
    }

    /// Returns the headers, without those of client and credentials.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// Returns the method.
    #[must_use]
    pub fn method(&self) -> &'static MethodSpec {
        self.method
    }

    /// Returns the options of the call.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.options
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method.id)
            .field("verb", &self.verb)
            .field("url", &self.shown_url())
            .field("headers", &header_names(&self.headers))
            .field("body", &self.body)
            .field("options", &self.options)
            .field("idempotent", &self.idempotent)
            .finish_non_exhaustive()
    }
}

/// Returns the verb as a type of the `http` crate.
pub(crate) const fn verb(verb: Verb) -> http::Method {
    match verb {
        Verb::Get => http::Method::GET,
        Verb::Head => http::Method::HEAD,
        Verb::Post => http::Method::POST,
        Verb::Put => http::Method::PUT,
        Verb::Patch => http::Method::PATCH,
        Verb::Delete => http::Method::DELETE,
        Verb::Options => http::Method::OPTIONS,
    }
}

/// A response that was read completely.
#[derive(Clone)]
#[non_exhaustive]
pub struct Response {
    /// HTTP status.
    pub status: StatusCode,
    /// Response headers.
    pub headers: HeaderMap,
    /// Decompressed body.
    pub body: Bytes,
    /// Number of attempts.
    pub attempts: u32,
}

impl Response {
    /// Returns the MIME type of the body reported by the server.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok())
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &header_names(&self.headers))
            .field("length", &self.body.len())
            .field("attempts", &self.attempts)
            .finish()
    }
}

/// A decoded value with its response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Full<T> {
    /// Decoded body.
    pub value: T,
    /// The response.
    pub response: Response,
}
