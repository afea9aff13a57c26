//! Downloads and uploads.

use discovery_runtime::media::{Download, Protocol, Source, UploadSession};
use google_kitchen_sink_v1::Client;
use google_kitchen_sink_v1::models::MediaFile;

use super::agree::ensure;
use super::script::{Script, answers};
use crate::engine::{Bounds, Target};

const BOUNDS: Bounds = Bounds { input: 4096, fixed: 4 << 20, per_byte: 8192 };

const WORDS: &[&str] = &[
    "\n=====\n",
    "\n\n",
    "200\n",
    "206\n",
    "308\n",
    "416\n",
    "503\n",
    "break\n",
    "content-range: bytes 0-9/10",
    "content-range: bytes */10",
    "content-length: 10",
    "etag: \"a\"",
    "etag: W/\"a\"",
    "range: bytes=0-9",
    "last-modified: Fri, 31 Dec 1999 23:59:59 GMT",
    "x-goog-hash: crc32c=AAAAAA==",
    "x-goog-generation: 1",
    "content-encoding: gzip",
    "location: https://example.com/upload?id=1",
    "x-goog-upload-status: final",
    "content-type: multipart/byteranges; boundary=b",
    "bytes=",
    "bytes ",
    "/*",
    "0-",
    "-1",
];

/// Answers to a download.
pub(super) const DOWNLOAD: Target = Target::new(
    "download",
    "a download ends, and returns bytes of the bodies, no more than requested",
    download,
)
.words(WORDS)
.bounds(BOUNDS);

/// Answers to a resumable upload.
pub(super) const UPLOAD: Target =
    Target::new("upload", "an upload ends, whatever the server says to hold", upload)
        .words(WORDS)
        .bounds(Bounds { fixed: 32 << 20, ..BOUNDS });

/// A stored upload session.
pub(super) const SESSION: Target =
    Target::new("upload-session", "a stored session that is read is stored as the same", session)
        .words(&["\"uri\":", "\"total\":", "\"confirmed\":", "https://", "\"target\":"]);

/// Most bytes of a download here.
const LIMIT: u64 = 1 << 20;

fn download(input: &[u8]) -> Result<bool, String> {
    let all: usize = answers(input).iter().map(|answer| answer.body().len()).sum();
    let gzip = input.windows(4).any(|part| part.eq_ignore_ascii_case(b"gzip"));
    let mut accepted = false;
    for kind in [Kind::Whole, Kind::Part, Kind::Last, Kind::Stored] {
        let script = Script::new(input, 3);
        let client = script.client()?;
        let Some(bytes) = script.run(kind.of(&client).to_bytes(LIMIT))? else { continue };
        accepted = true;
        let length = bytes.len();
        ensure(gzip || length <= all, "length", || format!("{kind:?}: {length} bytes of {all}"))?;
        let most = if let Kind::Part | Kind::Last = kind { 4 } else { usize::MAX };
        ensure(length <= most, "range", || format!("{kind:?}: {length} bytes, at most {most}"))?;
    }
    Ok(accepted)
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Whole,
    Part,
    Last,
    Stored,
}

impl Kind {
    fn of(self, client: &Client) -> Download {
        let download = client.media().get("1").download();
        match self {
            Self::Whole => download,
            Self::Part => download.with_range(2..6),
            Self::Last => download.with_last(4),
            Self::Stored => download.with_stored_bytes(),
        }
    }
}

fn upload(input: &[u8]) -> Result<bool, String> {
    const SIZE: usize = 600_000;
    let script = Script::new(input, usize::MAX);
    let client = script.client()?;
    let upload = client
        .media()
        .insert(&MediaFile::new())
        .upload(Source::from(vec![b'x'; SIZE]).with_content_type("image/png"));
    let upload = upload.with_protocol(Protocol::Resumable).with_chunk_size(256 << 10);
    let done = script.run(upload.send())?;
    let (requests, known) = (script.requests(), answers(input).len());
    ensure(requests <= 4 * known + 40, "requests", || format!("{requests} for {known} answers"))?;
    Ok(done.is_some())
}

fn session(input: &[u8]) -> Result<bool, String> {
    let Ok(text) = std::str::from_utf8(input) else { return Ok(false) };
    let session = match UploadSession::from_json(text) {
        Ok(session) => session,
        Err(error) => {
            let text = error.to_string();
            ensure(text.len() < 400, "long error", || text)?;
            return Ok(false);
        }
    };
    let again = UploadSession::from_json(&session.to_json());
    let again = again.map_err(|error| format!("again: {error}"))?;
    ensure(again.to_json() == session.to_json(), "again", || again.to_json())?;
    let shown = format!("{session:?}");
    // Scheme and host are shown; the session is known by what follows them.
    let secret = match session.uri().split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => session.uri(),
    };
    ensure(secret.len() < 30 || !shown.contains(secret), "secret", || shown.clone())?;
    Ok(true)
}
