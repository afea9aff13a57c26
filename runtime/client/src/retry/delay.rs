//! Retry delays requested by servers.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

use crate::status::Status;

/// Returns the longer of `Retry-After` (RFC 9110, 10.2.3) and `google.rpc.RetryInfo`.
///
/// A date is relative to the response's own `Date`, so a wrong local clock does not matter. `now`,
/// the time since 1970, replaces a missing `Date`.
pub(crate) fn server_delay(
    headers: &HeaderMap,
    status: Option<&Status>,
    now: Duration,
) -> Option<Duration> {
    let header = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let from_header = header.and_then(|text| retry_after(text.trim(), headers, now));
    from_header.max(status.and_then(Status::retry_delay))
}

fn retry_after(text: &str, headers: &HeaderMap, now: Duration) -> Option<Duration> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // Larger numbers mean "never"; the call fails at its deadline.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX / 2)));
    }
    let at = date(text)?;
    let date = headers.get(DATE).and_then(|value| value.to_str().ok()).and_then(date);
    Some(at.saturating_sub(date.unwrap_or(now)))
}

fn date(text: &str) -> Option<Duration> {
    let at = httpdate::parse_http_date(text).ok()?;
    at.duration_since(SystemTime::UNIX_EPOCH).ok()
}
