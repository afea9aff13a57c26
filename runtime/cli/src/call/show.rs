//! `--dry-run`: the request as JSON.

use discovery_runtime::observe::redact_url;
use discovery_runtime::{Request, auth};
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::plan::Plan;
use crate::settings::Settings;

use super::request::refuse;

/// Stands where a secret would.
pub(crate) const HIDDEN: &str = "[hidden]";

/// A request as it would go out.
pub(super) struct Shown {
    pub(super) verb: String,
    /// The address with everything in it.
    pub(super) url: String,
    /// Headers that the program sets itself.
    pub(super) headers: Vec<(String, String)>,
}

/// Lays a request out.
pub(super) fn shown(call: discovery_runtime::Call, settings: &Settings) -> Result<Shown, Failure> {
    let request: Request = call.into_request().map_err(|error| refuse(&error))?;
    let mut headers: Vec<(String, String)> = Vec::new();
    for (name, value) in request.headers() {
        let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
        headers.push((name.as_str().to_owned(), text));
    }
    if let Some(project) = &settings.access.quota_project {
        headers.push(("x-goog-user-project".to_owned(), project.clone()));
    }
    let verb = request.verb().as_str().to_owned();
    Ok(Shown { verb, url: request.uri().to_string(), headers })
}

/// The request as a JSON document, secrets hidden.
pub(super) fn document(plan: &Plan, shown: &Shown, settings: &Settings, keyed: bool) -> Value {
    let mut headers = Map::new();
    if !keyed {
        headers.insert("authorization".to_owned(), json!(format!("Bearer {HIDDEN}")));
    }
    for (name, value) in &shown.headers {
        headers.insert(name.clone(), json!(value));
    }
    let mut out = json!({
        "method": shown.verb,
        "url": hide_key(&shown.url),
        "headers": headers,
    });
    if let Some(body) = &plan.body {
        out["body"] = body.clone();
    }
    if let Some(media) = &plan.media {
        out["content"] =
            json!({"file": media.file, "type": media.mime, "resumable": media.resumable});
    }
    if !keyed {
        out["scopes"] = json!(scopes(plan, settings));
    }
    out
}

/// The scopes that a token would be asked for.
fn scopes(plan: &Plan, settings: &Settings) -> Vec<String> {
    if settings.scopes.is_empty() {
        auth::method_scope(plan.method.spec).map(str::to_owned).into_iter().collect()
    } else {
        settings.scopes.clone()
    }
}

/// The address with the values of secret parameters hidden, the others as they are.
fn hide_key(url: &str) -> String {
    const SECRET: &[&str] = &["key", "access_token", "oauth_token"];
    let Some((path, query)) = url.split_once('?') else { return redact_url(url) };
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if SECRET.contains(&name) => format!("{name}={HIDDEN}"),
            _ => pair.to_owned(),
        })
        .collect();
    format!("{path}?{}", pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use super::hide_key;

    #[test]
    fn only_secrets_are_hidden() {
        assert_eq!(
            hide_key("https://x/v3/a?alt=json&key=K&filter=key%3D1"),
            "https://x/v3/a?alt=json&key=[hidden]&filter=key%3D1"
        );
        assert_eq!(hide_key("https://x/v3/a"), "https://x/v3/a");
    }
}
