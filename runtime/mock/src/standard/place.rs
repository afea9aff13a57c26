//! Resource and collection names, derived from path templates.

use discovery_runtime::reflect::MethodInfo;
use discovery_runtime::spec::Segment;

use crate::call::Call;

/// Returns the name of the resource or collection that a call addresses: its path without the
/// version, `projects/p/jobs/1`. A slash in a `{simple}` value stays encoded, so that it does not
/// add a segment.
pub(crate) fn name(call: &Call<'_, '_>) -> String {
    let mut path = String::new();
    for segment in call.method.spec.path {
        match *segment {
            Segment::Literal(text) => path.push_str(text),
            Segment::Simple(variable) => {
                path.push_str(&call.param_text(variable).replace('/', "%2F"));
            }
            Segment::Reserved(variable) | Segment::Segments(variable) => {
                path.push_str(&call.param_text(variable));
            }
        }
    }
    without_version(&path).to_owned()
}

/// Returns the name pattern of a method, with `*` for each variable segment: `projects/*/jobs/*`.
/// `None` if a parameter's pattern does not determine it.
pub(crate) fn form(method: &MethodInfo) -> Option<String> {
    let mut path = String::new();
    for segment in method.spec.path {
        match *segment {
            Segment::Literal(text) => path.push_str(text),
            Segment::Simple(_) => path.push('*'),
            Segment::Reserved(variable) => {
                let param = method.params.iter().find(|param| param.name == variable)?;
                path.push_str(&form_of_pattern(param.pattern?)?);
            }
            Segment::Segments(_) => return None,
        }
    }
    Some(without_version(&path).to_owned())
}

/// `^projects/[^/]+$` → `projects/*`; `None` for other patterns.
fn form_of_pattern(pattern: &str) -> Option<String> {
    let inner = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let form = inner.replace("[^/]+", "*");
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '*' | '-' | '_' | '~');
    (form.chars().all(plain) && !form.contains("**")).then_some(form)
}

/// Removes a leading `v1/` or `v1beta2/`.
fn without_version(path: &str) -> &str {
    let path = path.trim_start_matches('/');
    match path.split_once('/') {
        Some((first, rest)) if is_version(first) => rest,
        _ => path,
    }
}

fn is_version(segment: &str) -> bool {
    let digit = segment.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    segment.starts_with('v') && digit && segment.chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::has_form;

    #[test]
    fn name_patterns_follow_from_regular_expressions() {
        let form = form_of_pattern("^projects/[^/]+/jobs/[^/]+$").unwrap();
        assert_eq!(form, "projects/*/jobs/*");
        assert!(has_form(&form, "projects/p/jobs/1"));
        assert!(!has_form(&form, "projects/p/jobs"));
        assert!(!has_form(&form, "projects/p/jobs/1/x"));
        assert!(!has_form(&form, "projects//jobs/1"));
        for pattern in ["^a/.*$", "projects/[^/]+", "^[a-z]{1,3}$"] {
            assert_eq!(form_of_pattern(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn versions_are_not_part_of_names() {
        assert_eq!(without_version("v3/projects/p"), "projects/p");
        assert_eq!(without_version("/v1beta1/projects/p"), "projects/p");
        assert_eq!(without_version("videos/v1"), "videos/v1");
        assert_eq!(without_version("calendars/a"), "calendars/a");
    }
}
