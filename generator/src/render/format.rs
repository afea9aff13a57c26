//! Syntax check and formatter: parses, prints with prettyplease, adds blank lines, verifies that no
//! token changed, and adds the header.

use super::proof::difference;
use super::tables::lay_out;
use crate::error::{Diagnostic, Kind, Stage};
use crate::tree::{File, FileKind, FileTree};
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Formats every file of a tree on `threads` threads. `header` is the first line of each Rust and
/// TOML file, without its comment sign.
///
/// # Errors
/// Reports every file that is not valid Rust.
pub fn finish(
    tree: &mut FileTree,
    header: &str,
    threads: NonZeroUsize,
) -> Result<(), Vec<Diagnostic>> {
    let files = Mutex::new(tree.iter_mut());
    let findings = Mutex::new(Vec::new());
    let work = || {
        // The lock is held for one step, not for the work.
        let next = || locked(&files).next();
        while let Some((path, file)) = next() {
            if let Err(problem) = finish_one(file, header) {
                locked(&findings).push(problem.diagnostic(path, file));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.get() {
            scope.spawn(work);
        }
        work();
    });
    let mut findings = findings.into_inner().unwrap_or_else(PoisonError::into_inner);
    findings.sort_by(|a, b| a.message.cmp(&b.message));
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn finish_one(file: &mut File, header: &str) -> Result<(), Problem> {
    file.text = match file.kind {
        FileKind::Rust => format!("{}\n{}", comment("//", header), rust(&file.text)?),
        FileKind::Toml => format!("{}\n{}", comment("#", header), squeeze(&file.text)),
        FileKind::Markdown => match file.text.strip_prefix("---\n") {
            // Metadata in YAML must be at the start of the file.
            Some(rest) => format!("---\n{}{}", comment("#", header), squeeze(rest)),
            None => format!("<!-- {header} -->\n\n{}", squeeze(&file.text)),
        },
        FileKind::Other => return Ok(()),
    };
    Ok(())
}

/// Lines after a marker.
fn comment(sign: &str, header: &str) -> String {
    let line = |line: &str| format!("{}\n", format!("{sign} {line}").trim_end());
    header.lines().map(line).collect()
}

/// Error in rendered text, with its position.
struct Problem {
    line: usize,
    message: String,
}

impl Problem {
    fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }

    fn diagnostic(&self, path: &str, file: &File) -> Diagnostic {
        let excerpt: Vec<String> = (file.text.lines().enumerate())
            .skip(self.line.saturating_sub(3))
            .take(5)
            .map(|(i, l)| {
                format!("{}{:>5} | {l}", if i + 1 == self.line { ">" } else { " " }, i + 1)
            })
            .collect();
        let message = format!("{path}:{}: {}\n{}", self.line, self.message, excerpt.join("\n"));
        Diagnostic::error(Stage::Format, Kind::Malformed, file.template, message)
            .help("the template rendered invalid Rust; correct it")
    }
}

fn rust(text: &str) -> Result<String, Problem> {
    let result = formatted(text);
    // With span locations, every parsed text stays in memory until this call.
    proc_macro2::extra::invalidate_current_thread_spans();
    result
}

fn formatted(text: &str) -> Result<String, Problem> {
    let file =
        syn::parse_file(text).map_err(|e| Problem::new(e.span().start().line, e.to_string()))?;
    let spaced = space(&lay_out(&prettyplease::unparse(&file)));
    if let Some((line, tokens)) = difference(text, &spaced) {
        return Err(Problem::new(line, format!("formatting would change `{tokens}`")));
    }
    Ok(explain(&spaced))
}

/// Comments above the calls of our macros, which describe what a call implements. They are added
/// after printing, since the printer drops comments.
const MACROS: &[(&str, &str)] = &[
    (
        "json::model! {",
        "// Implements Default, Debug, Model, Decode, Encode and, with `serde`, Serialize and Deserialize.",
    ),
    (
        "json::open_enum! {",
        "// Implements Display, FromStr, OpenEnum, Decode, Encode and, with `serde`, both of its traits.",
    ),
    ("rt::typed_call!(", "// Implements IntoFuture, and conversions from and to `rt::Call`."),
];

fn explain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 32);
    for line in text.lines() {
        if let Some((_, comment)) = MACROS.iter().find(|(start, _)| line.starts_with(start)) {
            out.push_str(comment);
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// Prefixes of an item.
const ITEMS: &[&str] =
    &["fn ", "pub ", "pub(", "impl", "static ", "const ", "async ", "mod ", "struct ", "enum "];

/// Prefixes of lines before the items.
const HEAD: &[&str] = &["use ", "#![", "//!"];

/// Inserts blank lines between the members of an item: before a documented member, around a call of
/// a macro, and after a member that ends a block other than a list of imports. No other line
/// changes.
fn space(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 32);
    let mut previous = Line::new("");
    for line in text.lines().map(Line::new) {
        if previous.is_apart_from(line) {
            out.push('\n');
        }
        out.push_str(line.whole);
        out.push('\n');
        previous = line;
    }
    out
}

/// A line of Rust.
#[derive(Clone, Copy)]
struct Line<'a> {
    whole: &'a str,
    /// The line without its indent.
    code: &'a str,
}

