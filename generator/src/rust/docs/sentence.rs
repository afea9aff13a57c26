//! Finds the boundaries of sentences.

/// Words whose stop ends no sentence, in lower case and without that stop.
const ABBREVIATIONS: [&str; 20] = [
    "e.g", "eg", "i.e", "ie", "vs", "cf", "ex", "a.k.a", "approx", "incl", "resp", "mr", "mrs",
    "dr", "st", "jr", "sr", "p.o", "ca", "viz",
];

/// Words whose stop ends no sentence when a number follows, in lower case and without that stop.
const BEFORE_NUMBERS: [&str; 12] =
    ["no", "nos", "vol", "fig", "sec", "ch", "pp", "p", "max", "min", "ver", "art"];

/// Words that begin a sentence even after an initialism: "in the U.S. The".
const STARTERS: [&str; 14] = [
    "The", "This", "These", "If", "It", "In", "For", "When", "Use", "See", "A", "An", "Only",
    "Must",
];

/// Returns `true` if a blank between these two pieces of text separates two sentences.
pub(super) fn ends(before: &str, after: &str) -> bool {
    // Most spaces are between two words.
    if before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == ',') {
        return false;
    }
    let Some(next) = after.chars().next() else { return false };
    let opening = matches!(
        next,
        '`' | '"' | '\'' | '[' | '(' | '*' | '_' | '{' | '<' | '“' | '‘' | '$' | '#'
    );
    if !(opening || next.is_uppercase() || next.is_ascii_digit()) {
        return false;
    }
    let body = before.trim_end_matches([')', ']', '"', '\'', '*', '_', '”', '’']);
    if body.ends_with(['!', '?']) {
        return body.len() > 1 && !body[..body.len() - 1].ends_with(char::is_whitespace);
    }
    let Some(body) = body.strip_suffix('.') else { return false };
    match body.chars().next_back() {
        None => return false,
        Some(last) if last.is_whitespace() => return false,
        Some(last) if !last.is_alphanumeric() && last != '.' => return true,
        Some(_) => {}
    }
    let start = body.rfind([' ', '\n', '(', '[', '"', '\'', '“', '‘']);
    let word = start.map_or(body, |at| {
        body[at..].trim_start_matches(|c: char| !c.is_alphanumeric() && c != '.' && c != '`')
    });
    let dots = word.chars().all(|c| c == '.');
    let before = &body[..body.len() - word.len()];
    !(dots || abbreviates(word, after) || enumerates(word, before))
}

/// Returns `true` if the stop after `word` belongs to the word.
fn abbreviates(word: &str, after: &str) -> bool {
    if word.len() <= 6 {
        let lower = word.to_ascii_lowercase();
        if ABBREVIATIONS.contains(&lower.as_str()) {
            return true;
        }
        let number = after.starts_with(|c: char| c.is_ascii_digit());
        if number && BEFORE_NUMBERS.contains(&lower.as_str()) {
            return true;
        }
    }
    let initials =
        word.split('.').all(|part| part.len() == 1 && part.as_bytes()[0].is_ascii_uppercase());
    let next = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    initials && word.contains('.') && !STARTERS.contains(&next)
}

/// Returns `true` if `word` is the number of a list item, as in "in two ways: 1. Call".
fn enumerates(word: &str, before: &str) -> bool {
    let before = before.trim_end();
    word.len() <= 2
        && word.bytes().all(|b| b.is_ascii_digit())
        && (before.is_empty() || before.ends_with([':', '.', ';', '!', '?']))
}
