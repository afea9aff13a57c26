//! Upload targets, and the protocols that take one request.

use std::sync::Arc;
use std::time::Duration;

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, StatusCode};

use super::framed::framed_body;
use super::progress::Notify;
use super::session::UploadSession;
use super::source::{PreparedSource, Source};
use super::upload::{ResponseCheck, media_error};
use crate::call::{Call, Request, Response, Sink};
use crate::client::Options;
use crate::error::{Error, Result};
use crate::multipart::{Boundary, Related};
use crate::observe::CallScope;
use crate::redact::secrets::is_credential_param;
use crate::spec::{UploadSpec, UrlTemplate};

/// An upload method with the arguments of a call.
pub(super) struct Target {
    pub(super) call: Call,
    scope: Arc<CallScope>,
    /// ID of the request, one for all attempts. A session belongs to a call, whatever its ID.
    request_id: Option<String>,
    spec: &'static UploadSpec,
    pub(super) content_type: HeaderValue,
}

impl Target {
    pub(super) fn new(call: Call, source: &Source, scope: &Arc<CallScope>) -> Result<Self> {
        let Some(spec) = call.method().upload else {
            return Err(Error::invalid("the method does not accept media"));
        };
        let metadata = metadata_type(&call, spec);
        let (given, guessed) = (source.content_type.as_deref(), source.guessed_type.as_deref());
        let content_type = spec.content_type(given, metadata.as_deref(), guessed);
        if !spec.accepts(content_type) {
            return Err(Error::invalid(format!(
                "the method takes content of type {}, not {content_type}; name the type of the \
                 content if it is another one",
                spec.accept.join(" or ")
            )));
        }
        let content_type = HeaderValue::try_from(content_type)
            .map_err(|_| Error::invalid(format!("{content_type:?} is not a valid content type")))?;
        let request_id = call.new_request_id();
        Ok(Self { call, scope: Arc::clone(scope), request_id, spec, content_type })
    }

    pub(super) fn is_resumable(&self) -> bool {
        self.spec.resumable
    }

    /// Returns `true` if there is metadata to send. An empty object counts as none.
    pub(super) fn has_metadata(&self) -> bool {
        self.call.json().is_some_and(|json| json != "{}")
    }

    pub(super) fn check_resumable(&self) -> Result<()> {
        if self.spec.resumable {
            return Ok(());
        }
        Err(Error::invalid("the method does not offer resumable uploads"))
    }

    /// Rejects content that exceeds the limit of the method.
    pub(super) fn check_size(&self, size: Option<u64>) -> Result<()> {
        match (size, self.spec.max_size) {
            (Some(size), Some(max)) if size > max => Err(Error::invalid(format!(
                "the content has {size} bytes; the method accepts at most {max}"
            ))),
            _ => Ok(()),
        }
    }

    /// Creates the request with arguments and metadata, to the upload URL.
    pub(super) fn request(&self, upload_type: &'static str) -> Result<Request> {
        let mut call = self.call.clone();
        if let Some(id) = &self.request_id {
            call.set_request_id(id);
        }
        let template = UrlTemplate::of_upload(self.call.method());
        Ok(self.request_of(call, upload_type)?.with_template(template).within(&self.scope))
    }

    fn request_of(&self, call: Call, upload_type: &'static str) -> Result<Request> {
        let path = call.filled(self.spec.path)?;
        // Upload paths are relative to the root URL, with or without a leading slash.
        let mut url = call.url(&format!("/{}", path.trim_start_matches('/')));
        let mut query = call.all_query("json");
        query.set("uploadType", &upload_type);
        query.append_to(&mut url);
        call.request_to(&url)
    }

    /// Returns the upload URL with all parameters except credentials and the ID of this request.
    pub(super) fn upload_url(&self) -> Result<String> {
        let request = self.request_of(self.call.clone(), "resumable")?;
        let uri = request.uri().to_string();
        let Some((path, query)) = uri.split_once('?') else { return Ok(uri) };
        let name = |pair: &&str| !is_credential_param(pair.split('=').next().unwrap_or_default());
        let kept: Vec<&str> = query.split('&').filter(name).collect();
        Ok(format!("{path}?{}", kept.join("&")))
    }

    /// Rejects a session of another call, which would receive the content.
    pub(super) fn check_session(&self, session: &UploadSession) -> Result<()> {
        let id = self.call.method().id;
        let address = self.upload_url()?;
        let content_type = String::from_utf8_lossy(self.content_type.as_bytes());
        let mismatch = if session.method != id {
            format!("belongs to {}, not to {id}", session.method)
        } else if session.target != address {
            format!("was opened at {}, not at {address}", session.target)
        } else if session.metadata.as_deref() != self.call.json() {
            "was opened with other metadata".to_owned()
        } else if session.content_type != content_type {
            format!("is for {}, not for {content_type}", session.content_type)
        } else {
            return Ok(());
        };
        Err(Error::invalid(format!("the upload session {mismatch}")))
    }

