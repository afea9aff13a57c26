//! The word that was meant.

/// How alike two words must be, from 0 to 1, for one to be offered for the other.
const ALIKE: f64 = 0.8;

/// How many words are offered at most.
const OFFERED: usize = 3;

/// How much less alike than the best one the others may be.
const NEAR: f64 = 0.25;

/// The candidate most like `typed`, if one is like it at all. Case and separators count little.
pub(crate) fn closest<S: AsRef<str>>(
    typed: &str,
    candidates: impl IntoIterator<Item = S>,
) -> Option<S> {
    nearest(typed, candidates).into_iter().next()
}

/// The candidates that are like `typed`, the most alike first, a few at most.
pub(crate) fn nearest<S: AsRef<str>>(
    typed: &str,
    candidates: impl IntoIterator<Item = S>,
) -> Vec<S> {
    let typed = plain(typed);
    let mut found: Vec<(f64, S)> = candidates
        .into_iter()
        .filter_map(|candidate| Some((likeness(&typed, &plain(candidate.as_ref()))?, candidate)))
        .collect();
    // Stable: of words equally alike the first one stays in front.
    found.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let least = found.first().map_or(0.0, |(best, _)| best - NEAR);
    let near = found.into_iter().take_while(|(likeness, _)| *likeness >= least);
    near.map(|(_, candidate)| candidate).take(OFFERED).collect()
}

/// How like two words are; `None` if one is hardly meant by the other.
///
/// Jaro-Winkler finds words that begin alike, the edit distance tells `jobs-search` from
/// `jobs-search-for-alert` and finds swapped letters in short words.
fn likeness(typed: &str, known: &str) -> Option<f64> {
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
    (begins > ALIKE || edits <= few).then(|| begins + 1.0 - ratio(edits, longer))
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
    fn the_most_alike_comes_first() {
        let known = ["jobs-search-for-alert", "jobs-list", "jobs-search", "companies-list"];
        assert_eq!(nearest("jobs-serch", known), ["jobs-search"]);
        assert_eq!(nearest("job-l", ["jobs-list", "job-lists"]), ["job-lists", "jobs-list"]);
        assert_eq!(nearest("jobs-search-for-alrt", known)[0], "jobs-search-for-alert");
    }
}
