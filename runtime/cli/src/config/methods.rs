//! Patterns of method IDs.

use discovery_runtime::reflect::ApiInfo;

use crate::suggest;

/// Patterns of method IDs, such as `jobs.projects.companies.*`.
///
/// Dots separate names. A `*` in place of a name stands for one or more names; within a name, for
/// any text. So `*` is every method, and `*.delete*` is every method whose name begins with
/// `delete`.
#[derive(Clone, Debug, Default)]
pub(crate) struct MethodPatterns {
    texts: Vec<String>,
}

impl MethodPatterns {
    /// Checks that each pattern matches a method: a misspelled one would have no effect.
    pub(crate) fn parse(api: &ApiInfo, texts: &[String]) -> Result<Self, String> {
        let ids = || api.methods.iter().map(|method| method.spec.id);
        for text in texts {
            if !ids().any(|id| matches(text, id)) {
                let near = suggest::closest(text, ids());
                let near = near.map(|id| format!(", did you mean '{id}'?")).unwrap_or_default();
                return Err(format!("the pattern '{text}' matches no method{near}"));
            }
        }
        Ok(Self { texts: texts.to_vec() })
    }

    /// Returns the first pattern that matches an ID.
    pub(crate) fn find(&self, id: &str) -> Option<&str> {
        self.texts.iter().map(String::as_str).find(|text| matches(text, id))
    }
}

fn matches(pattern: &str, id: &str) -> bool {
    let parts: Vec<&str> = pattern.split('.').collect();
    let names: Vec<&str> = id.split('.').collect();
    fits(&parts, &names)
}

fn fits(parts: &[&str], names: &[&str]) -> bool {
    match (parts, names) {
        ([], []) => true,
        (["*", rest @ ..], [_, tail @ ..]) => fits(rest, tail) || fits(parts, tail),
        ([part, rest @ ..], [name, tail @ ..]) => within(part, name) && fits(rest, tail),
        _ => false,
    }
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

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_of_method_ids() {
        for (pattern, id, want) in [
            ("*", "jobs.projects.jobs.get", true),
            ("jobs.projects.jobs.get", "jobs.projects.jobs.get", true),
            ("jobs.projects.*", "jobs.projects.jobs.get", true),
            ("jobs.projects.*", "jobs.projects", false),
            ("jobs.*.get", "jobs.projects.jobs.get", true),
            ("*.delete*", "jobs.projects.jobs.deleteAll", true),
            ("*.delete", "jobs.projects.jobs.batchDelete", false),
            ("*.*Delete", "jobs.projects.jobs.batchDelete", true),
            ("*.a*b*c", "x.aXbYc", true),
            ("*.a*b*b", "x.ab", false),
            ("jobs", "jobs.projects", false),
            ("", "jobs", false),
        ] {
            assert_eq!(matches(pattern, id), want, "{pattern} {id}");
        }
    }
}
