//! How many methods reach a schema: what decides on which pages its fields are described.

use crate::ir::{Api, Body, SchemaId, Uses};

/// A schema that more methods reach than this is described on its own page alone: a change of it
/// must not touch a page of each of them.
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

    /// Whether the pages of methods show the fields of a schema.
    pub(super) fn is_shown(&self, id: SchemaId) -> bool {
        self.0[id.index()] <= SHARED
    }

    /// Whether one method alone needs a schema.
    pub(super) fn is_own(&self, id: SchemaId) -> bool {
        self.0[id.index()] <= 1
    }
}
