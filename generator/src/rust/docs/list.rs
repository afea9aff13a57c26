//! Lists and headings that a document flattened into one line.

use super::block::{Block, DEPTH};
use super::chars::table;
use super::inline::{self, Kind, Piece};

/// Maximum number of lists searched for in a text. No known text has as many.
pub(super) const LISTS: usize = 64;

/// Adds a line of text to the blocks, splitting it into the paragraphs, headings, and lists that it
/// was before its line ends were lost.
pub(super) fn flatten(text: &str, depth: usize, out: &mut Vec<Block>) {
    let mut from = 0;
    if text.contains('#') {
        for (start, end) in Line::new(text).headings() {
            flatten_lists(&text[from..start], depth, out);
            from = end;
        }
    }
    flatten_lists(&text[from..], depth, out);
}

/// Like `push`, for text without headings.
fn flatten_lists(text: &str, depth: usize, out: &mut Vec<Block>) {
    let mut rest = text.trim();
    let mut least = 2;
    for _ in 0..LISTS {
        let found = (depth < DEPTH && may_list(rest)).then(|| Line::new(rest).list(least));
        let Some(list) = found.flatten() else { break };
        let before = rest[..list.start].trim_end();
        if !before.is_empty() {
            out.push(Block::Paragraph(before.to_owned()));
        }
        let blocks = |&(from, to): &(usize, usize)| {
            let mut out = Vec::new();
            flatten_lists(&rest[from..to], depth + 1, &mut out);
            out
        };
        let items = list.items.iter().map(blocks).filter(|item| !item.is_empty()).collect();
        out.push(Block::List { first: list.first, items });
        rest = rest[list.end..].trim_start();
        least = 1; // What follows a list and looks like an item is one.
    }
    if !rest.is_empty() {
        out.push(Block::Paragraph(rest.to_owned()));
    }
}

/// Returns where the first list of a text begins.
pub(super) fn start(text: &str) -> Option<usize> {
    may_list(text).then(|| Line::new(text).list(2)).flatten().map(|list| list.start)
}

/// Returns `true` if the text may contain a list marker. Most texts do not.
fn may_list(text: &str) -> bool {
    const SIGNS: [bool; 256] = table(b"*-+01(", true);
    let bytes = text.as_bytes();
    let next = |at: usize| bytes.get(at + 1).copied().unwrap_or_default();
    bytes.iter().enumerate().any(|(at, &sign)| {
        SIGNS[usize::from(sign)]
            && (at == 0 || bytes[at - 1] == b' ')
            && match sign {
                b'*' | b'-' | b'+' => next(at) == b' ',
                b'0' | b'1' => matches!(next(at), b'.' | b')'),
                b'(' => next(at) == b'1',
                _ => true,
            }
    })
}

/// A line with its pieces.
struct Line<'t> {
    text: &'t str,
    pieces: Vec<Piece<'t>>,
    breaks: Vec<bool>,
}

/// A list within a line, by positions in it.
struct Found {
    /// Number of the first item.
    first: Option<usize>,
    start: usize,
    items: Vec<(usize, usize)>,
    end: usize,
}

/// Mark of an item: its start, and the start of the item's text.
#[derive(Clone, Copy)]
struct Mark<'t> {
    start: usize,
    text: usize,
    sign: &'t str,
}

impl<'t> Line<'t> {
    fn new(text: &'t str) -> Self {
        let pieces = inline::pieces(text, true);
        let breaks = inline::breaks(text, &pieces);
        Self { text, pieces, breaks }
    }

    /// Finds headings after sentences: `… the job. # IAM Permissions Requires …`. Where they end is
    /// unknown, so only their marks are removed. Returns the positions before and after the marks.
    fn headings(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.words().filter_map(|(at, word)| {
            let mark = word.bytes().all(|b| b == b'#') && word.len() <= 6;
            let before = self.text[..at].trim_end();
            let starts = before.is_empty() || before.ends_with(['.', '!', '?', ':', ')', '`']);
            let next = self.text[at + word.len()..].trim_start();
            (mark && starts && next.starts_with(char::is_uppercase)).then(|| (at, at + word.len()))
        })
    }

