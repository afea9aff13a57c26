//! Parameters: positional arguments, `-p key=value`, and individual flags.

use discovery_describe::names::{self, kebab};
use discovery_json::Scalar;
use discovery_runtime::reflect::{Location, MethodInfo, ParamInfo};
use regex_lite::Regex;
use serde_json::Value;

use crate::body::{self, Op};
use crate::flags;
use crate::issue::{Issue, Issues};
use crate::suggest;

/// Validated parameter values of one call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Values {
    /// For the path template, by wire name.
    pub(crate) path: Vec<(&'static str, String)>,
    /// For the query, by wire name, in order of first mention.
    pub(crate) query: Vec<(&'static str, Vec<String>)>,
}

impl Values {
    /// The only or last value of a query parameter.
    pub(crate) fn query_one(&self, name: &str) -> Option<&str> {
        let (_, values) = self.query.iter().find(|(other, _)| *other == name)?;
        values.last().map(String::as_str)
    }

    /// Returns all values of a parameter.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let path = self.path.iter().filter(move |(other, _)| *other == name);
        let query = self.query.iter().filter(move |(other, _)| *other == name);
        let query = query.flat_map(|(_, values)| values);
        path.map(|(_, value)| value).chain(query).map(String::as_str)
    }

    /// Removes a query parameter and returns its last value.
    pub(crate) fn take_query(&mut self, name: &str) -> Option<String> {
        let at = self.query.iter().position(|(other, _)| *other == name)?;
        self.query.remove(at).1.pop()
    }

    fn set(&mut self, param: &'static ParamInfo, value: String) {
        if param.location == Location::Path {
            self.path.retain(|(name, _)| *name != param.name);
            self.path.push((param.name, value));
            return;
        }
        match self.query.iter_mut().find(|(name, _)| *name == param.name) {
            Some((_, values)) if param.repeated => values.push(value),
            Some((_, values)) => *values = vec![value],
            None => self.query.push((param.name, vec![value])),
        }
    }

    fn has(&self, param: &ParamInfo) -> bool {
        self.path.iter().any(|(name, _)| *name == param.name)
            || self.query.iter().any(|(name, _)| *name == param.name)
    }
}

/// Returns the name of a parameter's flag: kebab-case, without shell metacharacters, distinct from
/// the common flags.
pub(crate) fn flag_name(param: &ParamInfo) -> String {
    let name = plain(param.name);
    if flags::is_taken(&name) { format!("param-{name}") } else { name }
}

/// Returns `false` if the parameter's flag belongs to another one of the method, whose name is
/// spelled as the flag: `-p Self=…` sets `Self`, since `--self` sets `self`.
pub(crate) fn has_flag(method: &MethodInfo, param: &ParamInfo) -> bool {
    let name = flag_name(param);
    name == param.name || method.params.iter().all(|other| other.name != name)
}

/// Converts `$.xgafv` to `xgafv`, which no shell expands.
fn plain(wire: &str) -> String {
    kebab(wire).trim_start_matches(['$', '-']).to_owned()
}

/// Collects the parameters of one call.
pub(crate) struct Collector<'a> {
    method: &'static MethodInfo,
    general: &'static [ParamInfo],
    values: Values,
    issues: &'a mut Issues,
}

impl<'a> Collector<'a> {
    pub(crate) fn new(
        method: &'static MethodInfo,
        general: &'static [ParamInfo],
        issues: &'a mut Issues,
    ) -> Self {
        Self { method, general, values: Values::default(), issues }
    }

