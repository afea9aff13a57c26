//! Redaction of secrets in requests and responses.

pub mod secrets;

use std::fmt;
use std::path::Path;

use http::{HeaderMap, HeaderValue, Uri};
use serde_json::Value;

use self::secrets::{is_secret_header, is_secret_param, percent_decoded, without_user};

/// Replacement of a secret.
pub(crate) const REDACTED: &str = "REDACTED";

/// Query parameters with harmless values. All others are hidden, since new secrets appear under new
/// names.
const SAFE_PARAMS: [&str; 13] = [
    "$.xgafv",
    "alt",
    "fields",
    "maxResults",
    "orderBy",
    "pageSize",
    "prettyPrint",
    "requestId",
    "uploadType",
    "updateMask",
    "requestMask",
    "view",
    "jobView",
];

/// Returns `url` with query values replaced by `REDACTED`, except those of known harmless
/// parameters, and without user name, password, and fragment.
#[must_use]
pub fn redact_url(url: &str) -> String {
    let url = url.split_once('#').map_or(url, |(before, _)| before);
    let (base, query) = url.split_once('?').map_or((url, None), |(a, b)| (a, Some(b)));
    let mut shown = without_user(base);
    let Some(query) = query else { return shown };
    for (position, pair) in query.split('&').enumerate() {
        shown.push(if position == 0 { '?' } else { '&' });
        match pair.split_once('=') {
            Some((name, value)) if SAFE_PARAMS.contains(&name) => {
                shown.push_str(name);
                shown.push('=');
                shown.push_str(value);
            }
            Some((name, _)) => {
                shown.push_str(name);
                shown.push_str("=REDACTED");
            }
            None => shown.push_str(REDACTED),
        }
    }
    shown
}

/// Redacts a URL including its path.
pub(crate) fn redact_path(url: &str) -> String {
    let shown = redact_url(url);
    let Some(start) = shown.find("://").map(|at| at + 3) else { return REDACTED.to_owned() };
    let end = shown[start..].find(['/', '?']).map_or(shown.len(), |at| start + at);
    format!("{}/{REDACTED}", &shown[..end])
}

/// Redacts a URL for an error message, as [`redact_url`]. Text that cannot be a URL is omitted.
#[must_use]
pub fn shown_url(url: &str) -> String {
    const MAX_LEN: usize = 2048;
    let odd = |c: char| c.is_control() || matches!(c, '{' | '}' | '"' | '<' | '>' | ' ');
    if url.len() > MAX_LEN || url.contains(odd) {
        return "(hidden: not a URL)".to_owned();
    }
    hide_keys(&redact_url(url))
}

/// Formats a path for an error message. Text that does not look like a path is omitted, since
/// variables and flags for paths may hold keys and tokens by mistake.
#[must_use]
pub fn shown_path(path: &Path) -> String {
    let text = path.to_string_lossy();
    if looks_like_path(&text) { text.into_owned() } else { "(hidden: not a path)".to_owned() }
}

fn looks_like_path(text: &str) -> bool {
    const MAX_LEN: usize = 1024;
    let odd = |c: char| c.is_control() || matches!(c, '{' | '}' | '"' | '<' | '>' | '=' | '&');
    let mut parts = text.split(['/', '\\']);
    let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
    let has_ending = last.rsplit_once('.').is_some_and(|(stem, end)| {
        !stem.is_empty() && end.len() <= 5 && end.chars().all(|c| c.is_ascii_alphanumeric())
    });
    (text.contains(['/', '\\']) || has_ending)
        && text.len() <= MAX_LEN
        && parts.all(|part| part.len() <= 100)
        && !text.contains(odd)
        && hide_keys(text) == text
}

/// Secrets of a request, hidden wherever a server quotes them.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<String>);

/// Minimum length of a secret; shorter texts occur in ordinary words.
const MIN_SECRET_LEN: usize = 4;

