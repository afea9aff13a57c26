//! Named faults.

mod parse;
mod rule;

use std::fmt;
use std::time::Duration;

pub use self::rule::FaultRule;
pub(crate) use self::rule::{GOLDEN, mix};

/// A fault of one exchange.
///
/// Names follow Google's [storage
/// testbench](https://github.com/googleapis/storage-testbench#forced-failures-supported) where it
/// has the fault. `X` is an HTTP status, `T` a time such as `2s` or `200ms`, and `Y` a number of
/// KiB. Faults marked "extension" are not part of the testbench. A [`FaultRule`] selects the
/// exchanges that a fault applies to.
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
    /// `return-X`: reads the request, does not execute it, and responds with Google's error JSON.
    Status(u16),
    /// `return-X-after-YK`: executes the request as if its body ended after Y KiB, then responds
    /// with the status.
    StatusAfter {
        /// HTTP status.
        status: u16,
        /// Number of bytes of the request body to execute.
        bytes: u64,
    },
    /// `return-X-retry-after-T` (extension): like `return-X`, with a `Retry-After` header.
    StatusRetryAfter {
        /// HTTP status.
        status: u16,
        /// Delay of the header, in seconds.
        seconds: u64,
    },
    /// `return-X-after-request`, `return-X-retry-after-T-after-request` (extensions): executes the
    /// request, then responds with the status.
    LateStatus {
        /// HTTP status.
        status: u16,
        /// Delay of a `Retry-After` header, in seconds.
        retry_after: Option<u64>,
    },
    /// `return-html-X` (extension): like `return-X`, with the HTML page of a proxy as the body.
    Html(u16),
    /// `return-reset-connection`: resets the connection after reading the request's headers,
    /// without executing it.
    Reset,
    /// `return-reset-connection-after-YK` (extension): executes the request as if its body ended
    /// after Y KiB, then resets the connection.
    ResetAfter(u64),
    /// `return-reset-connection-after-request` (extension): executes the request, then resets the
    /// connection, so that the response is lost.
    LoseAnswer,
    /// `return-broken-stream`: closes the connection after a few bytes of the response body, at the
    /// latest before its last byte.
    BrokenStream,
    /// `return-broken-stream-after-YK`: closes the connection after Y KiB of the response body.
    BrokenStreamAfter(u64),
    /// `return-corrupted-data`: changes one byte of the response body.
    Corrupted,
    /// `return-truncated-body` (extension): sends half of the response body in a message that HTTP
    /// considers complete.
    Truncated,
    /// `return-wrong-length` (extension): sends a `Content-Length` that is ten bytes too long.
    WrongLength,
    /// `stall-always`: reads and executes the request, and never responds.
    StallAlways,
    /// `stall-for-T`: waits before the response.
    StallFor(Duration),
    /// `stall-for-T-after-YK`: waits once Y KiB of the request body have been read or, if it is
    /// shorter, once Y KiB of the response body have been written.
    StallForAfter {
        /// Duration of the stall.
        wait: Duration,
        /// Number of bytes before the stall.
        bytes: u64,
    },
    /// `slow-headers-for-T` (extension): sends the response headers slowly over that time.
    SlowHeaders(Duration),
    /// `send-goaway` (extension): sends an HTTP/2 `GOAWAY` that leaves this request unprocessed. On
    /// HTTP/1, closes the connection without a response.
    GoAway,
    /// `send-rst-stream` (extension): executes the request, then sends an HTTP/2 `RST_STREAM` with
    /// `INTERNAL_ERROR`. On HTTP/1, resets the connection.
    RstStream,
    /// `send-refused-stream` (extension): sends an HTTP/2 `RST_STREAM` with `REFUSED_STREAM`
    /// without executing the request. On HTTP/1, closes the connection without a response.
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

/// Prints whole seconds where exact, milliseconds otherwise.
struct Time(Duration);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.subsec_millis() {
            0 => write!(f, "{}s", self.0.as_secs()),
            _ => write!(f, "{}ms", self.0.as_millis()),
        }
    }
}

/// Error of parsing a fault or fault rule.
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
    fn faults_round_trip() {
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
    fn unknown_names_are_rejected() {
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
