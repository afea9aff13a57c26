//! The next version of a generated crate.

use super::change::Verdict;
use semver::{BuildMetadata, Prerelease, Version};
use std::fmt;

/// Error for text that is not a semantic version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionError {
    text: String,
    why: String,
}

impl fmt::Display for VersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a version: {}; write it as 0.3.0 or 0.3.0+20251014",
            self.text, self.why
        )
    }
}

impl std::error::Error for VersionError {}

fn parse(text: &str) -> Result<Version, VersionError> {
    Version::parse(text)
        .map_err(|e| VersionError { text: text.escape_default().to_string(), why: e.to_string() })
}

/// Returns the next version after changes with `verdict`, with the document's revision as build
/// metadata.
///
/// From 1.0.0, a breaking change increments the major version, a compatible change the minor
/// version, and a documentation change the patch version. Before 1.0.0, each change increments one
/// position lower, because Cargo treats the first nonzero number as the major version. A
/// pre-release increments its pre-release number. Without changes, the version is unchanged.
///
/// # Errors
/// `current` is not a version (Semantic Versioning 2.0.0).
pub fn next_version(
    current: &str,
    verdict: Verdict,
    revision: &str,
) -> Result<String, VersionError> {
    let mut version = parse(current)?;
    if verdict == Verdict::None {
        return Ok(version.to_string());
    }
    if !version.pre.is_empty() {
        version.pre = next_prerelease(&version.pre);
        version.build = metadata(revision);
        return Ok(version.to_string());
    }
    let Version { major, minor, patch, .. } = version;
    let (major, minor, patch) = match (major, minor, verdict) {
        (0, 0, _) => (0, 0, patch + 1),
        (0, _, Verdict::Breaking(_)) => (0, minor + 1, 0),
        (0, _, _) => (0, minor, patch + 1),
        (_, _, Verdict::Breaking(_)) => (major + 1, 0, 0),
        (_, _, Verdict::Compatible) => (major, minor + 1, 0),
        _ => (major, minor, patch + 1),
    };
    let mut next = Version::new(major, minor, patch);
    next.build = metadata(revision);
    Ok(next.to_string())
}

/// `version` with the document's revision as its build metadata.
///
/// # Errors
/// `version` is not a version.
pub fn with_revision(version: &str, revision: &str) -> Result<String, VersionError> {
    let mut version = parse(version)?;
    version.build = metadata(revision);
    Ok(version.to_string())
}

/// `alpha.1` becomes `alpha.2`, `rc` becomes `rc.1`.
fn next_prerelease(pre: &Prerelease) -> Prerelease {
    let (head, last) = pre.rsplit_once('.').map_or(("", pre.as_str()), |(h, l)| (h, l));
    let text = match (head, last.parse::<u64>()) {
        ("", Ok(n)) => n.saturating_add(1).to_string(),
        (head, Ok(n)) => format!("{head}.{}", n.saturating_add(1)),
        (_, Err(_)) => format!("{pre}.1"),
    };
    Prerelease::new(&text).unwrap_or_else(|_| pre.clone())
}

/// Build metadata may contain only letters, digits, and hyphens.
fn metadata(revision: &str) -> BuildMetadata {
    let text: String =
        revision.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    BuildMetadata::new(&text).unwrap_or(BuildMetadata::EMPTY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        let (breaking, compatible) = (Verdict::SOURCE, Verdict::Compatible);
        for (current, verdict, next) in [
            ("0.3.0", breaking, "0.4.0+20251014"),
            ("0.3.7+20241217", Verdict::WIRE, "0.4.0+20251014"),
            ("0.3.0+20241217", compatible, "0.3.1+20251014"),
            ("0.3.0", Verdict::Docs, "0.3.1+20251014"),
            ("0.3.0+20241217", Verdict::None, "0.3.0+20241217"),
            ("0.0.4", compatible, "0.0.5+20251014"),
            ("0.0.4", breaking, "0.0.5+20251014"),
            ("1.4.2", breaking, "2.0.0+20251014"),
            ("1.4.2", compatible, "1.5.0+20251014"),
            ("1.4.2", Verdict::Docs, "1.4.3+20251014"),
            ("1.0.0-alpha.9", breaking, "1.0.0-alpha.10+20251014"),
            ("1.0.0-rc", compatible, "1.0.0-rc.1+20251014"),
        ] {
            assert_eq!(next_version(current, verdict, "20251014").unwrap(), next, "{current}");
        }
    }

    #[test]
    fn revisions_are_normalized_and_invalid_versions_rejected() {
        assert_eq!(with_revision("1.0.0", "2025-10-14 (a/b)").unwrap(), "1.0.0+2025-10-14ab");
        assert_eq!(with_revision("1.0.0+1", "").unwrap(), "1.0.0");
        let error = next_version("one", Verdict::Docs, "1").unwrap_err();
        assert!(error.to_string().contains("`one` is not a version"), "{error}");
    }
}
