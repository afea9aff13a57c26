//! Rendering of results as HTTP responses.

use bytes::Bytes;
use discovery_runtime::reflect::MethodInfo;
use discovery_testing::{ByteRange, byte_range};
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::error::{ApiError, Code};
use crate::incoming::Incoming;
use crate::partial::Selection;

/// Result of a call.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Json(Value),
    /// Content with its media type.
    Content(String, Bytes),
    /// No content: `204 No Content`.
    Nothing,
    /// A complete HTTP response.
    Whole(Response<Bytes>),
}

/// Response format that a client requested with the general query parameters.
#[derive(Debug)]
pub(crate) struct Style {
    pretty: bool,
    fields: Option<Selection>,
    v1_errors: bool,
    pub(crate) media: bool,
    /// Requested byte range of content.
    range: Option<String>,
}

impl Style {
    /// Format of errors about these parameters themselves.
    pub(crate) const PLAIN: Self =
        Self { pretty: true, fields: None, v1_errors: false, media: false, range: None };

    pub(crate) fn of(incoming: &Incoming) -> Result<Self, ApiError> {
        let general =
            |name: &str| incoming.query(name).or_else(|| incoming.query(&format!("${name}")));
        let fields = general("fields").or_else(|| incoming.header("x-goog-fieldmask"));
        let pretty = general("prettyPrint").or_else(|| incoming.query("pp")).unwrap_or("true");
        let media = match general("alt").unwrap_or("json") {
            "json" => false,
            "media" => true,
            other => {
                let text = format!(
                    "Unsupported output format '{other}': this server supports json and media."
                );
                return Err(ApiError::invalid("alt", text));
            }
        };
        Ok(Self {
            pretty: !matches!(pretty, "false" | "0"),
            fields: fields.map(Selection::parse).transpose()?,
            v1_errors: incoming.query("$.xgafv") == Some("1"),
            media,
            range: incoming.header(header::RANGE.as_str()).map(str::to_owned),
        })
    }

    /// Rejects a selection of fields that the response does not have.
    pub(crate) fn check(&self, method: &MethodInfo) -> Result<(), ApiError> {
        match (&self.fields, method.response) {
            (Some(fields), Some(response)) => fields.check(response),
            _ => Ok(()),
        }
    }

    pub(crate) fn success(&self, answer: Answer, wrapped: bool) -> Response<Bytes> {
        match answer {
            Answer::Json(mut value) => {
                if let Some(fields) = &self.fields {
                    fields.apply(&mut value);
                }
                let value = if wrapped { json!({ "data": value }) } else { value };
                self.json(StatusCode::OK, &value)
            }
            Answer::Content(media_type, bytes) => {
                let part = match byte_range(self.range.as_deref(), bytes.len()) {
                    ByteRange::All => {
                        let mut whole = response(StatusCode::OK, Some(&media_type), bytes);
                        let unit = HeaderValue::from_static("bytes");
                        whole.headers_mut().insert(header::ACCEPT_RANGES, unit);
                        return whole;
                    }
                    ByteRange::Part(part) => part,
                    ByteRange::None => return self.no_such_range(bytes.len()),
                };
                let range = format!("bytes {}-{}/{}", part.start, part.end - 1, bytes.len());
                let part = bytes.slice(part);
                let part = response(StatusCode::PARTIAL_CONTENT, Some(&media_type), part);
                with_range(part, &range)
            }
            Answer::Nothing => response(StatusCode::NO_CONTENT, None, Bytes::new()),
            Answer::Whole(response) => response,
        }
    }

    pub(crate) fn error(&self, error: &ApiError) -> Response<Bytes> {
        let status = StatusCode::from_u16(error.http_status());
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = self.json(status, &error.to_json(self.v1_errors));
        if status == StatusCode::UNAUTHORIZED {
            let challenge =
                HeaderValue::from_static("Bearer realm=\"https://accounts.google.com/\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }

    fn no_such_range(&self, size: usize) -> Response<Bytes> {
        let error = ApiError::new(Code::OutOfRange, "The range is outside of the content.");
        with_range(self.error(&error.with_http_status(416)), &format!("bytes */{size}"))
    }

    fn json(&self, status: StatusCode, value: &Value) -> Response<Bytes> {
        // `Display` of a value cannot fail, unlike the functions that return `Result`.
        let mut text = if self.pretty { format!("{value:#}") } else { value.to_string() };
        text.push('\n');
        response(status, Some("application/json; charset=UTF-8"), Bytes::from(text))
    }
}

fn with_range(mut response: Response<Bytes>, range: &str) -> Response<Bytes> {
    if let Ok(value) = HeaderValue::from_str(range) {
        response.headers_mut().insert(header::CONTENT_RANGE, value);
    }
    response
}

/// Creates a response with the headers that all Google responses have.
pub(crate) fn response(
    status: StatusCode,
    media_type: Option<&str>,
    body: Bytes,
) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    // A media type that is not a valid header value came from a client; it is omitted.
    if let Some(value) = media_type.and_then(|text| HeaderValue::from_str(text).ok()) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private"));
    headers.insert(header::VARY, HeaderValue::from_static("Origin, X-Origin, Referer"));
    response
}
