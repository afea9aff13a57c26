//! Reports API and transport errors with advice.

use discovery_runtime::auth::{AuthError, AuthErrorKind};
use discovery_runtime::error::HttpFailure;
use discovery_runtime::retry::RetryClass;
use discovery_runtime::status::{Code, Detail, Status};
use discovery_runtime::{Error, ErrorKind};
use serde_json::Value;

use crate::app::App;
use crate::failure::{Failure, Retry, exit};
use crate::guard::Forbidden;
use crate::plan::Plan;

/// Advice about the time limit of a call.
pub(super) const TIME_LIMIT: &str = "--timeout SECONDS sets the time limit of a call";

/// Converts the error of a call to a failure.
pub(super) fn failure(app: &App, plan: &Plan, error: &Error) -> Failure {
    if let Some(forbidden) = forbidden(error) {
        return forbidden.into();
    }
    let mut failure = match error.kind() {
        ErrorKind::Service => service(error),
        ErrorKind::Operation => operation(error),
        ErrorKind::Auth => Failure::new(exit::AUTH, "auth", error.to_string()),
        ErrorKind::Decode => Failure::new(exit::SERVER, "decode", chain(error)),
        ErrorKind::InvalidRequest => Failure::new(exit::USAGE, "usage", error.message()),
        _ => Failure::new(exit::SERVER, "transport", chain(error)),
    };
    failure.retry = retry(plan, error);
    for note in notes(app, plan, error) {
        failure = failure.note(note);
    }
    failure
}

/// Decides whether a repetition of the command may succeed and does no harm. IDs of requests are new
/// in each run, so they do not help.
fn retry(plan: &Plan, error: &Error) -> Retry {
    let (temporary, unsent) = match RetryClass::of(error) {
        RetryClass::Unsent | RetryClass::Throttled => (true, true),
        RetryClass::Interrupted | RetryClass::Transient => (true, false),
        _ => (false, false),
    };
    let harmless = unsent || plan.method.spec.idempotent;
    Retry {
        retryable: temporary && harmless,
        maybe_done: temporary && !harmless || error.may_be_done(),
        after: error.retry_after().map(|wait| wait.as_secs().max(1)),
    }
}

/// Returns the reason that the transport did not send a request.
fn forbidden(error: &Error) -> Option<Forbidden> {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if let Some(forbidden) = error.downcast_ref::<Forbidden>() {
            return Some(forbidden.clone());
        }
        cause = error.source();
    }
    None
}

/// Formats the error and its causes on one line.
fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

/// Returns the items before an error in an array.
pub(super) fn items_before(error: &Error) -> Vec<Value> {
    let body = error.http().filter(|http| http.status().is_success()).map(HttpFailure::body);
    let Some(Ok(Value::Array(mut items))) = body.map(|body| serde_json::from_slice(body)) else {
        return Vec::new();
    };
    let tells = |item: &Value| item.get("error").is_some_and(|e| e.is_object() || e.is_string());
    items.truncate(items.iter().position(tells).unwrap_or(0));
    items
}

fn service(error: &Error) -> Failure {
    // An error inside a success response has its code in the body.
    let status = match error.http_status() {
        Some(status) if !status.is_success() => status.as_u16(),
        _ => error.status().and_then(Status::number).unwrap_or(0),
    };
    let code = match status {
        401 => exit::AUTH,
        400..=499 => exit::REFUSED,
        _ => exit::SERVER,
    };
    let name = error.code().map_or("", |code| code.as_str());
    let message = format!("{status} {name}: {}", error.message());
    let mut failure = Failure::new(code, "api", message);
    failure.error = error
        .http()
        .and_then(|http| serde_json::from_slice(http.body()).ok())
        .map(inner)
        .map(Box::new);
    failure
}

/// The error of an operation, by its code.
fn operation(error: &Error) -> Failure {
    let code = match error.code() {
        Some(Code::Unauthenticated) => exit::AUTH,
        Some(Code::Unknown | Code::DeadlineExceeded | Code::Internal | Code::Unavailable)
        | Some(Code::DataLoss)
        | None => exit::SERVER,
        Some(_) => exit::REFUSED,
    };
    Failure::new(code, "operation", error.message())
}

/// Unwraps the error.
fn inner(body: Value) -> Value {
    match body {
        Value::Object(mut members) => match members.remove("error") {
            Some(error) => error,
            None => Value::Object(members),
        },
        other => other,
    }
}

