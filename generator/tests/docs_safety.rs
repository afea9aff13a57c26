//! Documentation of arbitrary descriptions shows text only, without side effects.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use discovery_generator::rust::docs::{Cleaner, DocLines, first_sentence, plain};
use proptest::prelude::*;
use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag};

/// Fragments of Markdown, HTML, and Unicode with special meaning.
const PIECES: &[&str] = &[
    "`",
    "``",
    "```",
    "```json ",
    "\n```\n",
    "[",
    "]",
    "(",
    ")",
    "](",
    "](/a)",
    "](http://b.c)",
    "<",
    ">",
    "</a>",
    "<br>",
    "<!--",
    "<?x",
    "<https://a.b/c>",
    "*",
    "**",
    "***",
    "_",
    "__",
    "~",
    "~~",
    "~~~",
    "\\",
    "\\\n",
    "#",
    "# A",
    "## ",
    "\n# ",
    " - ",
    " * ",
    " + ",
    "\n- ",
    "\n  - ",
    "\n* ",
    "\n1. ",
    ": 1. ",
    " 2. ",
    ": * ",
    ": - ",
    "\n\n",
    "\n    ",
    ":\n\n    x",
    "|",
    "\n|---|\n",
    "a | b",
    "---",
    "\n---\n",
    "\n===\n",
    "===",
    "> ",
    "\n> ",
    "http://a.b",
    "https://x.y/{z}",
    "https://q.r).",
    "www.a.b",
    "a@b.c",
    "[a](/b)",
    "[T.f]",
    "[T]",
    "[T]:",
    "[T](",
    "[x][]",
    "[a][T.f]",
    "][]",
    "\n[a]: http://b.c",
    "[^1]",
    "[ ] ",
    "![",
    "!",
    "&amp;",
    "&#60;",
    "&",
    "word",
    "Word.",
    " ",
    "  ",
    "\t",
    "\r\n",
    "\u{202e}",
    "\u{200b}",
    "\u{2028}",
    "é\u{301}",
    "{{#include x}}",
    "$a",
    "$$",
    "[a](http://b.c/$d)",
    ":",
    "--flag",
];

fn documents() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..24)
        .prop_map(|pieces| pieces.concat());
    let mixed = prop::collection::vec(
        prop_oneof![
            3 => prop::sample::select(PIECES).prop_map(str::to_owned),
            1 => any::<String>(),
            2 => "[ -~]{0,12}",
        ],
        0..12,
    );
    prop_oneof![3 => pieces, 1 => any::<String>(), 2 => mixed.prop_map(|pieces| pieces.concat())]
}

fn known(name: &str) -> Option<String> {
    match name {
        "T" => Some("T".to_owned()),
        "T.f" => Some("T::f".to_owned()),
        _ => None,
    }
}

fn cleaner() -> Cleaner<'static> {
    Cleaner { base: Some("https://docs.example.com/guide/"), resolve: &known }
}

fn assert_lines(lines: &DocLines) {
    let (mut before, mut code) = ("", false);
    for line in lines.iter() {
        assert!(line.chars().all(is_shown), "{line:?}");
        assert!(!line.ends_with(' '), "{line:?}");
        assert!(
            code || !line.is_empty() || !before.is_empty(),
            "blank lines at the start or in a row"
        );
        code ^= line.trim_start_matches([' ', '-']).starts_with("```");
        before = line;
    }
    assert!(lines.is_empty() || !before.is_empty(), "a blank line at the end");
}

fn is_shown(c: char) -> bool {
    let bidi = matches!(c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !(c.is_control() || bidi || c == '\u{200b}' || c == '\u{feff}')
}

/// Parses Markdown like rustdoc, or with more options like other readers. Returns the visible
/// words.
fn assert_harmless(markdown: &str, more: Options) -> String {
    let options = more
        | Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_DEFINITION_LIST;
    let broken = |link: BrokenLink<'_>| {
        assert_eq!(known(link.reference.trim_matches('`')).as_deref(), Some("T"), "{markdown}");
        Some((CowStr::from("T"), CowStr::from("")))
    };
    let parser = Parser::new_with_broken_link_callback(markdown, options, Some(broken));
    assert_eq!(parser.reference_definitions().iter().count(), 0, "{markdown}");
    let mut words = String::new();
    for event in parser {
        match &event {
            Event::Text(text) | Event::Code(text) => words.push_str(text),
            Event::End(_) | Event::SoftBreak => words.push(' '),
            _ => {}
        }
        assert!(is_harmless(&event), "{event:?} in {markdown}");
    }
    words
}

fn is_harmless(event: &Event<'_>) -> bool {
    let Event::Start(tag) = event else {
        return matches!(event, Event::Text(_) | Event::Code(_) | Event::End(_) | Event::SoftBreak);
    };
    match tag {
        Tag::Paragraph | Tag::List(_) | Tag::Item | Tag::Emphasis | Tag::Strong => true,
        Tag::CodeBlock(CodeBlockKind::Fenced(language)) => &**language == "text",
        Tag::Link { link_type, dest_url, .. } => {
            let web = dest_url.starts_with("http://") || dest_url.starts_with("https://");
            let item = dest_url.starts_with('T');
            match link_type {
                LinkType::Inline => web || item,
                LinkType::Autolink => web,
                LinkType::ShortcutUnknown => item,
                _ => false,
            }
        }
        _ => false,
    }
}

/// The letters of `part` occur in `whole` in the same order.
fn assert_nothing_invented(part: &str, whole: &str) {
    let mut source = whole.chars();
    for letter in part.chars().filter(|c| c.is_alphanumeric()) {
        assert!(source.any(|c| c == letter), "{letter} of {part:?} is not in {whole:?}");
    }
}

fn join(lines: &DocLines) -> String {
    lines.iter().collect::<Vec<_>>().join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn documentation_only_shows_text(text in documents()) {
        let comment = (cleaner().rustdoc(&text), Options::empty());
        let file = (cleaner().markdown(&text), Options::ENABLE_MATH);
        for (lines, options) in [comment, file] {
            assert_lines(&lines);
            let shown = assert_harmless(&join(&lines), options);
            assert_nothing_invented(&shown, &text);
        }
    }

    #[test]
    fn a_cell_stays_in_its_row(text in documents()) {
        let cell = cleaner().markdown_cell(&text);
        prop_assert!(cell.chars().all(is_shown));
        let table = format!("| a | b |\n|---|---|\n| {cell} | last |\n");
        let mut columns = Vec::new();
        for event in Parser::new_ext(&table, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::TableCell) => columns.push(String::new()),
                Event::Text(text) => columns.last_mut().map_or((), |cell| cell.push_str(&text)),
                Event::Html(_) | Event::InlineHtml(_) => prop_assert!(false, "{}", table),
                _ => {}
            }
        }
        prop_assert_eq!(columns.len(), 4, "{}", table);
        prop_assert_eq!(&columns[3], "last", "{}", table);
    }

    #[test]
    fn no_word_is_lost(text in "[A-Za-z .,;:!?*_~<>|&(){}\"'/+=-]{0,80}") {
        let shown = assert_harmless(&join(&cleaner().rustdoc(&text)), Options::empty());
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        prop_assert_eq!(letters(&shown), letters(&text));
    }

    #[test]
    fn plain_text_is_one_clean_line(text in documents()) {
        let line = plain(&text);
        prop_assert!(line.chars().all(is_shown));
        prop_assert!(!line.contains("  ") && line.trim() == line);
    }

    #[test]
    fn a_first_sentence_begins_the_text(text in documents()) {
        prop_assert!(text.trim_start().starts_with(first_sentence(&text)));
    }
}
