//! Splits a paragraph into pieces: words, blanks, code, links, and emphasis.

use super::chars::table;
use super::link::{self, Reference};
use super::sentence;
use super::ticks;

/// Maximum length of emphasis in bytes. Asterisks further apart are literal.
const EMPHASIS_LIMIT: usize = 300;
/// Longest parenthesis in bytes that is kept on one line.
const PARENTHESIS_LIMIT: usize = 240;

/// Kind of a piece of a paragraph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind<'t> {
    /// Literal words, with single spaces between them.
    Text(&'t str),
    /// A run of blanks.
    Space,
    /// The content of a code span.
    Code(&'t str),
    /// A bare `http` or `https` address.
    Url(&'t str),
    /// Something in brackets that may be a link.
    Link(Reference<'t>),
    /// A run of `*` or `_`.
    Mark { run: &'t str, role: Role },
}

/// Role of a run of `*` or `_`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Role {
    /// Opens or closes emphasis.
    Emphasis,
    /// Literal. `lonely` if no Markdown parser could treat it as emphasis.
    Shown { lonely: bool },
}

/// A piece with its position in the paragraph.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'t> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind<'t>,
}

/// Splits a paragraph into pieces. `links` is false within the label of a link.
pub(super) fn pieces(text: &str, links: bool) -> Vec<Piece<'_>> {
    let mut spans = ticks::spans(text).into_iter().peekable();
    let mut out: Vec<Piece<'_>> = Vec::with_capacity(4 + text.len() / 32);
    let mut at = 0;
    while at < text.len() {
        let found = match spans.next_if(|span| span.outer.start <= at) {
            Some(span) if span.outer.start < at => continue, // Within a link.
            Some(span) => Some((span.outer.end, Kind::Code(&text[span.inner]))),
            None => special(text, at, links),
        };
        let (end, kind) = found.unwrap_or_else(|| {
            let limit = spans.peek().map_or(text.len(), |span| span.outer.start);
            let end = plain_end(text, at).min(limit);
            (end, Kind::Text(&text[at..end]))
        });
        out.push(Piece { start: at, end, kind });
        at = end;
    }
    emphasise(text, &mut out);
    out
}

/// Bytes that may end ordinary text.
const STOPS: [bool; 256] = table(b" h<\n[*_\\", false);
/// Bytes before a blank at which a sentence or the text of an item may begin.
const BEFORE_JOINTS: [bool; 256] = table(b"*-+#.!?)]\"'_", true);
/// Bytes after a space at which an item may begin, or that extend the space.
const AFTER_JOINTS: [bool; 256] = table(b"*-+# \n(0123456789", true);

/// Returns the end of the ordinary text that begins at `at`, which has at least one character.
///
/// The text includes spaces, except those where a sentence or a list item may begin.
fn plain_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = at + text[at..].chars().next().map_or(1, char::len_utf8);
    while let Some(&byte) = bytes.get(end) {
        if STOPS[usize::from(byte)] && stops(bytes, end) {
            break;
        }
        end += 1;
    }
    end
}

/// Returns `true` if ordinary text ends at a byte that may end it.
fn stops(bytes: &[u8], at: usize) -> bool {
    let next = bytes.get(at + 1).copied().unwrap_or(b' ');
    match bytes[at] {
        b' ' => BEFORE_JOINTS[usize::from(bytes[at - 1])] || AFTER_JOINTS[usize::from(next)],
        b'h' => next == b't' && bytes[at..].starts_with(b"http"),
        b'<' => bytes[at + 1..].starts_with(b"http"),
        _ => true,
    }
}