fn notes(app: &App, plan: &Plan, error: &Error) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(reason) = error.reason() {
        let domain = error.domain().map_or_else(String::new, |domain| format!(" ({domain})"));
        out.push(format!("reason: {reason}{domain}"));
    }
    for violation in error.field_violations() {
        out.push(format!("{}: {}", violation.field, violation.description));
    }
    out.extend(error.details().iter().flat_map(links));
    out.extend(advice(app, plan, error));
    out.extend(mask_of_selection(plan, error));
    if error.is_timeout() {
        out.push(TIME_LIMIT.to_owned());
    }
    if let Some(wait) = error.retry_after() {
        out.push(format!("the server asks to wait {} s", wait.as_secs().max(1)));
    }
    // Other errors are self-explanatory.
    if error.attempts() > 1 && error.kind() == ErrorKind::Service {
        out.push(format!("{} attempts were made", error.attempts()));
    }
    if error.may_be_done() && error.kind() == ErrorKind::Service {
        out.push("an earlier attempt may have succeeded".to_owned());
    }
    out
}

/// Returns advice where the server may have rejected a mask that the user did not write.
fn mask_of_selection(plan: &Plan, error: &Error) -> Option<String> {
    let is_invalid = error.http_status().is_some_and(|status| status.as_u16() == 400);
    let mask = plan.values.query_one("fields").or_else(|| plan.values.query_one("$fields"))?;
    (plan.mask_is_selection && is_invalid)
        .then(|| format!("'fields={mask}' was sent for --select; --no-fields leaves it out"))
}

fn links(detail: &Detail) -> Vec<String> {
    match detail {
        Detail::Help { links } => {
            links.iter().map(|link| format!("{}: {}", link.description, link.url)).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns advice.
fn advice(app: &App, plan: &Plan, error: &Error) -> Option<String> {
    if let Some(advice) = crate::transport::advice(error) {
        return Some(advice.to_owned());
    }
    let name = app.name;
    let status = error.http_status().map(|status| status.as_u16());
    match (status, error.reason().unwrap_or_default()) {
        (Some(403), "SERVICE_DISABLED" | "accessNotConfigured") => Some(format!(
            "enable the API: {}",
            activation(error).unwrap_or_else(|| {
                format!("https://console.cloud.google.com/apis/library/{}", host(plan))
            })
        )),
        (Some(403), "ACCESS_TOKEN_SCOPE_INSUFFICIENT" | "insufficientPermissions") => {
            let scopes: Vec<&str> = plan.method.spec.scopes.to_vec();
            Some(format!("the token needs one of these scopes: {}", scopes.join(", ")))
        }
        (Some(403), "USER_PROJECT_DENIED" | "CONSUMER_INVALID") => {
            Some("give the project that pays with --quota-project".to_owned())
        }
        (Some(403), _) => Some(format!(
            "'{name} auth status' says who you are; that account needs the permission, the API \
             must be enabled in the project"
        )),
        (Some(401), _) => Some(format!(
            "sign in again with '{name} auth login' or 'gcloud auth application-default login'"
        )),
        (Some(404), _) => Some(absent(app, plan)),
        (Some(400), _) => Some("--dry-run shows the request".to_owned()),
        (None, _) if error.kind() == ErrorKind::Auth && !is_insecure(error) => Some(format!(
            "sign in with '{name} auth login' or 'gcloud auth application-default login', or set \
             {}_ACCESS_TOKEN",
            discovery_describe::names::env_prefix(name)
        )),
        _ => None,
    }
}

/// Returns `true` if a secret was withheld because of an insecure destination, where a new login
/// does not help.
fn is_insecure(error: &Error) -> bool {
    let source = std::error::Error::source(error).and_then(|e| e.downcast_ref::<AuthError>());
    source.is_some_and(|error| error.kind() == AuthErrorKind::Insecure)
}

/// Returns advice for a resource that was not found.
fn absent(app: &App, plan: &Plan) -> String {
    let names: Vec<String> =
        plan.values.path.iter().map(|(_, value)| format!("'{value}'")).collect();
    let list = app
        .api
        .methods
        .iter()
        .find(|method| method.resource == plan.method.resource && method.name == "list");
    let next = match list {
        Some(list) if list.name != plan.method.name => {
            format!("'{}' lists what there is", crate::tree::command_line(app, list))
        }
        _ => "--dry-run shows the address".to_owned(),
    };
    format!("check the name {}; {next}", names.join(", "))
}

/// Returns the URL for enabling the API, from the error.
fn activation(error: &Error) -> Option<String> {
    error.details().iter().find_map(|detail| match detail {
        Detail::ErrorInfo { metadata, .. } => metadata.get("activationUrl").cloned(),
        _ => None,
    })
}

/// Returns the API's host, for example `jobs.googleapis.com`.
fn host(plan: &Plan) -> &str {
    let root = plan.method.spec.service.root_url;
    root.trim_start_matches("https://").trim_end_matches('/')
}
