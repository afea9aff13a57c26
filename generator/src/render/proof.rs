//! Proof that formatting changed no token.
//!
//! Both texts are read as the characters that carry meaning: white space counts where it parts two
//! words and inside literals, nowhere else. What the printer does with line breaks does not count:
//! a comma before a closing delimiter, and braces around the expression of a match arm.

/// The first place where the formatted text says something else: the line of `before`, and the
/// text there.
pub(super) fn difference(before: &str, after: &str) -> Option<(usize, String)> {
    let (mut a, mut b) = (Chars::new(before), Chars::new(after));
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
            (x, Some('{')) if x != Some('{') && b.after_arrow() => {
                b.next();
                depth += 1;
                arms.push(depth);
            }
            (x, Some('}')) if arms.last() == Some(&depth) => {
                b.next();
                depth -= 1;
                arms.pop();
                if x == Some(',') {
                    a.next();
                }
            }
            (x, Some(',')) if x != Some(',') && b.closes_next() => b.skip(),
            (Some(','), y) if y != Some(',') && a.closes_next() => a.skip(),
            (x, y) if x == y => {
                match y {
                    Some('{') => depth += 1,
                    Some('}') => depth = depth.saturating_sub(1),
                    _ => {}
                }
                a.next();
                b.next();
            }
            _ => return Some((a.line(), a.excerpt())),
        }
    }
}

/// The characters of a Rust source that carry meaning.
struct Chars<'a> {
    text: &'a str,
    at: usize,
    /// Inside a literal or a comment, where every character counts; what ends it.
    inside: Option<char>,
    escaped: bool,
    /// The last two characters that carried meaning.
    last: [char; 2],
}

impl<'a> Chars<'a> {
    fn new(text: &'a str) -> Self {
        let mut chars = Self { text, at: 0, inside: None, escaped: false, last: [' '; 2] };
        chars.settle();
        chars
    }

    fn in_comment(&self) -> bool {
        self.inside == Some('\n')
    }

    /// What is left of this line.
    fn rest_of_line(&self) -> &'a str {
        let rest = &self.text[self.at..];
        rest.split_once('\n').map_or(rest, |(line, _)| line)
    }

    /// Goes to the line break.
    fn end_line(&mut self) {
        self.at += self.rest_of_line().len();
    }

    /// The character here; a space where white space parts two words.
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next().map(|c| if c == '\n' { ' ' } else { c })
    }

    fn next(&mut self) {
        let Some(c) = self.text[self.at..].chars().next() else { return };
        self.at += c.len_utf8();
        self.last = [self.last[1], c];
        match self.inside {
            Some('"') if self.escaped => self.escaped = false,
            Some('"') if c == '\\' => self.escaped = true,
            Some(end) if c == end => self.inside = None,
            Some(_) => return,
            None if c == '"' => self.inside = Some('"'),
            None if c == '/' && self.last[0] == '/' => self.inside = Some('\n'),
            None => {}
        }
        if self.inside.is_none() {
            self.settle();
        }
    }

    /// Passes over white space, but for one that parts two words: it stays as one character.
    fn settle(&mut self) {
        let rest = &self.text[self.at..];
        let trimmed = rest.trim_start();
        if trimmed.len() == rest.len() {
            return;
        }
        let after = trimmed.chars().next().unwrap_or(' ');
        let skipped = rest.len() - trimmed.len();
        let parts = word(self.last[1]) && word(after);
        self.at += if parts { skipped - 1 } else { skipped };
    }

    /// Passes over a character without remembering it.
    fn skip(&mut self) {
        let last = self.last;
        self.next();
        self.last = last;
    }

    fn after_arrow(&self) -> bool {
        self.inside.is_none() && self.last == ['=', '>']
    }

    /// Whether the character after this one closes something.
    fn closes_next(&self) -> bool {
        let rest = self.text[self.at..].get(1..).unwrap_or_default();
        self.inside.is_none()
            && rest.trim_start().chars().next().is_none_or(|c| matches!(c, ')' | ']' | '}' | '>'))
    }

    fn line(&self) -> usize {
        self.text[..self.at].matches('\n').count() + 1
    }

    fn excerpt(&self) -> String {
        self.text[self.at..].chars().take(40).collect()
    }
}

fn word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
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