/// Returns the piece at `at`, if it is not ordinary text.
fn special(text: &str, at: usize, links: bool) -> Option<(usize, Kind<'_>)> {
    let rest = &text[at..];
    match rest.as_bytes()[0] {
        b'[' if links => link::reference(text, at).map(|(end, found)| (end, Kind::Link(found))),
        b'h' => link::url(rest).map(|url| (at + url.len(), Kind::Url(url))),
        b'<' if rest[1..].starts_with("http") => {
            let url = link::url(&rest[1..])?;
            rest[1 + url.len()..].starts_with('>').then(|| (at + url.len() + 2, Kind::Url(url)))
        }
        mark @ (b'*' | b'_') => {
            let len = rest.bytes().take_while(|b| *b == mark).count();
            let role = Role::Shown { lonely: false };
            Some((at + len, Kind::Mark { run: &rest[..len], role }))
        }
        // These three are Markdown escapes. Elsewhere a backslash is literal.
        b'\\' if rest[1..].starts_with(['*', '_', '`']) => Some((at + 2, Kind::Text(&rest[1..2]))),
        _ => {
            let len = rest.len() - rest.trim_start().len();
            (len > 0).then_some((at + len, Kind::Space))
        }
    }
}

/// Pairs the marks intended as emphasis: `*word*`, `**words**`, `_word_`.
///
/// Stricter than Markdown, which treats the asterisks of `projects/*/locations/*` as emphasis.
fn emphasise(text: &str, pieces: &mut [Piece<'_>]) {
    let mut open: Vec<usize> = Vec::new();
    for at in 0..pieces.len() {
        let Piece { start, end, kind: Kind::Mark { run, .. } } = pieces[at] else { continue };
        let (before, after) = (text[..start].chars().next_back(), text[end..].chars().next());
        let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let lonely =
            blank(before) && blank(after) || run.starts_with('_') && word(before) && word(after);
        set_role(&mut pieces[at], Role::Shown { lonely });
        if run.len() > 2 || run == "__" {
            continue;
        }
        let opener = closes(before, after)
            .then(|| open.iter().rposition(|&from| same_run(&pieces[from], run)))
            .flatten()
            .filter(|&place| start - pieces[open[place]].end <= EMPHASIS_LIMIT);
        if let Some(place) = opener {
            set_role(&mut pieces[open[place]], Role::Emphasis);
            set_role(&mut pieces[at], Role::Emphasis);
            open.truncate(place);
        } else if opens(before, after) {
            open.push(at);
        }
    }
}

fn same_run(piece: &Piece<'_>, text: &str) -> bool {
    matches!(piece.kind, Kind::Mark { run, .. } if run == text)
}

fn set_role(piece: &mut Piece<'_>, to: Role) {
    if let Kind::Mark { role, .. } = &mut piece.kind {
        *role = to;
    }
}

/// Returns `true` if a mark between these characters can begin emphasis.
fn opens(before: Option<char>, after: Option<char>) -> bool {
    before.is_none_or(|c| c.is_whitespace() || "([{\"'*_".contains(c))
        && after.is_some_and(|c| c.is_alphanumeric() || "`[\"'(<$@#%+*_".contains(c))
}

/// Returns `true` if a mark between these characters can end emphasis.
fn closes(before: Option<char>, after: Option<char>) -> bool {
    before.is_some_and(|c| c.is_alphanumeric() || "`)]}>\"'.:,;!?%+#*_".contains(c))
        && after.is_none_or(|c| c.is_whitespace() || ")]}.,:;!?\"'-*_".contains(c))
}

/// Returns, for each piece, whether it is a space at which a new sentence begins.
pub(super) fn breaks(text: &str, pieces: &[Piece<'_>]) -> Vec<bool> {
    let mut out: Vec<bool> = pieces
        .iter()
        .map(|piece| {
            piece.kind == Kind::Space && sentence::ends(&text[..piece.start], &text[piece.end..])
        })
        .collect();
    if !out.contains(&true) {
        return out;
    }
    let mut open: Vec<usize> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let Kind::Text(words) = piece.kind else { continue };
        for byte in words.bytes() {
            match byte {
                b'(' => open.push(at),
                b')' => {
                    let Some(from) = open.pop() else { continue };
                    if piece.end - pieces[from].start <= PARENTHESIS_LIMIT {
                        out[from..at].fill(false);
                    }
                }
                _ => {}
            }
        }
    }
    out
}
