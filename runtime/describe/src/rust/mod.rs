//! Formats calls and values as Rust source for a generated crate.
//!
//! Formatted like handwritten code: an expression with one setter stays on one line; others have
//! one line per setter, so that an added value adds a line.

mod call;
mod options;
mod value;

pub use call::{Answer, chain, import, statement};
pub use options::{GENERAL_SETTERS, RESERVED_SETTERS, is_call_option};
pub use value::{argument, type_name, value};

/// A string literal.
#[must_use]
pub fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// JSON as a raw string literal.
fn raw(json: &str) -> String {
    let mut fence = "#".to_owned();
    while json.contains(&format!("\"{fence}")) {
        fence.push('#');
    }
    format!("r{fence}\"{json}\"{fence}")
}

/// `level` steps of indentation.
fn pad(level: usize) -> String {
    "    ".repeat(level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals() {
        for (text, want) in [("a\"b\\", r#""a\"b\\""#), ("\n", r#""\n""#), ("é'", "\"é'\"")] {
            assert_eq!(literal(text), want);
        }
        assert_eq!(raw("{}"), "r#\"{}\"#");
        assert_eq!(raw("\"#"), "r##\"\"#\"##");
    }
}
