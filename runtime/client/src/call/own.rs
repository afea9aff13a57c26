//! Requests that need no credentials of the client's.

use http::Uri;
use http::header::{AUTHORIZATION, HeaderMap};

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

    #[test]
    fn credentials_in_the_request_are_seen() {
        let brings = |url: &str| brings_credentials(&url.parse().unwrap(), &HeaderMap::new());
        assert!(brings("https://x/?alt=json&key=k"));
        assert!(brings("https://x/?access_token=k"));
        assert!(!brings("https://x/?alt=json&monkey=k"));
        assert!(!brings("https://x/?key="));
    }
}
