//! What descriptions say of values.

use std::collections::BTreeMap;

/// What the description of a field or parameter says of its values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValueFacts {
    /// A value that it gives as an example.
    pub example: Option<String>,
    /// The form of a resource name that it gives, as a regular expression of segments.
    pub format: Option<String>,
    /// Whether it speaks of a name.
    pub is_name: bool,
    /// Whether the server makes the value when the resource is created.
    pub assigned: bool,
    /// Whether an update must carry the value.
    pub required_by_updates: bool,
    /// Whether a sentence calls the field deprecated.
    pub deprecated: bool,
    /// The group of which only one field may be set.
    pub choice: Option<Choice>,
    /// Whether it stands behind the first field of such a group.
    pub is_alternative: bool,
}

/// A group of which only one field may be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// None of them may be set, too.
    Optional,
    /// One of them must be set.
    Required,
}

/// Resource names that descriptions use as examples, by collection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExampleNames {
    /// Ids in a collection: `foo`, of `companies`.
    pub ids: BTreeMap<String, String>,
    /// Whole names: `projects/p/companies/foo`, of `companies`.
    pub names: BTreeMap<String, String>,
}
