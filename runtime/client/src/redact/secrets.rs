//! Names of headers, parameters, and JSON members with secret values.
//!
//! This is the only such list: errors, traces, `Debug`, cassettes, command lines, and logs of local
//! servers use it. Case, `-`, and `_` are ignored: `bearerToken`, `bearer_token`, and
//! `Bearer-Token` are one name.

use std::borrow::Cow;

use serde_json::Value;

/// Secret names in queries, forms, and JSON.
const NAMES: [&str; 21] = [
    "accesskey",
    "assertion",
    "clientassertion",
    "codeverifier",
    "credential",
    "encodedsecret",
    "keystring",
    "oauthtokensecret",
    "passphrase",
    "passwordhash",
    "privatekeydata",
    "sastoken",
    "secret",
    "sessiontoken",
    "sharedsecret",
    "signature",
    "subjecttoken",
    "token",
    "uploadid",
    "xgoogcredential",
    "xgoogsecuritytoken",
];

/// Secret names in queries and forms only. In JSON they are ordinary words, such as the key of a
/// label or the code of an error.
const PARAMS: [&str; 4] = ["code", "key", "sig", "xgoogsignature"];

/// Suffixes of secret names: `oauthAccessToken`, `db_password`.
const SUFFIXES: [&str; 12] = [
    "accesstoken",
    "apikey",
    "authtoken",
    "bearertoken",
    "clientsecret",
    "idtoken",
    "oauthtoken",
    "password",
    "privatekey",
    "refreshtoken",
    "secretaccesskey",
    "securitytoken",
];

/// Parameters that authorize a request, like an authorization header.
const CREDENTIALS: [&str; 4] = ["accesstoken", "bearertoken", "key", "oauthtoken"];

/// Words in the names of secret headers.
const HEADER_WORDS: [&str; 9] = [
    "authorization",
    "cookie",
    "credential",
    "key",
    "password",
    "secret",
    "signature",
    "token",
    "uploadid",
];

/// Headers with such a word but without a secret.
const OPEN_HEADERS: [&str; 6] = [
    "idempotency-key",
    "sec-websocket-key",
    "x-goog-copy-source-encryption-key-sha256",
    "x-goog-encryption-key-sha256",
    "x-goog-encryption-kms-key-name",
    "x-idempotency-key",
];

/// Returns `true` if the values of a header are secrets.
///
/// ```
/// use discovery_runtime::observe::secrets::is_secret_header;
/// assert!(is_secret_header("Authorization") && is_secret_header("x-goog-api-key"));
/// assert!(!is_secret_header("content-type"));
/// ```
#[must_use]
pub fn is_secret_header(name: &str) -> bool {
    let name = match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(name.to_ascii_lowercase()),
        false => Cow::Borrowed(name),
    };
    HEADER_WORDS.iter().any(|word| name.contains(word)) && !OPEN_HEADERS.contains(&&*name)
}

/// Returns `true` if the value of any header is a secret.
pub(crate) fn has_secrets(headers: &http::HeaderMap) -> bool {
    headers.keys().any(|name| is_secret_header(name.as_str()))
}

/// Returns `true` if the values of a query parameter or form field are secrets. For dotted names
/// such as `oauthParams.code`, the last part decides.
///
/// ```
/// use discovery_runtime::observe::secrets::is_secret_param;
/// assert!(is_secret_param("key") && is_secret_param("access_token"));
/// assert!(!is_secret_param("pageToken"));
/// ```
#[must_use]
pub fn is_secret_param(name: &str) -> bool {
    let name = normalize(name);
    is_listed(&name) || PARAMS.contains(&&*name)
}

/// Returns `true` if the string value of a JSON member is a secret.
///
/// ```
/// use discovery_runtime::observe::secrets::is_secret_member;
/// assert!(is_secret_member("private_key") && is_secret_member("refreshToken"));
/// assert!(!is_secret_member("key") && !is_secret_member("nextPageToken"));
/// ```
#[must_use]
pub fn is_secret_member(name: &str) -> bool {
    is_listed(&normalize(name))
}

/// Returns `true` if a query parameter authorizes the request, as `key` and `access_token` do.
#[must_use]
pub fn is_credential_param(name: &str) -> bool {
    // Each of these names has a `k`, and this check precedes every request.
    let suspect = |byte: u8| matches!(byte, b'k' | b'K' | b'%') || !byte.is_ascii();
    name.bytes().any(suspect) && CREDENTIALS.contains(&&*normalize(name))
}

fn is_listed(name: &str) -> bool {
    NAMES.contains(&name) || SUFFIXES.iter().any(|end| name.ends_with(end))
}

