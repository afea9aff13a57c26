//! Text search, for behaviors that implement searches.

/// Returns the words of a text in lower case, without HTML tags and punctuation.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let plain = strip_tags(text);
    let words = plain.split(|c: char| !is_word(c)).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// Returns how many of these lower-case words are a prefix of a word in the text.
#[must_use]
pub fn found(wanted: &[String], text: &str) -> usize {
    let words = words(text);
    wanted.iter().filter(|w| words.iter().any(|word| word.starts_with(w.as_str()))).count()
}

/// Removes everything in angle brackets from a text.
#[must_use]
pub fn strip_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        out.push_str(before);
        match tag.split_once('>') {
            Some((_, after)) => rest = after,
            None => {
                out.push('<');
                rest = tag;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Returns the text with the given lower-case words in `<b>…</b>`, or `None` if it has none of
/// them. A text of more than 40 words is cut to those around the first match.
#[must_use]
pub fn snippet(wanted: &[String], text: &str) -> Option<String> {
    let plain = strip_tags(text);
    let tokens: Vec<&str> = plain.split_whitespace().collect();
    let matches = |token: &&str| {
        let word: String = token.chars().filter(|c| is_word(*c)).collect::<String>().to_lowercase();
        !word.is_empty() && wanted.iter().any(|w| word.starts_with(w.as_str()))
    };
    let first = tokens.iter().position(matches)?;
    let start = if tokens.len() > 40 { first.saturating_sub(10) } else { 0 };
    let shown =
        tokens.iter().skip(start).take(40).map(|token| {
            if matches(token) { format!("<b>{token}</b>") } else { (*token).to_owned() }
        });
    Some(shown.collect::<Vec<_>>().join(" "))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '+' | '#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_and_highlighted() {
        assert_eq!(words("<p>C++ & Rust-Engineer</p>"), ["c++", "rust", "engineer"]);
        let wanted = words("rust eng");
        assert_eq!(found(&wanted, "Senior Engineer (Rust)"), 2);
        assert_eq!(found(&wanted, "Trust"), 0);
        assert_eq!(snippet(&wanted, "A <i>Rust</i> job").as_deref(), Some("A <b>Rust</b> job"));
        assert_eq!(snippet(&wanted, "nothing"), None);
        assert_eq!(strip_tags("a < b"), "a < b");
        let long = format!("{} rust {}", "x ".repeat(50), "y ".repeat(50));
        let shown = snippet(&wanted, &long).unwrap();
        assert_eq!(shown.split_whitespace().count(), 40);
        assert!(shown.contains("<b>rust</b>"));
    }
}
