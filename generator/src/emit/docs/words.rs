//! Spellings of the command line, and words of a shell.

/// The kebab-case spelling: `clientEvents` → `client-events`, `$.xgafv` → `$-xgafv`.
///
/// The same rule as in `runtime/cli/src/names.rs`. `cargo xtask docs --check` runs what is made
/// with it.
pub(super) fn kebab(name: &str) -> String {
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

/// A word of a POSIX shell.
pub(super) fn quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The words of a name, in lower case and apart: `requisitionId` → `requisition id`.
pub(super) fn apart(name: &str) -> String {
    kebab(name).replace(['-', '$', '@'], " ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kebab_case_as_the_command_line_has_it() {
        for (wire, want) in [
            ("clientEvents", "client-events"),
            ("searchForAlert", "search-for-alert"),
            ("$.xgafv", "$-xgafv"),
            ("upload_protocol", "upload-protocol"),
            ("IPProtocol", "ip-protocol"),
            ("eTag", "e-tag"),
            ("x509Certificate", "x509-certificate"),
            ("URL", "url"),
            ("@type", "@type"),
        ] {
            assert_eq!(kebab(wire), want);
        }
    }

    #[test]
    fn shell_words() {
        for (text, want) in [("a=b", "a=b"), ("", "''"), ("a b", "'a b'"), ("it's", r"'it'\''s'")] {
            assert_eq!(quote(text), want);
        }
    }
}
