//! The `fields` parameter, which selects fields of a response.
//!
//! The grammar is that of [partial
//! responses](https://developers.google.com/discovery/v1/performance): `a,b` selects both, `a/b`
//! selects `b` within `a`, `a(b,c)` selects both within `a`, and `*` selects everything. Servers
//! that read the parameter as a [field mask](https://google.aip.dev/161) accept `a.b` for `a/b`,
//! and `snake_case` for `camelCase`.

/// Query parameters that accept a mask.
pub(super) const NAMES: [&str; 2] = ["fields", "$fields"];
/// Maximum nesting.
const DEPTH: usize = 64;

/// A mask of the responses of a list.
#[derive(Clone, Debug)]
pub struct Mask<'a> {
    text: &'a str,
    /// Paths of the mask as lists of names; `None` if the text is not a mask.
    paths: Option<Vec<Vec<&'a str>>>,
    wrapped: bool,
}

impl<'a> Mask<'a> {
    /// Returns `true` if a query parameter accepts a mask, in methods that do not declare it.
    #[must_use]
    pub fn is_parameter(name: &str) -> bool {
        NAMES.contains(&name)
    }

    /// Parses a mask. `wrapped` states whether responses are wrapped in `{"data": …}`, which a mask
    /// may include.
    #[must_use]
    pub fn new(text: &'a str, wrapped: bool) -> Self {
        let paths = Parser { rest: text.trim(), depth: 0 }.whole();
        let in_data =
            |paths: &Vec<Vec<&str>>| paths.iter().any(|path| path.first() == Some(&"data"));
        let wrapped = wrapped && paths.as_ref().is_some_and(in_data);
        Self { text, paths, wrapped }
    }

    /// Returns the original text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text
    }

    /// Returns `true` if a response contains the member `name`, or a part of it. An empty mask
    /// selects everything; the server rejects invalid masks.
    #[must_use]
    pub fn keeps(&self, name: &str) -> bool {
        let Some(paths) = &self.paths else { return true };
        let mut path: Vec<&str> = Vec::new();
        if self.wrapped {
            path.push("data");
        }
        path.push(name);
        let leads = |names: &Vec<&str>| names.iter().zip(&path).all(|(a, b)| is_same(a, b));
        paths.iter().any(leads)
    }

    /// Adds the member `name`; `None` if the mask contains it.
    #[must_use]
    pub fn with(&self, name: &str) -> Option<String> {
        let data = if self.wrapped { "data/" } else { "" };
        (!self.keeps(name)).then(|| format!("{},{data}{name}", self.text.trim()))
    }
}

/// Returns `true` if a name of a mask matches a member.
fn is_same(name: &str, member: &str) -> bool {
    let plain = |text: &str| text.chars().filter(|c| *c != '_').collect::<String>();
    name == "*" || name == member || plain(name).eq_ignore_ascii_case(&plain(member))
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Parser<'a> {
    /// Returns all paths; an empty text has one, that to everything.
    fn whole(mut self) -> Option<Vec<Vec<&'a str>>> {
        if self.rest.is_empty() {
            return Some(vec![Vec::new()]);
        }
        let paths = self.list()?;
        self.rest.is_empty().then_some(paths)
    }

    fn takes(&mut self, wanted: char) -> bool {
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn list(&mut self) -> Option<Vec<Vec<&'a str>>> {
        let mut all = self.path()?;
        while self.takes(',') {
            all.extend(self.path()?);
        }
        Some(all)
    }

    fn path(&mut self) -> Option<Vec<Vec<&'a str>>> {
        let mut names = vec![self.name()?];
        while self.takes('/') || self.takes('.') {
            names.push(self.name()?);
        }
        let mut below = vec![Vec::new()];
        if self.takes('(') {
            self.depth += 1;
            below = if self.depth > DEPTH { return None } else { self.list()? };
            self.depth -= 1;
            if !self.takes(')') {
                return None;
            }
            self.rest = self.rest.trim_start();
        }
        Some(below.into_iter().map(|path| [names.clone(), path].concat()).collect())
    }

    fn name(&mut self) -> Option<&'a str> {
        let end = self.rest.find([',', '/', '.', '(', ')']).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        let name = name.trim();
        (!name.is_empty()).then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::Mask;

    #[test]
    fn the_token_joins_where_it_is_missing() {
        for (text, joined) in [
            ("files(name)", Some("files(name),nextPageToken")),
            ("files/name", Some("files/name,nextPageToken")),
            (
                "files(id,owners(me,name)),kind",
                Some("files(id,owners(me,name)),kind,nextPageToken"),
            ),
            ("files(nextPageToken)", Some("files(nextPageToken),nextPageToken")),
            (" files ( name ) ", Some("files ( name ),nextPageToken")),
            ("files.name", Some("files.name,nextPageToken")),
            ("files/*", Some("files/*,nextPageToken")),
            ("nextPageToken,files(name)", None),
            ("files(name),next_page_token", None),
            ("*", None),
            ("*/name", None),
            ("", None),
            // Not masks: sent unchanged, for the server to reject.
            ("files(", None),
            ("files(name))", None),
            (",", None),
            ("a//b", None),
        ] {
            assert_eq!(Mask::new(text, false).with("nextPageToken").as_deref(), joined, "{text}");
        }
        assert!(Mask::new(&"a(".repeat(100_000), false).with("t").is_none());
    }

    #[test]
    fn the_wrapper_may_be_named() {
        for (text, joined) in [
            ("data/files(name)", Some("data/files(name),data/nextPageToken")),
            ("data(files,kind)", Some("data(files,kind),data/nextPageToken")),
            ("data(files,nextPageToken)", None),
            ("data", None),
            ("files(name)", Some("files(name),nextPageToken")),
        ] {
            assert_eq!(Mask::new(text, true).with("nextPageToken").as_deref(), joined, "{text}");
        }
    }

    #[test]
    fn what_is_kept() {
        for (text, files) in
            [("files/name", true), ("*", true), ("", true), ("kind", false), ("a(files)", false)]
        {
            assert_eq!(Mask::new(text, false).keeps("files"), files, "{text}");
        }
    }
}
