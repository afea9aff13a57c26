//! Mock servers.

use bytes::Bytes;
use discovery_mock::filter::{Filter, Grammar};
use discovery_mock::{Selection, Server};
use discovery_testing::{ByteRange, byte_range};
use http::{HeaderName, HeaderValue, Method, Request};
use serde_json::{Value, json};

use super::agree::ensure;
use crate::engine::{Bounds, Target};

/// Requests.
pub(super) const REQUEST: Target =
    Target::new("mock-request", "a server answers any request with JSON, never with 500", request)
        .words(&[
            "\n=====\n",
            "\n\n",
            "GET ",
            "POST ",
            "PATCH ",
            "DELETE ",
            "PUT ",
            "/v3/projects/p/jobs",
            "/batch",
            "/upload/",
            "content-type: multipart/mixed; boundary=b",
            "--b\r\n",
            "--b--",
            "content-range: bytes 0-0/1",
            "uploadType=resumable",
            "x-http-method-override: PUT",
            "filter=",
            "pageSize=",
            "pageToken=",
            "updateMask=",
            "fields=",
            "alt=media",
            "range: bytes=1-",
            "orderBy=",
            "%2F",
            ":search",
            ":complete",
            "requestId=",
        ])
        .bounds(Bounds { input: 4096, fixed: 64 << 20, per_byte: 64 << 10 });

/// A filter, or a field selection.
pub(super) const FILTER: Target = Target::new(
    "mock-filter",
    "a filter is refused, or holds exactly if its negation does not",
    filter,
)
.words(&[
    "AND",
    "OR",
    "NOT",
    "(",
    ")",
    "=",
    "!=",
    "<=",
    ":",
    "*",
    "\"",
    "a.b",
    "LOWER(",
    "companyName",
    "-",
    ",",
])
.bounds(Bounds { input: 1024, fixed: 1 << 20, per_byte: 16 << 10 });

/// A `Range` header.
pub(super) const RANGE: Target = Target::new("mock-range", "a range is within the content", range)
    .words(&["bytes=", "bytes", "-", ",", "0-9", "=", "/"])
    .bounds(Bounds { input: 128, fixed: 4096, per_byte: 64 });

fn request(input: &[u8]) -> Result<bool, String> {
    let server = google_jobs_v3_mock::builder().build();
    seed(&server)?;
    let mut accepted = false;
    let mut rest = input;
    loop {
        let at = rest.windows(7).position(|part| part == b"\n=====\n");
        let one = at.map_or(rest, |at| &rest[..at]);
        if let Some(request) = read(one) {
            accepted |= respond(&server, request)?;
        }
        match at {
            Some(at) => rest = &rest[at + 7..],
            None => return Ok(accepted),
        }
    }
}

fn seed(server: &Server) -> Result<(), String> {
    let company = json!({"displayName": "A", "externalId": "a"});
    let seeded = server.seed(&json!({ "projects/p/companies/1": company }));
    seeded.map(|_| ()).map_err(|error| format!("seed: {error}"))
}

fn respond(server: &Server, request: Request<Bytes>) -> Result<bool, String> {
    let shown = format!("{request:?}");
    let is_head = request.method() == Method::HEAD;
    let response = server.respond(request);
    let status = response.status().as_u16();
    let text = || format!("{shown}: {status} {:?}", response.body());
    ensure(status < 500 || status == 501, "status", text)?;
    let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("application/json")) && !is_head {
        let value = serde_json::from_slice::<Value>(response.body());
        let value = value.map_err(|error| format!("json: {error}: {}", text()))?;
        ensure(status < 400 || value.get("error").is_some(), "error", text)?;
    }
    Ok(status < 400)
}

/// Reads a request: `METHOD target`, headers, an empty line, the body.
fn read(text: &[u8]) -> Option<Request<Bytes>> {
    let end = text.windows(2).position(|two| two == b"\n\n");
    let (head, body) = end.map_or((text, &[][..]), |at| (&text[..at], &text[at + 2..]));
    let mut lines = head.split(|byte| *byte == b'\n');
    let mut first = lines.next()?.splitn(2, |byte| *byte == b' ');
    let method = Method::from_bytes(first.next()?).ok()?;
    let target = std::str::from_utf8(first.next()?).ok()?;
    let mut request =
        Request::builder().method(method).uri(target).body(Bytes::copy_from_slice(body)).ok()?;
    for line in lines {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let name = HeaderName::from_bytes(line[..colon].trim_ascii());
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            request.headers_mut().append(name, value);
        }
    }
    Some(request)
}

fn filter(input: &[u8]) -> Result<bool, String> {
    let Ok(text) = std::str::from_utf8(input) else { return Ok(false) };
    let resource = json!({ "a": [1, { "b": "c" }], "b": null, "companyName": "x", "t": "2020-01-01T00:00:00Z" });
    let mut accepted = false;
    for grammar in [Grammar::Sql, Grammar::Aip160, Grammar::Query] {
        let Ok(filter) = Filter::parse(text, grammar) else { continue };
        accepted = true;
        let negated = Filter::Not(Box::new(filter.clone()));
        ensure(filter.holds(&resource) != negated.holds(&resource), "negation", || {
            format!("{filter:?}")
        })?;
    }
    if let Ok(selection) = Selection::parse(text) {
        accepted = true;
        let mut once = json!({ "a": [{ "b": 1 }], "c": {"d": {"e": 1}}, "f": [1, [2]] });
        selection.apply(&mut once);
        let mut twice = once.clone();
        selection.apply(&mut twice);
        ensure(once == twice, "selection", || format!("{text}: {once}, then {twice}"))?;
    }
    Ok(accepted)
}

fn range(input: &[u8]) -> Result<bool, String> {
    const SIZE: usize = 10;
    let Ok(text) = std::str::from_utf8(input) else { return Ok(false) };
    match byte_range(Some(text), SIZE) {
        ByteRange::Part(part) => {
            let is_within = part.start < part.end && part.end <= SIZE;
            ensure(is_within, "range", || format!("{text}: {part:?}"))?;
            Ok(true)
        }
        ByteRange::All | ByteRange::None => Ok(false),
    }
}
