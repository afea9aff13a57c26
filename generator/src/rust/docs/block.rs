//! The blocks of a description: paragraphs, headings, lists and code.

use super::link;
use super::list;
use super::ticks::{self, Segment};

/// Maximum nesting of lists. Deeper lists remain text in their item.
pub(super) const DEPTH: usize = 4;

/// One block.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// Loose Markdown on one line.
    Paragraph(String),
    /// A heading, without its mark.
    Heading(String),
    /// Lines of code.
    Code(Vec<String>),
    /// Items, each with its own blocks; `first` is the first number of a numbered list.
    List { first: Option<usize>, items: Vec<Vec<Block>> },
}

/// Splits a text, whose only control character is `\n`, into blocks.
pub(super) fn parse(text: &str) -> Vec<Block> {
    let mut out = Vec::new();
    // Most texts are one line that begins with a word.
    if text.starts_with(char::is_alphabetic) && !text.contains(['\n', '`', '[']) {
        list::flatten(text, 0, &mut out);
        return out;
    }
    for segment in ticks::segments(text) {
        match segment {
            Segment::Prose(prose) => {
                let prose = link::restore_brackets(prose);
                let lines: Vec<&str> = prose.split('\n').map(str::trim_end).collect();
                Lines { lines: &lines, depth: 0 }.parse(&mut out);
            }
            Segment::Code(code) => push_code(&mut out, code.split('\n')),
        }
    }
    out
}

/// Adds code without its common indent and without blank lines around it.
fn push_code<'t>(out: &mut Vec<Block>, lines: impl Iterator<Item = &'t str>) {
    let mut lines: Vec<&str> =
        lines.map(str::trim_end).skip_while(|line| line.is_empty()).collect();
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    let common =
        lines.iter().filter(|line| !line.is_empty()).map(|line| indent(line)).min().unwrap_or(0);
    if !lines.is_empty() {
        out.push(Block::Code(
            lines.iter().map(|line| line.get(common..).unwrap_or("").to_owned()).collect(),
        ));
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Parses the mark of a list item at the start of a line.
struct Marker<'t> {
    indent: usize,
    ordered: bool,
    text: &'t str,
}

fn marker(line: &str) -> Option<Marker<'_>> {
    let body = line.trim_start();
    let bullet = body.strip_prefix(['-', '*', '+', '•']).map(|text| (false, text));
    let number = || {
        let digits = body.bytes().take_while(u8::is_ascii_digit).count();
        let text = body[digits..].strip_prefix(['.', ')'])?;
        (1..=3).contains(&digits).then_some((true, text))
    };
    let (ordered, text) = bullet.or_else(number)?;
    let alone = text.is_empty() || text.starts_with(' ');
    alone.then(|| Marker { indent: indent(line), ordered, text: text.trim_start() })
}

/// Parses a heading: one to six `#` and words.
fn heading(line: &str) -> Option<&str> {
    let body = line.trim_start();
    let title = body.trim_start_matches('#');
    let marks = body.len() - title.len();
    ((1..=6).contains(&marks) && title.starts_with(' ')).then(|| title.trim_end_matches('#').trim())
}

/// Returns `true` if a line is a horizontal rule.
fn is_rule(line: &str) -> bool {
    let body = line.trim();
    body.len() >= 3
        && ["-", "=", "*", "_"].iter().any(|c| body.trim_matches(|b| c.contains(b)).is_empty())
}

/// Lines of a text or of a list item.
struct Lines<'l, 't> {
    lines: &'l [&'t str],
    depth: usize,
}

impl Lines<'_, '_> {
    fn parse(&self, out: &mut Vec<Block>) {
        let mut at = 0;
        while let Some(&line) = self.lines.get(at) {
            if line.is_empty() || is_rule(line) {
                at += 1;
            } else if let Some(title) = heading(line) {
                out.push(Block::Heading(title.to_owned()));
                at += 1;
            } else if let Some((end, items)) = self.list(at, ends_in_colon(out)) {
                out.push(items);
                at = end;
            } else if self.is_code(at, out) {
                let end = self.code_end(at);
                push_code(out, self.lines[at..end].iter().copied());
                at = end;
            } else {
                let end = self.paragraph_end(at);
                list::flatten(&self.lines[at..end].join(" "), self.depth, out);
                at = end;
            }
        }
    }

    /// Returns the list that begins at a line, and the line after it.
    ///
    /// One item is a list only after a colon: `* based matching is not supported` is a sentence.
    fn list(&self, start: usize, after_colon: bool) -> Option<(usize, Block)> {
        let first = marker(self.lines[start]).filter(|_| self.depth < DEPTH)?;
        let (mut items, mut at) = (Vec::new(), start);
        while let Some(item) = self.lines.get(at).and_then(|line| marker(line))
            && item.ordered == first.ordered
            && item.indent.abs_diff(first.indent) <= 1
        {
            let end = self.item_end(at + 1, first.indent);
            let mut lines = vec![item.text];
            lines.extend(&self.lines[at + 1..end]);
            items.push(lines);
            at = end;
        }
        if items.len() < 2 && !after_colon {
            return None;
        }
        let blocks = |lines: &Vec<&str>| {
            let mut out = Vec::new();
            Lines { lines, depth: self.depth + 1 }.parse(&mut out);
            out
        };
        let items = items.iter().map(blocks).filter(|item| !item.is_empty()).collect();
        Some((at, Block::List { first: first.ordered.then_some(1), items }))
    }

    /// Returns where the item of a list at `indent` ends, whose second line is `at`.
    fn item_end(&self, mut at: usize, indent: usize) -> usize {
        let mut blank = false;
        while let Some(&line) = self.lines.get(at) {
            let own = self::indent(line);
            let sibling = marker(line).is_some_and(|next| next.indent <= indent + 1);
            let outside = blank && (own < indent || own == 0);
            if !line.is_empty() && (is_rule(line) || heading(line).is_some() || sibling || outside)
            {
                break;
            }
            blank = line.is_empty();
            at += 1;
        }
        at
    }

    /// Returns `true` if code begins at a line: far to the right, after a blank line and a colon.
    fn is_code(&self, at: usize, before: &[Block]) -> bool {
        let blank = at > 0 && self.lines[at - 1].is_empty();
        let deep = blank && self.depth == 0 && indent(self.lines[at]) >= 4;
        // A fence that was never closed would close ours.
        let fence = || self.lines[at..self.code_end(at)].iter().any(|line| line.contains("```"));
        deep && ends_in_colon(before) && !fence()
    }

    fn code_end(&self, start: usize) -> usize {
        let ends = |line: &&str| !line.is_empty() && indent(line) < 4;
        let length = self.lines[start..].iter().position(ends);
        length.map_or(self.lines.len(), |length| start + length)
    }

    fn paragraph_end(&self, start: usize) -> usize {
        let mut at = start + 1;
        while let Some(line) = self.lines.get(at) {
            let colon = self.lines[at - 1].ends_with(':');
            let stops = line.is_empty() || is_rule(line) || heading(line).is_some();
            if stops || marker(line).is_some() && self.list(at, colon).is_some() {
                break;
            }
            at += 1;
        }
        at
    }
}

fn ends_in_colon(blocks: &[Block]) -> bool {
    matches!(blocks.last(), Some(Block::Paragraph(text)) if text.trim_end_matches(['*', '_']).ends_with(':'))
}
