//! Verifies that formatting changed no token.
//!
//! The check compares significant bytes: white space counts only where it separates two words and
//! inside literals. Changes that the printer makes with line breaks are ignored: a comma before a
//! closing delimiter, and braces around the expression of a match arm.

/// Returns the first difference: the line in `before`, and the text there.
pub(super) fn difference(before: &str, after: &str) -> Option<(usize, String)> {
    let (mut a, mut b) = (Bytes::new(before), Bytes::new(after));
    // Depths of `after` at which a match arm was put in braces.
    let mut arms: Vec<usize> = Vec::new();
    let mut depth = 0usize;
    loop {
        if a.in_comment() && b.in_comment() && a.rest_of_line() == b.rest_of_line() {
            a.end_line();
            b.end_line();
        }
        match (a.peek(), b.peek()) {
            (None, None) => return None,
            (x, Some(b'{')) if x != Some(b'{') && b.after_arrow() => {
                b.next();
                depth += 1;
                arms.push(depth);
            }
            (x, Some(b'}')) if arms.last() == Some(&depth) => {
                b.next();
                depth -= 1;
                arms.pop();
                if x == Some(b',') {
                    a.next();
                }
            }
            (x, Some(b',')) if x != Some(b',') && b.closes_next() => b.skip(),
            (Some(b','), y) if y != Some(b',') && a.closes_next() => a.skip(),
            (x, y) if x == y => {
                match y {
                    Some(b'{') => depth += 1,
                    Some(b'}') => depth = depth.saturating_sub(1),
                    _ => {}
                }
                a.next();
                b.next();
            }
            _ => return Some((a.line(), a.excerpt())),
        }
    }
}

/// Significant bytes of a Rust source.
struct Bytes<'a> {
    text: &'a [u8],
    at: usize,
    /// End of the current literal or comment, inside which every byte counts.
    inside: Option<u8>,
    escaped: bool,
    /// Last two significant bytes.
    last: [u8; 2],
}

impl<'a> Bytes<'a> {
    fn new(text: &'a str) -> Self {
        let text = text.as_bytes();
        let mut bytes = Self { text, at: 0, inside: None, escaped: false, last: [b' '; 2] };
        bytes.skip_space();
        bytes
    }

    fn in_comment(&self) -> bool {
        self.inside == Some(b'\n')
    }

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Returns the rest of this line.
    fn rest_of_line(&self) -> &'a [u8] {
        let rest = self.rest();
        let end = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
        &rest[..end]
    }

    /// Advances to the line break.
    fn end_line(&mut self) {
        self.at += self.rest_of_line().len();
    }

    /// Returns the current byte; a space where white space separates two words.
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).map(|b| if *b == b'\n' { b' ' } else { *b })
    }

    fn next(&mut self) {
        let Some(byte) = self.text.get(self.at).copied() else { return };
        self.at += 1;
        self.last = [self.last[1], byte];
        match self.inside {
            Some(b'"') if self.escaped => self.escaped = false,
            Some(b'"') if byte == b'\\' => self.escaped = true,
            Some(end) if byte == end => self.inside = None,
            Some(_) => return,
            None if byte == b'"' => self.inside = Some(b'"'),
            None if byte == b'/' && self.last[0] == b'/' => self.inside = Some(b'\n'),
            None => {}
        }
        if self.inside.is_none() {
            self.skip_space();
        }
    }

    /// Skips white space, except that a separator of two words counts as one byte.
    fn skip_space(&mut self) {
        let skipped = self.rest().iter().take_while(|b| b.is_ascii_whitespace()).count();
        if skipped > 0 {
            let after = self.text.get(self.at + skipped).copied().unwrap_or(b' ');
            let parts = word(self.last[1]) && word(after);
            self.at += if parts { skipped - 1 } else { skipped };
        }
    }

    /// Skips a byte without recording it.
    fn skip(&mut self) {
        let last = self.last;
        self.next();
        self.last = last;
    }

    fn after_arrow(&self) -> bool {
        self.inside.is_none() && self.last == *b"=>"
    }

    /// Returns `true` if the next byte is a closing delimiter.
    fn closes_next(&self) -> bool {
        let next = self.rest().iter().skip(1).find(|b| !b.is_ascii_whitespace());
        self.inside.is_none() && next.is_none_or(|b| matches!(b, b')' | b']' | b'}' | b'>'))
    }

    fn line(&self) -> usize {
        self.text[..self.at].iter().filter(|b| **b == b'\n').count() + 1
    }

    fn excerpt(&self) -> String {
        let rest = self.rest();
        let text = String::from_utf8_lossy(&rest[..rest.len().min(160)]);
        text.chars().take(40).collect()
    }
}

/// Returns `true` if a byte is part of a word; non-ASCII bytes count as such.
fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn layout_does_not_count() {
        for (before, after) in [
            ("f(a, b)", "f(\n    a,\n    b,\n)"),
            ("match a { 1 => b(c), _ => d }", "match a {\n 1 => {\n b(c)\n }\n _ => d,\n}"),
            ("match a { 1 => b(c {}), }", "match a { 1 => { b(c {}) } }"),
            ("a :: B < C >", "a::B<\n C,\n>"),
            ("/// one  two\nfn a() {}", "/// one  two\nfn a() {}\n"),
            ("let x = \"a  b\";", "let x = \"a  b\";"),
        ] {
            assert_eq!(difference(before, after), None, "{before}");
        }
    }

    #[test]
    fn tokens_do() {
        for (before, after) in [
            ("f(a, b)", "f(a, c)"),
            ("f(a)", "f(a, a)"),
            ("pub fn a", "pubfn a"),
            ("\"a b\"", "\"a  b\""),
            ("\"a\\\" b\"", "\"a\\\"  b\""),
            ("/// one two\nx", "/// one  two\nx"),
            ("a b", "a"),
            ("a", "a b"),
            ("match a { 1 => b(c), _ => d }", "match a { 1 => { b(e) } _ => d }"),
            ("{ a }", "{ { a } }"),
        ] {
            assert!(difference(before, after).is_some(), "{before}");
        }
    }
}
