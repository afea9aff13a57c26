//! The resolved model of an API: plain data, no Rust text.
//!
//! Built by `lower`; read by `rust` and `emit`. Every reference is a typed index into an arena of
//! [`Api`], and every fact has one place. This model fixes the order: fields, parameters, and enum
//! values as in the document; schemas, methods, and resources by name.

mod behavior;
mod facts;
mod gates;
mod list;
mod method;
mod path;
mod schema;
mod stream;
mod uses;

pub use behavior::FieldBehavior;
pub use facts::{Choice, ExampleNames, ValueFacts};
pub use gates::{Gate, Gates};
pub use list::{Items, ItemsKind, ItemsRule, Paging, TokenIn, Unpaged};
pub use method::{
    Body, Default as ParamDefault, HeldMask, Listed, Location, LongRunning, MaskDepth, Media,
    Method, Outcome, Param, Precondition, RequestId, Resource, Target, TargetBy, Update, Upload,
    Verb,
};
pub use path::{PathPart, PathTemplate};
pub use schema::{
    Case, Enum, EnumOwner, EnumValue, Field, Form, Object, Scalar, Schema, Shape, TaggedUnion, Type,
};
pub use stream::StreamRule;
pub use uses::Uses;

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Index;

/// Text from the document. It cannot be serialized, so templates cannot print it uncleaned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doc(pub String);

/// A name on the wire. It cannot be serialized, so templates cannot print it unescaped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WireName(pub String);

impl WireName {
    /// The name itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WireName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $id:ident => $item:ty, $field:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $id(pub u32);

        impl Index<$id> for Api {
            type Output = $item;
            fn index(&self, id: $id) -> &$item {
                &self.$field[id.0 as usize]
            }
        }

        impl $id {
            /// Every id of this kind, in order.
            pub fn all(api: &Api) -> impl Iterator<Item = $id> + use<> {
                (0..u32::try_from(api.$field.len()).unwrap_or(u32::MAX)).map($id)
            }

            /// The position in its arena.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A schema of an [`Api`].
    SchemaId => Schema, schemas;
    /// An enumeration of an [`Api`].
    EnumId => Enum, enums;
    /// A method of an [`Api`].
    MethodId => Method, methods;
    /// A resource of an [`Api`].
    ResourceId => Resource, resources;
}

/// An API.
#[derive(Clone, Debug)]
pub struct Api {
    /// `name:version`.
    pub id: String,
    /// The discovery name.
    pub name: String,
    /// The discovery version.
    pub version: String,
    /// The discovery revision: the only volatile fact.
    pub revision: String,
    /// Title for people.
    pub title: Doc,
    /// Description of the API.
    pub doc: Doc,
    /// Google's documentation; empty if there is none.
    pub documentation_link: String,
    /// Scheme and host, ending in `/`.
    pub root_url: String,
    /// Root URL for mutual TLS.
    pub mtls_root_url: Option<String>,
    /// Empty, or ending in `/`.
    pub service_path: String,
    /// Path of batch requests below the root URL.
    pub batch_path: Option<String>,
    /// Whether bodies are wrapped in `{"data": …}`.
    pub data_wrapper: bool,
    /// Regional endpoints, by location.
    pub endpoints: Vec<Endpoint>,
    /// OAuth scopes, by URL.
    pub scopes: Vec<Scope>,
    /// Parameters of every method.
    pub globals: Vec<Param>,
    /// Top-level schemas by name; each is followed by the inline ones inside it.
    pub schemas: Vec<Schema>,
    /// Enums, in the order of their owners.
    pub enums: Vec<Enum>,
    /// Methods in the order of the resource tree.
    pub methods: Vec<Method>,
    /// Resources, the root first, parents before children.
    pub resources: Vec<Resource>,
    /// Every resource, in the order in which examples choose among them: first what the API is about.
    pub prominence: Vec<ResourceId>,
    /// Selected methods of the document; `None` if all are selected.
    pub selection: Option<Selection>,
    /// Cargo features, which large APIs have.
    pub gates: Gates,
    /// Example resource names from descriptions.
    pub examples: ExampleNames,
}

impl Api {
    /// The root of the resource tree; it has no name.
    pub const ROOT: ResourceId = ResourceId(0);

    /// Returns a schema by its name in the document.
    #[must_use]
    pub fn schema_named(&self, name: &str) -> Option<SchemaId> {
        SchemaId::all(self).find(|id| self[*id].name.as_str() == name)
    }

    /// Resolves aliases in `ty`.
    #[must_use]
    pub fn resolve<'a>(&'a self, mut ty: &'a Type) -> &'a Type {
        // Lowering breaks alias cycles, so this terminates; the bound makes that explicit.
        for _ in 0..self.schemas.len() {
            match ty {
                Type::Object(id) => match &self[*id].shape {
                    Shape::Alias(inner) => ty = inner,
                    _ => break,
                },
                _ => break,
            }
        }
        ty
    }

    /// Names of the resources from the root to `id`.
    #[must_use]
    pub fn resource_path(&self, id: ResourceId) -> Vec<&WireName> {
        let mut path = Vec::new();
        let mut next = Some(id);
        while let Some(id) = next {
            path.extend(self[id].name.as_ref());
            next = self[id].parent;
        }
        path.reverse();
        path
    }
}

/// Selected methods of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Method patterns, as the catalog lists them.
    pub patterns: Vec<String>,
    /// Ids of the methods that are not generated.
    pub unselected: BTreeSet<String>,
}

/// A regional endpoint.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// The location, for example `europe-west3`.
    pub location: WireName,
    /// Root URL.
    pub url: String,
    /// Description.
    pub doc: Doc,
}

/// An OAuth scope.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The scope itself.
    pub url: WireName,
    /// Description of what it permits.
    pub doc: Doc,
}
