//! Requests of calls.

use http::HeaderValue;
use http::header::{CONTENT_TYPE, HeaderName};

use super::request::{Request, verb};
use super::{Call, Payload};
use crate::error::{Error, Result};
use crate::path::join;
use crate::query::{Query, UrlQuery};
use crate::spec::{BodyKind, UrlTemplate};
use crate::transport::Body;

impl Call {
    /// Builds the request.
    ///
    /// # Errors
    ///
    /// If an argument is invalid; nothing was sent.
    pub fn into_request(mut self) -> Result<Request> {
        if let Some(id) = self.new_request_id() {
            self.set_request_id(&id);
        }
        let path = self.filled(self.0.method.path)?;
        let mut url = self.url(&path);
        self.append_query("json", &mut url);
        let template = UrlTemplate::of(self.0.method);
        Ok(self.request_to(&url)?.with_template(template))
    }

    /// Joins root URL, service path, and `path`, without a query.
    pub(crate) fn url(&self, path: &str) -> String {
        let shared = &self.0.client.shared;
        join(shared.root.as_str(), shared.service.service_path, path)
    }

    /// Returns the parameters of every request of the form `alt`, except those set by the caller.
    fn implied(&self, alt: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
        // A method without a response, or with nothing but content, has no form to choose; other
        // clients omit `alt` as well.
        let method = self.0.method;
        let free_form = method.response == BodyKind::None || method.is_download_only();
        let alt_shown = alt != "json" || !free_form;
        let all = [
            ("alt", alt, alt_shown),
            ("prettyPrint", "false", alt == "json" && self.asks_for_json()),
        ];
        let free = |name| self.0.query.get(name).is_none() && self.0.extra.get(name).is_none();
        all.into_iter().filter(move |(name, _, shown)| *shown && free(name)).map(|(n, v, _)| (n, v))
    }

    /// Returns `true` if the response form is JSON.
    pub(super) fn asks_for_json(&self) -> bool {
        let said = |name| self.query_value(name);
        said("alt").is_none_or(|alt| alt == "json") && said("callback").is_none()
    }

    /// Appends all query parameters to `url`; see [`Self::all_query`].
    fn append_query(&self, alt: &'static str, url: &mut String) {
        let (own, extra) = (&self.0.query, &self.0.extra);
        let mut query = UrlQuery::new(url);
        own.iter().for_each(|(name, value)| query.append(name, value));
        self.implied(alt).for_each(|(name, value)| query.append(name, value));
        extra.free(own).for_each(|(name, value)| query.append(name, value));
    }

    /// Returns all query parameters: `alt` and `prettyPrint`, the method's, and the caller's.
    pub(crate) fn all_query(&self, alt: &'static str) -> Query {
        let mut all = self.0.query.clone();
        self.implied(alt).for_each(|(name, value)| all.set(name, &value));
        all.merge(&self.0.extra);
        all
    }

    /// Builds the request with body, headers, and options, to another URL than the method's own.
    pub(crate) fn request_to(mut self, url: &str) -> Result<Request> {
        let method = self.0.method;
        self.check_arguments()?;
        let verb = verb(method.verb);
        let mut request = match self.0.client.shared.root.address(url) {
            Some(address) => Request::at(method, verb, address),
            None => Request::new(method, verb, url)?,
        };
        request.idempotent = self.is_repeatable();
        if let Some(version) = method.api_version {
            let name = HeaderName::from_static("x-goog-api-version");
            request.headers.insert(name, HeaderValue::from_static(version));
        }
        if let Some((content_type, body)) = self.take_encoded()? {
            request.headers.insert(CONTENT_TYPE, content_type);
            request.body = body;
        }
        request.options = std::mem::take(&mut self.0.options);
        Ok(request)
    }

    /// Takes type and bytes of the body.
    pub(crate) fn take_encoded(&mut self) -> Result<Option<(HeaderValue, Body)>> {
        match std::mem::replace(&mut self.0.payload, Payload::None) {
            Payload::None => Ok(None),
            // Bodies of GET and DELETE are dropped, as by other clients: servers reject them.
            Payload::Json(_) if self.0.method.request == BodyKind::None => Ok(None),
            Payload::Json(text) => {
                let body = self.wrapped(text);
                Ok(Some((HeaderValue::from_static("application/json"), Body::bytes(body))))
            }
            Payload::Raw(content_type, body) => {
                let value = HeaderValue::try_from(content_type.as_str()).map_err(|_| {
                    let message = format!("{content_type:?} is not a valid content type");
                    self.named(Error::invalid(message))
                })?;
                let sent = || self.named(Error::invalid("the stream of the body was sent already"));
                Ok(Some((value, body.replay().ok_or_else(sent)?)))
            }
        }
    }

    fn wrapped(&self, text: String) -> String {
        if self.0.method.service.data_wrapper { crate::wrapper::wrap(&text) } else { text }
    }

    /// Returns the JSON body before wrapping.
    pub(crate) fn json(&self) -> Option<&str> {
        match &self.0.payload {
            Payload::Json(text) => Some(text),
            Payload::None | Payload::Raw(..) => None,
        }
    }

    pub(crate) fn set_json(&mut self, text: String) {
        self.0.payload = Payload::Json(text);
    }

    pub(crate) fn set_query(&mut self, name: &'static str, value: &str) {
        self.0.query.set(name, &value);
    }
}
