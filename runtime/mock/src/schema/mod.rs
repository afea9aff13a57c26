//! Interpretation of JSON by the tables of an API.

mod coerce;
mod required;
mod scalar;

use discovery_runtime::reflect::{FieldInfo, SchemaInfo, Shape, TypeInfo};

pub(crate) use coerce::{Nulls, coerce, coerce_param, coerce_patch};
pub(crate) use required::missing;

use crate::names::camel;

/// Returns the declared fields of a schema; none for an alias.
pub(crate) fn fields(schema: &SchemaInfo) -> &'static [FieldInfo] {
    match schema.shape {
        Shape::Object { fields, .. } => fields,
        Shape::Alias(_) => &[],
    }
}

/// Returns the type of additional properties, if the schema allows them.
pub(crate) fn additional(schema: &SchemaInfo) -> Option<TypeInfo> {
    match schema.shape {
        Shape::Object { additional, .. } => additional,
        Shape::Alias(_) => None,
    }
}

/// Returns the field with this name, in JSON or protobuf spelling.
pub(crate) fn field(schema: &SchemaInfo, name: &str) -> Option<&'static FieldInfo> {
    let fields = fields(schema);
    let exact = fields.iter().find(|f| f.name == name);
    exact.or_else(|| {
        let name = camel(name);
        fields.iter().find(|f| f.name == name)
    })
}

/// Resolves aliases.
pub(crate) fn resolve(ty: TypeInfo) -> TypeInfo {
    let mut ty = ty;
    // Alias chains are short; the limit stops a circular one.
    for _ in 0..16 {
        match ty {
            TypeInfo::Object(SchemaInfo { shape: Shape::Alias(target), .. }) => ty = *target,
            other => return other,
        }
    }
    TypeInfo::Any
}

/// Returns the object schema of a type, if it has one.
pub(crate) fn object(ty: TypeInfo) -> Option<&'static SchemaInfo> {
    match resolve(ty) {
        TypeInfo::Object(schema) => Some(schema),
        _ => None,
    }
}

/// Returns the object schema of a list's elements.
pub(crate) fn list_item(ty: TypeInfo) -> Option<&'static SchemaInfo> {
    match resolve(ty) {
        TypeInfo::List(item) => object(*item),
        _ => None,
    }
}
