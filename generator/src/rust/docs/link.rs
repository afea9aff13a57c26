//! Recognizes links and URLs.

use std::borrow::Cow;

/// Maximum length of a label or target, in bytes.
const LIMIT: usize = 600;

/// Something in brackets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reference<'t> {
    pub(super) label: &'t str,
    pub(super) target: Target<'t>,
}

/// Target of a bracket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Target<'t> {
    /// An address with a scheme and a host.
    Absolute(&'t str),
    /// Relative or empty URL. Without a base, only the label remains.
    Relative(&'t str),
    /// Name of a message or field, as in `[label][google.rpc.Status]`. If unresolved, only the
    /// label remains.
    Named(&'t str),
    /// `[Type.field]`: the label is the name. If unresolved, the brackets are literal.
    Label,
}

/// Reads the bracket at `at`, if it can be a link, and returns its end.
///
/// A regular expression, such as `[a-z]([-a-z0-9]*)`, is not a link.
pub(super) fn reference(text: &str, at: usize) -> Option<(usize, Reference<'_>)> {
    let end = closing(&text[at..], '[', ']')? + at;
    let label = text[at + 1..end].trim();
    if label.is_empty() || label.contains("](") {
        return None;
    }
    let rest = &text[end + 1..];
    let found = |used: usize, target| Some((end + 1 + used, Reference { label, target }));
    if let Some(inner) = rest.strip_prefix('(')
        && let Some(close) = closing(rest, '(', ')')
        && let Some(target) = target(&inner[..close - 1], label)
    {
        return found(close + 1, target);
    }
    // A common error: a blank between label and URL.
    if rest.starts_with(" (http")
        && let Some(close) = closing(&rest[1..], '(', ')')
        && let Some(target @ Target::Absolute(_)) = target(&rest[2..=close], label)
    {
        return found(close + 2, target);
    }
    if let Some(inner) = rest.strip_prefix('[')
        && let Some(close) = inner.find(']')
    {
        let name = if close == 0 { label } else { &inner[..close] };
        if is_name(name) {
            return found(close + 2, Target::Named(name.trim_matches('`')));
        }
    }
    is_name(label).then_some((end + 1, Reference { label, target: Target::Label }))
}

/// The place of the bracket that closes the one at the start of the text.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices().take_while(|(at, _)| *at < LIMIT) {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// Content of the parentheses after a label.
fn target<'t>(inner: &'t str, label: &'t str) -> Option<Target<'t>> {
    let address = inner.trim().split(' ').next().unwrap_or_default();
    if address.is_empty() {
        return Some(if is_name(label) {
            Target::Named(label.trim_matches('`'))
        } else {
            Target::Relative("")
        });
    }
    if !address.bytes().all(|b| b.is_ascii_graphic() && !b"[]<>{}\\^|`*\"".contains(&b) || b > 127)
    {
        return None;
    }
    if is_web(address) {
        return Some(Target::Absolute(address));
    }
    if address.starts_with(['/', '#', '.']) && !inner.trim().contains(' ') {
        return Some(Target::Relative(address));
    }
    if is_name(address) && address.contains('.') {
        return Some(Target::Named(address));
    }
    let path = address.split_once(['#', '/']).map(|(path, _)| path)?;
    is_name(path).then_some(Target::Relative(address))
}

/// Returns `true` if the text starts with a web scheme and continues.
fn is_web(text: &str) -> bool {
    ["https://", "http://"].iter().any(|scheme| {
        text.strip_prefix(scheme)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric()))
    })
}

/// Returns `true` if the text can be the name of a message or field, perhaps with its package.
pub(super) fn is_name(text: &str) -> bool {
    let text = text.strip_prefix('`').and_then(|text| text.strip_suffix('`')).unwrap_or(text);
    text.split('.').all(|part| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    })
}

/// The address at the start of the text, without the punctuation of the sentence around it.
pub(super) fn url(text: &str) -> Option<&str> {
    if !(text.starts_with("https://") || text.starts_with("http://")) {
        return None;
    }
    let stop = |c: char| c.is_whitespace() || c.is_control() || "<>\"`\\^|[]'".contains(c);
    let mut url = &text[..text.find(stop).unwrap_or(text.len())];
    if let Some(second) = url.find(",http") {
        url = &url[..second];
    }
    let count = |sign: char| url.matches(sign).count();
    let (mut opened, mut closed) = (count('('), count(')'));
    while let Some(last) = url.chars().next_back() {
        match last {
            '.' | ',' | ':' | ';' | '!' | '?' | '*' | '~' | '…' | '”' | '’' => {}
            ')' if closed > opened => closed -= 1,
            '(' => opened -= 1,
            _ => break,
        }
        url = &url[..url.len() - last.len_utf8()];
    }
    let host = url.split_once("://").map_or("", |(_, host)| host);
    host.starts_with(|c: char| c.is_alphanumeric() || "{$%*-_".contains(c)).then_some(url)
}

/// Resolves a relative link against the documentation at `base`.
///
/// Resolves only root-relative links: the others are relative to a reference page that the document
/// does not name.
pub(super) fn absolute(base: Option<&str>, relative: &str) -> Option<String> {
    let base = base.filter(|base| is_web(base))?;
    if let Some(host) = relative.strip_prefix("//") {
        let address = format!("https://{host}");
        return is_web(&address).then_some(address);
    }
    let host = base.find("://").map_or(0, |at| at + 3);
    let end = base[host..].find(['/', '?', '#']).map_or(base.len(), |at| host + at);
    let origin = &base[..end];
    let safe = origin.bytes().all(|b| b.is_ascii_graphic() && !b"()<>\\*`".contains(&b));
    (safe && relative.starts_with('/')).then(|| format!("{origin}{relative}"))
}

/// An address as the target of a Markdown link: parentheses would end it, dollars are formulas.
pub(super) fn escape_target(address: &str) -> String {
    address.replace('(', "%28").replace(')', "%29").replace('$', "%24")
}

/// Restores opening brackets that some documents lack: `(see Type.field][])`.
pub(super) fn restore_brackets(text: &str) -> Cow<'_, str> {
    if !text.contains('[') || !text.contains("][]") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut parts = text.split("][]").peekable();
    while let Some(part) = parts.next() {
        let word = part.rfind(|c: char| !(c.is_alphanumeric() || "._".contains(c)));
        let word = word.map_or(0, |at| at + part[at..].chars().next().map_or(1, char::len_utf8));
        let lost = parts.peek().is_some() && is_name(&part[word..]) && !part[..word].ends_with('[');
        out.extend([&part[..word], if lost { "[" } else { "" }, &part[word..]]);
        if parts.peek().is_some() {
            out.push_str("][]");
        }
    }
    Cow::Owned(out)
}
