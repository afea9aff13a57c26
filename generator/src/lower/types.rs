//! Pass: types and enumerations.

use super::Lowering;
use crate::discovery::Schema;
use crate::error::Kind;
use crate::ir::{Doc, Enum, EnumId, EnumOwner, EnumValue, Scalar, SchemaId, Type, WireName};
use std::collections::BTreeSet;

/// Place of a type, which names inline objects and enums.
pub(super) struct Place {
    /// Top-level schema whose file contains it.
    pub(super) owner: SchemaId,
    /// Name of the enclosing schema.
    pub(super) parent: String,
    /// The property; empty for the schema itself.
    pub(super) name: String,
}

impl Place {
    /// Parent and property as one name.
    pub(super) fn joined(&self) -> String {
        let mut out = self.parent.clone();
        let mut chars = self.name.chars();
        match chars.next() {
            None => out.push_str("Item"),
            Some(first) => {
                out.extend(first.to_uppercase());
                out.push_str(chars.as_str());
            }
        }
        out
    }
}

impl<'a> Lowering<'a> {
    /// Lowers a schema node to a type.
    pub(super) fn ty(&mut self, node: &'a Schema<'a>, place: &Place) -> Type {
        if let Some(target) = node.reference {
            return match self.by_name.get(target) {
                Some(id) => Type::Object(*id),
                None => {
                    self.dangling(target, &node.at);
                    Type::Any
                }
            };
        }
        match node.ty {
            Some("object") => self.object_type(node, place),
            Some("array") => match &node.items {
                Some(items) => Type::List(Box::new(self.ty(items, place))),
                None => {
                    let text = "an array without `items`".to_owned();
                    self.warn(Kind::Malformed, &node.at, text, "it accepts any items");
                    Type::List(Box::new(Type::Any))
                }
            },
            None if !node.properties.is_empty() => self.inline(node, place),
            _ => {
                let owner = EnumOwner::Schema(place.owner);
                self.scalar(node, owner, &place.joined())
            }
        }
    }

    fn object_type(&mut self, node: &'a Schema<'a>, place: &Place) -> Type {
        if !node.properties.is_empty() {
            return self.inline(node, place);
        }
        match &node.additional {
            Some(values) => Type::Map(Box::new(self.ty(values, place))),
            // `google.protobuf.Struct`, `Any`, and objects without declared members.
            None => Type::Map(Box::new(Type::Any)),
        }
    }

    /// Lowers a scalar type. `name` names an enum at this place.
    pub(super) fn scalar(&mut self, node: &'a Schema<'a>, owner: EnumOwner, name: &str) -> Type {
        let known = match (node.ty, node.format) {
            (Some("string"), None) => self.string(node, owner, name),
            (Some("any"), None | Some("google.protobuf.Value")) => Type::Any,
            (ty, format) => match ty.and_then(|ty| Scalar::find(ty, format)) {
                Some(scalar) => Type::Scalar(scalar),
                None => self.unknown(node, ty, format),
            },
        };
        if node.values.is_some() && !matches!(known, Type::Enum(_) | Type::Scalar(Scalar::String)) {
            let message = "`enum` on a type that is not a plain string".to_owned();
            self.warn(Kind::Degraded, &node.at, message, "the values are not checked");
        }
        known
    }

    fn unknown(&mut self, node: &Schema<'a>, ty: Option<&str>, format: Option<&str>) -> Type {
        let (plain, help) = match ty {
            Some("boolean") => (Type::Scalar(Scalar::Bool), "the plain type is used"),
            Some("integer") => (Type::Scalar(Scalar::Int32), "a 32-bit integer is used"),
            Some("number") => (Type::Scalar(Scalar::Double), "the plain type is used"),
            Some("string") => (Type::Scalar(Scalar::String), "the plain type is used"),
            Some("any") => (Type::Any, "the plain type is used"),
            None => (Type::Any, "it accepts any value"),
            Some(other) => {
                let message = format!("type `{}` is unknown", other.escape_default());
                let help = "map it in lower/types.rs, or patch it in the overlay";
                self.error(Kind::Malformed, &node.at, message, help);
                return Type::Any;
            }
        };
        let what = match (ty, format) {
            (Some(ty), Some(format)) => format!("format `{format}` of type `{ty}` is unknown"),
            (Some(ty), None) => format!("type `{ty}` has no format"),
            (None, _) => "neither a type nor a reference".to_owned(),
        };
        self.warn(Kind::UnknownFormat, &node.at, what, help);
        plain
    }

    fn string(&mut self, node: &'a Schema<'a>, owner: EnumOwner, name: &str) -> Type {
        let Some(values) = node.values.as_ref().filter(|v| !v.is_empty()) else {
            return Type::Scalar(Scalar::String);
        };
        if let Some(shared) = self.hints.shared_enums.get(&node.at) {
            self.used_hints.insert(node.at.clone());
            if let Some(id) = self.shared_enums.get(shared.as_str()) {
                return Type::Enum(*id);
            }
            let id = self.add_enum(node, values, owner, shared);
            self.shared_enums.insert(shared, id);
            return Type::Enum(id);
        }
        let name = self.name_at(&node.at, name).0;
        Type::Enum(self.add_enum(node, values, owner, &name))
    }

    /// Returns the default of a parameter or property, which help and docs show.
    pub(super) fn default(&mut self, name: &str, node: &Schema<'_>) -> Option<String> {
        let text = node.default.as_deref()?;
        self.shown(text, &format!("the default of `{name}`"), &node.at).map(str::to_owned)
    }

    fn add_enum(
        &mut self,
        node: &Schema<'a>,
        values: &[&str],
        owner: EnumOwner,
        name: &str,
    ) -> EnumId {
        let described = node.value_descriptions.len();
        if described != 0 && described != values.len() {
            let message = format!("{} values have {described} descriptions", values.len());
            self.warn(Kind::Malformed, &node.at, message, "descriptions are matched by position");
        }
        let mut seen = BTreeSet::new();
        let mut out = Vec::with_capacity(values.len());
        for (i, value) in values.iter().enumerate() {
            self.check_text(value, &node.at);
            if !seen.insert(*value) {
                let message = format!("value `{value}` is listed twice");
                self.warn(Kind::Malformed, &node.at, message, "the first is used");
                continue;
            }
            out.push(EnumValue {
                name: WireName((*value).to_owned()),
                doc: Doc(node
                    .value_descriptions
                    .get(i)
                    .map(ToString::to_string)
                    .unwrap_or_default()),
                deprecated: node.value_deprecated.get(i).copied().unwrap_or(false),
            });
        }
        let id = EnumId(u32::try_from(self.api.enums.len()).unwrap_or(u32::MAX));
        self.api.enums.push(Enum {
            owner,
            name: WireName(name.to_owned()),
            at: node.at.clone(),
            doc: Doc(node.description.to_owned()),
            values: out,
        });
        id
    }
}
