//! Routing of a verb and path to a method.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use discovery_runtime::reflect::{ApiInfo, MethodInfo, ParamInfo};
use discovery_runtime::spec::Segment;
use regex_lite::Regex;

use crate::error::ApiError;
use crate::incoming::{decode, decode_but_slash};

/// What documents put before the path of an upload for its resumable protocol. Both paths take
/// every protocol.
const RESUMABLE: &str = "/resumable";

/// Path templates of an API.
#[derive(Debug)]
pub(crate) struct Router {
    routes: Vec<Route>,
}

#[derive(Debug)]
struct Route {
    method: &'static MethodInfo,
    /// `/` and the service path, or the prefix of an upload's template.
    prefix: String,
    template: &'static [Segment],
    upload: bool,
    /// Number of literal characters; more of them make a template more specific.
    literal: usize,
    patterns: Vec<Pattern>,
}

/// Regular expression of a path parameter, compiled on first use.
#[derive(Debug)]
struct Pattern {
    param: &'static str,
    text: &'static str,
    regex: OnceLock<Option<Regex>>,
}

/// A matched method with its path parameters.
#[derive(Debug)]
pub(crate) struct Matched {
    pub(crate) method: &'static MethodInfo,
    pub(crate) path: BTreeMap<&'static str, String>,
    /// Whether the path is a media upload path.
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

    /// Finds the method. Among several matching templates, those whose patterns match take
    /// precedence, then those whose values of any depth are names, then the one with the most
    /// literal text.
    pub(crate) fn find(&self, verb: &str, path: &str) -> Result<Option<Matched>, ApiError> {
        let mut first = None;
        for route in self.routes.iter().filter(|r| r.method.spec.verb.as_str() == verb) {
            let Some(found) = route.matches(path)? else { continue };
            if route.patterns.iter().all(|pattern| pattern.has_name(&found.path)) {
                return Ok(Some(found));
            }
            first = first.or(Some(found));
        }
        Ok(first)
    }

    /// Returns the verbs that a path supports, for error messages.
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
        let path = match path.strip_prefix(RESUMABLE).filter(|_| self.upload) {
            Some(rest) if rest.starts_with('/') => rest,
            _ => path,
        };
        let Some(rest) = path.strip_prefix(self.prefix.as_str()) else { return Ok(None) };
        // Upload templates may begin with the slash that ends the prefix.
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

    /// Returns `false` if a value of any depth cannot be a resource name. Below the root of its
    /// pattern, a name alternates collections and ids: `a/1` is a document of Firestore and `a/1/b`
    /// a collection, though the patterns of `get` and `list` match both.
    fn has_name(&self, values: &BTreeMap<&'static str, String>) -> bool {
        let (Some(root), Some(value)) = (self.text.strip_suffix(ANY_DEPTH), values.get(self.param))
        else {
            return true;
        };
        let depth = |text: &str| text.split('/').count();
        // The patterns of single segments, `[^/]+`, have a slash of their own.
        let root = depth(&root.replace("[^/]", ""));
        depth(value).saturating_sub(root).is_multiple_of(2)
    }

    /// An invalid pattern, or one whose parameter is not in the path, is ignored.
    fn fits(&self, values: &BTreeMap<&'static str, String>) -> bool {
        let Some(value) = values.get(self.param) else { return true };
        let regex = self.regex.get_or_init(|| Regex::new(&any_depth(self.text)).ok());
        regex.as_ref().is_none_or(|regex| regex.is_match(value))
    }
}

/// End of a pattern of any depth.
const ANY_DEPTH: &str = "/[^/]+/.*$";

/// `**` of a path template, which stands for any number of segments and none, is `/[^/]+/.*` in a
/// document: the root of Firestore's documents, say, would not match.
fn any_depth(pattern: &str) -> String {
    match pattern.strip_suffix(ANY_DEPTH) {
        Some(root) => format!("{root}(/.*)?$"),
        None => pattern.to_owned(),
    }
}

const fn literal_length(segment: Segment) -> usize {
    match segment {
        Segment::Literal(text) => text.len(),
        _ => 0,
    }
}

/// Splits `path` by a template; each variable matches as much as possible.
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

/// Returns the possible ends of a variable: after each character, farthest first.
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
    fn a_pattern_of_any_depth_takes_the_root() {
        let regex = Regex::new(&any_depth("^a/[^/]+/docs/[^/]+/.*$")).unwrap();
        for (text, fits) in [
            ("a/1/docs", true),
            ("a/1/docs/b", true),
            ("a/1/docs/b/c/d/e", true),
            ("a/1/docsy", false),
            ("a/1", false),
        ] {
            assert_eq!(regex.is_match(text), fits, "{text}");
        }
        assert_eq!(any_depth("^a/[^/]+$"), "^a/[^/]+$");
    }

    #[test]
    fn variables_match_by_their_kind() {
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
    fn arbitrary_paths_do_not_panic() {
        use Segment::{Literal, Reserved};
        let template = [Reserved("a"), Literal("/é:"), Reserved("b")];
        assert_eq!(split(&template, "ü/é:ß"), Some(vec!["ü", "ß"]));
        assert_eq!(split(&template, "ü/é"), None);
    }
}
