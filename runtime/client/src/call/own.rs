//! Requests that need no credentials of the client's.

use http::Uri;

/// Whether one of the query parameters stands for credentials.
pub(super) fn in_query(uri: &Uri) -> bool {
    let names = ["key", "access_token", "oauth_token", "bearer_token"];
    let query = uri.query().unwrap_or_default();
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.any(|(name, value)| names.contains(&name) && !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_in_the_request_are_seen() {
        let brings = |url: &str| in_query(&url.parse().unwrap());
        assert!(brings("https://x/?alt=json&key=k"));
        assert!(brings("https://x/?access_token=k"));
        assert!(!brings("https://x/?alt=json&monkey=k"));
        assert!(!brings("https://x/?key="));
    }
}
