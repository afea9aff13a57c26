//! Bodies of several parts: `multipart/mixed` of a batch, `multipart/related` of an upload.

use bytes::Bytes;

/// A part with its headers, their names in lower case.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

impl Part {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The parts of a body, by the boundary that its content type gives. `None` if it is not of that
/// form (RFC 2046).
pub(crate) fn parts(content_type: &str, body: &Bytes) -> Option<Vec<Part>> {
    let delimiter = format!("--{}", boundary(content_type)?);
    let delimiter = delimiter.as_bytes();
    let mut parts = Vec::new();
    let mut at = next(body, delimiter, 0)?.1;
    loop {
        if body.get(at..at + 2)? == b"--" {
            return Some(parts);
        }
        let start = at + body.get(at..)?.iter().position(|byte| *byte == b'\n')? + 1;
        let (end, after) = next(body, delimiter, start)?;
        parts.push(part(body, start, end));
        at = after;
    }
}

fn boundary(content_type: &str) -> Option<&str> {
    let mut params = content_type.split(';').skip(1).filter_map(|param| param.split_once('='));
    let found = params.find(|(name, _)| name.trim().eq_ignore_ascii_case("boundary"));
    found.map(|(_, value)| value.trim().trim_matches('"')).filter(|value| !value.is_empty())
}

/// The next delimiter at the beginning of a line: where the text before it ends, and what follows.
fn next(body: &[u8], delimiter: &[u8], from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    loop {
        let found = body.get(at..)?.windows(delimiter.len()).position(|w| w == delimiter)? + at;
        let line_end = match body.get(..found)? {
            [.., b'\r', b'\n'] => Some(found - 2),
            [.., b'\n'] => Some(found - 1),
            [] => Some(0),
            _ => None,
        };
        match line_end {
            // Two delimiters may share a line break: an empty part.
            Some(end) => return Some((end.max(from), found + delimiter.len())),
            None => at = found + 1,
        }
    }
}

fn part(body: &Bytes, start: usize, end: usize) -> Part {
    let (headers, rest) = split_head(body.get(start..end).unwrap_or_default());
    let body = body.slice(start + rest..end);
    Part { headers, body }
}

/// Header lines up to an empty one, and where what follows begins.
pub(crate) fn split_head(text: &[u8]) -> (Vec<(String, String)>, usize) {
    let mut headers = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let length = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |n| n + 1);
        at += length;
        let line = String::from_utf8_lossy(rest.get(..length).unwrap_or_default());
        match line.trim().split_once(':') {
            Some((name, value)) => {
                headers.push((name.trim().to_lowercase(), value.trim().to_owned()));
            }
            None if line.trim().is_empty() => break,
            None => {}
        }
    }
    (headers, at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parts_are_found() {
        let body = "preamble\r\n--b\r\nContent-ID: <1>\r\nX: y\r\n\r\none\r\n--bb\r\n--b\r\n\r\n\r\n--b\n\ntwo\n--b--\r\n";
        let found = parts("multipart/mixed; boundary=\"b\"", &Bytes::from(body));
        // `--bb` begins with the delimiter too, as RFC 2046 forbids; a delimiter it is.
        let found = found.unwrap();
        assert_eq!(found[0].header("content-id"), Some("<1>"));
        assert_eq!(found[0].body, "one");
        assert_eq!(found.last().unwrap().body, "two");
        assert_eq!(parts("multipart/mixed", &Bytes::from(body)), None);
        assert_eq!(parts("multipart/mixed; boundary=c", &Bytes::from(body)), None);
    }

    proptest! {
        #[test]
        fn any_body_comes_back(bodies in prop::collection::vec("[^z]{0,40}", 0..5)) {
            let mut text = String::new();
            for body in &bodies {
                text.push_str(&format!("--zzz\r\nA: b\r\n\r\n{body}\r\n"));
            }
            text.push_str("--zzz--");
            let found = parts("multipart/related; boundary=zzz", &Bytes::from(text)).unwrap();
            let found: Vec<&[u8]> = found.iter().map(|part| part.body.as_ref()).collect();
            let bodies: Vec<&[u8]> = bodies.iter().map(|body| body.as_bytes()).collect();
            prop_assert_eq!(found, bodies);
        }

        #[test]
        fn no_body_makes_it_panic(body in prop::collection::vec(prop::sample::select(b"-b\r\n:x".to_vec()), 0..60)) {
            parts("multipart/mixed; boundary=b", &Bytes::from(body));
        }
    }
}
