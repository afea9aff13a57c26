//! Suggestions for misspelled words.

/// Minimum similarity of a suggestion, from 0 to 1.
const MIN_SIMILARITY: f64 = 0.8;

/// Maximum number of suggestions.
const MAX_SUGGESTIONS: usize = 3;

/// Maximum distance of other suggestions from the best.
const MAX_GAP: f64 = 0.25;

/// Returns the candidate most similar to `typed`, if any. Case and separators count little.
pub(crate) fn closest<S: AsRef<str>>(
    typed: &str,
    candidates: impl IntoIterator<Item = S>,
) -> Option<S> {
    nearest(typed, candidates).into_iter().next()
}

/// Returns a few candidates similar to `typed`, best first.
pub(crate) fn nearest<S: AsRef<str>>(
    typed: &str,
    candidates: impl IntoIterator<Item = S>,
) -> Vec<S> {
    let typed = plain(typed);
    let mut found: Vec<(f64, S)> = candidates
        .into_iter()
        .filter_map(|candidate| Some((similarity(&typed, &plain(candidate.as_ref()))?, candidate)))
        .collect();
    // The sort is stable: equally similar words keep their order.
    found.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let least = found.first().map_or(0.0, |(best, _)| best - MAX_GAP);
    let near = found.into_iter().take_while(|(similarity, _)| *similarity >= least);
    near.map(|(_, candidate)| candidate).take(MAX_SUGGESTIONS).collect()
}

/// Returns the similarity of two words; `None` if they are too different.
///
/// Jaro-Winkler finds words with the same beginning; the edit distance distinguishes `jobs-search`
/// from `jobs-search-for-alert` and finds swapped letters in short words.
fn similarity(typed: &str, known: &str) -> Option<f64> {
    if typed.is_empty() {
        return None;
    }
    if sorted(typed) == sorted(known) {
        return Some(2.0);
    }
    let longer = typed.chars().count().max(known.chars().count());
    let edits = strsim::osa_distance(typed, known);
    let begins = strsim::jaro_winkler(typed, known);
    let few = match longer {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    };
    (begins > MIN_SIMILARITY || edits <= few).then(|| begins + 1.0 - ratio(edits, longer))
}

fn ratio(part: usize, whole: usize) -> f64 {
    let number = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    number(part) / number(whole.max(1))
}

/// `search-jobs` and `jobs-search` have the same words.
fn sorted(word: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = word.split('-').collect();
    parts.sort_unstable();
    parts
}

fn plain(word: &str) -> String {
    word.trim().to_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::{closest, nearest};

    #[test]
    fn finds_the_nearest() {
        for (typed, known, want) in [
            ("fliter", &["query", "filter", "file"][..], Some("filter")),
            ("quota-usr", &["quota-user", "key"], Some("quota-user")),
            (" client-event", &["client-event"], Some("client-event")),
            ("FULL_TIM", &["PART_TIME", "FULL_TIME"], Some("FULL_TIME")),
            ("jbo", &["job", "request-metadata"], Some("job")),
            ("lsit", &["get", "list", "patch"], Some("list")),
            ("search-jobs", &["jobs-list", "jobs-search"], Some("jobs-search")),
            ("zzz", &["filter"], None),
            ("id", &["in"], None),
            ("", &["filter"], None),
        ] {
            assert_eq!(closest(typed, known.iter().copied()), want, "{typed}");
        }
    }

    #[test]
    fn the_most_similar_is_first() {
        let known = ["jobs-search-for-alert", "jobs-list", "jobs-search", "companies-list"];
        assert_eq!(nearest("jobs-serch", known), ["jobs-search"]);
        assert_eq!(nearest("job-l", ["jobs-list", "job-lists"]), ["job-lists", "jobs-list"]);
        assert_eq!(nearest("jobs-search-for-alrt", known)[0], "jobs-search-for-alert");
    }
}
