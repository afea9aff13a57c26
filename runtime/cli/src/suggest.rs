//! The word that was meant.

/// How alike two words must be, from 0 to 1, for one to be offered for the other.
const ALIKE: f64 = 0.8;

/// The candidate most like `typed`, if one is like it at all. Case and separators count little.
pub(crate) fn closest<S: AsRef<str>>(
    typed: &str,
    candidates: impl IntoIterator<Item = S>,
) -> Option<S> {
    let typed = plain(typed);
    let mut best: Option<(f64, S)> = None;
    for candidate in candidates {
        let alike = strsim::jaro_winkler(&typed, &plain(candidate.as_ref()));
        if alike > ALIKE && best.as_ref().is_none_or(|(least, _)| alike > *least) {
            best = Some((alike, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn plain(word: &str) -> String {
    word.trim().to_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn finds_the_nearest() {
        assert_eq!(closest("fliter", ["query", "filter", "file"]), Some("filter"));
        assert_eq!(closest("quota-usr", ["quota-user", "key"]), Some("quota-user"));
        assert_eq!(closest(" client-event", ["client-event"]), Some("client-event"));
        assert_eq!(closest("FULL_TIM", ["PART_TIME", "FULL_TIME"]), Some("FULL_TIME"));
        assert_eq!(closest("zzz", ["filter"]), None);
        assert_eq!(closest("", ["filter"]), None);
    }
}
