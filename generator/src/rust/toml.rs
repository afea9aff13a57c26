//! TOML strings for manifests.

use super::{Fragment, text_lines};

/// Formats `text` as a basic TOML string with quotes and escapes. Rust's escapes are different.
#[must_use]
pub fn toml_string(text: &str) -> Fragment {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    text_lines(&[&out])
}

#[cfg(test)]
mod tests {
    use super::toml_string;

    #[test]
    fn quotes_controls_and_nothing_else_are_escaped() {
        for (text, written) in [
            ("Jobs", r#""Jobs""#),
            (r#"a "b" \c"#, r#""a \"b\" \\c""#),
            ("a\nb\tc", r#""a\nb\tc""#),
            ("\u{1b}\u{7f}\u{85}", r#""\u001b\u007f\u0085""#),
            ("Ünï \u{301} \u{ad} {x}", "\"Ünï \u{301} \u{ad} {x}\""),
        ] {
            assert_eq!(toml_string(text).as_str(), written);
        }
    }
}
