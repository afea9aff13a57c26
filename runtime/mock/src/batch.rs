//! Batch requests, as described in [Google's
//! guide](https://developers.google.com/workspace/drive/api/guides/performance).

use bytes::Bytes;
use discovery_runtime::reflect::ApiInfo;
use discovery_testing::{Part, split_head, split_multipart};
use http::{HeaderValue, Request, Response, header};

use crate::error::{ApiError, Code};
use crate::incoming::Incoming;

/// Maximum number of calls in a batch.
const MAX_CALLS: usize = 1000;

/// Handler of the calls in a batch.
pub(crate) trait Calls {
    /// Responds to a single call.
    fn respond_alone(&self, request: Request<Bytes>) -> Response<Bytes>;
    /// Returns the response that reports an error.
    fn refuse(&self, error: &ApiError) -> Response<Bytes>;
}

/// Returns `true` if the request is a batch.
pub(crate) fn is_batch(api: &ApiInfo, incoming: &Incoming) -> bool {
    let service = api.methods.first().map(|method| method.spec.service);
    let path = incoming.path.strip_prefix('/');
    incoming.verb == http::Method::POST && path == service.and_then(|service| service.batch_path)
}

/// Responds to the calls of a batch in order.
pub(crate) fn respond(
    to: &dyn Calls,
    serial: u64,
    incoming: &Incoming,
) -> Result<Response<Bytes>, ApiError> {
    let content_type = incoming.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let refuse = |text: &str| ApiError::new(Code::InvalidArgument, text);
    let calls = split_multipart(content_type, &incoming.body)
        .ok_or_else(|| refuse("Failed to parse batch request: the body is not multipart/mixed."))?;
    if calls.len() > MAX_CALLS {
        return Err(refuse("The batch request has more than 1000 calls."));
    }
    let boundary = format!("batch_{}", serial);
    let mut body = Vec::new();
    for call in &calls {
        body.extend(format!("--{boundary}\r\n").into_bytes());
        write(&mut body, call, &one(to, incoming, call));
    }
    body.extend(format!("--{boundary}--\r\n").into_bytes());
    let mut response = Response::new(Bytes::from(body));
    if let Ok(value) = HeaderValue::from_str(&format!("multipart/mixed; boundary={boundary}")) {
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
    Ok(response)
}

fn one(to: &dyn Calls, outer: &Incoming, call: &Part) -> Response<Bytes> {
    match request(outer, call) {
        Some(request) => to.respond_alone(request),
        None => {
            let text = "Failed to parse batch request: a part is not an HTTP request.";
            to.refuse(&ApiError::new(Code::InvalidArgument, text))
        }
    }
}

/// Parses the request in a part: request line, headers, and body.
fn request(outer: &Incoming, call: &Part) -> Option<Request<Bytes>> {
    let line_end = call.body.iter().position(|byte| *byte == b'\n').unwrap_or(call.body.len());
    let line = std::str::from_utf8(call.body.get(..line_end)?).ok()?;
    let mut words = line.split_whitespace();
    let mut request = Request::builder().method(words.next()?).uri(words.next()?);
    let rest = call.body.slice((line_end + 1).min(call.body.len())..);
    let (headers, body_at) = split_head(&rest);
    for (name, value) in &headers {
        request = request.header(name, value);
    }
    let has_credentials = headers.iter().any(|(name, _)| name == "authorization");
    if let (false, Some(value)) = (has_credentials, outer.header("authorization")) {
        request = request.header(header::AUTHORIZATION, value);
    }
    request.body(rest.slice(body_at..)).ok()
}

fn write(body: &mut Vec<u8>, call: &Part, response: &Response<Bytes>) {
    let mut head = String::from("Content-Type: application/http\r\n");
    if let Some(id) = call.header("content-id") {
        let id = id.trim_start_matches('<').trim_end_matches('>');
        head.push_str(&format!("Content-ID: <response-{id}>\r\n"));
    }
    let status = response.status();
    let reason = status.canonical_reason().unwrap_or("Unknown");
    head.push_str(&format!("\r\nHTTP/1.1 {} {reason}\r\n", status.as_u16()));
    for (name, value) in response.headers() {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap_or_default()));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", response.body().len()));
    body.extend(head.into_bytes());
    body.extend_from_slice(response.body());
    body.extend_from_slice(b"\r\n");
}
