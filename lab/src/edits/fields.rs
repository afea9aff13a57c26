//! Schemas and their fields.

use super::Do;
use super::find::{all, fields, is_used, one, remove, rename, replace};
use discovery_generator::error::pointer;
use fastrand::Rng;
use serde_json::{Value, json};

pub(super) const KINDS: &[(&str, Do)] = &[
    ("a new field", add),
    ("a field goes", |d, r| {
        let place = r.choice(&fields(d, &|_| true))?.clone();
        remove(d, &place)?;
        Some(place)
    }),
    ("a field under another name", |d, r| {
        let place = r.choice(&fields(d, &|_| true))?.clone();
        rename(d, &place, "anotherNameOfIt")?;
        Some(place)
    }),
    ("a field of another type", retype),
    ("a field becomes a list", |d, r| {
        let places = fields(d, &|f| f.get("type").and_then(Value::as_str) != Some("array"));
        let place = r.choice(&places)?.clone();
        let value = d.pointer_mut(&place)?;
        let item = value.take();
        *value = json!({ "type": "array", "items": item, "description": "Now many." });
        Some(place)
    }),
    ("a field moves to another schema", relocate),
    ("a field is described otherwise", |d, r| {
        let (place, field) = one(d, fields(d, &|f| f.get("$ref").is_none()), r)?;
        field.insert("description".to_owned(), "Has another description now.".into());
        Some(place)
    }),
    ("a field is deprecated", |d, r| {
        let (place, field) = one(d, fields(d, &|f| f.get("deprecated").is_none()), r)?;
        field.insert("deprecated".to_owned(), true.into());
        Some(place)
    }),
    ("only the server sets a field", |d, r| {
        let (place, field) = one(d, fields(d, &|f| f.get("readOnly").is_none()), r)?;
        field.insert("readOnly".to_owned(), true.into());
        Some(place)
    }),
    ("a new schema", |d, _| {
        let name = "SomethingNewHere";
        let text = json!({ "type": "string", "description": "Its text." });
        let schema = json!({ "id": name, "type": "object", "properties": { "text": text } });
        d.get_mut("schemas")?.as_object_mut()?.insert(name.to_owned(), schema);
        Some(format!("/schemas/{name}"))
    }),
    ("a schema that nothing names goes", |d, r| {
        let names: Vec<String> = d.get("schemas")?.as_object()?.keys().cloned().collect();
        let idle: Vec<&String> = names.iter().filter(|n| !is_used(d, n)).collect();
        let place = pointer("/schemas", r.choice(&idle)?);
        remove(d, &place)?;
        Some(place)
    }),
    ("a schema under another name", |d, r| {
        let names: Vec<String> = d.get("schemas")?.as_object()?.keys().cloned().collect();
        let (old, new) = (r.choice(&names)?.clone(), "AnotherNameOfIt");
        let place = pointer("/schemas", &old);
        d.pointer_mut(&place)?.as_object_mut()?.insert("id".to_owned(), new.into());
        rename(d, &place, new)?;
        replace(d, "$ref", &old, new);
        Some(place)
    }),
    ("undeclared members get a type", |d, r| {
        let places = all(d, "/schemas", &|_, v| {
            v.get("properties").is_some() && v.get("additionalProperties").is_none()
        });
        let (place, schema) = one(d, places, r)?;
        schema.insert("additionalProperties".to_owned(), json!({ "type": "string" }));
        Some(place)
    }),
];

fn add(document: &mut Value, random: &mut Rng) -> Option<String> {
    let places =
        all(document, "/schemas", &|_, v| v.get("properties").is_some_and(Value::is_object));
    let (place, schema) = one(document, places, random)?;
    let of = ["string", "boolean", "integer"];
    let ty = *random.choice(&of)?;
    let mut field = json!({ "type": ty, "description": "What is new." });
    if ty == "integer" {
        field["format"] = "int32".into();
    }
    schema.get_mut("properties")?.as_object_mut()?.insert("whatIsNew".to_owned(), field);
    Some(format!("{place}/properties/whatIsNew"))
}

fn retype(document: &mut Value, random: &mut Rng) -> Option<String> {
    let (place, field) = one(document, fields(document, &|_| true), random)?;
    let plain = field.get("type").and_then(Value::as_str) == Some("string")
        && !["format", "enum"].iter().any(|k| field.contains_key(*k));
    let description = field.get("description").cloned();
    field.clear();
    let ty = if plain { ("integer", Some("int32")) } else { ("string", None) };
    field.insert("type".to_owned(), ty.0.into());
    field.extend(ty.1.map(|f| ("format".to_owned(), f.into())));
    field.extend(description.map(|text| ("description".to_owned(), text)));
    Some(place)
}

fn relocate(document: &mut Value, random: &mut Rng) -> Option<String> {
    let from = random.choice(&fields(document, &|_| true))?.clone();
    let owners =
        all(document, "/schemas", &|_, v| v.get("properties").is_some_and(Value::is_object));
    let to = format!("{}/properties", random.choice(&owners)?);
    let (parent, key) = from.rsplit_once('/')?;
    let key = key.replace("~1", "/").replace("~0", "~");
    if to.starts_with(parent) || to.starts_with(&from) {
        return None;
    }
    let field = remove(document, &from)?;
    let target = document.pointer_mut(&to)?.as_object_mut()?;
    if target.contains_key(&key) {
        return None;
    }
    target.insert(key, field);
    Some(format!("{from} → {to}"))
}