    /// Returns the words between spaces that can be marks, with their positions.
    fn words(&self) -> impl Iterator<Item = (usize, &'t str)> + '_ {
        self.pieces.iter().enumerate().filter_map(|(at, piece)| {
            let free = at == 0 || self.pieces[at - 1].kind == Kind::Space;
            let word = match piece.kind {
                Kind::Text(words) => words.split(' ').next()?,
                Kind::Mark { run, .. } => run,
                _ => return None,
            };
            let last = self.text[piece.start + word.len()..].starts_with(' ');
            (free && last && word.len() <= 6).then_some((piece.start, word))
        })
    }

    fn marks(&self) -> Vec<Mark<'t>> {
        let is_sign = |word: &str| {
            let digits = word.trim_start_matches('(').trim_end_matches(['.', ')']);
            let number = word.len() > digits.len() && !digits.is_empty() && digits.len() <= 2;
            ["*", "-", "+", "•"].contains(&word)
                || number && digits.bytes().all(|b| b.is_ascii_digit())
        };
        self.words()
            .filter(|(_, word)| is_sign(word))
            .map(|(start, sign)| Mark { start, text: start + sign.len() + 1, sign })
            .collect()
    }

    /// Finds the first list: at least `least` marks of a kind, the first after a colon or at the
    /// start.
    fn list(&self, least: usize) -> Option<Found> {
        let marks = self.marks();
        let starts = marks.iter().enumerate().filter_map(|(at, mark)| {
            let introduced = self.before(mark).is_none_or(|last| last == ':');
            (introduced || ["*", "1.", "1)"].contains(&mark.sign)).then_some((at, introduced))
        });
        starts.take(LISTS).find_map(|(at, introduced)| {
            let least = if introduced && marks[at].sign == "*" { least } else { 2 };
            let marks = self.siblings(&marks[at..]).filter(|marks| marks.len() >= least)?;
            (introduced || self.is_plain_list(&marks)).then(|| self.items(&marks))
        })
    }

    /// Returns the last character before a mark, apart from emphasis.
    fn before(&self, mark: &Mark<'t>) -> Option<char> {
        let before = self.text[..mark.start].trim_end().trim_end_matches(['*', '_', ')']);
        before.chars().next_back()
    }

    /// Returns `true` if these are items despite the missing introduction: asterisks after a
    /// period, or numbers of which all but the first begin a sentence.
    fn is_plain_list(&self, marks: &[Mark<'t>]) -> bool {
        let stopped = |mark: &Mark<'t>| self.before(mark) == Some('.');
        let capital =
            |mark: &Mark<'t>| matches!(self.shape(mark), Some(Shape::Upper | Shape::Quoted('`')));
        match marks[0].sign {
            "*" => stopped(&marks[0]),
            "1." | "1)" => marks[1..].iter().all(stopped) && marks.iter().all(capital),
            _ => false,
        }
    }

    /// Returns the marks of the list that begins with the first of `marks`.
    fn siblings(&self, marks: &[Mark<'t>]) -> Option<Vec<Mark<'t>>> {
        let first = marks.first()?;
        let number = |sign: &str| sign.trim_matches(['(', '.', ')']).parse::<usize>().ok();
        let style = |sign: &str| sign.replace(|c: char| c.is_ascii_digit(), "");
        let begin = number(first.sign);
        if begin.is_some_and(|begin| begin > 1) {
            return None;
        }
        let shape = self.shape(first)?;
        let mut out: Vec<Mark<'t>> = Vec::new();
        for mark in marks {
            let next = match begin {
                Some(begin) => {
                    number(mark.sign) == Some(begin + out.len())
                        && style(mark.sign) == style(first.sign)
                }
                None => mark.sign == first.sign,
            };
            // A dash between words is punctuation, so items with dashes must start alike.
            let alike = self
                .shape(mark)
                .is_some_and(|own| !["-", "+"].contains(&first.sign) || own.is_like(shape));
            if next && alike {
                out.push(*mark);
            }
        }
        Some(out)
    }

    /// Classifies the start of an item's text; `None` if it is not text.
    fn shape(&self, mark: &Mark<'t>) -> Option<Shape> {
        let item = self.text[mark.text..].trim_start();
        let c = item.chars().next()?;
        let word = item.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next()?;
        match c {
            '*' | '-' if item[1..].starts_with(' ') => None,
            '`' | '"' | '\'' | '[' => Some(Shape::Quoted(c)),
            _ if word.len() > 2 && !word.contains(|c: char| c.is_ascii_lowercase()) => {
                Some(Shape::Constant)
            }
            c if c.is_lowercase() => Some(Shape::Lower),
            _ => Some(Shape::Upper),
        }
    }

