//! Downloads from a URL or reads a file, within limits.

use discovery_generator::shown::printable;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;
use ureq::Error;

/// Limits of a download.
pub(crate) struct Limits {
    /// Total time, including connecting and redirects.
    pub(crate) time: Duration,
    /// Maximum size of the response.
    pub(crate) bytes: u64,
    /// Maximum number of redirects.
    pub(crate) redirects: u32,
}

/// Reason that a download failed.
struct Failure {
    message: String,
    /// Whether to try the next source.
    elsewhere: bool,
}

impl Failure {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), elsewhere: false }
    }
}

/// Returns the first available response and its source.
pub(super) fn first(places: &[String], limits: &Limits) -> Result<(String, Vec<u8>), String> {
    let mut failures = Vec::new();
    for place in places {
        match get(place, limits) {
            Ok(bytes) => return Ok((place.clone(), bytes)),
            Err(failure) => {
                failures.push(format!("{place}: {}", failure.message));
                if !failure.elsewhere {
                    break;
                }
            }
        }
    }
    Err(failures.join("\n  "))
}

fn get(place: &str, limits: &Limits) -> Result<Vec<u8>, Failure> {
    if place.starts_with("https://") || place.starts_with("http://") {
        return from_url(place, limits);
    }
    if place.contains("://") {
        return Err(Failure::new("only http, https, and files are supported"));
    }
    let path = Path::new(place);
    let metadata = std::fs::metadata(path).map_err(|e| Failure::new(e.to_string()))?;
    if !metadata.is_file() {
        return Err(Failure::new("not a regular file"));
    }
    let length = metadata.len();
    if length > limits.bytes {
        return Err(Failure::new(too_long(limits)));
    }
    std::fs::read(path).map_err(|e| Failure::new(e.to_string()))
}

fn from_url(url: &str, limits: &Limits) -> Result<Vec<u8>, Failure> {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(limits.time))
        .max_redirects(limits.redirects)
        .max_redirects_will_error(true)
        .http_status_as_error(false)
        // HTTPS must not redirect to HTTP.
        .https_only(url.starts_with("https://"))
        .user_agent("cargo-discovery")
        .build();
    let agent = ureq::Agent::new_with_config(config);
    let failed = |e: Error| failure(e, limits);
    let request = agent.get(url).header("accept", "application/json");
    let mut response = request.call().map_err(failed)?;
    let status = response.status();
    let body = response.body_mut().with_config().limit(limits.bytes).read_to_vec();
    if status.is_success() {
        return body.map_err(failed);
    }
    let said = body.ok().and_then(|b| message(&b)).map(|m| format!(": {m}")).unwrap_or_default();
    let mut failure = Failure::new(format!("{status}{said}"));
    failure.elsewhere = matches!(status.as_u16(), 404 | 410);
    if failure.elsewhere {
        failure.message.push_str("; check the id and the version");
    }
    Err(failure)
}

/// Returns the message of Google's error response.
fn message(body: &[u8]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    let text = value.pointer("/error/message")?.as_str()?;
    Some(printable(text).chars().take(200).collect())
}

fn too_long(limits: &Limits) -> String {
    format!("the response is longer than {} MB, the limit for documents", limits.bytes >> 20)
}

fn failure(error: Error, limits: &Limits) -> Failure {
    let seconds = limits.time.as_secs_f64();
    let message = match &error {
        Error::Timeout(_) => {
            format!("no complete response within {seconds} s; try again, or raise --timeout")
        }
        Error::TooManyRedirects => {
            format!("more than {} redirects", limits.redirects)
        }
        Error::BodyExceedsLimit(_) => too_long(limits),
        Error::RequireHttpsOnly(to) => format!("redirect to {to}, which is not encrypted"),
        _ if no_host(&error) => "host not found; check the name and the network".to_owned(),
        Error::Io(e) if matches!(e.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock) => {
            format!("no complete response within {seconds} s; try again, or raise --timeout")
        }
        Error::Io(e)
            if matches!(e.kind(), ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset) =>
        {
            "the response is incomplete; fetch it again".to_owned()
        }
        other => other.to_string(),
    };
    Failure { message, elsewhere: no_host(&error) }
}

/// Returns `true` if the host name did not resolve, which the system's resolver reports only as
/// text.
fn no_host(error: &Error) -> bool {
    match error {
        Error::HostNotFound => true,
        Error::Io(e) => e.to_string().contains("failed to lookup address"),
        _ => false,
    }
}
