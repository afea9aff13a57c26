//! What a token service says ([RFC 6749](https://www.rfc-editor.org/rfc/rfc6749), section 5).

use super::Reply;
#[cfg(feature = "adc")]
use crate::auth::Secret;
use crate::auth::{AuthError, AuthErrorKind, Token};
use serde_json::{Map, Value};
use std::time::Duration;

/// Google's tokens last an hour; one of unknown life is taken to do so too.
const USUAL_LIFETIME: Duration = Duration::from_secs(3600);
/// A message longer than this is cut: it comes from outside and goes to terminals and logs.
const MESSAGE_LIMIT: usize = 300;

/// A successful answer.
pub(crate) struct Granted {
    pub(crate) token: Token,
    #[cfg(feature = "adc")]
    pub(crate) refresh_token: Option<Secret>,
    /// The scopes that were granted, if the service says so.
    #[cfg(feature = "adc")]
    pub(crate) scopes: Option<Vec<String>>,
}

/// Reads the answer of a token service; `what` says what was being done.
pub(crate) fn token_answer(what: &str, reply: &Reply) -> Result<Granted, AuthError> {
    if !reply.status.is_success() {
        return Err(refusal(what, reply));
    }
    let body = object(reply).ok_or_else(|| malformed(what, "its answer is not a JSON object"))?;
    let access = string(&body, "access_token").filter(|token| !token.is_empty());
    let access = access.ok_or_else(|| malformed(what, "its answer has no access_token"))?;
    if string(&body, "token_type").is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return Err(malformed(what, "its token is not a bearer token"));
    }
    let token = Token::new(access).with_lifetime(lifetime(&body));
    Ok(Granted {
        token,
        #[cfg(feature = "adc")]
        refresh_token: string(&body, "refresh_token").map(Secret::from),
        #[cfg(feature = "adc")]
        scopes: string(&body, "scope")
            .map(|list| list.split_whitespace().map(str::to_owned).collect()),
    })
}

/// `expires_in` as a number, or as text, which some emulators send.
fn lifetime(body: &Map<String, Value>) -> Duration {
    let seconds = match body.get("expires_in") {
        Some(Value::String(text)) => text.parse().ok(),
        Some(value) => value.as_u64(),
        None => None,
    };
    seconds.map_or(USUAL_LIFETIME, Duration::from_secs)
}

/// The member `name`, where it is text.
pub(crate) fn string<'a>(body: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    body.get(name)?.as_str()
}

fn object(reply: &Reply) -> Option<Map<String, Value>> {
    match serde_json::from_slice(&reply.body) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

fn malformed(what: &str, why: &str) -> AuthError {
    let message = format!("the token service makes no sense while {what}: {why}");
    AuthError::new(AuthErrorKind::Malformed, message)
}

/// OAuth's codes for a failure of the service itself, and the one that Google's sends.
pub(super) fn says_transient(reply: &Reply) -> bool {
    let Some(body) = object(reply) else { return false };
    let code = string(&body, "error").unwrap_or_default();
    matches!(code, "server_error" | "temporarily_unavailable" | "internal_failure")
}

/// The failure that an answer without success stands for.
pub(crate) fn refusal(what: &str, reply: &Reply) -> AuthError {
    let transient = super::is_transient(reply);
    let kind = if transient { AuthErrorKind::Unavailable } else { AuthErrorKind::Refused };
    let status = reply.status.as_u16();
    let (code, description) = reasons(reply);
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

/// Code and description, of OAuth's form (`error`, `error_description`) or of the form of Google's
/// APIs (`error.status`, `error.message`).
fn reasons(reply: &Reply) -> (String, String) {
    let Some(body) = object(reply) else { return Default::default() };
    let (code, description) = match body.get("error") {
        Some(Value::Object(error)) => (string(error, "status"), string(error, "message")),
        _ => (string(&body, "error"), string(&body, "error_description")),
    };
    let shown = |text: Option<&str>| tame(&reply.secrets.hide(text.unwrap_or_default()));
    (shown(code), shown(description))
}

fn tame(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(MESSAGE_LIMIT).collect::<String>().trim().to_owned()
}
