//! Parser of fault names.

use std::str::FromStr;
use std::time::Duration;

use super::{BadFault, Fault, KIB};

/// Maximum length of a stall, in seconds; anything longer is probably a typo for `stall-always`.
const MAX_WAIT: f64 = 3600.0;

const NAMES: &str = "known are return-503, return-503-after-256K, return-503-after-request, \
                     return-503-retry-after-2s, return-html-502, return-reset-connection, \
                     return-broken-stream, return-truncated-body, stall-for-2s, stall-always, \
                     send-goaway, and others: see `Fault`";

impl BadFault {
    pub(super) fn new(text: &str, why: &'static str) -> Self {
        Self { text: text.to_owned(), why }
    }
}

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
        fault.ok_or_else(|| BadFault::new(text, NAMES))
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
        return time(rest).map(Fault::SlowHeaders);
    }
    if let Some(rest) = text.strip_prefix("return-html-") {
        return status(rest).map(Fault::Html);
    }
    if let Some(rest) = text.strip_prefix("stall-for-") {
        let (wait, after) = rest.split_once("-after-").map_or((rest, None), |(w, a)| (w, Some(a)));
        let wait = time(wait)?;
        return match after {
            Some(after) => Some(Fault::StallForAfter { wait, bytes: kib(after)? }),
            None => Some(Fault::StallFor(wait)),
        };
    }
    answer(text.strip_prefix("return-")?)
}

/// Parses what follows `return-` for faults with a status.
fn answer(rest: &str) -> Option<Fault> {
    let (rest, late) = rest.strip_suffix("-after-request").map_or((rest, false), |r| (r, true));
    let (code, retry_after) = match rest.split_once("-retry-after-") {
        Some((code, delay)) => (code, Some(seconds(delay)?)),
        None => (rest, None),
    };
    match (code.split_once("-after-"), late, retry_after) {
        (Some((code, after)), false, None) => {
            Some(Fault::StatusAfter { status: status(code)?, bytes: kib(after)? })
        }
        (Some(_), ..) => None,
        (None, true, retry_after) => Some(Fault::LateStatus { status: status(code)?, retry_after }),
        (None, false, Some(seconds)) => {
            Some(Fault::StatusRetryAfter { status: status(code)?, seconds })
        }
        (None, false, None) => status(code).map(Fault::Status),
    }
}

fn number(text: &str) -> Option<u64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

pub(super) fn status(text: &str) -> Option<u16> {
    number(text).and_then(|n| u16::try_from(n).ok()).filter(|n| (200..600).contains(n))
}

/// Parses whole seconds, as in `Retry-After`.
pub(super) fn seconds(text: &str) -> Option<u64> {
    number(text.strip_suffix('s')?)
}

/// Parses times such as `200ms`, `2s`, or `1.5s`, up to an hour.
pub(super) fn time(text: &str) -> Option<Duration> {
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 0.001),
        None => (text.strip_suffix('s')?, 1.0),
    };
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let seconds = number.parse::<f64>().ok().filter(|_| plain)? * unit;
    (seconds <= MAX_WAIT).then(|| Duration::from_secs_f64(seconds))
}

fn kib(text: &str) -> Option<u64> {
    number(text.strip_suffix('K')?)?.checked_mul(KIB)
}
