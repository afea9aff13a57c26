//! Range headers of uploads and downloads, parsed strictly.
//!
//! Three similar headers differ: `Range: bytes=0-9` (requested by a client, or held by an upload
//! server), `Content-Range: bytes 0-9/10` (contents of a body), and `Content-Range: bytes */10` (a
//! query, or an unsatisfiable range).

use std::fmt;

/// Error of an invalid range header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadRange {
    header: &'static str,
    text: String,
}

impl BadRange {
    fn new(header: &'static str, text: &str) -> Self {
        // Limits the text that is repeated in a message.
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

/// Parses the `Range` header of a `308` response: the number of bytes an upload server holds.
///
/// No header means none; `bytes=0-41` means 42. Some servers omit the unit.
///
/// # Errors
///
/// [`BadRange`] if the header is malformed or does not start at zero.
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

/// Strips `bytes=` or `bytes `, ignoring case.
fn strip_unit(text: &str) -> Option<&str> {
    let rest = text.get(..5).filter(|unit| unit.eq_ignore_ascii_case("bytes"))?;
    let rest = &text[rest.len()..];
    rest.strip_prefix('=').or_else(|| rest.strip_prefix(' ')).map(str::trim)
}

/// Parses decimal digits only, whereas `u64::from_str` accepts a sign.
fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// The `Content-Range` of an upload request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UploadRange {
    /// Queries how much the server holds: `bytes */*`, or `bytes */TOTAL` once the total is known.
    Query {
        /// Size of the whole content.
        total: Option<u64>,
    },
    /// Range of a body: `bytes FIRST-LAST/TOTAL`, with `*` for an unknown total.
    Part {
        /// Offset of the first byte.
        offset: u64,
        /// Number of bytes, at least one.
        len: u64,
        /// Size of the whole content.
        total: Option<u64>,
    },
}

impl UploadRange {
    /// Returns the range of a request with `len` bytes.
    ///
    /// Without bytes, this is `bytes */TOTAL`, which completes an upload: empty ranges have no
    /// other notation.
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

/// The `Content-Range` of a download response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContentRange {
    /// Range of the body (`206`).
    Part {
        /// Offset of the first byte.
        first: u64,
        /// Offset of the last byte.
        last: u64,
        /// Size of the whole content, if known.
        total: Option<u64>,
    },
    /// Unsatisfiable range (`416`).
    Unsatisfied {
        /// Size of the whole content.
        total: u64,
    },
}

impl ContentRange {
    /// Parses the header.
    ///
    /// # Errors
    ///
    /// [`BadRange`] if the header is malformed, reversed, or ends after the total.
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

/// The requested bytes of a download.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum RequestedRange {
    /// All bytes.
    #[default]
    All,
    /// Bytes from an offset on, before `end` if set.
    From {
        /// Offset of the first byte.
        first: u64,
        /// Offset after the last byte.
        end: Option<u64>,
    },
    /// The last bytes, or all if there are fewer.
    Last(u64),
}

impl RequestedRange {
    /// Returns the `Range` header, or `None` for the whole content.
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

    /// Returns `true` if no byte is requested: such a range has no notation.
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
    fn received_parses_server_headers() {
        assert_eq!(received(None), Ok(0));
        assert_eq!(received(Some("bytes=0-0")), Ok(1));
        assert_eq!(received(Some("bytes=0-35389439")), Ok(35_389_440));
        assert_eq!(received(Some("Bytes=0-41")), Ok(42));
        assert_eq!(received(Some("bytes 0-41")), Ok(42));
        assert_eq!(received(Some("0-41")), Ok(42));
        assert_eq!(received(Some(" bytes= 0 - 41 ")), Ok(42));
    }

    #[test]
    fn received_rejects_other_headers() {
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
