//! Text helpers.

/// Placeholder for a secret.
pub(crate) const HIDDEN: &str = "[hidden]";

/// Abbreviations whose period does not end a sentence.
const ABBREVIATIONS: &[&str] = &["e.g.", "i.e.", "etc.", "vs.", "cf.", "approx.", "no.", "P.O."];

/// Returns the first sentence of a description on one line, without its period.
pub(crate) fn summary(description: &str) -> String {
    let mut line = String::new();
    for word in description.split_whitespace() {
        if let Some(sentence) = line.strip_suffix('.')
            && !ABBREVIATIONS.iter().any(|short| line.ends_with(short))
        {
            return sentence.to_owned();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line.strip_suffix('.').unwrap_or(&line).to_owned()
}

/// Truncates a text to `width` characters, marked by `…`.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Returns a text on one line in which control characters, and characters that change the direction
/// of text, are visible: `\u{1b}`. A terminal obeys none of it.
pub(crate) fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_plain(c) { out.push(c) } else { out.extend(c.escape_default()) }
    }
    out
}

/// As [`printable`], but keeps line breaks.
pub(crate) fn printable_lines(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

/// Returns `true` if a shell takes a word as it is: it runs nothing, and expands nothing.
pub(crate) fn is_word(word: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || "-_./:@%+,=".contains(c);
    !word.is_empty() && !word.starts_with(['-', '=']) && word.chars().all(fits)
}

/// Returns JSON, or another text, in which such characters are escaped as in JSON: `\u001b`. Line
/// breaks and tabs stay.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_plain(c) || matches!(c, '\n' | '\t') {
            out.push(c);
        } else {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        }
    }
    out
}

/// Returns `true` if a character only shows itself.
pub(crate) fn is_plain(c: char) -> bool {
    let directs =
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !c.is_control() && !directs && !matches!(c, '\u{61c}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// Wraps text at blanks to lines of at most `width` characters, where possible.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let needed = line.chars().count() + 1 + word.chars().count();
        if !line.is_empty() && needed > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_sentences() {
        for (text, want) in [
            ("Lists jobs. More text.", "Lists jobs"),
            ("Uses e.g. this one. More", "Uses e.g. this one"),
            ("One only.", "One only"),
            ("Two\nlines here", "Two lines here"),
            ("See v1.2 of it. x", "See v1.2 of it"),
            ("", ""),
        ] {
            assert_eq!(summary(text), want);
        }
    }

    #[test]
    fn cuts_and_wraps() {
        assert_eq!(cut("äöüß", 4), "äöüß");
        assert_eq!(cut("äöüßx", 4), "äöü…");
        assert_eq!(wrap("aa bb cc", 5), ["aa bb", "cc"]);
        assert_eq!(wrap("toolong a", 3), ["toolong", "a"]);
        assert!(wrap(" ", 3).is_empty());
    }
}
