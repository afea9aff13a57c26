//! Parses Markdown pages like GitHub and mdBook.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use std::collections::BTreeMap;

/// A page.
pub(crate) struct Page {
    /// Path in the book.
    pub(crate) path: String,
    /// Anchors of headings.
    pub(crate) anchors: Vec<String>,
    /// Links: line and target.
    pub(crate) links: Vec<(usize, String)>,
    /// Fenced blocks.
    pub(crate) blocks: Vec<Block>,
    /// Faults: line and message.
    pub(crate) faults: Vec<(usize, String)>,
}

/// A fenced block.
pub(crate) struct Block {
    /// Line of the fence.
    pub(crate) line: usize,
    /// Info string of the fence.
    pub(crate) info: String,
    /// Text of the block.
    pub(crate) text: String,
}

impl Page {
    /// Parses a page.
    pub(crate) fn new(path: String, text: &str) -> Self {
        let mut page = Self {
            path,
            anchors: Vec::new(),
            links: Vec::new(),
            blocks: Vec::new(),
            faults: Vec::new(),
        };
        let mut reader = Reader { source: text, page: &mut page, heading: None, block: None };
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            reader.event(event, range);
        }
        page.number_anchors();
        page
    }

    /// Appends `-1` to the anchor of a repeated heading, as code hosts do.
    fn number_anchors(&mut self) {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for anchor in &mut self.anchors {
            let count = seen.entry(anchor.clone()).or_default();
            *count += 1;
            if *count > 1 {
                *anchor = format!("{anchor}-{}", *count - 1);
            }
        }
    }
}

struct Reader<'a> {
    source: &'a str,
    page: &'a mut Page,
    heading: Option<String>,
    block: Option<Block>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, range: std::ops::Range<usize>) {
        let line = self.source[..range.start].matches('\n').count() + 1;
        match event {
            Event::Start(Tag::Heading { .. }) => self.heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                self.page.anchors.extend(self.heading.take().map(|text| slug(&text)));
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                self.page.links.push((line, dest_url.into_string()));
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.into_string(),
                    CodeBlockKind::Indented => {
                        self.page.faults.push((line, "an indented block of code".to_owned()));
                        String::new()
                    }
                };
                self.block = Some(Block { line, info, text: String::new() });
            }
            Event::End(TagEnd::CodeBlock) => self.page.blocks.extend(self.block.take()),
            Event::Text(text) => self.text(&text, &self.source[range], line),
            Event::Code(text) => {
                if let Some(heading) = &mut self.heading {
                    heading.push_str(&text);
                }
            }
            // The first line contains the generator's marker.
            Event::Html(html) if line == 1 && html.starts_with("<!--") => {}
            Event::Html(html) | Event::InlineHtml(html) => {
                self.page.faults.push((line, format!("raw HTML: {}", html.trim())));
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, source: &str, line: usize) {
        match (&mut self.block, &mut self.heading) {
            (Some(block), _) => block.text.push_str(text),
            (None, Some(heading)) => heading.push_str(text),
            (None, None) => {}
        }
        if source.contains('&') && source != text && self.block.is_none() {
            self.page.faults.push((line, format!("an HTML entity: {source}")));
        }
    }
}

/// Returns the anchor of a heading: lower case, spaces as hyphens, without punctuation.
fn slug(heading: &str) -> String {
    heading
        .trim()
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || c == '-' || c == '_' => c.to_lowercase().next(),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_links_blocks_and_faults() {
        let text = "<!-- ours -->\n\n# A `b`, C.d\n\n## A b, C.d\n\n[x](y.md#z) &amp; \\&amp; \
                    <b>\n\n```json T\n{}\n```\n\n    indented\n";
        let page = Page::new("p.md".to_owned(), text);
        assert_eq!(page.anchors, ["a-b-cd", "a-b-cd-1"]);
        assert_eq!(page.links, [(7, "y.md#z".to_owned())]);
        assert_eq!(
            (page.blocks[0].info.as_str(), page.blocks[0].text.as_str()),
            ("json T", "{}\n")
        );
        let faults: Vec<&str> = page.faults.iter().map(|(_, f)| f.as_str()).collect();
        assert_eq!(faults, ["an HTML entity: &amp;", "raw HTML: <b>", "an indented block of code"]);
    }
}
