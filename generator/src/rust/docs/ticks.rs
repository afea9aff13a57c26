//! Classifies backticks: fences, code spans, and literal backticks.

use std::ops::Range;

/// Maximum length, in bytes, of a code span that a double backtick opens. Longer ones are
/// accidental.
const DOUBLE_LIMIT: usize = 200;

/// A code span: its range, and that of the text between its backticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) outer: Range<usize>,
    pub(super) inner: Range<usize>,
}

/// A part of a text: prose, or the content of a fence without its language.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Segment<'t> {
    Prose(&'t str),
    Code(&'t str),
}

/// All runs of backticks.
fn runs(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'`' {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && bytes[at] == b'`' {
            at += 1;
        }
        out.push(start..at);
    }
    out
}

/// Splits a text at its fences, which may occur inside a line in discovery documents.
///
/// Three backticks around one word are a code span, and a fence without an end is prose.
pub(super) fn segments(text: &str) -> Vec<Segment<'_>> {
    if !text.contains('`') || !text.contains("```") {
        return vec![Segment::Prose(text)];
    }
    let mut fences = runs(text).into_iter().filter(|run| run.len() >= 3);
    let (mut out, mut from) = (Vec::new(), 0);
    while let (Some(open), Some(close)) = (fences.next(), fences.next()) {
        let inner = &text[open.end..close.start];
        if !inner.contains(char::is_whitespace) {
            continue;
        }
        out.push(Segment::Prose(&text[from..open.start]));
        out.push(Segment::Code(without_language(inner)));
        from = close.end;
    }
    out.push(Segment::Prose(&text[from..]));
    out
}

/// The content of a fence without the word that names its language.
fn without_language(inner: &str) -> &str {
    let end = inner.find(char::is_whitespace).unwrap_or(0);
    let word = &inner[..end];
    let named = word.len() <= 12
        && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'-');
    if named { &inner[end..] } else { inner }
}

/// The code spans of a paragraph, in order.
///
/// An even number of single backticks pairs up as in `CommonMark`. With an odd number, one of them
/// is a typo, and spacing decides which: a backtick after a blank only opens.
pub(super) fn spans(text: &str) -> Vec<Span> {
    if !text.contains('`') {
        return Vec::new();
    }
    let runs = runs(text);
    let odd = runs.iter().filter(|run| run.len() == 1).count() % 2 == 1;
    let (mut out, mut at) = (Vec::new(), 0);
    while at < runs.len() {
        let open = &runs[at];
        let close = (at + 1..runs.len()).find(|&next| runs[next].len() == open.len());
        let escaped = text[..open.start].ends_with('\\');
        match close {
            Some(next) if !escaped && pairs(text, open, &runs[next], odd) => {
                let inner = open.end..runs[next].start;
                out.push(Span { outer: open.start..runs[next].end, inner });
                at = next + 1;
            }
            _ => at += 1,
        }
    }
    out
}

/// Returns `true` if two runs of the same length enclose code.
fn pairs(text: &str, open: &Range<usize>, close: &Range<usize>, odd: bool) -> bool {
    let inner = &text[open.end..close.start];
    let (spaced_start, spaced_end) =
        (inner.starts_with(char::is_whitespace), inner.ends_with(char::is_whitespace));
    match open.len() {
        // A placeholder stripped from the document leaves two adjacent backticks.
        2 => !spaced_start && !spaced_end && inner.len() <= DOUBLE_LIMIT,
        1 if odd => {
            let word_follows = text[close.end..].starts_with(|c: char| !c.is_whitespace());
            !(spaced_start || spaced_end && word_follows)
        }
        _ => true,
    }
}
