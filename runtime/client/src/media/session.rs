//! An upload that can be put aside.

use std::fmt;

use serde_json::{Value, json};

use crate::error::{Error, Result};

/// An open resumable upload: enough to go on with it in another process, on another day.
///
/// Servers keep a session for about a week. Its address is a secret: whoever has it can write the
/// content, mostly without further credentials. `Debug` hides it, [`to_json`](Self::to_json) does
/// not.
///
/// ```
/// use discovery_runtime::media::UploadSession;
/// let stored = r#"{"uri":"https://example.com/upload?upload_id=1","method":"x.insert","contentType":"text/plain","total":"9","confirmed":"0"}"#;
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
    pub(super) content_type: String,
    pub(super) total: Option<u64>,
    pub(super) confirmed: u64,
}

impl UploadSession {
    /// The session's address. A secret.
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// The id of the method that it belongs to, for example `storage.objects.insert`.
    #[must_use]
    pub fn method_id(&self) -> &str {
        &self.method
    }

    /// The MIME type of the content.
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// The size of the content, if it is known.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// How many bytes the server held when it last said so. It is asked again before an upload
    /// goes on.
    #[must_use]
    pub fn confirmed(&self) -> u64 {
        self.confirmed
    }

    /// The session as JSON text, to be kept where secrets are kept.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Numbers as strings, as Google writes 64-bit ones: any reader keeps them exact.
        json!({
            "uri": self.uri,
            "method": self.method,
            "contentType": self.content_type,
            "total": self.total.map(|total| total.to_string()),
            "confirmed": self.confirmed.to_string(),
        })
        .to_string()
    }

    /// Reads what [`to_json`](Self::to_json) wrote.
    ///
    /// # Errors
    ///
    /// When the text is not that of a session.
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
            content_type: required("contentType")?,
            total: number("total")?,
            confirmed: number("confirmed")?.unwrap_or(0),
        })
    }
}

impl fmt::Debug for UploadSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadSession")
            .field("uri", &crate::observe::redact_path(&self.uri))
            .field("method", &self.method)
            .field("content_type", &self.content_type)
            .field("total", &self.total)
            .field("confirmed", &self.confirmed)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_session_is_told() {
        let table = [
            ("", "not JSON"),
            ("{}", "no `uri`"),
            (r#"{"uri":"u"}"#, "no `method`"),
            (r#"{"uri":"u","method":"m","contentType":"c","total":"-1"}"#, "bad `total`"),
            (r#"{"uri":"u","method":"m","contentType":"c","confirmed":"x"}"#, "bad `confirmed`"),
        ];
        for (text, want) in table {
            let error = UploadSession::from_json(text).expect_err(text).to_string();
            assert!(error.contains(want), "{error}");
        }
    }
}
