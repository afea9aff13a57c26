//! References between schemas, and from methods to schemas.

use super::{Api, Body, MethodId, SchemaId, Shape, Type};
use std::collections::BTreeSet;

impl Type {
    /// Returns the schema that a type refers to, inside all lists and maps.
    #[must_use]
    pub fn schema(&self) -> Option<SchemaId> {
        match self.leaf() {
            Self::Object(id) => Some(*id),
            _ => None,
        }
    }
}

impl Body {
    /// Returns the schema that a body refers to.
    #[must_use]
    pub fn schema(&self) -> Option<SchemaId> {
        match self {
            Self::Json(ty) => ty.schema(),
            Self::Raw(id) => *id,
        }
    }
}

impl Shape {
    /// Returns the schemas that a schema refers to directly.
    #[must_use]
    pub fn schemas(&self) -> BTreeSet<SchemaId> {
        match self {
            Self::Object(object) => {
                let fields = object.fields.iter().map(|field| &field.ty);
                fields.chain(&object.additional).filter_map(Type::schema).collect()
            }
            Self::Alias(ty) => ty.schema().into_iter().collect(),
            Self::Union(union) => union.cases.iter().map(|case| case.schema).collect(),
        }
    }
}

/// Reference graph of an API's methods and schemas.
#[derive(Clone, Debug)]
pub struct Uses {
    held: Vec<BTreeSet<SchemaId>>,
    holders: Vec<BTreeSet<SchemaId>>,
    requests: Vec<Vec<MethodId>>,
    responses: Vec<Vec<MethodId>>,
}

impl Uses {
    /// Builds the graph of an API.
    #[must_use]
    pub fn of(api: &Api) -> Self {
        let count = api.schemas.len();
        let mut uses = Self {
            held: api.schemas.iter().map(|schema| schema.shape.schemas()).collect(),
            holders: vec![BTreeSet::new(); count],
            requests: vec![Vec::new(); count],
            responses: vec![Vec::new(); count],
        };
        for holder in SchemaId::all(api) {
            for id in &uses.held[holder.index()] {
                uses.holders[id.index()].insert(holder);
            }
        }
        for id in MethodId::all(api) {
            if let Some(schema) = api[id].request.as_ref().and_then(Body::schema) {
                uses.requests[schema.index()].push(id);
            }
            if let Some(schema) = api[id].response.as_ref().and_then(Body::schema) {
                uses.responses[schema.index()].push(id);
            }
        }
        uses
    }

    /// Returns the methods that send a schema as their request.
    #[must_use]
    pub fn requests(&self, id: SchemaId) -> &[MethodId] {
        &self.requests[id.index()]
    }

    /// Returns the methods that return a schema.
    #[must_use]
    pub fn responses(&self, id: SchemaId) -> &[MethodId] {
        &self.responses[id.index()]
    }

    /// Returns the schemas with a member of this type, possibly including the schema itself.
    pub fn holders(&self, id: SchemaId) -> impl Iterator<Item = SchemaId> {
        self.holders[id.index()].iter().copied()
    }

    /// Returns every schema reachable from `roots`, including the roots.
    #[must_use]
    pub fn reached(&self, roots: impl IntoIterator<Item = SchemaId>) -> BTreeSet<SchemaId> {
        let mut work: Vec<SchemaId> = roots.into_iter().collect();
        let mut seen: BTreeSet<SchemaId> = work.iter().copied().collect();
        while let Some(id) = work.pop() {
            work.extend(self.held[id.index()].iter().filter(|id| seen.insert(**id)));
        }
        seen
    }
}
