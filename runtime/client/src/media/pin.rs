//! What keeps the parts of a download from being parts of different contents.

use http::header::{
    CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderName, HeaderValue, LAST_MODIFIED,
};
use http::{StatusCode, response};

use super::range::{ContentRange, Want};

const GENERATION: HeaderName = HeaderName::from_static("x-goog-generation");
const STORED_ENCODING: HeaderName = HeaderName::from_static("x-goog-stored-content-encoding");

/// What an answer says of the content that its body is part of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Identity {
    etag: Option<HeaderValue>,
    generation: Option<HeaderValue>,
    modified: Option<HeaderValue>,
    total: Option<u64>,
    /// Stored in another form than it is sent in, so that offsets mean nothing to the server.
    recoded: bool,
}

impl Identity {
    pub(super) fn of(headers: &HeaderMap, total: Option<u64>) -> Self {
        let stored = headers.get(STORED_ENCODING);
        Self {
            etag: headers.get(ETAG).cloned(),
            generation: headers.get(GENERATION).cloned(),
            modified: headers.get(LAST_MODIFIED).cloned(),
            total,
            recoded: stored.is_some_and(|stored| stored != "identity"),
        }
    }

    pub(super) const fn total(&self) -> Option<u64> {
        self.total
    }

    pub(super) const fn is_recoded(&self) -> bool {
        self.recoded
    }

    /// Whether a later answer can be told to be of the same content.
    pub(super) const fn is_pinned(&self) -> bool {
        self.etag.is_some() || self.generation.is_some() || self.modified.is_some()
    }

    /// The value for `If-Range`. A weak ETag must not be used (RFC 9110, 13.1.5); it is compared
    /// afterwards.
    pub(super) fn if_range(&self) -> Option<&HeaderValue> {
        let strong = |etag: &&HeaderValue| !etag.as_bytes().starts_with(b"W/");
        match &self.etag {
            Some(etag) => Some(etag).filter(strong),
            None => self.modified.as_ref(),
        }
    }

    /// How a later answer differs, if it does. What only one of them says is no difference.
    pub(super) fn difference(&self, later: &Self) -> Option<&'static str> {
        let differ = |a: &Option<HeaderValue>, b: &Option<HeaderValue>| match (a, b) {
            (Some(a), Some(b)) => a != b,
            _ => false,
        };
        if differ(&self.etag, &later.etag) {
            return Some("its ETag is another one");
        }
        if differ(&self.generation, &later.generation) {
            return Some("its generation is another one");
        }
        if self.etag.is_none() && differ(&self.modified, &later.modified) {
            return Some("it was modified");
        }
        match (self.total, later.total) {
            (Some(a), Some(b)) if a != b => Some("its size is another one"),
            _ => None,
        }
    }

    /// Whether a later answer proves to be of the same content.
    pub(super) fn is_same(&self, later: &Self) -> bool {
        let same = |a: &Option<HeaderValue>, b: &Option<HeaderValue>| a.is_some() && a == b;
        self.difference(later).is_none()
            && (same(&self.etag, &later.etag) || same(&self.generation, &later.generation))
    }
}

/// Where the body of an answer lies in the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// Offset of the body's first byte.
    pub(super) first: u64,
    /// Offset behind the last byte, if it is known.
    pub(super) end: Option<u64>,
    /// Size of the content, if it is known.
    pub(super) total: Option<u64>,
    /// Whether the server gave a range.
    pub(super) partial: bool,
}

impl Span {
    /// Reads it off the head of an answer.
    pub(super) fn of(head: &response::Parts) -> Result<Self, String> {
        let text = |name| head.headers.get(name).and_then(|value| value.to_str().ok());
        if head.status != StatusCode::PARTIAL_CONTENT {
            let total = text(CONTENT_LENGTH).and_then(|length| length.parse().ok());
            return Ok(Self { first: 0, end: total, total, partial: false });
        }
        let Some(range) = text(CONTENT_RANGE) else {
            return Err("the server gave part of the content and did not say which".to_owned());
        };
        match ContentRange::parse(range).map_err(|bad| bad.to_string())? {
            ContentRange::Part { first, last, total } => {
                Ok(Self { first, end: Some(last + 1), total, partial: true })
            }
            ContentRange::Unsatisfied { .. } => {
                Err("the server gave part of the content and named no bytes".to_owned())
            }
        }
    }

