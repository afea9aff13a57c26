//! Converts descriptions of discovery documents to documentation.
//!
//! The source is loose Markdown: line ends are lost, lists run on in one line, brackets and
//! backticks are unbalanced, URLs are bare, and links are relative. The output is Markdown that
//! renders as the author intended, without accidental markup: no HTML, no doctests, no broken
//! links. It passes every rustdoc lint and clippy's documentation lints.

mod block;
mod chars;
mod emit;
mod inline;
mod link;
mod list;
mod sentence;
mod ticks;

use block::Block;
pub(crate) use chars::{clean_name, clean_page};
use emit::{Emitter, Flavor};
use inline::{Kind, Role};
use link::Target;
use ticks::Segment;

/// Maximum length of a heading in bytes. Longer text after `#` is a paragraph.
const TITLE_LIMIT: usize = 80;

/// Cleans the description texts of one document.
pub struct Cleaner<'a> {
    /// The `documentationLink` of the document. Links from the root of its host become absolute.
    pub base: Option<&'a str>,
    /// Resolves a schema name `Type` or `Type.field` to a generated item, if there is one: a
    /// rustdoc path, or the target of a Markdown link.
    ///
    /// If the name itself is in scope, return that name: rustdoc reports a longer path as
    /// redundant.
    pub resolve: &'a dyn Fn(&str) -> Option<String>,
}

/// Lines of documentation: safe after `/// `, one sentence a line, an empty line between blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocLines(Vec<String>);

impl DocLines {
    /// The lines, without line ends.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator {
        self.0.iter().map(String::as_str)
    }

    /// Returns `true` if there are no lines.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Appends the other lines as separate paragraphs.
    #[must_use]
    pub fn then(mut self, more: Self) -> Self {
        if !self.0.is_empty() && !more.0.is_empty() {
            self.0.push(String::new());
        }
        self.0.extend(more.0);
        self
    }
}

impl Cleaner<'_> {
    /// The text for a `///` comment.
    #[must_use]
    pub fn rustdoc(&self, text: &str) -> DocLines {
        self.render(text, Flavor::Rustdoc)
    }

    /// The text for a Markdown file.
    #[must_use]
    pub fn markdown(&self, text: &str) -> DocLines {
        self.render(text, Flavor::Markdown)
    }

    /// The text for a cell of a Markdown table: one line, without lists and code blocks.
    #[must_use]
    pub fn markdown_cell(&self, text: &str) -> String {
        let mut words = Vec::new();
        cell(&self.emitter(Flavor::Cell), &block::parse(&chars::clean(text)), &mut words);
        words.join(" ")
    }

    fn render(&self, text: &str, flavor: Flavor) -> DocLines {
        DocLines(render(&self.emitter(flavor), &block::parse(&chars::clean(text)), false))
    }

    fn emitter(&self, flavor: Flavor) -> Emitter<'_> {
        Emitter { flavor, base: self.base, resolve: self.resolve }
    }
}

/// Renders blocks as lines, separated by empty lines except before a list inside an item.
fn render(emitter: &Emitter<'_>, blocks: &[Block], within_item: bool) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for block in blocks {
        let lines = match block {
            Block::Paragraph(text) => emitter.lines(text),
            Block::Heading(title) => bold(emitter, title),
            Block::Code(lines) => {
                let fence = |mark: &str| std::iter::once(mark.to_owned());
                fence("```text").chain(lines.iter().cloned()).chain(fence("```")).collect()
            }
            Block::List { first, items } => render_list(emitter, *first, items),
        };
        // A list that does not begin with 1 needs the empty line.
        let tight = within_item && matches!(block, Block::List { first: None | Some(1), .. });
        if !(out.is_empty() || lines.is_empty() || tight) {
            out.push(String::new());
        }
        out.extend(lines);
    }
    out
}

/// Renders a heading as a bold line, which does not interfere with the page's own headings.
fn bold(emitter: &Emitter<'_>, title: &str) -> Vec<String> {
    let lines = emitter.lines(title);
    let short = title.len() <= TITLE_LIMIT && !title.contains('*');
    if lines.is_empty() || !short { lines } else { vec![format!("**{}**", lines.join(" "))] }
}

