//! Minimal HTTP/1.1 server; an HTTP library could not send malformed messages.

use std::io;
use std::sync::Arc;

use bytes::{Buf, Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, Version, header};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::exchange::{Wire, run};
use super::incoming::Head;
use super::plan::{Cut, Damage, Outgoing};
use super::service::Service;

const HEAD_LIMIT: usize = 64 * 1024;

/// Serves a connection until it ends.
pub(super) async fn serve(
    service: &Arc<Service>,
    io: TcpStream,
    connection: u64,
) -> io::Result<()> {
    let mut wire = Http1::new(io);
    while let Some(head) = wire.head(connection).await? {
        run(service, head, &mut wire).await?;
        if !wire.reusable {
            break;
        }
    }
    wire.io.shutdown().await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Framing {
    Left(u64),
    /// Between two chunks.
    Chunked,
    /// Inside a chunk.
    Chunk(u64),
}

struct Http1 {
    io: TcpStream,
    buffer: BytesMut,
    framing: Framing,
    bodiless: bool,
    continues: bool,
    reusable: bool,
}

impl Http1 {
    fn new(io: TcpStream) -> Self {
        let buffer = BytesMut::with_capacity(16 * 1024);
        let framing = Framing::Left(0);
        Self { io, buffer, framing, bodiless: false, continues: false, reusable: true }
    }

    /// Reads more bytes, and fails at the end of the stream.
    async fn fill(&mut self) -> io::Result<()> {
        self.buffer.reserve(16 * 1024);
        match self.io.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    async fn line(&mut self) -> io::Result<Bytes> {
        loop {
            if let Some(end) = self.buffer.iter().position(|&b| b == b'\n') {
                let line = self.buffer.split_to(end + 1).freeze();
                return Ok(line.slice(..line.trim_ascii_end().len()));
            }
            if self.buffer.len() > HEAD_LIMIT {
                return Err(invalid("an unterminated line"));
            }
            self.fill().await?;
        }
    }

    /// Reads the headers of the next request; `None` if the client closed the connection.
    async fn head(&mut self, connection: u64) -> io::Result<Option<Head>> {
        while self.buffer.is_empty() {
            if self.io.read_buf(&mut self.buffer).await? == 0 {
                return Ok(None);
            }
        }
        let line = self.line().await?;
        let text = std::str::from_utf8(&line).map_err(|_| invalid("an invalid request line"))?;
        let mut words = text.split(' ');
        let method = words.next().and_then(|word| Method::from_bytes(word.as_bytes()).ok());
        let uri = words.next().and_then(|word| word.parse::<Uri>().ok());
        let (Some(method), Some(uri)) = (method, uri) else {
            return Err(invalid("an invalid request line"));
        };
        let headers = self.headers().await?;
        self.frame(&headers)?;
        self.bodiless = method == Method::HEAD;
        let version =
            if words.next() == Some("HTTP/1.0") { Version::HTTP_10 } else { Version::HTTP_11 };
        let asked = headers.get(header::CONNECTION).and_then(|value| value.to_str().ok());
        let close = asked.is_some_and(|value| value.eq_ignore_ascii_case("close"));
        self.reusable = !close && version == Version::HTTP_11;
        let origin = String::new();
        Ok(Some(Head { method, uri, headers, version, origin, connection, in_process: false }))
    }

    async fn headers(&mut self) -> io::Result<HeaderMap> {
        let mut headers = HeaderMap::new();
        loop {
            let line = self.line().await?;
            if line.is_empty() {
                return Ok(headers);
            }
            let colon = line.iter().position(|&b| b == b':').ok_or_else(|| invalid("a header"))?;
            let name = HeaderName::from_bytes(&line[..colon]).map_err(|_| invalid("a header"))?;
            let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii())
                .map_err(|_| invalid("a header"))?;
            headers.append(name, value);
        }
    }

    fn frame(&mut self, headers: &HeaderMap) -> io::Result<()> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        self.continues = text(header::EXPECT).is_some();
        let chunked = text(header::TRANSFER_ENCODING).is_some_and(|te| te.ends_with("chunked"));
        self.framing = match text(header::CONTENT_LENGTH) {
            _ if chunked => Framing::Chunked,
            Some(length) => Framing::Left(length.parse().map_err(|_| invalid("a length"))?),
            None => Framing::Left(0),
        };
        Ok(())
    }

    /// Reads at most `max` bytes of the body.
    async fn take(&mut self, max: u64) -> io::Result<Bytes> {
        if self.buffer.is_empty() {
            self.fill().await?;
        }
        let len = usize::try_from(max).unwrap_or(usize::MAX).min(self.buffer.len());
        Ok(self.buffer.split_to(len).freeze())
    }

    async fn chunk_size(&mut self) -> io::Result<u64> {
        let line = self.line().await?;
        let text = std::str::from_utf8(&line).unwrap_or_default();
        let digits = text.split(';').next().unwrap_or_default().trim();
        u64::from_str_radix(digits, 16).map_err(|_| invalid("an invalid chunk size"))
    }

    async fn send_head(&mut self, text: &str, damage: Damage) -> io::Result<()> {
        if damage.slow_head.is_zero() {
            return self.io.write_all(text.as_bytes()).await;
        }
        let steps = 8;
        for piece in text.as_bytes().chunks(text.len().div_ceil(steps)) {
            tokio::time::sleep(damage.slow_head / 8).await;
            self.io.write_all(piece).await?;
        }
        Ok(())
    }
}

