//! Markdown for a pull request and for a change log.

use super::text::revisions;
use super::{affected, before_and_after, counts, kinds, title};
use crate::diff::change::{Change, Diff};
use std::fmt::Write;

/// A difference as Markdown: the summary first, then what breaks, then the rest; descriptions are
/// folded away. `version` is the version that is proposed, if one is.
#[must_use]
pub fn markdown(diff: &Diff, version: Option<&str>) -> String {
    let mut out = format!("## {}: {}\n\n", code(&diff.api), revisions(diff));
    let _ = write!(out, "**{}**: {}.", title(&diff.verdict.to_string()), counts(diff));
    if let Some(version) = version {
        let _ = write!(out, " Next version: {}.", code(version));
    }
    out.push('\n');
    for heading in ["breaking", "compatible"] {
        let changes: Vec<&Change> = diff.under(heading).collect();
        if changes.is_empty() {
            continue;
        }
        let _ = write!(out, "\n### {} ({})\n\n", title(heading), changes.len());
        if changes.len() > 8 {
            let _ = write!(out, "{}.\n\n", title(&kinds(changes.iter().copied())));
        }
        changes.iter().for_each(|c| item(&mut out, c, true));
    }
    for (heading, name) in [("docs", "Descriptions"), ("none", "Changes that nobody sees")] {
        let changes: Vec<&Change> = diff.under(heading).collect();
        if changes.is_empty() {
            continue;
        }
        let _ = write!(out, "\n<details><summary>{name} ({})</summary>\n\n", changes.len());
        changes.iter().for_each(|c| item(&mut out, c, false));
        out.push_str("\n</details>\n");
    }
    out
}

/// A difference as an entry of a change log, under a heading with `version`: what breaks, then
/// what is new; of descriptions, only that there are new ones.
#[must_use]
pub fn changelog(diff: &Diff, version: &str) -> String {
    let mut out = format!("## {version}\n\nDiscovery revision {}.\n", diff.new_revision);
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

/// The item of the crate where there is one: that is what users know.
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
}

/// A code span around any text (CommonMark 0.31, section 6.1): its fence is longer than every run
/// of backticks inside.
fn code(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.trim().is_empty() {
        return "*nothing*".to_owned();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn code_holds_whatever_a_document_says() {
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
}
