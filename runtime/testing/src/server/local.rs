//! In-process exchanges.

use std::fmt;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Body;

use super::exchange::{Wire, run};
use super::incoming::Head;
pub use super::plan::Cut;
use super::plan::{Damage, Outgoing};
use super::service::Service;

impl Service {
    /// Responds to a request without a socket, with the same faults.
    ///
    /// # Errors
    ///
    /// A [`Cut`] if the exchange ends without a response. With [`Cut::Hang`], the future never
    /// completes.
    pub async fn call<B>(
        &self,
        request: http::Request<B>,
    ) -> Result<http::Response<ResponseStream>, Cut>
    where
        B: Body<Data = Bytes> + Send + Unpin,
    {
        let (parts, body) = request.into_parts();
        let head = Head {
            method: parts.method,
            uri: parts.uri,
            headers: parts.headers,
            version: parts.version,
            origin: String::new(),
            connection: 0,
            in_process: true,
        };
        let mut wire = Local { body, outcome: Err(Cut::Reset) };
        // If the body fails, the server sees an aborted request.
        let _ = run(self, head, &mut wire).await;
        wire.outcome
    }
}

struct Local<B> {
    body: B,
    outcome: Result<http::Response<ResponseStream>, Cut>,
}

impl<B: Body<Data = Bytes> + Send + Unpin> Wire for Local<B> {
    async fn chunk(&mut self) -> io::Result<Option<Bytes>> {
        loop {
            let frame = poll_fn(|cx| Pin::new(&mut self.body).poll_frame(cx)).await;
            match frame.transpose().map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))? {
                None => return Ok(None),
                Some(frame) => {
                    // Trailers are skipped.
                    if let Ok(data) = frame.into_data() {
                        return Ok(Some(data));
                    }
                }
            }
        }
    }

    async fn answer(
        &mut self,
        head: http::response::Parts,
        body: Outgoing,
        damage: Damage,
    ) -> io::Result<()> {
        tokio::time::sleep(damage.slow_head).await;
        self.outcome = Ok(http::Response::from_parts(head, ResponseStream::new(body)));
        Ok(())
    }

    async fn cut(&mut self, cut: Cut) -> io::Result<()> {
        self.outcome = Err(cut);
        if cut == Cut::Hang {
            std::future::pending::<()>().await;
        }
        Ok(())
    }
}

type Step = Pin<Box<dyn Future<Output = (Outgoing, Option<Bytes>)> + Send>>;

/// Body of an in-process response, including damage by faults.
pub struct ResponseStream {
    /// Body sent at once; `None` if it is sent in steps.
    whole: Option<Bytes>,
    step: Option<Step>,
    size: u64,
}

/// Error of a truncated body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TruncatedBody;

impl fmt::Display for TruncatedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the response was truncated")
    }
}

impl std::error::Error for TruncatedBody {}

impl ResponseStream {
    fn new(body: Outgoing) -> Self {
        let (whole, size) = (body.whole(), body.declared);
        let step = whole.is_none().then(|| step(body));
        Self { whole, step, size }
    }

    /// Returns the whole body if it is undamaged and in memory.
    #[must_use]
    pub const fn bytes(&self) -> Option<&Bytes> {
        self.whole.as_ref()
    }

    /// Returns the size that a `Content-Length` would state.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Returns the next bytes; `None` at the end.
    pub fn poll_bytes(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TruncatedBody>>> {
        if let Some(bytes) = self.whole.take() {
            return Poll::Ready(Some(Ok(bytes)));
        }
        let Some(running) = &mut self.step else { return Poll::Ready(None) };
        let (body, piece) = std::task::ready!(running.as_mut().poll(cx));
        let Some(piece) = piece else {
            self.step = None;
            return Poll::Ready(body.broken.then_some(Err(TruncatedBody)));
        };
        self.step = Some(step(body));
        Poll::Ready(Some(Ok(piece)))
    }
}

fn step(mut body: Outgoing) -> Step {
    Box::pin(async move {
        let piece = body.next().await;
        (body, piece)
    })
}

impl fmt::Debug for ResponseStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.size)
    }
}
