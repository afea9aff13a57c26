//! Sample responses that fit a schema, for methods that the mock does not implement.

use std::collections::BTreeMap;

use discovery_describe::sample::{self, Inclusion, Place, Sampler, Walk};
use discovery_describe::{Kind, Type as _};
use discovery_runtime::json::Scalar;
use discovery_runtime::reflect::{FieldInfo, SchemaInfo, TypeInfo};
use serde_json::{Value, json};

use crate::schema::{fields, resolve};

/// Maximum depth of a sample. Deeper objects are included only if required.
const MAX_DEPTH: usize = 4;

/// Values of the request that a sample repeats.
#[derive(Debug, Default)]
pub(crate) struct Hints<'a> {
    /// Top-level text fields by name, such as `name` from the path.
    pub(crate) texts: BTreeMap<&'a str, &'a str>,
    /// Top-level fields to omit, such as the token of a next page, which would never end.
    pub(crate) without: Vec<&'a str>,
}

/// Returns a deterministic value of a type, with every required field.
pub(crate) fn sample(ty: TypeInfo, hints: &Hints<'_>) -> Value {
    let mut value = sample::value(&Answer, &Place::root(ty)).unwrap_or_default();
    if let Value::Object(members) = &mut value {
        for name in &hints.without {
            members.remove(*name);
        }
        for (name, text) in &hints.texts {
            if let Some(member @ Value::String(_)) = members.get_mut(*name)
                && is_text(ty, name)
            {
                *member = Value::String((*text).to_owned());
            }
        }
    }
    value
}

fn is_text(ty: TypeInfo, name: &str) -> bool {
    let TypeInfo::Object(schema) = resolve(ty) else { return false };
    fields(schema).iter().any(|f| f.name == name && matches!(resolve(f.ty), TypeInfo::String))
}

/// Includes every field except those that report errors or warnings.
struct Answer;

impl Sampler<'static, TypeInfo> for Answer {
    fn inclusion(&self, object: TypeInfo, at: usize, depth: usize) -> Inclusion {
        let TypeInfo::Object(schema) = resolve(object) else { return Inclusion::Excluded };
        match fields(schema).get(at) {
            Some(field) if field.required => Inclusion::Needed,
            Some(field) if belongs(schema, field, depth) => Inclusion::Included,
            _ => Inclusion::Excluded,
        }
    }

    fn leaf(&self, place: &Place<'static, TypeInfo>, _: &mut Walk<'_, Self>) -> Option<Value> {
        match place.ty.kind() {
            Kind::Any => Some(json!({})),
            // Samples of responses include output-only values.
            Kind::Scalar(Scalar::String) => {
                let made = sample::scalar(place.ty, place.name, place.default);
                Some(made.unwrap_or_else(|| json!("\"1\"")))
            }
            _ => Some(sample::scalar(place.ty, place.name, None).unwrap_or_default()),
        }
    }
}

/// Operations of a mock are done and successful.
fn belongs(schema: &SchemaInfo, field: &FieldInfo, depth: usize) -> bool {
    let is_error_of_operation = field.name == "error" && schema.name.ends_with("Operation");
    let is_too_deep = depth >= MAX_DEPTH && matches!(innermost(field.ty), TypeInfo::Object(_));
    !(field.deprecated || is_error_of_operation || is_too_deep)
}

/// Returns the element type of nested lists and maps.
fn innermost(ty: TypeInfo) -> TypeInfo {
    match resolve(ty) {
        TypeInfo::List(item) | TypeInfo::Map(item) => innermost(*item),
        other => other,
    }
}

#[cfg(test)]
#[path = "../tests/common/library.rs"]
mod library;

#[cfg(test)]
mod tests {
    use super::library::field;
    use super::*;
    use crate::schema::{Nulls, coerce, missing};

    #[test]
    fn samples_fit_their_schemas() {
        for schema in library::SCHEMAS {
            let ty = TypeInfo::Object(schema);
            let value = sample(ty, &Hints::default());
            assert_eq!(coerce(ty, &value, Nulls::Drop).unwrap(), value, "{}", schema.name);
            assert!(missing("", ty, &value, &|_| false).is_empty(), "{}", schema.name);
        }
    }

    #[test]
    fn self_requiring_types_have_no_sample() {
        static CHAIN: SchemaInfo = SchemaInfo {
            name: "Chain",
            rust_name: "Chain",
            description: "",
            shape: discovery_runtime::reflect::Shape::Object {
                fields: &[FieldInfo { required: true, ..field("next", TypeInfo::Object(&CHAIN)) }],
                additional: None,
            },
            deprecated: false,
        };
        assert_eq!(sample(TypeInfo::Object(&CHAIN), &Hints::default()), Value::Null);
    }
}
