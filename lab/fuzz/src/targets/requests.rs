//! What clients send: paths and multipart bodies, read again by code that is independent.

use discovery_runtime::media::{Protocol, Source};
use discovery_runtime::path::expand;
use discovery_runtime::spec::Segment;
use discovery_runtime::testing::{MockTransport, Reply};
use discovery_testing::split_multipart;
use google_kitchen_sink_v1::Client;
use google_kitchen_sink_v1::models::MediaFile;
use percent_encoding::percent_decode_str;

use super::agree::ensure;
use super::script::block_on;
use crate::engine::{Bounds, Target};

/// A value of a path.
pub(super) const PATH: Target =
    Target::new("path", "a value stays within its part of the path, and decodes as itself", path)
        .words(&[
            "%2e%2e",
            "%252e",
            "..",
            "../",
            "/./",
            "\\..",
            "%2F",
            "%5c",
            ":",
            "?",
            "#",
            "projects/",
            "%",
            ";",
        ])
        .bounds(Bounds { input: 512, fixed: 64 << 10, per_byte: 2048 });

/// Metadata, a line break, and content.
pub(super) const MULTIPART: Target =
    Target::new("multipart", "a multipart upload is read as what was sent", multipart).words(&[
        "--part-",
        "\r\n--",
        "--\r\n",
        "\r\n\r\n",
        "Content-Type: x",
        "boundary=",
        "\n--b--",
    ]);

fn path(input: &[u8]) -> Result<bool, String> {
    let Ok(value) = std::str::from_utf8(input) else { return Ok(false) };
    let mut accepted = false;
    let kinds = [Segment::Simple("v"), Segment::Reserved("v"), Segment::Segments("v")];
    for segment in kinds {
        let template = [
            Segment::Literal("v1/before"),
            Segment::Literal("/"),
            segment,
            Segment::Literal("/after:verb"),
        ];
        let Ok(path) = expand(&template, |_| Some(value)) else { continue };
        accepted = true;
        let is_plain =
            |c: char| c.is_ascii_graphic() && !matches!(c, '?' | '#' | '\\' | '"' | '<' | '>');
        ensure(path.chars().all(is_plain), "characters", || path.clone())?;
        let inner =
            path.strip_prefix("v1/before/").and_then(|rest| rest.strip_suffix("/after:verb"));
        let inner = inner.ok_or_else(|| format!("template: {path}"))?.trim_start_matches('/');
        let dots =
            |part: &str| matches!(&*percent_decode_str(part).decode_utf8_lossy(), "." | "..");
        ensure(!inner.split('/').any(dots), "dots", || path.clone())?;
        let is_simple = matches!(segment, Segment::Simple(_));
        ensure(!is_simple || !inner.contains('/'), "slash", || path.clone())?;
        let decoded =
            percent_decode_str(inner).decode_utf8().map_err(|e| format!("decode: {e}"))?;
        ensure(decoded.trim_start_matches('/') == value.trim_start_matches('/'), "value", || {
            format!("{value:?} is sent as {path}")
        })?;
    }
    Ok(accepted)
}

fn multipart(input: &[u8]) -> Result<bool, String> {
    let (metadata, content) = match input.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&input[..at], &input[at + 1..]),
        None => (input, &[][..]),
    };
    let Ok(file) = discovery_json::from_slice::<MediaFile>(metadata) else { return Ok(false) };
    let mock = MockTransport::new();
    mock.expect_any().reply(Reply::json("{}"));
    let client = Client::builder().with_transport(mock.clone()).with_anonymous().build();
    let client = client.map_err(|error| format!("client: {error}"))?;
    let upload = client
        .media()
        .insert(&file)
        .upload(Source::from(content.to_vec()).with_content_type("image/png"));
    let sent = block_on(upload.with_protocol(Protocol::Multipart).send())?;
    if sent.is_err() {
        return Ok(false);
    }
    let requests = mock.requests();
    let request = requests.first().ok_or("requests: none")?;
    let kind = request.header("content-type").ok_or("content-type: missing")?;
    let body = request.body.clone();
    let parts = split_multipart(kind, &body).ok_or_else(|| format!("parts: {body:?}"))?;
    ensure(parts.len() == 2, "parts", || format!("{parts:?}"))?;
    ensure(parts[1].body == content, "content", || format!("{:?} of {content:?}", parts[1].body))?;
    let json: MediaFile =
        discovery_json::from_slice(&parts[0].body).map_err(|e| format!("metadata: {e}"))?;
    ensure(json == file, "metadata", || format!("{json:?} is not {file:?}"))?;
    Ok(true)
}
