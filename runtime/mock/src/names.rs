//! Conversions of names: snake case, camel case, singulars, and patterns of resource names.

/// `displayName` → `display_name`, the spelling of Google's error messages.
pub(crate) fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            if !out.is_empty() && !out.ends_with('_') {
                out.push('_');
            }
            out.push(c.to_ascii_lowercase());
        } else {
            out.push(c);
        }
    }
    out
}

/// `display_name` → `displayName`; names without `_` stay unchanged.
pub(crate) fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut upper = false;
    for c in name.chars() {
        match c {
            '_' if !out.is_empty() => upper = true,
            c if upper => {
                out.push(c.to_ascii_uppercase());
                upper = false;
            }
            c => out.push(c),
        }
    }
    out
}

/// `companies` → `company`, `jobs` → `job`.
pub(crate) fn singular(plural: &str) -> String {
    match (plural.strip_suffix("ies"), plural.strip_suffix('s')) {
        (Some(stem), _) => format!("{stem}y"),
        (None, Some(stem)) => stem.to_owned(),
        (None, None) => plural.to_owned(),
    }
}

/// `CalendarEvent` → `calendarEvent`.
pub(crate) fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

/// FNV-1a, 64 bit. Unlike the standard library's hasher, it is stable across builds, as page tokens
/// and etags require.
pub(crate) fn fnv64<'a>(parts: impl IntoIterator<Item = &'a str>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash
}

/// Returns `true` if the name matches the pattern.
pub(crate) fn has_form(form: &str, name: &str) -> bool {
    let mut segments = name.split('/');
    let fits = |f: &str| segments.next().is_some_and(|s| f == s || (f == "*" && !s.is_empty()));
    form.split('/').all(fits) && segments.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        for (camel_case, snake_case) in
            [("displayName", "display_name"), ("name", "name"), ("admin1Country", "admin1_country")]
        {
            assert_eq!(snake(camel_case), snake_case);
            assert_eq!(camel(snake_case), camel_case);
        }
        assert_eq!(camel("_type"), "_type");
        assert_eq!(singular("companies"), "company");
        assert_eq!(singular("jobs"), "job");
        assert_eq!(lower_first("ClientEvent"), "clientEvent");
    }

    #[test]
    fn hashes_distinguish_parts() {
        assert_ne!(fnv64(["ab", "c"]), fnv64(["a", "bc"]));
    }
}
