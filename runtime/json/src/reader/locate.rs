//! Location of offsets: path, JSON pointer, line, and column, computed for errors only.

use super::Reader;
use super::skip::close_quote;
use crate::error::{DecodeError, Position, shortened};
use std::borrow::Cow;

/// Maximum length of a member's name in a path or pointer, in bytes. Servers choose names of maps.
const NAME_LIMIT: usize = 100;

/// A container that is open at an offset.
struct Frame {
    object: bool,
    /// Range of the current member's name, with quotes.
    key: (usize, usize),
    index: usize,
    /// In an object: whether the next string is a member name.
    at_key: bool,
}

/// Locates an offset in text that is valid JSON up to there.
pub(crate) fn locate(text: &str, offset: usize) -> Position {
    Locator::new(text).position(offset)
}

/// Locates errors in valid JSON in one pass.
pub(crate) fn locate_all<'e>(text: &str, errors: impl IntoIterator<Item = &'e mut DecodeError>) {
    let mut locator = Locator::new(text);
    let mut errors: Vec<_> = errors.into_iter().collect();
    errors.sort_by_key(|error| error.offset());
    for error in errors {
        error.set_position(locator.position(error.offset()));
    }
}

/// Locates ascending offsets.
struct Locator<'a> {
    text: &'a str,
    at: usize,
    frames: Vec<Frame>,
    /// Offset up to which lines are counted.
    counted: usize,
    line: usize,
    line_start: usize,
}

impl<'a> Locator<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, frames: Vec::new(), counted: 0, line: 1, line_start: 0 }
    }

    fn position(&mut self, offset: usize) -> Position {
        self.advance(offset);
        let end = offset.min(self.text.len());
        for (at, byte) in self.text.bytes().enumerate().take(end).skip(self.counted) {
            if byte == b'\n' {
                self.line += 1;
                self.line_start = at + 1;
            }
        }
        self.counted = end.max(self.counted);
        // At the end of the text, the column is that of the last character, as in serde_json.
        let column = offset - self.line_start + usize::from(offset < self.text.len());
        let (path, pointer) = (self.path(), self.pointer());
        Position { path, pointer, line: self.line, column }
    }

    fn advance(&mut self, offset: usize) {
        let bytes = self.text.as_bytes();
        while self.at < offset.min(bytes.len()) {
            let byte = bytes.get(self.at).copied().unwrap_or(0);
            if byte == b'"' {
                let end = close_quote(bytes, self.at + 1);
                if let Some(frame) = self.frames.last_mut().filter(|f| f.object && f.at_key) {
                    frame.key = (self.at, end);
                }
                self.at = end;
                continue;
            }
            self.at += 1;
            self.step(byte);
        }
    }

    fn step(&mut self, byte: u8) {
        match (byte, self.frames.last_mut()) {
            (b'{' | b'[', _) => {
                let object = byte == b'{';
                self.frames.push(Frame { object, key: (0, 0), index: 0, at_key: object });
            }
            (b'}' | b']', _) => drop(self.frames.pop()),
            (b',', Some(frame)) => {
                frame.index += 1;
                frame.at_key = frame.object;
            }
            (b':', Some(frame)) => frame.at_key = false,
            _ => {}
        }
    }

    /// Returns the path, for example `items[3].name`.
    fn path(&self) -> String {
        let mut out = String::new();
        for frame in &self.frames {
            if !frame.object {
                out.push_str(&format!("[{}]", frame.index));
            } else if !frame.at_key {
                let quoted = self.key(frame);
                let key = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
                let key = &*shortened(key, NAME_LIMIT);
                if is_plain(key) {
                    if !out.is_empty() {
                        out.push('.');
                    }
                    out.push_str(key);
                } else {
                    out.push_str(&format!("[\"{key}\"]"));
                }
            }
        }
        out
    }

    /// Returns the JSON pointer (RFC 6901), for example `/items/3/name`.
    fn pointer(&self) -> String {
        let mut out = String::new();
        for frame in &self.frames {
            if !frame.object {
                out.push_str(&format!("/{}", frame.index));
            } else if !frame.at_key {
                let key = unescaped(self.key(frame));
                out.push('/');
                let key = shortened(&key, NAME_LIMIT);
                out.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
        }
        out
    }

    /// Returns the name of a frame's current member, in quotes.
    fn key(&self, frame: &Frame) -> &'a str {
        self.text.get(frame.key.0..frame.key.1).unwrap_or_default()
    }
}

/// Returns a name without escapes, or its start if it is long: names are read once per error.
fn unescaped(quoted: &str) -> Cow<'_, str> {
    // An escape, or a pair of them, has 12 bytes at most.
    const MOST: usize = NAME_LIMIT * 12;
    if quoted.len() <= MOST {
        return Reader::from_text(quoted).string().unwrap_or_default();
    }
    // Most names have no escapes, and many errors may be behind one name.
    let shown = (NAME_LIMIT + 2..MOST).find_map(|end| quoted.get(1..end)).unwrap_or_default();
    if !shown.contains('\\') {
        return Cow::Borrowed(shown);
    }
    // A text that is cut within an escape or a character cannot be read.
    let start = (0..12).find_map(|less| {
        let start = format!("{}\"", quoted.get(..MOST - less)?);
        Reader::from_text(&start).string().ok().map(Cow::into_owned)
    });
    Cow::Owned(start.unwrap_or_default())
}

/// Returns `true` if a name needs no quotes in a path.
fn is_plain(key: &str) -> bool {
    !key.is_empty()
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | b'@' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut() {
        for letter in ["k", "é", r"\u0041", r"\ud83d\ude00", r"\\", r#"\""#] {
            let text = format!(r#"{{"{}":[7]}}"#, letter.repeat(100_000));
            let Position { path, pointer, .. } = locate(&text, text.len() - 3);
            assert!(path.len() < 120 && path.contains('…') && path.ends_with("[0]"), "{path}");
            assert!(pointer.len() < 120 && pointer.ends_with("…/0"), "{pointer}");
            let start: String = crate::from_str(&format!("\"{letter}{letter}\"")).unwrap();
            assert!(pointer[1..].starts_with(&start), "{pointer}");
        }
    }

    #[test]
    fn ascending_offsets_are_located_like_single_ones() {
        let text = "{\"a\": [1,\n {\"b~/\\u0041\": \"x\\\"y\", \"\": [2, 3]},\n4], \"c d\": {}}";
        let mut locator = Locator::new(text);
        for offset in 0..text.len() {
            let position = locator.position(offset);
            assert_eq!(position, locate(text, offset), "{offset}");
        }
        let at = |what: &str| {
            let position = locate(text, text.find(what).unwrap());
            (position.path, position.pointer, position.line, position.column)
        };
        let own = |path: &str, pointer: &str, line, column| {
            (path.to_owned(), pointer.to_owned(), line, column)
        };
        assert_eq!(at("1,"), own("a[0]", "/a/0", 1, 8));
        assert_eq!(at("\"x"), own("a[1][\"b~/\\u0041\"]", "/a/1/b~0~1A", 2, 16));
        assert_eq!(at("3]"), own("a[1][\"\"][1]", "/a/1//1", 2, 32));
        assert_eq!(at("{}"), own("[\"c d\"]", "/c d", 3, 12));
    }
}
