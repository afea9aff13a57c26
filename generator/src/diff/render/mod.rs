//! Renderers of a diff: terminal text, Markdown for pull requests, JSON, and changelog entries.

mod excerpt;
mod markdown;
mod text;

pub use excerpt::excerpts;
pub use markdown::{changelog, markdown};
pub use text::text;

use super::change::{Action, Change, Diff, Subject};
use std::collections::BTreeMap;

/// Maximum number of methods to name; the others are counted.
const MAX_NAMED: usize = 3;

/// Renders a diff as indented JSON with a trailing newline. Members match [`Diff`] and [`Change`];
/// verdicts and kinds are spelled as in the other reports.
#[must_use]
pub fn json(diff: &Diff) -> String {
    let mut text = serde_json::to_string_pretty(diff).unwrap_or_default();
    text.push('\n');
    text
}

/// Counts changes by verdict, omitting zeros: `3 breaking, 12 compatible, 40 docs`.
fn counts(diff: &Diff) -> String {
    let counts = ["breaking", "compatible", "docs", "none"]
        .into_iter()
        .map(|heading| (heading, diff.under(heading).count()))
        .filter(|(_, n)| *n > 0)
        .map(|(heading, n)| match heading {
            "docs" => format!("{n} docs only"),
            "none" => format!("{n} invisible"),
            other => format!("{n} {other}"),
        });
    let counts: Vec<String> = counts.collect();
    if counts.is_empty() { "no changes".to_owned() } else { counts.join(", ") }
}

/// Counts changes by kind, most frequent first: `12 fields added, 3 values removed`.
fn kinds<'a>(changes: impl Iterator<Item = &'a Change>) -> String {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for change in changes {
        *kinds.entry(change.kind.to_string()).or_default() += 1;
    }
    let mut kinds: Vec<(String, usize)> = kinds.into_iter().collect();
    kinds.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let kinds: Vec<String> = kinds.into_iter().map(|(kind, n)| format!("{kind} ({n})")).collect();
    kinds.join(", ")
}

/// Describes the affected methods in a sentence; `code` formats an id. Empty if the place is itself
/// a method or one of its parameters.
fn affected(change: &Change, code: &dyn Fn(&str) -> String) -> String {
    let Change { affected, place, kind, .. } = change;
    if affected.everyone {
        return "Concerns every call.".to_owned();
    }
    if affected.is_nobody() {
        let subjects =
            [Subject::Schema, Subject::Field, Subject::Case, Subject::Enum, Subject::Value];
        let idle = subjects.contains(&kind.0);
        return if idle { "No method sends or reads it.".to_owned() } else { String::new() };
    }
    if matches!(kind.0, Subject::Method | Subject::Parameter)
        && matches!(affected.calls.as_slice(), [only] if place.name.starts_with(only.as_str()))
    {
        return String::new();
    }
    let roles = [
        ("called by", &affected.calls),
        ("sent by", &affected.sends),
        ("read by", &affected.reads),
    ];
    let roles: Vec<String> = (roles.into_iter())
        .filter(|(_, methods)| !methods.is_empty())
        .map(|(role, methods)| {
            let named: Vec<String> = methods.iter().take(MAX_NAMED).map(|m| code(m)).collect();
            let rest = match methods.len().saturating_sub(MAX_NAMED) {
                0 => String::new(),
                n => format!(" and {n} more"),
            };
            format!("{role} {}{rest}", named.join(", "))
        })
        .collect();
    format!("{}.", title(&roles.join("; ")))
}

/// Capitalizes the first letter.
fn title(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}

/// Describes the old and the new value in one line; empty for descriptions, which [`texts`]
/// renders.
fn before_and_after(change: &Change, code: &dyn Fn(&str) -> String) -> String {
    match (&change.old, &change.new) {
        _ if change.kind.1 == Action::Docs => String::new(),
        (Some(old), Some(new)) => format!("{} → {}", code(old), code(new)),
        (Some(old), None) => format!("was {}", code(old)),
        (None, Some(new)) => code(new),
        (None, None) => String::new(),
    }
}

/// Maximum number of excerpts of one description.
const PARTS: usize = 3;

/// Returns the changed parts of a description as diff lines; empty for other changes.
fn texts(change: &Change) -> Vec<String> {
    let (Some(old), Some(new), Action::Docs) = (&change.old, &change.new, change.kind.1) else {
        return Vec::new();
    };
    let parts = excerpts(old, new);
    let more = parts.len().saturating_sub(PARTS);
    let mut lines = Vec::new();
    for (old, new) in parts.into_iter().take(PARTS) {
        let signed = [("-", old), ("+", new)].into_iter().filter(|(_, text)| !text.is_empty());
        lines.extend(signed.map(|(sign, text)| format!("{sign} {}", printable(&text))));
    }
    match more {
        0 => {}
        1 => lines.push("  and 1 more place".to_owned()),
        n => lines.push(format!("  and {n} more places")),
    }
    lines
}

/// Formats text of the document on one line.
fn printable(text: &str) -> String {
    crate::shown::printable(&text.replace('\n', " ")).into_owned()
}
