//! Where the body of an answer lies in the content: what a server may answer to a range.
//!
//! A download asks for all of the content, for `bytes=FIRST-` or `bytes=FIRST-LAST`, or for the last
//! bytes; after a failure, for what is left. The answer decides, and this is all that counts:
//!
//! | answer | outcome |
//! |---|---|
//! | 206, `Content-Range` begins where asked | used; what it lacks is asked for next |
//! | 206, `Content-Range` begins elsewhere | error |
//! | 206, `Content-Range` missing, malformed or longer or shorter than `Content-Length` | error |
//! | 206 of type `multipart/byteranges` | error: the bytes are wrapped |
//! | 206 with `Content-Encoding` | error: offsets count compressed bytes; it is never unpacked |
//! | 200 with `Content-Range` | as 206 |
//! | 200 without | all of the content: what is not wanted is skipped |
//! | 200 or 206, the content ends where or before the range begins | error |
//! | 206 without a total | used; asked on until the range is full or a 416 names the end |
//! | no total, and the last bytes are wanted | error: nobody knows which those are |
//! | a body longer than its range or its length | error |
//! | 203, 204 | as 200 |
//! | another status of success | error: not the content |
//! | 416 | the server's error; when going on, the end if it names it and is of the same content |
//!
//! When going on, the answer must be of the same content (see [`Validators`](super::validators::Validators)):
//!
//! | the answer that goes on has | outcome |
//! |---|---|
//! | the strong ETag, generation or hash of the first, or its `Last-Modified`, a second old | goes on |
//! | another ETag, generation, hash, `Last-Modified` or total | error: the content changed |
//! | a weak ETag, a fresh `Last-Modified`, or none of these | error, except the next two |
//! | the same, and the checksum of the whole is known | goes on; the checksum proves it |
//! | the same, and `with_unvalidated_resume` | goes on if it is a range |
//!
//! Before its first byte was given out a download begins anew, with the range as it was asked for;
//! what the first answer said of the content must still hold.

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, HeaderName};
use http::{StatusCode, response};

use super::range::{ContentRange, RequestedRange};

/// Where the body of an answer lies in the content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct BodyRange {
    /// Offset of the body's first byte.
    pub(super) first: u64,
    /// Offset behind the body's last byte, if it is known.
    pub(super) end: Option<u64>,
    /// Size of the content, if it is known.
    pub(super) total: Option<u64>,
    /// Whether the server gave a range.
    pub(super) partial: bool,
}

