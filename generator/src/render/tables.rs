//! Formats table macros: rows that end in `;`, one per line.
//!
//! The printer wraps macro arguments like a paragraph. With one row per line, a new field adds one
//! line to a diff.

/// Formats every table in a text. Only white space between tokens changes.
pub(super) fn lay_out(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut rest = text;
    while let Some((before, table, after)) = next(rest) {
        out.push_str(before);
        rows(table, &mut out);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Splits the text into the part before the next table, its contents, and the rest.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let (start, end) = ("! {\n", "\n}\n");
    let mut from = 0;
    loop {
        let open = from + text.get(from..)?.find(start)?;
        let line = text[..open].rsplit_once('\n').map_or(&text[..open], |(_, line)| line);
        let inside = open + start.len();
        let item = line.bytes().all(|b| b.is_ascii_alphanumeric() || b"_:".contains(&b));
        if item {
            let close = inside + text[inside..].find(end)?;
            return Some((&text[..inside], &text[inside..close], &text[close + 1..]));
        }
        from = inside;
    }
}

/// Writes each row on a line of its own.
fn rows(table: &str, out: &mut String) {
    let (mut literal, mut escaped, mut fresh) = (false, false, true);
    for line in table.lines().map(str::trim) {
        if !fresh {
            out.push(' ');
        }
        for c in line.chars() {
            if fresh && c == ' ' {
                continue;
            }
            out.push_str(if fresh { "    " } else { "" });
            out.push(c);
            fresh = c == ';' && !literal;
            out.push_str(if fresh { "\n" } else { "" });
            match c {
                '"' if !escaped => literal = !literal,
                _ => {}
            }
            escaped = literal && c == '\\' && !escaped;
        }
    }
    out.push_str(if fresh { "" } else { "\n" });
}

#[cfg(test)]
mod tests {
    use super::lay_out;

    #[test]
    fn a_row_is_a_line() {
        let filled = "use a;\njson::model! {\n    A = \"A\"; \"x;\\\"\" => x as X; \"yy\" => y as\n    Y of super::Y; _ => rest;\n}\nfn f() {\n    g! {\n        a; b\n    }\n}\n";
        let rows = "use a;\njson::model! {\n    A = \"A\";\n    \"x;\\\"\" => x as X;\n    \"yy\" => y as Y of super::Y;\n    _ => rest;\n}\nfn f() {\n    g! {\n        a; b\n    }\n}\n";
        assert_eq!(lay_out(filled), rows);
        assert_eq!(lay_out(rows), rows);
    }
}
