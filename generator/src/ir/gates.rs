//! Cargo features of large APIs: one for each top-level resource, with the schemas it reaches.

use super::{ResourceId, SchemaId};

/// Features of an API, and those that each schema needs.
#[derive(Clone, Debug, Default)]
pub struct Gates {
    /// Resources with a feature of their own; empty for APIs without features.
    pub resources: Vec<ResourceId>,
    /// Gate of every top-level schema, by id; empty for APIs without features.
    pub schemas: Vec<Gate>,
}

/// Condition under which a schema is compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Always.
    Always,
    /// With the feature of any of these resources.
    AnyOf(Vec<ResourceId>),
    /// Only with all features.
    Full,
}

impl Gates {
    /// Returns `true` if the API has features.
    #[must_use]
    pub fn is_gated(&self) -> bool {
        !self.resources.is_empty()
    }

    /// Returns the gate of a top-level schema.
    #[must_use]
    pub fn of(&self, id: SchemaId) -> &Gate {
        self.schemas.get(id.index()).unwrap_or(&Gate::Always)
    }
}
