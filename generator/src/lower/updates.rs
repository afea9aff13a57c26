//! Pass: finds how methods specify the changes to a resource.
//!
//! There are three ways: a field mask ([AIP-134](https://google.aip.dev/134)), either in the query
//! with the resource as the body or in the body with the resource; a JSON merge patch ([RFC
//! 7396](https://www.rfc-editor.org/rfc/rfc7396)), which is a PATCH of a resource without a mask;
//! or a full replacement, which is a PUT without one.

use super::Lowering;
use crate::ir::{
    Api, Body, Doc, HeldMask, Location, MaskDepth, Method, MethodId, Param, Scalar, SchemaId,
    Shape, Type, Update, Verb,
};
use std::collections::{BTreeMap, BTreeSet};

impl Lowering<'_> {
    pub(super) fn detect_updates(&mut self) {
        let read = resources(&self.api);
        let mut held: BTreeMap<SchemaId, Option<HeldMask>> = BTreeMap::new();
        for id in MethodId::all(&self.api).collect::<Vec<_>>() {
            let method = &self.api[id];
            let Some(request) = request(&self.api, method) else { continue };
            let update = update(&self.api, method, request, &read);
            if !matches!(update, Some(Update::MaskInQuery { .. })) {
                let mask = match update {
                    Some(Update::MaskInBody(mask)) => Some(mask),
                    _ => None,
                };
                // If methods interpret the same request differently, it remains undecided.
                held.entry(request)
                    .and_modify(|known| {
                        if *known != mask {
                            *known = None;
                        }
                    })
                    .or_insert(mask);
            }
            self.api.methods[id.index()].update = update;
        }
        for (id, update) in held {
            if let Shape::Object(object) = &mut self.api.schemas[id.index()].shape {
                object.update = update;
            }
        }
    }
}

/// Returns the object that a PATCH or PUT sends.
fn request(api: &Api, method: &Method) -> Option<SchemaId> {
    matches!(method.verb, Verb::Patch | Verb::Put).then(|| object(api, &method.request)).flatten()
}

fn object(api: &Api, body: &Option<Body>) -> Option<SchemaId> {
    let Some(Body::Json(ty)) = body else { return None };
    object_of(api, ty)
}

fn object_of(api: &Api, ty: &Type) -> Option<SchemaId> {
    match api.resolve(ty) {
        Type::Object(id) => matches!(api[*id].shape, Shape::Object(_)).then_some(*id),
        _ => None,
    }
}

/// Returns the types that read methods return; the changed resource is one of them.
fn resources(api: &Api) -> BTreeSet<SchemaId> {
    let reads = api.methods.iter().filter(|method| method.verb == Verb::Get);
    reads.filter_map(|method| object(api, &method.response)).collect()
}

fn update(
    api: &Api,
    method: &Method,
    request: SchemaId,
    read: &BTreeSet<SchemaId>,
) -> Option<Update> {
    let masks = method.params.iter().enumerate().filter(|(_, param)| is_mask(param));
    if let Some(param) = writing(masks.clone().map(|(i, p)| (i, p.name.as_str()))) {
        let param_doc = &method.params[param].doc;
        return Some(Update::MaskInQuery { param, depth: depth(param_doc) });
    }
    if let Some(held) = held_mask(api, method, request) {
        return Some(Update::MaskInBody(held));
    }
    // A mask with an unclear role still counts.
    let unclear = masks.clone().any(|(_, param)| !param.name.as_str().starts_with("read"));
    let resource = Some(request) == object(api, &method.response) || read.contains(&request);
    match method.verb {
        _ if unclear || !resource => None,
        Verb::Patch => Some(Update::Merge),
        _ => Some(Update::Replace),
    }
}

fn is_mask(param: &Param) -> bool {
    let text = || param.ty == Scalar::String && param.name.as_str() == "updateMask";
    param.location == Location::Query
        && !param.repeated
        && (param.ty == Scalar::FieldMask || text())
}

/// Returns the position of the only write mask, among read masks.
fn writing<'a>(names: impl Iterator<Item = (usize, &'a str)> + Clone) -> Option<usize> {
    let named = |fits: fn(&str) -> bool| {
        let mut fitting = names.clone().filter(|(_, name)| fits(name));
        let first = fitting.next()?;
        fitting.next().is_none().then_some(first.0)
    };
    named(|n| n == "updateMask").or_else(|| named(|n| n.starts_with("update") || n == "mask"))
}

/// Returns the mask and the resource among a request's members: the resource is what the method
/// returns, or the only object.
fn held_mask(api: &Api, method: &Method, request: SchemaId) -> Option<HeldMask> {
    let Shape::Object(request) = &api[request].shape else { return None };
    let fields = || request.fields.iter().enumerate();
    let masks = fields().filter(|(_, f)| f.ty == Scalar::FieldMask);
    let mask = writing(masks.map(|(i, f)| (i, f.name.as_str())))?;
    let answer = object(api, &method.response);
    let objects: Vec<_> = fields().filter_map(|(i, f)| Some((i, object_of(api, &f.ty)?))).collect();
    let mut answered = objects.iter().filter(|(_, id)| Some(*id) == answer);
    let resource = match (answered.next(), answered.next(), objects.as_slice()) {
        (Some((i, _)), None, _) | (None, _, [(i, _)]) => *i,
        _ => return None,
    };
    Some(HeldMask { resource, mask, depth: depth(&request.fields[mask].doc) })
}

/// Returns the maximum depth of a mask, by its description. Some servers accept only top-level
/// paths and say so, or list all accepted paths.
fn depth(mask: &Doc) -> MaskDepth {
    let text = mask.0.to_lowercase().replace('-', " ");
    let says_so = |sentence: &str| {
        ["top level field", "top level product attributes"].iter().any(|s| sentence.contains(s))
            && ["only", "mutable"].iter().any(|word| sentence.contains(word))
    };
    let listed = text.split_once("valid values are").is_some_and(|(_, values)| {
        let mut names = values.split(['*', ',', '`', '\n', ' ']).filter(|name| !name.is_empty());
        !names.any(|name| name.trim_matches('.').contains('.'))
    });
    let shallow = listed || text.split(['.', ';']).any(says_so);
    if shallow { MaskDepth::TopLevel } else { MaskDepth::Nested }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_tell_how_deep_a_mask_may_go() {
        for (text, expected) in [
            ("", MaskDepth::Nested),
            ("The fields to update. See `FieldMask`.", MaskDepth::Nested),
            ("Only top level fields of Job are supported.", MaskDepth::TopLevel),
            (
                "Mutable top-level fields: `credentials`, `blocked`, and `metadata`",
                MaskDepth::TopLevel,
            ),
            ("Only top-level product attributes can be updated.", MaskDepth::TopLevel),
            ("Can only be specified for top level fields in attributes.", MaskDepth::TopLevel),
            ("Only `a` can change. Messages in the top-level conversation.", MaskDepth::Nested),
            ("Only top-level spaces are shown.", MaskDepth::Nested),
            ("What to update. Valid values are: * addresses * birthdays", MaskDepth::TopLevel),
            ("Valid values are `settings.size`, `name`.", MaskDepth::Nested),
        ] {
            assert_eq!(depth(&Doc(text.to_owned())), expected, "{text}");
        }
    }
}
