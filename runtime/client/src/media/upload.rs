//! Uploads.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::sync::Arc;

use super::progress::{Notify, Progress};
use super::resumable::Resumable;
use super::session::UploadSession;
use super::source::{PreparedSource, Source};
use super::target::Target;
use crate::BoxFuture;
use crate::call::decode::decode;
use crate::call::{Call, Full, Response};
use crate::error::{Error, Result};
use crate::observe::CallScope;
use crate::reply::Reply;

/// An upload protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Protocol {
    /// `uploadType=media`: content only, in one request.
    Simple,
    /// `uploadType=multipart`: metadata and content in one request.
    Multipart,
    /// `uploadType=resumable`: a session, and content in chunks. Survives lost connections.
    Resumable,
}

/// Checks the final response; if it is incomplete, it is requested again.
pub(super) type ResponseCheck<'a> = dyn FnMut(&Response) -> Result<()> + Send + 'a;

/// Settings of an upload.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) protocol: Option<Protocol>,
    /// Chunk size, unless it is the default.
    pub(super) chunk_size: Option<u64>,
    pub(super) session: Option<UploadSession>,
    pub(super) on_session: SessionHook,
    pub(super) notify: Notify,
}

/// Callback for each session and its progress.
#[derive(Default)]
pub(super) struct SessionHook(pub(super) Option<Box<dyn FnMut(&UploadSession) + Send>>);

impl fmt::Debug for SessionHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "SessionHook" } else { "None" })
    }
}

/// An upload, created by `upload` of a call.
///
/// Content of up to 8 MiB is sent in one request, multipart with metadata, else simple. Larger
/// content and streams of unknown size use a resumable session if the method supports it.
///
/// The client's timeout does not apply, since it is meant for small calls. Uploads are limited by
/// the stall timeout, the retry policy (whose count restarts after progress), and `with_timeout` of
/// the call.
///
/// A resumable upload continues at the offset held by the server and survives lost connections,
/// lost responses, and temporary errors. If the session expires, the upload restarts once, if its
/// [`Source`] can be read again.
#[must_use = "uploads do nothing unless sent or awaited"]
pub struct Upload<R> {
    call: Call,
    source: Source,
    settings: Settings,
    reply: PhantomData<fn() -> R>,
}

/// Minimum size for the resumable protocol: 8 MiB.
const RESUMABLE_THRESHOLD: u64 = 8 * 1024 * 1024;
/// Chunk sizes are multiples of 256 KiB.
pub(super) const CHUNK_GRANULARITY: u64 = 256 * 1024;
/// Chunks of streams bound the memory of an upload.
pub(super) const STREAM_CHUNK: u64 = 8 * 1024 * 1024;
/// Chunks of other content need no memory, and each costs a round trip.
pub(super) const CONTENT_CHUNK: u64 = 64 * 1024 * 1024;

impl<R> Upload<R> {
    /// Default chunk size of one-shot streams, which buffer one chunk: 8 MiB.
    pub const DEFAULT_STREAM_CHUNK_SIZE: u64 = STREAM_CHUNK;
    /// Default chunk size of content that can be read again: 64 MiB. After each chunk, an upload
    /// waits for the server's response.
    pub const DEFAULT_CHUNK_SIZE: u64 = CONTENT_CHUNK;

    /// Creates an upload of `source` with the arguments of `call`.
    pub fn new(call: Call, source: impl Into<Source>) -> Self {
        let settings = Settings {
            protocol: None,
            chunk_size: None,
            session: None,
            on_session: SessionHook::default(),
            notify: Notify::default(),
        };
        Self { call, source: source.into(), settings, reply: PhantomData }
    }

    /// Sets the protocol.
    pub fn with_protocol(mut self, protocol: Protocol) -> Self {
        self.settings.protocol = Some(protocol);
        self
    }

    /// Sets the chunk size in bytes, rounded down to a multiple of 256 KiB, with 256 KiB as the
    /// minimum.
    ///
    /// One-shot streams buffer one chunk. Content that can be read again is not buffered, so
    /// `u64::MAX` sends it in one request.
    pub fn with_chunk_size(mut self, bytes: u64) -> Self {
        let chunk_size = (bytes / CHUNK_GRANULARITY).max(1) * CHUNK_GRANULARITY;
        self.settings.chunk_size = Some(chunk_size);
        self
    }

