//! Excerpts of the changed parts of a long text.

/// Words of context on each side.
const CONTEXT: usize = 3;

/// Maximum words of one change; longer ones lose their middle.
const MAX_WORDS: usize = 24;

/// Maximum number of words, between the first and the last change, for which common parts are
/// searched.
const MAX_COMPARED: usize = 1500;

/// Returns the differences between two texts in order, each with a few words of context; `…` marks
/// omissions. White space is ignored.
#[must_use]
pub fn excerpts(old: &str, new: &str) -> Vec<(String, String)> {
    let (a, b): (Vec<&str>, Vec<&str>) =
        (old.split_whitespace().collect(), new.split_whitespace().collect());
    let mut hunks: Vec<Hunk> = Vec::new();
    for hunk in changed(&a, &b) {
        match hunks.last_mut() {
            // Overlapping contexts are merged.
            Some(last) if hunk.old.0 <= last.old.1 + 2 * CONTEXT => {
                (last.old.1, last.new.1) = (hunk.old.1, hunk.new.1);
            }
            _ => hunks.push(hunk),
        }
    }
    hunks.iter().map(|h| (cut(&a, h.old), cut(&b, h.new))).collect()
}

/// Differing range: start and exclusive end in each text.
struct Hunk {
    old: (usize, usize),
    new: (usize, usize),
}

/// Finds the differing ranges from a longest common subsequence of words.
fn changed(a: &[&str], b: &[&str]) -> Vec<Hunk> {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let rest = a.len().min(b.len()) - head;
    let tail = (a.iter().rev().zip(b.iter().rev())).take(rest).take_while(|(x, y)| x == y).count();
    let (x, y) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    if x.is_empty() && y.is_empty() {
        return Vec::new();
    }
    if x.len().max(y.len()) > MAX_COMPARED {
        return vec![Hunk { old: (head, head + x.len()), new: (head, head + y.len()) }];
    }
    let common = common(x, y);
    let mut hunks = Vec::new();
    let (mut i, mut j) = (0, 0);
    for (p, q) in common.into_iter().chain([(x.len(), y.len())]) {
        if p > i || q > j {
            hunks.push(Hunk { old: (head + i, head + p), new: (head + j, head + q) });
        }
        (i, j) = (p + 1, q + 1);
    }
    hunks
}

/// Returns the positions of a longest common subsequence.
fn common(a: &[&str], b: &[&str]) -> Vec<(usize, usize)> {
    let width = b.len() + 1;
    let mut best = vec![0u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            best[i * width + j] = if a[i] == b[j] {
                best[(i + 1) * width + j + 1] + 1
            } else {
                best[(i + 1) * width + j].max(best[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            out.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if best[(i + 1) * width + j] >= best[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    out
}

fn cut(words: &[&str], (from, to): (usize, usize)) -> String {
    let start = from.saturating_sub(CONTEXT);
    let end = (to + CONTEXT).min(words.len());
    let shown = &words[start..end];
    let mut out = Vec::new();
    if start > 0 {
        out.push("…");
    }
    if shown.len() > MAX_WORDS + 2 * CONTEXT {
        out.extend(&shown[..CONTEXT + MAX_WORDS / 2]);
        out.push("…");
        out.extend(&shown[shown.len() - CONTEXT - MAX_WORDS / 2..]);
    } else {
        out.extend(shown);
    }
    if end < words.len() && !words.is_empty() {
        out.push("…");
    }
    out.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_changes_are_shown() {
        for (old, new, parts) in [
            ("a b", "a  b", vec![]),
            ("a b c d e f g", "a b c d X f g", vec![("… b c d e f g", "… b c d X f g")]),
            ("one", "", vec![("one", "")]),
            ("", "one two", vec![("", "one two")]),
            ("a a a", "a a", vec![("a a a", "a a")]),
            (
                "a b c d e f g h i j",
                "a b c d e g h i j",
                vec![("… c d e f g h i …", "… c d e g h i …")],
            ),
            (
                "A b c d e f g h i J",
                "X b c d e f g h i Y",
                vec![("A b c d …", "X b c d …"), ("… g h i J", "… g h i Y")],
            ),
            ("a B c D e", "a X c Y e", vec![("a B c D e", "a X c Y e")]),
        ] {
            let parts: Vec<(String, String)> =
                parts.into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
            assert_eq!(excerpts(old, new), parts, "{old} | {new}");
        }
    }

    #[test]
    fn a_long_change_loses_its_middle() {
        let numbers = |n: usize| (0..n).map(|i| i.to_string()).collect::<Vec<_>>().join(" ");
        for many in [100, 3 * MAX_COMPARED] {
            let parts = excerpts("x", &numbers(many));
            let [(old, new)] = &parts[..] else { panic!("{parts:?}") };
            assert_eq!(old, "x");
            assert!(new.starts_with("0 1") && new.contains(" … "), "{new}");
            assert!(new.ends_with(&(many - 1).to_string()), "{new}");
            assert!(new.split(' ').count() < 40, "{new}");
        }
        // Too long to search.
        let parts = excerpts(&format!("a {} z", numbers(2 * MAX_COMPARED)), "a z");
        assert_eq!(parts.len(), 1);
    }
}
