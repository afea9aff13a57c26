//! What may be shown of a request.

use http::HeaderName;

use crate::auth::AuthHeaders;

/// Query parameters whose values say nothing about anyone. All others are hidden: new secrets
/// turn up under new names, new harmless parameters can wait.
const HARMLESS: [&str; 12] = [
    "$.xgafv",
    "alt",
    "fields",
    "maxResults",
    "orderBy",
    "pageSize",
    "prettyPrint",
    "uploadType",
    "updateMask",
    "requestMask",
    "view",
    "jobView",
];

/// `url` with every query value replaced by `REDACTED`, but those of known harmless parameters;
/// without user name, password and fragment.
#[must_use]
pub fn redact_url(url: &str) -> String {
    let url = url.split_once('#').map_or(url, |(before, _)| before);
    let (base, query) = url.split_once('?').map_or((url, None), |(a, b)| (a, Some(b)));
    let mut shown = without_user(base);
    let Some(query) = query else { return shown };
    for (position, pair) in query.split('&').enumerate() {
        shown.push(if position == 0 { '?' } else { '&' });
        match pair.split_once('=') {
            Some((name, value)) if HARMLESS.contains(&name) => {
                shown.push_str(name);
                shown.push('=');
                shown.push_str(value);
            }
            Some((name, _)) => {
                shown.push_str(name);
                shown.push_str("=REDACTED");
            }
            None => shown.push_str("REDACTED"),
        }
    }
    shown
}

fn without_user(base: &str) -> String {
    let Some((scheme, rest)) = base.split_once("://") else { return base.to_owned() };
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

/// Whether a header's value is a secret, going by its name.
pub(crate) fn is_secret_header(name: &HeaderName) -> bool {
    let name = name.as_str();
    let words = ["authorization", "cookie", "key", "token", "secret", "password", "signature"];
    words.iter().any(|word| name.contains(word))
}

/// `text` without the secrets that a request was authorised with, and without what looks like an
/// API key or access token: services quote what they refuse.
pub(crate) fn hide(text: &str, authorized: &AuthHeaders) -> String {
    let mut shown = text.to_owned();
    for (_, value) in authorized.iter().filter(|(_, value)| value.is_sensitive()) {
        let secret = value.to_str().unwrap_or_default();
        let secret = secret.strip_prefix("Bearer ").unwrap_or(secret);
        if secret.len() >= 4 {
            shown = shown.replace(secret, "REDACTED");
        }
    }
    for prefix in ["AIza", "ya29."] {
        shown = hide_after(&shown, prefix);
    }
    shown
}

/// Replaces `prefix` with at least 16 characters of a key behind it.
fn hide_after(text: &str, prefix: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(prefix) {
        let (before, found) = rest.split_at(at);
        shown.push_str(before);
        let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let end = found.find(|c| !is_key(c)).unwrap_or(found.len());
        let (key, after) = found.split_at(end.max(prefix.len()));
        shown.push_str(if key.len() >= prefix.len() + 16 { "REDACTED" } else { key });
        rest = after;
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Secret;

    #[test]
    fn urls_are_shown_without_values() {
        let url = "https://u:p@h.example:9/v3/x?key=AIza1&alt=json&pageToken=t&flag&fields=a(b)#f";
        let shown = "https://h.example:9/v3/x?key=REDACTED&alt=json&pageToken=REDACTED&REDACTED\
                     &fields=a(b)";
        assert_eq!(redact_url(url), shown);
        assert_eq!(redact_url("https://h/"), "https://h/");
        assert_eq!(redact_url("not a url?x=y"), "not a url?x=REDACTED");
    }

    #[test]
    fn texts_are_shown_without_secrets() {
        let token = AuthHeaders::bearer(&Secret::new("opaque-token-1")).unwrap();
        let key = format!("AIza{}", "Sy_-0".repeat(7));
        let text = format!("consumer 'api_key:{key}' sent opaque-token-1; AIza is no key");
        let shown = "consumer 'api_key:REDACTED' sent REDACTED; AIza is no key";
        assert_eq!(hide(&text, &token), shown);
    }

    #[test]
    fn secret_headers_are_known_by_name() {
        let secret = |name: &'static str| is_secret_header(&HeaderName::from_static(name));
        for name in ["authorization", "cookie", "x-goog-api-key", "x-goog-iam-authority-token"] {
            assert!(secret(name), "{name}");
        }
        assert!(!secret("user-agent") && !secret("x-goog-user-project"));
    }
}
