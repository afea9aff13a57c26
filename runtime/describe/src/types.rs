//! Types as descriptions see them.

use discovery_json::Scalar;

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

    /// Formats `text` as a Rust expression; `literal` formats a literal. An implementation that
    /// keeps secrets out of the source reads them from elsewhere.
    fn text(self, text: &str, literal: fn(&str) -> String) -> String {
        literal(text)
    }
}

/// Kind of a type's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<T> {
    /// A value without members.
    Scalar(Scalar),
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
            Self::Scalar(scalar) => Kind::Scalar(scalar),
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
