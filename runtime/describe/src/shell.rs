//! Words and commands of a POSIX shell.

/// Separator between the lines of a command.
pub const CONTINUED: &str = " \\\n  ";

/// Quotes `text` as one word of a POSIX shell.
///
/// Text without shell metacharacters is not quoted.
#[must_use]
pub fn quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn words() {
        for (text, want) in [
            ("a/b-c=1", "a/b-c=1"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("$x", "'$x'"),
            ("~", "'~'"),
            ("a\nb", "'a\nb'"),
            ("é", "'é'"),
        ] {
            assert_eq!(quote(text), want);
        }
    }
}
