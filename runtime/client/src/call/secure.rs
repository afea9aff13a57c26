//! Where credentials may go.

use std::net::IpAddr;

use http::Uri;
use http::header::{AUTHORIZATION, HeaderMap};

use crate::auth::{AuthError, AuthErrorKind, AuthHeaders};

/// Refuses to send a secret in the clear, but to this machine.
pub(super) fn check(uri: &Uri, headers: &AuthHeaders) -> Result<(), AuthError> {
    let encrypted = uri.scheme_str() == Some("https");
    if encrypted || !headers.is_secret() || is_loopback(uri.host().unwrap_or_default()) {
        return Ok(());
    }
    let host = uri.host().unwrap_or_default();
    let message = format!(
        "credentials are not sent to {host:?} over plain http; use https, or call an emulator \
         without credentials (`with_anonymous`)"
    );
    Err(AuthError::new(AuthErrorKind::Insecure, message))
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => bare == "localhost" || bare.ends_with(".localhost"),
    }
}

/// Whether a request brings its own credentials: a header, or one of the query parameters
/// that stand for one.
pub(super) fn brings_credentials(uri: &Uri, headers: &HeaderMap) -> bool {
    let names = ["key", "access_token", "oauth_token", "bearer_token"];
    let query = uri.query().unwrap_or_default();
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    headers.contains_key(AUTHORIZATION)
        || headers.contains_key("x-goog-api-key")
        || pairs.any(|(name, value)| names.contains(&name) && !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Secret;

    #[test]
    fn secrets_go_over_tls_or_stay_here() {
        let secret = AuthHeaders::bearer(&Secret::new("t")).unwrap();
        let allowed = |url: &str| check(&url.parse().unwrap(), &secret).is_ok();
        for url in [
            "https://jobs.googleapis.com/",
            "http://localhost:8080/",
            "http://x.localhost/",
            "http://127.0.0.1:9/",
            "http://127.9.9.9/",
            "http://[::1]:1/",
        ] {
            assert!(allowed(url), "{url}");
        }
        for url in [
            "http://jobs.googleapis.com/",
            "http://10.0.0.1/",
            "http://localhost.evil.example/",
            "http://127.0.0.1.evil.example/",
            "http://[::2]/",
        ] {
            assert!(!allowed(url), "{url}");
            assert!(check(&url.parse().unwrap(), &AuthHeaders::none()).is_ok());
        }
    }

    #[test]
    fn credentials_in_the_request_are_seen() {
        let brings = |url: &str| brings_credentials(&url.parse().unwrap(), &HeaderMap::new());
        assert!(brings("https://x/?alt=json&key=k"));
        assert!(brings("https://x/?access_token=k"));
        assert!(!brings("https://x/?alt=json&monkey=k"));
        assert!(!brings("https://x/?key="));
    }
}
