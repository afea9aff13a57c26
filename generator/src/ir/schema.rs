//! Schemas, fields, enumerations and types.

pub use discovery_json::{Form, Scalar};

use super::{Doc, EnumId, FieldBehavior, HeldMask, MethodId, SchemaId, ValueFacts, WireName};

/// A schema: one of the document's, or an object written inside another.
#[derive(Clone, Debug)]
pub struct Schema {
    /// Name in the document; for an inline object, the names of parent and property joined.
    pub name: WireName,
    /// The top-level schema in whose file it lives: itself, unless it is inline.
    pub owner: SchemaId,
    /// JSON pointer.
    pub at: String,
    /// JSON pointers of further identical inline copies.
    pub also_at: Vec<String>,
    /// Description.
    pub doc: Doc,
    /// Shape of the schema.
    pub shape: Shape,
    /// Whether the document marks it deprecated.
    pub deprecated: bool,
}

impl Schema {
    /// Returns `true` if it, or a field of it, should not be used any more.
    #[must_use]
    pub fn has_deprecated(&self) -> bool {
        let fields = match &self.shape {
            Shape::Object(object) => object.fields.as_slice(),
            Shape::Alias(_) | Shape::Union(_) => &[],
        };
        self.deprecated || fields.iter().any(Field::is_deprecated)
    }
}

/// The form of a schema.
#[derive(Clone, Debug)]
pub enum Shape {
    /// An object.
    Object(Object),
    /// Named alias of another type.
    Alias(Type),
    /// Union of objects with a discriminant member.
    Union(TaggedUnion),
}

/// Members of an object.
#[derive(Clone, Debug, Default)]
pub struct Object {
    /// Declared members, as the document orders them.
    pub fields: Vec<Field>,
    /// Type of undeclared members, if the document allows them in addition to declared ones.
    pub additional: Option<Type>,
    /// Resource and mask, if it is an update request that a PATCH or PUT sends.
    pub update: Option<HeldMask>,
}

/// Member of an object. Optionality and boxing belong to the field, never to its type.
#[derive(Clone, Debug)]
pub struct Field {
    /// Name on the wire.
    pub name: WireName,
    /// JSON pointer.
    pub at: String,
    /// Type of the field.
    pub ty: Type,
    /// Whether its value is boxed because the type contains itself through it.
    pub boxed: bool,
    /// Description.
    pub doc: Doc,
    /// Behavior, read from the description.
    pub behavior: FieldBehavior,
    /// Facts about its values, read from the description.
    pub facts: ValueFacts,
    /// Whether only the server sets it (`readOnly`).
    pub read_only: bool,
    /// Whether the document marks it deprecated.
    pub deprecated: bool,
    /// Ids of the methods whose requests require it (`annotations.required`). Other methods that
    /// send the same schema may omit it.
    pub required_by: Vec<String>,
    /// Default value on the server.
    pub default: Option<String>,
}

impl Field {
    /// Returns the description without behavior markers.
    #[must_use]
    pub fn text(&self) -> &str {
        self.doc.0.get(self.behavior.markers..).unwrap_or_default()
    }

    /// Returns `true` if only the server sets it.
    #[must_use]
    pub fn is_output_only(&self) -> bool {
        self.read_only || self.behavior.output_only
    }

    /// Returns `true` if it is deprecated.
    #[must_use]
    pub fn is_deprecated(&self) -> bool {
        self.deprecated || self.behavior.deprecated
    }

    /// Returns `true` if annotations require it in the requests of a method.
    #[must_use]
    pub fn is_required_by(&self, method: &str) -> bool {
        self.required_by.iter().any(|id| id == method)
    }
}

/// Union of objects with a discriminant member.
#[derive(Clone, Debug)]
pub struct TaggedUnion {
    /// Discriminant member.
    pub discriminant: WireName,
    /// The cases, as the document orders them.
    pub cases: Vec<Case>,
}

/// A case of a [`TaggedUnion`].
#[derive(Clone, Debug)]
pub struct Case {
    /// Value of the discriminant.
    pub tag: WireName,
    /// The object.
    pub schema: SchemaId,
}

/// Item that an enum is named after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EnumOwner {
    /// A member of a schema.
    Schema(SchemaId),
    /// A parameter of a method.
    Method(MethodId),
    /// A parameter of every method.
    Global,
}

/// An open enumeration of strings.
#[derive(Clone, Debug)]
pub struct Enum {
    /// Item that it is named after.
    pub owner: EnumOwner,
    /// The property or parameter that it is named after.
    pub name: WireName,
    /// JSON pointer of the property or parameter.
    pub at: String,
    /// Description of that property or parameter.
    pub doc: Doc,
    /// Values in the order of the document, without duplicates.
    pub values: Vec<EnumValue>,
}

/// A value of an [`Enum`].
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// The value on the wire.
    pub name: WireName,
    /// Description.
    pub doc: Doc,
    /// Whether the document marks it deprecated.
    pub deprecated: bool,
}

/// Type. Contains no option and no box; those belong to a [`Field`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// A value without members.
    Scalar(Scalar),
    /// Any JSON value.
    Any,
    /// An open enumeration.
    Enum(EnumId),
    /// A schema.
    Object(SchemaId),
    /// An array.
    List(Box<Type>),
    /// An object with values of one type.
    Map(Box<Type>),
}

impl Type {
    /// Returns the format, if it is a scalar of one.
    #[must_use]
    pub fn scalar(&self) -> Option<Scalar> {
        match self {
            Self::Scalar(scalar) => Some(*scalar),
            _ => None,
        }
    }

    /// Returns the innermost type of all lists and maps.
    #[must_use]
    pub fn leaf(&self) -> &Type {
        match self {
            Self::List(inner) | Self::Map(inner) => inner.leaf(),
            other => other,
        }
    }
}

impl PartialEq<Scalar> for Type {
    fn eq(&self, other: &Scalar) -> bool {
        self.scalar() == Some(*other)
    }
}
