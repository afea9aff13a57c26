//! `-v`: logs requests and responses with secrets hidden.

use std::io::Write;
use std::sync::{Arc, Mutex};

use discovery_runtime::observe::{AttemptReport, AttemptStart, Interceptor};

use crate::text;

/// Destination of the log.
pub(crate) type Sink = Arc<Mutex<dyn Write + Send>>;

/// Logs a line for every exchange, optionally with headers.
pub(crate) struct Log {
    pub(crate) sink: Sink,
    pub(crate) headers: bool,
}

impl Log {
    fn line(&self, line: &str) {
        if let Ok(mut sink) = self.sink.lock() {
            let _ = writeln!(sink, "{}", text::printable(line));
        }
    }
}

/// Headers whose values are logged.
const SAFE_HEADERS: &[&str] = &[
    "accept",
    "accept-encoding",
    "content-length",
    "content-range",
    "content-type",
    "user-agent",
    "x-goog-api-client",
    "x-goog-api-version",
    "x-goog-user-project",
];

impl Interceptor for Log {
    fn before_attempt(&self, attempt: &mut AttemptStart<'_>) {
        let again = match attempt.number {
            1 => String::new(),
            number => format!(" (attempt {number})"),
        };
        self.line(&format!("> {} {}{again}", attempt.verb, attempt.url));
        if self.headers {
            for (name, value) in attempt.headers.iter() {
                let value = match value.to_str() {
                    Ok(value) if SAFE_HEADERS.contains(&name.as_str()) => value,
                    _ => crate::text::HIDDEN,
                };
                self.line(&format!("> {name}: {value}"));
            }
        }
    }

    fn after_attempt(&self, report: &AttemptReport<'_>) {
        let millis = report.elapsed.as_millis();
        let outcome = match (report.status, report.error) {
            (Some(status), _) => status.to_string(),
            (None, Some(error)) => error.to_string(),
            (None, None) => "no answer".to_owned(),
        };
        let next = match report.retry_in {
            Some(wait) => format!(", next attempt in {} ms", wait.as_millis()),
            None => String::new(),
        };
        self.line(&format!("< {outcome} ({millis} ms){next}"));
    }
}
