//! Writes the pieces of a paragraph as Markdown without accidental markup.

use super::chars;
use super::inline::{self, Kind, Piece, Role};
use super::link::{self, Reference, Target};

/// Bytes that may mean something to Markdown within a line.
const SPECIAL: [bool; 256] = chars::table(b"[]`*_|~$<&!\\-{", false);
/// Capacity for a typical line.
const LINE: usize = 120;

/// Target format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavor {
    /// Doc comment for rustdoc.
    Rustdoc,
    /// A Markdown file, perhaps of a book.
    Markdown,
    /// A cell of a table in a Markdown file.
    Cell,
}

/// Renders paragraphs.
pub(super) struct Emitter<'a> {
    pub(super) flavor: Flavor,
    pub(super) base: Option<&'a str>,
    pub(super) resolve: &'a dyn Fn(&str) -> Option<String>,
}

impl Emitter<'_> {
    /// A paragraph, one sentence a line. No line begins or ends a block.
    pub(super) fn lines(&self, text: &str) -> Vec<String> {
        let pieces = inline::pieces(text, true);
        let breaks = inline::breaks(text, &pieces);
        let mut writer = Writer::new(self, text, false);
        let mut out = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            if breaks[at] {
                out.push(finish(std::mem::replace(&mut writer.line, String::with_capacity(LINE))));
            } else {
                writer.piece(piece, pieces.get(at + 1));
            }
        }
        out.push(finish(writer.line));
        out.retain(|line| !line.is_empty());
        out
    }

    /// The label of a link: one line, without links.
    pub(super) fn label(&self, text: &str) -> String {
        let pieces = inline::pieces(text, false);
        let mut writer = Writer::new(self, text, true);
        for (at, piece) in pieces.iter().enumerate() {
            writer.piece(piece, pieces.get(at + 1));
        }
        writer.line.trim_end().to_owned()
    }
}

/// A line that is being written.
struct Writer<'e, 't> {
    emitter: &'e Emitter<'e>,
    text: &'t str,
    label: bool,
    /// Two tildes strike out the text between them; a single one does not.
    tildes: bool,
    line: String,
    /// Whether the line ends in `[name]`, which a following colon or parenthesis would turn into
    /// other markup.
    bracketed: bool,
}

impl<'e, 't> Writer<'e, 't> {
    fn new(emitter: &'e Emitter<'e>, text: &'t str, label: bool) -> Self {
        let tildes = text.bytes().filter(|b| *b == b'~').nth(1).is_some();
        Self {
            emitter,
            text,
            label,
            tildes,
            line: String::with_capacity(LINE.min(text.len() + 16)),
            bracketed: false,
        }
    }

    fn piece(&mut self, piece: &Piece<'t>, next: Option<&Piece<'t>>) {
        let bracketed = std::mem::take(&mut self.bracketed);
        let url_next = next.is_some_and(|next| matches!(next.kind, Kind::Url(_)));
        match piece.kind {
            Kind::Space if self.line.is_empty() || self.line.ends_with(' ') => {}
            Kind::Space => self.line.push(' '),
            Kind::Text(words) => {
                let follows =
                    if url_next { Some('<') } else { self.text[piece.end..].chars().next() };
                match words.as_bytes().first() {
                    Some(b'(' | b':') if bracketed => self.line.push('\\'),
                    Some(b'[') if bracketed => self.line.push(' '),
                    _ => {}
                }
                self.words(words, follows);
            }
            Kind::Code(code) => self.code(code),
            Kind::Url(url) => self.url(url, piece.start),
            Kind::Link(reference) => {
                // Two brackets in a row are one link.
                if bracketed {
                    self.line.push(' ');
                }
                self.link(reference);
            }
            Kind::Mark { run, role: Role::Emphasis } => self.line.push_str(run),
            Kind::Mark { run, role: Role::Shown { lonely: true } } if !url_next => {
                self.line.push_str(run)
            }
            Kind::Mark { run, .. } => self.words(run, None),
        }
    }

    /// Writes text so that Markdown renders it verbatim.
    fn words(&mut self, words: &str, follows: Option<char>) {
        let mut from = 0;
        for (at, byte) in words.bytes().enumerate() {
            if SPECIAL[usize::from(byte)]
                && self.is_active(byte, &words[..at], &words[at + 1..], follows)
            {
                self.line.extend([&words[from..at], "\\"]);
                from = at;
            }
        }
        self.line.push_str(&words[from..]);
    }

    /// Returns `true` if Markdown would interpret a character between these texts.
    fn is_active(&self, byte: u8, before: &str, rest: &str, follows: Option<char>) -> bool {
        let next = rest.chars().next().or(follows);
        match byte {
            b'[' | b'`' | b'*' | b'_' => true,
            b']' => self.label,
            b'|' => self.emitter.flavor == Flavor::Cell,
            b'~' => self.tildes,
            // Some Markdown viewers treat two dollar signs as a formula, even if one is in code.
            b'$' => self.emitter.flavor != Flavor::Rustdoc,
            b'<' => next.is_some_and(|n| !(n.is_ascii_digit() || " =-".contains(n))),
            b'&' => is_entity(rest),
            b'!' => next == Some('['),
            b'\\' => next.is_none_or(|n| n.is_ascii_punctuation()),
            // Smart punctuation would merge the two dashes of a flag.
            b'-' => is_flag(before, rest),
            _ => false,
        }
    }