/// Normalizes a name: its last part, decoded, in lower case, without `-` and `_`.
pub(crate) fn normalize(name: &str) -> String {
    let name = percent_decoded(name);
    let last = name.rsplit('.').next().unwrap_or_default();
    last.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

/// Replaces the values of secret parameters in `a=1&key=K` with `instead(name)`.
#[must_use]
pub fn hide_params(pairs: &str, instead: impl Fn(&str) -> String) -> String {
    let hidden = |pair: &str| match pair.split_once('=') {
        Some((name, value)) if !value.is_empty() && is_secret_param(name) => {
            format!("{name}={}", instead(name))
        }
        _ => pair.to_owned(),
    };
    pairs.split('&').map(hidden).collect::<Vec<_>>().join("&")
}

/// Replaces secret parameters in the query of a URL, and removes user name and password.
#[must_use]
pub fn hide_url_params(url: &str, instead: impl Fn(&str) -> String) -> String {
    let (base, query) = url.split_once('?').map_or((url, None), |(a, b)| (a, Some(b)));
    let base = without_user(base);
    query.map_or(base.clone(), |query| format!("{base}?{}", hide_params(query, instead)))
}

/// Replaces the strings of secret members in a JSON value with `instead(name)`; returns whether
/// there were any.
pub fn hide_members(value: &mut Value, instead: &dyn Fn(&str) -> String) -> bool {
    match value {
        Value::Array(items) => {
            items.iter_mut().fold(false, |found, item| hide_members(item, instead) | found)
        }
        Value::Object(members) => members.iter_mut().fold(false, |found, (name, member)| {
            if is_secret_member(name) && is_secret_text(member) {
                *member = instead(name).into();
                return true;
            }
            hide_members(member, instead) | found
        }),
        _ => false,
    }
}

/// Returns `true` if a value can be a secret: a string, but not a resource name, such as those of
/// Secret Manager.
fn is_secret_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty() && !text.starts_with("projects/"))
}

/// Removes user name and password: `https://user:password@host/path` becomes `https://host/path`.
pub(crate) fn without_user(base: &str) -> String {
    let Some((scheme, rest)) = base.split_once("://") else {
        let end = base.find(['/', '?', '#']).unwrap_or(base.len());
        let start = base[..end].rfind('@').map_or(0, |at| at + 1);
        return base[start..].to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

/// Decodes percent-encoding; incomplete escapes stay as they are.
pub(crate) fn percent_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = tail;
        if let (b'%', [high, low, after @ ..]) = (byte, tail)
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            out.push(high * 16 + low);
            rest = after;
        } else {
            out.push(*byte);
        }
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers() {
        for name in [
            "authorization",
            "Proxy-Authorization",
            "cookie",
            "set-cookie",
            "x-goog-api-key",
            "x-goog-iam-authorization-token",
            "x-goog-iam-authority-selector-token",
            "x-goog-encryption-key",
            "X-Amz-Security-Token",
        ] {
            assert!(is_secret_header(name), "{name}");
        }
        for name in [
            "user-agent",
            "x-goog-user-project",
            "content-type",
            "etag",
            "location",
            "Idempotency-Key",
            "x-goog-encryption-key-sha256",
        ] {
            assert!(!is_secret_header(name), "{name}");
        }
    }

    #[test]
    fn parameters_and_members() {
        // Name, secret as a parameter, secret as a member of JSON.
        for (name, param, member) in [
            ("key", true, false),
            ("KEY", true, false),
            ("%6bey", true, false),
            ("code", true, false),
            ("access_token", true, true),
            ("accessToken", true, true),
            ("Access-Token", true, true),
            ("bearer_token", true, true),
            ("oauth_token", true, true),
            ("upload_id", true, true),
            ("X-Goog-Signature", true, false),
            ("X-Goog-Credential", true, true),
            ("client_secret", true, true),
            ("oauth2ClientSecret", true, true),
            ("refresh_token", true, true),
            ("id_token", true, true),
            ("assertion", true, true),
            ("private_key", true, true),
            ("privateKeyData", true, true),
            ("code_verifier", true, true),
            ("subject_token", true, true),
            ("rootPassword", true, true),
            ("clientCertificate.encryptedPrivateKey", true, true),
            ("oauthParams.code", true, false),
            ("pageToken", false, false),
            ("nextPageToken", false, false),
            ("syncToken", false, false),
            ("tokenType", false, false),
            ("keyName", false, false),
            ("kmsKeyName", false, false),
            ("keys", false, false),
            ("monkey", false, false),
            ("languageCode", false, false),
            ("secretVersion", false, false),
            ("publicKey", false, false),
            ("etag", false, false),
            ("$.xgafv", false, false),
        ] {
            assert_eq!((is_secret_param(name), is_secret_member(name)), (param, member), "{name}");
        }
        let credential =
            ["key", "accessToken", "oauth_token", "bearer_token", "KEY", "%6bey", "\u{212a}ey"];
        assert!(credential.into_iter().all(is_credential_param));
        assert!(!["upload_id", "pageToken", "code"].into_iter().any(is_credential_param));
    }

    #[test]
    fn values_are_hidden() {
        let mark = |name: &str| format!("<{name}>");
        assert_eq!(
            hide_url_params("https://u:p@h/v3/a?alt=json&key=K&filter=key%3D1&key=&flag", mark),
            "https://h/v3/a?alt=json&key=<key>&filter=key%3D1&key=&flag"
        );
        let mut value = serde_json::json!({
            "a": [{"password": "x", "secret": "projects/p/secrets/s"}, {"token": 1}],
            "key": "k", "token": "",
        });
        assert!(hide_members(&mut value, &mark));
        let want = serde_json::json!({
            "a": [{"password": "<password>", "secret": "projects/p/secrets/s"}, {"token": 1}],
            "key": "k", "token": "",
        });
        assert_eq!(value, want);
        assert!(!hide_members(&mut value["key"], &mark));
    }

    #[test]
    fn escapes() {
        for (text, want) in [("a", "a"), ("%41%2f%", "A/%"), ("%4", "%4"), ("%zz%c3%a9", "%zzé")] {
            assert_eq!(percent_decoded(text), want);
        }
    }
}
