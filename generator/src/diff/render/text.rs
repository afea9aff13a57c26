//! Text for a terminal.

use super::{affected, before_and_after, counts};
use crate::diff::change::{Change, Diff};
use std::fmt::Write;

/// A difference as plain text: one line for each change and, below it, who has to do with it.
/// Of descriptions, only what changed in them is shown.
#[must_use]
pub fn text(diff: &Diff) -> String {
    let mut out = format!("{} {}: {}\n", diff.api, revisions(diff), diff.verdict);
    let _ = writeln!(out, "{}", counts(diff));
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
pub(super) fn revisions(diff: &Diff) -> String {
    if diff.old_revision == diff.new_revision {
        format!("revision {}", diff.new_revision)
    } else {
        format!("{} → {}", diff.old_revision, diff.new_revision)
    }
}

fn line(out: &mut String, change: &Change) {
    let plain = |text: &str| plain(text);
    let _ = write!(out, "  {}: {}", change.kind, plain(&change.place.name));
    let how = before_and_after(change, &plain);
    if !how.is_empty() {
        let _ = write!(out, ": {how}");
    }
    if change.verdict.breaks_wire() {
        let what = if change.verdict.breaks_source() { "source, wire" } else { "wire" };
        let _ = write!(out, " [{what}]");
    }
    out.push('\n');
    let who = affected(&change.affected, &plain);
    let details = [change.note.as_str(), who.as_str()];
    let details: Vec<&str> = details.into_iter().filter(|d| !d.is_empty()).collect();
    // A description is read, not called: who meets it is not worth a line.
    if !details.is_empty() && change.verdict.heading() != "docs" {
        let _ = writeln!(out, "      {}", details.join(" "));
    }
}

/// Text of a document, safe for a terminal.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
