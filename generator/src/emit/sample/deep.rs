//! Samples with undeclared members at every level.

use super::{UNKNOWN, quoted, undeclared, value};
use crate::ir::{Api, Object, SchemaId, Shape, TaggedUnion, Type};

/// Maximum nesting of objects in a sample.
const DEPTH: usize = 6;

/// Length beyond which further objects have no declared members; their own schemas have samples.
const MAX_LENGTH: usize = 2_000;

/// Object without declared members.
const EMPTY_OBJECT: &str = "{\"undeclared\":1}";

/// Returns JSON of schema `id` with every field set and with undeclared members and enum values at
/// every level (objects, lists, and maps), in the order in which models write it.
///
/// Nested objects have no scalar values, so that a new member changes only the samples of its own
/// schema.
pub(in crate::emit) fn full(api: &Api, id: SchemaId) -> String {
    Deep { api, around: Vec::new(), length: 0, nulls: false }.schema(id)
}

/// Returns the same with `null` for every value that contains no object.
pub(in crate::emit) fn nulls(api: &Api, id: SchemaId) -> String {
    Deep { api, around: Vec::new(), length: 0, nulls: true }.schema(id)
}

/// An object where no more is written.
fn empty_object(api: &Api, id: SchemaId) -> String {
    match &api[id].shape {
        // An undeclared member would need the type of the others.
        Shape::Object(Object { additional: Some(_), .. }) => "{}".to_owned(),
        _ => EMPTY_OBJECT.to_owned(),
    }
}

/// Returns `true` if a type contains objects or enums.
fn is_nested(api: &Api, ty: &Type) -> bool {
    match ty.leaf() {
        Type::Enum(_) => true,
        Type::Object(id) => match &api[*id].shape {
            Shape::Alias(inner) => is_nested(api, inner),
            _ => true,
        },
        _ => false,
    }
}

struct Deep<'a> {
    api: &'a Api,
    /// Enclosing schemas.
    around: Vec<SchemaId>,
    /// Length of the output.
    length: usize,
    nulls: bool,
}

impl Deep<'_> {
    fn schema(&mut self, id: SchemaId) -> String {
        let api = self.api;
        match &api[id].shape {
            Shape::Alias(ty) => self.value(ty).unwrap_or_else(|| value(api, ty)),
            Shape::Object(object) => self.inside(id, |this| this.object(object)),
            Shape::Union(union) => self.inside(id, |this| this.tagged(union)),
        }
    }

    fn inside(&mut self, id: SchemaId, make: impl FnOnce(&mut Self) -> String) -> String {
        let inner = self.around.len() >= DEPTH || self.length > MAX_LENGTH;
        if inner && !self.around.is_empty() || self.around.contains(&id) {
            return empty_object(self.api, id);
        }
        self.around.push(id);
        let text = make(self);
        self.around.pop();
        text
    }

    fn object(&mut self, object: &Object) -> String {
        let mut members = self.members(object, None);
        members.push(match &object.additional {
            Some(ty) if !self.nulls => format!("\"undeclared\":{}", value(self.api, ty)),
            _ if self.nulls => "\"undeclared\":null".to_owned(),
            _ => "\"undeclared\":{\"a\":[1,null]}".to_owned(),
        });
        format!("{{{}}}", members.join(","))
    }

    /// Writes the declared members; the discriminant has the value of its case.
    fn members(&mut self, object: &Object, told: Option<(&str, &str)>) -> Vec<String> {
        let mut members = Vec::with_capacity(object.fields.len() + 1);
        for field in &object.fields {
            let name = field.name.as_str();
            let tells = told.is_some_and(|(discriminant, _)| discriminant == name);
            if self.around.len() > 1 && !tells && !is_nested(self.api, &field.ty) {
                continue;
            }
            let text = match told {
                Some((discriminant, tag)) if discriminant == name => quoted(tag),
                _ => self.value(&field.ty).unwrap_or_else(|| "null".to_owned()),
            };
            let member = format!("{}:{text}", quoted(name));
            self.length += member.len();
            members.push(member);
        }
        members
    }

    /// Writes a case of a union, with its discriminant where the case declares it, or at the end.
    fn tagged(&mut self, union: &TaggedUnion) -> String {
        let Some(case) = union.cases.first() else { return EMPTY_OBJECT.to_owned() };
        let Shape::Object(object) = &self.api[case.schema].shape else {
            return EMPTY_OBJECT.to_owned();
        };
        let (discriminant, tag) = (union.discriminant.as_str(), case.tag.as_str());
        let mut members = self.members(object, Some((discriminant, tag)));
        let other = object.additional.as_ref().map(|ty| value(self.api, ty));
        members.extend(undeclared(object, discriminant, tag, other.unwrap_or("1".to_owned())));
        format!("{{{}}}", members.join(","))
    }

    /// A value; `None` for one that is to be null.
    fn value(&mut self, ty: &Type) -> Option<String> {
        match ty {
            Type::Object(id) => match &self.api[*id].shape {
                Shape::Alias(inner) => self.value(inner),
                _ => Some(self.schema(*id)),
            },
            // Neither lists nor maps may contain nulls.
            Type::List(inner) => {
                let item = self.value(inner)?;
                Some(match &**inner {
                    Type::Enum(id) => {
                        let known = self.api[*id].values.last().map_or("", |v| v.name.as_str());
                        format!("[{item},{}]", quoted(known))
                    }
                    Type::List(_) | Type::Map(_) | Type::Object(_) => format!("[{item}]"),
                    _ => format!("[{item},{item}]"),
                })
            }
            Type::Map(inner) => Some(format!("{{\"k\":{}}}", self.value(inner)?)),
            _ if self.nulls => None,
            Type::Enum(_) => Some(quoted(UNKNOWN)),
            other => Some(value(self.api, other)),
        }
    }
}
