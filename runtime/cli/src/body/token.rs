//! Parses one `-r` token: its path and its operation.
//!
//! ```text
//! token := path                     moves the cursor
//!        | path '='  value          sets a value, typed by the schema
//!        | path ':=' json           sets a JSON value
//!        | path '@=' file           sets the text of a file, '-' is standard input
//!        | path ':@=' file          sets the JSON of a file
//! path  := '.'                      the request
//!        | ['.'…] name ('.'… name)… one leading dot: from the request; n dots: n - 1 levels up
//! name  := field | key | index | '+', or any of them in brackets, '[]' being '+'
//! ```

use std::fmt;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Go to the request itself.
    Root,
    /// Go up a number of levels.
    Up(usize),
    /// Go to a member, key or element.
    Down(Seg),
}

/// A name in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seg {
    /// The name without brackets; `+` for `[]`.
    pub(crate) text: String,
    /// Whether it was in brackets.
    pub(crate) bracketed: bool,
}

impl Seg {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), bracketed: false }
    }
}

/// Operation at a token's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    /// Moves the cursor.
    Move,
    /// `=`
    Set,
    /// `:=`
    SetJson,
    /// `@=`
    SetFile,
    /// `:@=`
    SetJsonFile,
}

impl Op {
    /// Returns the operator between path and value.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Move => "",
            Self::Set => "=",
            Self::SetJson => ":=",
            Self::SetFile => "@=",
            Self::SetJsonFile => ":@=",
        }
    }
}

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    /// The path as typed.
    pub(crate) path: &'a str,
    /// Operation.
    pub(crate) op: Op,
    /// Value; empty for a move.
    pub(crate) value: &'a str,
}

/// Splits a token into path, operator and value; never fails.
pub(crate) fn split(raw: &str) -> Token<'_> {
    let Some(at) = equals_sign(raw) else {
        return Token { path: raw, op: Op::Move, value: "" };
    };
    let (path, value) = (&raw[..at], &raw[at + 1..]);
    for (suffix, op) in [(":@", Op::SetJsonFile), (":", Op::SetJson), ("@", Op::SetFile)] {
        if let Some(path) = path.strip_suffix(suffix) {
            return Token { path, op, value };
        }
    }
    Token { path, op: Op::Set, value }
}

/// Returns the position of the first `=` outside brackets.
fn equals_sign(raw: &str) -> Option<usize> {
    let mut rest = 0;
    loop {
        let at = rest + raw[rest..].find(['=', '['])?;
        if raw.as_bytes()[at] == b'=' {
            return Some(at);
        }
        rest = match raw[at..].find(']') {
            Some(close) => at + close + 1,
            // Neither has a later bracket a counterpart.
            None => return raw[at..].find('=').map(|equals| at + equals),
        };
    }
}

/// Maximum nesting of fields. Servers accept about as much.
pub(super) const DEPTH: usize = 100;

/// Error for a path that leads out of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Astray {
    /// It leads above the request.
    AboveRoot,
    /// It has more than [`DEPTH`] names.
    TooDeep,
}

impl fmt::Display for Astray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AboveRoot => f.write_str("Cannot move up on empty field cursor."),
            Self::TooDeep => write!(f, "Fields nest at most {DEPTH} levels deep."),
        }
    }
}

/// Syntax error of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathError {
    /// The path is empty.
    Empty,
    /// It ends in exactly one dot.
    TrailingDot,
    /// A bracket is followed by something other than a dot or a bracket.
    AfterBracket,
    /// It has too many names.
    TooDeep,
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "Field names must not be empty.",
            Self::TrailingDot => "Single field separator may not be last character.",
            Self::AfterBracket => "A '.' must follow a closing bracket.",
            Self::TooDeep => return Astray::TooDeep.fmt(f),
        })
    }
}

/// Reads a path.
pub(crate) fn path(text: &str) -> Result<Vec<Step>, PathError> {
    match text {
        "" => return Err(PathError::Empty),
        "." => return Ok(vec![Step::Root]),
        _ => {}
    }
    let (dots, mut rest) = take_dots(text);
    let mut steps = Vec::new();
    match dots {
        0 => {}
        1 => steps.push(Step::Root),
        n => steps.push(Step::Up(n - 1)),
    }
    while !rest.is_empty() {
        rest = take_name(rest, &mut steps)?;
        if steps.len() > 2 * DEPTH {
            return Err(PathError::TooDeep);
        }
        let (dots, after) = take_dots(rest);
        match dots {
            1 if after.is_empty() => return Err(PathError::TrailingDot),
            0 | 1 => {}
            n => steps.push(Step::Up(n - 1)),
        }
        rest = after;
    }
    Ok(steps)
}

fn take_dots(text: &str) -> (usize, &str) {
    let rest = text.trim_start_matches('.');
    (text.len() - rest.len(), rest)
}

