//! Where the token of the other identity provider comes from.

use super::{AwsSource, Executable};
use crate::auth::oauth::{TokenRequest, parse_url, response_error};
use crate::auth::secret_file::read_text;
use crate::auth::{AuthContext, AuthError, AuthErrorKind, Secret};
use bytes::Bytes;
use http::header::HeaderMap;
use http::{Method, Uri};
use serde_json::Value;
use std::path::PathBuf;
use std::time::Duration;

pub(super) const ACTION: &str = "getting the token of another identity provider";

/// Source of the subject token.
#[derive(Debug)]
pub(in crate::auth) enum SubjectSource {
    /// A file, which another program keeps fresh.
    File { path: PathBuf, format: Format },
    /// A server, usually of the machine itself.
    Url { url: Uri, headers: HeaderMap, format: Format },
    /// The identity of a machine at AWS.
    Aws(Box<AwsSource>),
    /// A program.
    Executable(Executable),
}

/// How a file or answer holds the token.
#[derive(Debug)]
pub(in crate::auth) enum Format {
    /// As its whole text.
    Text,
    /// As a member of a JSON object.
    Json { field: String },
}

impl SubjectSource {
    /// Returns the token to exchange.
    pub(super) async fn token(
        &self,
        cx: &AuthContext,
        audience: &str,
        token_type: &str,
    ) -> Result<Secret, AuthError> {
        match self {
            Self::File { path, format } => {
                let text = read_text(path, "the file with the subject token")?;
                format.token(&text, &format!("the file {}", crate::redact::shown_path(path)))
            }
            Self::Url { url, headers, format } => {
                let text = get(cx, url, headers.clone()).await?;
                format.token(&text, url.host().unwrap_or_default())
            }
            Self::Aws(source) => source.token(cx, audience).await,
            Self::Executable(program) => program.token(cx, audience, token_type).await,
        }
    }
}

impl Format {
    fn token(&self, text: &str, place: &str) -> Result<Secret, AuthError> {
        let missing = |why: &str| {
            let message = format!("{place} {why}: it should hold the subject token");
            AuthError::new(AuthErrorKind::Malformed, message)
        };
        let token = match self {
            // An identity token has no blanks; files often end with a line break.
            Self::Text => text.trim().to_owned(),
            Self::Json { field } => {
                let value: Value =
                    serde_json::from_str(text).map_err(|_| missing("is not JSON"))?;
                let token = value.get(field).and_then(Value::as_str);
                token.ok_or_else(|| missing(&format!("has no text member {field:?}")))?.to_owned()
            }
        };
        if token.is_empty() {
            return Err(missing("is empty"));
        }
        Ok(Secret::new(token))
    }
}

/// Returns the body of a successful answer to a GET request.
pub(super) async fn get(
    cx: &AuthContext,
    url: &Uri,
    headers: HeaderMap,
) -> Result<String, AuthError> {
    exchange(cx, Method::GET, url, headers).await
}

/// Returns the body of a successful answer to a request without a body.
pub(super) async fn exchange(
    cx: &AuthContext,
    method: Method,
    url: &Uri,
    headers: HeaderMap,
) -> Result<String, AuthError> {
    let request = TokenRequest {
        action: ACTION,
        method,
        url: url.clone(),
        headers,
        body: Bytes::new(),
        attempt_timeout: Duration::from_secs(10),
        max_attempts: 3,
    };
    let response = request.send(cx).await?;
    if !response.status.is_success() {
        return Err(response_error(ACTION, &response));
    }
    String::from_utf8(response.body.to_vec()).map_err(|_| {
        let message = format!("the answer is not text while {ACTION}");
        AuthError::new(AuthErrorKind::Malformed, message)
    })
}

/// Parses a URL of a credential file.
pub(in crate::auth) fn source_url(text: &str) -> Result<Uri, AuthError> {
    let url = parse_url(text)?;
    if matches!(url.scheme_str(), Some("http" | "https")) && url.host().is_some() {
        return Ok(url);
    }
    let message = "the address of a source of tokens is not an http or https URL";
    Err(AuthError::new(AuthErrorKind::Invalid, message))
}
