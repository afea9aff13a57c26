//! Multipart bodies (RFC 2046): `multipart/related` of uploads, `multipart/mixed` of batches.

use bytes::Bytes;

/// A part of a multipart body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// Content of the part.
    pub body: Bytes,
}

impl Part {
    /// Returns the first header with this lower-case name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Splits a body into parts by the boundary in its content type.
///
/// Returns `None` if the type is not `multipart` or has no boundary, or if the body has no closing
/// delimiter.
#[must_use]
pub fn split_multipart(content_type: &str, body: &Bytes) -> Option<Vec<Part>> {
    let delimiter = format!("--{}", boundary(content_type)?);
    let mut parts = Vec::new();
    let (mut at, mut start) = (0, None);
    while at < body.len() {
        let (line, next) = line(body, at);
        let tail = line.strip_prefix(delimiter.as_bytes()).map(<[u8]>::trim_ascii_end);
        if let Some(tail @ (b"" | b"--")) = tail {
            if let Some(start) = start {
                parts.push(part(&body.slice(start..line_end_before(body, at, start))));
            }
            if tail == b"--" {
                return start.map(|_| parts);
            }
            start = Some(next);
        }
        at = next;
    }
    None
}

/// Parses the header lines of a block and returns them with the offset after the empty line that
/// ends them.
///
/// Lines without a colon are skipped.
#[must_use]
pub fn split_head(text: &[u8]) -> (Vec<(String, String)>, usize) {
    let mut headers = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let (bytes, next) = line(text, at);
        at = next;
        if bytes.trim_ascii().is_empty() {
            break;
        }
        if let Some((name, value)) = String::from_utf8_lossy(bytes).split_once(':') {
            headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    (headers, at)
}

fn boundary(content_type: &str) -> Option<&str> {
    let (kind, params) = content_type.split_once(';')?;
    let multipart = kind.trim().get(..10).filter(|kind| kind.eq_ignore_ascii_case("multipart/"));
    let mut params = params.split(';').filter_map(|param| param.split_once('='));
    let (_, value) = params.find(|(name, _)| name.trim().eq_ignore_ascii_case("boundary"))?;
    // Single quotes are no quotes in RFC 2045, but Google's older Python client sends them, and
    // Google's servers take them. A boundary never begins with one otherwise.
    let value = value.trim().trim_matches(['"', '\'']);
    multipart.map(|_| value).filter(|value| !value.is_empty())
}

/// Returns the line at an offset without its line end, and the offset after it.
fn line(bytes: &[u8], at: usize) -> (&[u8], usize) {
    let rest = &bytes[at..];
    match rest.iter().position(|&byte| byte == b'\n') {
        Some(end) => (rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]), at + end + 1),
        None => (rest, bytes.len()),
    }
}

/// Excludes the line end before a delimiter, which belongs to the delimiter.
fn line_end_before(body: &[u8], at: usize, start: usize) -> usize {
    let part = &body[start..at.max(start)];
    let part = part.strip_suffix(b"\n").unwrap_or(part);
    start + part.strip_suffix(b"\r").unwrap_or(part).len()
}

fn part(block: &Bytes) -> Part {
    let (headers, at) = split_head(block);
    Part { headers, body: block.slice(at..) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parts_are_found() {
        let body = "preamble\r\n--b\r\nContent-ID: <1>\r\nX: y\r\n\r\none\r\n--bb\r\n--b\r\n\r\n\r\n--b\n\ntwo\n--b--\r\n";
        let body = Bytes::from(body);
        let found = split_multipart("multipart/mixed; boundary=\"b\"", &body).unwrap();
        assert_eq!(found[0].header("content-id"), Some("<1>"));
        let bodies: Vec<_> = found.iter().map(|part| &part.body[..]).collect();
        assert_eq!(bodies, [&b"one\r\n--bb"[..], b"", b"two"]);
        assert!(split_multipart("multipart/related; boundary='b'", &body).is_some());
        for other in ["multipart/mixed", "multipart/mixed; boundary=c", "text/plain; boundary=b"] {
            assert_eq!(split_multipart(other, &body), None, "{other}");
        }
        let cut = Bytes::from("--b\r\n\r\none\r\n--b\r\n\r\ntw");
        assert_eq!(split_multipart("multipart/mixed; boundary=b", &cut), None);
    }

    proptest! {
        #[test]
        fn bodies_round_trip(bodies in prop::collection::vec("[^z]{0,40}", 0..5)) {
            let mut text = String::new();
            for body in &bodies {
                text.push_str(&format!("--zzz\r\nA: b\r\n\r\n{body}\r\n"));
            }
            let empty = bodies.is_empty();
            text.push_str("--zzz--");
            let found = split_multipart("multipart/related; boundary=zzz", &Bytes::from(text));
            prop_assert_eq!(found.is_none(), empty);
            let found: Vec<_> = found.unwrap_or_default().into_iter().map(|p| p.body).collect();
            prop_assert_eq!(found, bodies);
        }

        #[test]
        fn arbitrary_bodies_do_not_panic(body in prop::collection::vec(prop::sample::select(b"-b\r\n:x".to_vec()), 0..60)) {
            let _ = split_multipart("multipart/mixed; boundary=b", &Bytes::from(body));
        }
    }
}
