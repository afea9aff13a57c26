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
        a.pass_equal(&mut b);
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

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Moves both sides past bytes that are equal and change neither what they are inside nor the
    /// depth of braces, many at a time. What is left is compared byte by byte.
    fn pass_equal(&mut self, other: &mut Self) {
        let both = (self.inside, self.escaped) == (other.inside, other.escaped);
        let (here, there) = (self.rest(), other.rest());
        let equal = match self.inside {
            _ if !both || self.escaped => return,
            Some(b'\n') => rest_of_line(here, there),
            _ => plain_run(here, there),
        };
        if let Some(equal @ [.., first, second]) = here.get(..equal) {
            for side in [self, other] {
                side.at += equal.len();
                side.last = [*first, *second];
                if side.inside.is_none() {
                    side.skip_space();
                }
            }
        }
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

/// Returns the length of the rest of a comment, if it is the same on both sides.
fn rest_of_line(here: &[u8], there: &[u8]) -> usize {
    let end = here.iter().position(|b| *b == b'\n').unwrap_or(here.len());
    let line = here.get(..end).unwrap_or_default();
    let rest = there.strip_prefix(line);
    if rest.is_some_and(|rest| rest.first().is_none_or(|b| *b == b'\n')) { end } else { 0 }
}

/// Bytes compared at once. Bounded, since a run may have to be cut to nothing.
const RUN: usize = 64;

/// Returns the length of equal text without quotes, comments, and braces that ends in two bytes
/// which are not white space.
fn plain_run(here: &[u8], there: &[u8]) -> usize {
    let special = |b: u8| matches!(b, b'"' | b'\\' | b'/' | b'{' | b'}');
    let pairs = here.iter().zip(there).take(RUN);
    let equal = pairs.take_while(|(a, b)| a == b && !special(**a)).count();
    let blank = |b: &u8| b.is_ascii_whitespace();
    let ends = |end: usize| !here[..end].iter().rev().take(2).any(blank);
    (2..=equal).rev().find(|end| ends(*end)).unwrap_or(0)
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
