//! Parser of error bodies: Google's JSON forms, and other content from proxies, load balancers, and
//! broken connections.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::detail::{FieldViolation, HelpLink, PreconditionViolation, QuotaViolation};
use super::{Code, Detail, ErrorItem, Status};
use crate::redact::Secrets;

/// Form of an error body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyForm {
    /// Google's `{"error": {…}}`.
    Status,
    /// The same in an array, as sent by streaming methods.
    Array,
    /// OAuth's `{"error": "invalid_grant", "error_description": "…"}`.
    OAuth,
    /// Other JSON.
    Json,
    /// Incomplete JSON.
    Truncated,
    /// An HTML page, as sent by proxies and load balancers.
    Html,
    /// Other text.
    Text,
    /// Empty body.
    Empty,
}

/// A parsed error body.
pub(crate) struct Parsed {
    pub(crate) form: BodyForm,
    pub(crate) status: Option<Status>,
    /// An excerpt for the message if there is no status.
    pub(crate) excerpt: Option<String>,
    /// The body without secrets, if it had any.
    pub(crate) hidden: Option<String>,
}

impl Parsed {
    fn without_status(form: BodyForm, excerpt: Option<String>) -> Self {
        Self { form, status: None, excerpt, hidden: None }
    }
}

/// Parses an error body and hides `secrets`; never fails.
pub(crate) fn parse_body(text: &str, secrets: &Secrets) -> Parsed {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Parsed::without_status(BodyForm::Empty, None);
    }
    match serde_json::from_str::<Value>(text) {
        // Hides secrets in the decoded values, since the text may have escapes.
        Ok(mut value) => {
            let found = secrets.hide_json(&mut value);
            Parsed { hidden: found.then(|| value.to_string()), ..parse_json(&value) }
        }
        Err(error) => {
            let shown = secrets.hide(text);
            let parsed = parse_text(&shown, &error);
            Parsed { hidden: (shown != text).then_some(shown), ..parsed }
        }
    }
}

fn parse_text(text: &str, error: &serde_json::Error) -> Parsed {
    match error {
        error if error.is_eof() && text.starts_with(['{', '[']) => {
            Parsed::without_status(BodyForm::Truncated, Some(first_line(text)))
        }
        _ if is_html(text) => Parsed::without_status(BodyForm::Html, html_title(text)),
        _ => Parsed::without_status(BodyForm::Text, Some(first_line(text))),
    }
}

fn parse_json(value: &Value) -> Parsed {
    if let Value::Array(items) = value {
        let status =
            items.iter().find_map(|item| item.get("error").and_then(status).or(bare_status(item)));
        let excerpt = status.is_none().then(|| first_line(&value.to_string()));
        return Parsed { status, ..Parsed::without_status(BodyForm::Array, excerpt) };
    }
    match value.get("error") {
        Some(Value::String(error)) => {
            let description = text(value, "error_description");
            let message = if description.is_empty() {
                error.clone()
            } else {
                format!("{error}: {description}")
            };
            let item = ErrorItem { reason: error.clone(), ..ErrorItem::default() };
            let status = Status { message, errors: vec![item], ..Status::default() };
            Parsed { status: Some(status), ..Parsed::without_status(BodyForm::OAuth, None) }
        }
        Some(error @ Value::Object(_)) => {
            Parsed { status: status(error), ..Parsed::without_status(BodyForm::Status, None) }
        }
        _ => match bare_status(value) {
            Some(status) => {
                Parsed { status: Some(status), ..Parsed::without_status(BodyForm::Status, None) }
            }
            None => Parsed::without_status(BodyForm::Json, Some(first_line(&value.to_string()))),
        },
    }
}

/// Reads a status without the envelope `{"error": …}`, as gRPC gateways send it: an object with a
/// code and a message, or with a list of old-style errors.
fn bare_status(value: &Value) -> Option<Status> {
    let status = status(value)?;
    let coded = (status.code.is_some() || status.http.is_some()) && value["message"].is_string();
    let listed = status.errors.iter().any(|error| !error.message.is_empty());
    (coded || listed).then_some(status)
}

/// Parses a `google.rpc.Status` or an old-style error object.
pub(super) fn status(json: &Value) -> Option<Status> {
    let object = json.as_object()?;
    let number = object.get("code").and_then(|code| match code {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    });
    let named = object.get("status").and_then(Value::as_str).and_then(Code::from_name);
    // Errors of operations have canonical numbers; HTTP bodies have HTTP statuses.
    let code = named.or_else(|| number.and_then(Code::from_number));
    let errors = list(json, "errors", item);
    Some(Status {
        code,
        http: number.and_then(|number| u16::try_from(number).ok()),
        message: message(json, &errors),
        details: list(json, "details", detail),
        errors,
    })
}

/// The message of the status, else of its first old-style error that has one.
fn message(json: &Value, errors: &[ErrorItem]) -> String {
    let own = text(json, "message");
    if !own.is_empty() {
        return own;
    }
    let first = errors.iter().find(|error| !error.message.is_empty());
    first.map(|error| error.message.clone()).unwrap_or_default()
}

