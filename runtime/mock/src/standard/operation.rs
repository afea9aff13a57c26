//! What a change answers: the resource, nothing, or an operation that is done already.

use discovery_runtime::reflect::{SchemaInfo, TypeInfo};
use serde_json::{Value, json};

use super::{AnswerAs, Work};
use crate::error::ApiError;
use crate::sample::{Hints, sample};
use crate::schema::{field, resolve};

impl Work<'_, '_, '_> {
    pub(super) fn answer(
        &mut self,
        answer: AnswerAs,
        name: &str,
        value: Value,
    ) -> Result<Value, ApiError> {
        match answer {
            AnswerAs::Empty => Ok(json!({})),
            AnswerAs::Resource => Ok(self.presented(value)),
            AnswerAs::Operation(schema) => Ok(self.operation(schema, name, value)),
        }
    }

    /// A finished operation ([AIP-151](https://google.aip.dev/151)), stored so that it can be
    /// looked at again.
    fn operation(&mut self, schema: &'static SchemaInfo, name: &str, value: Value) -> Value {
        let own = format!("{}operations/{}", scope(name), self.call.txn.next_id());
        let mut operation = sample(TypeInfo::Object(schema), &Hints::default());
        let mut resource = self.presented(value);
        resource["@type"] = json!(format!("type.googleapis.com/{}", self.resource.schema.name));
        for (member, value) in [
            ("name", json!(own)),
            ("done", json!(true)),
            ("response", resource),
            ("status", json!("DONE")),
        ] {
            if field(schema, member).is_some_and(|field| takes(field.ty, &value)) {
                operation[member] = value;
            }
        }
        self.call.txn.put(schema.name, &own, operation.clone());
        operation
    }
}

/// The part of a name that operations live below: project and location, if it has them.
fn scope(name: &str) -> String {
    let parts: Vec<&str> = name.split('/').collect();
    match parts.as_slice() {
        ["projects", project, "locations", location, ..] => {
            format!("projects/{project}/locations/{location}/")
        }
        _ => String::new(),
    }
}

fn takes(ty: TypeInfo, value: &Value) -> bool {
    match resolve(ty) {
        TypeInfo::Enum(info) => info.values.iter().any(|v| value == v.name),
        TypeInfo::String => value.is_string(),
        TypeInfo::Bool => value.is_boolean(),
        TypeInfo::Map(_) | TypeInfo::Object(_) | TypeInfo::Any => value.is_object(),
        _ => false,
    }
}