impl BodyRange {
    /// Reads it off the head of an answer.
    pub(super) fn of(head: &response::Parts) -> Result<Self, String> {
        let text = |name: HeaderName| head.headers.get(name).and_then(|value| value.to_str().ok());
        let length: Option<u64> = text(CONTENT_LENGTH).and_then(|length| length.parse().ok());
        let partial = match head.status {
            StatusCode::PARTIAL_CONTENT => true,
            // A proxy may have changed it on the way (203): that is the proxy's to answer for.
            StatusCode::OK | StatusCode::NON_AUTHORITATIVE_INFORMATION | StatusCode::NO_CONTENT => {
                head.headers.contains_key(CONTENT_RANGE)
            }
            other => return Err(format!("the server answered {other} in place of the content")),
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
        if text(CONTENT_ENCODING).is_some_and(|coding| !coding.eq_ignore_ascii_case("identity")) {
            let message = "the server gave a range of the compressed form of the content, which \
                           cannot be unpacked";
            return Err(message.to_owned());
        }
        let Some(range) = text(CONTENT_RANGE) else {
            return Err("the server gave part of the content and did not say which".to_owned());
        };
        match ContentRange::parse(range).map_err(|bad| bad.to_string())? {
            ContentRange::Part { first, last, .. }
                if length.is_some_and(|length| length != last - first + 1) =>
            {
                Err(format!(
                    "the server contradicts itself: Content-Range is {range:?}, Content-Length {}",
                    length.unwrap_or_default()
                ))
            }
            ContentRange::Part { first, last, total } => {
                Ok(Self { first, end: Some(last + 1), total, partial })
            }
            ContentRange::Unsatisfied { .. } => {
                Err("the server gave part of the content and named no bytes".to_owned())
            }
        }
    }

    /// The first wanted byte, and the offset that the wanted bytes end at or before; an error if
    /// the body lacks the first.
    pub(super) fn select(self, want: RequestedRange) -> Result<(u64, Option<u64>), String> {
        let (first, limit) = match want {
            RequestedRange::All => (0, None),
            RequestedRange::From { first, end } => (first, end),
            RequestedRange::Last(count) => {
                let Some(total) = self.total else {
                    let message = "the server does not say the size of the content, so that its \
                                   last bytes cannot be told";
                    return Err(message.to_owned());
                };
                (total.saturating_sub(count), Some(total))
            }
        };
        if self.first > first || (self.partial && self.first != first) {
            return Err(format!(
                "the server gave bytes from {} on, {first} was asked for",
                self.first
            ));
        }
        match self.total {
            Some(total) if first > 0 && first >= total => Err(content_too_short(total, first)),
            _ => Ok((first, limit)),
        }
    }
}

/// The complaint about content that lacks the first wanted byte.
pub(super) fn content_too_short(end: u64, first: u64) -> String {
    format!("the content ends at byte {end}; bytes from {first} on were asked for")
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

    /// What is made of an answer: the first byte that is used, how many bytes before it are
    /// skipped, where the wanted bytes end at the latest, and whether the body is a range; or a
    /// part of the error.
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
        (200, &[], RequestedRange::Last(4), Err("does not say the size")),
        // A range in a 200 counts.
        (200, &[range("bytes 2-8/9"), length("7")], FROM_2, Ok((2, 0, None, true))),
        (200, &[range("bytes 2-8/9")], FROM_2, Ok((2, 0, None, true))),
        (200, &[range("bytes 2-8/9"), length("9")], FROM_2, Err("contradicts itself")),
        (200, &[range("bytes 3-8/9")], FROM_2, Err("from 3 on, 2 was")),
        (200, &[range("bytes 2-8/9")], ALL, Err("from 2 on, 0 was")),
        (200, &[range("junk")], FROM_2, Err("not a byte range")),
        (206, &[range("bytes 2-8/9")], FROM_2, Ok((2, 0, None, true))),
        (206, &[range("bytes 2-4/9")], TWO_TO_FIVE, Ok((2, 0, Some(5), true))),
        (206, &[range("bytes 2-3/9")], TWO_TO_FIVE, Ok((2, 0, Some(5), true))),
        (206, &[range("bytes 2-4/*")], TWO_TO_FIVE, Ok((2, 0, Some(5), true))),
        (206, &[range("bytes 1-4/9")], TWO_TO_FIVE, Err("from 1 on, 2 was")),
        (206, &[range("bytes 3-4/9")], TWO_TO_FIVE, Err("from 3 on, 2 was")),
        (206, &[range("bytes 0-8/9")], ALL, Ok((0, 0, None, true))),
        (206, &[range("bytes 5-8/9")], RequestedRange::Last(4), Ok((5, 0, Some(9), true))),
        (206, &[range("bytes 4-7/9")], RequestedRange::Last(4), Err("from 4 on, 5 was")),
        (206, &[range("bytes 5-8/*")], RequestedRange::Last(4), Err("does not say the size")),
        (206, &[], FROM_2, Err("did not say which")),
        (206, &[range("bytes */9")], FROM_2, Err("named no bytes")),
        (206, &[range("bytes 8-2/9")], FROM_2, Err("not a byte range")),
        (206, &[range("bytes 2-9/9")], FROM_2, Err("not a byte range")),
        (206, &[range("bytes 2-8/9"), length("6")], FROM_2, Err("contradicts itself")),
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
        (202, &[length("9")], ALL, Err("202 Accepted in place of the content")),
    ];

    #[test]
    fn every_answer_to_a_range_has_one_outcome() {
        for (status, headers, want, outcome) in TABLE {
            let span = BodyRange::of(&head(*status, headers));
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
