//! Every dependency has a license that `deny.toml` allows. Only runs cargo, so it needs no network;
//! `cargo deny check licenses` checks the same.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use serde_json::Value;
use std::collections::BTreeSet;
use std::process::{Command, Output};

/// An SPDX expression: licenses, `AND`, `OR`, `WITH`, and parentheses. Old manifests use `/` for
/// `OR`.
struct Expression<'a> {
    words: Vec<&'a str>,
    at: usize,
    allowed: &'a BTreeSet<String>,
}

/// Returns `true` if the allowed licenses satisfy an expression, or an error if it is invalid.
fn is_allowed(text: &str, allowed: &BTreeSet<String>) -> Result<bool, String> {
    let spaced = text.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words = spaced.split_whitespace().collect();
    let mut expression = Expression { words, at: 0, allowed };
    let result = expression.any()?;
    match expression.words.get(expression.at) {
        None => Ok(result),
        Some(word) => Err(format!("`{text}`: unexpected `{word}`")),
    }
}

impl<'a> Expression<'a> {
    fn next(&mut self) -> Option<&'a str> {
        self.at += 1;
        self.words.get(self.at - 1).copied()
    }

    fn accept(&mut self, word: &str) -> bool {
        let is_there = self.words.get(self.at) == Some(&word);
        self.at += usize::from(is_there);
        is_there
    }

    fn any(&mut self) -> Result<bool, String> {
        let mut result = self.all()?;
        while self.accept("OR") {
            result |= self.all()?;
        }
        Ok(result)
    }

    fn all(&mut self) -> Result<bool, String> {
        let mut result = self.one()?;
        while self.accept("AND") {
            result &= self.one()?;
        }
        Ok(result)
    }

    fn one(&mut self) -> Result<bool, String> {
        if self.accept("(") {
            let result = self.any()?;
            return if self.accept(")") { Ok(result) } else { Err("`)` is missing".to_owned()) };
        }
        let license = self.next().ok_or("missing license")?;
        if matches!(license, "AND" | "OR" | "WITH" | ")") {
            return Err(format!("`{license}` is not a license"));
        }
        let license = if self.accept("WITH") {
            format!("{license} WITH {}", self.next().ok_or("missing exception")?)
        } else {
            license.to_owned()
        };
        Ok(self.allowed.contains(&license))
    }
}

fn metadata(more: &[&str]) -> Output {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--format-version", "1", "--all-features", "--locked"];
    Command::new(cargo).args(arguments).args(more).output().expect("cargo runs")
}

/// Returns every package of the lock file, for all platforms.
fn packages() -> Vec<Value> {
    let mut output = metadata(&["--offline"]);
    if !output.status.success() {
        // Cargo downloads only packages for this platform; others may be missing.
        output = metadata(&[]);
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    metadata["packages"].as_array().expect("packages").clone()
}

fn rules() -> toml::Table {
    let text = std::fs::read_to_string("../deny.toml").expect("deny.toml");
    toml::from_str(&text).expect("TOML")
}

/// Returns the licenses that a crate may have.
fn allowed(rules: &toml::Table, name: &str) -> BTreeSet<String> {
    let licenses = &rules["licenses"];
    let exceptions = licenses["exceptions"].as_array().expect("a list");
    let exceptions = exceptions.iter().filter(|one| one["crate"].as_str() == Some(name));
    std::iter::once(licenses)
        .chain(exceptions)
        .flat_map(|rule| rule["allow"].as_array().expect("a list"))
        .map(|license| license.as_str().expect("text").to_owned())
        .collect()
}

#[test]
fn licenses_of_dependencies_are_allowed() {
    let (rules, packages) = (rules(), packages());
    assert!(packages.len() > 100, "{} packages", packages.len());
    let refused: Vec<String> = (packages.iter())
        .filter_map(|package| {
            let license = package["license"].as_str().unwrap_or_default();
            let allowed = allowed(&rules, package["name"].as_str().unwrap_or_default());
            let told = match is_allowed(license, &allowed) {
                Ok(true) => return None,
                Ok(false) => format!("`{license}` is not allowed by deny.toml"),
                Err(error) => error,
            };
            Some(format!("{} {}: {told}", package["name"], package["version"]))
        })
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn expressions_follow_spdx() {
    let allowed = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned).into();
    for (text, want) in [
        ("MIT", Ok(true)),
        ("GPL-3.0-only", Ok(false)),
        ("MIT OR GPL-3.0-only", Ok(true)),
        ("GPL-3.0-only/MIT", Ok(true)),
        ("MIT AND GPL-3.0-only", Ok(false)),
        ("MIT AND (GPL-3.0-only OR ISC)", Ok(true)),
        // AND binds more tightly than OR.
        ("GPL-3.0-only AND ISC OR MIT", Ok(true)),
        ("MIT OR ISC AND GPL-3.0-only", Ok(true)),
        ("(MIT OR ISC) AND GPL-3.0-only", Ok(false)),
        ("Apache-2.0", Ok(false)),
        ("Apache-2.0 WITH LLVM-exception", Ok(true)),
        ("MIT WITH LLVM-exception", Ok(false)),
        ("", Err(())),
        ("MIT ISC", Err(())),
        ("(MIT", Err(())),
        ("MIT OR", Err(())),
        ("AND MIT", Err(())),
    ] {
        assert_eq!(is_allowed(text, &allowed).map_err(|_| ()), want, "{text}");
    }
}
