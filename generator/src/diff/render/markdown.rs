//! Markdown for pull requests and changelogs.

use super::text::revisions;
use super::{affected, before_and_after, counts, kinds, printable, texts, title};
use crate::diff::change::{Change, Diff};
use std::fmt::Write;

/// GitHub rejects comments of more than 65 536 characters; this leaves room for surrounding text.
const MAX_CHARS: usize = 60_000;

/// Sections with more compatible changes than this are folded.
const FOLDED: usize = 20;

/// Renders a diff as Markdown: the summary, then breaking changes, then the others, with
/// descriptions folded. Changes beyond GitHub's comment limit are only counted. `version` is the
/// proposed version, if any.
#[must_use]
pub fn markdown(diff: &Diff, version: Option<&str>) -> String {
    let mut out = format!("## {}: {}\n\n", code(&diff.api), revisions(diff, &word));
    if diff.is_empty() {
        out.push_str("No changes.\n");
        return out;
    }
    let _ = write!(out, "**{}**: {}.", title(&diff.verdict.to_string()), counts(diff));
    if let Some(version) = version {
        let _ = write!(out, " Next version: {}.", code(version));
    }
    out.push('\n');
    for (heading, name, folded) in [
        ("breaking", "Breaking", false),
        ("compatible", "Compatible", diff.under("compatible").count() > FOLDED),
        ("docs", "Descriptions", true),
        ("none", "Invisible changes", true),
    ] {
        let changes: Vec<&Change> = diff.under(heading).collect();
        if !changes.is_empty() {
            section(&mut out, name, folded, &changes);
        }
    }
    out
}

fn section(out: &mut String, name: &str, folded: bool, changes: &[&Change]) {
    let count = changes.len();
    let _ = match folded {
        true => write!(out, "\n<details><summary>{name} ({count})</summary>\n\n"),
        false => write!(out, "\n### {name} ({count})\n\n"),
    };
    let full = matches!(name, "Breaking" | "Compatible");
    if full && count > 8 {
        let _ = write!(out, "{}.\n\n", title(&kinds(changes.iter().copied())));
    }
    for (i, change) in changes.iter().enumerate() {
        let before = out.len();
        item(out, change, full);
        if out.len() > MAX_CHARS {
            out.truncate(before);
            let _ = writeln!(out, "- and {} more; `cargo xtask diff` lists all", count - i);
            break;
        }
    }
    if folded {
        out.push_str("\n</details>\n");
    }
}

/// Renders a diff as a changelog entry for `version`: breaking changes first, then additions.
/// Changed descriptions are only mentioned.
#[must_use]
pub fn changelog(diff: &Diff, version: &str) -> String {
    let mut out = format!("## {version}\n\nDiscovery revision {}.\n", word(&diff.new_revision));
    for heading in ["breaking", "compatible"] {
        let changes: Vec<&Change> = diff.under(heading).collect();
        if changes.is_empty() {
            continue;
        }
        let _ = write!(out, "\n### {}\n\n", title(heading));
        for change in changes {
            let _ = write!(out, "- {}: {}", change.kind, place(change));
            let how = before_and_after(change, &code);
            let _ = writeln!(out, "{}{how}", if how.is_empty() { "" } else { ": " });
        }
    }
    let docs = diff.under("docs").count();
    if docs > 0 {
        let noun = if docs == 1 { "description" } else { "descriptions" };
        let _ = write!(out, "\n{docs} {noun} changed.\n");
    }
    out
}

/// Returns the Rust item if there is one, since users know it, and otherwise the discovery name.
fn place(change: &Change) -> String {
    let rust = &change.place.rust;
    code(if rust.is_empty() { &change.place.name } else { rust })
}

fn item(out: &mut String, change: &Change, full: bool) {
    let _ = write!(out, "- **{}** {}", change.kind, code(&change.place.name));
    let how = before_and_after(change, &code);
    if !how.is_empty() {
        let _ = write!(out, ": {how}");
    }
    if full {
        out.push('.');
        if change.verdict.is_breaking() {
            let what = change.verdict.to_string();
            let _ = write!(
                out,
                " Breaks {}.",
                what.trim_start_matches("breaking ").trim_matches(['(', ')'])
            );
        }
        if !change.note.is_empty() {
            let _ = write!(out, " {}", change.note);
        }
        let who = affected(change, &code);
        if !who.is_empty() {
            let _ = write!(out, " {who}");
        }
        let rust = &change.place.rust;
        let places: Vec<String> = [rust, &change.place.pointer]
            .into_iter()
            .filter(|p| !p.is_empty())
            .map(|p| code(p))
            .collect();
        if !places.is_empty() {
            let _ = write!(out, "<br><sub>{}</sub>", places.join(" · "));
        }
    }
    out.push('\n');
    let texts = texts(change);
    if !texts.is_empty() {
        let text = texts.join("\n");
        let fence = "`".repeat(longest_fence(&text).max(2) + 1);
        let _ = write!(out, "\n  {fence}diff\n  {}\n  {fence}\n", text.replace('\n', "\n  "));
    }
}

/// Wraps text in a code span (CommonMark 0.31, section 6.1), with a fence longer than every run of
/// backticks in it.
fn code(text: &str) -> String {
    let text = printable(text);
    if text.trim().is_empty() {
        return "*nothing*".to_owned();
    }
    let fence = "`".repeat(longest_fence(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Returns a text without punctuation as it is, since it is no markup, and others in a code span.
fn word(text: &str) -> String {
    let is_plain = !text.is_empty() && text.chars().all(char::is_alphanumeric);
    if is_plain { text.to_owned() } else { code(text) }
}

/// Returns the length of the longest run of backticks.
fn longest_fence(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{code, word};

    #[test]
    fn code_spans_contain_arbitrary_text() {
        for (text, span) in [
            ("a", "`a`"),
            ("", "*nothing*"),
            ("a `b` c", "``a `b` c``"),
            ("`a`", "`` `a` ``"),
            ("<img>\n| x", "`<img> | x`"),
        ] {
            assert_eq!(code(text), span);
        }
    }

    #[test]
    fn revisions_are_no_markup() {
        for (text, shown) in [
            ("20251014", "20251014"),
            ("", "*nothing*"),
            ("<script>x</script>", "`<script>x</script>`"),
            ("a\n# b", "`a # b`"),
        ] {
            assert_eq!(word(text), shown);
        }
    }
}