/// Renders a list with the continuation lines of items indented.
fn render_list(emitter: &Emitter<'_>, first: Option<usize>, items: &[Vec<Block>]) -> Vec<String> {
    let mut out = Vec::new();
    for item in items {
        let lines = render(emitter, item, true);
        if lines.is_empty() {
            continue;
        }
        let mark = first.map_or("- ".to_owned(), |first| format!("{}. ", first + out.len()));
        out.push((mark, lines));
    }
    out.into_iter()
        .flat_map(|(mark, lines)| {
            let margin = " ".repeat(mark.len());
            lines.into_iter().enumerate().map(move |(at, line)| match at {
                0 => format!("{mark}{line}"),
                _ if line.is_empty() => line,
                _ => format!("{margin}{line}"),
            })
        })
        .collect()
}

/// Adds the text of blocks on one line.
fn cell(emitter: &Emitter<'_>, blocks: &[Block], out: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Paragraph(text) => out.extend(emitter.lines(text)),
            Block::Heading(title) => out.extend(bold(emitter, title)),
            Block::Code(lines) => out.extend(emitter.lines(&as_span(&lines.join(" ")))),
            Block::List { first, items } => {
                for (at, item) in items.iter().enumerate() {
                    out.push(first.map_or("•".to_owned(), |first| format!("{}.", first + at)));
                    cell(emitter, item, out);
                }
            }
        }
    }
}

/// Renders code as a code span. It contains at most two consecutive backticks, or it would not be a
/// block.
fn as_span(code: &str) -> String {
    format!("```` {code} ````")
}

/// Converts a description to one plain paragraph, for terminal help and reflection tables.
///
/// Links become `label (address)`, emphasis goes, code keeps its backticks. Nothing is escaped.
#[must_use]
pub fn plain(text: &str) -> String {
    let text = chars::clean(text);
    let mut out = String::with_capacity(text.len());
    for segment in ticks::segments(&text) {
        match segment {
            Segment::Prose(prose) => plain_prose(prose, &mut out),
            Segment::Code(code) => out.extend([" ", code, " "]),
        }
    }
    chars::fold(&out)
}

fn plain_prose(text: &str, out: &mut String) {
    for piece in inline::pieces(text, true) {
        match piece.kind {
            Kind::Link(reference) => {
                let label = plain(reference.label);
                match reference.target {
                    Target::Absolute(address) if address != label => {
                        out.extend([&label, " (", address, ")"])
                    }
                    Target::Label => out.extend(["[", &label, "]"]),
                    _ => out.push_str(&label),
                }
            }
            Kind::Mark { role: Role::Emphasis, .. } => {}
            Kind::Text(words) => out.push_str(words),
            _ => out.push_str(&text[piece.start..piece.end]),
        }
    }
}

/// Returns the first sentence of a text. It is raw: clean it before display.
///
/// It also ends before a list, a blank line, or code.
#[must_use]
pub fn first_sentence(text: &str) -> &str {
    let text = paragraph(text.trim_start());
    let lead = match list::start(text) {
        Some(0) | None => text,
        Some(list) => &text[..list],
    };
    let end = ends(lead).next().unwrap_or_default();
    lead[..end].trim_end()
}

/// Returns the sentences of a text, which end as [`first_sentence`] does. What begins with a fence
/// is one sentence.
#[must_use]
pub fn sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    let mut lists = 0;
    while !rest.is_empty() {
        let text = paragraph(rest);
        let list = (lists < list::LISTS).then(|| list::start(text)).flatten();
        lists += usize::from(list.is_some());
        let (lead, most) = match list {
            // The sentence after the next one may introduce another list.
            Some(0) => (text, 1),
            Some(list) => (&text[..list], usize::MAX),
            None => (text, usize::MAX),
        };
        let mut from = 0;
        for end in ends(lead).take(most) {
            out.push(rest[from..end].trim());
            from = end;
        }
        if from == 0 {
            out.push(rest.trim_end());
            from = rest.len();
        }
        rest = rest[from..].trim_start();
    }
    out
}

/// Returns the part of a text before a blank line or, if there is none, a fence.
fn paragraph(text: &str) -> &str {
    text.find("\n\n").or_else(|| text.find("```")).map_or(text, |end| &text[..end])
}

/// Returns where the sentences of a text end, the last of which ends with the text.
fn ends(text: &str) -> impl Iterator<Item = usize> + '_ {
    let pieces = inline::pieces(text, true);
    let breaks = inline::breaks(text, &pieces);
    let ends = pieces.into_iter().zip(breaks).filter(|(_, breaks)| *breaks);
    let last = (!text.is_empty()).then_some(text.len());
    ends.map(|(piece, _)| piece.start).chain(last)
}
