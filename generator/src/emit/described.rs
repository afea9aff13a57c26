//! Types of the model, as descriptions of calls see them.

use super::Cx;
use crate::ir::{EnumOwner, Shape, Type};
use discovery_describe::{EnumValue, Kind, Member};

/// A type with its names.
#[derive(Clone, Copy)]
pub(crate) struct Described<'a> {
    cx: &'a Cx<'a>,
    ty: &'a Type,
}

impl<'a> Described<'a> {
    pub(crate) fn new(cx: &'a Cx<'a>, ty: &'a Type) -> Self {
        Self { cx, ty }
    }
}

impl<'a> discovery_describe::Type<'a> for Described<'a> {
    fn kind(self) -> Kind<Self> {
        let of = |ty| Self::new(self.cx, ty);
        match self.cx.api.resolve(self.ty) {
            Type::Bool => Kind::Bool,
            Type::Int32 => Kind::Int32,
            Type::UInt32 => Kind::UInt32,
            Type::Int64 => Kind::Int64,
            Type::UInt64 => Kind::UInt64,
            Type::Float => Kind::Float,
            Type::Double => Kind::Double,
            Type::String => Kind::String,
            Type::Bytes => Kind::Bytes,
            Type::Timestamp => Kind::Timestamp,
            Type::DateTime => Kind::DateTime,
            Type::Date => Kind::Date,
            Type::Duration => Kind::Duration,
            Type::FieldMask => Kind::FieldMask,
            Type::Any => Kind::Any,
            Type::Enum(_) => Kind::Enum,
            Type::Object(id) => match self.cx.api[*id].shape {
                Shape::Object(_) => Kind::Object,
                Shape::Alias(_) | Shape::Union(_) => Kind::Any,
            },
            Type::List(item) => Kind::List(of(item)),
            Type::Map(item) => Kind::Map(of(item)),
        }
    }

    fn rust_name(self) -> Option<String> {
        let names = self.cx.names;
        match self.ty {
            Type::Object(id) => Some(format!("models::{}", names.schema(*id).ty)),
            Type::Enum(id) => match self.cx.api[*id].owner {
                EnumOwner::Schema(_) => Some(format!("models::{}", names.enumeration(*id).ty)),
                EnumOwner::Method(_) | EnumOwner::Global => None,
            },
            _ => None,
        }
    }

    fn members(self) -> Vec<Member<'a, Self>> {
        let Type::Object(id) = self.cx.api.resolve(self.ty) else { return Vec::new() };
        let Shape::Object(object) = &self.cx.api[*id].shape else { return Vec::new() };
        let named = object.fields.iter().zip(&self.cx.names.schema(*id).fields);
        named
            .map(|(field, names)| Member {
                name: field.name.as_str(),
                setter: names.setter.as_str().to_owned(),
                ty: Self::new(self.cx, &field.ty),
            })
            .collect()
    }

    fn values(self) -> Vec<EnumValue<'a>> {
        let Type::Enum(id) = self.cx.api.resolve(self.ty) else { return Vec::new() };
        let variants = &self.cx.names.enumeration(*id).variants;
        let named = self.cx.api[*id].values.iter().zip(variants);
        named
            .map(|(value, name)| EnumValue { name: value.name.as_str(), rust_name: name.as_str() })
            .collect()
    }

    /// Samples are well-formed.
    fn reads(self, _text: &str) -> bool {
        true
    }
}
