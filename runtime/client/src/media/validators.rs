//! ETag, Last-Modified, and other validators: checks that all ranges belong to one representation.

use std::time::Duration;

use http::header::{
    CONTENT_ENCODING, DATE, ETAG, HeaderMap, HeaderName, HeaderValue, LAST_MODIFIED,
};

use crate::call::answer::stored_coding;

const GENERATION: HeaderName = HeaderName::from_static("x-goog-generation");
const HASH: HeaderName = HeaderName::from_static("x-goog-hash");

/// Validators of a response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Validators {
    etag: Option<HeaderValue>,
    generation: Option<HeaderValue>,
    hash: Option<HeaderValue>,
    modified: Option<HeaderValue>,
    /// Whether the content cannot have changed again within the second of `modified`.
    stable: bool,
    total: Option<u64>,
    /// Whether the content is stored in another encoding than it is sent in, so that offsets do not
    /// apply to it.
    transcoded: bool,
}

impl Validators {
    pub(super) fn of(headers: &HeaderMap, total: Option<u64>) -> Self {
        Self {
            etag: headers.get(ETAG).cloned(),
            generation: headers.get(GENERATION).cloned(),
            hash: headers.get(HASH).cloned(),
            modified: headers.get(LAST_MODIFIED).cloned(),
            stable: is_date_stable(headers),
            total,
            transcoded: is_transcoded(headers),
        }
    }

    /// Marks the validators of a response that was compressed.
    pub(super) const fn with_decompressed(mut self, unpacked: bool) -> Self {
        self.transcoded |= unpacked;
        self
    }

    pub(super) const fn total(&self) -> Option<u64> {
        self.total
    }

    /// Adopts the size of the content from a later response, if unknown.
    pub(super) fn adopt_total(&mut self, later: &Self) {
        self.total = self.total.or(later.total);
    }

    pub(super) const fn is_transcoded(&self) -> bool {
        self.transcoded
    }

    /// Returns the checksums of the whole content, as reported by Cloud Storage.
    pub(super) fn hash(&self) -> Option<&str> {
        self.hash.as_ref().and_then(|hash| hash.to_str().ok())
    }

    /// Returns `true` if a later response can be verified.
    pub(super) fn can_match(&self) -> bool {
        self.matches(self)
    }

    /// Returns the ETag unless it is weak: different bytes may share a weak ETag (RFC 9110, 8.8.1).
    fn strong_etag(&self) -> Option<&HeaderValue> {
        self.etag.as_ref().filter(|etag| !etag.as_bytes().starts_with(b"W/"))
    }

    fn strong_date(&self) -> Option<&HeaderValue> {
        self.modified.as_ref().filter(|_| self.stable)
    }

    /// Returns the value for `If-Range`, a strong validator (RFC 9110, 13.1.5).
    pub(super) fn if_range(&self) -> Option<&HeaderValue> {
        self.strong_etag().or_else(|| self.strong_date())
    }

    /// Describes how a later response differs. A validator that only one of them has is no
    /// difference.
    pub(super) fn difference(&self, later: &Self) -> Option<&'static str> {
        let differ = |a: &Option<HeaderValue>, b: &Option<HeaderValue>| match (a, b) {
            (Some(a), Some(b)) => opaque(a) != opaque(b),
            _ => false,
        };
        if differ(&self.etag, &later.etag) {
            return Some("its ETag differs");
        }
        if differ(&self.generation, &later.generation) {
            return Some("its generation differs");
        }
        if differ(&self.hash, &later.hash) {
            return Some("its checksum differs");
        }
        if (self.etag.is_none() || later.etag.is_none()) && differ(&self.modified, &later.modified)
        {
            return Some("it was modified");
        }
        match (self.total, later.total) {
            (Some(a), Some(b)) if a != b => Some("its size differs"),
            _ => None,
        }
    }

    /// Returns `true` if a later response verifiably belongs to the same content.
    pub(super) fn matches(&self, later: &Self) -> bool {
        let same = |a: Option<&HeaderValue>, b: Option<&HeaderValue>| a.is_some() && a == b;
        self.difference(later).is_none()
            && (same(self.strong_etag(), later.strong_etag())
                || same(self.generation.as_ref(), later.generation.as_ref())
                || same(self.hash.as_ref(), later.hash.as_ref())
                || same(self.strong_date(), later.strong_date()))
    }
}

