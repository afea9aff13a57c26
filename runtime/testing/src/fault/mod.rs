//! Faults by name.

mod parse;
mod rule;

use std::fmt;
use std::time::Duration;

pub use self::rule::FaultRule;
pub(crate) use self::rule::{GOLDEN, mix};

/// What goes wrong with one exchange.
///
/// The names are those of Google's
/// [storage testbench](https://github.com/googleapis/storage-testbench#forced-failures-supported)
/// where it has the fault, so that scenarios read the same. `X` is an HTTP status, `T` a time such as
/// `2s` or `200ms`, `Y` a number of KiB. A [`FaultRule`] says which exchanges meet it.
///
/// ```
/// use discovery_testing::Fault;
/// let fault: Fault = "return-503-after-256K".parse()?;
/// assert_eq!(fault, Fault::StatusAfter { status: 503, bytes: 256 * 1024 });
/// assert_eq!(fault.to_string(), "return-503-after-256K");
/// # Ok::<(), discovery_testing::BadFault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// `return-X`: reads the request, does not execute it, answers with Google's error JSON.
    Status(u16),
    /// `return-X-after-YK`: executes the request as if its body ended after so many bytes, then
    /// answers with the status.
    StatusAfter {
        /// The HTTP status.
        status: u16,
        /// How many bytes of the request body count.
        bytes: u64,
    },
    /// `return-X-retry-after-T` (ours): as `return-X`, with a `Retry-After` header.
    StatusRetryAfter {
        /// The HTTP status.
        status: u16,
        /// The delay that the header asks for, in seconds.
        seconds: u64,
    },
    /// `return-X-after-request`, `return-X-retry-after-T-after-request` (ours): executes the request,
    /// then answers with the status.
    LateStatus {
        /// The HTTP status.
        status: u16,
        /// The delay that a `Retry-After` header asks for, in seconds.
        retry_after: Option<u64>,
    },
    /// `return-html-X` (ours): as `return-X`, with a proxy's HTML page for a body.
    Html(u16),
    /// `return-reset-connection`: resets the connection once the request's head is read. Nothing
    /// is executed.
    Reset,
    /// `return-reset-connection-after-YK` (ours): executes the request as if its body ended after
    /// so many bytes, then resets the connection.
    ResetAfter(u64),
    /// `return-reset-connection-after-request` (ours): executes the request, then resets the
    /// connection: the answer is lost.
    LoseAnswer,
    /// `return-broken-stream`: breaks the connection off after a few bytes of the response body, at the
    /// latest before its last byte.
    BrokenStream,
    /// `return-broken-stream-after-YK`: breaks off after so many bytes of the response body.
    BrokenStreamAfter(u64),
    /// `return-corrupted-data`: changes one byte of the response body.
    Corrupted,
    /// `return-truncated-body` (ours): a response that HTTP finds whole, with half of its body.
    Truncated,
    /// `return-wrong-length` (ours): a `Content-Length` that is ten bytes too long.
    WrongLength,
    /// `stall-always`: reads the request, executes it, never answers.
    StallAlways,
    /// `stall-for-T`: waits before the answer.
    StallFor(Duration),
    /// `stall-for-T-after-YK`: waits once so many bytes of the request body have been read, or,
    /// if it is shorter, once so many of the response body have been written.
    StallForAfter {
        /// How long.
        wait: Duration,
        /// After how many bytes.
        bytes: u64,
    },
    /// `slow-headers-for-T` (ours): the response head trickles over that time.
    SlowHeaders(Duration),
    /// `send-goaway` (ours): HTTP/2 `GOAWAY` that leaves this request unprocessed. On HTTP/1, the
    /// connection is closed without an answer.
    GoAway,
    /// `send-rst-stream` (ours): HTTP/2 `RST_STREAM` with `INTERNAL_ERROR` after the request was
    /// executed. On HTTP/1, the connection is reset.
    RstStream,
    /// `send-refused-stream` (ours): HTTP/2 `RST_STREAM` with `REFUSED_STREAM`; nothing is
    /// executed. On HTTP/1, the connection is closed without an answer.
    RefusedStream,
}

