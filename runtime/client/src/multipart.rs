//! Multipart bodies (RFC 2046): `multipart/related` for uploads, `multipart/mixed` for batches.

use std::fmt;

use bytes::Bytes;

use crate::random;

/// The boundary between the parts of a body.
///
/// It has 128 random bits, where the target has a source of them, so content does not contain it by
/// accident or by design.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Boundary(String);

impl Boundary {
    /// Creates a random boundary.
    pub(crate) fn random() -> Self {
        let [high, low] = random::words().unwrap_or_else(|| [random::next(), random::next()]);
        Self(format!("part-{high:016x}{low:016x}"))
    }

    /// Returns the boundary of a multipart `Content-Type`.
    pub(crate) fn from_content_type(content_type: &str) -> Option<Self> {
        let (essence, params) = content_type.split_once(';')?;
        let kind = essence.trim().get(..10)?;
        if !kind.eq_ignore_ascii_case("multipart/") {
            return None;
        }
        params.split(';').find_map(|param| {
            let (name, value) = param.split_once('=')?;
            let value = value.trim().trim_matches('"');
            let named = name.trim().eq_ignore_ascii_case("boundary");
            (named && !value.is_empty() && value.len() <= 200).then(|| Self(value.to_owned()))
        })
    }

    /// Returns the `Content-Type` for the subtype `related` or `mixed`.
    pub(crate) fn content_type(&self, subtype: &str) -> String {
        format!("multipart/{subtype}; boundary={}", self.0)
    }

    /// Returns the text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the text before a part: the delimiter line and the headers.
    pub(crate) fn open(&self, headers: &[(&str, &str)]) -> String {
        let mut text = format!("--{}\r\n", self.0);
        for (name, value) in headers {
            text.push_str(name);
            text.push_str(": ");
            text.push_str(value);
            text.push_str("\r\n");
        }
        text.push_str("\r\n");
        text
    }

    /// Returns the closing delimiter, which follows the line end of the last part.
    pub(crate) fn close(&self) -> String {
        format!("--{}--\r\n", self.0)
    }
}

impl fmt::Debug for Boundary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Framing of the content in a `multipart/related` upload, with the metadata first, as Google's
/// servers require.
pub(crate) struct Related {
    pub(crate) content_type: String,
    pub(crate) before: Bytes,
    pub(crate) after: Bytes,
}

impl Related {
    /// Creates the framing for content of a type and its metadata.
    pub(crate) fn new(boundary: &Boundary, metadata: &[u8], content_type: &str) -> Self {
        let json = [("Content-Type", "application/json; charset=UTF-8")];
        let mut before = boundary.open(&json).into_bytes();
        before.extend_from_slice(metadata);
        before.extend_from_slice(b"\r\n");
        let media = [("Content-Type", content_type), ("Content-Transfer-Encoding", "binary")];
        before.extend_from_slice(boundary.open(&media).as_bytes());
        Self {
            content_type: boundary.content_type("related"),
            before: before.into(),
            after: format!("\r\n{}", boundary.close()).into(),
        }
    }
}

/// One part of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// Headers with lowercase names.
    pub(crate) headers: Vec<(String, String)>,
    /// Body after the headers.
    pub(crate) body: Bytes,
}

impl Part {
    /// Returns the first header of a lowercase name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Parses headers up to an empty line, and takes the rest as the body.
    ///
    /// A block without an empty line has headers only.
    pub(crate) fn read(block: &Bytes) -> Self {
        let mut headers: Vec<(String, String)> = Vec::new();
        let mut at = 0;
        while at < block.len() {
            let (line, next) = line(block, at);
            at = next;
            if line.is_empty() {
                break;
            }
            let text = String::from_utf8_lossy(line);
            match (text.starts_with([' ', '\t']), headers.last_mut()) {
                // Folded lines continue the previous header.
                (true, Some((_, value))) => {
                    value.push(' ');
                    value.push_str(text.trim());
                }
                _ => {
                    let (name, value) = text.split_once(':').unwrap_or((&text, ""));
                    headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
                }
            }
        }
        Self { headers, body: block.slice(at..) }
    }
}

/// Returns the line at an offset without its line end, and the offset after it.
pub(crate) fn line(bytes: &[u8], at: usize) -> (&[u8], usize) {
    let rest = &bytes[at..];
    match rest.iter().position(|&b| b == b'\n') {
        Some(end) => (rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]), at + end + 1),
        None => (rest, bytes.len()),
    }
}

/// A parsed multipart body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Multipart {
    /// The parts, in order.
    pub(crate) parts: Vec<Part>,
    /// Whether the closing delimiter was present. Otherwise the last part may be incomplete and is
    /// omitted.
    pub(crate) complete: bool,
}

