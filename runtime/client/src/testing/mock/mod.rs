//! A scripted transport for tests.

mod expectation;
mod request;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use discovery_testing::{Content, Reply};
use futures_core::Stream;

pub use self::expectation::Expectation;
use self::expectation::{Action, Expected};
pub use self::request::MockRequest;
use crate::BoxFuture;
use crate::transport::{Body, ResponseBody, Transport, TransportError, TransportErrorKind};

/// A transport without a network: each request is handled by the first matching expectation that
/// expects more calls.
///
/// Clones share everything, so a test keeps one and passes one to the client. A request without a
/// matching expectation fails with a message that describes the expected ones;
/// [`verify`](Self::verify) at the end reports expected calls that were not made.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use discovery_runtime::testing::{MockTransport, Reply};
/// # use discovery_runtime::{Call, Client, ClientBuilder, ServiceClient, json::Json, spec::*};
/// # static API: ServiceSpec = ServiceSpec { id: "jobs:v3", root_url: "https://jobs.googleapis.com/",
/// #     mtls_root_url: None, service_path: "", batch_path: None, data_wrapper: false,
/// #     package: "x", package_version: "0" };
/// # static GET: MethodSpec =
/// #     MethodSpec::get("jobs.get", &API, &[Segment::Literal("v3/"), Segment::Reserved("name")]);
/// # struct Jobs(Client);
/// # impl ServiceClient for Jobs {
/// #     const SERVICE: &'static ServiceSpec = &API;
/// #     fn from_runtime(client: Client) -> Self { Self(client) }
/// # }
/// let mock = MockTransport::new();
/// mock.expect("jobs.get")
///     .path("/v3/projects/p/jobs/1")
///     .reply(Reply::error(503, "busy"))
///     .reply(Reply::json(r#"{"title": "Baker"}"#));
///
/// let client: Jobs = ClientBuilder::new().with_transport(mock.clone()).with_anonymous().build()?;
/// # let call = Call::new(&client.0, &GET).path("name", &"projects/p/jobs/1");
/// // let job = client.projects().jobs().get("projects/p/jobs/1").await?;
/// # let job: Json = call.send().await?;
/// assert_eq!(job.as_str(), r#"{"title":"Baker"}"#);
/// assert_eq!(mock.requests().len(), 2);
/// mock.verify()?;
/// # Ok(()) }
/// ```
#[derive(Clone, Default)]
pub struct MockTransport {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    expected: Vec<Expected>,
    requests: Vec<MockRequest>,
    unexpected: Vec<String>,
}

/// Mismatches: expected calls that were not made, and unexpected ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet(Vec<String>);

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for Unmet {}

impl MockTransport {
    /// Creates a transport without expectations.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Expects a call of a method, by its discovery id, for example `jobs.projects.jobs.list`.
    pub fn expect(&self, method_id: &str) -> Expectation<'_> {
        Expectation::new(self, Some(method_id.to_owned()))
    }

    /// Expects a call of any method.
    pub fn expect_any(&self) -> Expectation<'_> {
        Expectation::new(self, None)
    }

    /// Returns all requests so far, including unexpected ones.
    #[must_use]
    pub fn requests(&self) -> Vec<MockRequest> {
        self.state().requests.clone()
    }

    /// Checks that exactly the expected calls were made.
    ///
    /// # Errors
    ///
    /// [`Unmet`] lists the differences, one per line.
    pub fn verify(&self) -> Result<(), Unmet> {
        let state = self.state();
        let mut lines = state.unexpected.clone();
        lines.extend(state.expected.iter().filter_map(Expected::unmet));
        if lines.is_empty() { Ok(()) } else { Err(Unmet(lines)) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Action for a request.
    fn answer(&self, request: MockRequest) -> Result<Action, TransportError> {
        let mut state = self.state();
        state.requests.push(request.clone());
        let mut why = Vec::new();
        for expected in &mut state.expected {
            match expected.mismatch(&request) {
                None => return Ok(expected.take(&request)),
                Some(reason) => why.push(format!("- {expected}: {reason}")),
            }
        }
        let mut message = format!("unexpected request {request:?}");
        match why.is_empty() {
            true => message.push_str("; nothing was expected"),
            false => message.push_str(&format!("; expected were:\n{}", why.join("\n"))),
        }
        state.unexpected.push(message.clone());
        Err(TransportError::new(TransportErrorKind::Other, message))
    }
}

impl Transport for MockTransport {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportError>> {
        Box::pin(async move {
            let request = MockRequest::read(request).await?;
            match self.answer(request)? {
                Action::Reply(reply) => Ok(respond(reply, None)),
                Action::Break(reply, after) => Ok(respond(reply, Some(after))),
                Action::Fail(kind) => {
                    let message = format!("failure scripted by the test ({})", kind.as_str());
                    Err(TransportError::new(kind, message))
                }
                Action::Hang => std::future::pending().await,
            }
        })
    }
}

impl fmt::Debug for MockTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("MockTransport")
            .field("expected", &state.expected.len())
            .field("requests", &state.requests)
            .finish()
    }
}

/// Response of a script; its body may be truncated.
fn respond(reply: Reply, break_after: Option<u64>) -> http::Response<ResponseBody> {
    let (status, headers, content) = reply.into_parts();
    let body = match (content.bytes(), break_after) {
        (Some(bytes), None) => ResponseBody::full(bytes.clone()),
        _ => ResponseBody::stream(Pieces { content, at: 0, break_after }),
    };
    let mut response = http::Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

struct Pieces {
    content: Content,
    at: u64,
    break_after: Option<u64>,
}

impl Stream for Pieces {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        let end = self.break_after.unwrap_or(u64::MAX);
        let left = usize::try_from(end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let piece = self.content.read(self.at, left.min(64 * 1024));
        self.at += piece.len() as u64;
        let broken = self.break_after.take_if(|_| piece.is_empty());
        let failed =
            || TransportError::new(TransportErrorKind::Interrupted, "truncated by the test");
        std::task::Poll::Ready(match (piece.is_empty(), broken) {
            (false, _) => Some(Ok(piece)),
            (true, Some(_)) => {
                self.at = u64::MAX;
                Some(Err(failed()))
            }
            (true, None) => None,
        })
    }
}

#[cfg(test)]
mod tests;
