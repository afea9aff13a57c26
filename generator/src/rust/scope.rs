//! Set of unique names.

use super::ident::RustIdent;
use std::collections::BTreeSet;

/// Names in use in one Rust namespace. Names are assigned in a fixed order, so the result depends
/// only on the document: the first keeps its name, and a later one that collides gets a suffix.
pub(super) struct Scope {
    taken: BTreeSet<String>,
}

impl Scope {
    pub(super) fn new(reserved: &[&str]) -> Self {
        Self { taken: reserved.iter().map(|s| (*s).to_owned()).collect() }
    }

    /// Assigns `base`, or else `base` with `suffix`, or else with a number. The comparison ignores
    /// case, since some names become files on case-insensitive file systems.
    pub(super) fn assign(&mut self, base: &str, suffix: &str) -> RustIdent {
        if self.take(base) {
            return RustIdent::from_bare(base.to_owned());
        }
        // Lints recognize a second word only after a single `_`.
        let stem = if suffix.starts_with('_') { base.trim_end_matches('_') } else { base };
        let suffixed = format!("{stem}{suffix}");
        if !suffix.is_empty() && self.take(&suffixed) {
            return RustIdent::from_bare(suffixed);
        }
        let separator = if base.contains('_') || base.starts_with(|c: char| c.is_ascii_lowercase())
        {
            "_"
        } else {
            ""
        };
        let mut n = 2u32;
        loop {
            let numbered = format!("{base}{separator}{n}");
            if self.take(&numbered) {
                return RustIdent::from_bare(numbered);
            }
            n += 1;
        }
    }

    fn take(&mut self, name: &str) -> bool {
        let key = name.to_ascii_lowercase();
        !self.taken.contains(name) && self.taken.insert(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collisions_get_suffixes_in_order() {
        let mut scope = Scope::new(&["Option"]);
        let mut assign = |base, suffix| scope.assign(base, suffix).as_str().to_owned();
        assert_eq!(assign("Option", "Schema"), "OptionSchema");
        assert_eq!(assign("HttpCheck", "Schema"), "HttpCheck");
        assert_eq!(assign("HTTPCheck", "Schema"), "HTTPCheckSchema");
        assert_eq!(assign("HttpCheck", "Schema"), "HttpCheck2");
        assert_eq!(assign("type", ""), "r#type");
        assert_eq!(assign("type", ""), "type_2");
        assert_eq!(assign("self_", "_resource"), "self_");
        assert_eq!(assign("self_", "_resource"), "self_resource");
    }
}
