//! Conversion of descriptions to documentation, case by case.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use discovery_generator::rust::docs::{Cleaner, first_sentence, plain, sentences};

fn resolve(name: &str) -> Option<String> {
    match name {
        "Book" => Some("Book".to_owned()),
        "Book.author" => Some("crate::models::Book::author".to_owned()),
        "Shelf" => Some("crate::models::Shelf".to_owned()),
        _ => None,
    }
}

fn cleaner() -> Cleaner<'static> {
    Cleaner { base: Some("https://docs.example.com/books/v1"), resolve: &resolve }
}

/// Checks the resulting lines of each text.
fn check(cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        let lines = cleaner().rustdoc(text);
        assert_eq!(lines.iter().collect::<Vec<_>>(), *expected, "{text:?}");
    }
}

#[test]
fn a_sentence_is_a_line() {
    check(&[
        ("", &[]),
        (" \n \t", &[]),
        ("One. Two! Three? Four", &["One.", "Two!", "Three?", "Four"]),
        ("One.\nTwo\nthree.\n\n\nFour.", &["One.", "Two three.", "", "Four."]),
        (
            "Names, e.g. Ann, i.e. People, etc. Next.",
            &["Names, e.g. Ann, i.e. People, etc.", "Next."],
        ),
        (
            "In the U.S. Army. In the U.S. The end.",
            &["In the U.S. Army.", "In the U.S.", "The end."],
        ),
        ("A P.O. Box. No. 5 vs. Others.", &["A P.O. Box.", "No. 5 vs. Others."]),
        (
            "Version 1.5. Files in a.txt. Is 1. The end.",
            &["Version 1.5.", "Files in a.txt.", "Is 1.", "The end."],
        ),
        ("Short (one. Two) text. End.", &["Short (one. Two) text.", "End."]),
        (
            "Say \"yes.\" Then go (far.) Then stop.",
            &["Say \"yes.\"", "Then go (far.)", "Then stop."],
        ),
        ("Code `a. B` stays. `C` too.", &["Code `a. B` stays.", "`C` too."]),
        ("Wait... What. lower stays", &["Wait...", "What. lower stays"]),
    ]);
}

#[test]
fn code_keeps_its_backticks_and_stray_ones_are_escaped() {
    check(&[
        ("Use `a  b` and ``c`d``.", &["Use `a b` and ``c`d``."]),
        ("A `word and `more`. End.", &["A \\`word and `more`.", "End."]),
        ("Between `` and `` lies nothing.", &["Between \\`\\` and \\`\\` lies nothing."]),
        (
            "Do: ```json { \"a\": 1 } ``` Then.",
            &["Do:", "", "```text", "{ \"a\": 1 }", "```", "", "Then."],
        ),
        ("```\n  if a {\n    b\n  }\n```", &["```text", "if a {", "  b", "}", "```"]),
        ("A ```word``` is code.", &["A `word` is code."]),
        (
            "For example:\n\n    a = 1\n\n    b = 2\n\nEnd.",
            &["For example:", "", "```text", "a = 1", "", "b = 2", "```", "", "End."],
        ),
        ("Not code:\n    x.", &["Not code: x."]),
        ("Open ``` fence.", &["Open \\`\\`\\` fence."]),
    ]);
}

#[test]
fn links_are_valid_or_text() {
    check(&[
        (
            "See [the guide](https://a.example/b_(c)).",
            &["See [the guide](https://a.example/b_%28c%29)."],
        ),
        (
            "See [quotas](/books/quotas#all).",
            &["See [quotas](https://docs.example.com/books/quotas#all)."],
        ),
        (
            "See [it](#part), [it](../x), [it]( http://a.example ).",
            &["See it, it, [it](http://a.example)."],
        ),
        ("See [it] (https://a.example/b).", &["See [it](https://a.example/b)."]),
        (
            "At https://a.example/b. Or (http://a.example).",
            &["At <https://a.example/b>.", "Or (<http://a.example>)."],
        ),
        (
            "At https://a.example/{id}/x, <https://b.example>.",
            &["At `https://a.example/{id}/x`, <https://b.example>."],
        ),
        (
            "Of \"https://a.example\",'https://b.example'.",
            &["Of \"<https://a.example>\",'<https://b.example>'."],
        ),
        ("Seehttps://a.example now.", &["See <https://a.example> now."]),
        ("Matches [a-z]([-a-z0-9]*[a-z0-9])?.", &["Matches \\[a-z](\\[-a-z0-9]\\*\\[a-z0-9])?."]),
        ("[Output Only] A [KEY].", &["\\[Output Only] A \\[KEY]."]),
        ("[js](javascript:alert) [x](data:a,b)", &["\\[js](javascript:alert) \\[x](data:a,b)"]),
    ]);
}

