//! Matches the items of two lists.

use std::collections::{BTreeMap, VecDeque};

/// Matched positions in an old and a new list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Matched {
    /// Items in both lists, in the order of the new one.
    pub(super) both: Vec<(usize, usize)>,
    /// Items only in the old list.
    pub(super) gone: Vec<usize>,
    /// Items only in the new list.
    pub(super) fresh: Vec<usize>,
}

impl Matched {
    /// Matches items with equal keys. Of several items with the same key, the first matches the
    /// first, the second matches the second, and so on.
    pub(super) fn by_key<K: Ord>(
        old: impl Iterator<Item = K>,
        new: impl Iterator<Item = K>,
    ) -> Self {
        let mut known: BTreeMap<K, VecDeque<usize>> = BTreeMap::new();
        let mut matched = Self::default();
        for (i, key) in old.enumerate() {
            known.entry(key).or_default().push_back(i);
        }
        for (j, key) in new.enumerate() {
            match known.get_mut(&key).and_then(VecDeque::pop_front) {
                Some(i) => matched.both.push((i, j)),
                None => matched.fresh.push(j),
            }
        }
        matched.gone.extend(known.into_values().flatten());
        matched.gone.sort_unstable();
        matched
    }

    /// Matches remaining items whose key occurs exactly once on each side.
    pub(super) fn match_unique<K: Ord>(
        &mut self,
        old_key: impl Fn(usize) -> Option<K>,
        new_key: impl Fn(usize) -> Option<K>,
    ) -> Vec<(usize, usize)> {
        let mut keys: BTreeMap<K, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for i in &self.gone {
            if let Some(key) = old_key(*i) {
                keys.entry(key).or_default().0.push(*i);
            }
        }
        for j in &self.fresh {
            if let Some(key) = new_key(*j) {
                keys.entry(key).or_default().1.push(*j);
            }
        }
        let mut taken: Vec<(usize, usize)> = (keys.into_values())
            .filter_map(|(old, new)| match (old.as_slice(), new.as_slice()) {
                ([i], [j]) => Some((*i, *j)),
                _ => None,
            })
            .collect();
        taken.sort_unstable_by_key(|(_, j)| *j);
        self.gone.retain(|i| !taken.iter().any(|(t, _)| t == i));
        self.fresh.retain(|j| !taken.iter().any(|(_, t)| t == j));
        taken
    }
}

/// Returns `true` if the pairs are ordered differently in the two lists.
pub(super) fn reordered(pairs: &[(usize, usize)]) -> bool {
    let mut sorted = pairs.to_vec();
    sorted.sort_unstable_by_key(|(_, j)| *j);
    !sorted.is_sorted_by_key(|(i, _)| *i)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_match_and_others_are_reported() {
        let matched = Matched::by_key(["a", "b", "a"].iter(), ["b", "c", "a"].iter());
        assert_eq!(matched.both, [(1, 0), (0, 2)]);
        assert_eq!((matched.gone, matched.fresh), (vec![2], vec![1]));
        let matched = Matched::by_key(["a", "a", "b"].iter(), ["a", "b", "a", "a"].iter());
        assert_eq!(matched.both, [(0, 0), (2, 1), (1, 2)]);
        assert_eq!((matched.gone, matched.fresh), (vec![], vec![3]));
    }

    #[test]
    fn only_unique_keys_match() {
        let (old, new) = (["x1", "y1", "y2"], ["x9", "y9", "z9"]);
        let mut matched = Matched { both: vec![], gone: vec![0, 1, 2], fresh: vec![0, 1, 2] };
        let first = |s: &str| s.chars().next();
        let taken = matched.match_unique(|i| first(old[i]), |j| first(new[j]));
        assert_eq!(taken, [(0, 0)]);
        assert_eq!((matched.gone, matched.fresh), (vec![1, 2], vec![1, 2]));
    }

    #[test]
    fn order_is_that_of_the_new_list() {
        assert!(!reordered(&[(0, 0), (2, 5), (1, 3)]));
        assert!(reordered(&[(1, 0), (0, 1)]));
    }
}
