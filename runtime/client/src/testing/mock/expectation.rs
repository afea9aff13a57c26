//! Expected requests, and their responses.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use discovery_testing::Reply;

use super::{MockRequest, MockTransport};
use crate::transport::TransportErrorKind;

/// Outcome of a request.
#[derive(Clone)]
pub(super) enum Action {
    Reply(Reply),
    Break(Reply, u64),
    Fail(TransportErrorKind),
    Hang,
}

/// A step of a script.
#[derive(Clone)]
enum Step {
    Action(Action),
    Compute(Arc<dyn Fn(&MockRequest) -> Reply + Send + Sync>),
}

type Check = dyn Fn(&MockRequest) -> Result<(), String> + Send + Sync;

/// Expected number of calls.
#[derive(Clone, Copy)]
enum Times {
    /// Once per step.
    Steps,
    Exactly(usize),
    Always,
}

pub(super) struct Expected {
    method_id: Option<String>,
    checks: Vec<Box<Check>>,
    steps: VecDeque<Step>,
    scripted: usize,
    times: Times,
    met: usize,
}

impl Expected {
    fn wanted(&self) -> Option<usize> {
        match self.times {
            Times::Steps => Some(self.scripted.max(1)),
            Times::Exactly(times) => Some(times),
            Times::Always => None,
        }
    }

    /// Returns why a request does not match.
    pub(super) fn mismatch(&self, request: &MockRequest) -> Option<String> {
        if self.method_id.as_deref().is_some_and(|id| request.method_id != Some(id)) {
            return Some("another method".to_owned());
        }
        if let Some(why) = self.checks.iter().find_map(|check| check(request).err()) {
            return Some(why);
        }
        let used_up = self.wanted().filter(|&wanted| self.met >= wanted)?;
        Some(format!("already called {used_up} times"))
    }

    /// Returns the next step. The last one repeats.
    pub(super) fn take(&mut self, request: &MockRequest) -> Action {
        self.met += 1;
        let last = self.steps.len() <= 1;
        let step = if last { self.steps.front().cloned() } else { self.steps.pop_front() };
        match step {
            Some(Step::Action(action)) => action,
            Some(Step::Compute(compute)) => Action::Reply(compute(request)),
            None => Action::Reply(Reply::json("{}")),
        }
    }

    /// Formats a mismatch as a line.
    pub(super) fn unmet(&self) -> Option<String> {
        let wanted = self.wanted().filter(|&wanted| self.met < wanted)?;
        Some(format!("{self} was called {} times, not {wanted}", self.met))
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.method_id.as_deref().unwrap_or("any method"))
    }
}

/// Creates an expectation; add conditions and a response.
///
/// It expects one call per scripted response; without one, it responds with `{}` once. Responses
/// are sent in order, and the last one repeats if [more calls](Self::times) are expected.
pub struct Expectation<'a> {
    mock: &'a MockTransport,
    index: usize,
}

impl<'a> Expectation<'a> {
    pub(super) fn new(mock: &'a MockTransport, method_id: Option<String>) -> Self {
        let mut state = mock.state();
        state.expected.push(Expected {
            method_id,
            checks: Vec::new(),
            steps: VecDeque::new(),
            scripted: 0,
            times: Times::Steps,
            met: 0,
        });
        Self { mock, index: state.expected.len() - 1 }
    }

    fn change(self, change: impl FnOnce(&mut Expected)) -> Self {
        if let Some(expected) = self.mock.state().expected.get_mut(self.index) {
            change(expected);
        }
        self
    }

    fn check(
        self,
        check: impl Fn(&MockRequest) -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        self.change(|expected| expected.checks.push(Box::new(check)))
    }

    fn step(self, step: Step) -> Self {
        self.change(|expected| {
            expected.steps.push_back(step);
            expected.scripted += 1;
        })
    }

    /// Matches requests for which `fits` returns `true`; `what` completes "it is not a request that
    /// …".
    pub fn when(
        self,
        what: &str,
        fits: impl Fn(&MockRequest) -> bool + Send + Sync + 'static,
    ) -> Self {
        let what = what.to_owned();
        self.check(move |request| match fits(request) {
            true => Ok(()),
            false => Err(format!("it is not a request that {what}")),
        })
    }

    /// Matches requests with this percent-encoded path.
    pub fn path(self, path: &str) -> Self {
        let path = path.to_owned();
        self.check(move |request| equal("the path", request.path(), &path))
    }

    /// Matches requests where this is the only value of a query parameter.
    pub fn query(self, name: &str, value: impl fmt::Display) -> Self {
        let (name, value) = (name.to_owned(), value.to_string());
        self.check(move |request| {
            equal(&format!("`{name}`"), &request.query(&name).join(" and "), &value)
        })
    }

    /// Matches requests with this value of a header.
    pub fn header(self, name: &str, value: &str) -> Self {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.check(move |request| match request.header(&name) {
            // Headers may contain secrets: the difference is not shown.
            Some(sent) if sent == value => Ok(()),
            Some(_) => Err(format!("the header `{name}` differs")),
            None => Err(format!("the header `{name}` is missing")),
        })
    }

    /// Matches requests with this JSON body, ignoring the order of members.
    pub fn body(self, body: impl Into<serde_json::Value>) -> Self {
        let body = body.into();
        self.check(move |request| match request.json() {
            Ok(sent) if sent == body => Ok(()),
            Ok(sent) => Err(format!("the body is {sent}, not {body}")),
            Err(_) => Err(format!("the body is not JSON, expected {body}")),
        })
    }

    /// Responds with `reply`.
    pub fn reply(self, reply: Reply) -> Self {
        self.step(Step::Action(Action::Reply(reply)))
    }

    /// Responds with the result of `compute`.
    pub fn reply_with(
        self,
        compute: impl Fn(&MockRequest) -> Reply + Send + Sync + 'static,
    ) -> Self {
        self.step(Step::Compute(Arc::new(compute)))
    }

    /// Responds, and truncates the body after this many bytes.
    pub fn reply_broken(self, reply: Reply, after: u64) -> Self {
        self.step(Step::Action(Action::Break(reply, after)))
    }

    /// Fails with a transport error.
    pub fn fail(self, kind: TransportErrorKind) -> Self {
        self.step(Step::Action(Action::Fail(kind)))
    }

    /// Never responds.
    pub fn hang(self) -> Self {
        self.step(Step::Action(Action::Hang))
    }

    /// Expects this number of calls.
    pub fn times(self, times: usize) -> Self {
        self.change(|expected| expected.times = Times::Exactly(times))
    }

    /// Allows any number of calls, including none.
    pub fn always(self) -> Self {
        self.change(|expected| expected.times = Times::Always)
    }
}

fn equal(what: &str, sent: &str, wanted: &str) -> Result<(), String> {
    if sent == wanted { Ok(()) } else { Err(format!("{what} is {sent:?}, not {wanted:?}")) }
}

impl fmt::Debug for Expectation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expectation").field("index", &self.index).finish_non_exhaustive()
    }
}
