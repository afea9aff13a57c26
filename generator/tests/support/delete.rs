//! Reduces documents to some methods, independently of the generator.

use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Returns the dotted paths of all methods.
pub(crate) fn methods(document: &Value) -> Vec<String> {
    let mut out = Vec::new();
    walk(document, "", &mut |path| out.push(path.to_owned()));
    out
}

fn walk(node: &Value, prefix: &str, visit: &mut impl FnMut(&str)) {
    for (name, _) in members(node, "methods") {
        visit(&format!("{prefix}{name}"));
    }
    for (name, child) in members(node, "resources") {
        walk(child, &format!("{prefix}{name}."), visit);
    }
}

fn members<'a>(node: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    node.get(key).and_then(Value::as_object).into_iter().flatten()
}

/// Returns a document with only these methods and the schemas they use, and with these schemas.
pub(crate) fn deleted(document: &Value, kept: &BTreeSet<String>, schemas: Vec<String>) -> Value {
    let mut out = document.clone();
    let mut gone: BTreeSet<String> = BTreeSet::new();
    prune(&mut out.clone(), "", &all_but(document, kept), &mut |name, method| {
        gone.insert(method.get("id").and_then(Value::as_str).unwrap_or(name).to_owned());
    });
    let mut scopes = BTreeSet::new();
    prune(&mut out, "", kept, &mut |_, method| {
        let all = method.get("scopes").and_then(Value::as_array).into_iter().flatten();
        scopes.extend(all.filter_map(Value::as_str).map(str::to_owned));
    });
    let schemas = reached(&out, schemas);
    if let Some(all) = out.get_mut("schemas").and_then(Value::as_object_mut) {
        all.retain(|name, _| schemas.contains(name));
        all.values_mut().for_each(|schema| unrequire(schema, &gone));
    }
    if let Some(all) = out.pointer_mut("/auth/oauth2/scopes").and_then(Value::as_object_mut) {
        all.retain(|url, _| scopes.contains(url));
    }
    out
}

fn all_but(document: &Value, kept: &BTreeSet<String>) -> BTreeSet<String> {
    methods(document).into_iter().filter(|path| !kept.contains(path)).collect()
}

fn prune(
    node: &mut Value,
    prefix: &str,
    kept: &BTreeSet<String>,
    visit: &mut impl FnMut(&str, &Value),
) -> bool {
    let mut some = false;
    if let Some(methods) = node.get_mut("methods").and_then(Value::as_object_mut) {
        methods.retain(|name, _| kept.contains(&format!("{prefix}{name}")));
        methods.iter().for_each(|(name, method)| visit(name, method));
        some = !methods.is_empty();
    }
    if let Some(resources) = node.get_mut("resources").and_then(Value::as_object_mut) {
        let all = std::mem::take(resources);
        let keep = |(name, mut child): (String, Value)| {
            prune(&mut child, &format!("{prefix}{name}."), kept, visit).then_some((name, child))
        };
        *resources = all.into_iter().filter_map(keep).collect::<Map<_, _>>();
        some |= !resources.is_empty();
    }
    some
}

/// Returns the names of the schemas that methods use.
fn reached(document: &Value, mut work: Vec<String>) -> BTreeSet<String> {
    bodies(document, &mut work);
    let mut seen = BTreeSet::new();
    while let Some(name) = work.pop() {
        if seen.insert(name.clone())
            && let Some(schema) = document.get("schemas").and_then(|all| all.get(&name))
        {
            references(schema, &mut work);
        }
    }
    seen
}

fn bodies(node: &Value, out: &mut Vec<String>) {
    for (_, method) in members(node, "methods") {
        let is_read = matches!(method["httpMethod"].as_str(), Some("GET" | "HEAD"));
        let answers = method["httpMethod"] != "HEAD";
        method.get("request").filter(|_| !is_read).into_iter().for_each(|b| references(b, out));
        method.get("response").filter(|_| answers).into_iter().for_each(|b| references(b, out));
    }
    members(node, "resources").for_each(|(_, child)| bodies(child, out));
}

fn references(node: &Value, out: &mut Vec<String>) {
    match node {
        Value::Object(members) => {
            if let Some(Value::String(name)) = members.get("$ref") {
                out.push(name.clone());
                // Siblings of a reference do not affect the type.
                return;
            }
            members.values().for_each(|inner| references(inner, out));
        }
        Value::Array(items) => items.iter().for_each(|inner| references(inner, out)),
        _ => {}
    }
}

/// Removes deleted methods from the lists of methods that require a field.
fn unrequire(node: &mut Value, gone: &BTreeSet<String>) {
    if let Some(required) = node.pointer_mut("/annotations/required").and_then(Value::as_array_mut)
    {
        required.retain(|id| id.as_str().is_none_or(|id| !gone.contains(id)));
    }
    match node {
        Value::Object(members) => members.values_mut().for_each(|inner| unrequire(inner, gone)),
        Value::Array(items) => items.iter_mut().for_each(|inner| unrequire(inner, gone)),
        _ => {}
    }
}
