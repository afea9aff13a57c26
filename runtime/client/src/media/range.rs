//! The range headers of uploads and downloads, read strictly and written exactly.
//!
//! Three headers look alike and differ: `Range: bytes=0-9` (what a client asks for, and what an
//! upload server says it has), `Content-Range: bytes 0-9/10` (what a body holds), and
//! `Content-Range: bytes */10` (a question, or a refusal).

use std::fmt;

/// A header that is not a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadRange {
    header: &'static str,
    text: String,
}

impl BadRange {
    fn new(header: &'static str, text: &str) -> Self {
        // A header is a few dozen bytes; more is not worth repeating in a message.
        Self { header, text: text.chars().take(80).collect() }
    }
}

impl fmt::Display for BadRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the server sent a {} header that is not a byte range: {:?}",
            self.header, self.text
        )
    }
}

impl std::error::Error for BadRange {}

/// How many bytes an upload server holds, from the `Range` header of its `308` answer.
///
/// No header means that it holds none. `bytes=0-41` means 42. Some servers leave the unit out.
///
/// # Errors
///
/// [`BadRange`] if the header is anything else, or does not begin at zero.
pub(crate) fn received(header: Option<&str>) -> Result<u64, BadRange> {
    let Some(text) = header else { return Ok(0) };
    let bad = || BadRange::new("Range", text);
    let text = text.trim();
    let span = strip_unit(text).unwrap_or(text);
    let (first, last) = span.split_once('-').ok_or_else(bad)?;
    match (number(first), number(last)) {
        (Some(0), Some(last)) => last.checked_add(1).ok_or_else(bad),
        _ => Err(bad()),
    }
}

/// `bytes=` or `bytes `, in any case.
fn strip_unit(text: &str) -> Option<&str> {
    let rest = text.get(..5).filter(|unit| unit.eq_ignore_ascii_case("bytes"))?;
    let rest = &text[rest.len()..];
    rest.strip_prefix('=').or_else(|| rest.strip_prefix(' ')).map(str::trim)
}

/// Decimal digits only: `u64::from_str` also takes a sign.
fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// The `Content-Range` of an upload request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UploadRange {
    /// Asks how much the server holds: `bytes */*`, or `bytes */TOTAL` once the total is known.
    Query {
        /// The size of the whole content.
        total: Option<u64>,
    },
    /// Carries bytes: `bytes FIRST-LAST/TOTAL`, with `*` while the total is unknown.
    Part {
        /// Offset of the first byte.
        offset: u64,
        /// How many bytes; at least one.
        len: u64,
        /// The size of the whole content.
        total: Option<u64>,
    },
}

impl UploadRange {
    /// The range of a request that carries `len` bytes.
    ///
    /// Without bytes it is the range that ends an upload: `bytes */TOTAL`. There is no other way
    /// to write an empty range.
    #[must_use]
    pub(crate) const fn part(offset: u64, len: u64, total: Option<u64>) -> Self {
        if len == 0 { Self::Query { total } } else { Self::Part { offset, len, total } }
    }
}

impl fmt::Display for UploadRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = match *self {
            Self::Query { total } => {
                f.write_str("bytes */")?;
                total
            }
            Self::Part { offset, len, total } => {
                let last = offset.saturating_add(len).saturating_sub(1);
                write!(f, "bytes {offset}-{last}/")?;
                total
            }
        };
        match total {
            Some(total) => write!(f, "{total}"),
            None => f.write_str("*"),
        }
    }
}

/// The `Content-Range` of a download answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContentRange {
    /// The body holds these bytes (`206`).
    Part {
        /// Offset of the first byte.
        first: u64,
        /// Offset of the last byte.
        last: u64,
        /// Size of the whole content, unless the server does not know.
        total: Option<u64>,
    },
    /// The content has this size, and no byte of the range that was asked for (`416`).
    Unsatisfied {
        /// Size of the whole content.
        total: u64,
    },
}

impl ContentRange {
    /// Reads the header.
    ///
    /// # Errors
    ///
    /// [`BadRange`] if it is malformed, backwards, or ends behind the total.
    pub(crate) fn parse(text: &str) -> Result<Self, BadRange> {
        Self::read(text).ok_or_else(|| BadRange::new("Content-Range", text))
    }

    fn read(text: &str) -> Option<Self> {
        let (span, total) = strip_unit(text.trim())?.split_once('/')?;
        let total = match total.trim() {
            "*" => None,
            digits => Some(number(digits)?),
        };
        if span.trim() == "*" {
            return Some(Self::Unsatisfied { total: total? });
        }
        let (first, last) = span.split_once('-')?;
        let (first, last) = (number(first)?, number(last)?);
        let fits = first <= last && last < u64::MAX && total.is_none_or(|total| last < total);
        fits.then_some(Self::Part { first, last, total })
    }
}

