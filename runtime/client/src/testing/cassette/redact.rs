//! Taking secrets out of what is written down.

use std::collections::BTreeSet;

use http::{HeaderMap, HeaderName};
use serde_json::Value;

use crate::observe::secrets::is_secret_header;

pub(super) const REDACTED: &str = "REDACTED";

/// Names, in lower case without `-` and `_`, of query parameters, form fields and JSON members
/// that hold secrets.
const SECRETS: [&str; 23] = [
    "accesstoken",
    "apikey",
    "assertion",
    "bearertoken",
    "clientassertion",
    "clientsecret",
    "code",
    "codeverifier",
    "idtoken",
    "key",
    "oauthtoken",
    "password",
    "privatekey",
    "privatekeydata",
    "refreshtoken",
    "sessiontoken",
    "sig",
    "signature",
    "subjecttoken",
    "uploadid",
    "xgoogcredential",
    "xgoogsecuritytoken",
    "xgoogsignature",
];

/// In JSON these are ordinary words: a key of a label, the code of an error.
const NOT_IN_JSON: [&str; 3] = ["code", "key", "sig"];

/// What is taken out.
#[derive(Clone, Debug, Default)]
pub(super) struct Redactor {
    names: BTreeSet<String>,
    texts: Vec<(String, String)>,
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

impl Redactor {
    pub(super) fn add_name(&mut self, name: &str) {
        self.names.insert(plain(name));
    }

    pub(super) fn add_text(&mut self, text: &str, instead: &str) {
        if !text.is_empty() {
            self.texts.push((text.to_owned(), instead.to_owned()));
        }
    }

    fn is_secret(&self, name: &str) -> bool {
        let name = plain(name);
        SECRETS.contains(&name.as_str()) || self.names.contains(&name)
    }

    /// Replaces the texts that the user named.
    pub(super) fn text(&self, text: &str) -> String {
        let replace = |text: String, (from, to): &(String, String)| text.replace(from, to);
        self.texts.iter().fold(text.to_owned(), replace)
    }

    /// An address, or a path with a query.
    pub(super) fn url(&self, url: &str) -> String {
        match url.split_once('?') {
            Some((base, query)) => self.text(&format!("{base}?{}", self.pairs(query))),
            None => self.text(url),
        }
    }

    /// `a=1&key=…`.
    fn pairs(&self, pairs: &str) -> String {
        let pair = |pair: &str| match pair.split_once('=') {
            Some((name, _)) if self.is_secret(&name.replace("%24", "$")) => {
                format!("{name}={REDACTED}")
            }
            _ => pair.to_owned(),
        };
        pairs.split('&').map(pair).collect::<Vec<_>>().join("&")
    }

    pub(super) fn header(&self, name: &HeaderName, value: &str) -> String {
        if is_secret_header(name.as_str()) || self.is_secret(name.as_str()) {
            return REDACTED.to_owned();
        }
        self.url(value)
    }

    /// A body that is text.
    pub(super) fn body(&self, headers: &HeaderMap, body: &str) -> String {
        let content_type = headers.get(http::header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
        if content_type.starts_with("application/x-www-form-urlencoded") {
            return self.text(&self.pairs(body));
        }
        if let Ok(mut value) = serde_json::from_str::<Value>(body)
            && self.hide(&mut value)
        {
            return self.text(&value.to_string());
        }
        // Bodies without secrets stay as they were, byte for byte.
        self.text(body)
    }

    /// Takes secrets out of a tree; says whether there were any.
    fn hide(&self, value: &mut Value) -> bool {
        match value {
            Value::Array(items) => {
                items.iter_mut().fold(false, |found, item| self.hide(item) | found)
            }
            Value::Object(members) => members.iter_mut().fold(false, |found, (name, value)| {
                let ordinary = NOT_IN_JSON.contains(&plain(name).as_str());
                let named =
                    self.is_secret(name) && (!ordinary || self.names.contains(&plain(name)));
                if named && value.is_string() {
                    *value = REDACTED.into();
                    return true;
                }
                self.hide(value) | found
            }),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(redactor: &Redactor, content_type: &str, body: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", content_type.parse().unwrap());
        redactor.body(&headers, body)
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
}
