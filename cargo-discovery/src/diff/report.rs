//! Report on all APIs.

use crate::surface::Changes;
use discovery_generator::diff::{Diff, Verdict, markdown, text};
use discovery_generator::shown::is_unprintable;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Plain text
    Text,
    /// Markdown for pull requests
    Markdown,
    /// JSON
    Json,
}

/// The difference of two sides.
#[derive(Default, serde::Serialize)]
pub(super) struct Report {
    /// Added APIs.
    pub(super) added: Vec<String>,
    /// Removed APIs.
    pub(super) removed: Vec<String>,
    /// Differences between documents.
    pub(super) diffs: Vec<Diff>,
    /// Differences between generated crates with the same document, by folder.
    pub(super) surfaces: BTreeMap<String, Changes>,
    /// Next version of an API's crates, if known and different.
    pub(super) versions: BTreeMap<String, String>,
}

/// Maximum number of items to show.
const MAX_SHOWN: usize = 200;

/// Returns JSON in which characters that control a terminal are escaped.
fn visible(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\n' || !is_unprintable(c) {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    out
}

impl Report {
    /// Returns the most severe verdict.
    pub(super) fn verdict(&self) -> Verdict {
        let diffs = self.diffs.iter().map(|d| d.verdict);
        let surfaces = self.surfaces.values().map(Changes::verdict);
        let gone = self.removed.iter().map(|_| Verdict::SOURCE);
        let new = self.added.iter().map(|_| Verdict::Compatible);
        diffs.chain(surfaces).chain(gone).chain(new).fold(Verdict::None, Verdict::and)
    }

    pub(super) fn render(&self, format: Format) -> String {
        match format {
            Format::Text => self.text(),
            Format::Markdown => self.markdown(),
            Format::Json => {
                let text = serde_json::to_string_pretty(self).unwrap_or_default();
                visible(&text) + "\n"
            }
        }
    }

    fn text(&self) -> String {
        let mut out = String::new();
        self.whole_apis(&mut out, "");
        for diff in &self.diffs {
            if !diff.is_empty() && !out.is_empty() && !out.ends_with("\n\n") {
                out.push('\n');
            }
            out.push_str(&text(diff));
            if let Some(version) = self.versions.get(&diff.api) {
                let _ = writeln!(out, "\nnext version: {version}");
            }
        }
        for (krate, changes) in &self.surfaces {
            let _ =
                writeln!(out, "\ngenerated/{krate}, from the same document: {}", summary(changes));
            for (name, items) in changes.lists().into_iter().filter(|(_, i)| !i.is_empty()) {
                let _ = writeln!(out, "\n{name}");
                for item in items.iter().take(MAX_SHOWN) {
                    let _ = writeln!(out, "  {item}");
                }
                rest(&mut out, items, "  ");
            }
        }
        out
    }

    fn markdown(&self) -> String {
        let mut out = String::new();
        self.whole_apis(&mut out, "- ");
        let changed = self.diffs.iter().filter(|d| !d.is_empty());
        let version = |d: &Diff| self.versions.get(&d.api).map(String::as_str);
        let parts: Vec<String> = changed.map(|d| markdown(d, version(d))).collect();
        out.push_str(&parts.join("\n"));
        for (krate, changes) in &self.surfaces {
            let _ = write!(
                out,
                "\n## `generated/{krate}`, from the same document\n\n**{}**\n",
                summary(changes)
            );
            for (name, items) in changes.lists().into_iter().filter(|(_, i)| !i.is_empty()) {
                let (folded, name) = (name == "added", capital(name));
                let _ = if folded {
                    write!(out, "\n<details><summary>{name} ({})</summary>\n\n", items.len())
                } else {
                    write!(out, "\n### {name} ({})\n\n", items.len())
                };
                for item in items.iter().take(MAX_SHOWN) {
                    let _ = writeln!(out, "- ``{item}``");
                }
                rest(&mut out, items, "- ");
                if folded {
                    out.push_str("\n</details>\n");
                }
            }
        }
        for diff in self.diffs.iter().filter(|d| d.is_empty()) {
            if let Some(version) = self.versions.get(&diff.api) {
                let _ = write!(out, "\nNext version of `{}`: `{version}`.\n", diff.api);
            }
        }
        if out.is_empty() {
            out.push_str("Nothing changes for users.\n");
        }
        out
    }

