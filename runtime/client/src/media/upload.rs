//! The upload call.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;

use super::progress::{Notify, Progress};
use super::resumable::Resumable;
use super::session::UploadSession;
use super::source::{PreparedSource, Source};
use super::target::Target;
use crate::BoxFuture;
use crate::call::decode::decode;
use crate::call::{Call, Full, Response};
use crate::error::{Error, Result};
use crate::method::Reply;

/// How content travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Protocol {
    /// `uploadType=media`: the content alone, in one request.
    Simple,
    /// `uploadType=multipart`: metadata and content in one request.
    Multipart,
    /// `uploadType=resumable`: a session, then the content in chunks. Survives lost connections.
    Resumable,
}

/// Looks at the last answer: one that breaks off is asked for again.
pub(super) type ResponseCheck<'a> = dyn FnMut(&Response) -> Result<()> + Send + 'a;

/// The settings of an upload.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) protocol: Option<Protocol>,
    pub(super) chunk_size: u64,
    pub(super) session: Option<UploadSession>,
    pub(super) on_session: SessionHook,
    pub(super) notify: Notify,
}

/// What is told of each session and its progress.
#[derive(Default)]
pub(super) struct SessionHook(pub(super) Option<Box<dyn FnMut(&UploadSession) + Send>>);

impl fmt::Debug for SessionHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "SessionHook" } else { "None" })
    }
}

/// An upload that is ready to be sent; made by `upload` of a call.
///
/// Content of up to 8 MiB goes in one request: multipart with metadata, else simple. Larger
/// content, and streams of unknown size, go in a resumable session where the method offers one.
///
/// An upload's time is not limited by the client's timeout, which is meant for small calls, but by
/// the stall timeout, by the retry policy (whose count starts again with every byte of progress)
/// and by `with_timeout` of the call.
///
/// A resumable upload goes on from what the server says it holds; it survives lost connections,
/// lost answers and errors that may pass. If the session expires, the upload begins anew once,
/// where its [`Source`] can be read again.
#[must_use = "an upload is made by `send` or `.await`"]
pub struct Upload<R> {
    call: Call,
    source: Source,
    settings: Settings,
    reply: PhantomData<fn() -> R>,
}

/// The least size that the resumable protocol is chosen for: 8 MiB.
const RESUMABLE_THRESHOLD: u64 = 8 * 1024 * 1024;
/// Chunks are multiples of this: 256 KiB.
pub(super) const CHUNK_GRANULARITY: u64 = 256 * 1024;

impl<R> Upload<R> {
    /// The size of a chunk unless told otherwise: 16 MiB.
    pub const DEFAULT_CHUNK_SIZE: u64 = 16 * 1024 * 1024;

    /// An upload of `source` with the arguments of `call`.
    pub fn new(call: Call, source: impl Into<Source>) -> Self {
        let settings = Settings {
            protocol: None,
            chunk_size: Self::DEFAULT_CHUNK_SIZE,
            session: None,
            on_session: SessionHook::default(),
            notify: Notify::default(),
        };
        Self { call, source: source.into(), settings, reply: PhantomData }
    }

    /// Chooses the protocol.
    pub fn with_protocol(mut self, protocol: Protocol) -> Self {
        self.settings.protocol = Some(protocol);
        self
    }

    /// Sets the size of a chunk in bytes, rounded down to a multiple of 256 KiB, at least that.
    ///
    /// A one-shot stream needs that much memory. Content that can be read again needs none, so
    /// that `u64::MAX` sends it in one request.
    pub fn with_chunk_size(mut self, bytes: u64) -> Self {
        self.settings.chunk_size = (bytes / CHUNK_GRANULARITY).max(1) * CHUNK_GRANULARITY;
        self
    }

    /// Goes on with a session, perhaps of another process. The source must give the same content
    /// from its beginning; what the server has is skipped.
    ///
    /// The call must be the one that the session was opened with: method, address, parameters,
    /// metadata, content type and size. With another one, or with content that has visibly changed,
    /// sending is an error of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), and nothing
    /// is sent.
    ///
    /// If the server no longer knows the session (404, 410), the upload begins anew in a new one,
    /// once. Any other refusal is an error: whether the session is of use after it is told by
    /// [`UploadSession::survives`].
    pub fn with_session(mut self, session: UploadSession) -> Self {
        self.settings.session = Some(session);
        self
    }

    /// Is told of the session when it opens and after each chunk: store it, and another process
    /// can go on with [`with_session`](Self::with_session).
    pub fn on_session(mut self, hook: impl FnMut(&UploadSession) + Send + 'static) -> Self {
        self.settings.on_session = SessionHook(Some(Box::new(hook)));
        self
    }

    /// Is told how far the upload is; called often, so it should be quick.
    pub fn on_progress(mut self, callback: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.settings.notify = Notify::new(callback);
        self
    }

    /// Opens a resumable session and sends no content: another process may, or a browser.
    ///
    /// # Errors
    ///
    /// As any call; and when the method does not offer the resumable protocol.
    pub async fn start(self) -> Result<UploadSession> {
        let id = self.call.method().id;
        self.open().await.map_err(|error| error.with_method(id))
    }

    async fn open(self) -> Result<UploadSession> {
        let target = Target::new(self.call, &self.source)?;
        let content = self.source.prepare().await?;
        target.check_size(content.size())?;
        target.check_resumable()?;
        Resumable::new(target, content, self.settings)?.open().await
    }

    /// Gives up the session of [`with_session`](Self::with_session): the server forgets what it
    /// holds. One that is gone already is no error.
    ///
    /// # Errors
    ///
    /// As any call; and when no session was given.
    pub async fn cancel(self) -> Result<()> {
        let id = self.call.method().id;
        let target = Target::new(self.call, &self.source)?;
        let Some(session) = self.settings.session else {
            return Err(Error::invalid("there is no session to cancel").with_method(id));
        };
        target.cancel(&session).await.map_err(|error| error.with_method(id))
    }

    async fn execute(self, check: &mut ResponseCheck<'_>) -> Result<Response> {
        let id = self.call.method().id;
        self.run(check).await.map_err(|error| error.with_method(id))
    }

    async fn run(self, check: &mut ResponseCheck<'_>) -> Result<Response> {
        let target = Target::new(self.call, &self.source)?;
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
    /// Uploads, and decodes what the server says of it.
    ///
    /// # Errors
    ///
    /// As any call; [`ErrorKind::Media`](crate::ErrorKind::Media) when the protocol cannot go on,
    /// for example because its session expired and the content is gone.
    pub async fn send(self) -> Result<R> {
        self.send_full().await.map(|full| full.value)
    }

    /// As [`send`](Self::send), and keeps the answer's status and headers.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn send_full(self) -> Result<Full<R>> {
        let method = self.call.method();
        let mut value = None;
        let mut check = |response: &Response| {
            value = Some(decode::<R>(method, response)?);
            Ok(())
        };
        let response = self.execute(&mut check).await?;
        let value = value.ok_or_else(|| media_error("there was no answer"))?;
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

/// The error of a protocol that cannot go on.
pub(super) fn media_error(why: impl fmt::Display) -> Error {
    Error::new(crate::error::ErrorKind::Media, why.to_string())
}
