//! What no generated file may have: markup, instructions to mdBook, invisible characters, and paths
//! that some system cannot check out.

use super::texts::CANARY;
use discovery_generator::FileTree;
use pulldown_cmark::{Event, Options, Parser, Tag};

/// Returns what is wrong with a tree.
pub(super) fn faults(tree: &FileTree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, file) in tree.iter() {
        let mut note = |what: String| faults.push(format!("{path}: {what}"));
        if let Some(part) = path.split('/').find(|part| !is_portable(part)) {
            note(format!("`{part}` is no file name on some system"));
        }
        if let Some(c) = file.text.chars().find(|c| is_invisible(*c)) {
            note(format!("has the character {}", c.escape_unicode()));
        }
        if path.ends_with(".md") {
            markdown(path, &file.text).into_iter().for_each(note);
        }
    }
    faults
}

/// Whether every system can have a file of this name.
fn is_portable(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |name: &str| {
        stem.strip_prefix(name).is_some_and(|n| n.len() == 1 && n.as_bytes()[0].is_ascii_digit())
    };
    let device =
        ["con", "prn", "aux", "nul"].contains(&stem.as_str()) || numbered("com") || numbered("lpt");
    let plain = part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.$".contains(&b));
    !device && plain && part.len() <= 200 && !part.ends_with('.') && !stem.is_empty()
}

/// Whether a character controls a terminal or the direction of text.
pub(super) fn is_invisible(c: char) -> bool {
    let directs = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}');
    (c.is_control() && c != '\n') || directs
}

pub(super) fn markdown(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if path.contains("/docs/") && has_directive(text) {
        faults.push("has an instruction to mdBook".to_owned());
    }
    for event in Parser::new_ext(text, Options::all()) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) if is_foreign(&html) => {
                faults.push(format!("has the HTML {}", html.trim()));
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                let scheme = dest_url.split(':').next().unwrap_or_default().to_lowercase();
                if ["javascript", "data", "vbscript", "file"].contains(&scheme.as_str()) {
                    faults.push(format!("links to {dest_url}"));
                }
            }
            _ => {}
        }
    }
    faults
}

/// Whether HTML is not of a template: templates have comments and a few harmless elements.
fn is_foreign(html: &str) -> bool {
    html.contains(CANARY) || ["<script", "<img"].iter().any(|tag| html.contains(tag))
}

/// Whether mdBook would execute something: `{{#name …}}`, unless a backslash precedes it.
fn has_directive(text: &str) -> bool {
    text.match_indices("{{")
        .any(|(at, _)| text[at + 2..].trim_start().starts_with('#') && !text[..at].ends_with('\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_devices_are_not_portable() {
        for name in ["con", "NUL.x.md", "com1.rs", "a.", ".", "a:b", "é"] {
            assert!(!is_portable(name), "{name}");
        }
        for name in ["console.rs", "com.md", "com10.rs", "Cargo.toml", "a-b_c.$d"] {
            assert!(is_portable(name), "{name}");
        }
    }

    #[test]
    fn directives_links_and_html_are_found() {
        for text in [
            "{{#include x}}",
            "`{{ #include x}}`",
            "<script>zqcanary</script>",
            "[x](javascript:x)",
            "<javascript:x>",
        ] {
            assert!(!markdown("a/docs/x.md", text).is_empty(), "{text}");
        }
        for text in
            ["\\{{#include x}}", "{{x}}", "`<script>zqcanary</script>`", "[x](https://a.example)"]
        {
            assert_eq!(markdown("a/docs/x.md", text), Vec::<String>::new(), "{text}");
        }
    }
}