/// Returns `true` if Cloud Storage stores the content in a coding other than that of the response.
fn is_transcoded(headers: &HeaderMap) -> bool {
    let Some(stored) = stored_coding(headers) else { return false };
    let sent = headers.get(CONTENT_ENCODING).map_or(&b"identity"[..], HeaderValue::as_bytes);
    !stored.as_bytes().eq_ignore_ascii_case(sent)
}

/// Returns an ETag without its weakness prefix.
fn opaque(etag: &HeaderValue) -> &[u8] {
    let bytes = etag.as_bytes();
    bytes.strip_prefix(b"W/").unwrap_or(bytes)
}

/// Returns `true` if the response is at least a second younger than the content. Otherwise, the
/// content may have changed twice within the second of `Last-Modified` (RFC 9110, 8.8.2.2).
fn is_date_stable(headers: &HeaderMap) -> bool {
    let time = |name| {
        let text = headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok())?;
        httpdate::parse_http_date(text).ok()
    };
    let (Some(modified), Some(date)) = (time(LAST_MODIFIED), time(DATE)) else { return false };
    date.duration_since(modified).is_ok_and(|age| age >= Duration::from_secs(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn validators(headers: &[(&'static str, &str)], total: Option<u64>) -> Validators {
        let pairs = headers.iter().map(|(name, value)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        });
        Validators::of(&pairs.collect(), total)
    }

    const OLD: (&str, &str) = ("last-modified", "Mon, 01 Jan 2024 00:00:00 GMT");
    const LATER: (&str, &str) = ("date", "Mon, 01 Jan 2024 00:00:01 GMT");
    const AT_ONCE: (&str, &str) = ("date", "Mon, 01 Jan 2024 00:00:00 GMT");

    #[test]
    fn range_requests_use_strong_validators() {
        let strong = validators(&[("etag", "\"a\""), OLD, LATER], None);
        assert_eq!(strong.if_range().unwrap(), "\"a\"");
        let weak = validators(&[("etag", "W/\"a\"")], None);
        assert_eq!((weak.if_range(), weak.can_match()), (None, false));
        let dated = validators(&[OLD, LATER], None);
        assert_eq!(dated.if_range().unwrap(), OLD.1);
        assert!(dated.can_match());
        for fresh in [&[OLD, AT_ONCE][..], &[OLD], &[("last-modified", "x"), LATER]] {
            let fresh = validators(fresh, None);
            assert_eq!((fresh.if_range(), fresh.can_match()), (None, false));
        }
        assert!(!validators(&[], Some(5)).can_match());
        assert!(validators(&[("x-goog-hash", "crc32c=x")], None).can_match());
        assert!(validators(&[("x-goog-stored-content-encoding", "gzip")], None).is_transcoded());
        assert!(validators(&[], None).with_decompressed(true).is_transcoded());
    }

    #[test]
    fn contents_are_distinguished() {
        let a = validators(&[("etag", "\"a\""), ("x-goog-generation", "1")], Some(5));
        assert_eq!(a.difference(&a), None);
        assert!(a.matches(&a));
        let silent = validators(&[], None);
        assert_eq!(a.difference(&silent), None);
        assert!(!a.matches(&silent), "silence proves nothing");
        let weak = validators(&[("etag", "W/\"a\"")], Some(5));
        assert_eq!(a.difference(&weak), None);
        assert!(!a.matches(&weak) && !weak.matches(&weak), "a weak ETag proves nothing");
        for (headers, total, what) in [
            (&[("etag", "\"b\"")][..], None, "ETag"),
            (&[("etag", "\"a\""), ("x-goog-generation", "2")], None, "generation"),
            (&[], Some(6), "size"),
        ] {
            assert!(a.difference(&validators(headers, total)).unwrap().contains(what));
        }
        let dated = validators(&[OLD], None);
        assert!(dated.difference(&validators(&[("last-modified", "y")], None)).is_some());
        let hashed = |hash| validators(&[("x-goog-hash", hash)], None);
        assert!(hashed("crc32c=x").difference(&hashed("crc32c=y")).unwrap().contains("checksum"));
        assert!(hashed("crc32c=x").matches(&hashed("crc32c=x")));
    }
}