#[test]
fn names_become_links_to_items() {
    check(&[
        ("A [Book] of [Shelf].", &["A [`Book`] of [`Shelf`](crate::models::Shelf)."]),
        (
            "[Book.author], [`Book`]: it.",
            &["[`Book.author`](crate::models::Book::author), [`Book`]\\: it."],
        ),
        ("[writers][example.v1.Book.author]", &["[`writers`](crate::models::Book::author)"]),
        ("(see Book.author][])", &["(see [`Book.author`](crate::models::Book::author))"]),
        ("A [Pen.ink] [Pen]() [x][a.Pen] b", &["A \\[Pen.ink] Pen x b"]),
        ("A `[Book]` and a Book.", &["A `[Book]` and a Book."]),
    ]);
}

#[test]
fn accidental_markup_is_escaped() {
    check(&[
        ("# Not big\n> not a quote", &["**Not big**", "", "\\> not a quote"]),
        (
            "Give <id> to Vec<T>, if a < b and c <= d.",
            &["Give \\<id> to Vec\\<T>, if a < b and c <= d."],
        ),
        ("It is *so* **very** _fine_.", &["It is *so* **very** _fine_."]),
        (
            "All projects/*/topics/* and snake_case_names.",
            &["All projects/\\*/topics/\\* and snake_case_names."],
        ),
        ("One *star, 2 * 3, __init__.", &["One \\*star, 2 * 3, \\_\\_init\\_\\_."]),
        ("a~b~c, ~5", &["a\\~b\\~c, \\~5"]),
        ("&lt; stays, R&D; too", &["\\&lt; stays, R\\&D; too"]),
        ("The regex \\d+\\. and \"\\*\" end.\\", &["The regex \\d+\\\\. and \"\\*\" end.\\\\"]),
        ("Ends here. \\", &["Ends here."]),
        ("Pass --flag now -- or not.", &["Pass \\--flag now -- or not."]),
        ("- a lone dash\n1. alone", &["\\- a lone dash 1. alone"]),
        ("Head\n---\n===\nText", &["Head", "", "Text"]),
        ("a | b\n--|--", &["a | b --|--"]),
        ("A\u{202e}b\u{200b}c\u{0}d\u{2028}e\tf\u{a0}g", &["Abcd e f g"]),
        ("![x](https://a.example)", &["\\![x](https://a.example)"]),
    ]);
}

#[test]
fn lists_are_reconstructed() {
    check(&[
        (
            "One of: * `A`: first. * `B`: second.",
            &["One of:", "", "- `A`: first.", "- `B`: second."],
        ),
        (
            "One of: - `A` - first. - `B` - second.",
            &["One of:", "", "- `A` - first.", "- `B` - second."],
        ),
        (
            "Types: * Cat * Dog Use them well please.",
            &["Types:", "", "- Cat", "- Dog", "", "Use them well please."],
        ),
        (
            "Must: * be short * be clear. It is checked.",
            &["Must:", "", "- be short", "- be clear.", "", "It is checked."],
        ),
        ("By: * id. Examples: * `a`", &["By:", "", "- id.", "", "Examples:", "", "- `a`"]),
        (
            "By: * id. * name. Examples: * `a`",
            &["By:", "", "- id.", "- name.", "", "Examples:", "", "- `a`"],
        ),
        ("Do: 1. Call. 2. Wait.", &["Do:", "", "1. Call.", "2. Wait."]),
        ("Of: 0. None 1. One 2. Two", &["Of:", "", "0. None", "1. One", "2. Two"]),
        ("* A: 0. None 1. One * B", &["- A:", "", "  0. None", "  1. One", "- B"]),
        ("At most 30. A * b. 1. C.", &["At most 30.", "A * b.", "1\\. C."]),
        (
            "Do: 1. One of: - `a` - `b` 2. Wait.",
            &["Do:", "", "1. One of:", "   - `a`", "   - `b`", "2. Wait."],
        ),
        ("Rules. * A goes. * B stays.", &["Rules.", "", "- A goes.", "- B stays."]),
        ("Cron: * * * * * or 2 * 3.", &["Cron: * * * * * or 2 * 3."]),
        ("It is: - 5 or so.", &["It is: - 5 or so."]),
        ("Done. # Permissions Needs one.", &["Done.", "", "Permissions Needs one."]),
    ]);
}

