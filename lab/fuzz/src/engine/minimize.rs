//! Makes inputs smaller.

/// Most tries, so that a slow input takes no long time.
const MOST_TRIES: usize = 3_000;

/// Removes as much of an input as possible while `shows` says that it still shows the fault, and
/// replaces other bytes by `0`.
pub fn minimize(input: &[u8], mut shows: impl FnMut(&[u8]) -> bool) -> Vec<u8> {
    let mut best = input.to_vec();
    let mut tries = MOST_TRIES;
    let mut size = best.len().div_ceil(2);
    while size > 0 && tries > 0 {
        let mut at = 0;
        let mut removed = false;
        while at < best.len() && tries > 0 {
            let end = (at + size).min(best.len());
            let less = [&best[..at], &best[end..]].concat();
            tries -= 1;
            if shows(&less) {
                best = less;
                removed = true;
            } else {
                at = end;
            }
        }
        size = if removed && size == 1 { 1 } else { size / 2 };
    }
    for at in 0..best.len() {
        if tries == 0 || best[at] == b'0' {
            continue;
        }
        let mut plain = best.clone();
        plain[at] = b'0';
        tries -= 1;
        if shows(&plain) {
            best = plain;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_remains() {
        let input = b"some text before <bug> and a long text after it".repeat(20);
        let shows = |text: &[u8]| text.windows(5).any(|part| part == b"<bug>");
        assert_eq!(minimize(&input, shows), b"<bug>");
        let two = |text: &[u8]| text.contains(&b'<') && text.contains(&b'>') && text.len() > 3;
        assert_eq!(minimize(&input, two).len(), 4);
        assert_eq!(minimize(b"abc", |_| true), b"");
        assert_eq!(minimize(b"abc", |_| false), b"abc");
    }
}
