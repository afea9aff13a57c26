//! Responses of mutating methods: the resource, nothing, or a completed operation.

use discovery_runtime::json::Form;
use discovery_runtime::reflect::{SchemaInfo, TypeInfo};
use discovery_runtime::spec::Verb;
use serde_json::{Map, Value, json};

use super::{AnswerAs, Work, place};
use crate::call::{Call, OperationForm};
use crate::error::ApiError;
use crate::names::has_form;
use crate::sample::{Hints, sample};
use crate::schema::{field, resolve};

/// Prefix of the type URLs of Google's messages in an `Any`.
const TYPES: &str = "type.googleapis.com";

/// Returns `true` for schemas of operations: AIP-151's, or Compute's kind with a `status`.
pub(crate) fn is_operation(schema: &SchemaInfo) -> bool {
    schema.name.ends_with("Operation") && field(schema, "name").is_some()
}

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
            AnswerAs::Operation(schema) => {
                let presented = self.presented(value);
                let kind = self.resource.schema.name;
                Ok(finish(self.call, schema, Some((name, kind, presented))))
            }
        }
    }
}

/// Returns the operation of a method that is not a standard one: a stored one for `get` and `wait`,
/// otherwise a new one about the resource whose name the path begins with.
///
/// # Errors
///
/// `NOT_FOUND` for an operation that was never started.
pub(crate) fn operation_of(
    call: &mut Call<'_, '_>,
    schema: &'static SchemaInfo,
) -> Result<Value, ApiError> {
    let place = place::name(call);
    let verb = |place: &str, verb: &str| place.strip_suffix(verb).map(str::to_owned);
    let asked = verb(&place, "/wait").or_else(|| verb(&place, ":wait"));
    let asked = asked.unwrap_or_else(|| place.clone());
    if call.is_operation(&asked) {
        return call.txn.get(&asked).cloned().ok_or_else(|| ApiError::not_found(&asked));
    }
    let mut name = place.split(':').next().unwrap_or_default();
    let target = loop {
        if let Some(record) = call.txn.record(name) {
            break Some((name.to_owned(), record.kind.clone(), record.value.clone()));
        }
        match name.rsplit_once('/') {
            Some((parent, _)) => name = parent,
            None => break None,
        }
    };
    let target =
        target.as_ref().map(|(name, kind, value)| (name.as_str(), kind.as_str(), value.clone()));
    Ok(finish(call, schema, target))
}

/// Creates and stores an operation that is done, without error or warning.
///
/// It has the fields of [AIP-151](https://google.aip.dev/151) or Compute's kind, depending on its
/// schema. `target` holds name, kind, and value of the changed resource.
pub(crate) fn finish(
    call: &mut Call<'_, '_>,
    schema: &'static SchemaInfo,
    target: Option<(&str, &str, Value)>,
) -> Value {
    let id = call.txn.next_id();
    let about = target.as_ref().map_or_else(|| place::name(call), |(name, ..)| (*name).to_owned());
    let (collection, whole) = collection(call.operations, &about);
    let short = if whole { id.to_string() } else { format!("operation-{id}") };
    let own = format!("{collection}/{short}");
    let now = json!(call.now.to_string());
    let mut members = vec![
        ("name", json!(if whole { &own } else { &short })),
        ("id", json!(id.to_string())),
        ("done", json!(true)),
        ("status", json!("DONE")),
        ("progress", json!(100)),
        ("operationType", json!(call.method.name)),
        ("selfLink", json!(call.link(&own))),
    ];
    members.extend(["insertTime", "startTime", "endTime"].map(|name| (name, now.clone())));
    let scopes = [("zones", "zone"), ("regions", "region")];
    for (plural, member) in scopes {
        members.extend(scope_of(&about, plural).map(|scope| (member, json!(call.link(&scope)))));
    }
    if let Some((name, kind, value)) = target {
        members.push(("targetLink", json!(call.link(name))));
        members.extend(value.get("id").map(|id| ("targetId", id.clone())));
        members.push(("response", response(call, kind, value)));
    } else {
        members.push(("response", empty()));
    }
    let mut operation = required(schema);
    for (member, value) in members {
        if field(schema, member).is_some_and(|field| takes(field.ty, &value)) {
            operation.insert(member.to_owned(), value);
        }
    }
    let operation = Value::Object(operation);
    call.txn.put(schema.name, &own, operation.clone());
    operation
}

/// Returns the result of an operation: the resource, unless it was deleted.
fn response(call: &Call<'_, '_>, kind: &str, mut value: Value) -> Value {
    if call.method.spec.verb == Verb::Delete || !value.is_object() {
        return empty();
    }
    value["@type"] = json!(format!("{TYPES}/{kind}"));
    value
}

fn empty() -> Value {
    json!({ "@type": format!("{TYPES}/google.protobuf.Empty") })
}

/// Returns the required fields, with the value of those that have only one.
fn required(schema: &'static SchemaInfo) -> Map<String, Value> {
    let Value::Object(all) = sample(TypeInfo::Object(schema), &Hints::default()) else {
        return Map::new();
    };
    let needed = |name: &str| {
        field(schema, name).is_some_and(|field| field.required || field.default.is_some())
    };
    all.into_iter().filter(|(name, _)| needed(name)).collect()
}

/// Returns the nearest collection of operations of a resource, and whether its operations are named
/// by their full name.
fn collection(operations: &[OperationForm], name: &str) -> (String, bool) {
    let segments: Vec<&str> = name.split('/').collect();
    let near = operations.iter().filter_map(|operations| {
        let all = operations.form.strip_suffix("/*")?;
        let (above, last) = all.rsplit_once('/').unwrap_or(("", all));
        let depth = if above.is_empty() { 0 } else { above.split('/').count() };
        let prefix = segments.get(..depth)?.join("/");
        let fits = above.is_empty() || has_form(above, &prefix);
        let collection =
            if prefix.is_empty() { last.to_owned() } else { format!("{prefix}/{last}") };
        fits.then_some((depth, collection, operations.whole))
    });
    let nearest = near.max_by_key(|(depth, ..)| *depth);
    nearest.map_or_else(
        || (format!("{}operations", location(&segments)), true),
        |(_, collection, whole)| (collection, whole),
    )
}

/// Returns the parent of operations without a pattern: project and location, if the name has them.
fn location(segments: &[&str]) -> String {
    match segments {
        ["projects", project, "locations", location, ..] => {
            format!("projects/{project}/locations/{location}/")
        }
        _ => String::new(),
    }
}

/// Returns the name of the zone or region of a resource.
pub(super) fn scope_of(name: &str, plural: &str) -> Option<String> {
    let segments: Vec<&str> = name.split('/').collect();
    let at = segments.iter().position(|segment| *segment == plural)?;
    segments.get(..at + 2).map(|scope| scope.join("/"))
}

fn takes(ty: TypeInfo, value: &Value) -> bool {
    let ty = resolve(ty);
    if let Some(scalar) = ty.scalar() {
        return match scalar.form() {
            Form::Bool => value.is_boolean(),
            Form::Integer { quoted: true, .. } => {
                value.as_str().is_some_and(|n| n.parse::<u64>().is_ok())
            }
            Form::Integer { quoted: false, .. } => value.is_u64(),
            Form::Float { .. } => false,
            Form::Text | Form::Parsed(_) => value.as_str().is_some_and(|text| scalar.reads(text)),
        };
    }
    match ty {
        TypeInfo::Enum(info) => info.values.iter().any(|v| value == v.name),
        TypeInfo::Map(_) | TypeInfo::Object(_) | TypeInfo::Any => value.is_object(),
        _ => false,
    }
}