/// Splits off a name with the brackets after it; the rest starts with a dot or is empty.
fn take_name<'a>(text: &'a str, steps: &mut Vec<Step>) -> Result<&'a str, PathError> {
    let mut rest = text;
    let end = name_end(rest);
    if end > 0 {
        steps.push(Step::Down(Seg::new(&rest[..end])));
        rest = &rest[end..];
    }
    while let Some((inside, after)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
        let text = if inside.is_empty() { "+" } else { inside };
        steps.push(Step::Down(Seg { text: text.to_owned(), bracketed: true }));
        rest = after;
    }
    if rest.is_empty() || rest.starts_with('.') { Ok(rest) } else { Err(PathError::AfterBracket) }
}

/// Returns the end of a plain name: a dot, or a bracket with a closing counterpart.
fn name_end(text: &str) -> usize {
    let mut last = None;
    let mut is_closed = |at| *last.get_or_insert_with(|| text.rfind(']')) > Some(at);
    text.char_indices()
        .find(|&(at, c)| c == '.' || (c == '[' && is_closed(at)))
        .map_or(text.len(), |(at, _)| at)
}

/// Formats steps as a path.
pub(crate) fn render(steps: &[Step]) -> String {
    let mut out = String::new();
    for (i, step) in steps.iter().enumerate() {
        match step {
            Step::Root => out.push('.'),
            Step::Up(n) => out.push_str(&".".repeat(n + 1)),
            Step::Down(seg) => {
                let dot = i > 0 && matches!(steps[i - 1], Step::Down(_));
                push_seg(&mut out, seg, dot);
            }
        }
    }
    out
}

/// Appends a name, in brackets if it would not parse as one name without them.
pub(crate) fn push_seg(out: &mut String, seg: &Seg, dot: bool) {
    let text = &seg.text;
    if seg.bracketed || text.is_empty() || text.contains(['.', '=', '[', ']']) {
        out.push('[');
        out.push_str(text);
        out.push(']');
    } else {
        if dot {
            out.push('.');
        }
        out.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str) -> String {
        match path(text) {
            Err(error) => format!("{error:?}"),
            Ok(steps) => steps
                .iter()
                .map(|step| match step {
                    Step::Root => "/".to_owned(),
                    Step::Up(n) => format!("^{n}"),
                    Step::Down(seg) if seg.bracketed => format!("[{}]", seg.text),
                    Step::Down(seg) => seg.text.clone(),
                })
                .collect::<Vec<_>>()
                .join(" "),
        }
    }

    #[test]
    fn paths() {
        for (text, want) in [
            ("", "Empty"),
            (".", "/"),
            ("..", "^1"),
            ("....", "^3"),
            ("a", "a"),
            (".a", "/ a"),
            ("..a", "^1 a"),
            ("a.b", "a b"),
            ("a..b", "a ^1 b"),
            ("a.b...c", "a b ^2 c"),
            ("x..", "x ^1"),
            ("a.", "TrailingDot"),
            (".a.", "TrailingDot"),
            ("a[0].b", "a [0] b"),
            ("a[].b", "a [+] b"),
            ("m[a.b]", "m [a.b]"),
            ("m[a][b]", "m [a] [b]"),
            ("[0]", "[0]"),
            (".[k]", "/ [k]"),
            ("a[0]b", "AfterBracket"),
            ("a[0", "a[0"),
            ("a].b", "a] b"),
            ("entries.+", "entries +"),
            (&"a.".repeat(10_000), "TooDeep"),
            (&"[a]".repeat(10_000), "TooDeep"),
        ] {
            assert_eq!(show(text), want, "{text}");
        }
    }

    #[test]
    fn tokens() {
        for (raw, path, op, value) in [
            ("a", "a", Op::Move, ""),
            ("a=b=c", "a", Op::Set, "b=c"),
            ("a:=1", "a", Op::SetJson, "1"),
            ("a@=f", "a", Op::SetFile, "f"),
            ("a:@=f", "a", Op::SetJsonFile, "f"),
            ("=x", "", Op::Set, "x"),
            ("m[k=v].a=1", "m[k=v].a", Op::Set, "1"),
            ("m[k=v", "m[k", Op::Set, "v"),
            ("a=[x]", "a", Op::Set, "[x]"),
            ("m=k:=v", "m", Op::Set, "k:=v"),
            ("", "", Op::Move, ""),
        ] {
            assert_eq!(split(raw), Token { path, op, value }, "{raw}");
        }
    }

    #[test]
    fn rendering_round_trips() {
        for text in [".", "..", ".a.b", "..a", "a..b", "a.b...c", "x..", "a[0].b", "m[a.b]", "...a"]
        {
            assert_eq!(render(&path(text).unwrap()), text);
        }
    }
}
