//! Which method a verb and a path mean.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use discovery_runtime::reflect::{ApiInfo, MethodInfo, ParamInfo};
use discovery_runtime::spec::Segment;
use regex_lite::Regex;

use crate::error::ApiError;
use crate::incoming::{decode, decode_but_slash};

/// The path templates of an API.
#[derive(Debug)]
pub(crate) struct Router {
    routes: Vec<Route>,
}

#[derive(Debug)]
struct Route {
    method: &'static MethodInfo,
    /// `/` and the service path, or what stands before the template of an upload.
    prefix: String,
    template: &'static [Segment],
    upload: bool,
    /// Characters of literal text: the more a template has, the more it says.
    literal: usize,
    patterns: Vec<Pattern>,
}

/// The pattern of a path parameter, compiled when it is first needed.
#[derive(Debug)]
struct Pattern {
    param: &'static str,
    text: &'static str,
    regex: OnceLock<Option<Regex>>,
}

/// A method with the values of its path parameters.
#[derive(Debug)]
pub(crate) struct Matched {
    pub(crate) method: &'static MethodInfo,
    pub(crate) path: BTreeMap<&'static str, String>,
    /// Whether the path is that of a media upload.
    pub(crate) upload: bool,
}

impl Router {
    pub(crate) fn new(api: &'static ApiInfo) -> Self {
        let mut routes: Vec<Route> = Vec::new();
        for method in api.methods {
            let service = method.spec.service.service_path;
            routes.push(Route::new(method, format!("/{service}"), method.spec.path, false));
            if let Some(upload) = method.spec.upload {
                routes.push(Route::new(method, "/".to_owned(), upload.path, true));
            }
        }
        routes.sort_by_key(|route| std::cmp::Reverse(route.literal));
        Self { routes }
    }

    /// Finds the method. Of several whose template fits, one whose patterns fit too wins; among
    /// those, the one with most literal text.
    pub(crate) fn find(&self, verb: &str, path: &str) -> Result<Option<Matched>, ApiError> {
        for route in self.routes.iter().filter(|r| r.method.spec.verb.as_str() == verb) {
            if let Some(found) = route.matches(path)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The verbs that a path knows, for the message of an error.
    pub(crate) fn verbs(&self, path: &str) -> Vec<&'static str> {
        let fits = self.routes.iter().filter(|route| matches!(route.matches(path), Ok(Some(_))));
        let mut verbs: Vec<&str> = fits.map(|route| route.method.spec.verb.as_str()).collect();
        verbs.sort_unstable();
        verbs.dedup();
        verbs
    }
}

impl Route {
    fn new(
        method: &'static MethodInfo,
        prefix: String,
        template: &'static [Segment],
        upload: bool,
    ) -> Self {
        let literal = template.iter().map(|s| literal_length(*s)).sum();
        let patterns = method.params.iter().filter_map(Pattern::of).collect();
        Self { method, prefix, template, upload, literal, patterns }
    }

    fn matches(&self, path: &str) -> Result<Option<Matched>, ApiError> {
        let Some(rest) = path.strip_prefix(self.prefix.as_str()) else { return Ok(None) };
        // Templates of uploads may begin with the slash that ends the prefix.
        let template = self.template;
        let Some(raw) = match_segments(template, rest).or_else(|| match_segments(template, path))
        else {
            return Ok(None);
        };
        let mut values = BTreeMap::new();
        for (segment, text) in raw {
            match segment {
                Segment::Literal(_) => {}
                Segment::Simple(name) => drop(values.insert(name, decode(text)?)),
                Segment::Reserved(name) | Segment::Segments(name) => {
                    values.insert(name, decode_but_slash(text)?);
                }
            }
        }
        let fits = self.patterns.iter().all(|p| p.fits(&values));
        Ok(fits.then_some(Matched { method: self.method, path: values, upload: self.upload }))
    }
}

impl Pattern {
    fn of(param: &'static ParamInfo) -> Option<Self> {
        let text = param.pattern?;
        Some(Self { param: param.name, text, regex: OnceLock::new() })
    }

