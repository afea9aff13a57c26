//! Faults by name.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// What goes wrong with one exchange.
///
/// The names are those of Google's
/// [storage testbench](https://github.com/googleapis/storage-testbench#forced-failures-supported)
/// where it has the fault, so that scenarios read the same. `X` is an HTTP status, `T` whole
/// seconds, `Y` a number of KiB.
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
    /// `return-X-retry-after-Ts` (ours): as `return-X`, with a `Retry-After` header.
    StatusRetryAfter {
        /// The HTTP status.
        status: u16,
        /// The delay that the header asks for, in seconds.
        seconds: u64,
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
    /// `return-broken-stream`: breaks the connection off after a few bytes of the response body.
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
    /// `stall-for-Ts`: waits before the answer.
    StallFor(Duration),
    /// `stall-for-Ts-after-YK`: waits once so many bytes of the request body have been read, or,
    /// if it is shorter, once so many of the response body have been written.
    StallForAfter {
        /// How long.
        wait: Duration,
        /// After how many bytes.
        bytes: u64,
    },
    /// `slow-headers-for-Ts` (ours): the response head trickles over that time.
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
            Self::StallFor(wait) => write!(f, "stall-for-{}s", wait.as_secs()),
            Self::StallForAfter { wait, bytes } => {
                write!(f, "stall-for-{}s-after-{}K", wait.as_secs(), bytes / KIB)
            }
            Self::SlowHeaders(wait) => write!(f, "slow-headers-for-{}s", wait.as_secs()),
            Self::GoAway => f.write_str("send-goaway"),
            Self::RstStream => f.write_str("send-rst-stream"),
            Self::RefusedStream => f.write_str("send-refused-stream"),
        }
    }
}

/// A name that no fault has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadFault(String);

impl fmt::Display for BadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is no fault; known are return-503, return-503-after-256K, \
             return-reset-connection, return-broken-stream, stall-for-2s and others: see `Fault`",
            self.0
        )
    }
}

impl std::error::Error for BadFault {}

impl FromStr for Fault {
    type Err = BadFault;

    fn from_str(text: &str) -> Result<Self, BadFault> {
        let fault = match text {
            "return-reset-connection" => Some(Self::Reset),
            "return-reset-connection-after-request" => Some(Self::LoseAnswer),
            "return-broken-stream" => Some(Self::BrokenStream),
            "return-corrupted-data" => Some(Self::Corrupted),
            "return-truncated-body" => Some(Self::Truncated),
            "return-wrong-length" => Some(Self::WrongLength),
            "stall-always" => Some(Self::StallAlways),
            "send-goaway" => Some(Self::GoAway),
            "send-rst-stream" => Some(Self::RstStream),
            "send-refused-stream" => Some(Self::RefusedStream),
            _ => with_numbers(text),
        };
        fault.ok_or_else(|| BadFault(text.to_owned()))
    }
}

fn with_numbers(text: &str) -> Option<Fault> {
    if let Some(rest) = text.strip_prefix("return-reset-connection-after-") {
        return kib(rest).map(Fault::ResetAfter);
    }
    if let Some(rest) = text.strip_prefix("return-broken-stream-after-") {
        return kib(rest).map(Fault::BrokenStreamAfter);
    }
    if let Some(rest) = text.strip_prefix("slow-headers-for-") {
        return seconds(rest).map(|s| Fault::SlowHeaders(Duration::from_secs(s)));
    }
    if let Some(rest) = text.strip_prefix("return-html-") {
        return status(rest).map(Fault::Html);
    }
    if let Some(rest) = text.strip_prefix("stall-for-") {
        let (wait, after) = rest.split_once("-after-").map_or((rest, None), |(w, a)| (w, Some(a)));
        let wait = Duration::from_secs(seconds(wait)?);
        return match after {
            Some(after) => Some(Fault::StallForAfter { wait, bytes: kib(after)? }),
            None => Some(Fault::StallFor(wait)),
        };
    }
    let rest = text.strip_prefix("return-")?;
    if let Some((code, delay)) = rest.split_once("-retry-after-") {
        return Some(Fault::StatusRetryAfter { status: status(code)?, seconds: seconds(delay)? });
    }
    match rest.split_once("-after-") {
        Some((code, after)) => {
            Some(Fault::StatusAfter { status: status(code)?, bytes: kib(after)? })
        }
        None => status(rest).map(Fault::Status),
    }
}

fn number(text: &str) -> Option<u64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

fn status(text: &str) -> Option<u16> {
    number(text).and_then(|n| u16::try_from(n).ok()).filter(|n| (200..600).contains(n))
}

fn seconds(text: &str) -> Option<u64> {
    number(text.strip_suffix('s')?)
}

fn kib(text: &str) -> Option<u64> {
    number(text.strip_suffix('K')?)?.checked_mul(KIB)
}

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
            "return-503-after-99999999999999999999K",
        ] {
            let error = text.parse::<Fault>().expect_err(text);
            assert!(error.to_string().contains("return-503"));
        }
    }
}
