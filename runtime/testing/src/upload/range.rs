//! `Content-Range` headers of uploads.

/// A parsed `Content-Range`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UploadRange {
    /// First and last byte; `None` in a status query.
    pub(crate) bytes: Option<(u64, u64)>,
    /// Size of the whole content, if known.
    pub(crate) total: Option<u64>,
}

impl UploadRange {
    /// Parses `bytes 0-99/200`, `bytes 0-99/*`, `bytes */200`, or `bytes */*`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (span, total) = text.strip_prefix("bytes")?.trim().split_once('/')?;
        let number = |text: &str| text.trim().parse::<u64>().ok();
        let total = match total {
            "*" => None,
            total => Some(number(total)?),
        };
        let bytes = match span {
            "*" => None,
            span => {
                let (first, last) = span.split_once('-')?;
                Some((number(first)?, number(last)?))
            }
        };
        let fits = bytes.is_none_or(|(first, last)| {
            first <= last && last < u64::MAX && total.is_none_or(|total| last < total)
        });
        fits.then_some(Self { bytes, total })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_parsed() {
        for (text, bytes, total) in [
            ("bytes 0-99/200", Some((0, 99)), Some(200)),
            ("bytes 5-5/*", Some((5, 5)), None),
            ("bytes */200", None, Some(200)),
            ("bytes */*", None, None),
        ] {
            assert_eq!(UploadRange::parse(text), Some(UploadRange { bytes, total }), "{text}");
        }
        for text in
            ["", "bytes=6", "bytes 9-5/10", "bytes 0-10/10", "bytes 0-9", "0-9/10", "bytes a-b/c"]
        {
            assert_eq!(UploadRange::parse(text), None, "{text}");
        }
    }
}
