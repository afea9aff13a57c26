//! Location of an offset: path, line, and column, computed for errors only.

use super::skip::close_quote;
use crate::error::Position;

/// A container that is open at an offset.
struct Frame {
    object: bool,
    /// Range of the current member's name, without quotes.
    key: (usize, usize),
    /// Offset of the current member's value.
    value: usize,
    index: usize,
    /// In an object: whether the next string is a member name.
    at_key: bool,
}

/// Locates an offset in text that is valid JSON up to there.
pub(crate) fn locate(text: &str, offset: usize) -> Position {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    // At the end of the text, the column is that of the last character, as in serde_json.
    let column = offset - line_start + usize::from(offset < text.len());
    Position { path: path(text, &frames(text, offset)), line, column }
}

/// Returns the offsets of the member values that contain the offset, innermost first.
pub(crate) fn members_around(text: &str, offset: usize) -> Vec<usize> {
    let frames = frames(text, offset);
    frames.iter().rev().filter(|f| f.object && !f.at_key).map(|f| f.value).collect()
}

fn frames(text: &str, offset: usize) -> Vec<Frame> {
    let bytes = text.as_bytes();
    let mut frames: Vec<Frame> = Vec::new();
    let mut at = 0;
    while at < offset.min(bytes.len()) {
        let byte = bytes.get(at).copied().unwrap_or(0);
        if byte == b'"' {
            let end = close_quote(bytes, at + 1);
            if let Some(frame) = frames.last_mut().filter(|frame| frame.object && frame.at_key) {
                frame.key = (at + 1, end.saturating_sub(1));
            }
            at = end;
            continue;
        }
        at += 1;
        match byte {
            b'{' | b'[' => frames.push(Frame {
                object: byte == b'{',
                key: (0, 0),
                value: 0,
                index: 0,
                at_key: byte == b'{',
            }),
            b'}' | b']' => drop(frames.pop()),
            _ => step(frames.last_mut(), byte, bytes, at),
        }
    }
    frames
}

/// Advances the innermost container after a comma or colon; `at` is the offset after it.
fn step(frame: Option<&mut Frame>, byte: u8, bytes: &[u8], at: usize) {
    let Some(frame) = frame else { return };
    match byte {
        b',' => {
            frame.index += 1;
            frame.at_key = frame.object;
        }
        b':' => {
            let rest = bytes.get(at..).unwrap_or_default();
            let spaces = rest.iter().take_while(|byte| crate::scan::is_space(**byte)).count();
            frame.value = at + spaces;
            frame.at_key = false;
        }
        _ => {}
    }
}

fn path(text: &str, frames: &[Frame]) -> String {
    let mut out = String::new();
    for frame in frames {
        if !frame.object {
            out.push_str(&format!("[{}]", frame.index));
        } else if !frame.at_key {
            let key = text.get(frame.key.0..frame.key.1).unwrap_or_default();
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

/// Returns `true` if a name needs no quotes in a path.
fn is_plain(key: &str) -> bool {
    !key.is_empty()
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | b'@' | b'-'))
}
