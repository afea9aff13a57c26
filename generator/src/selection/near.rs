//! Suggestions for a pattern that matches nothing.

use super::pattern::Pattern;
use std::collections::BTreeSet;

/// Minimum similarity of a suggestion, from 0 to 1.
const MIN_SIMILARITY: f64 = 0.72;

/// Maximum distance of other suggestions from the best.
const MAX_GAP: f64 = 0.06;

/// Maximum number of suggestions.
const MAX_SUGGESTIONS: usize = 3;

/// Maximum number of names to list if nothing is similar.
const MAX_LISTED: usize = 12;

/// Suggests a replacement.
pub(super) fn help<'a>(pattern: &Pattern<'_>, api: &str, paths: &[&'a str]) -> String {
    let near = near(pattern, api, paths);
    if !near.is_empty() {
        return format!("did you mean {}?", choice(&near));
    }
    let resources = resources(paths);
    let mut ends = pattern.text().match_indices('.').map(|(at, _)| &pattern.text()[..at]);
    let parent = ends.rfind(|parent| resources.contains(parent));
    let within = |path: &&'a str| match parent {
        Some(parent) => path.strip_prefix(parent)?.strip_prefix('.'),
        None => Some(*path),
    };
    let next: BTreeSet<String> = paths.iter().filter_map(within).map(first).collect();
    let named: Vec<String> = next.iter().take(MAX_LISTED).map(|name| format!("`{name}`")).collect();
    let more = match next.len().saturating_sub(MAX_LISTED) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    let whose = parent.map_or("the document".to_owned(), |parent| format!("`{parent}`"));
    format!("{whose} has {}{more}", named.join(", "))
}

/// Returns the first name of a path, which is a method or a resource with its contents.
fn first(path: &str) -> String {
    path.split_once('.').map_or(path.to_owned(), |(resource, _)| format!("{resource}.*"))
}

fn near(pattern: &Pattern<'_>, api: &str, paths: &[&str]) -> Vec<String> {
    let text = pattern.text();
    let mark = |found: &str| format!("{}{found}", if pattern.leaves_out { "!" } else { "" });
    // The id of a method begins with the name of the API.
    if let Some(rest) = text.strip_prefix(api).and_then(|rest| rest.strip_prefix('.'))
        && let Ok(inner) = Pattern::parse(rest)
        && paths.iter().any(|path| inner.matches(path))
    {
        return vec![mark(rest)];
    }
    let resources = resources(paths);
    if resources.contains(text) {
        return vec![mark(&format!("{text}.*"))];
    }
    let (typed, is_wild) = (plain(text), text.contains('*'));
    let mut found: Vec<(f64, String)> = Vec::new();
    if is_wild {
        let all = resources.iter().map(|resource| format!("{resource}.*"));
        found.extend(all.map(|wild| (similarity(&typed, &plain(&wild)), wild)));
    } else {
        found.extend(
            paths.iter().map(|path| (similarity(&typed, &plain(path)), (*path).to_owned())),
        );
    }
    found.retain(|(similarity, _)| *similarity > MIN_SIMILARITY);
    // The sort is stable: equally similar paths keep their order.
    found.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let least = found.first().map_or(0.0, |(best, _)| best - MAX_GAP);
    let near = found.iter().take_while(|(similarity, _)| *similarity >= least);
    near.map(|(_, path)| mark(path)).take(MAX_SUGGESTIONS).collect()
}

/// The resources on the way to the methods, by their paths.
fn resources<'a>(paths: &[&'a str]) -> BTreeSet<&'a str> {
    let mut out = BTreeSet::new();
    for path in paths {
        let mut rest = *path;
        while let Some((parent, _)) = rest.rsplit_once('.') {
            out.insert(parent);
            rest = parent;
        }
    }
    out
}

/// Returns the similarity of two paths, from 0 to 1. A matching end of a path, such as
/// `instances.get`, counts as a full match.
fn similarity(typed: &str, known: &str) -> f64 {
    if known.strip_suffix(typed).is_some_and(|rest| rest.ends_with('.')) {
        return 1.0;
    }
    strsim::normalized_damerau_levenshtein(typed, known).max({
        let tail = known.match_indices('.').map(|(at, _)| &known[at + 1..]);
        let tail = tail.filter(|tail| tail.contains('.') == typed.contains('.'));
        tail.map(|tail| strsim::normalized_damerau_levenshtein(typed, tail) - MAX_GAP / 2.0)
            .fold(0.0, f64::max)
    })
}

/// Removes the differences between command-line and Rust spelling.
fn plain(text: &str) -> String {
    text.to_lowercase().replace(['-', '_'], "")
}

/// Joins alternatives: `a`, `b` or `c`.
fn choice(items: &[String]) -> String {
    let quoted: Vec<String> = items.iter().map(|item| format!("`{item}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}
