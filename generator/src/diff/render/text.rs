//! Text for a terminal.

use super::{affected, before_and_after, counts, printable, texts};
use crate::diff::change::{Change, Diff};
use std::fmt::Write;

/// Renders a diff as plain text: one line per change, followed by the affected methods. For
/// descriptions, only the changed parts appear.
#[must_use]
pub fn text(diff: &Diff) -> String {
    let mut out = format!("{} {}: ", diff.api, revisions(diff, &printable));
    if diff.is_empty() {
        out.push_str("no changes\n");
        return out;
    }
    let _ = writeln!(out, "{}\n{}", diff.verdict, counts(diff));
    for heading in ["breaking", "compatible", "docs", "none"] {
        let changes: Vec<&Change> = diff.under(heading).collect();
        if !changes.is_empty() {
            let title = if heading == "none" { "not visible" } else { heading };
            let _ = writeln!(out, "\n{title}");
        }
        for change in changes {
            line(&mut out, change);
        }
    }
    out
}

/// `20241217 → 20251014`.
pub(super) fn revisions(diff: &Diff, shown: &dyn Fn(&str) -> String) -> String {
    let named = |text: &str| match text {
        "" => "no revision".to_owned(),
        text => shown(text),
    };
    if diff.old_revision == diff.new_revision {
        named(&diff.new_revision)
    } else {
        format!("{} → {}", named(&diff.old_revision), named(&diff.new_revision))
    }
}

fn line(out: &mut String, change: &Change) {
    let _ = write!(out, "  {}: {}", change.kind, printable(&change.place.name));
    let how = before_and_after(change, &printable);
    if !how.is_empty() {
        let _ = write!(out, ": {how}");
    }
    if change.verdict.breaks_wire() {
        let what = if change.verdict.breaks_source() { "source, wire" } else { "wire" };
        let _ = write!(out, " [{what}]");
    }
    out.push('\n');
    for text in texts(change) {
        let _ = writeln!(out, "      {text}");
    }
    let who = affected(change, &printable);
    let details = [change.note.as_str(), who.as_str()];
    let details: Vec<&str> = details.into_iter().filter(|d| !d.is_empty()).collect();
    // Affected methods are irrelevant for a description.
    if !details.is_empty() && change.verdict.heading() != "docs" {
        let _ = writeln!(out, "      {}", details.join(" "));
    }
}
