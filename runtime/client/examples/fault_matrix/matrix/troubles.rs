//! Faults and their expected outcomes.

use std::time::Duration;

use discovery_runtime::testing::Fault;

use crate::matrix::kinds::Kind;

/// A fault of the matrix.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trouble {
    pub(crate) name: &'static str,
    pub(crate) what: What,
    class: Class,
    pub(crate) http2: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum What {
    /// The first connection is refused.
    Refused,
    Once(Fault),
    /// The connection is reset during the request body.
    InBody,
    Always(Fault),
}

/// Effect of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// Not executed, and the client knows: every call is retried.
    Refused,
    /// Not executed, but the client does not know.
    Lost(&'static str),
    /// Executed, but the client does not know.
    Executed(&'static str),
    /// Executed, with a truncated response that HTTP considers complete.
    Shortened,
    /// The token is rejected, repeatedly.
    Denied,
}

/// Outcome of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// `ok`, an HTTP status, or a kind of error.
    pub(crate) result: String,
    /// Number of requests.
    pub(crate) requests: usize,
}

/// How long a client waits for a server that stalls. An attempt takes milliseconds; a machine under
/// load has much more time for it.
const PATIENCE: Duration = Duration::from_secs(12);

/// Duration of a stall, which exceeds the client's patience.
const STALL: Duration = Duration::from_secs(120);

/// Limit of everything that should not end by a timeout.
pub(crate) const LONG: Duration = Duration::from_secs(600);

const fn once(name: &'static str, fault: Fault, class: Class) -> Trouble {
    let http2 = matches!(fault, Fault::GoAway | Fault::RstStream | Fault::RefusedStream);
    Trouble { name, what: What::Once(fault), class, http2 }
}

const fn status(name: &'static str, status: u16) -> Trouble {
    once(name, Fault::Status(status), Class::Lost(name))
}

pub(crate) const ALL: [Trouble; 21] = [
    Trouble { name: "refused", what: What::Refused, class: Class::Refused, http2: false },
    once("reset before", Fault::Reset, Class::Lost("transport")),
    Trouble { name: "reset in", what: What::InBody, class: Class::Lost("transport"), http2: false },
    once("reset after", Fault::LoseAnswer, Class::Executed("transport")),
    once("slow headers", Fault::SlowHeaders(STALL), Class::Executed("timeout")),
    once(
        "stalled body",
        Fault::StallForAfter { wait: STALL, bytes: 0 },
        Class::Executed("timeout"),
    ),
    once("truncated JSON", Fault::Truncated, Class::Shortened),
    once("wrong length", Fault::WrongLength, Class::Executed("transport")),
    status("408", 408),
    once("429", Fault::Status(429), Class::Refused),
    once("429 with delay", Fault::StatusRetryAfter { status: 429, seconds: 1 }, Class::Refused),
    status("500", 500),
    status("502", 502),
    status("503", 503),
    status("504", 504),
    once("HTML 502", Fault::Html(502), Class::Lost("502")),
    once("401 once", Fault::Status(401), Class::Refused),
    Trouble {
        name: "401 always",
        what: What::Always(Fault::Status(401)),
        class: Class::Denied,
        http2: false,
    },
    once("GOAWAY", Fault::GoAway, Class::Refused),
    once("RST_STREAM", Fault::RstStream, Class::Executed("transport")),
    once("REFUSED_STREAM", Fault::RefusedStream, Class::Refused),
];

impl Trouble {
    /// Returns how long a client waits for a response.
    pub(crate) fn patience(&self) -> Duration {
        if self.class == Class::Executed("timeout") { PATIENCE } else { LONG }
    }

    /// Returns the expected outcome of a call.
    pub(crate) fn expected(&self, kind: Kind) -> Outcome {
        let base = kind.requests();
        let outcome = |result: &str, requests| Outcome { result: result.to_owned(), requests };
        match (self.class, kind) {
            (Class::Denied, _) => outcome("401", 2),
            // A rejected token is replaced before the upload starts.
            (Class::Refused, Kind::Upload) if self.name == "401 once" => outcome("ok", base + 1),
            // The client queries the stored bytes, then sends the rest.
            (Class::Refused | Class::Lost(_), Kind::Upload) => outcome("ok", base + 2),
            // The server already has all bytes.
            (Class::Executed(_) | Class::Shortened, Kind::Upload) => outcome("ok", base + 1),
            // The checksum reveals it.
            (Class::Shortened, Kind::Download) => outcome("media", base),
            (Class::Shortened, _) if !kind.is_idempotent() => outcome("decode", base),
            (Class::Lost(result) | Class::Executed(result), _) if !kind.is_idempotent() => {
                outcome(result, base)
            }
            _ => outcome("ok", base + 1),
        }
    }

    /// Returns the maximum number of executions.
    pub(crate) const fn most_executions(&self, kind: Kind) -> usize {
        if kind.is_idempotent() { kind.requests() + 1 } else { 1 }
    }
}