    /// Creates a request to a session.
    pub(super) fn session_request(&self, session: &UploadSession, verb: Method) -> Result<Request> {
        let client = self.call.client();
        let request = Request::new(self.call.method(), verb, &session.uri)?.within(&self.scope);
        let destinations = &client.shared.destinations;
        if destinations.is_downgrade(&request.uri) {
            let host = request.uri.host().unwrap_or_default();
            return Err(media_error(format!(
                "the upload session at http://{host} is not encrypted; content is sent to https or \
                 to this machine only"
            )));
        }
        let trusted = destinations.contains(&request.uri);
        let own_path = self.call.filled(self.spec.path)?;
        let is_own = request.uri.path().ends_with(own_path.trim_start_matches('/'));
        Ok(request
            .with_options(self.call.options().clone())
            .with_authorized(trusted)
            .with_secret_path(!is_own)
            .with_idempotent(true))
    }

    /// Cancels a session. Servers respond with 499.
    pub(super) async fn cancel(&self, session: &UploadSession) -> Result<()> {
        self.check_session(session)?;
        let request = self
            .session_request(session, Method::DELETE)?
            .with_accept(|status| status.is_success() || status.as_u16() == 499);
        match self.call.client().execute(request).await {
            Ok(_) => Ok(()),
            Err(error) if is_session_gone(&error) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Sends content alone: `uploadType=media`.
    pub(super) async fn send_simple(
        &self,
        content: PreparedSource,
        notify: &Notify,
        check: &mut ResponseCheck<'_>,
    ) -> Result<Response> {
        if self.has_metadata() {
            return Err(Error::invalid(
                "a simple upload cannot carry the metadata in the request; use the multipart or \
                 the resumable protocol",
            ));
        }
        let size = content.size();
        let request = self.request("media")?.with_header(CONTENT_TYPE, self.content_type.clone());
        let body = framed_body(content, [None, None], notify);
        self.send_once(request.with_body(body), size, notify, check).await
    }

    /// Sends metadata and content: `uploadType=multipart`.
    pub(super) async fn send_multipart(
        &self,
        content: PreparedSource,
        notify: &Notify,
        check: &mut ResponseCheck<'_>,
    ) -> Result<Response> {
        let request = self.request("multipart")?;
        let metadata = request.body().as_bytes().filter(|json| !json.is_empty());
        let metadata = metadata.map_or(&b"{}"[..], |json| json);
        let content_type = String::from_utf8_lossy(self.content_type.as_bytes()).into_owned();
        let related = Related::new(&Boundary::random(), metadata, &content_type);
        let header = HeaderValue::try_from(related.content_type)
            .map_err(|_| media_error("the boundary is not a valid header"))?;
        let size = content.size();
        let body = framed_body(content, [Some(related.before), Some(related.after)], notify);
        let request = request.with_header(CONTENT_TYPE, header).with_body(body);
        self.send_once(request, size, notify, check).await
    }

    async fn send_once(
        &self,
        request: Request,
        size: Option<u64>,
        notify: &Notify,
        check: &mut ResponseCheck<'_>,
    ) -> Result<Response> {
        let timeout = request.options().transfer_timeout();
        let options = body_options(request.options().clone(), size, timeout);
        let mut answer = None;
        let mut sink = |response: &Response| {
            check(response)?;
            answer = Some(response.clone());
            Ok(())
        };
        let mut sink = Sink::Check(&mut sink);
        self.call.client().drive(request.with_options(options), &mut sink).await?;
        if let Some(size) = size {
            notify.confirmed(size);
        }
        answer.ok_or_else(|| media_error("no response"))
    }
}

/// Returns the MIME type in the metadata.
fn metadata_type(call: &Call, spec: &UploadSpec) -> Option<String> {
    let metadata: serde_json::Value = serde_json::from_str(call.json()?).ok()?;
    metadata.get(spec.media_type?)?.as_str().map(str::to_owned)
}

/// Returns options of a request with a body of `len` bytes.
///
/// The client's timeouts are meant for small calls. A large body is limited by the stall timeout
/// and, for servers that trickle a response, by a timeout that grows with the body.
pub(super) fn body_options(
    mut options: Options,
    len: Option<u64>,
    left: Option<Duration>,
) -> Options {
    /// Slower connections count as broken.
    const MIN_BYTES_PER_SECOND: u64 = 32 * 1024;
    let slow = |len: u64| {
        Options::DEFAULT_TIMEOUT.saturating_add(Duration::from_secs(len / MIN_BYTES_PER_SECOND))
    };
    options.set_timeout(left);
    options.set_attempt_timeout(len.map(slow));
    options
}

/// Returns `true` if a session is unknown or has expired.
pub(super) fn is_session_gone(error: &Error) -> bool {
    let status = error.http_status();
    matches!(status, Some(StatusCode::NOT_FOUND | StatusCode::GONE))
}
