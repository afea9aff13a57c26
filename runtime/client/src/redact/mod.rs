//! Hiding secrets in what is shown of a request and of its answer.

pub mod secrets;

use std::fmt;
use std::path::Path;

use http::{HeaderMap, HeaderValue, Uri};
use serde_json::Value;

use self::secrets::{is_secret_header, is_secret_param, percent_decoded, without_user};

/// Stands where a secret was.
pub(crate) const REDACTED: &str = "REDACTED";

/// Query parameters whose values say nothing about anyone. All others are hidden: new secrets
/// turn up under new names, new harmless parameters can wait.
const SAFE_PARAMS: [&str; 12] = [
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

/// The same without the path: for addresses whose path is a secret, too.
pub(crate) fn redact_path(url: &str) -> String {
    let shown = redact_url(url);
    let start = shown.find("://").map_or(0, |at| at + 3);
    let end = shown[start..].find(['/', '?']).map_or(shown.len(), |at| start + at);
    format!("{}/{REDACTED}", &shown[..end])
}

/// An address for an error: as [`redact_url`], and not at all if it cannot be one.
#[must_use]
pub fn shown_url(url: &str) -> String {
    const MAX_LEN: usize = 2048;
    let odd = |c: char| c.is_control() || matches!(c, '{' | '}' | '"' | '<' | '>' | ' ');
    if url.len() > MAX_LEN || url.contains(odd) {
        return "(not shown, as it does not look like a URL)".to_owned();
    }
    hide_keys(&redact_url(url))
}

/// A file name for an error. What does not look like a path is not shown: variables and flags that
/// name files are given keys and tokens by mistake.
#[must_use]
pub fn shown_path(path: &Path) -> String {
    let text = path.to_string_lossy();
    if looks_like_path(&text) {
        text.into_owned()
    } else {
        "(not shown, as it does not look like a path)".to_owned()
    }
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

/// Secrets of a request, to be hidden wherever a server quotes them.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<String>);

/// Shorter texts would be found in ordinary words.
const MIN_SECRET_LEN: usize = 4;

impl Secrets {
    /// Those that a request was authorized with.
    pub(crate) fn add_authorization<'a>(&mut self, values: impl Iterator<Item = &'a HeaderValue>) {
        for value in values.filter(|value| value.is_sensitive()) {
            self.add_header_value(value);
        }
    }

    /// Those of headers with secret names.
    pub(crate) fn add_headers(&mut self, headers: &HeaderMap) {
        for (name, value) in headers {
            if value.is_sensitive() || is_secret_header(name.as_str()) {
                self.add_header_value(value);
            }
        }
    }

    fn add_header_value(&mut self, value: &http::HeaderValue) {
        let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
        // `Bearer`, `Basic` and other schemes are no secrets.
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

    /// Those of the query of an address.
    pub(crate) fn add_query(&mut self, uri: &Uri) {
        self.add_pairs(uri.query().unwrap_or_default());
    }

    /// Those of `a=1&key=…`, as it is sent.
    pub(crate) fn add_pairs(&mut self, pairs: &str) {
        for (name, value) in pairs.split('&').filter_map(|pair| pair.split_once('=')) {
            if is_secret_param(name) {
                self.add(value);
                self.add(&percent_decoded(value));
                self.add(&percent_decoded(&value.replace('+', " ")));
            }
        }
    }

    /// Those of more than so many bytes.
    #[cfg(feature = "testing")]
    pub(crate) fn longer_than(mut self, bytes: usize) -> Self {
        self.0.retain(|secret| secret.len() > bytes);
        self
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        other.0.iter().for_each(|secret| self.add(secret));
    }

    /// A text that is a secret.
    pub(crate) fn add(&mut self, text: &str) {
        if text.len() >= MIN_SECRET_LEN && !self.0.iter().any(|known| known == text) {
            self.0.push(text.to_owned());
            // A text that holds another one is replaced first.
            self.0.sort_by_key(|known| std::cmp::Reverse(known.len()));
        }
    }

    /// `text` without the secrets and without what looks like a key or token of Google's.
    pub(crate) fn hide(&self, text: &str) -> String {
        hide_keys(&self.hide_known(text))
    }

    /// `text` without the secrets, as they are and percent-encoded.
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

    /// Hides secrets in every text of a JSON value; returns whether there were any.
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

/// How Google's keys and tokens begin: API keys, access tokens, refresh tokens, client secrets,
/// JSON Web Tokens.
const KEY_PREFIXES: [&str; 5] = ["AIza", "ya29.", "1//0", "GOCSPX-", "eyJ"];

/// What is before the secret in a header of credentials.
const SCHEMES: [&str; 2] = ["Basic ", "Bearer "];

/// `text` without what looks like a key or token of Google's.
pub(crate) fn hide_keys(text: &str) -> String {
    let mut shown = text.to_owned();
    for beginning in KEY_PREFIXES.into_iter().filter(|beginning| text.contains(beginning)) {
        shown = hide_after(&shown, beginning);
    }
    hide_pem(hide_schemes(&shown))
}

/// `text` without what a header of credentials holds: a proxy's, too, which only the transport
/// knows.
pub(crate) fn hide_schemes(text: &str) -> String {
    SCHEMES.iter().fold(text.to_owned(), |shown, scheme| hide_after(&shown, scheme))
}

/// Replaces `prefix` with at least 16 characters of a key behind it.
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
    // To the end of the key, or of the text where it is cut.
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
    fn cookies_and_schemes_are_taken_apart() {
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
    fn keys_are_known_by_their_beginning() {
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
