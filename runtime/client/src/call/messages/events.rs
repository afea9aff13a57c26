//! Server-sent events ([HTML, section 9.2](https://html.spec.whatwg.org/multipage/server-sent-events.html)).

use bytes::{Bytes, BytesMut};

/// The event being read: its `data`, and whether its name is `error`. Other fields are skipped.
#[derive(Default)]
pub(super) struct Events {
    data: BytesMut,
    has_data: bool,
    failed: bool,
    /// Number of bytes of the current line known to contain no line break.
    seen: usize,
    /// Whether the last line ended with a carriage return, which a line feed may follow.
    carriage_return: bool,
    /// Whether a line was read: the first may start with a byte order mark.
    begun: bool,
}

impl Events {
    /// Returns the size of the data read so far.
    pub(super) fn len(&self) -> usize {
        self.data.len()
    }

    /// Returns the data of the next complete event, and whether it reports an error.
    pub(super) fn next(&mut self, buffer: &mut BytesMut) -> Option<(Bytes, bool)> {
        while let Some(line) = self.line(buffer) {
            if !line.is_empty() {
                self.field(&line);
            } else if let Some(event) = self.take() {
                return Some(event);
            }
        }
        None
    }

    /// Returns the data of an unterminated event.
    pub(super) fn finish(&mut self, buffer: &mut BytesMut) -> Option<(Bytes, bool)> {
        let line = buffer.split();
        self.field(&line);
        self.take()
    }

    fn take(&mut self) -> Option<(Bytes, bool)> {
        let failed = std::mem::take(&mut self.failed);
        let data = self.data.split().freeze();
        std::mem::take(&mut self.has_data).then_some((data, failed))
    }

    /// Removes a line, ended by a line feed, a carriage return, or both.
    fn line(&mut self, buffer: &mut BytesMut) -> Option<BytesMut> {
        if self.carriage_return && !buffer.is_empty() {
            self.carriage_return = false;
            if buffer.first() == Some(&b'\n') {
                let _ = buffer.split_to(1);
            }
        }
        let new = buffer.get(self.seen..).unwrap_or_default();
        let Some(end) = new.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
            self.seen = buffer.len();
            return None;
        };
        let mut line = buffer.split_to(self.seen + end);
        self.seen = 0;
        self.carriage_return = buffer.split_to(1).first() == Some(&b'\r');
        if !std::mem::replace(&mut self.begun, true) && line.starts_with(b"\xef\xbb\xbf") {
            let _ = line.split_to(3);
        }
        Some(line)
    }

    fn field(&mut self, line: &[u8]) {
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let (name, value) = line.split_at(colon);
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"data" => {
                if self.has_data {
                    self.data.extend_from_slice(b"\n");
                }
                self.has_data = true;
                self.data.extend_from_slice(value);
            }
            b"event" => self.failed = value == b"error",
            _ => {}
        }
    }
}