impl Multipart {
    /// Parses a body. Bytes before the first delimiter and after the last are ignored.
    pub(crate) fn parse(body: &Bytes, boundary: &Boundary) -> Self {
        let delimiter = format!("--{}", boundary.as_str());
        let mut this = Self { parts: Vec::new(), complete: false };
        let (mut at, mut start) = (0, None);
        while at < body.len() {
            let (text, next) = line(body, at);
            let tail = text.strip_prefix(delimiter.as_bytes()).map(<[u8]>::trim_ascii_end);
            if let Some(tail @ (b"" | b"--")) = tail {
                if let Some(start) = start {
                    this.parts
                        .push(Part::read(&body.slice(start..line_end_before(body, at, start))));
                }
                start = Some(next);
                if tail == b"--" {
                    this.complete = true;
                    break;
                }
            }
            at = next;
        }
        this
    }
}

/// Returns the end of a part; the line end before a delimiter belongs to the delimiter.
fn line_end_before(body: &[u8], at: usize, start: usize) -> usize {
    let part = &body[start..at.max(start)];
    let part = part.strip_suffix(b"\n").unwrap_or(part);
    start + part.strip_suffix(b"\r").unwrap_or(part).len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn boundary(text: &str) -> Boundary {
        Boundary(text.to_owned())
    }

    fn parse(body: &str, by: &str) -> Multipart {
        Multipart::parse(&Bytes::copy_from_slice(body.as_bytes()), &boundary(by))
    }

    #[test]
    fn boundaries_are_random_and_legal() {
        let (a, b) = (Boundary::random(), Boundary::random());
        assert_ne!(a, b);
        assert!(a.as_str().len() <= 70);
        assert!(a.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    }

    #[test]
    fn boundary_is_found_in_the_header() {
        let of = |text| Boundary::from_content_type(text).map(|b| b.0);
        assert_eq!(of("multipart/mixed; boundary=batch_x"), Some("batch_x".into()));
        assert_eq!(of("Multipart/Mixed;charset=utf-8; Boundary=\"a b\""), Some("a b".into()));
        for text in [
            "multipart/mixed",
            "text/plain; boundary=x",
            "multipart/mixed; boundary=",
            "",
            "ü; boundary=x",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn related_is_metadata_then_content() {
        let related = Related::new(&boundary("B"), b"{\"name\":\"x\"}", "image/png");
        let body = [&related.before[..], b"\x89PNG", &related.after].concat();
        let want = b"--B\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{\"name\":\"x\"}\r\n\
            --B\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: binary\r\n\r\n\x89PNG\r\n--B--\r\n";
        assert_eq!(body, want);
        assert_eq!(related.content_type, "multipart/related; boundary=B");
    }

    #[test]
    fn parts_are_parsed() {
        let multipart = parse(
            "preamble\r\n--B\r\nContent-Type: application/http\r\nX-Long: a\r\n  b\r\n\r\none\r\n\r\n--B  \r\n\r\n\r\n--B\n\nlf\n--B--\r\nepilogue",
            "B",
        );
        assert!(multipart.complete);
        let bodies: Vec<_> = multipart.parts.iter().map(|p| &p.body[..]).collect();
        assert_eq!(bodies, [&b"one\r\n"[..], b"", b"lf"]);
        assert_eq!(multipart.parts[0].header("content-type"), Some("application/http"));
        assert_eq!(multipart.parts[0].header("x-long"), Some("a b"));
    }

    #[test]
    fn a_longer_delimiter_is_content() {
        let multipart = parse("--B\r\n\r\n--Bx\r\n --B\r\n--B--", "B");
        assert_eq!(&multipart.parts[0].body[..], b"--Bx\r\n --B");
    }

    #[test]
    fn truncated_bodies_are_reported() {
        let multipart = parse("--B\r\n\r\none\r\n--B\r\n\r\ntw", "B");
        assert!(!multipart.complete);
        assert_eq!(multipart.parts.len(), 1);
        assert_eq!(parse("", "B"), Multipart { parts: vec![], complete: false });
    }

    proptest! {
        #[test]
        fn content_survives(parts in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..60), 1..5)) {
            let by = Boundary::random();
            let mut body = Vec::new();
            for part in &parts {
                body.extend_from_slice(by.open(&[("X", "y")]).as_bytes());
                body.extend_from_slice(part);
                body.extend_from_slice(b"\r\n");
            }
            body.extend_from_slice(by.close().as_bytes());
            let read = Multipart::parse(&body.into(), &by);
            prop_assert!(read.complete);
            let bodies: Vec<_> = read.parts.iter().map(|p| p.body.to_vec()).collect();
            prop_assert_eq!(bodies, parts);
        }

        #[test]
        fn nothing_panics(body in "[-B\r\n:a ]{0,60}") {
            let _ = parse(&body, "B");
        }
    }
}