fn item(json: &Value) -> ErrorItem {
    ErrorItem {
        domain: text(json, "domain"),
        reason: text(json, "reason"),
        message: text(json, "message"),
        location: text(json, "location"),
        location_type: text(json, "locationType"),
    }
}

fn detail(json: &Value) -> Detail {
    let kind = json.get("@type").and_then(Value::as_str).unwrap_or_default();
    match kind.rsplit('/').next().unwrap_or_default() {
        "google.rpc.ErrorInfo" => Detail::ErrorInfo {
            reason: text(json, "reason"),
            domain: text(json, "domain"),
            metadata: text_map(json, "metadata"),
        },
        "google.rpc.RetryInfo" => match parse_duration(&text(json, "retryDelay")) {
            Some(delay) => Detail::RetryInfo { delay },
            None => Detail::Other(json.clone()),
        },
        "google.rpc.BadRequest" => {
            Detail::BadRequest { violations: list(json, "fieldViolations", field_violation) }
        }
        "google.rpc.QuotaFailure" => {
            Detail::QuotaFailure { violations: list(json, "violations", quota_violation) }
        }
        "google.rpc.PreconditionFailure" => Detail::PreconditionFailure {
            violations: list(json, "violations", precondition_violation),
        },
        "google.rpc.Help" => Detail::Help { links: list(json, "links", link) },
        other => plain_detail(other, json),
    }
}

fn plain_detail(kind: &str, json: &Value) -> Detail {
    match kind {
        "google.rpc.ResourceInfo" => Detail::ResourceInfo {
            resource_type: text(json, "resourceType"),
            resource_name: text(json, "resourceName"),
            description: text(json, "description"),
        },
        "google.rpc.RequestInfo" => Detail::RequestInfo {
            request_id: text(json, "requestId"),
            serving_data: text(json, "servingData"),
        },
        "google.rpc.LocalizedMessage" => Detail::LocalizedMessage {
            locale: text(json, "locale"),
            message: text(json, "message"),
        },
        "google.rpc.DebugInfo" => Detail::DebugInfo {
            stack_entries: list(json, "stackEntries", |entry| {
                entry.as_str().unwrap_or_default().to_owned()
            }),
            detail: text(json, "detail"),
        },
        _ => Detail::Other(json.clone()),
    }
}

fn field_violation(json: &Value) -> FieldViolation {
    FieldViolation {
        field: text(json, "field"),
        description: text(json, "description"),
        reason: text(json, "reason"),
    }
}

fn quota_violation(json: &Value) -> QuotaViolation {
    QuotaViolation {
        subject: text(json, "subject"),
        description: text(json, "description"),
        quota_metric: text(json, "quotaMetric"),
        quota_id: text(json, "quotaId"),
    }
}

fn precondition_violation(json: &Value) -> PreconditionViolation {
    PreconditionViolation {
        kind: text(json, "type"),
        subject: text(json, "subject"),
        description: text(json, "description"),
    }
}

fn link(json: &Value) -> HelpLink {
    HelpLink { description: text(json, "description"), url: text(json, "url") }
}

fn text(json: &Value, member: &str) -> String {
    json.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn list<T>(json: &Value, member: &str, read: impl Fn(&Value) -> T) -> Vec<T> {
    match json.get(member) {
        Some(Value::Array(items)) => items.iter().map(read).collect(),
        _ => Vec::new(),
    }
}

fn text_map(json: &Value, member: &str) -> BTreeMap<String, String> {
    let Some(Value::Object(members)) = json.get(member) else { return BTreeMap::new() };
    let pair = |(key, value): (&String, &Value)| match value {
        Value::String(text) => (key.clone(), text.clone()),
        other => (key.clone(), other.to_string()),
    };
    members.iter().map(pair).collect()
}

/// Parses a protobuf duration such as `3.5s`; negative ones count as zero.
pub(crate) fn parse_duration(text: &str) -> Option<Duration> {
    let number = text.strip_suffix('s')?;
    let (negative, number) = match number.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, number),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || fraction.len() > 9 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let nanos = format!("{fraction:0<9}").parse().ok()?;
    let delay = Duration::new(whole.parse().ok()?, nanos);
    Some(if negative { Duration::ZERO } else { delay })
}

pub(crate) fn is_html(text: &str) -> bool {
    let start = text.trim_start().chars().take(200).collect::<String>().to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.contains("<html") || start.starts_with("<head")
}

pub(crate) fn html_title(html: &str) -> Option<String> {
    let lower = html.to_ascii_lowercase();
    let from = lower.find("<title>")? + "<title>".len();
    let to = from + lower.get(from..)?.find("</title>")?;
    html.get(from..to).map(first_line).filter(|title| !title.is_empty())
}

/// Returns the first line that is not empty, up to 200 characters.
fn first_line(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let mut short: String = line.chars().take(200).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}
