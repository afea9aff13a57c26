//! Whether a call may be repeated.

use super::Call;
use super::request_id::member;
use crate::spec::Precondition;

impl Call {
    /// Returns whether repeating the call has the effect of one, as far as method and arguments
    /// tell: by its verb, by an ID of the request, or by a precondition that fails once the call
    /// has succeeded. Options of the caller take precedence.
    pub(crate) fn is_repeatable(&self) -> bool {
        let method = self.method();
        method.idempotent
            || self.has_request_id()
            || method.preconditions.iter().any(|condition| self.sets(*condition))
    }

    fn sets(&self, condition: Precondition) -> bool {
        match condition {
            Precondition::Query(name) => {
                self.query_value(name).is_some_and(|value| !value.is_empty())
            }
            Precondition::Body(path) => self.json().is_some_and(|json| holds(json, path)),
        }
    }
}

/// Returns whether an object holds text at a path.
fn holds(json: &str, path: &[&str]) -> bool {
    let Some((first, rest)) = path.split_first() else { return false };
    let value = member(json, first);
    let value = rest.iter().fold(value, |value, name| value.and_then(|value| value.get(name)));
    value.is_some_and(|value| value.as_text().is_some_and(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn a_version_is_text_at_its_place() {
        let path = &["policy", "etag"][..];
        for (json, expected) in [
            (r#"{"policy":{"etag":"a"}}"#, true),
            (r#"{"policy":{"etag":""}}"#, false),
            (r#"{"policy":{"etag":null}}"#, false),
            (r#"{"policy":{"etag":5}}"#, false),
            (r#"{"policy":{"other":"etag"},"etag":"a"}"#, false),
            (r#"{"policy":"etag"}"#, false),
            ("[]", false),
            ("{", false),
        ] {
            assert_eq!(holds(json, path), expected, "{json}");
        }
    }
}
