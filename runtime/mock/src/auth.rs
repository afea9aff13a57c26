//! Checks credentials.

use serde_json::json;

use crate::error::{ApiError, Code};
use crate::incoming::Incoming;

/// Tokens that a server accepts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Tokens {
    /// Calls need no token.
    #[default]
    NotNeeded,
    /// Every call needs a token, with any value.
    Any,
    /// Every call needs this token.
    Only(String),
}

impl Tokens {
    /// Checks the `Authorization` header, or the parameter `access_token` in its place.
    pub(crate) fn check(&self, incoming: &Incoming) -> Result<(), ApiError> {
        let header = incoming.header("authorization").unwrap_or_default();
        let bearer = header.split_once(' ').filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
        let in_header = bearer.map(|(_, token)| token.trim());
        let token = in_header
            .or_else(|| incoming.query("access_token"))
            .or_else(|| incoming.query("bearer_token"))
            .or_else(|| incoming.query("oauth_token"))
            .filter(|token| !token.is_empty());
        match (self, token) {
            (Self::NotNeeded, _) | (Self::Any, Some(_)) => Ok(()),
            (Self::Only(wanted), Some(token)) if wanted == token => Ok(()),
            (_, None) => Err(refused(
                "Request is missing required authentication credential. Expected OAuth 2 access \
                 token, login cookie or other valid authentication credential. See \
                 https://developers.google.com/identity/sign-in/web/devconsole-project.",
                "CREDENTIALS_MISSING",
            )),
            (_, Some(_)) => Err(refused(
                "Request had invalid authentication credentials. Expected OAuth 2 access token, \
                 login cookie or other valid authentication credential. See \
                 https://developers.google.com/identity/sign-in/web/devconsole-project.",
                "ACCESS_TOKEN_INVALID",
            )),
        }
    }
}

fn refused(message: &str, reason: &str) -> ApiError {
    ApiError::new(Code::Unauthenticated, message).with_detail(json!({
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
    }))
}
