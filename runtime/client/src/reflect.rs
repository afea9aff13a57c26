//! Names, types and descriptions of an API as static tables: what the command line, the mock
//! server and other tools are driven by. Generated crates offer them under the feature `reflect`.
//!
//! All descriptions are plain text, one paragraph, as the discovery document has them.

#[cfg(feature = "describe")]
mod describe;

use crate::spec::MethodSpec;

/// An API.
#[derive(Debug)]
pub struct ApiInfo {
    /// The discovery name, for example `jobs`.
    pub name: &'static str,
    /// The discovery version, for example `v3`.
    pub version: &'static str,
    /// The discovery revision, for example `20251014`.
    pub revision: &'static str,
    /// Title for people.
    pub title: &'static str,
    /// What the API is for.
    pub description: &'static str,
    /// Google's own documentation.
    pub documentation_link: &'static str,
    /// Name of the generated client crate as a Rust path, for example `google_jobs_v3`.
    pub crate_name: &'static str,
    /// OAuth scopes, by URL.
    pub scopes: &'static [ScopeInfo],
    /// Parameters that every method takes.
    pub params: &'static [ParamInfo],
    /// Every method, by resource path and name.
    pub methods: &'static [&'static MethodInfo],
    /// Every schema, by name. Inline objects are listed under their generated names.
    pub schemas: &'static [&'static SchemaInfo],
}

/// An OAuth scope.
#[derive(Debug)]
pub struct ScopeInfo {
    /// The scope itself.
    pub url: &'static str,
    /// What it permits.
    pub description: &'static str,
}

/// A method.
#[derive(Debug)]
pub struct MethodInfo {
    /// What a call needs.
    pub spec: &'static MethodSpec,
    /// Resource names from the root, for example `["projects", "jobs"]`.
    pub resource: &'static [&'static str],
    /// The method's name in the document, for example `searchForAlert`.
    pub name: &'static str,
    /// The Rust path of the call from the client: accessor names, then the method's.
    pub rust_path: &'static [&'static str],
    /// What it does.
    pub description: &'static str,
    /// Parameters: required ones first, in call order; then the others by name.
    pub params: &'static [ParamInfo],
    /// Type of the request body.
    pub request: Option<TypeInfo>,
    /// Type of the response body.
    pub response: Option<TypeInfo>,
    /// Whether the document marks it deprecated.
    pub deprecated: bool,
}

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
}

/// A parameter.
#[derive(Debug)]
pub struct ParamInfo {
    /// Name on the wire, for example `$.xgafv`.
    pub name: &'static str,
    /// Name of the Rust argument or setter.
    pub rust_name: &'static str,
    /// Where it travels.
    pub location: Location,
    /// Type of one value.
    pub ty: TypeInfo,
    /// Whether a call must give it.
    pub required: bool,
    /// Whether it may be given many times (`k=a&k=b`).
    pub repeated: bool,
    /// What the server assumes.
    pub default: Option<&'static str>,
    /// Regular expression for the value.
    pub pattern: Option<&'static str>,
    /// Least value, as text.
    pub minimum: Option<&'static str>,
    /// Greatest value, as text.
    pub maximum: Option<&'static str>,
    /// What it means.
    pub description: &'static str,
    /// Whether the document marks it deprecated.
    pub deprecated: bool,
}

/// A schema.
#[derive(Debug)]
pub struct SchemaInfo {
    /// Name in the document, or the generated one of an inline object.
    pub name: &'static str,
    /// Name of the Rust type.
    pub rust_name: &'static str,
    /// What it is.
    pub description: &'static str,
    /// Its form.
    pub shape: Shape,
    /// Whether the document marks it deprecated.
    pub deprecated: bool,
}

/// The form of a schema.
#[derive(Debug)]
pub enum Shape {
    /// An object.
    Object {
        /// Declared members, in the document's order.
        fields: &'static [FieldInfo],
        /// Type of undeclared members, where the document allows them.
        additional: Option<TypeInfo>,
    },
    /// Another type under a name: an array, map, string or `any`.
    Alias(TypeInfo),
}

/// A member of an object.
#[derive(Debug)]
pub struct FieldInfo {
    /// Name on the wire.
    pub name: &'static str,
    /// Name of the Rust field.
    pub rust_name: &'static str,
    /// Its type.
    pub ty: TypeInfo,
    /// What it means.
    pub description: &'static str,
    /// Whether every request must carry it, by its description.
    pub required: bool,
    /// Ids of the methods whose requests must carry it; others may leave it out.
    pub required_by: &'static [&'static str],
    /// Whether only the server sets it.
    pub output_only: bool,
    /// Whether it is fixed once set.
    pub immutable: bool,
    /// Whether the document marks it deprecated.
    pub deprecated: bool,
    /// What the server assumes.
    pub default: Option<&'static str>,
}

