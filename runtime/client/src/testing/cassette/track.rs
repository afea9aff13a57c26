//! Recorded exchanges, and their JSON form.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::redact::Redactor;
use crate::json::Bytes as Base64;
use crate::multipart::Boundary;
use crate::testing::mock::MockRequest;

/// A recorded exchange.
#[derive(Clone, Debug)]
pub(super) struct Track {
    pub(super) method: Option<String>,
    pub(super) request: Request,
    pub(super) response: Response,
}

/// Identity of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) verb: String,
    pub(super) url: String,
    pub(super) body: Text,
}

/// Recorded response.
#[derive(Clone, Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Text,
}

/// A body: text if possible, otherwise base64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text {
    Text(String),
    Bytes(Vec<u8>),
}

impl Text {
    fn of(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Bytes(bytes.to_vec()),
        }
    }

    /// Boundaries are random; recorded ones must match again.
    fn rename_boundary(&mut self, boundary: &str) {
        match self {
            Self::Text(text) => *text = text.replace(boundary, "BOUNDARY"),
            Self::Bytes(bytes) => *bytes = replace(bytes, boundary.as_bytes(), b"BOUNDARY"),
        }
    }

    pub(super) fn bytes(&self) -> Bytes {
        match self {
            Self::Text(text) => Bytes::copy_from_slice(text.as_bytes()),
            Self::Bytes(bytes) => Bytes::copy_from_slice(bytes),
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Bytes(bytes) => json!({"base64": Base64::from(bytes.as_slice()).to_string()}),
        }
    }

    fn from_json(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(Self::Text(String::new())),
            Value::String(text) => Some(Self::Text(text.clone())),
            other => {
                let base64: Base64 = other.get("base64")?.as_str()?.parse().ok()?;
                Some(Self::Bytes(base64.into_vec()))
            }
        }
    }

    /// Returns `true` if both are equal; JSON is compared by value.
    fn same(&self, other: &Self) -> bool {
        let tree = |text: &Self| match text {
            Self::Text(text) => serde_json::from_str::<Value>(text).ok(),
            Self::Bytes(_) => None,
        };
        self == other || tree(self).is_some_and(|value| Some(value) == tree(other))
    }
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        match rest.strip_prefix(from).filter(|_| !from.is_empty()) {
            Some(after) => {
                out.extend_from_slice(to);
                rest = after;
            }
            None => {
                out.push(*first);
                rest = after;
            }
        }
    }
    out
}

impl Request {
    /// # Errors
    ///
    /// Returns why the request cannot be recorded.
    pub(super) fn of(request: &MockRequest, redactor: &Redactor) -> Result<Self, String> {
        let body = redactor.body(&request.headers, &request.body, false)?;
        let mut body = Text::of(&body.bytes);
        if let Some(boundary) = request.header("content-type").and_then(Boundary::from_content_type)
        {
            body.rename_boundary(boundary.as_str());
        }
        let url = redactor.url(&request.uri.to_string());
        Ok(Self { verb: request.verb.to_string(), url, body })
    }

    /// Describes how another request differs, if it does.
    pub(super) fn difference(&self, other: &Self) -> Option<String> {
        if self.verb != other.verb {
            return Some(format!("its verb is {}", self.verb));
        }
        if self.url != other.url {
            return Some(format!("its URL is {}", self.url));
        }
        (!self.body.same(&other.body)).then(|| "its body differs".to_owned())
    }
}

impl Response {
    /// # Errors
    ///
    /// Returns why the response cannot be recorded.
    pub(super) fn of(
        status: u16,
        headers: &HeaderMap,
        body: &Bytes,
        redactor: &Redactor,
    ) -> Result<Self, String> {
        let body = redactor.body(headers, body, status == 206)?;
        let text = |(name, value): (&HeaderName, &HeaderValue)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.as_str().to_owned(), redactor.header(name, &value))
        };
        // The transfer of the body is not recorded: length and framing are determined when it is
        // replayed.
        let kept = |(name, _): &(&HeaderName, &HeaderValue)| match name.as_str() {
            "content-length" | "transfer-encoding" | "connection" => false,
            "content-encoding" => !body.unpacked,
            _ => true,
        };
        let headers_kept = headers.iter().filter(kept).map(text).collect();
        Ok(Self { status, headers: headers_kept, body: Text::of(&body.bytes) })
    }
}

impl Track {
    pub(super) fn to_json(&self) -> Value {
        let headers: Value = self.response.headers.iter().map(|(n, v)| json!([n, v])).collect();
        json!({
            "method": self.method,
            "request": {
                "verb": self.request.verb,
                "url": self.request.url,
                "body": self.request.body.to_json(),
            },
            "response": {
                "status": self.response.status,
                "headers": headers,
                "body": self.response.body.to_json(),
            },
        })
    }

    pub(super) fn from_json(value: &Value) -> Option<Self> {
        let (request, response) = (value.get("request")?, value.get("response")?);
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let header = |pair: &Value| Some((text(pair.get(0)?)?, text(pair.get(1)?)?));
        Some(Self {
            method: value.get("method").and_then(text),
            request: Request {
                verb: text(request.get("verb")?)?,
                url: text(request.get("url")?)?,
                body: Text::from_json(request.get("body")?)?,
            },
            response: Response {
                status: response.get("status")?.as_u64()?.try_into().ok()?,
                headers: response
                    .get("headers")?
                    .as_array()?
                    .iter()
                    .map(header)
                    .collect::<Option<_>>()?,
                body: Text::from_json(response.get("body")?)?,
            },
        })
    }
}
