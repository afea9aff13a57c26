//! Counts the methods that reach each schema, which decides the pages that describe its fields.

use crate::ir::{Api, Body, SchemaId, Uses};

/// Schemas that more methods reach are described only on their own pages, so that a change does not
/// affect a page of each method.
const SHARED: usize = 2;

/// The number of methods that reach each schema.
pub(super) struct Reach(Vec<usize>);

impl Reach {
    pub(super) fn of(api: &Api, uses: &Uses) -> Self {
        let mut reached = vec![0; api.schemas.len()];
        for method in &api.methods {
            let bodies = [&method.request, &method.response];
            let roots = bodies.into_iter().flatten().filter_map(Body::schema);
            for id in uses.reached(roots) {
                reached[id.index()] += 1;
            }
        }
        Self(reached)
    }

    /// Returns `true` if method pages show the fields of a schema.
    pub(super) fn is_shown(&self, id: SchemaId) -> bool {
        self.0[id.index()] <= SHARED
    }

    /// Returns `true` if exactly one method reaches a schema.
    pub(super) fn is_own(&self, id: SchemaId) -> bool {
        self.0[id.index()] <= 1
    }
}
