//! Incoming requests: verb, raw path, and decoded query.

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Uri, header};
use percent_encoding::percent_decode_str;

use crate::error::{ApiError, Code};

/// A request before it is routed.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) verb: Method,
    /// Scheme and authority used by the client.
    pub(crate) origin: String,
    /// Percent-encoded, since the meaning of `%2F` depends on the path template.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Incoming {
    /// Parses a request.
    ///
    /// Accepts `GET` requests with a long query sent as a form, with the verb in
    /// `X-HTTP-Method-Override`, as google-api-python-client does above 2,048 characters.
    pub(crate) fn read(request: Request<Bytes>) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let mut query = decode_query(parts.uri.query().unwrap_or_default())?;
        let mut this = Self {
            verb: parts.method,
            origin: origin(&parts.uri, &parts.headers),
            path: parts.uri.path().to_owned(),
            query: Vec::new(),
            headers: parts.headers,
            body,
        };
        if let Some(verb) = this.header("x-http-method-override") {
            let verb = Method::from_bytes(verb.to_ascii_uppercase().as_bytes());
            this.verb = verb.map_err(|_| refused("X-HTTP-Method-Override is not a verb."))?;
            if this.content_type() == "application/x-www-form-urlencoded" {
                query.extend(decode_query(&String::from_utf8_lossy(&this.body))?);
                this.body = Bytes::new();
            }
        }
        this.query = query;
        Ok(this)
    }

    /// Returns the text of a header, if present.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the media type of the body, without parameters.
    pub(crate) fn content_type(&self) -> &str {
        let text = self.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
        text.split(';').next().unwrap_or_default().trim()
    }

    /// Returns the last value of a query parameter.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Returns the scheme and authority of a request, from its URI or its `Host` header.
fn origin(uri: &Uri, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = uri.authority().map(http::uri::Authority::as_str).or(host);
    format!("{}://{}", uri.scheme_str().unwrap_or("http"), authority.unwrap_or("localhost"))
}

/// Decodes `a=b&c=d`, where `+` is a space.
pub(crate) fn decode_query(text: &str) -> Result<Vec<(String, String)>, ApiError> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(&key.replace('+', " "))?, decode(&value.replace('+', " "))?))
        })
        .collect()
}

/// Decodes all `%XX` sequences.
pub(crate) fn decode(text: &str) -> Result<String, ApiError> {
    let decoded = String::from_utf8(percent_decode_str(text).collect());
    decoded.map_err(|_| refused(format!("'{text}' is not UTF-8 when decoded.")))
}

/// Decodes all `%XX` sequences except `%2F`, as required for `{+name}`, where an encoded slash is
/// part of a segment.
pub(crate) fn decode_but_slash(text: &str) -> Result<String, ApiError> {
    let kept = text.replace("%2F", "%252F").replace("%2f", "%252f");
    decode(&kept)
}

fn refused(message: impl Into<String>) -> ApiError {
    ApiError::new(Code::InvalidArgument, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(verb: &str, uri: &str, headers: &[(&str, &str)], body: &'static str) -> Incoming {
        let mut request = Request::builder().method(verb).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Incoming::read(request.body(Bytes::from(body)).unwrap()).unwrap()
    }

    #[test]
    fn a_query_is_decoded() {
        let incoming = read("GET", "/a%2Fb?q=a+b%2Bc&x=&y&q=%C3%A9", &[], "");
        assert_eq!(incoming.path, "/a%2Fb");
        let expected = [("q", "a b+c"), ("x", ""), ("y", ""), ("q", "é")];
        let expected: Vec<_> = expected.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        assert_eq!(incoming.query, expected);
        assert_eq!(incoming.query("q"), Some("é"));
    }

    #[test]
    fn a_form_is_read_as_a_query() {
        let headers = [
            ("X-HTTP-Method-Override", "get"),
            ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
        ];
        let incoming = read("POST", "/a?alt=json", &headers, "filter=x%3D1&b=2");
        assert_eq!(incoming.verb, Method::GET);
        assert_eq!(incoming.query("filter"), Some("x=1"));
        assert_eq!(incoming.query("alt"), Some("json"));
        assert!(incoming.body.is_empty());
    }

    #[test]
    fn encoded_slashes_are_kept_in_reserved_expansion() {
        assert_eq!(decode_but_slash("a%20b/c%2Fd%2fe").unwrap(), "a b/c%2Fd%2fe");
        assert_eq!(decode("a%2Fb").unwrap(), "a/b");
        assert_eq!(decode("%ff").unwrap_err().code(), Code::InvalidArgument);
    }
}