/// A type.
#[derive(Clone, Copy, Debug)]
pub enum TypeInfo {
    /// `true` or `false`.
    Bool,
    /// 32-bit signed integer.
    Int32,
    /// 32-bit unsigned integer.
    UInt32,
    /// 64-bit signed integer; a string on the wire.
    Int64,
    /// 64-bit unsigned integer; a string on the wire.
    UInt64,
    /// Single precision.
    Float,
    /// Double precision.
    Double,
    /// Text.
    String,
    /// Bytes; base64 on the wire.
    Bytes,
    /// A point in time (`google-datetime`): RFC 3339 with `Z` or an offset.
    Timestamp,
    /// A date and a time of day (`date-time`): RFC 3339 with an offset, or local without.
    DateTime,
    /// `YYYY-MM-DD`.
    Date,
    /// Seconds with `s`.
    Duration,
    /// Comma-joined camelCase paths.
    FieldMask,
    /// Any JSON value.
    Any,
    /// One of a set of strings; open.
    Enum(&'static EnumInfo),
    /// An object.
    Object(&'static SchemaInfo),
    /// An array.
    List(&'static TypeInfo),
    /// An object with values of one type.
    Map(&'static TypeInfo),
}

/// An enumeration.
#[derive(Debug)]
pub struct EnumInfo {
    /// Name of the Rust type.
    pub rust_name: &'static str,
    /// Values, in the document's order.
    pub values: &'static [EnumValueInfo],
}

/// A value of an enumeration.
#[derive(Debug)]
pub struct EnumValueInfo {
    /// The value on the wire.
    pub name: &'static str,
    /// Name of the Rust variant.
    pub rust_name: &'static str,
    /// What it means.
    pub description: &'static str,
    /// Whether the document marks it deprecated.
    pub deprecated: bool,
}

impl FieldInfo {
    /// A member of which nothing more is said.
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

    /// The same, required.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The same, required by some methods.
    #[must_use]
    pub const fn required_by(mut self, methods: &'static [&'static str]) -> Self {
        self.required_by = methods;
        self
    }

    /// Whether the request of a method must carry it.
    #[must_use]
    pub fn is_required_by(&self, method: &MethodSpec) -> bool {
        self.required || self.required_by.contains(&method.id)
    }

    /// The same, set by the server only.
    #[must_use]
    pub const fn output_only(mut self) -> Self {
        self.output_only = true;
        self
    }

    /// The same, fixed once set.
    #[must_use]
    pub const fn immutable(mut self) -> Self {
        self.immutable = true;
        self
    }

    /// The same, deprecated.
    #[must_use]
    pub const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }

    /// The same with what the server assumes.
    #[must_use]
    pub const fn default_value(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }
}

impl ParamInfo {
    /// A parameter of which nothing more is said.
    #[must_use]
    pub const fn new(
        name: &'static str,
        rust_name: &'static str,
        location: Location,
        ty: TypeInfo,
        description: &'static str,
    ) -> Self {
        Self {
            name,
            rust_name,
            location,
            ty,
            required: false,
            repeated: false,
            default: None,
            pattern: None,
            minimum: None,
            maximum: None,
            description,
            deprecated: false,
        }
    }

    /// The same, required.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The same, repeated.
    #[must_use]
    pub const fn repeated(mut self) -> Self {
        self.repeated = true;
        self
    }

    /// The same, deprecated.
    #[must_use]
    pub const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }

    /// The same with what the server assumes.
    #[must_use]
    pub const fn default_value(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }

    /// The same with a regular expression for the value.
    #[must_use]
    pub const fn pattern(mut self, pattern: &'static str) -> Self {
        self.pattern = Some(pattern);
        self
    }

    /// The same with a least value.
    #[must_use]
    pub const fn minimum(mut self, value: &'static str) -> Self {
        self.minimum = Some(value);
        self
    }

    /// The same with a greatest value.
    #[must_use]
    pub const fn maximum(mut self, value: &'static str) -> Self {
        self.maximum = Some(value);
        self
    }
}

impl EnumValueInfo {
    /// A value.
    #[must_use]
    pub const fn new(
        name: &'static str,
        rust_name: &'static str,
        description: &'static str,
    ) -> Self {
        Self { name, rust_name, description, deprecated: false }
    }

    /// The same, deprecated.
    #[must_use]
    pub const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }
}
