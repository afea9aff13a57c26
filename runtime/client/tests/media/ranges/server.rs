//! A server with scripted responses to ranges.
//!
//! Unlike those of the fault server, its bodies may be chunked and end within a chunk.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A response. Its statements about its bytes are correct; everything else may be wrong.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Whether it is from the second of two contents.
    pub(super) other: bool,
    /// Offset of the body's start from the correct one.
    pub(super) shift: i8,
    /// Number of missing bytes at the end of the range.
    pub(super) short: u8,
    pub(super) range: Range,
    /// Whether there is a `Content-Length`; otherwise, the body is chunked.
    pub(super) sized: bool,
    /// Number of bytes after the declared end.
    pub(super) excess: u8,
    /// Where the connection is closed.
    pub(super) cut: Option<u8>,
    pub(super) content_type: &'static str,
    pub(super) encoding: Option<&'static str>,
    pub(super) validators: u8,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Range {
    Right,
    NoTotal,
    Missing,
    Malformed,
    Unsatisfied,
}

#[derive(Debug)]
pub(super) struct Script {
    pub(super) contents: [Vec<u8>; 2],
    pub(super) answers: Vec<Answer>,
    pub(super) count: AtomicUsize,
}

pub(super) async fn serve(script: Arc<Script>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, Arc::clone(&script)));
        }
    });
    url
}

async fn answer(mut stream: TcpStream, script: Arc<Script>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        head.push(byte);
    }
    let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
    let line = |name: &str| {
        let found = head.lines().find_map(|line| line.strip_prefix(name));
        found.map(|value| value.trim().to_owned())
    };
    let range = line("range:").map(|range| range.trim_start_matches("bytes=").to_owned());
    let at = script.count.fetch_add(1, Ordering::Relaxed);
    // After the script, responses are correct.
    let told = script.answers.get(at).unwrap_or(&RANGE);
    let _ = stream.write_all(&told.text(&script.contents, range.as_deref())).await;
    let _ = stream.shutdown().await;
}

/// The whole content, with a strong ETag.
pub(super) const HONEST: Answer = Answer {
    status: 200,
    other: false,
    shift: 0,
    short: 0,
    range: Range::Missing,
    sized: true,
    excess: 0,
    cut: None,
    content_type: "text/plain",
    encoding: None,
    validators: 1,
};

/// The requested range.
pub(super) const RANGE: Answer = Answer { status: 206, range: Range::Right, ..HONEST };

impl Answer {
    fn text(&self, contents: &[Vec<u8>; 2], range: Option<&str>) -> Vec<u8> {
        let content = &contents[usize::from(self.other)];
        let len = content.len();
        let (first, end) = span(range, len);
        let first = first.saturating_add_signed(isize::from(self.shift)).min(len);
        let end = end.saturating_sub(usize::from(self.short)).clamp(first, len);
        let mut status = self.status;
        // Without a range header, a body with status 200 is the content by definition.
        let whole = status == 200 && matches!(self.range, Range::Missing) || range.is_none();
        let (first, end) = if whole { (0, len) } else { (first, end) };
        if !whole && first == end {
            status = 416;
        }
        let named = match self.range {
            _ if status == 416 => Some(format!("bytes */{len}")),
            _ if whole => None,
            Range::Right => Some(format!("bytes {first}-{}/{len}", end - 1)),
            Range::NoTotal => Some(format!("bytes {first}-{}/*", end - 1)),
            Range::Missing => None,
            Range::Malformed => Some(format!("bytes {first}-/{len}")),
            Range::Unsatisfied => Some(format!("bytes */{len}")),
        };
        let status = if whole { 200 } else { status };
        let excess = if self.sized { 0 } else { usize::from(self.excess) };
        let body = &content[first..(end + excess).min(len)];
        let mut head = format!("HTTP/1.1 {status} X\r\ncontent-type: {}\r\n", self.content_type);
        if let Some(named) = named {
            head += &format!("content-range: {named}\r\n");
        }
        if let Some(encoding) = self.encoding.filter(|_| !whole) {
            head += &format!("content-encoding: {encoding}\r\n");
        }
        head += &self.validators(content);
        head += "connection: close\r\n";
        let kept = self.cut.map_or(body.len(), |cut| body.len().min(usize::from(cut)));
        let broken = kept < body.len();
        let mut out = head.into_bytes();
        if self.sized {
            out.extend(format!("content-length: {}\r\n\r\n", body.len()).bytes());
            out.extend(&body[..kept]);
            return out;
        }
        out.extend(b"transfer-encoding: chunked\r\n\r\n");
        if kept > 0 {
            out.extend(format!("{kept:x}\r\n").bytes());
            out.extend(&body[..kept]);
            out.extend(b"\r\n");
        }
        if !broken {
            out.extend(b"0\r\n\r\n");
        }
        out
    }

    /// Strong validators distinguish the contents; weak ones do not.
    fn validators(&self, content: &[u8]) -> String {
        let which = u32::from(self.other);
        [
            format!("etag: \"{which}\"\r\n"),
            format!("x-goog-generation: {which}\r\n"),
            format!("x-goog-hash: crc32c={}\r\n", crc32c(content)),
            format!(
                "last-modified: Mon, 01 Jan 2024 00:0{which}:00 GMT\r\n\
                 date: Mon, 01 Jan 2024 00:05:00 GMT\r\n"
            ),
            "etag: W/\"same\"\r\n".to_owned(),
            "last-modified: Mon, 01 Jan 2024 00:00:00 GMT\r\n\
             date: Mon, 01 Jan 2024 00:00:00 GMT\r\n"
                .to_owned(),
        ]
        .iter()
        .enumerate()
        .filter(|(bit, _)| self.validators & 1 << bit != 0)
        // At most one ETag and one date.
        .filter(|(bit, _)| *bit < 4 || self.validators & 1 << (bit % 2 * 3) == 0)
        .map(|(_, line)| line.as_str())
        .collect()
    }
}

/// Returns first byte and end of the requested range.
fn span(range: Option<&str>, len: usize) -> (usize, usize) {
    let number = |text: &str| text.parse::<usize>().unwrap();
    match range.and_then(|range| range.split_once('-')) {
        None => (0, len),
        Some(("", count)) => (len.saturating_sub(number(count)), len),
        Some((first, "")) => (number(first), len),
        Some((first, last)) => (number(first), number(last) + 1),
    }
}

/// Computes the CRC-32C bit by bit, in base64.
fn crc32c(bytes: &[u8]) -> String {
    let crc = !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { crc >> 1 ^ 0x82f6_3b78 } else { crc >> 1 }
        })
    });
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let wide = u64::from(crc) << 4;
    let text: String =
        (0..6).map(|at| char::from(digits[(wide >> (30 - 6 * at) & 63) as usize])).collect();
    text + "=="
}
