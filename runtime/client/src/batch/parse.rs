//! Parser of batch responses.

use bytes::Bytes;
use http::StatusCode;
use http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::multipart::{Boundary, Multipart, Part, line};

/// The response to one call.
pub(super) struct PartResponse {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// The responses to a batch.
pub(super) struct Parts {
    /// Responses, indexed by their calls.
    pub(super) slots: Vec<Option<PartResponse>>,
    /// Whether the body was complete. Parts missing in a complete body are final.
    pub(super) complete: bool,
}

/// Parses the response to `count` calls; `None` if it is not multipart.
///
/// Responses are matched by `Content-ID`. If the server omits it, their order counts, provided that
/// all are present.
pub(super) fn parse_response(content_type: &str, body: &Bytes, count: usize) -> Option<Parts> {
    let multipart = Multipart::parse(body, &Boundary::from_content_type(content_type)?);
    let mut slots: Vec<Option<PartResponse>> = (0..count).map(|_| None).collect();
    let in_order = multipart.parts.len() == count
        && multipart.parts.iter().all(|part| part.header("content-id").is_none());
    for (position, part) in multipart.parts.iter().enumerate() {
        let index = if in_order { Some(position) } else { part_index(part) };
        if let Some(slot) = index.and_then(|index| slots.get_mut(index)) {
            *slot = parse_part(&part.body);
        }
    }
    Some(Parts { slots, complete: multipart.complete })
}

/// Returns the content ID of a call.
pub(super) fn content_id(index: usize) -> String {
    format!("<part-{index}>")
}

/// `<response-part-7>`, `response-<part-7>`, and `<response-<part-7>>` are 7: servers put the
/// prefix before or after the bracket.
fn part_index(part: &Part) -> Option<usize> {
    let id: String = part.header("content-id")?.chars().filter(|c| !"<>\" ".contains(*c)).collect();
    let id = id.strip_prefix("response-").unwrap_or(&id);
    id.strip_prefix("part-")?.parse().ok()
}

/// Parses a response in `application/http`: status line, headers, body.
fn parse_part(block: &Bytes) -> Option<PartResponse> {
    let (status, next) = line(block, 0);
    let mut words = std::str::from_utf8(status).ok()?.split_ascii_whitespace();
    words.next().filter(|version| version.starts_with("HTTP/"))?;
    let status = StatusCode::from_bytes(words.next()?.as_bytes()).ok()?;
    let rest = Part::read(&block.slice(next..));
    let mut headers = HeaderMap::new();
    for (name, value) in &rest.headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
            // A map holds 32,768 headers at most.
            headers.try_append(name, value).ok()?;
        }
    }
    Some(PartResponse { status, headers, body: rest.body })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(parts: &[&str]) -> Bytes {
        let parts: Vec<String> = parts.iter().map(|part| format!("--B\r\n{part}\r\n")).collect();
        format!("{}--B--", parts.concat()).into()
    }

    fn statuses(body: &Bytes, count: usize) -> Vec<Option<u16>> {
        let slots = parse_response("multipart/mixed; boundary=B", body, count).unwrap().slots;
        slots.iter().map(|slot| slot.as_ref().map(|single| single.status.as_u16())).collect()
    }

    #[test]
    fn responses_are_matched() {
        let one = "Content-Type: application/http\r\nContent-ID: <response-part-1>\r\n\r\n\
                   HTTP/1.1 404 Not Found\r\nX-A: b\r\n\r\n{}";
        let zero = "Content-ID: <response-part-0>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}\r\n";
        assert_eq!(statuses(&answer(&[one, zero]), 2), [Some(200), Some(404)]);
        assert_eq!(statuses(&answer(&[one]), 2), [None, Some(404)]);
        assert_eq!(statuses(&answer(&[one, zero]), 1), [Some(200)]);
        let slots =
            parse_response("multipart/mixed; boundary=B", &answer(&[one]), 2).unwrap().slots;
        let single = slots.into_iter().flatten().next().unwrap();
        assert_eq!((single.headers["x-a"].to_str().unwrap(), &single.body[..]), ("b", &b"{}"[..]));
    }

    #[test]
    fn forms_of_ids() {
        for (id, found) in [
            ("<response-part-0>", true),
            ("response-<part-0>", true),
            ("<response-<part-0>>", true),
            ("response-part-0", true),
            ("<part-0>", true),
            ("<response-part-x>", false),
            ("<response-0>", false),
            ("", false),
        ] {
            let part = format!("Content-ID: {id}\r\n\r\nHTTP/1.1 200 OK\r\n\r\n");
            assert_eq!(statuses(&answer(&[&part]), 1), [found.then_some(200)], "{id}");
        }
    }

    #[test]
    fn order_is_a_last_resort() {
        let bare = "\r\nHTTP/1.1 204 No Content\r\n\r\n";
        assert_eq!(statuses(&answer(&[bare, bare]), 2), [Some(204), Some(204)]);
        assert_eq!(statuses(&answer(&[bare]), 2), [None, None]);
    }

    #[test]
    fn more_headers_than_a_map_holds_are_malformed() {
        let headers: String = (0..40_000).map(|at| format!("x-{at}: v\r\n")).collect();
        let part = format!("\r\nHTTP/1.1 200 OK\r\n{headers}\r\n{{}}");
        assert_eq!(statuses(&answer(&[&part]), 1), [None]);
    }

    #[test]
    fn malformed_parts_are_not_matched() {
        for odd in ["", "\r\n", "\r\nHTTP/1.1", "\r\nHTTP/1.1 abc\r\n", "\r\nFTP 200 OK\r\n\r\n"] {
            assert_eq!(statuses(&answer(&[odd]), 1), [None], "{odd:?}");
        }
        assert!(parse_response("text/html", &Bytes::new(), 1).is_none());
    }
}
