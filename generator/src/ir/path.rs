//! Path templates, parsed once.

use super::WireName;

/// One piece of a path template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathPart {
    /// Literal text.
    Literal(String),
    /// `{name}`.
    Simple(WireName),
    /// `{+name}`.
    Reserved(WireName),
    /// `{/name*}`.
    Segments(WireName),
}

/// A path template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathTemplate(pub Vec<PathPart>);

impl PathTemplate {
    /// Parses the template forms that discovery documents use (RFC 6570: `{x}`, `{+x}`, `{/x*}`).
    ///
    /// # Errors
    /// Describes the syntax error.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find(['{', '}']) {
            let (literal, tail) = rest.split_at(open);
            push_literal(&mut parts, literal)?;
            let inner = tail.strip_prefix('{').ok_or("`}` without `{`")?;
            let (expression, after) = inner.split_once('}').ok_or("`{` without `}`")?;
            parts.push(variable(expression)?);
            rest = after;
        }
        push_literal(&mut parts, rest)?;
        Ok(Self(parts))
    }

    /// Names of the variables, in order.
    pub fn variables(&self) -> impl Iterator<Item = &WireName> {
        self.0.iter().filter_map(|part| match part {
            PathPart::Literal(_) => None,
            PathPart::Simple(name) | PathPart::Reserved(name) | PathPart::Segments(name) => {
                Some(name)
            }
        })
    }
}

fn push_literal(parts: &mut Vec<PathPart>, text: &str) -> Result<(), String> {
    let bad = |c: char| !c.is_ascii_graphic() || matches!(c, '?' | '#' | '"' | '<' | '>' | '\\');
    if let Some(c) = text.chars().find(|c| bad(*c)) {
        return Err(format!("`{}` may not stand in a path", c.escape_default()));
    }
    if !text.is_empty() {
        parts.push(PathPart::Literal(text.to_owned()));
    }
    Ok(())
}

fn variable(expression: &str) -> Result<PathPart, String> {
    let (make, name): (fn(WireName) -> PathPart, &str) = match expression.as_bytes().first() {
        Some(b'+') => (PathPart::Reserved, &expression[1..]),
        Some(b'/') => {
            let name = expression[1..].strip_suffix('*');
            (PathPart::Segments, name.ok_or_else(|| unsupported(expression))?)
        }
        _ => (PathPart::Simple, expression),
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '$');
    if name.is_empty() || !name.chars().all(fits) {
        return Err(unsupported(expression));
    }
    Ok(make(WireName(name.to_owned())))
}

fn unsupported(expression: &str) -> String {
    format!("`{{{}}}` is not one of {{x}}, {{+x}}, {{/x*}}", expression.escape_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_the_three_forms() {
        let parts = PathTemplate::parse("v3/{+parent}/jobs/{id}{/rest*}:verb").unwrap().0;
        let name = |s: &str| WireName(s.to_owned());
        assert_eq!(
            parts,
            [
                PathPart::Literal("v3/".into()),
                PathPart::Reserved(name("parent")),
                PathPart::Literal("/jobs/".into()),
                PathPart::Simple(name("id")),
                PathPart::Segments(name("rest")),
                PathPart::Literal(":verb".into()),
            ]
        );
    }

    #[test]
    fn rejects_everything_else() {
        for bad in
            ["{", "}", "a{b", "a}b", "{}", "{+}", "{/x}", "{#x}", "{x,y}", "a b", "a?b", "{a\n}"]
        {
            assert!(PathTemplate::parse(bad).is_err(), "{bad}");
        }
    }
}
