//! Removes secrets from recordings.

use std::collections::BTreeSet;

use http::HeaderName;
use serde_json::Value;

use crate::redact::secrets::{is_secret_header, is_secret_member, is_secret_param, normalize};
use crate::redact::{REDACTED, Secrets, hide_schemes};

/// Secrets to remove: values with secret names, those named by the user, and secrets of the request
/// itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Redactor {
    names: BTreeSet<String>,
    texts: Vec<(String, String)>,
    known: Secrets,
}

impl Redactor {
    pub(super) fn add_name(&mut self, name: &str) {
        self.names.insert(normalize(name));
    }

    pub(super) fn add_text(&mut self, text: &str, instead: &str) {
        if !text.is_empty() {
            self.texts.push((text.to_owned(), instead.to_owned()));
        }
    }

    /// Like `new`, for an exchange with known secrets.
    pub(super) fn with_secrets(&self, known: Secrets) -> Self {
        Self { known, ..self.clone() }
    }

    fn is_secret_param(&self, name: &str) -> bool {
        is_secret_param(name) || self.names.contains(&normalize(name))
    }

    fn is_secret_member(&self, name: &str) -> bool {
        is_secret_member(name) || self.names.contains(&normalize(name))
    }

    /// Replaces the secrets of the exchange, and the texts named by the user.
    pub(super) fn text(&self, text: &str) -> String {
        let replace = |text: String, (from, to): &(String, String)| text.replace(from, to);
        self.texts.iter().fold(hide_schemes(&self.known.hide_known(text)), replace)
    }

    /// Redacts a URL, or a path with a query.
    pub(super) fn url(&self, url: &str) -> String {
        match url.split_once('?') {
            Some((base, query)) => self.text(&format!("{base}?{}", self.pairs(query))),
            None => self.text(url),
        }
    }

    /// Redacts pairs such as `a=1&key=…`.
    pub(super) fn pairs(&self, pairs: &str) -> String {
        let pair = |pair: &str| match pair.split_once('=') {
            Some((name, _)) if self.is_secret_param(name) => format!("{name}={REDACTED}"),
            _ => pair.to_owned(),
        };
        pairs.split('&').map(pair).collect::<Vec<_>>().join("&")
    }

    pub(super) fn header(&self, name: &HeaderName, value: &str) -> String {
        if is_secret_header(name.as_str()) || self.names.contains(&normalize(name.as_str())) {
            return REDACTED.to_owned();
        }
        self.url(value)
    }

    /// Redacts JSON, a form, or other text.
    pub(super) fn content(&self, content_type: &str, body: &str) -> String {
        if content_type.starts_with("application/x-www-form-urlencoded") {
            return self.text(&self.pairs(body));
        }
        match serde_json::from_str::<Value>(body) {
            Ok(mut value) => {
                let found = self.hide(&mut value);
                // Bodies without secrets stay unchanged, byte for byte.
                if found { self.text(&value.to_string()) } else { self.text(body) }
            }
            // JSON lines, events, and truncated JSON.
            Err(_) => self.text(&self.addresses(&self.members(body))),
        }
    }

    /// Removes secrets from a tree; returns `true` if there were any.
    fn hide(&self, value: &mut Value) -> bool {
        match value {
            Value::Array(items) => {
                items.iter_mut().fold(false, |found, item| self.hide(item) | found)
            }
            Value::Object(members) => members.iter_mut().fold(false, |found, (name, value)| {
                if self.is_secret_member(name) && value.is_string() {
                    *value = REDACTED.into();
                    return true;
                }
                self.hide(value) | found
            }),
            Value::String(text) if text.contains("://") => {
                let shown = self.addresses(text);
                let found = shown != *text;
                *text = shown;
                found
            }
            _ => false,
        }
    }

    /// Redacts `?key=K` and `&key=K` anywhere in a text.
    fn addresses(&self, text: &str) -> String {
        let ends = |c: char| c.is_whitespace() || "&#\"'<>,;\\".contains(c);
        let mut shown = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['?', '&']) {
            let (before, pair) = rest.split_at(at + 1);
            shown.push_str(before);
            rest = pair;
            // HTML escapes `&` as `&amp;`.
            let pair = match pair.strip_prefix("amp;") {
                Some(pair) => {
                    shown.push_str("amp;");
                    rest = pair;
                    pair
                }
                None => pair,
            };
            let end = pair.find(|c| ends(c) || c == '?').unwrap_or(pair.len());
            let Some((name, _)) = pair[..end].split_once('=') else { continue };
            if self.is_secret_param(name) {
                shown.push_str(&format!("{name}={REDACTED}"));
                rest = &pair[end..];
            }
        }
        shown + rest
    }

    /// Redacts `"password": "P"` anywhere in a text.
    fn members(&self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('"') {
            let (before, quoted) = rest.split_at(at + 1);
            shown.push_str(before);
            let name = &quoted[..string_end(quoted)];
            let after = &quoted[name.len()..];
            let gap =
                after.len() - after.trim_start_matches(['"', ':', ' ', '\t', '\r', '\n']).len();
            let gap = &after[..gap];
            let opens = gap.ends_with('"') && gap.contains(':');
            if opens && self.is_secret_member(name) {
                let value = &after[gap.len()..];
                shown.push_str(&format!("{name}{gap}{REDACTED}"));
                rest = &value[string_end(value)..];
                // The quote that closes the value does not open a name.
                if let Some(next) = rest.strip_prefix('"') {
                    shown.push('"');
                    rest = next;
                }
                continue;
            }
            // The next quote closes this text, or opens the value.
            shown.push_str(name);
            rest = after;
            if let Some(next) = rest.strip_prefix('"') {
                shown.push('"');
                rest = next;
            }
        }
        shown + rest
    }
}

