//! `--dry-run`: the request as JSON.

use discovery_runtime::observe::secrets::is_secret_header;
use discovery_runtime::{Request, path};
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::plan::Plan;
use crate::settings::Settings;

use super::request::{self, refuse};
use crate::text::HIDDEN;

/// Request as it would be sent.
pub(super) struct Shown {
    pub(super) verb: String,
    /// Complete URL.
    pub(super) url: String,
    /// Headers that the program sets itself.
    pub(super) headers: Vec<(String, String)>,
    /// JSON as sent, wrapped in `{"data": …}` if the API requires it.
    pub(super) body: Option<String>,
}

/// Formats a request without sending it.
pub(super) fn shown(
    call: discovery_runtime::Call,
    plan: &Plan,
    settings: &Settings,
) -> Result<Shown, Failure> {
    let path = upload_path(&call, plan)?;
    let id = request_id(&call)?;
    let call = call.with_default_request_id(&id);
    let request: Request = call.into_request().map_err(|error| refuse(&error))?;
    let query = request.uri().query().unwrap_or_default();
    let upload = path.map(|path| format!("{path}?{query}&uploadType={}", upload_type(plan)));
    let mut headers: Vec<(String, String)> = Vec::new();
    for (name, value) in request.headers() {
        let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
        headers.push((name.as_str().to_owned(), text));
    }
    if let Some(project) = &settings.access.quota_project {
        headers.push(("x-goog-user-project".to_owned(), project.clone()));
    }
    if settings.as_stored {
        headers.push(("accept-encoding".to_owned(), "gzip".to_owned()));
    }
    let verb = request.verb().as_str().to_owned();
    let url = upload.unwrap_or_else(|| request.uri().to_string());
    let text = || request.body().as_bytes().map(|bytes| String::from_utf8_lossy(bytes));
    let body = plan.body.as_ref().and_then(|_| text()).map(String::from);
    Ok(Shown { verb, url, headers, body })
}

/// Returns the ID that a preview shows where a call would get a random one: a UUID that depends on
/// the request alone, so that previews can be compared. A printed command that runs twice makes the
/// same request twice, which is what the server then sees.
fn request_id(call: &discovery_runtime::Call) -> Result<String, Failure> {
    let request = call.clone().with_request_ids(false).into_request();
    let request = request.map_err(|error| refuse(&error))?;
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let body = request.body().as_bytes().unwrap_or_default();
    Ok(uuid(&[call.method().id.as_bytes(), target.as_bytes(), body]))
}

/// Returns a UUID of data ([RFC 9562](https://www.rfc-editor.org/rfc/rfc9562), version 8).
fn uuid(parts: &[&[u8]]) -> String {
    // FNV-1a (Fowler, Noll, Vo) with 128 bits: no standard hash is stable over releases of Rust.
    let step = |hash: u128, byte: u8| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013B)
    };
    let bytes = parts.iter().flat_map(|part| part.iter().copied().chain([0xFF]));
    let hash = bytes.fold(0x6C62_272E_07BB_0142_62B8_2175_6295_C58D, step);
    let hash = hash & !(0xF << 76) & !(0b11 << 62) | 8 << 76 | 0b10 << 62;
    let digits = format!("{hash:032x}");
    let (a, b, c, d, e) =
        (&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]);
    format!("{a}-{b}-{c}-{d}-{e}")
}

/// Returns the upload path.
fn upload_path(call: &discovery_runtime::Call, plan: &Plan) -> Result<Option<String>, Failure> {
    let (Some(_), Some(spec)) = (&plan.media, plan.method.spec.upload) else { return Ok(None) };
    let find = |name: &'static str| {
        let (_, value) = plan.values.path.iter().find(|(other, _)| *other == name)?;
        Some(value.as_str())
    };
    let path = path::expand(spec.path, find).map_err(|error| refuse(&error))?;
    let root = call.client().root_url();
    Ok(Some(format!("{root}{}", path.trim_start_matches('/'))))
}

/// Returns the upload protocol to show: `-u`, or else a single request.
pub(super) fn upload_type(plan: &Plan) -> &'static str {
    match plan.media.as_ref().and_then(|media| media.resumable) {
        Some(true) => "resumable",
        _ if plan.body.is_some() => "multipart",
        _ => "media",
    }
}

/// Formats the request as a JSON document with secrets hidden.
pub(super) fn document(plan: &Plan, shown: &Shown, settings: &Settings, keyed: bool) -> Value {
    let mut headers = Map::new();
    if !keyed {
        headers.insert("authorization".to_owned(), json!(format!("Bearer {HIDDEN}")));
    }
    for (name, value) in &shown.headers {
        let value = if is_secret_header(name) { HIDDEN } else { value };
        headers.insert(name.clone(), json!(value));
    }
    let mut out = json!({
        "method": shown.verb,
        "url": shown.url,
        "headers": headers,
    });
    if let Some(body) = &shown.body {
        out["body"] = serde_json::from_str(body).unwrap_or_default();
    }
    if let Some(media) = &plan.media {
        out["content"] = json!({"file": media.file, "type": super::content_type(plan, media)});
    }
    if let Some(raw) = &plan.raw {
        out["content"] = json!({"file": raw.file, "type": raw.mime});
    }
    if !keyed {
        out["scopes"] = json!(request::scopes(plan, settings));
    }
    out
}
