//! Hostile text changes no code: Rust files have the tokens, and manifests the keys, that they have
//! with a harmless text.

use super::texts::CANARY;
use discovery_generator::FileTree;
use proc_macro2::{TokenStream, TokenTree};
use std::collections::BTreeMap;

/// Kinds of tokens, with how often each occurs.
pub(super) type Kinds = BTreeMap<String, usize>;

/// Returns how the code of two trees differs.
pub(super) fn differences(harmless: &FileTree, hostile: &FileTree) -> Vec<String> {
    let (before, after) = (kinds(harmless), kinds(hostile));
    let (before, after) = match (before, after) {
        (Ok(before), Ok(after)) => (before, after),
        (_, Err(why)) => return vec![why],
        (Err(why), _) => return vec![format!("with a harmless text: {why}")],
    };
    let more = after.iter().filter(|(kind, _)| !before.contains_key(*kind));
    more.map(|(kind, count)| format!("{count} × `{kind}`, which a harmless text does not cause"))
        .collect()
}

/// Counts what could execute something: macros, attributes, keys of manifests.
fn kinds(tree: &FileTree) -> Result<Kinds, String> {
    let mut kinds = Kinds::new();
    for (path, file) in tree.iter() {
        if path.ends_with(".rs") {
            let tokens: TokenStream =
                file.text.parse().map_err(|e| format!("{path} is not Rust: {e}"))?;
            count(tokens, &mut kinds);
        } else if path.ends_with(".toml") {
            let table: toml::Table =
                file.text.parse().map_err(|e| format!("{path} is not TOML: {e}"))?;
            keys(&toml::Value::Table(table), String::new(), &mut kinds);
        }
    }
    Ok(kinds)
}

/// Counts what could execute something in Rust.
pub(super) fn kinds_of(tokens: TokenStream) -> Kinds {
    let mut kinds = Kinds::new();
    count(tokens, &mut kinds);
    kinds
}

fn count(tokens: TokenStream, kinds: &mut Kinds) {
    let mut before = [String::new(), String::new()];
    for token in tokens {
        let text = match &token {
            TokenTree::Group(group) => {
                let [first, second] = &before;
                // A macro's call, an attribute, or a cast of pointers is more than text.
                if second == "!" && first != "#" {
                    *kinds.entry(format!("{first}!")).or_default() += 1;
                }
                if second == "#" || (first == "#" && second == "!") {
                    let name = group
                        .stream()
                        .into_iter()
                        .next()
                        .map_or_else(String::new, |t| t.to_string());
                    *kinds.entry(format!("#[{name}]")).or_default() += 1;
                }
                count(group.stream(), kinds);
                String::new()
            }
            TokenTree::Ident(ident) if ident == "unsafe" || ident == "extern" => {
                *kinds.entry(ident.to_string()).or_default() += 1;
                ident.to_string()
            }
            other => other.to_string(),
        };
        before = [std::mem::take(&mut before[1]), text];
    }
}

fn keys(value: &toml::Value, at: String, kinds: &mut Kinds) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                // Features are named after resources, and dependencies after the API.
                let named = at == ".features" || key.contains(CANARY) || key.starts_with("google-");
                let key = if named { "(a name)" } else { key };
                keys(value, format!("{at}.{key}"), kinds);
            }
        }
        _ => *kinds.entry(at).or_default() += 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macros_and_attributes_are_counted() {
        let mut kinds = Kinds::new();
        count(
            "#![deny(x)] #[test] fn f() { println!(\"{}\", evil!()); a != b }".parse().unwrap(),
            &mut kinds,
        );
        let found: Vec<&str> = kinds.keys().map(String::as_str).collect();
        assert_eq!(found, ["#[deny]", "#[test]", "evil!", "println!"]);
    }
}
