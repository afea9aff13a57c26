//! Navigation of an API's types.

use discovery_describe::names;
use discovery_runtime::reflect::{EnumInfo, FieldInfo, Shape, TypeInfo};

/// Kind of a type: aliases are resolved; an object without declared members is a map.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// A single value.
    Scalar(TypeInfo),
    /// Declared members, and the type of undeclared ones if allowed.
    Object(&'static [FieldInfo], Option<TypeInfo>),
    /// Elements of one type.
    List(TypeInfo),
    /// Values of one type under arbitrary keys.
    Map(TypeInfo),
    /// Anything.
    Any,
}

/// Maximum length of an alias chain; a longer one is a cycle.
const ALIAS_LIMIT: usize = 16;

/// The kind of a type.
pub(crate) fn kind(ty: TypeInfo) -> Kind {
    let mut ty = ty;
    for _ in 0..ALIAS_LIMIT {
        match ty {
            TypeInfo::Object(schema) => match schema.shape {
                Shape::Alias(of) => ty = of,
                Shape::Object { fields: [], additional: Some(of) } => return Kind::Map(of),
                Shape::Object { fields, additional } => return Kind::Object(fields, additional),
            },
            TypeInfo::List(of) => return Kind::List(*of),
            TypeInfo::Map(of) => return Kind::Map(*of),
            TypeInfo::Any => return Kind::Any,
            scalar => return Kind::Scalar(scalar),
        }
    }
    Kind::Any
}

/// Returns `true` if a value of the type is written as one text.
pub(crate) fn is_scalar(ty: TypeInfo) -> bool {
    matches!(kind(ty), Kind::Scalar(_) | Kind::Any)
}

/// Finds the member that `typed` refers to.
pub(crate) fn field(fields: &'static [FieldInfo], typed: &str) -> Option<&'static FieldInfo> {
    names::find(fields, typed, |f| f.name)
}

/// The values of an enumeration, if the type is one.
pub(crate) fn enumeration(ty: TypeInfo) -> Option<&'static EnumInfo> {
    match kind(ty) {
        Kind::Scalar(TypeInfo::Enum(info)) => Some(info),
        Kind::List(of) | Kind::Map(of) => enumeration(of),
        _ => None,
    }
}

/// Formats the type for help and errors: `string`, `[int32]`, `{string: Job}`.
pub(crate) fn label(ty: TypeInfo) -> String {
    match ty {
        TypeInfo::Object(schema) => match schema.shape {
            Shape::Object { fields: [], additional: Some(of) } => map_label(of),
            _ => schema.name.to_owned(),
        },
        TypeInfo::List(of) => format!("[{}]", label(*of)),
        TypeInfo::Map(of) => map_label(*of),
        scalar => scalar_label(scalar).to_owned(),
    }
}

fn map_label(of: TypeInfo) -> String {
    format!("{{string: {}}}", label(of))
}

/// The name of a scalar type in errors and help.
pub(crate) fn scalar_label(ty: TypeInfo) -> &'static str {
    match ty {
        TypeInfo::Enum(_) => "enum",
        TypeInfo::Any => "any",
        _ => ty.scalar().map_or("string", |scalar| scalar.info().name),
    }
}
