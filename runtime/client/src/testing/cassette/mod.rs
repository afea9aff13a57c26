//! Exchanges with a real server, recorded once and replayed in tests.

mod body;
mod redact;
mod track;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

use self::redact::Redactor;
use self::track::{Request, Response, Track};
use super::mock::MockRequest;
use crate::BoxFuture;
use crate::multipart::Boundary;
use crate::redact::Secrets;
use crate::transport::{Body, ResponseBody, Transport, TransportError, TransportErrorKind};

/// A transport that records exchanges into a file, or replays the exchanges of a file.
///
/// Secrets are removed before anything is written: credentials in headers, keys and tokens in URLs,
/// tokens, passwords, and private keys in JSON and form bodies and in the calls of a batch, upload
/// sessions ([`observe::secrets`](crate::observe::secrets) has the list), and quotes of the
/// request's secrets in responses. Compressed responses are decompressed; exchanges with other
/// encodings are rejected. Add other secrets with [`with_secret`](Self::with_secret) and
/// [`with_replacement`](Self::with_replacement), both when recording and when replaying. Review new
/// recordings before sharing them.
///
/// Requests are matched by verb, URL, and body, after secrets are removed; the order of JSON
/// members does not matter. Equal requests are replayed in the recorded order.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use discovery_runtime::hyper::HyperTransport;
/// use discovery_runtime::testing::Cassette;
/// let path = "tests/cassettes/list.json";
/// let cassette = match std::env::var_os("RECORD") {
///     Some(_) => Cassette::record(path, HyperTransport::new()?),
///     None => Cassette::replay(path)?,
/// };
/// // let client = Client::builder().with_transport(cassette.clone())…
/// cassette.save()?; // writes the recording; does nothing when replaying
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Cassette {
    shared: Arc<Shared>,
}

struct Shared {
    path: PathBuf,
    /// Recorder; `None` when replaying.
    inner: Option<Box<dyn Transport>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    redactor: Redactor,
    tracks: Vec<Track>,
    played: Vec<bool>,
}

/// Maximum size of a recorded body: 64 MiB.
const LIMIT: u64 = 64 * 1024 * 1024;

impl Cassette {
    /// Sends requests through `inner` and records them, to be [saved](Self::save) to a file.
    #[must_use]
    pub fn record(path: impl Into<PathBuf>, inner: impl Transport + 'static) -> Self {
        Self::new(path.into(), Some(Box::new(inner)), Vec::new())
    }

    /// Responds to requests from a recording.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be read, or is not a recording.
    pub fn replay(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let text = std::fs::read_to_string(&path)?;
        let tracks = read(&text).ok_or_else(|| {
            let message = format!("{} is not a recording", path.display());
            io::Error::new(io::ErrorKind::InvalidData, message)
        })?;
        Ok(Self::new(path, None, tracks))
    }

    fn new(path: PathBuf, inner: Option<Box<dyn Transport>>, tracks: Vec<Track>) -> Self {
        let played = vec![false; tracks.len()];
        let state = Mutex::new(State { redactor: Redactor::default(), tracks, played });
        Self { shared: Arc::new(Shared { path, inner, state }) }
    }

    /// Redacts the values with a name: of query parameters, form fields, JSON members, and headers.
    /// Case, `-`, and `_` are ignored.
    #[must_use]
    pub fn with_secret(self, name: &str) -> Self {
        self.state().redactor.add_name(name);
        self
    }

    /// Replaces a text everywhere, for example a project id.
    #[must_use]
    pub fn with_replacement(self, text: &str, instead: &str) -> Self {
        self.state().redactor.add_text(text, instead);
        self
    }