    fn whole_apis(&self, out: &mut String, sign: &str) {
        for id in &self.added {
            let _ = writeln!(out, "{sign}{id}: a new API");
        }
        for id in &self.removed {
            let _ = writeln!(out, "{sign}{id}: gone (breaking)");
        }
        if !out.is_empty() {
            out.push('\n');
        }
    }
}

/// Capitalizes the first letter.
fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}

fn rest(out: &mut String, items: &[String], sign: &str) {
    if let Some(n) = items.len().checked_sub(MAX_SHOWN).filter(|n| *n > 0) {
        let _ = writeln!(out, "{sign}and {n} more");
    }
}

/// Summarizes changes: `2 removed, 1 changed: breaking`.
pub(crate) fn summary(changes: &Changes) -> String {
    let counts: Vec<String> = (changes.lists().into_iter())
        .filter(|(_, items)| !items.is_empty())
        .map(|(name, items)| format!("{} {name}", items.len()))
        .collect();
    match (changes.is_empty(), changes.is_breaking()) {
        (true, _) => "the public API is the same".to_owned(),
        (_, true) => format!("{}: breaking", counts.join(", ")),
        (_, false) => format!("{}: compatible", counts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surface(removed: &[&str], added: &[&str]) -> BTreeMap<String, Changes> {
        let owned = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
        let (removed, added) = (owned(removed), owned(added));
        BTreeMap::from([("x-v1".to_owned(), Changes { removed, added, ..Changes::default() })])
    }

    #[test]
    fn all_parts_count() {
        let report = |r: Report| r.verdict();
        assert_eq!(report(Report::default()), Verdict::None);
        let added = Report { added: vec!["x:v1".into()], ..Report::default() };
        assert_eq!(report(added), Verdict::Compatible);
        let surfaces = surface(&[], &["f"]);
        assert_eq!(report(Report { surfaces, ..Report::default() }), Verdict::Compatible);
        let surfaces = surface(&["f"], &[]);
        assert_eq!(report(Report { surfaces, ..Report::default() }), Verdict::SOURCE);
    }

    #[test]
    fn changed_templates_are_reported() {
        let report = Report { surfaces: surface(&["crate::f: fn()"], &[]), ..Report::default() };
        let text = report.render(Format::Text);
        assert!(
            text.contains("generated/x-v1, from the same document: 1 removed: breaking"),
            "{text}"
        );
        assert!(text.contains("  crate::f: fn()\n"), "{text}");
        let markdown = report.render(Format::Markdown);
        assert!(markdown.contains("- ``crate::f: fn()``"), "{markdown}");
        let json: serde_json::Value = serde_json::from_str(&report.render(Format::Json)).unwrap();
        assert_eq!(json["surfaces"]["x-v1"]["removed"][0], "crate::f: fn()");
    }

    #[test]
    fn the_next_version_is_reported_if_known() {
        let diff = Diff {
            api: "x:v1".into(),
            old_revision: "1".into(),
            new_revision: "1".into(),
            verdict: Verdict::None,
            changes: Vec::new(),
        };
        let versions = BTreeMap::from([("x:v1".to_owned(), "0.2.0+1".to_owned())]);
        let surfaces = surface(&["f"], &[]);
        let report = Report { diffs: vec![diff], surfaces, versions, ..Report::default() };
        assert!(report.render(Format::Text).contains("next version: 0.2.0+1"));
        assert!(report.render(Format::Markdown).contains("Next version of `x:v1`: `0.2.0+1`."));
    }

    #[test]
    fn json_controls_no_terminal() {
        let report =
            Report { added: vec!["a\u{9b}31m\u{e0041}é\n".to_owned()], ..Report::default() };
        let json = report.render(Format::Json);
        assert!(json.contains(r#""a\u009b31m\udb40\udc41é\n""#), "{json}");
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["added"][0], report.added[0].as_str());
    }

    #[test]
    fn long_lists_are_cut() {
        let many: Vec<String> = (0..MAX_SHOWN + 5).map(|i| i.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let report = Report { surfaces: surface(&[], &many), ..Report::default() };
        assert!(report.render(Format::Text).contains("and 5 more"));
    }
}
