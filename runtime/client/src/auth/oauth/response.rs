//! Responses of token services ([RFC 6749](https://www.rfc-editor.org/rfc/rfc6749), section 5).

use super::TokenResponse;
#[cfg(feature = "adc")]
use crate::auth::Secret;
use crate::auth::{AuthError, AuthErrorKind, Token};
use serde_json::{Map, Value};
use std::time::Duration;

/// Default lifetime of tokens, as issued by Google.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(3600);
/// Maximum length of an external message in terminals and logs.
const MESSAGE_LIMIT: usize = 300;

/// A successful response.
pub(crate) struct TokenGrant {
    pub(crate) token: Token,
    #[cfg(feature = "adc")]
    pub(crate) refresh_token: Option<Secret>,
    /// The granted scopes, if the service reports them.
    #[cfg(feature = "adc")]
    pub(crate) scopes: Option<Vec<String>>,
}

/// Parses the response of a token service; `what` names the action in errors.
pub(crate) fn parse_token_response(
    what: &str,
    response: &TokenResponse,
) -> Result<TokenGrant, AuthError> {
    if !response.status.is_success() {
        return Err(response_error(what, response));
    }
    let body = object(response).ok_or_else(|| malformed(what, "not a JSON object"))?;
    let access = string(&body, "access_token").filter(|token| !token.is_empty());
    let access = access.ok_or_else(|| malformed(what, "no access_token"))?;
    if string(&body, "token_type").is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return Err(malformed(what, "not a bearer token"));
    }
    let token = Token::new(access).with_lifetime(lifetime(&body));
    Ok(TokenGrant {
        token,
        #[cfg(feature = "adc")]
        refresh_token: string(&body, "refresh_token").map(Secret::from),
        #[cfg(feature = "adc")]
        scopes: string(&body, "scope")
            .map(|list| list.split_whitespace().map(str::to_owned).collect()),
    })
}

/// Returns a member of a successful response that holds a token.
#[cfg(feature = "adc")]
pub(crate) fn parse_token_member(
    what: &str,
    response: &TokenResponse,
    name: &str,
) -> Result<Secret, AuthError> {
    if !response.status.is_success() {
        return Err(response_error(what, response));
    }
    let body = object(response).ok_or_else(|| malformed(what, "not a JSON object"))?;
    let token = string(&body, name).filter(|token| !token.is_empty());
    token.map(Secret::from).ok_or_else(|| malformed(what, &format!("no {name}")))
}

/// Returns `expires_in`, a number, or text as some emulators send it.
fn lifetime(body: &Map<String, Value>) -> Duration {
    let seconds = match body.get("expires_in") {
        Some(Value::String(text)) => text.parse().ok(),
        Some(value) => value.as_u64(),
        None => None,
    };
    seconds.map_or(DEFAULT_LIFETIME, Duration::from_secs)
}

/// Returns the member `name` if it is a string.
pub(crate) fn string<'a>(body: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    body.get(name)?.as_str()
}

fn object(response: &TokenResponse) -> Option<Map<String, Value>> {
    match serde_json::from_slice(&response.body) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

fn malformed(what: &str, why: &str) -> AuthError {
    let message = format!("malformed response of the token service while {what}: {why}");
    AuthError::new(AuthErrorKind::Malformed, message)
}

/// Returns `true` if the error code denotes a failure of the service itself.
pub(super) fn has_transient_code(response: &TokenResponse) -> bool {
    let Some(body) = object(response) else { return false };
    let code = string(&body, "error").unwrap_or_default();
    matches!(code, "server_error" | "temporarily_unavailable" | "internal_failure")
}

/// Builds the error for a response without success.
pub(crate) fn response_error(what: &str, response: &TokenResponse) -> AuthError {
    let transient = super::is_transient(response);
    let kind = if transient { AuthErrorKind::Unavailable } else { AuthErrorKind::Refused };
    let status = response.status.as_u16();
    let (code, description) = error_fields(response);
    let mut message = format!("the token service answered {status}");
    if !code.is_empty() {
        message.push_str(&format!(" {code}"));
    }
    message.push_str(&format!(" while {what}"));
    if !description.is_empty() {
        message.push_str(&format!(": {description}"));
    }
    message.push_str(match (transient, code.as_str()) {
        (true, _) => "; try again later",
        (_, "invalid_grant") => {
            "; the login has expired or was revoked, or this machine's clock is wrong: log in again"
        }
        (_, "invalid_scope") => "; ask for scopes that these credentials may have",
        _ => "; check the credentials and what they are allowed to do",
    });
    AuthError::new(kind, message)
}

/// Returns code and description of OAuth's form (`error`, `error_description`) or of Google's APIs
/// (`error.status`, `error.message`).
fn error_fields(response: &TokenResponse) -> (String, String) {
    let Some(body) = object(response) else { return Default::default() };
    let (code, description) = match body.get("error") {
        Some(Value::Object(error)) => (string(error, "status"), string(error, "message")),
        _ => (string(&body, "error"), string(&body, "error_description")),
    };
    let shown = |text: Option<&str>| sanitize(&response.secrets.hide(text.unwrap_or_default()));
    (shown(code), shown(description))
}

fn sanitize(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(MESSAGE_LIMIT).collect::<String>().trim().to_owned()
}