impl Secrets {
    /// Adds the authorization of a request.
    pub(crate) fn add_authorization<'a>(&mut self, values: impl Iterator<Item = &'a HeaderValue>) {
        for value in values.filter(|value| value.is_sensitive()) {
            self.add_header_value(value);
        }
    }

    /// Adds the values of secret headers.
    pub(crate) fn add_headers(&mut self, headers: &HeaderMap) {
        for (name, value) in headers {
            if value.is_sensitive() || is_secret_header(name.as_str()) {
                self.add_header_value(value);
            }
        }
    }

    fn add_header_value(&mut self, value: &http::HeaderValue) {
        let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
        // Schemes such as `Bearer` and `Basic` are not secret.
        match text.split_once(' ') {
            Some((scheme, rest)) if scheme.len() <= 16 && !scheme.contains(['=', ';']) => {
                self.add(rest.trim());
            }
            _ => self.add(&text),
        }
        for cookie in text.split(';') {
            self.add(cookie.split_once('=').map_or("", |(_, value)| value.trim()));
        }
    }

    /// Adds the secrets of a URL's query.
    pub(crate) fn add_query(&mut self, uri: &Uri) {
        self.add_pairs(uri.query().unwrap_or_default());
    }

    /// Adds the secrets of encoded pairs: `a=1&key=…`.
    pub(crate) fn add_pairs(&mut self, pairs: &str) {
        for (name, value) in pairs.split('&').filter_map(|pair| pair.split_once('=')) {
            if is_secret_param(name) {
                self.add(value);
                self.add(&percent_decoded(value));
                self.add(&percent_decoded(&value.replace('+', " ")));
            }
        }
    }

    /// Keeps secrets longer than `bytes`.
    #[cfg(feature = "testing")]
    pub(crate) fn longer_than(mut self, bytes: usize) -> Self {
        self.0.retain(|secret| secret.len() > bytes);
        self
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        other.0.iter().for_each(|secret| self.add(secret));
    }

    /// Adds a secret.
    pub(crate) fn add(&mut self, text: &str) {
        if text.len() >= MIN_SECRET_LEN && !self.0.iter().any(|known| known == text) {
            self.0.push(text.to_owned());
            // Longer secrets are replaced first, since they may contain others.
            self.0.sort_by_key(|known| std::cmp::Reverse(known.len()));
        }
    }

    /// Hides the secrets, and text that looks like a Google key or token.
    pub(crate) fn hide(&self, text: &str) -> String {
        hide_keys(&self.hide_known(text))
    }

    /// Hides the secrets, plain and percent-encoded.
    pub(crate) fn hide_known(&self, text: &str) -> String {
        let mut shown = text.to_owned();
        for secret in &self.0 {
            if shown.contains(secret) {
                shown = shown.replace(secret, REDACTED);
            }
            for slashes in [true, false] {
                let mut encoded = String::new();
                crate::percent::encode(secret, slashes, &mut encoded);
                if encoded != *secret && shown.contains(&encoded) {
                    shown = shown.replace(&encoded, REDACTED);
                }
            }
        }
        shown
    }

    /// Hides secrets in all strings of a JSON value; returns whether there were any.
    pub(crate) fn hide_json(&self, value: &mut Value) -> bool {
        match value {
            Value::String(text) => {
                let shown = self.hide(text);
                let changed = shown != *text;
                *text = shown;
                changed
            }
            Value::Array(items) => {
                items.iter_mut().fold(false, |found, item| self.hide_json(item) | found)
            }
            Value::Object(members) => {
                let found = members
                    .iter_mut()
                    .fold(false, |found, (_, member)| self.hide_json(member) | found);
                self.hide_names(members) | found
            }
            _ => false,
        }
    }

    fn hide_names(&self, members: &mut serde_json::Map<String, Value>) -> bool {
        if members.keys().all(|name| self.hide(name) == *name) {
            return false;
        }
        let old = std::mem::take(members);
        *members = old.into_iter().map(|(name, value)| (self.hide(&name), value)).collect();
        true
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({})", self.0.len())
    }
}

/// Prefixes of Google's keys and tokens: API keys, access tokens, refresh tokens, client secrets,
/// JSON Web Tokens.
const KEY_PREFIXES: [&str; 5] = ["AIza", "ya29.", "1//0", "GOCSPX-", "eyJ"];

/// Authorization schemes, which precede a secret.
const SCHEMES: [&str; 2] = ["Basic ", "Bearer "];

/// Hides text that looks like a Google key or token.
pub(crate) fn hide_keys(text: &str) -> String {
    let mut shown = text.to_owned();
    for beginning in KEY_PREFIXES.into_iter().filter(|beginning| text.contains(beginning)) {
        shown = hide_after(&shown, beginning);
    }
    hide_pem(hide_schemes(&shown))
}

/// Hides authorization values, including a proxy's, which only the transport knows.
pub(crate) fn hide_schemes(text: &str) -> String {
    SCHEMES.iter().fold(text.to_owned(), |shown, scheme| hide_after(&shown, scheme))
}

/// Hides `prefix` together with a key of at least 16 characters after it.
fn hide_after(text: &str, prefix: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(prefix) {
        let (before, found) = rest.split_at(at);
        shown.push_str(before);
        let is_key =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | '/' | '=');
        let end = found[prefix.len()..].find(|c| !is_key(c)).map(|end| end + prefix.len());
        let (key, after) = found.split_at(end.unwrap_or(found.len()));
        shown.push_str(if key.len() >= prefix.len() + 16 { REDACTED } else { key });
        rest = after;
    }
    shown.push_str(rest);
    shown
}

