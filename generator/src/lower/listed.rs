//! Pass: finds the lists whose items have the values of parameters, for completion.
//!
//! A parameter stands for an item of the collection before it. With paths of IDs, that is the path of
//! the list: `…/zones/{zone}/instances` lists what `…/zones/{zone}/instances/{instance}/stop` takes.
//! With full names, the pattern of the name says so: `^projects/[^/]+/companies/[^/]+$` is an item of
//! `{+parent}/companies`, whose `parent` is `^projects/[^/]+$`.

use super::Lowering;
use super::paging::response_fields;
use crate::ir::{
    Api, Field, ItemsKind, Listed, Location, Method, MethodId, Param, PathPart, Scalar, Shape,
    Type, Verb, WireName,
};
use std::collections::BTreeMap;

/// Pattern of one segment of a name.
const SEGMENT: &str = "[^/]+";

impl Lowering<'_> {
    /// Runs after the pass that detects items.
    pub(super) fn detect_listed(&mut self) {
        let lists = lists(&self.api);
        let found: Vec<Vec<Option<Listed>>> = (self.api.methods.iter())
            .map(|method| {
                let of = |param: &Param| listed(&self.api, &lists, method, param);
                method.params.iter().map(of).collect()
            })
            .collect();
        for (method, found) in self.api.methods.iter_mut().zip(found) {
            for (param, listed) in method.params.iter_mut().zip(found) {
                param.listed = listed;
            }
        }
    }
}

/// Returns the lists by their collections. If several list the same, the first is used.
fn lists(api: &Api) -> BTreeMap<String, MethodId> {
    let mut lists = BTreeMap::new();
    for id in MethodId::all(api) {
        let list = &api[id];
        let items = list.items.as_ref().filter(|items| items.kind == ItemsKind::List);
        // A required filter has no value that would list everything.
        let filtered = list.optional().any(|param| param.behavior.required);
        let reads = list.name.as_str() == "list" && list.verb == Verb::Get && items.is_some();
        if reads && !filtered {
            lists.entry(place(list, &list.path.0)).or_insert(id);
        }
    }
    lists
}

/// Returns the beginning of a path as text, with the patterns of names in their places.
fn place(method: &Method, parts: &[PathPart]) -> String {
    let name = |name: &WireName| {
        let param = method.params.iter().find(|param| param.name == *name);
        param.and_then(|param| pattern(param)).map(str::to_owned)
    };
    let part = |part: &PathPart| match part {
        PathPart::Literal(text) => text.clone(),
        PathPart::Simple(simple) => format!("{{{simple}}}"),
        PathPart::Reserved(full) => name(full).unwrap_or_else(|| format!("{{+{full}}}")),
        PathPart::Segments(name) => format!("{{/{name}*}}"),
    };
    parts.iter().map(part).collect()
}

fn pattern(param: &Param) -> Option<&str> {
    param.pattern.as_deref()?.strip_prefix('^')?.strip_suffix('$')
}

fn listed(
    api: &Api,
    lists: &BTreeMap<String, MethodId>,
    method: &Method,
    param: &Param,
) -> Option<Listed> {
    if param.location != Location::Path || param.repeated || param.ty != Scalar::String {
        return None;
    }
    let at = method.path.0.iter().position(|part| match part {
        PathPart::Simple(name) | PathPart::Reserved(name) => *name == param.name,
        PathPart::Literal(_) | PathPart::Segments(_) => false,
    })?;
    let (before, rest) = method.path.0.split_at(at);
    let full = matches!(rest.first(), Some(PathPart::Reserved(_)));
    let mut collection = place(method, before);
    if full {
        collection.push_str(pattern(param)?.strip_suffix(SEGMENT)?);
    }
    let list = &api[*lists.get(collection.strip_suffix('/')?)?];
    let member = member(api, list, param, full)?;
    Some(Listed { list: list.id.clone(), member })
}

/// Returns the member of an item with the value: the full name, or else what is named as the
/// parameter, the ID of a parameter that ends in `Id`, or the name.
fn member(api: &Api, list: &Method, param: &Param, full: bool) -> Option<WireName> {
    let items = list.items.as_ref()?;
    let field = response_fields(api, list)?.iter().find(|field| field.name == items.member)?;
    let Type::List(item) = api.resolve(&field.ty) else { return None };
    let Type::Object(id) = api.resolve(item) else { return None };
    let Shape::Object(object) = &api[*id].shape else { return None };
    let text = |name: &str| {
        let fits = |field: &&Field| field.name.as_str() == name && field.ty == Scalar::String;
        object.fields.iter().find(fits).map(|field| field.name.clone())
    };
    let own = param.name.as_str();
    match full {
        true => text("name"),
        false if own.ends_with("Id") => text(own).or_else(|| text("id")),
        false => text(own).or_else(|| text("name")),
    }
}