    /// Resumes a session, possibly of another process. The source must provide the same content
    /// from its beginning; bytes held by the server are skipped.
    ///
    /// The call must match the one that opened the session: method, URL, parameters, metadata,
    /// content type, and size. Otherwise, or if the content has visibly changed, sending fails with
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) before anything is sent.
    ///
    /// If the server no longer knows the session (404, 410), the upload restarts once in a new
    /// session. Any other rejection is an error; [`UploadSession::survives`] tells whether the
    /// session is still usable.
    pub fn with_session(mut self, session: UploadSession) -> Self {
        self.settings.session = Some(session);
        self
    }

    /// Sets a callback that receives the session when it opens and after each chunk. Another
    /// process can resume a stored session with [`with_session`](Self::with_session).
    pub fn on_session(mut self, hook: impl FnMut(&UploadSession) + Send + 'static) -> Self {
        self.settings.on_session = SessionHook(Some(Box::new(hook)));
        self
    }

    /// Sets a callback for progress. It runs often, so it should be fast.
    pub fn on_progress(mut self, callback: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.settings.notify = Notify::new(callback);
        self
    }

    /// Opens a resumable session without sending content, for another process or a browser.
    ///
    /// # Errors
    ///
    /// As for any call, and if the method does not support the resumable protocol.
    pub async fn start(self) -> Result<UploadSession> {
        let (scope, id) = (self.scope(), self.call.method().id);
        let work = self.open(&scope);
        scope.run(async { work.await.map_err(|error| error.with_method(id)) }).await
    }

    /// Begins the call, which may take several requests.
    fn scope(&self) -> Arc<CallScope> {
        Arc::new(self.call.client().shared.scope(self.call.method()))
    }

    async fn open(self, scope: &Arc<CallScope>) -> Result<UploadSession> {
        let target = Target::new(self.call, &self.source, scope)?;
        let content = self.source.prepare().await?;
        target.check_size(content.size())?;
        target.check_resumable()?;
        Resumable::new(target, content, self.settings)?.open().await
    }

    /// Cancels the session of [`with_session`](Self::with_session): the server discards its
    /// content. A session that no longer exists is no error.
    ///
    /// # Errors
    ///
    /// As for any call, and if no session was set.
    pub async fn cancel(self) -> Result<()> {
        let (scope, id) = (self.scope(), self.call.method().id);
        let work = self.cancel_session(&scope);
        scope.run(async { work.await.map_err(|error| error.with_method(id)) }).await
    }

    async fn cancel_session(self, scope: &Arc<CallScope>) -> Result<()> {
        let target = Target::new(self.call, &self.source, scope)?;
        let Some(session) = self.settings.session else {
            return Err(Error::invalid("there is no session to cancel"));
        };
        target.cancel(&session).await
    }

    async fn execute(self, check: &mut ResponseCheck<'_>) -> Result<Response> {
        let (scope, id) = (self.scope(), self.call.method().id);
        let work = self.run(check, &scope);
        scope.run(async { work.await.map_err(|error| error.with_method(id)) }).await
    }

    async fn run(self, check: &mut ResponseCheck<'_>, scope: &Arc<CallScope>) -> Result<Response> {
        let target = Target::new(self.call, &self.source, scope)?;
        let content = self.source.prepare().await?;
        target.check_size(content.size())?;
        let settings = self.settings;
        settings.notify.total(content.size());
        match choose_protocol(&target, &content, &settings) {
            Protocol::Resumable => {
                target.check_resumable()?;
                Resumable::new(target, content, settings)?.run(check).await
            }
            Protocol::Simple => target.send_simple(content, &settings.notify, check).await,
            Protocol::Multipart => target.send_multipart(content, &settings.notify, check).await,
        }
    }
}

fn choose_protocol(target: &Target, content: &PreparedSource, settings: &Settings) -> Protocol {
    if settings.session.is_some() {
        return Protocol::Resumable;
    }
    let small = content.size().is_some_and(|size| size <= RESUMABLE_THRESHOLD);
    settings.protocol.unwrap_or_else(|| {
        match (target.is_resumable() && !small, target.has_metadata()) {
            (true, _) => Protocol::Resumable,
            (false, true) => Protocol::Multipart,
            (false, false) => Protocol::Simple,
        }
    })
}

impl<R: Reply> Upload<R> {
    /// Uploads the content and decodes the response.
    ///
    /// # Errors
    ///
    /// As for any call; [`ErrorKind::Media`](crate::ErrorKind::Media) if the upload cannot
    /// continue, for example because its session expired and the content cannot be read again.
    pub async fn send(self) -> Result<R> {
        self.send_full().await.map(|full| full.value)
    }

    /// Uploads the content and returns the response with its status and headers.
    ///
    /// # Errors
    ///
    /// As for [`send`](Self::send).
    pub async fn send_full(self) -> Result<Full<R>> {
        let (method, strict) = (self.call.method(), self.call.is_strict());
        let mut value = None;
        let mut check = |response: &Response| {
            value = Some(decode::<R>(method, response, strict)?);
            Ok(())
        };
        let response = self.execute(&mut check).await?;
        let value = value.ok_or_else(|| media_error("no response"))?;
        Ok(Full { value, response })
    }
}

impl<R: Reply> IntoFuture for Upload<R> {
    type Output = Result<R>;
    type IntoFuture = BoxFuture<'static, Result<R>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl<R> fmt::Debug for Upload<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("call", &self.call)
            .field("source", &self.source)
            .field("settings", &self.settings)
            .finish()
    }
}

/// Creates an error of kind `Media`.
pub(super) fn media_error(why: impl fmt::Display) -> Error {
    Error::new(crate::error::ErrorKind::Media, why.to_string())
}
