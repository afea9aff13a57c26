//! Cargo features of large APIs: one for each top-level resource, with the schemas it reaches.

use super::{ResourceId, SchemaId};

/// Which features an API has, and which of them a schema needs.
#[derive(Clone, Debug, Default)]
pub struct Gates {
    /// The resources that are features; none where everything is always there.
    pub resources: Vec<ResourceId>,
    /// The gate of every schema that stands in a file of its own, by id; none without features.
    pub schemas: Vec<Gate>,
}

/// Under which features a schema exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Under any.
    Always,
    /// Under the feature of one of these resources.
    AnyOf(Vec<ResourceId>),
    /// Only with everything.
    Full,
}

impl Gates {
    /// Whether the API has features at all.
    #[must_use]
    pub fn is_gated(&self) -> bool {
        !self.resources.is_empty()
    }

    /// The gate of a top-level schema.
    #[must_use]
    pub fn of(&self, id: SchemaId) -> &Gate {
        self.schemas.get(id.index()).unwrap_or(&Gate::Always)
    }
}
