//! `Range` headers of downloads.

use std::ops::Range;

/// The range that a `Range` header requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ByteRange {
    /// The whole content: there is no header, or it is not a single byte range, which servers
    /// ignore ([RFC 9110, 14.2](https://www.rfc-editor.org/rfc/rfc9110#section-14.2)).
    All,
    /// A range of bytes.
    Part(Range<usize>),
    /// A range outside of the content.
    None,
}

/// Parses a `Range` header for content of a given size: `bytes=0-9`, `bytes=10-`, `bytes=-5`.
#[must_use]
pub fn byte_range(header: Option<&str>, size: usize) -> ByteRange {
    let span = header.and_then(|range| range.strip_prefix("bytes=")?.split_once('-'));
    let Some((first, last)) = span else { return ByteRange::All };
    let number = |text: &str| text.trim().parse::<usize>().ok();
    let (first, end) = match (first, last) {
        ("", count) => match number(count) {
            Some(count) => (size.saturating_sub(count), size),
            None => return ByteRange::All,
        },
        (first, "") => match number(first) {
            Some(first) => (first, size),
            None => return ByteRange::All,
        },
        (first, last) => match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => (first, last.saturating_add(1)),
            _ => return ByteRange::All,
        },
    };
    let end = end.min(size);
    if first < end { ByteRange::Part(first..end) } else { ByteRange::None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_parsed() {
        for (header, expected) in [
            (None, ByteRange::All),
            (Some("bytes=0-3"), ByteRange::Part(0..4)),
            (Some("bytes=4-"), ByteRange::Part(4..10)),
            (Some("bytes=-3"), ByteRange::Part(7..10)),
            (Some("bytes=-30"), ByteRange::Part(0..10)),
            (Some("bytes=8-99"), ByteRange::Part(8..10)),
            (Some("bytes=10-"), ByteRange::None),
            (Some("bytes=-0"), ByteRange::None),
            (Some("bytes=3-1"), ByteRange::All),
            (Some("bytes=0-1,3-4"), ByteRange::All),
            (Some("lines=0-1"), ByteRange::All),
        ] {
            assert_eq!(byte_range(header, 10), expected, "{header:?}");
        }
    }
}