impl<'a> Line<'a> {
    fn new(whole: &'a str) -> Self {
        Self { whole, code: whole.trim_start() }
    }

    /// Returns `true` if a blank line belongs between this line and the next one.
    fn is_apart_from(self, next: Self) -> bool {
        let (before, after) = (self.code, next.code);
        let within = before.is_empty()
            || self.introduces()
            || before.ends_with(['{', '(', '['])
            || after.starts_with(['}', ')', ']']);
        let imports = before == "};" && after.starts_with("pub use ");
        let level = self.whole.len() - before.len() == next.whole.len() - after.len();
        !within && !imports && (next.introduces() || level && self.ends_before(next))
    }

    /// Returns `true` if the line belongs to the item after it.
    fn introduces(self) -> bool {
        self.code.starts_with("///") || self.code.starts_with("#[")
    }

    /// Returns `true` if a line of the same level begins something else.
    fn ends_before(self, next: Self) -> bool {
        let ends = self.code.starts_with('}') || self.code.ends_with("{}");
        ends && ITEMS.iter().any(|start| next.code.starts_with(start))
            || HEAD.iter().any(|h| self.code.starts_with(h) && !next.code.starts_with(h))
            || next.is_macro()
            || self.is_macro()
    }

    /// Returns `true` if a line of the file's level begins the call of a macro.
    fn is_macro(self) -> bool {
        let path = |b: u8| b.is_ascii_alphanumeric() || b"_:".contains(&b);
        let rest = self.whole.trim_start_matches(|c: char| c.is_ascii() && path(c as u8));
        rest.len() < self.whole.len() && rest.starts_with('!')
    }
}

/// Collapses runs of blank lines and ends the text with one line break.
fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() && blank {
            continue;
        }
        blank = line.is_empty();
        out.push_str(line);
        out.push('\n');
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_separated_and_tokens_unchanged() {
        let text = "struct A { /// one\n a: u8, /// two\n b: u8 } impl A { fn a() {} fn b() {} }";
        let out = rust(text).map_err(|p| p.message).unwrap();
        assert_eq!(
            out,
            "struct A {\n    /// one\n    a: u8,\n\n    /// two\n    b: u8,\n}\n\nimpl A {\n    fn a() {}\n\n    fn b() {}\n}\n"
        );
    }

    #[test]
    fn invalid_rust_is_reported_with_its_line() {
        let problem = rust("struct A;\nstruct ;\n").err().unwrap();
        assert_eq!(problem.line, 2);
    }

    #[test]
    fn blank_lines_are_squeezed() {
        assert_eq!(squeeze("\n\na \n\n\nb\n\n"), "a\n\nb\n");
    }
}
