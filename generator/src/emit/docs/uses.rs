//! Who needs a schema: what decides on which pages its fields are described.

use crate::ir::{Api, Body, Method, MethodId, SchemaId, Shape, Type};
use std::collections::BTreeSet;

/// A schema that more methods reach than this is described on its own page alone: a change of it
/// must not touch a page of each of them.
const SHARED: usize = 2;

/// Who needs each schema.
pub(super) struct Uses {
    reached: Vec<usize>,
    requests: Vec<Vec<MethodId>>,
    responses: Vec<Vec<MethodId>>,
    holders: Vec<BTreeSet<SchemaId>>,
}

impl Uses {
    pub(super) fn of(api: &Api) -> Self {
        let count = api.schemas.len();
        let mut uses = Self {
            reached: vec![0; count],
            requests: vec![Vec::new(); count],
            responses: vec![Vec::new(); count],
            holders: vec![BTreeSet::new(); count],
        };
        let inner: Vec<BTreeSet<SchemaId>> =
            SchemaId::all(api).map(|id| direct(&api[id].shape)).collect();
        for (at, held) in inner.iter().enumerate() {
            let holder = SchemaId(u32::try_from(at).unwrap_or_default());
            held.iter().for_each(|id| {
                uses.holders[id.index()].insert(holder);
            });
        }
        for id in MethodId::all(api) {
            let method = &api[id];
            body(&method.request).into_iter().for_each(|s| uses.requests[s.index()].push(id));
            body(&method.response).into_iter().for_each(|s| uses.responses[s.index()].push(id));
            reach(method, &inner).iter().for_each(|s| uses.reached[s.index()] += 1);
        }
        uses
    }

    /// Whether the pages of methods show the fields of a schema.
    pub(super) fn is_shown(&self, id: SchemaId) -> bool {
        self.reached[id.index()] <= SHARED
    }

    /// Whether one method alone needs a schema.
    pub(super) fn is_own(&self, id: SchemaId) -> bool {
        self.reached[id.index()] <= 1
    }

    /// Methods that take a schema as their request.
    pub(super) fn requests(&self, id: SchemaId) -> &[MethodId] {
        &self.requests[id.index()]
    }

    /// Methods that answer with a schema.
    pub(super) fn responses(&self, id: SchemaId) -> &[MethodId] {
        &self.responses[id.index()]
    }

    /// Schemas with a member of this one.
    pub(super) fn holders(&self, id: SchemaId) -> impl Iterator<Item = SchemaId> {
        self.holders[id.index()].iter().copied().filter(move |holder| *holder != id)
    }
}

fn body(body: &Option<Body>) -> Option<SchemaId> {
    match body {
        Some(Body::Json(ty)) => schema(ty),
        Some(Body::Raw(id)) => Some(*id),
        None => None,
    }
}

fn schema(ty: &Type) -> Option<SchemaId> {
    match ty.leaf() {
        Type::Object(id) => Some(*id),
        _ => None,
    }
}

/// The schemas that stand in a schema.
fn direct(shape: &Shape) -> BTreeSet<SchemaId> {
    match shape {
        Shape::Object(object) => object
            .fields
            .iter()
            .map(|f| &f.ty)
            .chain(&object.additional)
            .filter_map(schema)
            .collect(),
        Shape::Alias(ty) => schema(ty).into_iter().collect(),
        Shape::Union(union) => union.cases.iter().map(|case| case.schema).collect(),
    }
}

/// Every schema that a method's bodies reach.
fn reach(method: &Method, inner: &[BTreeSet<SchemaId>]) -> BTreeSet<SchemaId> {
    let mut work: Vec<SchemaId> =
        [&method.request, &method.response].into_iter().filter_map(body).collect();
    let mut seen: BTreeSet<SchemaId> = work.iter().copied().collect();
    while let Some(id) = work.pop() {
        work.extend(inner[id.index()].iter().filter(|id| seen.insert(**id)));
    }
    seen
}
