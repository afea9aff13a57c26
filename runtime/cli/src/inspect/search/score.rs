//! How well an entry matches words.

use std::collections::BTreeSet;

use discovery_describe::names::kebab;

use super::index::{Entry, Kind};
use crate::suggest;

/// Quality of a match; the larger, the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Score {
    /// Matched words.
    pub(super) words: usize,
    points: u32,
    kind: std::cmp::Reverse<Kind>,
}

/// Words that say nothing about an API.
const FILLERS: &[&str] = &[
    "a", "all", "an", "and", "by", "do", "for", "from", "how", "i", "in", "is", "my", "of", "on",
    "or", "the", "to", "what", "with",
];

/// Verbs of people and of APIs.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("add", &["create", "insert"]),
    ("change", &["patch", "update", "modify"]),
    ("edit", &["patch", "update"]),
    ("fetch", &["get"]),
    ("find", &["search", "list", "query"]),
    ("make", &["create", "insert"]),
    ("modify", &["patch", "update"]),
    ("new", &["create", "insert"]),
    ("read", &["get", "list"]),
    ("remove", &["delete"]),
    ("show", &["get", "list"]),
    ("update", &["patch"]),
];

/// Splits a query into words: `companyName` into `company` and `name`. Fillers are dropped unless
/// there is nothing else; a word counts once.
pub(super) fn words(typed: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let all: Vec<String> =
        split(typed).into_iter().filter(|word| seen.insert(word.clone())).collect();
    let telling: Vec<String> =
        all.iter().filter(|word| !FILLERS.contains(&word.as_str())).cloned().collect();
    if telling.is_empty() { all } else { telling }
}

/// Returns the words of a text in singular and lower case.
fn split(text: &str) -> Vec<String> {
    text.split_whitespace()
        .flat_map(|part| {
            // `FULL_TIME` is a constant, not a camel-case name.
            let name = if part.chars().any(char::is_lowercase) { kebab(part) } else { part.into() };
            let name = name.to_lowercase();
            let words = name.split(|c: char| !c.is_alphanumeric());
            words.filter(|word| !word.is_empty()).map(stem).collect::<Vec<_>>()
        })
        .collect()
}

/// The singular of a word, as far as a rule goes.
fn stem(word: &str) -> String {
    match word.strip_suffix("ies") {
        Some(start) if start.len() > 1 => format!("{start}y"),
        _ => match word.strip_suffix('s') {
            Some(start) if start.len() > 2 && !start.ends_with('s') => start.to_owned(),
            _ => word.to_owned(),
        },
    }
}

/// Scores an entry; `None` if no word matches.
pub(super) fn score(words: &[String], entry: &Entry) -> Option<Score> {
    let name = split(&entry.name);
    let inside = split(&entry.inside);
    let values: Vec<String> = entry.values.iter().flat_map(|value| split(value)).collect();
    let description = split(entry.description);
    let points = |word: &String| {
        // Similar words of descriptions would be noise, and comparing them takes long.
        let places = [
            (&name, 60, true),
            (&inside, 30, true),
            (&values, 20, true),
            (&description, 10, false),
        ];
        let points = |(place, weight, similar): &(&Vec<String>, u32, bool)| {
            fit(word, place, *similar) * weight
        };
        places.iter().map(points).max().unwrap_or(0)
    };
    let each: Vec<u32> = words.iter().map(points).collect();
    let matched = each.iter().filter(|points| **points > 0).count();
    let surplus = u32::try_from(name.len().saturating_sub(words.len())).unwrap_or(u32::MAX);
    let total = each.iter().sum::<u32>().saturating_sub(surplus.saturating_mul(10));
    (matched > 0).then_some(Score {
        words: matched,
        points: total,
        kind: std::cmp::Reverse(entry.kind),
    })
}

/// Returns how well a word fits the best of `place`: 10 for the word itself, less for a synonym, a
/// beginning, or, if `similar` words count, another spelling; 0 if it does not.
fn fit(word: &str, place: &[String], similar: bool) -> u32 {
    let others = SYNONYMS.iter().find(|(other, _)| *other == word).map_or(&[][..], |(_, all)| all);
    let one = |known: &String| {
        if known == word {
            10
        } else if others.contains(&known.as_str()) {
            8
        } else if word.chars().count() >= 3 && known.starts_with(word) {
            6
        } else if similar && word.chars().count() >= 4 && suggest::closest(word, [known]).is_some()
        {
            4
        } else {
            0
        }
    };
    place.iter().map(one).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_become_words() {
        for (typed, want) in [
            ("how to create a job", &["create", "job"][..]),
            ("companyName", &["company", "name"]),
            ("companies FULL_TIME", &["company", "full", "time"]),
            ("address is", &["address"]),
            ("jobs of a job of jobs", &["job"]),
            ("all", &["all"]),
            (" ?! ", &[]),
        ] {
            assert_eq!(words(typed), want, "{typed}");
        }
    }

    #[test]
    fn closer_words_fit_better() {
        let place = ["create".to_owned(), "job".to_owned()];
        let fits: Vec<u32> =
            ["create", "add", "cre", "craete", "zzz"].map(|word| fit(word, &place, true)).into();
        assert_eq!(fits, [10, 8, 6, 4, 0]);
        assert_eq!(fit("craete", &place, false), 0);
    }
}
