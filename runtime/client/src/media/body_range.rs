//! Position of a response body in the content: valid responses to a range request.
//!
//! A download requests all of the content, `bytes=FIRST-`, `bytes=FIRST-LAST`, or the last bytes;
//! after a failure, the rest. The response alone determines the outcome:
//!
//! | response | outcome |
//! |---|---|
//! | 206, `Content-Range` starts as requested | used; the rest is requested next |
//! | 206, `Content-Range` starts elsewhere | error |
//! | 206, `Content-Range` missing, malformed, or inconsistent with `Content-Length` | error |
//! | 206 of type `multipart/byteranges` | error: the bytes are framed |
//! | 206 with `Content-Encoding` | used if the bytes are requested as stored; otherwise an error: never decompressed |
//! | 200 with `Content-Range` | as 206 |
//! | 200 without | all of the content; bytes before the range are skipped |
//! | 200 or 206, the content ends before the range | error |
//! | 206 without a total | used; requested further until the range is complete or a 416 reports the end |
//! | no total, and the last bytes are requested | error: their position is unknown |
//! | a body longer than its range or its length | error |
//! | 203, 204 | as 200 |
//! | another successful status | error: not the content |
//! | 416 | error of the server; when resuming, the end if its total and validators match |
//!
//! When resuming, the response must belong to the same content (see
//! [`Validators`](super::validators::Validators)):
//!
//! | response | outcome |
//! |---|---|
//! | same strong ETag, generation, hash, or `Last-Modified` at least a second old | resumes |
//! | another ETag, generation, hash, `Last-Modified`, or total | error: the content changed |
//! | weak ETag, recent `Last-Modified`, or none of these | error, except as below |
//! | as above, and the checksum of the whole is known | resumes; the checksum verifies the content |
//! | as above, and `with_unvalidated_resume` | resumes if it is a range |
//!
//! Before the first byte is delivered, a download restarts with the original range; validators of
//! the first response must still match.

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, HeaderName};
use http::{StatusCode, response};

use super::range::{ContentRange, RequestedRange};

/// Position of a response body in the content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct BodyRange {
    /// Offset of the body's first byte.
    pub(super) first: u64,
    /// Offset after the body's last byte, if known.
    pub(super) end: Option<u64>,
    /// Size of the content, if known.
    pub(super) total: Option<u64>,
    /// Whether the response is a range.
    pub(super) partial: bool,
}

impl BodyRange {
    /// Reads the position from a response head. Offsets are those of the compressed content if it
    /// was requested `as_stored`.
    pub(super) fn of(head: &response::Parts, as_stored: bool) -> Result<Self, String> {
        let text = |name: HeaderName| head.headers.get(name).and_then(|value| value.to_str().ok());
        let length: Option<u64> = text(CONTENT_LENGTH).and_then(|length| length.parse().ok());
        let partial = match head.status {
            StatusCode::PARTIAL_CONTENT => true,
            // A proxy may have modified the content (203).
            StatusCode::OK | StatusCode::NON_AUTHORITATIVE_INFORMATION | StatusCode::NO_CONTENT => {
                head.headers.contains_key(CONTENT_RANGE)
            }
            other => {
                return Err(format!("the server responded with {other} instead of the content"));
            }
        };
        if !partial {
            return Ok(Self { first: 0, end: length, total: length, partial });
        }
        let multipart = |kind: &str| {
            kind.get(..10).is_some_and(|start| {
                start.eq_ignore_ascii_case("multipart/")
                    && kind[10..].to_ascii_lowercase().starts_with("byteranges")
            })
        };
        if text(CONTENT_TYPE).is_some_and(multipart) {
            return Err("the server wrapped the range in multipart/byteranges".to_owned());
        }
        let compressed = |coding: &str| !coding.eq_ignore_ascii_case("identity");
        if !as_stored && text(CONTENT_ENCODING).is_some_and(compressed) {
            let message = "the server sent a range of the compressed content, which cannot be \
                           decompressed (`with_stored_bytes` returns it as it is)";
            return Err(message.to_owned());
        }
        let Some(range) = text(CONTENT_RANGE) else {
            return Err("the server sent part of the content without a Content-Range".to_owned());
        };
        match ContentRange::parse(range).map_err(|bad| bad.to_string())? {
            ContentRange::Part { first, last, .. }
                if length.is_some_and(|length| length != last - first + 1) =>
            {
                Err(format!(
                    "the headers contradict each other: Content-Range is {range:?}, Content-Length {}",
                    length.unwrap_or_default()
                ))
            }
            ContentRange::Part { first, last, total } => {
                Ok(Self { first, end: Some(last + 1), total, partial })
            }
            ContentRange::Unsatisfied { .. } => {
                Err("the server sent part of the content with an empty range".to_owned())
            }
        }
    }

    /// Returns the offset of the first requested byte and the upper bound of the requested bytes.
    /// Fails if the body lacks the first.
    pub(super) fn select(self, want: RequestedRange) -> Result<(u64, Option<u64>), String> {
        let (first, limit) = match want {
            RequestedRange::All => (0, None),
            RequestedRange::From { first, end } => (first, end),
            RequestedRange::Last(count) => {
                let Some(total) = self.total else {
                    let message = "the server does not report the size of the content, so its \
                                   last bytes cannot be located";
                    return Err(message.to_owned());
                };
                (total.saturating_sub(count), Some(total))
            }
        };
        if self.first > first || (self.partial && self.first != first) {
            return Err(format!(
                "the server sent bytes from {} on instead of from {first} on",
                self.first
            ));
        }
        match self.total {
            Some(total) if first > 0 && first >= total => Err(content_too_short(total, first)),
            _ => Ok((first, limit)),
        }
    }
}