    /// Writes the recording to its file, creating missing folders. Does nothing when replaying.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be written.
    pub fn save(&self) -> io::Result<()> {
        if self.shared.inner.is_none() {
            return Ok(());
        }
        let tracks: Value = self.state().tracks.iter().map(Track::to_json).collect();
        let text = format!("{tracks:#}\n");
        if let Some(folder) = self.shared.path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&self.shared.path, text)
    }

    /// Returns the number of recorded exchanges that were not replayed.
    #[must_use]
    pub fn unplayed(&self) -> usize {
        self.state().played.iter().filter(|played| !**played).count()
    }

    /// Returns the file of the recording.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.shared.path
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Finds the recording of a request.
    fn play(&self, request: &MockRequest) -> Result<Response, TransportError> {
        let mut state = self.state();
        let wanted = Request::of(request, &state.redactor.with_secrets(secrets(request)));
        let wanted = wanted.map_err(|why| unrecordable("request", &why))?;
        let mut nearest = None;
        for (at, track) in state.tracks.iter().enumerate() {
            let played = state.played.get(at).copied().unwrap_or(false);
            match track.request.difference(&wanted) {
                None if !played => {
                    let response = track.response.clone();
                    if let Some(played) = state.played.get_mut(at) {
                        *played = true;
                    }
                    return Ok(response);
                }
                None => nearest = Some("it was recorded, but already replayed".to_owned()),
                Some(how) if nearest.is_none() && track.method.as_deref() == request.method_id => {
                    nearest = Some(format!("a recording of the method differs: {how}"));
                }
                Some(_) => {}
            }
        }
        let why = nearest.unwrap_or_else(|| "no recording of the method".to_owned());
        let path = self.shared.path.display();
        let message = format!("{} {} is not in {path}: {why}", wanted.verb, wanted.url);
        Err(TransportError::new(TransportErrorKind::Other, message))
    }

    async fn send_recorded(
        &self,
        inner: &dyn Transport,
        request: http::Request<Body>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        let (parts, body) = request.into_parts();
        let copy = http::Request::from_parts(parts.clone(), body);
        let seen = MockRequest::read(copy).await?;
        let redactor = self.state().redactor.with_secrets(secrets(&seen));
        let recorded = Request::of(&seen, &redactor);
        let recorded = recorded.map_err(|why| unrecordable("request", &why))?;
        let again = http::Request::from_parts(parts, Body::bytes(seen.body.clone()));
        let (head, body) = inner.send(again).await?.into_parts();
        let body = body.collect(LIMIT).await?;
        let mut redactor = redactor;
        let mut state = self.state();
        if let Some(session) = session_in_path(&seen, &head.headers) {
            state.redactor.add_text(&session, "SESSION");
            redactor.add_text(&session, "SESSION");
        }
        let answer = Response::of(head.status.as_u16(), &head.headers, &body, &redactor);
        let response = answer.map_err(|why| unrecordable("answer", &why))?;
        let method = seen.method_id.map(str::to_owned);
        state.tracks.push(Track { method, request: recorded, response });
        state.played.push(true);
        Ok(http::Response::from_parts(head, ResponseBody::full(body)))
    }
}

impl Transport for Cassette {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportError>> {
        Box::pin(async move {
            if let Some(inner) = &self.shared.inner {
                return self.send_recorded(&**inner, request).await;
            }
            let request = MockRequest::read(request).await?;
            self.play(&request).map(answer)
        })
    }
}

/// Returns the secrets of a request, to find quotes of them in the response. Short ones are
/// excluded, since they could be ordinary words.
fn secrets(request: &MockRequest) -> Secrets {
    let mut secrets = Secrets::default();
    secrets.add_headers(&request.headers);
    secrets.add_query(&request.uri);
    if request.header("content-type").is_some_and(|kind| kind.contains("form-urlencoded")) {
        secrets.add_pairs(&String::from_utf8_lossy(&request.body));
    }
    if let Some(boundary) = request.header("content-type").and_then(Boundary::from_content_type) {
        body::secrets_of_parts(&request.body, &boundary, &mut secrets);
    }
    secrets.longer_than(7)
}

/// Returns the secret part of an upload session's URL, if it is in the path.
fn session_in_path(request: &MockRequest, answer: &HeaderMap) -> Option<String> {
    let opens = request.query("uploadType").iter().any(|kind| kind == "resumable");
    let location = answer.get(http::header::LOCATION)?.to_str().ok().filter(|_| opens)?;
    let path = location.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit('/').next().filter(|last| last.len() >= 8)?;
    (!path.ends_with(request.path())).then(|| last.to_owned())
}

fn unrecordable(what: &str, why: &str) -> TransportError {
    let message = format!("the {what} cannot be recorded without its secrets: {why}");
    TransportError::new(TransportErrorKind::Other, message)
}

fn read(text: &str) -> Option<Vec<Track>> {
    let value: Value = serde_json::from_str(text).ok()?;
    value.as_array()?.iter().map(Track::from_json).collect()
}

fn answer(response: Response) -> http::Response<ResponseBody> {
    let body: Bytes = response.body.bytes();
    let mut answer = http::Response::new(ResponseBody::full(body));
    *answer.status_mut() = StatusCode::from_u16(response.status).unwrap_or_default();
    for (name, value) in response.headers {
        let name = HeaderName::try_from(name);
        if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value)) {
            answer.headers_mut().append(name, value);
        }
    }
    answer
}

impl fmt::Debug for Cassette {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cassette")
            .field("path", &self.shared.path)
            .field("records", &self.shared.inner.is_some())
            .field("exchanges", &self.state().tracks.len())
            .finish()
    }
}

#[cfg(test)]
mod secret_tests;
#[cfg(test)]
mod tests;