    /// Returns the items between marks. The last ends before text that cannot belong to it.
    fn items(&self, marks: &[Mark<'t>]) -> Found {
        let first = marks[0].sign.trim_matches(['(', '.', ')']).parse().ok();
        let mut found =
            Found { first, start: marks[0].start, items: Vec::new(), end: self.text.len() };
        for (at, mark) in marks.iter().enumerate() {
            let end = marks.get(at + 1).map_or(self.text.len(), |next| next.start);
            let tail = match marks.get(at + 1) {
                Some(_) => self.introduction(mark.text, end),
                None => self.tail(&found.items, mark.text, end),
            };
            if let Some(tail) = tail {
                found.items.push((mark.text, tail));
                found.end = tail;
                break;
            }
            found.items.push((mark.text, end));
        }
        found
    }

    /// Returns the positions in a range where sentences begin.
    fn sentences(&self, from: usize, to: usize) -> impl DoubleEndedIterator<Item = usize> + '_ {
        let first = self.pieces.partition_point(|piece| piece.end <= from);
        let last = self.pieces.partition_point(|piece| piece.end < to).max(first);
        (first..last).filter(|&at| self.breaks[at]).map(|at| self.pieces[at].end)
    }

    /// Returns where the introduction of the next list begins: `… by id. Examples: * …`.
    fn introduction(&self, from: usize, to: usize) -> Option<usize> {
        let colon = self.text[from..to].trim_end().trim_end_matches(['*', '_']).ends_with(':');
        let code = || self.after_code(from).and_then(|end| self.capital(end, to));
        self.sentences(from, to).next_back().or_else(code).filter(|_| colon)
    }

    /// Returns where the paragraph after the last item begins.
    fn tail(&self, items: &[(usize, usize)], from: usize, to: usize) -> Option<usize> {
        self.tail_after_head(items, from, to).or_else(|| {
            let starts = |at: usize, words: &[&str]| {
                words.iter().any(|word| self.text[at..].starts_with(word))
            };
            // Items of one sentence are followed by no item of two; bold words begin a paragraph.
            let short = items.iter().all(|&(from, to)| self.sentences(from, to).next().is_none());
            let first = self.sentences(from, to).next().filter(|_| short);
            let first = first.filter(|&at| !starts(at, &["For example", "Example", "E.g."]));
            first.or_else(|| self.sentences(from, to).find(|&at| starts(at, &["**"])))
        })
    }

    /// Returns the same for items that are names, where a sentence follows the last one.
    fn tail_after_head(&self, items: &[(usize, usize)], from: usize, to: usize) -> Option<usize> {
        let head = |from: usize| {
            let word = || self.text[from..].find(' ').map(|length| from + length);
            self.after_code(from).or_else(word).unwrap_or(to)
        };
        let bare = |&(from, to): &(usize, usize)| {
            let more = self.text[head(from).min(to)..to].trim();
            !more.contains(' ') && (more.len() < 2 || more.starts_with('('))
        };
        let tail = items.iter().all(bare).then(|| self.capital(head(from), to)).flatten()?;
        (self.text[tail..to].split(' ').count() >= 3).then_some(tail)
    }

    /// Returns where a capital letter begins a sentence after the name that ends at a position.
    fn capital(&self, at: usize, to: usize) -> Option<usize> {
        let rest = self.text.get(at..to)?;
        let next = rest.strip_prefix(". ").or_else(|| rest.strip_prefix(' '))?;
        next.starts_with(char::is_uppercase).then(|| to - next.len())
    }

    /// Returns the end of the code span or link at a position.
    fn after_code(&self, at: usize) -> Option<usize> {
        let place = self.pieces.binary_search_by_key(&at, |piece| piece.start).ok()?;
        let piece = &self.pieces[place];
        matches!(piece.kind, Kind::Code(_) | Kind::Link(_)).then_some(piece.end)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Quoted(char),
    Constant,
    Lower,
    Upper,
}

impl Shape {
    fn is_like(self, first: Self) -> bool {
        match first {
            Self::Quoted(_) | Self::Constant => self == first,
            Self::Upper => self != Self::Lower,
            Self::Lower => true,
        }
    }
}
