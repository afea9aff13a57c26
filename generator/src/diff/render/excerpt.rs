//! The part of a long text that changed.

/// Words of context on each side.
const CONTEXT: usize = 3;

/// Words of the change itself, before its middle is left out.
const LONGEST: usize = 16;

/// What differs between two texts, with a few words around it; `…` stands for the rest.
#[must_use]
pub fn excerpt(old: &str, new: &str) -> (String, String) {
    let (a, b): (Vec<&str>, Vec<&str>) =
        (old.split_whitespace().collect(), new.split_whitespace().collect());
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let rest = a.len().min(b.len()) - head;
    let tail = (a.iter().rev().zip(b.iter().rev())).take(rest).take_while(|(x, y)| x == y).count();
    (cut(&a, head, tail), cut(&b, head, tail))
}

fn cut(words: &[&str], head: usize, tail: usize) -> String {
    let start = head.saturating_sub(CONTEXT);
    let end = (words.len() - tail + CONTEXT).min(words.len());
    let shown = &words[start..end];
    let mut out = Vec::new();
    if start > 0 {
        out.push("…");
    }
    if shown.len() > LONGEST + 2 * CONTEXT {
        out.extend(&shown[..CONTEXT + LONGEST / 2]);
        out.push("…");
        out.extend(&shown[shown.len() - CONTEXT - LONGEST / 2..]);
    } else {
        out.extend(shown);
    }
    if end < words.len() {
        out.push("…");
    }
    out.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_change_is_shown() {
        for (old, new, a, b) in [
            ("a b c d e f g", "a b c d X f g", "… b c d e f g", "… b c d X f g"),
            ("one", "", "one", ""),
            ("", "one two", "", "one two"),
            ("a a a", "a a", "a a a", "a a"),
            ("a b c d e f g h i j", "a b c d e g h i j", "… c d e f g h i …", "… c d e g h i …"),
        ] {
            assert_eq!(excerpt(old, new), (a.to_owned(), b.to_owned()), "{old} | {new}");
        }
    }

    #[test]
    fn a_long_change_loses_its_middle() {
        let long: Vec<String> = (0..100).map(|i| i.to_string()).collect();
        let (old, new) = excerpt("x", &long.join(" "));
        assert_eq!(old, "x");
        assert!(new.starts_with("0 1") && new.ends_with("99") && new.contains(" … "), "{new}");
        assert!(new.split(' ').count() < 30, "{new}");
    }
}
