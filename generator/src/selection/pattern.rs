//! Patterns of methods.

/// A pattern of methods.
pub(super) struct Pattern<'a> {
    text: &'a str,
    /// Whether it begins with `!`.
    pub(super) leaves_out: bool,
}

impl<'a> Pattern<'a> {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(text: &'a str) -> Result<Self, &'static str> {
        let (leaves_out, rest) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        if rest.is_empty() {
            return Err("it names nothing");
        }
        if rest.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err("there is a space in it");
        }
        if rest.split('.').any(str::is_empty) {
            return Err("a name between dots is empty");
        }
        Ok(Self { text: rest, leaves_out })
    }

    /// The pattern without `!`.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// Returns `true` if a method's path matches.
    pub(super) fn matches(&self, path: &str) -> bool {
        let parts: Vec<&str> = self.text.split('.').collect();
        let names: Vec<&str> = path.split('.').collect();
        fits(&parts, &names)
    }
}

fn fits(parts: &[&str], names: &[&str]) -> bool {
    match (parts, names) {
        ([], []) => true,
        ([part, rest @ ..], [name, tail @ ..]) if is_any(part) => {
            // Matches `name` only, or also others.
            !name.is_empty() && (fits(rest, tail) || fits(parts, tail))
        }
        ([part, rest @ ..], [name, tail @ ..]) => within(part, name) && fits(rest, tail),
        _ => false,
    }
}

/// Returns `true` if the part is `*`, or `**` as in file globs.
fn is_any(part: &str) -> bool {
    part.bytes().all(|b| b == b'*')
}

/// Returns `true` if a name matches a part in which `*` stands for any text.
fn within(part: &str, name: &str) -> bool {
    let Some((first, rest)) = part.split_once('*') else { return part == name };
    let Some(mut name) = name.strip_prefix(first) else { return false };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for piece in middle.split('*') {
        let Some(at) = name.find(piece) else { return false };
        name = &name[at + piece.len()..];
    }
    name.ends_with(last)
}
