//! Methods, their parameters, and resources.

use super::Do;
use super::find::{all, methods, one, owner, params, remove, rename};
use discovery_generator::error::pointer;
use fastrand::Rng;
use serde_json::{Value, json};

pub(super) const KINDS: &[(&str, Do)] = &[
    ("a new method", |d, r| {
        let place = r.choice(&methods(d, &|_| true))?.clone();
        let mut copy = d.pointer(&place)?.clone();
        copy["id"] = format!("{}.again", copy.get("id")?.as_str()?).into();
        copy["path"] = format!("{}:again", copy.get("path")?.as_str()?).into();
        copy.as_object_mut()?.shift_remove("flatPath");
        let (map, _) = owner(d, &place)?;
        map.insert("doItAgain".to_owned(), copy);
        Some(place)
    }),
    ("a method goes", |d, r| {
        let place = r.choice(&methods(d, &|_| true))?.clone();
        remove(d, &place)?;
        Some(place)
    }),
    ("a method under another name", |d, r| {
        let place = r.choice(&methods(d, &|_| true))?.clone();
        let id = d.pointer_mut(&place)?.get_mut("id")?;
        *id = format!("{}.otherwise", id.as_str()?).into();
        rename(d, &place, "callItOtherwise")?;
        Some(place)
    }),
    ("another verb", |d, r| {
        let (place, method) = one(d, methods(d, &|_| true), r)?;
        let verb = if method.get("httpMethod")? == "POST" { "PUT" } else { "POST" };
        method.insert("httpMethod".to_owned(), verb.into());
        Some(place)
    }),
    ("another path", |d, r| {
        let (place, method) = one(d, methods(d, &|_| true), r)?;
        let path = format!("elsewhere/{}", method.get("path")?.as_str()?);
        method.insert("path".to_owned(), path.into());
        method.shift_remove("flatPath");
        Some(place)
    }),
    ("no request body", |d, r| {
        let (place, method) = one(d, methods(d, &|m| m.get("request").is_some()), r)?;
        method.shift_remove("request");
        Some(place)
    }),
    ("another response", |d, r| {
        let schemas: Vec<String> = d.get("schemas")?.as_object()?.keys().cloned().collect();
        let other = r.choice(&schemas)?.clone();
        let (place, method) = one(d, methods(d, &|m| m.get("response").is_some()), r)?;
        if method.get("response")?.get("$ref")? == &other {
            return None;
        }
        method.insert("response".to_owned(), json!({ "$ref": other }));
        Some(place)
    }),
    ("a new parameter", |d, r| new_param(d, r, false)),
    ("a new argument", |d, r| new_param(d, r, true)),
    ("a parameter goes", |d, r| {
        let place = r.choice(&params(d, &optional))?.clone();
        remove(d, &place)?;
        Some(place)
    }),
    ("a parameter under another name", |d, r| {
        let place = r.choice(&params(d, &optional))?.clone();
        rename(d, &place, "anotherNameOfIt")?;
        Some(place)
    }),
    ("a parameter of another type", |d, r| {
        let (place, param) = one(d, params(d, &optional), r)?;
        for key in ["format", "enum", "enumDescriptions", "default", "minimum", "maximum"] {
            param.shift_remove(key);
        }
        let ty = if param.get("type")? == "boolean" { "string" } else { "boolean" };
        param.insert("type".to_owned(), ty.into());
        Some(place)
    }),
    ("a parameter is given many times", |d, r| {
        let places = params(d, &|p| optional(p) && p.get("repeated").is_none());
        let (place, param) = one(d, places, r)?;
        param.insert("repeated".to_owned(), true.into());
        Some(place)
    }),
    ("a parameter becomes an argument", |d, r| {
        let (place, param) = one(d, params(d, &optional), r)?;
        param.insert("required".to_owned(), true.into());
        Some(place)
    }),
    ("an argument becomes a parameter", |d, r| {
        let places = params(d, &|p| is_query(p) && !optional(p));
        let place = r.choice(&places)?.clone();
        d.pointer_mut(&place)?.as_object_mut()?.shift_remove("required");
        let name = place.rsplit('/').next()?.to_owned();
        let method = place.rsplit_once("/parameters/")?.0;
        if let Some(order) = d.pointer_mut(method)?.get_mut("parameterOrder") {
            order.as_array_mut()?.retain(|n| *n != name);
        }
        Some(place)
    }),
    ("arguments in another order", |d, r| {
        let many = |m: &Value| {
            m.get("parameterOrder").and_then(Value::as_array).is_some_and(|o| o.len() > 1)
        };
        let (place, method) = one(d, methods(d, &many), r)?;
        method.get_mut("parameterOrder")?.as_array_mut()?.reverse();
        Some(place)
    }),
    ("a parameter is deprecated", |d, r| {
        let (place, param) = one(d, params(d, &|p| p.get("deprecated").is_none()), r)?;
        param.insert("deprecated".to_owned(), true.into());
        Some(place)
    }),
    ("a resource goes", |d, r| {
        let place = r.choice(&resources(d))?.clone();
        remove(d, &place)?;
        Some(place)
    }),
    ("a resource under another name", |d, r| {
        let place = r.choice(&resources(d))?.clone();
        rename(d, &place, "anotherNameOfIt")?;
        Some(place)
    }),
    ("another host", |d, _| {
        d["rootUrl"] = "https://elsewhere.example.com/".into();
        Some("/rootUrl".to_owned())
    }),
    ("a scope goes", |d, r| {
        let scopes = d.pointer("/auth/oauth2/scopes")?.as_object()?;
        let names: Vec<String> = scopes.keys().cloned().collect();
        let name = r.choice(&names)?.clone();
        let place = pointer("/auth/oauth2/scopes", &name);
        remove(d, &place)?;
        for method in methods(d, &|_| true) {
            if let Some(list) = d.pointer_mut(&pointer(&method, "scopes")) {
                list.as_array_mut()?.retain(|s| *s != name);
            }
        }
        Some(place)
    }),
];

fn is_query(param: &Value) -> bool {
    param.get("location").and_then(Value::as_str) == Some("query")
}

fn optional(param: &Value) -> bool {
    is_query(param) && param.get("required").is_none()
}

/// Returns the resources, if there are several.
fn resources(document: &Value) -> Vec<String> {
    all(document, "/resources", &|_, v| v.get("methods").is_some_and(Value::is_object))
}

fn new_param(document: &mut Value, random: &mut Rng, required: bool) -> Option<String> {
    let (place, method) = one(document, methods(document, &|_| true), random)?;
    let mut param = json!({ "type": "string", "location": "query", "description": "It is new." });
    if required {
        param["required"] = true.into();
    }
    let params = method.entry("parameters").or_insert_with(|| json!({}));
    params.as_object_mut()?.insert("whatIsNew".to_owned(), param);
    Some(format!("{place}/parameters/whatIsNew"))
}