const KIB: u64 = 1024;

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Status(status) => write!(f, "return-{status}"),
            Self::StatusAfter { status, bytes } => {
                write!(f, "return-{status}-after-{}K", bytes / KIB)
            }
            Self::StatusRetryAfter { status, seconds } => {
                write!(f, "return-{status}-retry-after-{seconds}s")
            }
            Self::LateStatus { status, retry_after: None } => {
                write!(f, "return-{status}-after-request")
            }
            Self::LateStatus { status, retry_after: Some(seconds) } => {
                write!(f, "return-{status}-retry-after-{seconds}s-after-request")
            }
            Self::Html(status) => write!(f, "return-html-{status}"),
            Self::Reset => f.write_str("return-reset-connection"),
            Self::ResetAfter(bytes) => write!(f, "return-reset-connection-after-{}K", bytes / KIB),
            Self::LoseAnswer => f.write_str("return-reset-connection-after-request"),
            Self::BrokenStream => f.write_str("return-broken-stream"),
            Self::BrokenStreamAfter(bytes) => {
                write!(f, "return-broken-stream-after-{}K", bytes / KIB)
            }
            Self::Corrupted => f.write_str("return-corrupted-data"),
            Self::Truncated => f.write_str("return-truncated-body"),
            Self::WrongLength => f.write_str("return-wrong-length"),
            Self::StallAlways => f.write_str("stall-always"),
            Self::StallFor(wait) => write!(f, "stall-for-{}", Time(wait)),
            Self::StallForAfter { wait, bytes } => {
                write!(f, "stall-for-{}-after-{}K", Time(wait), bytes / KIB)
            }
            Self::SlowHeaders(wait) => write!(f, "slow-headers-for-{}", Time(wait)),
            Self::GoAway => f.write_str("send-goaway"),
            Self::RstStream => f.write_str("send-rst-stream"),
            Self::RefusedStream => f.write_str("send-refused-stream"),
        }
    }
}

/// Whole seconds where they say all, milliseconds otherwise.
struct Time(Duration);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.subsec_millis() {
            0 => write!(f, "{}s", self.0.as_secs()),
            _ => write!(f, "{}ms", self.0.as_millis()),
        }
    }
}

/// A text that is not a fault or a fault rule, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadFault {
    text: String,
    why: &'static str,
}

impl fmt::Display for BadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid fault {:?}: {}", self.text, self.why)
    }
}

impl std::error::Error for BadFault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_read_as_it_is_written() {
        let wait = Duration::from_secs(7);
        let all = [
            Fault::Status(503),
            Fault::StatusAfter { status: 408, bytes: 8192 * KIB },
            Fault::StatusRetryAfter { status: 429, seconds: 3 },
            Fault::LateStatus { status: 500, retry_after: None },
            Fault::LateStatus { status: 429, retry_after: Some(3) },
            Fault::Html(502),
            Fault::Reset,
            Fault::ResetAfter(256 * KIB),
            Fault::LoseAnswer,
            Fault::BrokenStream,
            Fault::BrokenStreamAfter(KIB),
            Fault::Corrupted,
            Fault::Truncated,
            Fault::WrongLength,
            Fault::StallAlways,
            Fault::StallFor(wait),
            Fault::StallFor(Duration::from_millis(1_500)),
            Fault::StallForAfter { wait, bytes: 0 },
            Fault::SlowHeaders(wait),
            Fault::GoAway,
            Fault::RstStream,
            Fault::RefusedStream,
        ];
        for fault in all {
            assert_eq!(fault.to_string().parse(), Ok(fault));
        }
    }

    #[test]
    fn other_names_are_refused() {
        for text in [
            "",
            "return-",
            "return-99",
            "return-50x",
            "return-503-after-5",
            "stall-for-2",
            "stall-for-s",
            "stall-for-2h",
            "stall-for-9999s",
            "stall-for--1s",
            "return-503-retry-after-1.5s",
            "return-503-after-request-after-request",
            "return-503-after-99999999999999999999K",
        ] {
            let error = text.parse::<Fault>().expect_err(text);
            assert!(error.to_string().contains("return-503"));
        }
    }
}
