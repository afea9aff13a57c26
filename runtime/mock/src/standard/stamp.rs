//! Server-assigned fields: identity, times, etag, and constants.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use discovery_runtime::json::Timestamp;
use discovery_runtime::reflect::{FieldInfo, SchemaInfo, TypeInfo};
use serde_json::{Map, Value};

use super::operation::scope_of;
use super::{Identity, Resource};
use crate::call::{link, sorted};
use crate::names::fnv64;
use crate::schema::{field, fields, object, resolve};

const CREATED: [&str; 3] = ["createTime", "created", "timeCreated"];
const UPDATED: [&str; 3] = ["updateTime", "updated", "modifiedTime"];

/// Sets the fields that follow from the resource's name: its identity, its link, and the links of
/// its zone or region.
pub(super) fn identify(resource: &Resource, name: &str, value: &mut Value) {
    set_identity(resource, name, value);
    let is_text = |member: &str| {
        field(resource.schema, member).is_some_and(|f| matches!(resolve(f.ty), TypeInfo::String))
    };
    if !is_text("selfLink") {
        return;
    }
    set(value, "selfLink", Value::String(link(resource.service, name)));
    for (plural, member) in [("zones", "zone"), ("regions", "region")] {
        if let Some(scope) = scope_of(name, plural).filter(|_| is_text(member)) {
            set(value, member, Value::String(link(resource.service, &scope)));
        }
    }
}

fn set_identity(resource: &Resource, name: &str, value: &mut Value) {
    match resource.identity {
        Identity::Name { member, .. } => set(value, member, Value::String(name.to_owned())),
        Identity::Last(member) => {
            let last = name.rsplit_once('/').map_or(name, |(_, last)| last);
            set(value, member, segment(last));
            let above = resource.variables.iter().zip(variables(resource, name));
            for (variable, text) in above.filter(|(variable, _)| **variable != member) {
                let is_text = |field: &FieldInfo| matches!(resolve(field.ty), TypeInfo::String);
                let own = fields(resource.schema).iter().find(|field| field.name == *variable);
                // The last variable is the identity, whatever the field is called.
                if resource.variables.last() != Some(variable) && own.is_some_and(is_text) {
                    set(value, variable, segment(text));
                }
            }
        }
        Identity::Reference { member, .. } => {
            let mut reference = value.get(member).cloned().unwrap_or_default();
            for (variable, text) in resource.variables.iter().zip(variables(resource, name)) {
                set(&mut reference, variable, segment(text));
            }
            set(value, member, reference);
        }
    }
}

/// Returns the segments of a name that correspond to the variables of its path.
fn variables<'n>(resource: &Resource, name: &'n str) -> Vec<&'n str> {
    let form = resource.form.as_deref().unwrap_or_default().split('/');
    form.zip(name.split('/')).filter(|(part, _)| *part == "*").map(|(_, text)| text).collect()
}

fn segment(text: &str) -> Value {
    Value::String(text.replace("%2F", "/"))
}

/// Sets the fingerprints of a resource and of the objects in it that have one. Servers keep such an
/// object even if it is empty, since a change of it needs the fingerprint.
fn fingerprints(schema: &'static SchemaInfo, value: &mut Value) {
    const NAME: &str = "fingerprint";
    let has_own = |schema| {
        field(schema, NAME).is_some_and(|field| matches!(resolve(field.ty), TypeInfo::Bytes))
    };
    for field in fields(schema) {
        let inner = object(field.ty).filter(|inner| has_own(inner));
        if let Some(inner) = inner {
            let mut member = value.get(field.name).cloned().unwrap_or_default();
            fingerprints(inner, &mut member);
            set(value, field.name, member);
        }
    }
    if has_own(schema) {
        set(value, NAME, Value::Null);
        let text = sorted(value).to_string();
        let print = STANDARD.encode(fnv64([text.as_str()]).to_be_bytes());
        set(value, NAME, Value::String(print));
    }
}

/// Counts the changes of a resource, where its schema has a number for them.
pub(super) fn version(schema: &'static SchemaInfo, old: Option<&Value>, value: &mut Value) {
    if field(schema, "metageneration").is_some_and(|field| matches!(field.ty, TypeInfo::Int64)) {
        let last = old.and_then(|old| old.get("metageneration")?.as_str()?.parse::<u64>().ok());
        set(value, "metageneration", Value::String((last.unwrap_or(0) + 1).to_string()));
    }
}

/// Sets the times of creation and update, if the schema has them as server-assigned fields.
pub(super) fn times(schema: &'static SchemaInfo, created: bool, now: Timestamp, value: &mut Value) {
    let now = Value::String(now.to_string());
    for field in fields(schema).iter().filter(|field| is_servers(field)) {
        let at_creation = is_time_of(field, CREATED, "CreateTime");
        if (created && at_creation) || is_time_of(field, UPDATED, "UpdateTime") {
            set(value, field.name, now.clone());
        }
    }
}

/// Sets fields whose schema allows a single value, such as `kind`, and the etag, which changes with
/// every other field.
pub(super) fn constants(schema: &'static SchemaInfo, value: &mut Value) {
    for field in fields(schema) {
        if let (Some(default), "kind", TypeInfo::String) = (field.default, field.name, field.ty) {
            set(value, field.name, Value::String(default.to_owned()));
        }
    }
    fingerprints(schema, value);
    if field(schema, "etag").is_some_and(|field| matches!(field.ty, TypeInfo::String)) {
        set(value, "etag", Value::Null);
        let text = sorted(value).to_string();
        set(value, "etag", Value::String(format!("\"{:016x}\"", fnv64([text.as_str()]))));
    }
}

/// Copies output-only fields from `old`, ignoring what the client sent.
pub(super) fn keep_output_only(schema: &'static SchemaInfo, old: Option<&Value>, new: &mut Value) {
    for field in fields(schema).iter().filter(|field| field.output_only) {
        let kept = old.and_then(|old| old.get(field.name)).cloned();
        match (kept, new.as_object_mut()) {
            (Some(kept), Some(members)) => drop(members.insert(field.name.to_owned(), kept)),
            (None, Some(members)) => drop(members.remove(field.name)),
            (_, None) => {}
        }
    }
}

/// Removes nulls of declared fields, which mean "not set".
pub(super) fn drop_nulls(value: &mut Value) {
    if let Value::Object(members) = value {
        members.retain(|_, value| !value.is_null());
    }
}

fn set(value: &mut Value, name: &str, member: Value) {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    if let Some(members) = value.as_object_mut() {
        members.insert(name.to_owned(), member);
    }
}

/// Returns `true` unless the client sets the field, such as the time of an event.
fn is_servers(field: &FieldInfo) -> bool {
    matches!(resolve(field.ty), TypeInfo::Timestamp | TypeInfo::DateTime)
        && !field.required
        && field.required_by.is_empty()
}

/// Matches `createTime`, a name with that ending such as `postingCreateTime`, or an older name.
fn is_time_of(field: &FieldInfo, names: [&str; 3], ending: &str) -> bool {
    names.contains(&field.name) || (field.output_only && field.name.ends_with(ending))
}
