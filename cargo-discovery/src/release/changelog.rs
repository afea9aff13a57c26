//! Changelog of a generated crate: `CHANGELOG.md` in its folder.
//!
//! It contains no marker, so regeneration never changes it. Entries are added at the top and may be
//! edited.

use crate::surface::Changes;
use discovery_generator::diff::{Diff, changelog};
use std::fmt::Write;

const HEAD: &str = "\
# Changelog

What changes for users of this crate. `cargo xtask regen --bump` adds entries; edit them freely.
";

/// Maximum number of items to name.
const MAX_SHOWN: usize = 30;

/// Returns an entry: changes of the document, and changes of the generator that the document does
/// not explain.
pub(super) fn entry(diff: &Diff, surface: Option<&Changes>, version: &str) -> String {
    let mut out = changelog(diff, version);
    let unexplained =
        surface.filter(|c| c.is_breaking() && !diff.verdict.breaks_source()).into_iter();
    for changes in unexplained {
        out.push_str("\n### Generated code\n\n");
        let items = changes.removed.iter().map(|i| ("removed", i));
        let items = items.chain(changes.changed.iter().map(|i| ("changed", i)));
        let all = changes.removed.len() + changes.changed.len();
        for (what, item) in items.take(MAX_SHOWN) {
            let _ = writeln!(out, "- {what}: ``{item}``");
        }
        if all > MAX_SHOWN {
            let _ = writeln!(out, "- and {} more", all - MAX_SHOWN);
        }
    }
    out
}

/// Adds an entry at the top; `None` if the version, ignoring build metadata, has one.
pub(super) fn with_entry(log: Option<&str>, entry: &str, version: &str) -> Option<String> {
    let log = log.unwrap_or(HEAD);
    let bare = |text: &str| text.split(['+', ' ']).next().unwrap_or_default().to_owned();
    let heading = |line: &str| line.strip_prefix("## ").map(bare);
    if log.lines().filter_map(heading).any(|found| found == bare(version)) {
        return None;
    }
    let at =
        if log.starts_with("## ") { 0 } else { log.find("\n## ").map_or(log.len(), |i| i + 1) };
    let (head, rest) = log.split_at(at);
    let gap = if head.is_empty() || head.ends_with("\n\n") { "" } else { "\n" };
    let after = if rest.is_empty() { "" } else { "\n" };
    Some(format!("{head}{gap}{entry}{after}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_added_on_top_and_never_twice() {
        let first = with_entry(None, "## 0.2.0+1\n\nOne.\n", "0.2.0+1").unwrap();
        assert_eq!(first, format!("{HEAD}\n## 0.2.0+1\n\nOne.\n"));
        let second = with_entry(Some(&first), "## 0.3.0+2\n\nTwo.\n", "0.3.0+2").unwrap();
        assert_eq!(second, format!("{HEAD}\n## 0.3.0+2\n\nTwo.\n\n## 0.2.0+1\n\nOne.\n"));
        assert_eq!(with_entry(Some(&second), "## 0.2.0+9\n", "0.2.0+9"), None);
        let edited = second.replace("## 0.3.0+2", "## 0.3.0 (today)");
        assert_eq!(with_entry(Some(&edited), "## 0.3.0+2\n", "0.3.0+2"), None);
        assert!(
            with_entry(Some("## 0.1.0\n"), "## 0.2.0\n", "0.2.0").unwrap().starts_with("## 0.2")
        );
    }

    #[test]
    fn generator_changes_are_reported() {
        let diff = Diff {
            api: "a:v1".to_owned(),
            old_revision: "1".to_owned(),
            new_revision: "1".to_owned(),
            verdict: discovery_generator::diff::Verdict::None,
            changes: Vec::new(),
        };
        let removed: Vec<String> = (0..40).map(|i| format!("crate::f{i}")).collect();
        let changes = Changes { removed, ..Changes::default() };
        let text = entry(&diff, Some(&changes), "0.2.0");
        assert!(text.contains("### Generated code\n\n- removed: ``crate::f0``"), "{text}");
        assert!(text.ends_with("- and 10 more\n"), "{text}");
        assert!(!entry(&diff, Some(&Changes::default()), "0.2.0").contains("###"));
    }
}