/// The bytes of a download that are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum RequestedRange {
    /// All of them.
    #[default]
    All,
    /// Those from an offset on, to before `end` if there is one.
    From {
        /// Offset of the first byte.
        first: u64,
        /// Offset behind the last byte.
        end: Option<u64>,
    },
    /// The last so many; all if the content is shorter.
    Last(u64),
}

impl RequestedRange {
    /// The `Range` header, or nothing if the whole content is wanted.
    #[must_use]
    pub(crate) fn header(self) -> Option<String> {
        match self {
            Self::All => None,
            Self::Last(count) => Some(format!("bytes=-{count}")),
            Self::From { first, end: None } => Some(format!("bytes={first}-")),
            Self::From { first, end: Some(end) } => {
                Some(format!("bytes={first}-{}", end.saturating_sub(1)))
            }
        }
    }

    /// Whether no byte is wanted: such a range cannot be written as a header.
    #[must_use]
    pub(crate) const fn is_empty(self) -> bool {
        match self {
            Self::All | Self::From { end: None, .. } => false,
            Self::From { first, end: Some(end) } => end <= first,
            Self::Last(count) => count == 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn received_reads_what_servers_send() {
        assert_eq!(received(None), Ok(0));
        assert_eq!(received(Some("bytes=0-0")), Ok(1));
        assert_eq!(received(Some("bytes=0-35389439")), Ok(35_389_440));
        assert_eq!(received(Some("Bytes=0-41")), Ok(42));
        assert_eq!(received(Some("bytes 0-41")), Ok(42));
        assert_eq!(received(Some("0-41")), Ok(42));
        assert_eq!(received(Some(" bytes= 0 - 41 ")), Ok(42));
    }

    #[test]
    fn received_refuses_the_rest() {
        let odd = [
            "",
            "bytes",
            "bytes=",
            "bytes=0",
            "bytes=-5",
            "bytes=5-",
            "bytes=1-5",
            "bytes=0-+5",
            "bytes=0-x",
            "bytes=0-5,7-9",
            "bytes=0-18446744073709551615",
            "byteß=0-5",
            "bytes=0-99999999999999999999",
            "items=0-5",
        ];
        for text in odd {
            let error = received(Some(text)).expect_err(text);
            assert!(error.to_string().contains("Range"), "{error}");
        }
    }

    #[test]
    fn upload_ranges_are_written_exactly() {
        let table = [
            (UploadRange::Query { total: None }, "bytes */*"),
            (UploadRange::Query { total: Some(0) }, "bytes */0"),
            (UploadRange::part(0, 0, Some(7)), "bytes */7"),
            (UploadRange::part(0, 1, None), "bytes 0-0/*"),
            (UploadRange::part(262_144, 262_144, Some(600_000)), "bytes 262144-524287/600000"),
        ];
        for (range, want) in table {
            assert_eq!(range.to_string(), want);
        }
    }

    #[test]
    fn content_ranges_are_read() {
        let part = |first, last, total| Ok(ContentRange::Part { first, last, total });
        assert_eq!(ContentRange::parse("bytes 0-9/10"), part(0, 9, Some(10)));
        assert_eq!(ContentRange::parse("bytes 5-5/*"), part(5, 5, None));
        assert_eq!(ContentRange::parse("BYTES=5-6/7"), part(5, 6, Some(7)));
        assert_eq!(ContentRange::parse("bytes */10"), Ok(ContentRange::Unsatisfied { total: 10 }));
        for odd in
            ["", "bytes */*", "bytes 9-5/10", "bytes 0-10/10", "bytes 0-9", "0-9/10", "bytes a-b/c"]
        {
            assert!(ContentRange::parse(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn wanted_ranges() {
        let table = [
            (RequestedRange::All, None),
            (RequestedRange::From { first: 3, end: None }, Some("bytes=3-")),
            (RequestedRange::From { first: 3, end: Some(20) }, Some("bytes=3-19")),
            (RequestedRange::Last(5), Some("bytes=-5")),
        ];
        for (want, header) in table {
            assert_eq!(want.header().as_deref(), header, "{want:?}");
        }
        assert!(RequestedRange::From { first: 3, end: Some(3) }.is_empty());
        assert!(RequestedRange::Last(0).is_empty());
        assert!(!RequestedRange::All.is_empty());
    }

    proptest::proptest! {
        #[test]
        fn no_header_panics(text in "\\PC{0,40}", ranges in "(bytes)?[ =]?[0-9*]{0,22}-?[0-9*]{0,22}/?[0-9*]{0,22}") {
            for text in [text, ranges] {
                let _ = received(Some(&text));
                let _ = ContentRange::parse(&text);
            }
        }

        #[test]
        fn a_written_part_is_read_back(offset in 0..u64::MAX / 2, len in 1..u64::MAX / 4) {
            let text = UploadRange::part(offset, len, None).to_string();
            let last = offset + len - 1;
            proptest::prop_assert_eq!(ContentRange::parse(&text), Ok(ContentRange::Part { first: offset, last, total: None }));
        }
    }
}