    /// Adds a parameter value; `flag` and `token` locate it in messages.
    pub(crate) fn value(&mut self, param: &'static ParamInfo, text: &str, flag: &str, token: &str) {
        let again =
            |other: String| token.strip_suffix(text).map(|before| format!("{before}{other}"));
        match body::scalar(text, param.ty) {
            Err(error) => {
                let message = error.message(param.name, text, param.ty);
                let issue = Issue::error(message).instead(error.instead.and_then(again));
                self.issues.push(issue.at(flag, token));
            }
            Ok(typed) => {
                if let Some(lint) = typed.lint {
                    let issue = Issue::warning(format!("{}.", lint.message))
                        .instead(lint.instead.and_then(again));
                    self.issues.push(issue.at(flag, token));
                }
                let value = match typed.value {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                self.check_value(param, &value, flag, token);
                self.values.set(param, value);
            }
        }
    }

    /// A `-p` token.
    pub(crate) fn token(&mut self, token: &str) {
        let (name, value) = match token.split_once('=') {
            Some((name, value)) if name.is_empty() || !value.is_empty() => (name, value),
            _ => return self.without_value(token),
        };
        match self.find(name) {
            Some(param) => self.value(param, value, "-p", token),
            None => self.unknown(name, value, token),
        }
    }

    /// Adds default values of parameters that have none yet, and that the method has.
    pub(crate) fn defaults(&mut self, defaults: &[(String, Vec<String>)], place: &str) {
        for (name, values) in defaults {
            let Some(param) = self.find(name).filter(|param| !self.values.has(param)) else {
                continue;
            };
            let kept = if param.repeated { values.as_slice() } else { last(values) };
            for value in kept {
                let flag = format!("'parameters' in {place}:");
                self.value(param, value, &flag, &format!("{name}={value}"));
            }
        }
    }

    fn find(&self, typed: &str) -> Option<&'static ParamInfo> {
        let method = names::find(self.method.params, typed, |param| param.name);
        let general = || names::find(self.general, typed, |param| param.name);
        let bare = typed.trim_start_matches("x-");
        let by_plain = || {
            let all = self.method.params.iter().chain(self.general);
            all.into_iter().find(|param| {
                let name = plain(param.name);
                name == typed || (param.name.starts_with('$') && name == bare)
            })
        };
        method.or_else(general).or_else(by_plain)
    }

    fn without_value(&mut self, token: &str) {
        let name = token.trim_end_matches('=');
        let message = format!("'{token}' does not match pattern <key>=<value>.");
        let instead = match self.find(name) {
            Some(param) if !name.is_empty() => {
                Some(format!("{name}={}", body::placeholder(param.ty)))
            }
            _ => None,
        };
        self.issues.push(Issue::error(message).instead(instead).at("-p", token));
    }

    fn unknown(&mut self, name: &str, value: &str, token: &str) {
        let message = format!("Parameter '{name}' is unknown.");
        if let Some(path) = self.field(name) {
            let message = format!("{message} It is a field of the request: use -r {path}={value}");
            self.issues.push(Issue::error(message).at("-p", token));
            return;
        }
        let known = self.method.params.iter().chain(self.general).map(|param| kebab(param.name));
        let instead = suggest::closest(name, known).map(|known| format!("{known}={value}"));
        self.issues.push(Issue::error(message).instead(instead).at("-p", token));
    }

    fn field(&self, name: &str) -> Option<String> {
        body::field_path(self.method.request?, name, Op::Set)
    }

    /// Warns about range and pattern; the server decides.
    fn check_value(&mut self, param: &ParamInfo, value: &str, flag: &str, token: &str) {
        let message = if out_of_range(param, value) {
            let (least, most) = (param.minimum.unwrap_or("…"), param.maximum.unwrap_or("…"));
            format!("'{value}' is not between {least} and {most}.")
        } else if let Some(pattern) =
            param.pattern.filter(|pattern| !matches_pattern(pattern, value))
        {
            format!("'{value}' does not look like {}.", shape(pattern))
        } else {
            return;
        };
        let before = token.strip_suffix(value).unwrap_or_default();
        let instead = param
            .pattern
            .and_then(|pattern| with_collection(pattern, value))
            .map(|value| format!("{before}{value}"));
        self.issues.push(Issue::warning(message).instead(instead).at(flag, token));
    }

