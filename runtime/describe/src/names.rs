//! Spellings of a name: as in the document (the wire name) and as on a command line.

/// The kebab-case spelling: `clientEvents` → `client-events`, `$.xgafv` → `$-xgafv`.
///
/// Inserts a hyphen before a capital that starts a lower-case word and before one after a
/// lower-case letter or a digit; `_` and `.` become hyphens.
#[must_use]
pub fn kebab(name: &str) -> String {
    // Most names are one word; command lines spell every name of an API at each start.
    if name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return name.to_owned();
    }
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (i, &c) in chars.iter().enumerate() {
        if i > 0 && c.is_ascii_uppercase() {
            let before = chars[i - 1];
            let starts_word = chars.get(i + 1).is_some_and(char::is_ascii_lowercase);
            let after_word = before.is_ascii_lowercase() || before.is_ascii_digit();
            let separated = matches!(before, '_' | '.' | '-');
            if (starts_word || after_word) && !separated {
                out.push('-');
            }
        }
        match c {
            '_' | '.' => out.push('-'),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// Returns the words of a name in lower case, separated by spaces:
#[must_use]
pub fn words(name: &str) -> String {
    kebab(name).replace(['-', '$', '@'], " ").trim().to_owned()
}

/// The singular of a collection's name, in kebab-case: `companies` → `company`, `clientEvents` →
/// `client-event`.
#[must_use]
pub fn singular(plural: &str) -> String {
    let word = kebab(plural);
    match word.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => word.strip_suffix('s').unwrap_or(&word).to_owned(),
    }
}

/// The camelCase spelling of a kebab-case name.
fn camel(kebab: &str) -> String {
    let mut out = String::with_capacity(kebab.len());
    let mut upper = false;
    for c in kebab.chars() {
        match c {
            '-' => upper = !out.is_empty(),
            c if upper => {
                out.extend(c.to_uppercase());
                upper = false;
            }
            c => out.push(c),
        }
    }
    out
}

/// Returns `true` if `typed` is a spelling of the wire name `wire`: the name itself, or it in
/// kebab-case, snake_case or camelCase.
#[must_use]
pub fn is_spelling(wire: &str, typed: &str) -> bool {
    if wire == typed {
        return true;
    }
    let kebab = kebab(wire);
    typed == kebab
        || (typed.contains('_') && typed == kebab.replace('-', "_"))
        || typed == camel(&kebab)
}

/// Finds the item that `typed` refers to; the exact wire name takes precedence.
pub fn find<'a, T>(items: &'a [T], typed: &str, name: impl Fn(&T) -> &str) -> Option<&'a T> {
    items
        .iter()
        .find(|item| name(item) == typed)
        .or_else(|| items.iter().find(|item| is_spelling(name(item), typed)))
}

/// The spelling of a program's name in environment variables: `jobs3` → `JOBS3`.
#[must_use]
pub fn env_prefix(program: &str) -> String {
    program
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kebab_case() {
        for (wire, want) in [
            ("clientEvents", "client-events"),
            ("searchForAlert", "search-for-alert"),
            ("$.xgafv", "$-xgafv"),
            ("upload_protocol", "upload-protocol"),
            ("IPProtocol", "ip-protocol"),
            ("eTag", "e-tag"),
            ("oauth_token", "oauth-token"),
            ("x509Certificate", "x509-certificate"),
            ("name", "name"),
            ("URL", "url"),
            ("@type", "@type"),
            ("", ""),
        ] {
            assert_eq!(kebab(wire), want);
        }
    }

    #[test]
    fn words_and_singulars() {
        for (name, want) in [
            ("requisitionId", "requisition id"),
            ("$.xgafv", "xgafv"),
            ("@type", "type"),
            ("name", "name"),
        ] {
            assert_eq!(words(name), want);
        }
        for (plural, want) in [
            ("companies", "company"),
            ("clientEvents", "client-event"),
            ("jobs", "job"),
            ("data", "data"),
        ] {
            assert_eq!(singular(plural), want);
        }
    }

    #[test]
    fn spellings() {
        for typed in ["eventId", "event-id", "event_id"] {
            assert!(is_spelling("eventId", typed), "{typed}");
        }
        for typed in ["eventid", "Event-Id", "event id", "event-Id", ""] {
            assert!(!is_spelling("eventId", typed), "{typed}");
        }
        assert!(is_spelling("upload_protocol", "uploadProtocol"));
        assert!(is_spelling("$.xgafv", "$-xgafv"));
    }

    #[test]
    fn the_wire_name_wins() {
        let names = ["foo_bar", "fooBar"];
        assert_eq!(find(&names, "fooBar", |n| n), Some(&"fooBar"));
        assert_eq!(find(&names, "foo-bar", |n| n), Some(&"foo_bar"));
    }
}
