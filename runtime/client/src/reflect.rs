//! Reflection: names, types, and descriptions of an API as static tables, which drive the command
//! line, the mock server, and other tools. Generated crates provide them with the feature
//! `reflect`.
//!
//! Descriptions are plain text in one paragraph, taken from the discovery document.

#[cfg(feature = "describe")]
mod describe;
mod param;
mod tables;

use discovery_json::Scalar;

use crate::spec::MethodSpec;

pub use self::param::{ListedBy, Location, ParamInfo};

#[doc(hidden)]
pub use crate::{__reflect_enumeration as enumeration, __reflect_object as object};

/// An API.
#[derive(Debug)]
pub struct ApiInfo {
    /// The discovery name, for example `jobs`.
    pub name: &'static str,
    /// The discovery version, for example `v3`.
    pub version: &'static str,
    /// The discovery revision, for example `20251014`.
    pub revision: &'static str,
    /// Human-readable title.
    pub title: &'static str,
    /// Description of the API.
    pub description: &'static str,
    /// URL of Google's documentation.
    pub documentation_link: &'static str,
    /// Name of the generated client crate as a Rust path, for example `google_jobs_v3`.
    pub crate_name: &'static str,
    /// OAuth scopes, sorted by URL.
    pub scopes: &'static [ScopeInfo],
    /// Parameters accepted by every method.
    pub params: &'static [ParamInfo],
    /// Methods, sorted by resource path and name.
    pub methods: &'static [&'static MethodInfo],
    /// Schemas, sorted by name. Inline objects have generated names.
    pub schemas: &'static [&'static SchemaInfo],
}

/// An OAuth scope.
#[derive(Debug)]
pub struct ScopeInfo {
    /// URL of the scope.
    pub url: &'static str,
    /// Description of the permission.
    pub description: &'static str,
}

/// A method.
#[derive(Debug)]
pub struct MethodInfo {
    /// Specification of the call.
    pub spec: &'static MethodSpec,
    /// Resource names from the root, for example `["projects", "jobs"]`.
    pub resource: &'static [&'static str],
    /// Name in the document, for example `searchForAlert`.
    pub name: &'static str,
    /// Rust path of the call from the client: accessor names, then the method's name.
    pub rust_path: &'static [&'static str],
    /// Description of the method.
    pub description: &'static str,
    /// Parameters: required ones in call order, then the others by name.
    pub params: &'static [ParamInfo],
    /// Type of the request body.
    pub request: Option<TypeInfo>,
    /// Type of the response body.
    pub response: Option<TypeInfo>,
    /// Whether it is deprecated.
    pub deprecated: bool,
}

/// A schema.
#[derive(Debug)]
pub struct SchemaInfo {
    /// Name in the document, or the generated name of an inline object.
    pub name: &'static str,
    /// Name of the Rust type.
    pub rust_name: &'static str,
    /// Description.
    pub description: &'static str,
    /// Shape of the schema.
    pub shape: Shape,
    /// Whether it is deprecated.
    pub deprecated: bool,
}

/// Shape of a schema.
#[derive(Debug)]
pub enum Shape {
    /// An object.
    Object {
        /// Declared fields, in document order.
        fields: &'static [FieldInfo],
        /// Type of additional properties, if allowed.
        additional: Option<TypeInfo>,
    },
    /// An alias of another type: an array, map, string, or `any`.
    Alias(TypeInfo),
}

/// A field of an object.
#[derive(Debug)]
pub struct FieldInfo {
    /// Name on the wire.
    pub name: &'static str,
    /// Name of the Rust field.
    pub rust_name: &'static str,
    /// Type of the field.
    pub ty: TypeInfo,
    /// Description.
    pub description: &'static str,
    /// Whether every request requires it, by its description.
    pub required: bool,
    /// IDs of the methods that require it.
    pub required_by: &'static [&'static str],
    /// Whether it is output only (AIP-203).
    pub output_only: bool,
    /// Whether it is immutable (AIP-203).
    pub immutable: bool,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Default value of the server.
    pub default: Option<&'static str>,
}

macro_rules! type_info {
    ($($(#[$doc:meta])* $name:ident: $type:ty { $($row:tt)* })*) => {
        /// A type.
        #[derive(Clone, Copy, Debug)]
        pub enum TypeInfo {
            $($(#[$doc])* $name,)*
            /// Any JSON value.
            Any,
            /// Open enum.
            Enum(&'static EnumInfo),
            /// An object.
            Object(&'static SchemaInfo),
            /// An array.
            List(&'static TypeInfo),
            /// Map with values of one type.
            Map(&'static TypeInfo),
        }

        impl TypeInfo {
            /// Returns the format of its values, if they are scalars of one.
            #[must_use]
            pub const fn scalar(self) -> Option<Scalar> {
                Some(match self {
                    $(Self::$name => Scalar::$name,)*
                    _ => return None,
                })
            }
        }
    };
}

// The formats are the rows of the table in `discovery-json`.
discovery_json::scalars!(type_info);

/// An enum.
#[derive(Debug)]
pub struct EnumInfo {
    /// Name of the Rust type.
    pub rust_name: &'static str,
    /// Values, in document order.
    pub values: &'static [EnumValueInfo],
}

/// A value of an enum.
#[derive(Debug)]
pub struct EnumValueInfo {
    /// Value on the wire.
    pub name: &'static str,
    /// Name of the Rust variant.
    pub rust_name: &'static str,
    /// Description.
    pub description: &'static str,
    /// Whether it is deprecated.
    pub deprecated: bool,
}

impl FieldInfo {
    /// Creates a field without further properties.
    #[must_use]
    pub const fn new(
        name: &'static str,
        rust_name: &'static str,
        ty: TypeInfo,
        description: &'static str,
    ) -> Self {
        Self {
            name,
            rust_name,
            ty,
            description,
            required: false,
            required_by: &[],
            output_only: false,
            immutable: false,
            deprecated: false,
            default: None,
        }
    }

    /// Marks it as required.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Marks it as required by `methods`.
    #[must_use]
    pub const fn required_by(mut self, methods: &'static [&'static str]) -> Self {
        self.required_by = methods;
        self
    }

    /// Returns `true` if requests of a method require the field.
    #[must_use]
    pub fn is_required_by(&self, method: &MethodSpec) -> bool {
        self.required || self.required_by.contains(&method.id)
    }

    /// Marks the field as output only.
    #[must_use]
    pub const fn output_only(mut self) -> Self {
        self.output_only = true;
        self
    }

    /// Marks the field as immutable.
    #[must_use]
    pub const fn immutable(mut self) -> Self {
        self.immutable = true;
        self
    }

    /// Marks it as deprecated.
    #[must_use]
    pub const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }

    /// Sets the default value of the server.
    #[must_use]
    pub const fn default_value(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }
}

impl EnumValueInfo {
    /// Creates a value.
    #[must_use]
    pub const fn new(
        name: &'static str,
        rust_name: &'static str,
        description: &'static str,
    ) -> Self {
        Self { name, rust_name, description, deprecated: false }
    }

    /// Marks it as deprecated.
    #[must_use]
    pub const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }
}
