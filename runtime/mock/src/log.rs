//! Request log.

use std::fmt;
use std::time::{Duration, Instant};

use discovery_runtime::observe::secrets::hide_params;
use discovery_testing::Head;

use crate::engine::Engine;

/// Receiver of log entries.
pub(crate) type Log = Box<dyn Fn(&Entry) + Send + Sync>;

/// Log entry of a request. As text: `200 POST /v3/projects/p/jobs:search jobs.projects.jobs.search
/// 3.1 ms`. Tokens and keys in the query are redacted.
#[derive(Clone, Debug)]
pub struct Entry {
    /// HTTP verb.
    pub verb: String,
    /// Path and query as sent, with secrets redacted.
    pub target: String,
    /// Method id, if a method matched.
    pub method: Option<&'static str>,
    /// HTTP status of the response; `None` if a fault closed the connection.
    pub status: Option<u16>,
    /// Time from receiving the request's headers to the response.
    pub took: Duration,
    started: Instant,
}

impl Entry {
    pub(crate) fn begin(engine: &Engine, head: &Head) -> Self {
        let verb = head.method.as_str();
        let method = engine.method_of(verb, head.path()).map(|method| method.spec.id);
        let query = head.uri.query().map(without_secrets);
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        Self {
            verb: verb.to_owned(),
            target: format!("{}{query}", head.path()),
            method,
            status: None,
            took: Duration::ZERO,
            started: Instant::now(),
        }
    }

    pub(crate) fn end(&mut self, status: Option<u16>) {
        self.status = status;
        self.took = self.started.elapsed();
    }
}

fn without_secrets(query: &str) -> String {
    hide_params(query, |_| "…".to_owned())
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { verb, target, .. } = self;
        match self.status {
            Some(status) => write!(f, "{status} {verb} {target}")?,
            None => write!(f, "--- {verb} {target}")?,
        }
        let millis = self.took.as_secs_f64() * 1000.0;
        write!(f, " {} {millis:.1} ms", self.method.unwrap_or("-"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_redacted() {
        let shown = without_secrets(
            "alt=json&access_token=abc&key=k&bearerToken=b&x=key=1&upload_id=u&flag",
        );
        assert_eq!(shown, "alt=json&access_token=…&key=…&bearerToken=…&x=key=1&upload_id=…&flag");
    }
}
