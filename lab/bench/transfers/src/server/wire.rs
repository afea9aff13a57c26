//! HTTP/1.1 as far as the clients use it.

use crate::Outcome;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

const SHORT: &str = "the body is shorter than announced";

/// Receives the bytes of a body, if it is to be read at all.
pub(super) type Reader<'a> = Option<&'a mut dyn FnMut(&[u8])>;

/// A connection and the bytes read from it.
pub(super) struct Wire {
    pub(super) stream: TcpStream,
    buffer: Vec<u8>,
    /// Unread bytes of the buffer.
    from: usize,
    to: usize,
}

/// The head of a request.
pub(super) struct Head {
    line: String,
    /// Names in lowercase.
    headers: Vec<(String, String)>,
}

impl Head {
    fn parse(text: &str) -> Self {
        let mut lines = text.lines();
        let line = lines.next().unwrap_or_default().to_owned();
        let header = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
        };
        Self { line, headers: lines.filter_map(header).collect() }
    }

    pub(super) fn is(&self, verb: &str) -> bool {
        self.line.split(' ').next() == Some(verb)
    }

    fn target(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    pub(super) fn path(&self) -> &str {
        self.target().split('?').next().unwrap_or_default()
    }

    pub(super) fn has_query(&self, pair: &str) -> bool {
        let query = self.target().split_once('?').map_or("", |(_, query)| query);
        query.split('&').any(|found| found == pair)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Returns the last byte and the total of a chunk.
    pub(super) fn content_range(&self) -> Outcome<Option<(u64, u64)>> {
        let Some(range) = self.header("content-range") else { return Ok(None) };
        let parts = range.split_once('/').and_then(|(bytes, total)| {
            Some((bytes.split_once('-')?.1.parse().ok()?, total.parse().ok()?))
        });
        parts.map(Some).ok_or_else(|| format!("unexpected range {range:?}").into())
    }
}

impl Wire {
    pub(super) fn new(stream: TcpStream) -> std::io::Result<Self> {
        Ok(Self { stream, buffer: vec![0; 512 * 1024], from: 0, to: 0 })
    }

    fn unread(&self) -> &[u8] {
        self.buffer.get(self.from..self.to).unwrap_or_default()
    }

    /// Reads on; `false` at the end.
    fn more(&mut self) -> Outcome<bool> {
        if self.from == self.to {
            (self.from, self.to) = (0, 0);
        }
        if self.to == self.buffer.len() {
            self.buffer.copy_within(self.from..self.to, 0);
            (self.from, self.to) = (0, self.to - self.from);
        }
        let room = self.buffer.get_mut(self.to..).unwrap_or_default();
        if room.is_empty() {
            return Err("a line is too long".into());
        }
        let len = self.stream.read(room)?;
        self.to += len;
        Ok(len > 0)
    }

    /// Returns the text up to a delimiter and skips both; `None` at the end.
    fn until(&mut self, delimiter: &str) -> Outcome<Option<String>> {
        loop {
            let found =
                self.unread().windows(delimiter.len()).position(|w| w == delimiter.as_bytes());
            if let Some(len) = found {
                let text = String::from_utf8_lossy(self.unread().get(..len).unwrap_or_default());
                let text = text.into_owned();
                self.from += len + delimiter.len();
                return Ok(Some(text));
            }
            if !self.more()? {
                return Ok(None);
            }
        }
    }

    /// Reads the head of the next request; `None` at the end of the connection.
    pub(super) fn head(&mut self) -> Outcome<Option<Head>> {
        let Some(text) = self.until("\r\n\r\n")? else { return Ok(None) };
        let head = Head::parse(&text);
        if head.header("expect").is_some() {
            self.stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        Ok(Some(head))
    }

    /// Reads the body and returns its length. Without a reader, the kernel discards it.
    pub(super) fn body(&mut self, head: &Head, mut reader: Reader<'_>) -> Outcome<u64> {
        if head.header("transfer-encoding").is_none() {
            let len = head.header("content-length").map_or(Ok(0), str::parse)?;
            self.skip(len, &mut reader)?;
            return Ok(len);
        }
        let mut total = 0;
        loop {
            let line = self.until("\r\n")?.ok_or("the body ends within a chunk")?;
            let len = u64::from_str_radix(line.trim(), 16)?;
            self.skip(len, &mut reader)?;
            self.skip(2, &mut None)?;
            if len == 0 {
                return Ok(total);
            }
            total += len;
        }
    }

    fn skip(&mut self, mut left: u64, reader: &mut Reader<'_>) -> Outcome<()> {
        while left > 0 {
            let there = (self.to - self.from) as u64;
            if there == 0 && reader.is_none() && left > 1 << 16 {
                left -= self.discard(left)?;
                continue;
            }
            if there == 0 && !self.more()? {
                return Err(SHORT.into());
            }
            let bytes = self.unread();
            let len = usize::try_from(left).unwrap_or(bytes.len()).min(bytes.len());
            if let Some(reader) = reader {
                reader(bytes.get(..len).unwrap_or_default());
            }
            self.from += len;
            left -= len as u64;
        }
        Ok(())
    }

    /// Discards up to `most` bytes that arrive, without copying them where the system can.
    fn discard(&mut self, most: u64) -> Outcome<u64> {
        let len = usize::try_from(most).unwrap_or(usize::MAX).min(self.buffer.len());
        let room = self.buffer.get_mut(..len).unwrap_or_default();
        #[cfg(target_os = "linux")]
        let len = {
            use nix::sys::socket::{MsgFlags, recv};
            use std::os::fd::AsRawFd as _;
            recv(self.stream.as_raw_fd(), room, MsgFlags::MSG_TRUNC)?
        };
        #[cfg(not(target_os = "linux"))]
        let len = self.stream.read(room)?;
        if len == 0 { Err(SHORT.into()) } else { Ok(len as u64) }
    }
}
