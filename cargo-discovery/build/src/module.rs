//! Converts the files of a crate into files of a module. Edits are located by tokens and applied to
//! the text, which preserves the layout.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::ops::Range;
use std::path::Path;

/// Returns the file to include. It allows lints, since users of the module may not use all of it.
pub(crate) fn entry(module: &str, root: &Path) -> String {
    let allowed = "dead_code, missing_docs, unreachable_pub, unused, clippy::all, clippy::pedantic";
    let path = root.display().to_string();
    format!("#[allow({allowed})]\n#[path = {path:?}]\npub mod {module};\n")
}

/// Conversion of a crate's file into a module's file.
pub(crate) struct Rewrite<'a> {
    /// Path in the crate's `src`.
    pub(crate) path: &'a str,
    /// Returns `true` if a feature is enabled.
    pub(crate) is_on: &'a dyn Fn(&str) -> bool,
}

/// A range of the text and its replacement.
type Edit = (Range<usize>, String);

impl Rewrite<'_> {
    /// Converts the text of the file.
    ///
    /// # Errors
    /// Returns an error if the text is not Rust, or cannot be part of a module.
    pub(crate) fn text(&self, text: &str) -> Result<String, String> {
        let result = self.edited(text);
        // Frees the parsed texts, which proc-macro2 otherwise keeps in memory.
        proc_macro2::extra::invalidate_current_thread_spans();
        result
    }

    fn edited(&self, text: &str) -> Result<String, String> {
        let tokens: TokenStream = text.parse().map_err(|e| format!("{}: {e}", self.path))?;
        let mut edits = Vec::new();
        let mut fence = Fence::default();
        self.walk(tokens, self.depth(), &mut fence, text, &mut edits);
        let mut out = String::with_capacity(text.len() + text.len() / 16);
        let mut at = 0;
        for (range, new) in edits {
            out.push_str(&text[at..range.start]);
            out.push_str(&new);
            at = range.end;
        }
        out.push_str(&text[at..]);
        Ok(out)
    }

    /// Returns the number of modules between the root of the client and this file.
    fn depth(&self) -> usize {
        let parts = self.path.trim_end_matches(".rs").split('/');
        parts.filter(|part| !matches!(*part, "lib" | "mod")).count()
    }

    /// Collects edits, in the order of the text.
    fn walk(
        &self,
        tokens: TokenStream,
        depth: usize,
        fence: &mut Fence,
        text: &str,
        edits: &mut Vec<Edit>,
    ) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            let after = |n: usize| tokens.get(at + n).map(ToString::to_string);
            let is = |n: usize, what: &str| after(n).as_deref() == Some(what);
            match token {
                TokenTree::Ident(word) if word == "crate" && is(1, ":") && is(2, ":") => {
                    edits.push((word.span().byte_range(), up(depth)));
                }
                TokenTree::Ident(word) if word == "feature" && is(1, "=") => {
                    if let Some(TokenTree::Literal(value)) = tokens.get(at + 2) {
                        let name = value.to_string();
                        let on = (self.is_on)(name.trim_matches('"'));
                        let range = word.span().byte_range().start..value.span().byte_range().end;
                        edits.push((range, if on { "all()" } else { "any()" }.to_owned()));
                    }
                }
                // Documentation tests belong to the client crate.
                TokenTree::Ident(word) if word == "doctest" => {
                    edits.push((word.span().byte_range(), "any()".to_owned()));
                }
                TokenTree::Punct(sign) if sign.as_char() == '#' => {
                    if let Some(edit) = self.attribute(&tokens[at..], depth, fence, text) {
                        edits.extend(edit);
                    }
                }
                TokenTree::Group(group) if !is_inner(&tokens[..at]) || self.path != "lib.rs" => {
                    let is_module = group.delimiter() == Delimiter::Brace
                        && at >= 2
                        && matches!(&tokens[at - 2], TokenTree::Ident(word) if word == "mod");
                    let depth = depth + usize::from(is_module);
                    self.walk(group.stream(), depth, fence, text, edits);
                }
                _ => {}
            }
        }
    }

    /// Collects edits of a documentation comment or a crate attribute.
    fn attribute(
        &self,
        tokens: &[TokenTree],
        depth: usize,
        fence: &mut Fence,
        text: &str,
    ) -> Option<Option<Edit>> {
        let start = tokens[0].span().byte_range().start;
        let is_inner =
            matches!(tokens.get(1), Some(TokenTree::Punct(sign)) if sign.as_char() == '!');
        let Some(TokenTree::Group(group)) = tokens.get(1 + usize::from(is_inner)) else {
            return None;
        };
        let written = &text[start..];
        if written.starts_with("///") || written.starts_with("//!") {
            let end = start + written.find('\n').unwrap_or(written.len());
            let line =
                fence.line(&text[start..end]).replace("crate::", &format!("{}::", up(depth)));
            return Some((line != text[start..end]).then_some((start..end, line)));
        }
        // Inner attributes belong to the crate: limits, the guide, denied lints.
        (is_inner && self.path == "lib.rs")
            .then(|| Some((start..group.span_close().byte_range().end, String::new())))
    }
}

/// Returns `true` if the next group is that of an inner attribute.
fn is_inner(before: &[TokenTree]) -> bool {
    let is = |token: Option<&TokenTree>, sign: char| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
    let mut last = before.iter().rev();
    is(last.next(), '!') && is(last.next(), '#')
}

/// Returns the path from a module to the root of the client.
fn up(depth: usize) -> String {
    match depth {
        0 => "self".to_owned(),
        depth => vec!["super"; depth].join("::"),
    }
}

/// Marks examples in documentation as ignored, since they use the client as a crate and are not
/// tests of the including crate.
#[derive(Default)]
struct Fence {
    is_open: bool,
}

impl Fence {
    fn line(&mut self, line: &str) -> String {
        let words = line.trim_start_matches(['/', '!']).trim();
        let Some(kind) = words.strip_prefix("```") else { return line.to_owned() };
        self.is_open = !self.is_open;
        let is_rust = kind.is_empty() || kind.starts_with("rust") || kind.starts_with("no_run");
        if self.is_open && is_rust {
            let start = &line[..line.len() - line.trim_start_matches(['/', '!', ' ']).len()];
            return format!("{start}```ignore");
        }
        line.to_owned()
    }
}
