//! Conditions on the stored version of a resource: `ifGenerationMatch`, `ifMetagenerationNotMatch`.

use serde_json::Value;

use super::Work;
use crate::error::ApiError;
use crate::names::lower_first;
use crate::schema::field;

impl Work<'_, '_, '_> {
    /// Checks the parameters `if…Match` and `if…NotMatch` of the call against a resource as it is
    /// stored. The version of a resource that does not exist is 0.
    ///
    /// # Errors
    ///
    /// HTTP status 412, or 304 for a `get` of a version that the client has.
    pub(super) fn check_conditions(&self, stored: Option<&Value>) -> Result<(), ApiError> {
        for name in self.call.params.keys() {
            let Some((member, equal)) = condition(name) else { continue };
            let Some(field) = field(self.resource.schema, &member) else { continue };
            let wanted = self.call.param_text(name);
            let version = match stored.map(|stored| stored.get(field.name)) {
                None => "0".to_owned(),
                Some(None) => continue,
                Some(Some(Value::String(text))) => text.clone(),
                Some(Some(other)) => other.to_string(),
            };
            if (version == wanted) != equal {
                let text = format!(
                    "At least one of the conditions that were given did not hold: {name}={wanted}, \
                     and the {} is {version}.",
                    field.name
                );
                let reads = self.call.method.spec.verb == discovery_runtime::spec::Verb::Get;
                let status = if reads && !equal { 304 } else { 412 };
                return Err(ApiError::precondition(text).with_http_status(status));
            }
        }
        Ok(())
    }
}

/// The field that a condition is about, and whether it must be equal.
fn condition(name: &str) -> Option<(String, bool)> {
    let rest = name.strip_prefix("if")?;
    let (member, equal) = match rest.strip_suffix("NotMatch") {
        Some(member) => (member, false),
        None => (rest.strip_suffix("Match")?, true),
    };
    member.starts_with(|c: char| c.is_ascii_uppercase()).then(|| (lower_first(member), equal))
}

#[cfg(test)]
mod tests {
    use super::condition;

    #[test]
    fn names_tell_conditions() {
        let is = |name: &str, member: &str, equal| {
            assert_eq!(condition(name), Some((member.to_owned(), equal)), "{name}");
        };
        is("ifGenerationMatch", "generation", true);
        is("ifMetagenerationNotMatch", "metageneration", false);
        for name in ["iffyMatch", "ifGeneration", "ifMatch", "match", "ifNotMatch"] {
            assert_eq!(condition(name), None, "{name}");
        }
    }
}