fn hide_pem(text: String) -> String {
    const BEGIN: &str = "-----BEGIN ";
    let Some(at) = text.find(BEGIN).filter(|_| text.contains("PRIVATE KEY-----")) else {
        return text;
    };
    const END: &str = "PRIVATE KEY-----";
    // Up to the end of the key, or of the text if the key is incomplete.
    let end = text
        .rfind("-----END ")
        .and_then(|end| text.get(end..)?.find(END).map(|after| end + after + END.len()));
    let after = end.filter(|end| *end > at).and_then(|end| text.get(end..)).unwrap_or_default();
    format!("{}{REDACTED}{after}", &text[..at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{AuthHeaders, Secret};

    #[test]
    fn urls_are_shown_without_values() {
        let url = "https://u:p@h.example:9/v3/x?key=AIza1&alt=json&pageToken=t&flag&fields=a(b)#f";
        let shown = "https://h.example:9/v3/x?key=REDACTED&alt=json&pageToken=REDACTED&REDACTED\
                     &fields=a(b)";
        assert_eq!(redact_url(url), shown);
        assert_eq!(redact_url("https://h/"), "https://h/");
        assert_eq!(redact_url("https://u:p@h?a@b"), "https://h?REDACTED");
        assert_eq!(redact_url("not a url?x=y"), "not a url?x=REDACTED");
        assert_eq!(redact_url("user:pass@host/a@b"), "host/a@b");
        assert!(!shown_url("{\"private_key\": \"x\"}").contains("private_key"));
        assert_eq!(shown_url("user:pass@host"), "host");
        assert_eq!(redact_path("https://u@h:1/a/b?x=y"), "https://h:1/REDACTED");
        assert_eq!(redact_path("https://h"), "https://h/REDACTED");
        assert_eq!(redact_path("upload-1/x"), "REDACTED");
    }

    #[test]
    fn texts_are_shown_without_secrets() {
        let mut secrets = Secrets::default();
        let authorized = AuthHeaders::bearer(&Secret::new("opaque-token-1")).unwrap();
        secrets.add_authorization(authorized.iter().map(|(_, value)| value));
        secrets.add_query(&Uri::from_static("https://x/?key=a%2Fb%22c&pageToken=page"));
        let key = format!("AIza{}", "Sy_-0".repeat(7));
        let text = format!(
            "consumer 'api_key:{key}' sent opaque-token-1, a/b\"c, a%2Fb%22c on page; AIza is no key"
        );
        let shown = "consumer 'api_key:REDACTED' sent REDACTED, REDACTED, REDACTED on page; \
                     AIza is no key";
        assert_eq!(secrets.hide(&text), shown);
        let mut json = serde_json::json!({"opaque-token-1": ["x opaque-token-1"], "n": 1});
        assert!(secrets.hide_json(&mut json));
        assert_eq!(json, serde_json::json!({"REDACTED": ["x REDACTED"], "n": 1}));
        assert!(!secrets.hide_json(&mut json));
    }

    #[test]
    fn cookies_and_schemes_are_parsed() {
        let mut headers = HeaderMap::new();
        headers.insert("cookie", "sid=cookie-1; other=cookie-2".parse().unwrap());
        headers.insert("authorization", "Basic dXNlcjpwYXNz".parse().unwrap());
        headers.insert("x-harmless", "harmless".parse().unwrap());
        let mut secrets = Secrets::default();
        secrets.add_headers(&headers);
        let shown = secrets.hide("cookie-1 and cookie-2, Basic dXNlcjpwYXNz, harmless");
        assert_eq!(shown, "REDACTED and REDACTED, Basic REDACTED, harmless");
    }

    #[test]
    fn keys_are_recognized_by_their_prefix() {
        let pem = "key -----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----, end";
        assert_eq!(hide_keys(pem), "key REDACTED, end");
        assert_eq!(hide_keys("-----BEGIN PRIVATE KEY-----\nMII"), REDACTED);
        let refresh = format!("1//0{} and GOCSPX-{}", "a".repeat(20), "b".repeat(20));
        assert_eq!(hide_keys(&refresh), "REDACTED and REDACTED");
    }

    #[test]
    fn paths_look_like_paths() {
        let token = format!("ya29.{}", "a".repeat(40));
        let long = format!("/{}", "a".repeat(200));
        for (text, shown) in [
            ("/home/u/key.json", true),
            ("key.json", true),
            ("C:\\Users\\u\\key.json", true),
            ("../a b/key", true),
            ("opaque-token-1", false),
            ("{\"private_key\": \"x\"}", false),
            ("/home/u/{\"private_key\": \"x\"}", false),
            ("a/b\nc", false),
            (&token, false),
            (&long, false),
            ("", false),
        ] {
            assert_eq!(shown_path(Path::new(text)) == text, shown, "{text}");
        }
    }
}
