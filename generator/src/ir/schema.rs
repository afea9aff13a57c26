//! Schemas, fields, enumerations and types.

use super::{Doc, EnumId, FieldBehavior, HeldMask, MethodId, SchemaId, ValueFacts, WireName};

/// A schema: one of the document's, or an object written inside another.
#[derive(Clone, Debug)]
pub struct Schema {
    /// The document's name; for an inline object, the parent's name and the property's.
    pub name: WireName,
    /// The top-level schema in whose file it lives: itself, unless it is inline.
    pub owner: SchemaId,
    /// JSON pointer.
    pub at: String,
    /// The other places where the document writes it out.
    pub also_at: Vec<String>,
    /// What it is.
    pub doc: Doc,
    /// Its form.
    pub shape: Shape,
    /// Whether the document marks it deprecated.
    pub deprecated: bool,
}

/// The form of a schema.
#[derive(Clone, Debug)]
pub enum Shape {
    /// An object.
    Object(Object),
    /// Another type under a name.
    Alias(Type),
    /// One of several objects, told apart by a member.
    Union(TaggedUnion),
}

/// Members of an object.
#[derive(Clone, Debug, Default)]
pub struct Object {
    /// Declared members, as the document orders them.
    pub fields: Vec<Field>,
    /// Type of undeclared members, where the document allows them beside declared ones.
    pub additional: Option<Type>,
    /// Where it asks for an update of a resource: a PATCH or PUT sends it.
    pub update: Option<HeldMask>,
}

/// A member of an object. Optionality and boxing are facts of the field, never of its type.
#[derive(Clone, Debug)]
pub struct Field {
    /// Name on the wire.
    pub name: WireName,
    /// JSON pointer.
    pub at: String,
    /// Its type.
    pub ty: Type,
    /// Whether its value must live on the heap, because the type contains itself through it.
    pub boxed: bool,
    /// What it means.
    pub doc: Doc,
    /// How it behaves, as its description says.
    pub behavior: FieldBehavior,
    /// What its description says of values.
    pub facts: ValueFacts,
    /// Whether only the server sets it (`readOnly`).
    pub read_only: bool,
    /// Whether the document marks it deprecated.
    pub deprecated: bool,
    /// Ids of the methods whose requests must carry it (`annotations.required`). Others that send
    /// the same schema may leave it out.
    pub required_by: Vec<String>,
    /// What the server assumes.
    pub default: Option<String>,
}

impl Field {
    /// The description behind the markers that say how the field behaves.
    #[must_use]
    pub fn text(&self) -> &str {
        self.doc.0.get(self.behavior.markers..).unwrap_or_default()
    }

    /// Whether only the server sets it.
    #[must_use]
    pub fn is_output_only(&self) -> bool {
        self.read_only || self.behavior.output_only
    }

    /// Whether it should not be used any more.
    #[must_use]
    pub fn is_deprecated(&self) -> bool {
        self.deprecated || self.behavior.deprecated
    }

    /// Whether the request of a method must carry it, by the document's annotations.
    #[must_use]
    pub fn is_required_by(&self, method: &str) -> bool {
        self.required_by.iter().any(|id| id == method)
    }
}

/// Objects told apart by a member.
#[derive(Clone, Debug)]
pub struct TaggedUnion {
    /// The member that tells.
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

/// Who an enumeration is named after.
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
    /// Where it lives.
    pub owner: EnumOwner,
    /// The property or parameter that it is named after.
    pub name: WireName,
    /// JSON pointer of the property or parameter.
    pub at: String,
    /// Description of that property or parameter.
    pub doc: Doc,
    /// Its values, as the document orders them, each once.
    pub values: Vec<EnumValue>,
}

/// A value of an [`Enum`].
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// The value on the wire.
    pub name: WireName,
    /// What it means.
    pub doc: Doc,
    /// Whether the document marks it deprecated.
    pub deprecated: bool,
}

/// A type. There is no option and no box in it: those are facts of a [`Field`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
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
    /// Whether it is a number or a flag.
    #[must_use]
    pub fn is_number(&self) -> bool {
        use Type::{Bool, Double, Float, Int32, Int64, UInt32, UInt64};
        matches!(self, Bool | Int32 | UInt32 | Int64 | UInt64 | Float | Double)
    }

    /// The type inside all lists and maps.
    #[must_use]
    pub fn leaf(&self) -> &Type {
        match self {
            Self::List(inner) | Self::Map(inner) => inner.leaf(),
            other => other,
        }
    }
}
