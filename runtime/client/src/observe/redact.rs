//! What may be shown of a request.

use http::HeaderName;

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
