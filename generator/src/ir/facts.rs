//! Facts about values, read from descriptions.

use std::collections::BTreeMap;

/// Facts about a field's or parameter's values, read from its description.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValueFacts {
    /// Example value.
    pub example: Option<String>,
    /// Documented resource-name pattern, as a regular expression over segments.
    pub format: Option<String>,
    /// Whether the value is a name.
    pub is_name: bool,
    /// Whether the server assigns the value when it creates the resource.
    pub assigned: bool,
    /// Whether an update must carry the value.
    pub required_by_updates: bool,
    /// Whether a sentence calls the field deprecated.
    pub deprecated: bool,
    /// Group of mutually exclusive fields that it belongs to.
    pub choice: Option<Choice>,
    /// Whether it is not the first field of that group.
    pub is_alternative: bool,
}

/// Group of mutually exclusive fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// At most one may be set.
    Optional,
    /// Exactly one must be set.
    Required,
}

/// Resource names that descriptions use as examples, by collection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExampleNames {
    /// Ids in a collection: `foo`, of `companies`.
    pub ids: BTreeMap<String, String>,
    /// Full names: `projects/p/companies/foo`, of `companies`.
    pub names: BTreeMap<String, String>,
}