    /// The first wanted byte and, if known, the offset behind the last one; an error if the body
    /// lacks the first.
    pub(super) fn wanted(self, want: Want) -> Result<(u64, Option<u64>), String> {
        let (first, end) = match want {
            Want::All => (0, self.end),
            Want::From { first, end } => {
                let end = [end, self.end].into_iter().flatten().min();
                (first, end)
            }
            Want::Last(_) if self.partial => (self.first, self.end),
            Want::Last(count) => {
                let Some(total) = self.total else {
                    return Err("the server ignores ranges and does not say the size".to_owned());
                };
                (total.saturating_sub(count), self.end)
            }
        };
        if self.first > first || (self.partial && self.first != first) {
            return Err(format!(
                "the server gave bytes from {} on, {first} was asked for",
                self.first
            ));
        }
        Ok((first, end))
    }
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

    fn identity(headers: &[(&'static str, &str)], total: Option<u64>) -> Identity {
        Identity::of(&head(200, headers).headers, total)
    }

    #[test]
    fn pins() {
        let strong = identity(&[("etag", "\"a\""), ("last-modified", "x")], None);
        assert_eq!(strong.if_range().unwrap(), "\"a\"");
        let weak = identity(&[("etag", "W/\"a\""), ("last-modified", "x")], None);
        assert_eq!((weak.if_range(), weak.is_pinned()), (None, true));
        let dated = identity(&[("last-modified", "x")], None);
        assert_eq!(dated.if_range().unwrap(), "x");
        assert!(!identity(&[], Some(5)).is_pinned());
        assert!(identity(&[("x-goog-stored-content-encoding", "gzip")], None).is_recoded());
    }

    #[test]
    fn contents_are_told_apart() {
        let a = identity(&[("etag", "\"a\""), ("x-goog-generation", "1")], Some(5));
        assert_eq!(a.difference(&a), None);
        assert!(a.is_same(&a));
        let silent = identity(&[], None);
        assert_eq!(a.difference(&silent), None);
        assert!(!a.is_same(&silent), "silence proves nothing");
        for (headers, total, what) in [
            (&[("etag", "\"b\"")][..], None, "ETag"),
            (&[("etag", "\"a\""), ("x-goog-generation", "2")], None, "generation"),
            (&[], Some(6), "size"),
        ] {
            assert!(a.difference(&identity(headers, total)).unwrap().contains(what));
        }
        let dated = identity(&[("last-modified", "x")], None);
        assert!(dated.difference(&identity(&[("last-modified", "y")], None)).is_some());
    }

    #[test]
    fn spans() {
        let span = Span::of(&head(200, &[("content-length", "9")])).unwrap();
        assert_eq!((span.first, span.end, span.partial), (0, Some(9), false));
        let part = Span::of(&head(206, &[("content-range", "bytes 2-5/9")])).unwrap();
        assert_eq!((part.first, part.end, part.total), (2, Some(6), Some(9)));
        for headers in [&[][..], &[("content-range", "bytes */9")], &[("content-range", "x")]] {
            assert!(Span::of(&head(206, headers)).is_err());
        }
        assert_eq!(part.wanted(Want::From { first: 2, end: Some(99) }), Ok((2, Some(6))));
        assert_eq!(part.wanted(Want::Last(4)), Ok((2, Some(6))));
        assert!(part.wanted(Want::All).is_err());
        assert!(part.wanted(Want::From { first: 3, end: None }).is_err());
        // A server that ignores ranges: what is not wanted is skipped.
        assert_eq!(span.wanted(Want::From { first: 3, end: Some(5) }), Ok((3, Some(5))));
        assert_eq!(span.wanted(Want::Last(4)), Ok((5, Some(9))));
        assert_eq!(span.wanted(Want::Last(40)), Ok((0, Some(9))));
        assert!(Span::of(&head(200, &[])).unwrap().wanted(Want::Last(4)).is_err());
    }
}
