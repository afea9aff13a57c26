//! Scripted answers of a server, as text.
//!
//! ```text
//! 206
//! content-range: bytes 0-3/10
//!
//! body
//! =====
//! 200
//! ```

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use discovery_runtime::BoxFuture;
use discovery_runtime::clock::ManualClock;
use discovery_runtime::transport::{
    Body, ResponseBody, Transport, TransportError, TransportErrorKind,
};
use futures_core::Stream;
use google_kitchen_sink_v1::Client;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};

use super::agree::ensure;

/// Line between answers.
const BETWEEN: &[u8] = b"\n=====\n";

/// Most requests of one script: a client that sends more does not end.
const MOST_REQUESTS: usize = 200;

/// An answer.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
    /// Whether the connection breaks after the body.
    breaks: bool,
}

impl Answer {
    /// Parses an answer; what cannot be sent is left out.
    fn read(text: &[u8]) -> Self {
        let mut answer = Self::default();
        let end = text.windows(2).position(|two| two == b"\n\n");
        let (head, body) = end.map_or((text, &[][..]), |at| (&text[..at], &text[at + 2..]));
        for (at, line) in head.split(|byte| *byte == b'\n').enumerate() {
            if at == 0 {
                let number =
                    std::str::from_utf8(line).ok().and_then(|line| line.trim().parse().ok());
                answer.status =
                    number.and_then(|n: u16| StatusCode::from_u16(n).ok()).unwrap_or_default();
            } else if line == b"break" {
                answer.breaks = true;
            } else if let Some(colon) = line.iter().position(|byte| *byte == b':') {
                let name = HeaderName::from_bytes(line[..colon].trim_ascii());
                let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii());
                answer.headers.extend(name.ok().zip(value.ok()));
            }
        }
        answer.body = Bytes::copy_from_slice(body);
        answer
    }

    /// The body.
    pub(super) fn body(&self) -> &Bytes {
        &self.body
    }
}

/// A server that gives the answers of a script, then 404.
#[derive(Clone, Debug)]
pub(super) struct Script {
    state: Arc<Mutex<State>>,
    /// Largest piece of a body.
    piece: usize,
}

#[derive(Debug, Default)]
struct State {
    answers: VecDeque<Answer>,
    requests: usize,
}

impl Script {
    /// Reads a script. Bodies are sent in pieces of at most `piece` bytes.
    pub(super) fn new(text: &[u8], piece: usize) -> Self {
        let state = State { answers: answers(text).into(), requests: 0 };
        Self { state: Arc::new(Mutex::new(state)), piece: piece.max(1) }
    }

    /// Replaces answers after which a client waits: programs wait by the clock.
    pub(super) fn without_waits(self) -> Self {
        for answer in &mut self.lock().answers {
            let status = answer.status;
            if status.is_server_error()
                || matches!(status.as_u16(), 401 | 408 | 429)
                || answer.breaks
            {
                answer.status = StatusCode::BAD_REQUEST;
                answer.breaks = false;
            }
        }
        self
    }

    /// A client of this server, whose waits end at once.
    pub(super) fn client(&self) -> Result<Client, String> {
        Client::builder()
            .with_transport(self.clone())
            .with_anonymous()
            .with_clock(ManualClock::jumping())
            .build()
            .map_err(|error| format!("client: {error}"))
    }

    /// Runs a call. It must end, and its error must be fit for a terminal.
    pub(super) fn run<T>(
        &self,
        call: impl Future<Output = discovery_runtime::Result<T>>,
    ) -> Result<Option<T>, String> {
        let result = RUNTIME.as_ref().map_err(ToString::to_string)?.block_on(call);
        ensure(self.lock().requests < MOST_REQUESTS, "endless", || "too many requests".to_owned())?;
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error) => {
                let (shown, debug) = (error.to_string(), format!("{error:?}"));
                ensure(shown.len() < 10_000 && debug.len() < 40_000, "long error", || {
                    shown.clone()
                })?;
                Ok(None)
            }
        }
    }

    /// The number of requests so far.
    pub(super) fn requests(&self) -> usize {
        self.lock().requests
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answers of a script.
pub(super) fn answers(text: &[u8]) -> Vec<Answer> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.windows(BETWEEN.len()).position(|part| part == BETWEEN) {
        all.push(Answer::read(&rest[..at]));
        rest = &rest[at + BETWEEN.len()..];
    }
    all.push(Answer::read(rest));
    all
}

static RUNTIME: LazyLock<std::io::Result<tokio::runtime::Runtime>> =
    LazyLock::new(|| tokio::runtime::Builder::new_current_thread().enable_time().build());

impl Transport for Script {
    fn send(
        &self,
        request: Request<Body>,
    ) -> BoxFuture<'_, Result<Response<ResponseBody>, TransportError>> {
        let piece = self.piece;
        Box::pin(async move {
            drain(request.into_body()).await;
            let answer = {
                let mut state = self.lock();
                state.requests += 1;
                let more = state.requests < MOST_REQUESTS;
                state.answers.pop_front().filter(|_| more)
            };
            let none = || Answer { status: StatusCode::NOT_FOUND, ..Answer::default() };
            let answer = answer.unwrap_or_else(none);
            let pieces = Pieces { body: answer.body, piece, breaks: answer.breaks };
            let mut response = Response::new(ResponseBody::stream(pieces));
            *response.status_mut() = answer.status;
            response.headers_mut().extend(answer.headers.into_iter().map(|(n, v)| (Some(n), v)));
            Ok(response)
        })
    }
}

/// Reads a request's body, as a server would.
async fn drain(mut body: Body) {
    let next = |body: &mut Body, cx: &mut Context<'_>| Pin::new(body).poll_next(cx);
    while std::future::poll_fn(|cx| next(&mut body, cx)).await.is_some() {}
}

/// The pieces of a body.
struct Pieces {
    body: Bytes,
    piece: usize,
    breaks: bool,
}

impl Stream for Pieces {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let length = self.piece.min(self.body.len());
        if length > 0 {
            return Poll::Ready(Some(Ok(self.body.split_to(length))));
        }
        let broken =
            || TransportError::new(TransportErrorKind::Interrupted, "the script ends here");
        Poll::Ready(std::mem::take(&mut self.breaks).then(|| Err(broken())))
    }
}

/// Runs a future to its end.
pub(super) fn block_on<T>(future: impl Future<Output = T>) -> Result<T, String> {
    Ok(RUNTIME.as_ref().map_err(ToString::to_string)?.block_on(future))
}
