//! Adapts IR types for `discovery-describe`.

use super::Cx;
use crate::ir::{EnumOwner, Object, SchemaId, Shape, TaggedUnion, Type};
use discovery_describe::{EnumValue, Kind, Member};

/// A type with its names.
#[derive(Clone, Copy)]
pub(crate) struct Described<'a> {
    cx: &'a Cx<'a>,
    ty: Reference<'a>,
}

#[derive(Clone, Copy)]
enum Reference<'a> {
    Type(&'a Type),
    Schema(SchemaId),
}

impl<'a> Described<'a> {
    pub(crate) fn new(cx: &'a Cx<'a>, ty: &'a Type) -> Self {
        Self { cx, ty: Reference::Type(ty) }
    }

    pub(crate) fn schema(cx: &'a Cx<'a>, id: SchemaId) -> Self {
        Self { cx, ty: Reference::Schema(id) }
    }

    /// Returns the object, if the type is one.
    pub(crate) fn object(self) -> Option<&'a Object> {
        match self.shape()? {
            Shape::Object(object) => Some(object),
            Shape::Alias(_) | Shape::Union(_) => None,
        }
    }

    /// Returns the tagged union, if the type is one.
    pub(crate) fn union(self) -> Option<&'a TaggedUnion> {
        match self.shape()? {
            Shape::Union(union) => Some(union),
            Shape::Alias(_) | Shape::Object(_) => None,
        }
    }

    /// Returns the schema's shape, with aliases resolved.
    fn shape(self) -> Option<&'a Shape> {
        match self.resolved().ty {
            Reference::Schema(id) => Some(&self.cx.api[id].shape),
            Reference::Type(_) => None,
        }
    }

    /// Resolves aliases.
    fn resolved(self) -> Self {
        let ty = match self.ty {
            Reference::Type(ty) => ty,
            Reference::Schema(id) => match &self.cx.api[id].shape {
                Shape::Alias(ty) => ty,
                Shape::Object(_) | Shape::Union(_) => return self,
            },
        };
        match self.cx.api.resolve(ty) {
            Type::Object(id) => Self::schema(self.cx, *id),
            other => Self::new(self.cx, other),
        }
    }
}

impl<'a> discovery_describe::Type<'a> for Described<'a> {
    fn kind(self) -> Kind<Self> {
        let of = |ty| Self::new(self.cx, ty);
        let ty = match self.resolved().ty {
            Reference::Type(ty) => ty,
            Reference::Schema(id) => match self.cx.api[id].shape {
                Shape::Object(_) => return Kind::Object,
                Shape::Alias(_) | Shape::Union(_) => return Kind::Any,
            },
        };
        match ty {
            Type::Scalar(scalar) => Kind::Scalar(*scalar),
            Type::Any | Type::Object(_) => Kind::Any,
            Type::Enum(_) => Kind::Enum,
            Type::List(item) => Kind::List(of(item)),
            Type::Map(item) => Kind::Map(of(item)),
        }
    }

    fn rust_name(self) -> Option<String> {
        let names = self.cx.names;
        let schema = |id| Some(format!("models::{}", names.schema(id).ty));
        let ty = match self.ty {
            Reference::Schema(id) => return schema(id),
            Reference::Type(ty) => ty,
        };
        match ty {
            Type::Object(id) => schema(*id),
            Type::Enum(id) => match self.cx.api[*id].owner {
                EnumOwner::Schema(_) => Some(format!("models::{}", names.enumeration(*id).ty)),
                EnumOwner::Method(_) | EnumOwner::Global => None,
            },
            _ => None,
        }
    }

    fn members(self) -> Vec<Member<'a, Self>> {
        let Reference::Schema(id) = self.resolved().ty else { return Vec::new() };
        let Shape::Object(object) = &self.cx.api[id].shape else { return Vec::new() };
        let named = object.fields.iter().zip(&self.cx.names.schema(id).fields);
        named
            .map(|(field, names)| Member {
                name: field.name.as_str(),
                setter: names.setter.as_str().to_owned(),
                ty: Self::new(self.cx, &field.ty),
                default: field.default.as_deref(),
            })
            .collect()
    }

    fn values(self) -> Vec<EnumValue<'a>> {
        let Reference::Type(Type::Enum(id)) = self.resolved().ty else { return Vec::new() };
        let variants = &self.cx.names.enumeration(*id).variants;
        let named = self.cx.api[*id].values.iter().zip(variants);
        named
            .map(|(value, name)| EnumValue {
                name: value.name.as_str(),
                rust_name: name.as_str(),
                deprecated: value.deprecated,
            })
            .collect()
    }
}
