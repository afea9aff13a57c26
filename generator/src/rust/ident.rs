//! Converts wire names to Rust identifiers. The only user of `heck`.

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use serde::{Serialize, Serializer};
use std::fmt;

/// A valid Rust identifier.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RustIdent(String);

impl RustIdent {
    /// The identifier, with `r#` where it is a keyword.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the identifier without `r#`, for use in longer names.
    #[must_use]
    pub fn bare(&self) -> &str {
        self.0.strip_prefix("r#").unwrap_or(&self.0)
    }

    /// `prefix` and this, as text for one identifier.
    #[must_use]
    pub(super) fn prefixed(&self, prefix: &str) -> String {
        format!("{prefix}{}", self.bare().trim_start_matches('_'))
    }

    pub(super) fn from_bare(text: String) -> Self {
        Self(escape_keyword(text))
    }
}

impl fmt::Display for RustIdent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for RustIdent {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

/// Keywords of edition 2024 that `r#` can carry (Rust reference, "Keywords").
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Keywords that `r#` cannot carry.
const UNRAWABLE: &[&str] = &["Self", "crate", "self", "super"];

pub(super) fn is_keyword(text: &str) -> bool {
    KEYWORDS.binary_search(&text).is_ok() || UNRAWABLE.contains(&text)
}

fn escape_keyword(text: String) -> String {
    if UNRAWABLE.contains(&text.as_str()) {
        format!("{text}_")
    } else if KEYWORDS.binary_search(&text.as_str()).is_ok() {
        format!("r#{text}")
    } else {
        text
    }
}

/// Keeps ASCII letters and digits; everything else separates words.
fn words(wire: &str) -> String {
    wire.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect()
}

/// Spells out the code points of text that has no identifier form.
fn spelled_out(wire: &str) -> String {
    let mut out = String::from("x");
    for c in wire.chars().take(8) {
        out.push_str(&format!("{:x}", u32::from(c)));
    }
    out
}

/// Converts to `snake_case`; ignores keywords.
#[must_use]
pub fn snake(wire: &str) -> String {
    let text = words(wire).to_snake_case();
    match text.as_bytes().first() {
        None => spelled_out(wire),
        Some(b'0'..=b'9') => format!("_{text}"),
        Some(_) => text,
    }
}

/// Converts to `UpperCamelCase`; ignores keywords. `digit` precedes a leading digit.
#[must_use]
pub fn camel(wire: &str, digit: &str) -> String {
    let text = words(wire).to_upper_camel_case();
    match text.as_bytes().first() {
        None => spelled_out(wire).to_upper_camel_case(),
        Some(b'0'..=b'9') => format!("{digit}{text}"),
        Some(_) => text,
    }
}

/// Converts to `SCREAMING_SNAKE_CASE`; ignores keywords.
#[must_use]
pub fn screaming(wire: &str) -> String {
    let text = snake(wire).to_shouty_snake_case();
    // The underscore of `snake` is lost.
    if text.starts_with(|c: char| c.is_ascii_digit()) { format!("_{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_sorted_for_the_search() {
        assert!(KEYWORDS.is_sorted());
    }

    #[test]
    fn constants_begin_with_no_digit() {
        for (wire, rust) in [("0 a", "_0_A"), ("aB", "A_B"), ("$a", "A")] {
            assert_eq!(screaming(wire), rust);
        }
    }

    #[test]
    fn snake_table() {
        for (wire, rust) in [
            ("displayName", "display_name"),
            ("HTTPHealthCheck", "http_health_check"),
            ("ipv4Address", "ipv4_address"),
            ("$.xgafv", "xgafv"),
            ("endDate.day", "end_date_day"),
            ("end-date", "end_date"),
            ("@context", "context"),
            ("_meta", "meta"),
            ("240p", "_240p"),
            ("already_snake", "already_snake"),
            ("$", "x24"),
            ("", "x"),
            ("größe", "gr_e"),
            ("getOpenid-configuration", "get_openid_configuration"),
        ] {
            assert_eq!(snake(wire), rust, "{wire:?}");
        }
    }

    #[test]
    fn camel_table() {
        for (wire, rust) in [
            ("NOT_ACTIVATED", "NotActivated"),
            ("240p", "V240p"),
            ("next-page", "NextPage"),
            ("AD_ID.ORG", "AdIdOrg"),
            ("GoogleAdsSearchads360V23Resources_Foo", "GoogleAdsSearchads360V23ResourcesFoo"),
            ("", "X"),
            ("**", "X2a2a"),
        ] {
            assert_eq!(camel(wire, "V"), rust, "{wire:?}");
        }
    }

    #[test]
    fn keywords_are_escaped() {
        for (bare, rust) in
            [("type", "r#type"), ("self", "self_"), ("Self", "Self_"), ("gen", "r#gen"), ("a", "a")]
        {
            assert_eq!(RustIdent::from_bare(bare.to_owned()).as_str(), rust);
        }
    }
}
