//! Runs cargo-semver-checks on two crates.

use super::crates::Revision;
use std::path::Path;
use std::process::Command;

/// Result of cargo-semver-checks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SemverResult {
    /// Violated rules that require a new major version.
    pub(super) lints: Vec<String>,
}

/// Runs cargo-semver-checks. Only changes that require a new major version count; new items and
/// deprecations do not.
pub(super) fn semver_check(
    old: &Revision,
    new: &Revision,
    features: &str,
    out: &Path,
) -> Result<SemverResult, String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["semver-checks", "check-release", "--release-type", "minor", "--color", "never"])
        .args(["--only-explicit-features", "--features", features])
        .args(old.is_gated().then_some("--baseline-features=full"))
        .args(new.is_gated().then_some("--current-features=full"))
        .arg("--manifest-path")
        .arg(new.folder.join("Cargo.toml"))
        .arg("--baseline-root")
        .arg(&old.folder)
        // Outside of this workspace, with one target folder.
        .current_dir(&new.folder)
        .env("CARGO_TARGET_DIR", out.join("target"))
        .output()
        .map_err(|e| format!("cargo semver-checks: {e}"))?;
    let text = format!(
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    if text.contains("no such command") {
        return Err("run `cargo install cargo-semver-checks --locked` first".to_owned());
    }
    parse_report(&text, output.status.success()).ok_or_else(|| {
        format!("cargo semver-checks has no result for {}:\n{text}", new.folder.display())
    })
}

/// Parses the report: a heading for each violated rule, and a final summary.
fn parse_report(text: &str, passed: bool) -> Option<SemverResult> {
    let rule = |line: &str| {
        let (name, _) = line.trim().strip_prefix("--- failure ")?.split_once(':')?;
        Some(name.to_owned())
    };
    let mut lints: Vec<String> = text.lines().filter_map(rule).collect();
    lints.sort();
    lints.dedup();
    let checked = text.contains("Summary no semver update required")
        || text.contains("Summary semver requires");
    (checked && passed == lints.is_empty()).then_some(SemverResult { lints })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_parsed() {
        let bad = "     Checking x v0.1.0 -> v0.1.0 (minor change)\n\
            --- failure struct_missing: pub struct removed or renamed ---\n\nDescription:\n\
            --- failure enum_variant_missing: pub enum variant removed or renamed ---\n\
            --- failure struct_missing: pub struct removed or renamed ---\n\
            \x20    Summary semver requires new major version: 2 major and 0 minor checks failed\n";
        let lints = vec!["enum_variant_missing".to_owned(), "struct_missing".to_owned()];
        assert_eq!(parse_report(bad, false), Some(SemverResult { lints }));
        let good = "     Summary no semver update required\n";
        assert_eq!(parse_report(good, true), Some(SemverResult { lints: vec![] }));
        assert_eq!(parse_report("error: could not build", false), None);
        assert_eq!(parse_report(good, false), None);
    }
}