    /// Returns the values after checking for missing ones and empty path segments.
    pub(crate) fn finish(self) -> Values {
        let mut told = false;
        for param in self.method.params {
            if param.required && !self.values.has(param) {
                told = true;
                let name = kebab(param.name);
                let mut message = format!("<{name}> is missing.");
                if let Some(pattern) = param.pattern {
                    message.push_str(&format!(" It looks like {}.", shape(pattern)));
                }
                self.issues.push(Issue::error(message));
            }
        }
        for (name, value) in &self.values.path {
            let param = self.method.params.iter().find(|param| param.name == *name);
            let empty = has_empty_segment(value)
                && param
                    .and_then(|p| p.pattern)
                    .is_none_or(|pattern| !matches_pattern(pattern, value));
            if empty && takes_segments(self.method, name) {
                let full: Vec<&str> = value.split('/').filter(|part| !part.is_empty()).collect();
                let message = format!("'{value}' has an empty segment.");
                let issue = Issue::error(message).instead(Some(full.join("/")));
                self.issues.push(issue.at(&format!("<{}>", kebab(name)), value));
                told = true;
            }
        }
        // Reports errors that the runtime would find later together with all others.
        let find = |name: &'static str| {
            let (_, value) = self.values.path.iter().find(|(other, _)| *other == name)?;
            Some(value.as_str())
        };
        if !told && let Err(error) = discovery_runtime::path::expand(self.method.spec.path, find) {
            self.issues.push(Issue::error(format!("{}.", error.message())));
        }
        self.values
    }
}

fn last(values: &[String]) -> &[String] {
    &values[values.len().saturating_sub(1)..]
}

/// Returns `true` if default values include one of a parameter.
pub(crate) fn supplies(defaults: &[(String, Vec<String>)], param: &ParamInfo) -> bool {
    let names = |(name, values): &(String, Vec<String>)| {
        !values.is_empty() && names::is_spelling(param.name, name)
    };
    defaults.iter().any(names)
}

fn takes_segments(method: &MethodInfo, name: &str) -> bool {
    use discovery_runtime::spec::Segment;
    method.spec.path.iter().any(|segment| match segment {
        Segment::Reserved(other) | Segment::Segments(other) => *other == name,
        Segment::Literal(_) | Segment::Simple(_) => false,
    })
}

fn has_empty_segment(value: &str) -> bool {
    value.split('/').any(str::is_empty)
}

fn out_of_range(param: &ParamInfo, value: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok();
    let Some(value) = number(value) else { return false };
    let beyond = |bound: Option<&str>, far: fn(f64, f64) -> bool| {
        bound.and_then(number).is_some_and(|bound| far(value, bound))
    };
    let is_number = param.ty.scalar().is_some_and(Scalar::is_number);
    is_number && (beyond(param.minimum, |v, b| v < b) || beyond(param.maximum, |v, b| v > b))
}

/// Returns `true` if a value matches the pattern of a parameter, or the parameter has none.
pub(crate) fn fits(param: &ParamInfo, value: &str) -> bool {
    param.pattern.is_none_or(|pattern| matches_pattern(pattern, value))
}

/// Returns `true` if a value matches a pattern; an invalid pattern matches everything.
fn matches_pattern(pattern: &str, value: &str) -> bool {
    Regex::new(pattern).map_or(true, |regex| regex.is_match(value))
}

/// Simplifies a pattern: `^projects/[^/]+$` becomes `projects/*`.
pub(crate) fn shape(pattern: &str) -> String {
    let body = pattern.trim_start_matches('^').trim_end_matches('$');
    body.replace("[^/]+", "*").replace("[^/]*", "*").replace(".+", "**").replace(".*", "**")
}

/// Expands `p1` to `projects/p1` if the pattern requires it.
fn with_collection(pattern: &str, value: &str) -> Option<String> {
    let shape = shape(pattern);
    let collection = shape.strip_suffix("/*")?;
    let candidate = format!("{collection}/{value}");
    (!value.is_empty() && !collection.contains('*') && matches_pattern(pattern, &candidate))
        .then_some(candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        assert_eq!(shape("^projects/[^/]+/jobs/[^/]+$"), "projects/*/jobs/*");
        assert!(matches_pattern("^projects/[^/]+$", "projects/p1"));
        assert!(!matches_pattern("^projects/[^/]+$", "p1"));
        assert!(matches_pattern("(", "a broken pattern matches everything"));
        assert_eq!(with_collection("^projects/[^/]+$", "p1").as_deref(), Some("projects/p1"));
        assert_eq!(with_collection("^projects/[^/]+/jobs/[^/]+$", "j1"), None);
        assert_eq!(with_collection("^projects/[^/]+$", "a/b"), None);
    }

    #[test]
    fn empty_segments() {
        for (value, want) in [("a/b", false), ("/a", true), ("a/", true), ("a//b", true)] {
            assert_eq!(has_empty_segment(value), want, "{value}");
        }
    }
}