/// Returns where a JSON string that begins with `text` ends: before its closing quote, or at the
/// end.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(redactor: &Redactor, content_type: &str, body: &str) -> String {
        redactor.content(content_type, body)
    }

    #[test]
    fn urls() {
        let redactor = Redactor::default();
        let table = [
            ("https://x/a?key=K&pageToken=T", "https://x/a?key=REDACTED&pageToken=T"),
            ("/a?access_token=K", "/a?access_token=REDACTED"),
            ("/a?uploadType=resumable&upload_id=K", "/a?uploadType=resumable&upload_id=REDACTED"),
            ("/a?X-Goog-Signature=K&b", "/a?X-Goog-Signature=REDACTED&b"),
            ("/monkey?monkey=1", "/monkey?monkey=1"),
            ("/a", "/a"),
        ];
        for (url, want) in table {
            assert_eq!(redactor.url(url), want);
        }
    }

    #[test]
    fn headers() {
        let redactor = Redactor::default();
        let header =
            |name: &'static str, value| redactor.header(&HeaderName::from_static(name), value);
        for name in
            ["authorization", "x-goog-api-key", "cookie", "set-cookie", "proxy-authorization"]
        {
            assert_eq!(header(name, "K"), "REDACTED", "{name}");
        }
        assert_eq!(header("location", "https://x/u?upload_id=K"), "https://x/u?upload_id=REDACTED");
        assert_eq!(header("content-type", "text/plain; a=b"), "text/plain; a=b");
    }

    #[test]
    fn bodies() {
        let mut redactor = Redactor::default();
        let json = |redactor: &Redactor, text| body(redactor, "application/json", text);
        assert_eq!(
            json(&redactor, r#"{"a": [{"access_token": "K"}], "n": 1.5, "privateKeyData": "K"}"#),
            r#"{"a":[{"access_token":"REDACTED"}],"n":1.5,"privateKeyData":"REDACTED"}"#
        );
        let same = r#"{"key": "label",  "code": "x", "password": null, "n": 1e400}"#;
        assert_eq!(json(&redactor, same), same);
        let form = "grant_type=refresh_token&refresh_token=K&client_secret=K";
        assert_eq!(
            body(&redactor, "application/x-www-form-urlencoded", form),
            "grant_type=refresh_token&refresh_token=REDACTED&client_secret=REDACTED"
        );
        redactor.add_name("key");
        redactor.add_name("pet_name");
        redactor.add_text("project-7", "PROJECT");
        assert_eq!(
            json(&redactor, r#"{"key":"K","name":"projects/project-7","petName":"K"}"#),
            r#"{"key":"REDACTED","name":"projects/PROJECT","petName":"REDACTED"}"#
        );
        assert_eq!(redactor.url("/project-7?pet-name=K"), "/PROJECT?pet-name=REDACTED");
    }

    #[test]
    fn texts_other_than_json() {
        let redactor = Redactor::default();
        for (text, want) in [
            ("{\"token\": \"K\"}\n{\"a\":\"b\"}", "{\"token\": \"REDACTED\"}\n{\"a\":\"b\"}"),
            ("data: {\"password\":\"a\\\"K\"}\n\n", "data: {\"password\":\"REDACTED\"}\n\n"),
            ("{\"access_token\": \"K", "{\"access_token\": \"REDACTED"),
            (
                "{\"a\": \"x\", \"private_key\":\n \"K\", ",
                "{\"a\": \"x\", \"private_key\":\n \"REDACTED\", ",
            ),
            ("see https://x/?key=K&a=b.", "see https://x/?key=REDACTED&a=b."),
            ("<a href='/u?a=b&amp;upload_id=K'>", "<a href='/u?a=b&amp;upload_id=REDACTED'>"),
            (
                "{\"nextPageToken\": \"t\", \"key\": \"k\", ",
                "{\"nextPageToken\": \"t\", \"key\": \"k\", ",
            ),
            ("\"\" \" : \"", "\"\" \" : \""),
        ] {
            assert_eq!(body(&redactor, "text/plain", text), want);
        }
        let json = r#"{"mediaLink":"https://x/o?alt=media&upload_id=K","q":"a?b&key=c"}"#;
        let want = r#"{"mediaLink":"https://x/o?alt=media&upload_id=REDACTED","q":"a?b&key=c"}"#;
        assert_eq!(body(&redactor, "application/json", json), want);
    }
}
