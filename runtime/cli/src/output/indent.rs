//! Indents JSON text without changing numbers and strings.

/// Indents compact JSON with two spaces per level.
pub(super) fn pretty(compact: &str) -> String {
    let mut out = String::with_capacity(compact.len() * 2);
    let (mut level, mut in_string, mut escaped) = (0_usize, false, false);
    let mut chars = compact.chars().peekable();
    while let Some(c) = chars.next() {
        if in_string {
            out.push(c);
            in_string = escaped || c != '"';
            escaped = c == '\\' && !escaped;
            continue;
        }
        match c {
            '"' => {
                in_string = true;
                out.push(c);
            }
            '{' | '[' => {
                out.push(c);
                let end = if c == '{' { '}' } else { ']' };
                match chars.next_if_eq(&end) {
                    Some(end) => out.push(end),
                    None => {
                        level += 1;
                        line(level, &mut out);
                    }
                }
            }
            '}' | ']' => {
                level = level.saturating_sub(1);
                line(level, &mut out);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(level, &mut out);
            }
            ':' => out.push_str(": "),
            c => out.push(c),
        }
    }
    out
}

fn line(level: usize, out: &mut String) {
    out.push('\n');
    out.push_str(&"  ".repeat(level));
}

#[cfg(test)]
mod tests {
    use super::pretty;

    #[test]
    fn breaks_lines_outside_strings() {
        let text = r#"{"a":[1,2.50,{}],"b":"x, {\"y\": [\\","c":{},"d":1E5}"#;
        let want = "{\n  \"a\": [\n    1,\n    2.50,\n    {}\n  ],\n  \"b\": \"x, {\\\"y\\\": [\\\\\",\n  \
                    \"c\": {},\n  \"d\": 1E5\n}";
        assert_eq!(pretty(text), want);
        assert_eq!(pretty("[]"), "[]");
        assert_eq!(pretty("\"[\""), "\"[\"");
    }

    #[test]
    fn agrees_with_serde_json() {
        let value = serde_json::json!({"a": [1, [], {"b": [null, "é\n\"{"]}], "": {}});
        assert_eq!(pretty(&value.to_string()), format!("{value:#}"));
    }
}
