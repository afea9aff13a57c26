//! Counts the lines that differ between two texts.

use std::ops::AddAssign;

/// Numbers of added and removed lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lines {
    pub(crate) files: usize,
    pub(crate) added: usize,
    pub(crate) removed: usize,
}

impl Lines {
    /// Compares two texts with a minimal diff, like `git diff --minimal`.
    pub(crate) fn between(old: &str, new: &str) -> Self {
        let (a, b): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
        let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
        let (a, b) = (&a[head..], &b[head..]);
        let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
        let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
        let distance = distance(a, b);
        Self {
            files: usize::from(old != new),
            added: (distance + b.len() - a.len()) / 2,
            removed: (distance + a.len() - b.len()) / 2,
        }
    }

    /// Returns the number of changed lines, where a replaced line counts once.
    #[cfg(test)]
    pub(crate) fn changed(self) -> usize {
        self.added.max(self.removed)
    }
}

impl AddAssign for Lines {
    fn add_assign(&mut self, other: Self) {
        self.files += other.files;
        self.added += other.added;
        self.removed += other.removed;
    }
}

/// Maximum number of differing lines; beyond it, all lines count as changed.
const MAX_DISTANCE: usize = 4000;

/// Returns the number of insertions and deletions between `a` and `b` (Myers, "An O(ND) Difference
/// Algorithm").
fn distance(a: &[&str], b: &[&str]) -> usize {
    let most = a.len() + b.len();
    let bound = most.min(MAX_DISTANCE);
    // Furthest point on each diagonal `x - y`, offset to avoid negative indices.
    let mut furthest = vec![0usize; 2 * bound + 3];
    for d in 0..=bound {
        for k in (0..=2 * d).step_by(2) {
            // The diagonal is `k - d`; its index is `bound + 1 + k - d`.
            let at = bound + 1 + k - d;
            let down = k == 0 || (k != 2 * d && furthest[at - 1] < furthest[at + 1]);
            let mut x = if down { furthest[at + 1] } else { furthest[at - 1] + 1 };
            if x + d < k || x > a.len() {
                continue;
            }
            let mut y = x + d - k;
            while x < a.len() && y < b.len() && a[x] == b[y] {
                (x, y) = (x + 1, y + 1);
            }
            furthest[at] = x;
            if x >= a.len() && y >= b.len() {
                return d;
            }
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reference implementation with a table.
    fn by_table(a: &[&str], b: &[&str]) -> usize {
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.iter().enumerate() {
            let mut before = row[0];
            row[0] = i + 1;
            for (j, y) in b.iter().enumerate() {
                let here = if x == y { before } else { 1 + row[j].min(row[j + 1]) };
                before = row[j + 1];
                row[j + 1] = here;
            }
        }
        row[b.len()]
    }

    proptest! {
        #[test]
        fn diffs_are_minimal(
            a in prop::collection::vec("[abc]", 0..20),
            b in prop::collection::vec("[abc]", 0..20),
        ) {
            let a: Vec<&str> = a.iter().map(String::as_str).collect();
            let b: Vec<&str> = b.iter().map(String::as_str).collect();
            prop_assert_eq!(distance(&a, &b), by_table(&a, &b));
        }
    }

    #[test]
    fn lines_are_counted() {
        for (old, new, added, removed) in [
            ("a\nb\n", "a\nb\n", 0, 0),
            ("a\nb\nc\n", "a\nX\nc\n", 1, 1),
            ("a\n", "a\nb\nc\n", 2, 0),
            ("", "a\n", 1, 0),
            ("a\nb\nc\nd\n", "b\nd\ne\n", 1, 2),
        ] {
            let lines = Lines::between(old, new);
            assert_eq!((lines.added, lines.removed), (added, removed), "{old:?} {new:?}");
            assert_eq!(lines.files, usize::from(old != new));
        }
    }
}
