//! Types as descriptions see them.

/// A type of an API.
///
/// The generator implements it for its model of the document, the command line for the tables of
/// the generated crate. Implementations resolve aliases, except in [`Type::rust_name`].
pub trait Type<'a>: Copy {
    /// Returns the kind of its values.
    fn kind(self) -> Kind<Self>;

    /// Returns the path of its Rust type, `models::Company`, if it is a named schema or enum.
    fn rust_name(self) -> Option<String>;

    /// The declared members of an object, in the document's order.
    fn members(self) -> Vec<Member<'a, Self>>;

    /// The values of an enumeration, in the document's order.
    fn values(self) -> Vec<EnumValue<'a>>;

    /// Returns `true` if the Rust type can parse `text`. Called only for [`Kind::Bytes`],
    /// [`Kind::Timestamp`], [`Kind::DateTime`], [`Kind::Date`], [`Kind::Duration`], and
    /// [`Kind::FieldMask`].
    fn reads(self, text: &str) -> bool;

    /// Formats `text` as a Rust expression; `literal` formats a literal. An implementation that
    /// keeps secrets out of the source reads them from elsewhere.
    fn text(self, text: &str, literal: fn(&str) -> String) -> String {
        literal(text)
    }
}

/// Kind of a type's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<T> {
    /// `true` or `false`.
    Bool,
    /// 32-bit signed integer.
    Int32,
    /// 32-bit unsigned integer.
    UInt32,
    /// 64-bit signed integer; a string in JSON.
    Int64,
    /// 64-bit unsigned integer; a string in JSON.
    UInt64,
    /// Single precision.
    Float,
    /// Double precision.
    Double,
    /// Text.
    String,
    /// Bytes; base64 in JSON.
    Bytes,
    /// A point in time: RFC 3339 with `Z` or an offset.
    Timestamp,
    /// A date and a time of day: RFC 3339 with an offset, or local without.
    DateTime,
    /// `YYYY-MM-DD`.
    Date,
    /// Seconds with `s`.
    Duration,
    /// Comma-separated paths of fields.
    FieldMask,
    /// One of a set of strings.
    Enum,
    /// Any JSON value. With a [`Type::rust_name`], a union of objects with a discriminant member.
    Any,
    /// An object with declared members.
    Object,
    /// An array.
    List(T),
    /// An object with values of one type.
    Map(T),
}

impl<T> Kind<T> {
    /// The same kind, with `wrap` applied to the type of elements.
    #[must_use]
    pub fn map<U>(self, wrap: impl FnOnce(T) -> U) -> Kind<U> {
        match self {
            Self::Bool => Kind::Bool,
            Self::Int32 => Kind::Int32,
            Self::UInt32 => Kind::UInt32,
            Self::Int64 => Kind::Int64,
            Self::UInt64 => Kind::UInt64,
            Self::Float => Kind::Float,
            Self::Double => Kind::Double,
            Self::String => Kind::String,
            Self::Bytes => Kind::Bytes,
            Self::Timestamp => Kind::Timestamp,
            Self::DateTime => Kind::DateTime,
            Self::Date => Kind::Date,
            Self::Duration => Kind::Duration,
            Self::FieldMask => Kind::FieldMask,
            Self::Enum => Kind::Enum,
            Self::Any => Kind::Any,
            Self::Object => Kind::Object,
            Self::List(of) => Kind::List(wrap(of)),
            Self::Map(of) => Kind::Map(wrap(of)),
        }
    }
}

/// A declared member of an object.
#[derive(Clone, Debug)]
pub struct Member<'a, T> {
    /// Wire name.
    pub name: &'a str,
    /// Name of the setter of the Rust type.
    pub setter: String,
    /// Type of the member.
    pub ty: T,
    /// Default value on the server.
    pub default: Option<&'a str>,
}

impl<'a, T> Member<'a, T> {
    /// The same member, with `wrap` applied to its type.
    #[must_use]
    pub fn map<U>(self, wrap: impl FnOnce(T) -> U) -> Member<'a, U> {
        let Self { name, setter, ty, default } = self;
        Member { name, setter, ty: wrap(ty), default }
    }
}

/// A value of an enumeration.
#[derive(Clone, Copy, Debug)]
pub struct EnumValue<'a> {
    /// The value in JSON.
    pub name: &'a str,
    /// Name of the Rust variant.
    pub rust_name: &'a str,
    /// Whether it is deprecated.
    pub deprecated: bool,
}