    fn code(&mut self, code: &str) {
        let mut code = chars::fold(code);
        if self.emitter.flavor == Flavor::Cell {
            code = code.replace('|', "\\|");
        }
        let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or_default();
        let ticks = "`".repeat(if longest == 1 { 2 } else { longest + 1 });
        let pad =
            if code.is_empty() || code.starts_with('`') || code.ends_with('`') { " " } else { "" };
        let twice = if code.is_empty() { "" } else { pad };
        if self.line.ends_with('`') {
            self.line.push(' ');
        }
        self.line.extend([&ticks, pad, &code, twice, &ticks]);
    }

    fn url(&mut self, url: &str, start: usize) {
        if self.text[..start].ends_with(char::is_alphanumeric) {
            self.line.push(' ');
        }
        if url.contains(['{', '}', '$', '*']) {
            self.code(url);
        } else if self.label {
            self.words(url, None);
        } else {
            self.line.extend(["<", url, ">"]);
        }
    }

    fn link(&mut self, reference: Reference<'_>) {
        let Reference { label, target } = reference;
        let address = match target {
            Target::Absolute(address) => Some(address.to_owned()),
            Target::Relative(address) => link::absolute(self.emitter.base, address),
            Target::Named(name) => return self.symbol(label, name, false),
            Target::Label => return self.symbol(label, label.trim_matches('`'), true),
        };
        let label = self.emitter.label(label);
        match address {
            Some(address) => {
                let target = link::escape_target(&address);
                self.line.extend(["[", &label, "](", &target, ")"]);
            }
            None => self.line.push_str(&label),
        }
    }

    /// Writes a link to the generated item `name`, if there is one.
    fn symbol(&mut self, label: &str, name: &str, brackets: bool) {
        let target = self.resolve(name);
        let plain = label.trim_matches('`');
        match target {
            // rustdoc calls a target redundant that its label already names.
            Some(target) if target == plain => {
                self.line.extend(["[`", plain, "`]"]);
                self.bracketed = true;
            }
            Some(target) if link::is_name(label) => {
                self.line.extend(["[`", plain, "`](", &target, ")"])
            }
            Some(target) => {
                let label = self.emitter.label(label);
                self.line.extend(["[", &label, "](", &target, ")"]);
            }
            None => {
                let label = self.emitter.label(label);
                let (open, close) = if brackets { ("\\[", "]") } else { ("", "") };
                self.line.extend([open, &label, close]);
            }
        }
    }

    /// Resolves the full name, or else the part from the first message on.
    fn resolve(&self, name: &str) -> Option<String> {
        let tail = name.split_inclusive('.').scan(0, |at, part| {
            let start = *at;
            *at += part.len();
            Some((start, part))
        });
        let message =
            tail.into_iter().find(|(_, part)| part.starts_with(|c: char| c.is_ascii_uppercase()));
        let short = message.map(|(at, _)| &name[at..]).filter(|short| short.len() < name.len());
        let target = (self.emitter.resolve)(name).or_else(|| (self.emitter.resolve)(short?))?;
        let bad = |c: char| c.is_whitespace() || c.is_control() || "<>[]()`\\|*".contains(c);
        (!target.is_empty() && !target.contains(bad)).then_some(target)
    }
}

/// Returns `true` if `&` before this text begins an HTML entity.
fn is_entity(rest: &str) -> bool {
    let end = rest.bytes().take(40).position(|b| b == b';');
    let name = &rest[..end.unwrap_or_default()];
    let body = name.strip_prefix('#').unwrap_or(name);
    !body.is_empty() && body.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Returns `true` if a `-` between these texts is the first of `--flag`.
fn is_flag(before: &str, rest: &str) -> bool {
    let named = rest.strip_prefix('-').is_some_and(|name| name.starts_with(char::is_alphanumeric));
    named && !before.ends_with(|c: char| c == '-' || c.is_alphanumeric())
}

/// A finished line: no blanks or stray backslashes at its end, no block at its start.
fn finish(mut line: String) -> String {
    line.truncate(line.trim_end().len());
    let slashes = line.len() - line.trim_end_matches('\\').len();
    if slashes > 0 && (slashes % 2 == 1 || line[..line.len() - slashes].ends_with(' ')) {
        let keep = line.trim_end_matches('\\').trim_end().len();
        line.truncate(keep);
    }
    if let Some(at) = guard(&line) {
        line.insert(at, '\\');
    }
    line
}

/// Returns where a backslash is needed, if the line would begin a heading, list, quote, rule, or
/// table.
fn guard(line: &str) -> Option<usize> {
    let first = line.chars().next()?;
    let alone = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    let of = |set: &str| line.chars().all(|c| c == ' ' || set.contains(c));
    let block = match first {
        '#' => line.trim_start_matches('#').is_empty() || alone(line.trim_start_matches('#')),
        '>' | ':' => true,
        '-' => alone(&line[1..]) || of("-|:"),
        '+' => alone(&line[1..]),
        '*' => alone(&line[1..]) || of("*"),
        '=' => of("="),
        '_' => of("_"),
        '|' => of("-|:"),
        '~' => line.starts_with("~~~"),
        '0'..='9' => {
            let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let rest = &line[digits..];
            let item = rest.starts_with(['.', ')']) && alone(&rest[1..]);
            return (item && digits <= 9).then_some(digits);
        }
        _ => false,
    };
    block.then_some(0)
}
