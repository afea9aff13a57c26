//! The cursor: how the steps of a path change it.

use super::token::{Astray, DEPTH, Seg, Step};

/// A name of a resolved path and its step in the token; `None` if it comes from the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) seg: Seg,
    pub(crate) step: Option<usize>,
}

/// Resolves `steps` from `cursor`.
pub(crate) fn resolve(cursor: &[Seg], steps: &[Step]) -> Result<Vec<Named>, Astray> {
    let mut out: Vec<Named> =
        cursor.iter().map(|seg| Named { seg: seg.clone(), step: None }).collect();
    for (i, step) in steps.iter().enumerate() {
        match step {
            Step::Root => out.clear(),
            Step::Up(levels) => {
                let left = out.len().checked_sub(*levels).ok_or(Astray::AboveRoot)?;
                out.truncate(left);
            }
            Step::Down(seg) => out.push(Named { seg: seg.clone(), step: Some(i) }),
        }
    }
    if out.len() > DEPTH { Err(Astray::TooDeep) } else { Ok(out) }
}

#[cfg(test)]
mod tests {
    use super::super::token::path;
    use super::*;

    fn go(cursor: &str, token: &str) -> String {
        let cursor: Vec<Seg> = cursor.split_whitespace().map(Seg::new).collect();
        match resolve(&cursor, &path(token).unwrap()) {
            Err(astray) => format!("{astray:?}"),
            Ok(names) => names.iter().map(|n| n.seg.text.as_str()).collect::<Vec<_>>().join(" "),
        }
    }

    #[test]
    fn moves() {
        for (cursor, token, want) in [
            ("a b", ".", ""),
            ("a b", "c", "a b c"),
            ("a b", ".c", "c"),
            ("a b", "..", "a"),
            ("a b", "...", ""),
            ("a b", "....", "AboveRoot"),
            ("", "..", "AboveRoot"),
            ("a b", "..c", "a c"),
            ("", "a..b", "b"),
            ("", "a.b...c", "c"),
            ("a", "x..", "a"),
            ("", ".a..b", "b"),
        ] {
            assert_eq!(go(cursor, token), want, "{cursor} / {token}");
        }
        let cursor = "a ".repeat(DEPTH);
        assert_eq!(go(&cursor, "b"), "TooDeep");
        assert_eq!(go(&cursor, "..b").split(' ').count(), DEPTH);
    }
}