/// Error text for content that lacks the first requested byte.
pub(super) fn content_too_short(end: u64, first: u64) -> String {
    format!("the content ends at byte {end}, before the requested byte {first}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(status: u16, headers: &[(&'static str, &str)]) -> response::Parts {
        let mut response = http::Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        response.body(()).unwrap().into_parts().0
    }

    const ALL: RequestedRange = RequestedRange::All;
    const FROM_2: RequestedRange = RequestedRange::From { first: 2, end: None };
    const TWO_TO_FIVE: RequestedRange = RequestedRange::From { first: 2, end: Some(5) };

    /// Expected result: the first byte used, the number of bytes skipped before it, the upper
    /// bound, and whether the body is a range; or a part of the error.
    type Outcome = Result<(u64, u64, Option<u64>, bool), &'static str>;

    type Headers = &'static [(&'static str, &'static str)];

    const fn range(text: &'static str) -> (&'static str, &'static str) {
        ("content-range", text)
    }

    const fn length(text: &'static str) -> (&'static str, &'static str) {
        ("content-length", text)
    }

    const TABLE: &[(u16, Headers, RequestedRange, Outcome)] = &[
        (200, &[length("9")], ALL, Ok((0, 0, None, false))),
        (200, &[], ALL, Ok((0, 0, None, false))),
        (200, &[length("9")], TWO_TO_FIVE, Ok((2, 2, Some(5), false))),
        (200, &[], TWO_TO_FIVE, Ok((2, 2, Some(5), false))),
        (200, &[length("2")], TWO_TO_FIVE, Err("ends at byte 2")),
        (200, &[length("0")], ALL, Ok((0, 0, None, false))),
        (200, &[length("9")], RequestedRange::Last(4), Ok((5, 5, Some(9), false))),
        (200, &[length("9")], RequestedRange::Last(40), Ok((0, 0, Some(9), false))),
        (200, &[], RequestedRange::Last(4), Err("does not report the size")),
        // A range in a 200 response applies.
        (200, &[range("bytes 2-8/9"), length("7")], FROM_2, Ok((2, 0, None, true))),
        (200, &[range("bytes 2-8/9")], FROM_2, Ok((2, 0, None, true))),
        (200, &[range("bytes 2-8/9"), length("9")], FROM_2, Err("contradict each other")),
        (200, &[range("bytes 3-8/9")], FROM_2, Err("from 3 on instead of from 2")),
        (200, &[range("bytes 2-8/9")], ALL, Err("from 2 on instead of from 0")),
        (200, &[range("junk")], FROM_2, Err("not a byte range")),
        (206, &[range("bytes 2-8/9")], FROM_2, Ok((2, 0, None, true))),
        (206, &[range("bytes 2-4/9")], TWO_TO_FIVE, Ok((2, 0, Some(5), true))),
        (206, &[range("bytes 2-3/9")], TWO_TO_FIVE, Ok((2, 0, Some(5), true))),
        (206, &[range("bytes 2-4/*")], TWO_TO_FIVE, Ok((2, 0, Some(5), true))),
        (206, &[range("bytes 1-4/9")], TWO_TO_FIVE, Err("from 1 on instead of from 2")),
        (206, &[range("bytes 3-4/9")], TWO_TO_FIVE, Err("from 3 on instead of from 2")),
        (206, &[range("bytes 0-8/9")], ALL, Ok((0, 0, None, true))),
        (206, &[range("bytes 5-8/9")], RequestedRange::Last(4), Ok((5, 0, Some(9), true))),
        (206, &[range("bytes 4-7/9")], RequestedRange::Last(4), Err("from 4 on instead of from 5")),
        (206, &[range("bytes 5-8/*")], RequestedRange::Last(4), Err("does not report the size")),
        (206, &[], FROM_2, Err("without a Content-Range")),
        (206, &[range("bytes */9")], FROM_2, Err("an empty range")),
        (206, &[range("bytes 8-2/9")], FROM_2, Err("not a byte range")),
        (206, &[range("bytes 2-9/9")], FROM_2, Err("not a byte range")),
        (206, &[range("bytes 2-8/9"), length("6")], FROM_2, Err("contradict each other")),
        (
            206,
            &[range("bytes 2-8/9"), ("content-type", "Multipart/ByteRanges; boundary=x")],
            FROM_2,
            Err("multipart/byteranges"),
        ),
        (206, &[range("bytes 2-8/9"), ("content-encoding", "gzip")], FROM_2, Err("compressed")),
        (206, &[range("bytes 2-8/9"), ("content-encoding", "br")], FROM_2, Err("compressed")),
        (
            206,
            &[range("bytes 2-8/9"), ("content-encoding", "identity")],
            FROM_2,
            Ok((2, 0, None, true)),
        ),
        (204, &[], ALL, Ok((0, 0, None, false))),
        (202, &[length("9")], ALL, Err("202 Accepted instead of the content")),
    ];

    #[test]
    fn every_response_to_a_range_has_one_outcome() {
        for (status, headers, want, outcome) in TABLE {
            let span = BodyRange::of(&head(*status, headers), false);
            let found = span.and_then(|span| {
                let (first, limit) = span.select(*want)?;
                Ok((first, first - span.first, limit, span.partial))
            });
            match (&found, outcome) {
                (Err(error), Err(part)) => assert!(error.contains(part), "{error}: {headers:?}"),
                (Ok(found), Ok(outcome)) => assert_eq!(found, outcome, "{headers:?} {want:?}"),
                _ => panic!("{status} {headers:?} {want:?}: {found:?}"),
            }
        }
    }
}
