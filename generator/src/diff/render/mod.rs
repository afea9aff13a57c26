//! A difference as text for a terminal, Markdown for a pull request, JSON for programs, and an
//! entry of a change log.

mod excerpt;
mod markdown;
mod text;

pub use excerpt::excerpt;
pub use markdown::{changelog, markdown};
pub use text::text;

use super::change::{Action, Affected, Change, Diff};
use std::collections::BTreeMap;

/// How many methods are named before the rest is only counted.
const NAMED: usize = 3;

/// A difference as JSON, indented, with a newline at its end. The members are those of
/// [`Diff`] and of [`Change`]; verdicts and kinds are written as in the other reports.
#[must_use]
pub fn json(diff: &Diff) -> String {
    let mut text = serde_json::to_string_pretty(diff).unwrap_or_default();
    text.push('\n');
    text
}

/// `3 breaking, 12 compatible, 40 docs`; what is zero is left out.
fn counts(diff: &Diff) -> String {
    let counts = ["breaking", "compatible", "docs", "none"]
        .into_iter()
        .map(|heading| (heading, diff.under(heading).count()))
        .filter(|(_, n)| *n > 0)
        .map(|(heading, n)| match heading {
            "docs" => format!("{n} docs only"),
            "none" => format!("{n} that nobody sees"),
            other => format!("{n} {other}"),
        });
    let counts: Vec<String> = counts.collect();
    if counts.is_empty() { "no changes".to_owned() } else { counts.join(", ") }
}

/// What happened, most frequent first: `12 fields added, 3 values removed`.
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

/// Who has to do with a change, in words; `code` marks an id.
fn affected(affected: &Affected, code: &dyn Fn(&str) -> String) -> String {
    if affected.everyone {
        return "every call".to_owned();
    }
    let roles = [
        ("called by", &affected.calls),
        ("sent by", &affected.sends),
        ("read by", &affected.reads),
    ];
    let roles: Vec<String> = (roles.into_iter())
        .filter(|(_, methods)| !methods.is_empty())
        .map(|(role, methods)| {
            let named: Vec<String> = methods.iter().take(NAMED).map(|m| code(m)).collect();
            let rest = match methods.len().saturating_sub(NAMED) {
                0 => String::new(),
                n => format!(" and {n} more"),
            };
            let role = if role == "called by" { "calls" } else { role };
            format!("{role} {}{rest}", named.join(", "))
        })
        .collect();
    roles.join("; ")
}

/// Before and after in one line; excerpts of long text.
fn before_and_after(change: &Change, code: &dyn Fn(&str) -> String) -> String {
    match (&change.old, &change.new) {
        (Some(old), Some(new)) if change.kind.1 == Action::Docs => {
            let (old, new) = excerpt(old, new);
            format!("{} → {}", code(&old), code(&new))
        }
        (Some(old), Some(new)) => format!("{} → {}", code(old), code(new)),
        (Some(old), None) => format!("was {}", code(old)),
        (None, Some(new)) => code(new),
        (None, None) => String::new(),
    }
}
