//! Counts decisions of the IR by rule, and lists the list methods of a document.

use discovery_generator::ir::{
    Api, Body, Field, ItemsKind, Method, MethodId, Outcome, Scalar, Shape, Type, Unpaged, Update,
    Verb,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// Counts by decision and rule, for example `("items", "named items")`.
pub(crate) type Counts = BTreeMap<&'static str, BTreeMap<String, usize>>;

/// Counts the decisions of one document. A new kind of decision is one more line here.
pub(crate) fn count(api: &Api) -> Counts {
    let mut counts = Counts::new();
    let mut add = |what: &'static str, how: String| {
        *counts.entry(what).or_default().entry(how).or_default() += 1;
    };
    for list in lists(api) {
        if !list.member.is_empty() || list.paged {
            add("items", format!("{} ({})", list.rule, list.kind));
        }
        if let Some(reason) = list.unpaged {
            add("unpaged", reason.to_owned());
        }
    }
    for (what, ty) in fields_and_parameters(api) {
        match ty.leaf() {
            Type::Scalar(Scalar::Timestamp) => add("times", format!("google-datetime ({what})")),
            Type::Scalar(Scalar::DateTime) => add("times", format!("date-time ({what})")),
            _ => {}
        }
    }
    for field in fields(api).filter(|field| !field.required_by.is_empty()) {
        let by = if field.required_by.len() == 1 { "one method" } else { "several methods" };
        add("required", format!("field, by {by}"));
    }
    for stream in streams(api) {
        add("streams", stream.rule.to_owned());
    }
    for (result, target) in operations(api) {
        add("operations", result.to_owned());
        add("targets", target.to_owned());
    }
    for method in &api.methods {
        if fields(api).any(|field| field.is_required_by(method.id.as_str())) {
            add("required", "method".to_owned());
        }
        if let Some(update) = &method.update {
            add("patches", strategy(update).to_owned());
        }
    }
    counts
}

/// Returns the kind of result, and the source of the target, of each operation.
fn operations(api: &Api) -> impl Iterator<Item = (&'static str, &'static str)> {
    api.methods.iter().filter_map(|method| {
        let Some(operation) = &method.long_running else {
            let starts = method.operation && method.verb != Verb::Get;
            return starts.then_some(("not awaited", "none"));
        };
        let result = match operation.result {
            Outcome::Unknown => "JSON",
            Outcome::Nothing => "nothing",
            Outcome::Schema(_) if !method.operation => "operation with a status",
            Outcome::Schema(_) => "schema",
        };
        Some((result, operation.target.map_or("none", |target| target.known.as_str())))
    })
}

fn strategy(update: &Update) -> &'static str {
    match update {
        Update::MaskInQuery { .. } => "mask in the query",
        Update::MaskInBody(_) => "mask in the body",
        Update::Merge => "merge patch",
        Update::Replace => "replacement",
    }
}

fn fields(api: &Api) -> impl Iterator<Item = &Field> {
    api.schemas.iter().flat_map(|schema| match &schema.shape {
        Shape::Object(object) => object.fields.as_slice(),
        Shape::Alias(_) | Shape::Union(_) => &[],
    })
}

/// Returns the type of each field of a schema and of each parameter.
fn fields_and_parameters(api: &Api) -> impl Iterator<Item = (&'static str, &Type)> {
    let objects = api.schemas.iter().filter_map(|schema| match &schema.shape {
        Shape::Object(object) => Some(object),
        Shape::Alias(_) | Shape::Union(_) => None,
    });
    let fields = objects
        .flat_map(|object| object.fields.iter().map(|field| &field.ty).chain(&object.additional));
    let parameters = api.methods.iter().flat_map(|method| &method.params).map(|param| &param.ty);
    fields.map(|ty| ("field", ty)).chain(parameters.map(|ty| ("parameter", ty)))
}

/// A list method, and the field of its response that holds the items.
#[derive(Debug, Serialize)]
pub(crate) struct List {
    pub(crate) method: String,
    /// Empty if unknown.
    pub(crate) member: String,
    pub(crate) kind: &'static str,
    pub(crate) rule: &'static str,
    pub(crate) paged: bool,
    /// Why the method has no pages, or pages without items.
    pub(crate) unpaged: Option<&'static str>,
}

/// Returns the methods that are paginated, whose items are known, or that look like lists.
pub(crate) fn lists(api: &Api) -> Vec<List> {
    let list = |method: &Method| {
        let items = method.items.as_ref();
        let list = method.paging.is_some() || items.is_some() || method.unpaged.is_some();
        list.then(|| List {
            method: method.id.to_string(),
            member: items.map_or_else(String::new, |i| i.member.to_string()),
            kind: items.map_or("response", |i| ItemsKind::as_str(i.kind)),
            rule: items.map_or("none", |i| i.rule.as_str()),
            paged: method.paging.is_some(),
            unpaged: method.unpaged.map(Unpaged::as_str),
        })
    };
    MethodId::all(api).filter_map(|id| list(&api[id])).collect()
}

/// A method whose answer is a stream, and why it is taken for one.
#[derive(Debug, Serialize)]
pub(crate) struct Stream {
    pub(crate) method: String,
    pub(crate) rule: &'static str,
    /// Schema of a message, or `bytes`.
    pub(crate) message: String,
}

/// The methods whose answer is a stream.
pub(crate) fn streams(api: &Api) -> Vec<Stream> {
    let message = |method: &Method| match &method.response {
        Some(Body::Json(Type::Object(id))) => api[*id].name.to_string(),
        Some(Body::Json(_)) => "value".to_owned(),
        Some(Body::Raw(_)) | None => "bytes".to_owned(),
    };
    let stream = |method: &Method| {
        let rule = method.streams?.as_str();
        Some(Stream { method: method.id.to_string(), rule, message: message(method) })
    };
    api.methods.iter().filter_map(stream).collect()
}