#[test]
fn lists_on_lines_are_lists() {
    check(&[
        (
            "Of:\n   \n   - A: one\n   and more.\n   - B\n\n\nEnd.",
            &["Of:", "", "- A: one and more.", "- B", "", "End."],
        ),
        ("Of:\n- A\n  - B\n  - C\n- D", &["Of:", "", "- A", "  - B", "  - C", "- D"]),
        ("Of:\n1. A\n\n   More.\n2) B", &["Of:", "", "1. A", "", "   More.", "2. B"]),
        ("Port.\n* alone is\na sentence.", &["Port.", "\\* alone is a sentence."]),
        ("One:\n - only", &["One:", "", "- only"]),
    ]);
}

#[test]
fn a_cell_is_one_line() {
    let cases = [
        ("One.\n\nTwo | `a|b`.", "One. Two \\| `a\\|b`."),
        ("Of: * `A` * `B`", "Of: • `A` • `B`"),
        ("Do: 1. Call. 2. Wait.", "Do: 1. Call. 2. Wait."),
        ("Do: ``` a | b ``` now", "Do: `a \\| b` now"),
        ("", ""),
    ];
    for (text, expected) in cases {
        assert_eq!(cleaner().markdown_cell(text), expected, "{text:?}");
    }
}

#[test]
fn a_markdown_file_has_no_formula() {
    let lines = cleaner().markdown("Names are $a/$b.");
    assert_eq!(lines.iter().collect::<Vec<_>>(), ["Names are \\$a/\\$b."]);
    assert_eq!(cleaner().rustdoc("$a/$b").iter().next(), Some("$a/$b"));
}

#[test]
fn texts_join_as_paragraphs() {
    let cleaner = cleaner();
    let both = cleaner.rustdoc("One.").then(cleaner.rustdoc("")).then(cleaner.rustdoc("Two."));
    assert_eq!(both.iter().collect::<Vec<_>>(), ["One.", "", "Two."]);
}

#[test]
fn plain_text_has_no_markup() {
    let cases = [
        (
            "See [the  guide](https://a.example/b),\n**now**.",
            "See the guide (https://a.example/b), now.",
        ),
        ("See [`x`](/rel) and [Book.author].", "See `x` and [Book.author]."),
        ("https://a.example/*b* <id> a*b \u{1b}[31mred", "https://a.example/*b* <id> a*b [31mred"),
        ("Do: ```sh ls -l ``` now", "Do: ls -l now"),
        ("", ""),
    ];
    for (text, expected) in cases {
        assert_eq!(plain(text), expected, "{text:?}");
    }
}

#[test]
fn the_first_sentence_ends_early() {
    let cases = [
        (" One e.g. two. Three.", "One e.g. two."),
        ("One\ntwo.\nThree.", "One\ntwo."),
        ("One\n\nTwo. Three.", "One"),
        ("One of: * `A` * `B`. More.", "One of:"),
        ("See [a. B](https://a.example). More.", "See [a. B](https://a.example)."),
        ("Run: ``` a. B ```", "Run:"),
        ("", ""),
    ];
    for (text, expected) in cases {
        assert_eq!(first_sentence(text), expected, "{text:?}");
    }
}

#[test]
fn a_text_consists_of_its_sentences() {
    let cases: [(&str, &[&str]); 7] = [
        (" One e.g. two. Three.\n\nFour. Five ", &["One e.g. two.", "Three.", "Four.", "Five"]),
        ("See [a. B](https://a.example). More.", &["See [a. B](https://a.example).", "More."]),
        ("Run: ``` a. B ``` C. D.", &["Run:", "``` a. B ``` C. D."]),
        ("One of: * `A` * `B`. More.", &["One of:", "* `A` * `B`.", "More."]),
        (
            "One. Of: * A. * B. Or: * C. * D.",
            &["One.", "Of:", "* A.", "* B.", "Or:", "* C.", "* D."],
        ),
        ("\n \n", &[]),
        ("", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(sentences(text), expected, "{text:?}");
        assert_eq!(expected.first().copied().unwrap_or_default(), first_sentence(text));
    }
}
