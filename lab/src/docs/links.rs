//! Checks links: every target page and anchor exists, and every page is linked.

use super::Found;
use super::book::Page;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(pages: &[Page], found: &mut Found) {
    let known: BTreeMap<&str, &Page> = pages.iter().map(|p| (p.path.as_str(), p)).collect();
    let mut reached = BTreeSet::new();
    for page in pages {
        for (line, target) in &page.links {
            found.links += 1;
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let path =
                if path.is_empty() { Some(page.path.clone()) } else { joined(&page.path, path) };
            match path.as_deref().and_then(|path| known.get(path)) {
                None => found.fault(page, *line, format!("`{target}` leads nowhere")),
                Some(other) => {
                    reached.insert(other.path.clone());
                    if !anchor.is_empty() && !other.anchors.iter().any(|a| a == anchor) {
                        found.fault(page, *line, format!("`{target}`: no such heading"));
                    }
                }
            }
        }
    }
    for page in pages.iter().filter(|p| p.path != "SUMMARY.md") {
        if !reached.contains(&page.path) {
            found.fault(page, 1, "no page links here");
        }
    }
}

/// Resolves a relative path from a page; `None` if it leaves the book.
fn joined(from: &str, to: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in to.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_links_are_reported() {
        let page = |path: &str, text: &str| Page::new(path.to_owned(), text);
        let pages = [
            page("SUMMARY.md", "[a](a.md) [m](m/b.md)"),
            page("a.md", "# One\n\n[x](m/b.md#two) [y](m/b.md#three) [z](c.md) [o](../o.md)"),
            page("m/b.md", "# Two\n\n[up](../a.md#one) [here](#two) [w](https://example.com)"),
            page("m/lonely.md", "# Three"),
        ];
        let mut found = Found::default();
        check(&pages, &mut found);
        assert_eq!(
            found.faults,
            [
                "a.md:3: `m/b.md#three`: no such heading",
                "a.md:3: `c.md` leads nowhere",
                "a.md:3: `../o.md` leads nowhere",
                "m/lonely.md:1: no page links here",
            ]
        );
        assert_eq!(found.links, 9);
    }
}
