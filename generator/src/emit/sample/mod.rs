//! Sample JSON that generated tests send and expect, formatted as models write it.

mod deep;

pub(super) use deep::{full, nulls};

use crate::ir::{Api, Object, SchemaId, Shape, Type};

/// Undeclared member and enum value.
pub(super) const UNKNOWN: &str = "NOT_YET_DECLARED";

/// Returns JSON of type `ty`. Nested objects are empty: their schemas have their own tests.
pub(super) fn value(api: &Api, ty: &Type) -> String {
    nested(api, ty, 0)
}

/// Returns JSON of schema `id` with every field set and an undeclared member at the top level.
pub(super) fn schema(api: &Api, id: SchemaId) -> String {
    match &api[id].shape {
        Shape::Object(object) => shallow(api, object),
        Shape::Alias(ty) => value(api, ty),
        Shape::Union(union) => match union.cases.first() {
            Some(case) => {
                let inner = match &api[case.schema].shape {
                    Shape::Object(object) => object,
                    _ => return "{}".to_owned(),
                };
                tagged(api, inner, union.discriminant.as_str(), case.tag.as_str())
            }
            None => "{\"undeclared\":1}".to_owned(),
        },
    }
}

fn shallow(api: &Api, object: &Object) -> String {
    let mut members: Vec<String> = (object.fields.iter())
        .map(|f| format!("{}:{}", quoted(f.name.as_str()), value(api, &f.ty)))
        .collect();
    members.push(match &object.additional {
        Some(ty) => format!("\"undeclared\":{}", value(api, ty)),
        None => "\"undeclared\":{\"a\":[1,null]}".to_owned(),
    });
    format!("{{{}}}", members.join(","))
}

/// Returns a case of a union, with its discriminant where the case declares it, or among the
/// undeclared members.
fn tagged(api: &Api, object: &Object, discriminant: &str, tag: &str) -> String {
    let members = object.fields.iter().map(|f| {
        let value = if f.name.as_str() == discriminant { quoted(tag) } else { value(api, &f.ty) };
        format!("{}:{value}", quoted(f.name.as_str()))
    });
    let members = members.chain(undeclared(object, discriminant, tag, "1".to_owned()));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// Returns the undeclared members of a case by name, the order in which models write them.
fn undeclared(object: &Object, discriminant: &str, tag: &str, value: String) -> Vec<String> {
    let mut members = vec![format!("\"undeclared\":{value}")];
    if !object.fields.iter().any(|f| f.name.as_str() == discriminant) {
        let at = usize::from(discriminant > "undeclared");
        members.insert(at, format!("{}:{}", quoted(discriminant), quoted(tag)));
    }
    members
}

fn nested(api: &Api, ty: &Type, depth: usize) -> String {
    match ty {
        Type::Scalar(scalar) => scalar.info().test.to_owned(),
        Type::Any => "{\"a\":[1e400,null]}".to_owned(),
        Type::Enum(_) => quoted(UNKNOWN),
        // The document limits how deep inline types nest; aliases do not contain themselves.
        Type::Object(id) => match &api[*id].shape {
            Shape::Alias(inner) if depth < 16 => nested(api, inner, depth + 1),
            Shape::Alias(_) | Shape::Object(_) | Shape::Union(_) => "{}".to_owned(),
        },
        Type::List(inner) => {
            let item = nested(api, inner, depth + 1);
            // Two scalar items but only one nested list, because two would double the size at every
            // level.
            match **inner {
                Type::List(_) | Type::Map(_) | Type::Object(_) => format!("[{item}]"),
                _ => format!("[{item},{item}]"),
            }
        }
        Type::Map(inner) => format!("{{\"k\":{}}}", nested(api, inner, depth + 1)),
    }
}

/// A JSON string.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}
