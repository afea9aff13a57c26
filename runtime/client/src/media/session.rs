//! Sessions of resumable uploads.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;

use futures_core::Stream as _;
use serde_json::{Value, json};

use super::crc32c::Crc32c;
use super::progress::Notify;
use super::read::Exact;
use super::source::{Content, source_failed};
use crate::error::{Error, ErrorKind, Result};
use crate::retry::RetryClass;

/// A session of a resumable upload, with which another process can resume it.
///
/// A session belongs to one call, with its URL, parameters, metadata, and content, and is rejected
/// for any other. Servers keep sessions for about a week. The session URL is a secret: it grants
/// write access to the content, usually without further credentials. `Debug` hides it;
/// [`to_json`](Self::to_json) does not.
///
/// ```
/// use discovery_runtime::media::UploadSession;
/// let stored = r#"{"uri":"https://example.com/upload?upload_id=1","method":"x.insert",
///     "target":"https://example.com/upload?name=a","contentType":"text/plain","total":"9"}"#;
/// let session = UploadSession::from_json(stored)?;
/// assert_eq!(session.total(), Some(9));
/// assert!(!format!("{session:?}").contains("upload_id=1"));
/// assert_eq!(UploadSession::from_json(&session.to_json())?, session);
/// # Ok::<(), discovery_runtime::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct UploadSession {
    pub(super) uri: String,
    pub(super) method: String,
    /// URL and parameters of the call, without credentials.
    pub(super) target: String,
    /// JSON metadata of the content.
    pub(super) metadata: Option<String>,
    /// Fingerprint of the content, if it can be read again.
    pub(super) fingerprint: Option<String>,
    pub(super) content_type: String,
    pub(super) total: Option<u64>,
    pub(super) confirmed: u64,
}

impl UploadSession {
    /// Returns the session URL, a secret.
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// Returns the ID of the method, for example `storage.objects.insert`.
    #[must_use]
    pub fn method_id(&self) -> &str {
        &self.method
    }

    /// Returns the URL of the call, with all parameters except credentials.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// Returns the MIME type of the content.
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// Returns the size of the content, if known.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Returns the number of bytes last confirmed by the server. The server is queried again before
    /// an upload resumes.
    #[must_use]
    pub fn confirmed(&self) -> u64 {
        self.confirmed
    }

    /// Returns `true` if a session is still usable after an upload failed with `error`: the failure
    /// is temporary, or concerns credentials only. After any other error, such as 400, 403, 404,
    /// 410, or 412, the server rejects the session permanently, and the next upload should open a
    /// new one.
    #[must_use]
    pub fn survives(error: &Error) -> bool {
        let status = error.http_status().map(|status| status.as_u16());
        error.kind() == ErrorKind::Auth
            || matches!(status, Some(401 | 429))
            || RetryClass::of(error) != RetryClass::Permanent
    }

    /// Encodes the session as JSON. Store it like a secret.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Numbers are strings, like 64-bit numbers in Google's JSON, so that any reader keeps them
        // exact.
        json!({
            "uri": self.uri,
            "method": self.method,
            "target": self.target,
            "metadata": self.metadata,
            "fingerprint": self.fingerprint,
            "contentType": self.content_type,
            "total": self.total.map(|total| total.to_string()),
            "confirmed": self.confirmed.to_string(),
        })
        .to_string()
    }

    /// Parses the text of [`to_json`](Self::to_json).
    ///
    /// # Errors
    ///
    /// If the text does not describe a session.
    pub fn from_json(text: &str) -> Result<Self> {
        let bad = |what: &str| Error::invalid(format!("the stored upload session {what}"));
        let value: Value = serde_json::from_str(text).map_err(|_| bad("is not JSON"))?;
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let required = |name: &str| text(name).ok_or_else(|| bad(&format!("has no `{name}`")));
        let number = |name: &str| match text(name) {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| bad(&format!("has a bad `{name}`"))),
        };
        Ok(Self {
            uri: required("uri")?,
            method: required("method")?,
            target: required("target")?,
            metadata: text("metadata"),
            fingerprint: text("fingerprint"),
            content_type: required("contentType")?,
            total: number("total")?,
            confirmed: number("confirmed")?.unwrap_or(0),
        })
    }
}

impl fmt::Debug for UploadSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadSession")
            .field("uri", &crate::redact::redact_path(&self.uri))
            .field("method", &self.method)
            .field("target", &crate::redact::redact_url(&self.target))
            .field("content_type", &self.content_type)
            .field("total", &self.total)
            .field("confirmed", &self.confirmed)
            .finish()
    }
}

/// Computes a fingerprint of content: a checksum of samples at its beginning, middle, and end.
/// Cheap, and enough to detect a rewritten file, but no proof of identity.
pub(super) async fn fingerprint(content: &dyn Content) -> Result<String> {
    const SAMPLE_SIZE: u64 = 64 * 1024;
    let size = content.size();
    let mut crc = Crc32c::default();
    let last = size.saturating_sub(SAMPLE_SIZE);
    let mut offsets = vec![0, last / 2, last];
    offsets.dedup();
    for offset in offsets {
        let len = SAMPLE_SIZE.min(size - offset);
        if len == 0 {
            continue;
        }
        let mut piece = Exact::new(content.open(offset), offset, len, Notify::default());
        while let Some(bytes) = poll_fn(|cx| Pin::new(&mut piece).poll_next(cx)).await {
            crc.update(&bytes.map_err(source_failed)?);
        }
    }
    Ok(format!("{:08x}", crc.value()))
}

/// Completes a session URL; some servers return a path only.
pub(super) fn absolute_url(location: &str, root: &str) -> String {
    if !location.starts_with('/') || location.starts_with("//") {
        return location.to_owned();
    }
    let host = root.find("://").map_or(0, |at| at + 3);
    let end = root[host..].find('/').map_or(root.len(), |at| host + at);
    format!("{}{location}", &root[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_sessions_are_reported() {
        let table = [
            ("", "not JSON"),
            ("{}", "no `uri`"),
            (r#"{"uri":"u"}"#, "no `method`"),
            (r#"{"uri":"u","method":"m","contentType":"c"}"#, "no `target`"),
            (
                r#"{"uri":"u","method":"m","target":"t","contentType":"c","total":"-1"}"#,
                "bad `total`",
            ),
            (
                r#"{"uri":"u","method":"m","target":"t","contentType":"c","confirmed":"x"}"#,
                "bad `confirmed`",
            ),
        ];
        for (text, want) in table {
            let error = UploadSession::from_json(text).expect_err(text).to_string();
            assert!(error.contains(want), "{error}");
        }
    }

    #[test]
    fn addresses_are_completed() {
        let root = "http://localhost:80/emulator/";
        assert_eq!(absolute_url("https://x/y", root), "https://x/y");
        assert_eq!(absolute_url("/upload?id=1", root), "http://localhost:80/upload?id=1");
    }
}
