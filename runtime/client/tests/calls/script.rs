//! A transport that follows a script without delays, so that an auto-advancing clock moves only
//! when a call waits.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use discovery_runtime::clock::ManualClock;
use discovery_runtime::transport::{
    Body, ResponseBody, Transport, TransportError, TransportErrorKind,
};
use discovery_runtime::{BoxFuture, ClientBuilder};
use http::{HeaderMap, Request, Response};

use crate::api::Client;

/// Outcome of a request.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Answer {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    Fail(TransportErrorKind),
    /// A successful response that is not ready when first polled.
    Late(String),
    /// Never responds.
    Hang,
    /// Headers, and then no byte of the body.
    Stall,
    /// Headers, and then a truncated body.
    Break,
}

impl Step {
    pub(crate) fn ok(body: &str) -> Self {
        Self::status(200, body)
    }

    pub(crate) fn status(status: u16, body: &str) -> Self {
        Self::Answer { status, headers: Vec::new(), body: body.to_owned() }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name, value.to_string()));
        }
        self
    }
}

/// A sent request.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) line: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

#[derive(Clone, Default)]
pub(crate) struct Script {
    steps: Arc<Mutex<VecDeque<Step>>>,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Script {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let steps = Arc::new(Mutex::new(steps.into_iter().collect()));
        Self { steps, sent: Arc::default() }
    }

    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.sent.lock().unwrap().len()
    }

    /// Creates a client of the script, without credentials.
    pub(crate) fn client(&self, clock: &ManualClock) -> ClientBuilder<Client> {
        Client::builder().with_transport(self.clone()).with_clock(clock.clone()).with_anonymous()
    }
}

impl Transport for Script {
    fn send(
        &self,
        request: Request<Body>,
    ) -> BoxFuture<'_, Result<Response<ResponseBody>, TransportError>> {
        let body = request.body().as_bytes().unwrap_or(b"(stream)");
        self.sent.lock().unwrap().push(Sent {
            line: format!("{} {}", request.method(), request.uri()),
            headers: request.headers().clone(),
            body: String::from_utf8_lossy(body).into_owned(),
        });
        let step = self.steps.lock().unwrap().pop_front().expect("the script has ended");
        Box::pin(async move {
            match step {
                Step::Hang => std::future::pending().await,
                Step::Late(body) => {
                    tokio::task::yield_now().await;
                    Ok(Response::new(ResponseBody::full(body)))
                }
                Step::Fail(kind) => Err(TransportError::new(kind, "scripted failure")),
                Step::Stall => Ok(Response::new(ResponseBody::stream(Never))),
                Step::Break => {
                    let broken = TransportError::new(TransportErrorKind::Interrupted, "cut");
                    Ok(Response::new(ResponseBody::stream(Once(Some(broken)))))
                }
                Step::Answer { status, headers, body } => {
                    let mut response = Response::builder().status(status);
                    for (name, value) in headers {
                        response = response.header(name, value);
                    }
                    Ok(response.body(ResponseBody::full(body)).unwrap())
                }
            }
        })
    }
}

struct Once(Option<TransportError>);

impl futures_core::Stream for Once {
    type Item = Result<bytes::Bytes, TransportError>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.take().map(Err))
    }
}

struct Never;

impl futures_core::Stream for Never {
    type Item = Result<bytes::Bytes, TransportError>;

    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Pending
    }
}