    /// A pattern that is no regular expression, or whose parameter is not in the path, says nothing.
    fn fits(&self, values: &BTreeMap<&'static str, String>) -> bool {
        let Some(value) = values.get(self.param) else { return true };
        let regex = self.regex.get_or_init(|| Regex::new(self.text).ok());
        regex.as_ref().is_none_or(|regex| regex.is_match(value))
    }
}

const fn literal_length(segment: Segment) -> usize {
    match segment {
        Segment::Literal(text) => text.len(),
        _ => 0,
    }
}

/// Splits `path` along a template; each variable takes as much as the rest allows.
fn match_segments<'p>(template: &[Segment], path: &'p str) -> Option<Vec<(Segment, &'p str)>> {
    let Some((first, rest)) = template.split_first() else {
        return path.is_empty().then(Vec::new);
    };
    let ends: Vec<usize> = match *first {
        Segment::Literal(text) => {
            path.starts_with(text).then_some(text.len()).into_iter().collect()
        }
        Segment::Simple(_) => ends(path, path.find('/').unwrap_or(path.len())),
        Segment::Reserved(_) => ends(path, path.len()),
        Segment::Segments(_) if path.starts_with('/') => ends(path, path.len()),
        Segment::Segments(_) => Vec::new(),
    };
    for end in ends {
        if let (Some(value), Some(after)) = (path.get(..end), path.get(end..))
            && let Some(mut found) = match_segments(rest, after)
        {
            let value = match first {
                Segment::Segments(_) => value.trim_start_matches('/'),
                _ => value,
            };
            found.insert(0, (*first, value));
            return Some(found);
        }
    }
    None
}

/// Where a variable may end: anywhere after its first character, the farthest first.
fn ends(path: &str, limit: usize) -> Vec<usize> {
    let inside = path.char_indices().map(|(at, _)| at).filter(|at| (1..limit).contains(at));
    let mut ends: Vec<usize> = inside.chain((limit > 0).then_some(limit)).collect();
    ends.reverse();
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split<'p>(template: &[Segment], path: &'p str) -> Option<Vec<&'p str>> {
        let found = match_segments(template, path)?;
        let variables = found.into_iter().filter(|(s, _)| !matches!(s, Segment::Literal(_)));
        Some(variables.map(|(_, text)| text).collect())
    }

    #[test]
    fn variables_take_what_their_kind_allows() {
        use Segment::{Literal, Reserved, Segments, Simple};
        let search = [Literal("v3/"), Reserved("parent"), Literal("/jobs:search")];
        assert_eq!(split(&search, "v3/projects/p/jobs:search"), Some(vec!["projects/p"]));
        assert_eq!(split(&search, "v3/projects/p/jobs"), None);
        assert_eq!(split(&search, "v3//jobs:search"), None);

        let event = [Literal("calendars/"), Simple("c"), Literal("/events/"), Simple("e")];
        assert_eq!(split(&event, "calendars/a%2Fb/events/e"), Some(vec!["a%2Fb", "e"]));
        assert_eq!(split(&event, "calendars/a/b/events/e"), None);

        let verb = [Literal("v1/"), Reserved("name"), Literal(":undelete")];
        assert_eq!(split(&verb, "v1/a/b:c:undelete"), Some(vec!["a/b:c"]));

        let many = [Literal("p"), Segments("rest")];
        assert_eq!(split(&many, "p/a/b"), Some(vec!["a/b"]));
        assert_eq!(split(&many, "p"), None);
    }

    #[test]
    fn any_text_is_looked_at_without_panic() {
        use Segment::{Literal, Reserved};
        let template = [Reserved("a"), Literal("/é:"), Reserved("b")];
        assert_eq!(split(&template, "ü/é:ß"), Some(vec!["ü", "ß"]));
        assert_eq!(split(&template, "ü/é"), None);
    }
}
