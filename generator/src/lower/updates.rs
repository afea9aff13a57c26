//! Pass: which methods change a resource under a field mask (AIP-134).
//!
//! The mask is a query parameter and the body the resource, or the body holds both.

use super::Lowering;
use crate::ir::{Api, Body, Location, Method, MethodId, SchemaId, Shape, Type, Update, Verb};
use std::collections::BTreeMap;

impl Lowering<'_> {
    pub(super) fn detect_updates(&mut self) {
        let mut held: BTreeMap<SchemaId, Option<Update>> = BTreeMap::new();
        for id in MethodId::all(&self.api).collect::<Vec<_>>() {
            let method = &self.api[id];
            let Some(request) = request(&self.api, method) else { continue };
            if let Some(mask) = query_mask(method) {
                self.api.methods[id.index()].update_mask = Some(mask);
                continue;
            }
            let update = held_update(&self.api, method, request);
            // Methods that read one request differently leave it without an answer.
            held.entry(request)
                .and_modify(|known| {
                    if *known != update {
                        *known = None;
                    }
                })
                .or_insert(update);
        }
        for (id, update) in held {
            if let Shape::Object(object) = &mut self.api.schemas[id.index()].shape {
                object.update = update;
            }
        }
    }
}

/// The object that a PATCH or PUT sends.
fn request(api: &Api, method: &Method) -> Option<SchemaId> {
    let Some(Body::Json(ty)) = &method.request else { return None };
    matches!(method.verb, Verb::Patch | Verb::Put).then(|| object(api, ty)).flatten()
}

fn object(api: &Api, ty: &Type) -> Option<SchemaId> {
    match api.resolve(ty) {
        Type::Object(id) => matches!(api[*id].shape, Shape::Object(_)).then_some(*id),
        _ => None,
    }
}

/// Position of the one mask that says what to write, among masks that say what to read.
fn writing<'a>(names: impl Iterator<Item = (usize, &'a str)> + Clone) -> Option<usize> {
    let named = |fits: fn(&str) -> bool| {
        let mut fitting = names.clone().filter(|(_, name)| fits(name));
        let first = fitting.next()?;
        fitting.next().is_none().then_some(first.0)
    };
    named(|n| n == "updateMask").or_else(|| named(|n| n.starts_with("update") || n == "mask"))
}

fn query_mask(method: &Method) -> Option<usize> {
    let masks =
        method.params.iter().enumerate().filter(|(_, p)| {
            p.location == Location::Query && p.ty == Type::FieldMask && !p.repeated
        });
    writing(masks.map(|(i, p)| (i, p.name.as_str())))
}

/// The mask and the resource among the members of a request: the one that the method answers with,
/// or the only object.
fn held_update(api: &Api, method: &Method, request: SchemaId) -> Option<Update> {
    let Shape::Object(request) = &api[request].shape else { return None };
    let fields = || request.fields.iter().enumerate();
    let masks = fields().filter(|(_, f)| f.ty == Type::FieldMask);
    let mask = writing(masks.map(|(i, f)| (i, f.name.as_str())))?;
    let answer = match &method.response {
        Some(Body::Json(ty)) => object(api, ty),
        _ => None,
    };
    let objects: Vec<_> = fields().filter_map(|(i, f)| Some((i, object(api, &f.ty)?))).collect();
    let mut answered = objects.iter().filter(|(_, id)| Some(*id) == answer);
    let resource = match (answered.next(), answered.next(), objects.as_slice()) {
        (Some((i, _)), None, _) | (None, _, [(i, _)]) => *i,
        _ => return None,
    };
    Some(Update { resource, mask })
}