impl Wire for Http1 {
    async fn chunk(&mut self) -> io::Result<Option<Bytes>> {
        if std::mem::take(&mut self.continues) {
            self.io.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
        }
        if self.framing == Framing::Chunked {
            match self.chunk_size().await? {
                0 => {
                    // Trailers, then the empty line.
                    self.headers().await?;
                    self.framing = Framing::Left(0);
                }
                size => self.framing = Framing::Chunk(size),
            }
        }
        let (Framing::Left(left) | Framing::Chunk(left)) = self.framing else {
            return Err(invalid("a chunk"));
        };
        if left == 0 {
            return Ok(None);
        }
        let bytes = self.take(left).await?;
        let left = left - bytes.len() as u64;
        self.framing = match self.framing {
            Framing::Chunk(_) if left == 0 => {
                self.line().await?;
                Framing::Chunked
            }
            Framing::Chunk(_) => Framing::Chunk(left),
            _ => Framing::Left(left),
        };
        Ok(Some(bytes))
    }

    async fn answer(
        &mut self,
        head: http::response::Parts,
        mut body: Outgoing,
        damage: Damage,
    ) -> io::Result<()> {
        use std::fmt::Write as _;
        let reason = head.status.canonical_reason().unwrap_or("Status");
        let mut text = format!("HTTP/1.1 {} {reason}\r\n", head.status.as_u16());
        for (name, value) in &head.headers {
            let _ = write!(text, "{name}: {}\r\n", String::from_utf8_lossy(value.as_bytes()));
        }
        let empty = head.status.is_informational() || matches!(head.status.as_u16(), 204 | 304);
        if !empty && !head.headers.contains_key(header::CONTENT_LENGTH) {
            let _ = write!(text, "content-length: {}\r\n", body.declared);
        }
        text.push_str("\r\n");
        self.send_head(&text, damage).await?;
        if empty || self.bodiless {
            return Ok(());
        }
        let mut sent = 0_u64;
        while let Some(piece) = body.next().await {
            self.io.write_all(&piece).await?;
            sent += piece.len() as u64;
        }
        let stated = head.headers.get(header::CONTENT_LENGTH).and_then(|n| n.to_str().ok());
        let differs = stated.is_some_and(|n| n.parse() != Ok(sent));
        if body.broken || differs {
            self.reusable = false;
        }
        self.io.flush().await
    }

    async fn cut(&mut self, cut: Cut) -> io::Result<()> {
        self.reusable = false;
        match cut {
            Cut::Reset | Cut::ResetStream => self.io.set_zero_linger(),
            Cut::GoAway | Cut::RefuseStream => {
                // Unread bytes would turn the close into a reset, so the rest of the request is
                // read.
                self.io.shutdown().await?;
                while self.io.read_buf(&mut self.buffer).await? > 0 {
                    self.buffer.advance(self.buffer.len());
                }
                Ok(())
            }
            Cut::Hang => {
                while self.io.read_buf(&mut self.buffer).await? > 0 {
                    self.buffer.clear();
                }
                Ok(())
            }
        }
    }
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("malformed request: {what}"))
}
