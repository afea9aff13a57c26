//! Pass: schemas and their fields.

use super::Lowering;
use super::behavior::described;
use super::shared::{Shared, shared};
use super::types::Place;
use crate::discovery;
use crate::error::Kind;
use crate::ir::{
    Case, Doc, Field, Object, Scalar, Schema, SchemaId, Shape, TaggedUnion, Type, ValueFacts,
    WireName,
};
use std::collections::BTreeSet;

/// Schema with its own file.
enum Top<'a> {
    Declared(&'a str, &'a discovery::Schema<'a>),
    Shared(Shared<'a>),
}

impl<'a> Top<'a> {
    fn name(&self) -> &str {
        match self {
            Self::Declared(name, _) => name,
            Self::Shared(shared) => &shared.name,
        }
    }

    fn node(&self) -> &'a discovery::Schema<'a> {
        match self {
            Self::Declared(_, node) => node,
            Self::Shared(shared) => shared.node,
        }
    }
}

impl<'a> Lowering<'a> {
    /// Lowers top-level schemas and shared objects by name, then inline ones in order of discovery.
    pub(super) fn lower_schemas(&mut self) {
        let mut declared: Vec<_> = self.document.schemas.iter().map(|(n, s)| (*n, s)).collect();
        declared.sort_by_key(|(name, _)| *name);
        let mut files: Vec<_> =
            shared(&declared, self.hints).into_iter().map(Top::Shared).collect();
        files.extend(declared.into_iter().map(|(name, node)| Top::Declared(name, node)));
        files.sort_by(|a, b| a.name().cmp(b.name()));
        for (id, top) in files.iter().enumerate() {
            self.declare(top, SchemaId(u32::try_from(id).unwrap_or(u32::MAX)));
        }
        for (id, top) in files.into_iter().enumerate() {
            let id = SchemaId(u32::try_from(id).unwrap_or(u32::MAX));
            self.api.schemas[id.index()].shape = self.shape(id, top.node());
        }
    }

    fn declare(&mut self, top: &Top<'a>, id: SchemaId) {
        let node = top.node();
        let name = match top {
            Top::Declared(name, _) => {
                if node.id.is_some_and(|id| id != *name) {
                    let message = format!("`id` is `{}`", node.id.unwrap_or_default());
                    self.warn(Kind::Malformed, &node.at, message, "the key is used as the name");
                }
                self.by_name.insert(name, id);
                self.schema_name(name, &node.at)
            }
            Top::Shared(shared) => {
                self.shared.extend(shared.places.iter().map(|at| (*at, id)));
                WireName(shared.name.clone())
            }
        };
        let also_at = match top {
            Top::Declared(..) => Vec::new(),
            Top::Shared(s) => s.places.iter().skip(1).map(ToString::to_string).collect(),
        };
        self.add_schema(Schema {
            name,
            owner: id,
            at: node.at.clone(),
            also_at,
            doc: Doc(node.description.to_owned()),
            shape: Shape::Object(Object::default()),
            deprecated: node.deprecated,
        });
    }

    pub(super) fn shape(&mut self, id: SchemaId, node: &'a discovery::Schema<'a>) -> Shape {
        if let Some(variant) = &node.variant {
            return self.union(node, variant);
        }
        let object = node.reference.is_none()
            && node.format.is_none()
            && node.ty.is_none_or(|t| t == "object")
            && (node.additional.is_none() || !node.properties.is_empty())
            && (node.ty.is_some() || !node.properties.is_empty());
        if object {
            return Shape::Object(self.object(id, node));
        }
        let name = self.api[id].name.0.clone();
        let place = Place { owner: id, parent: name, name: String::new() };
        Shape::Alias(self.ty(node, &place))
    }

    /// Lowers the members of object schema `id`.
    pub(super) fn object(&mut self, id: SchemaId, node: &'a discovery::Schema<'a>) -> Object {
        let (owner, parent) = (self.api[id].owner, self.api[id].name.0.clone());
        let mut seen = BTreeSet::new();
        let mut fields = Vec::with_capacity(node.properties.len());
        for (name, property) in &node.properties {
            seen.insert(*name);
            self.check_member(name, &property.at);
            let place = Place { owner, parent: parent.clone(), name: (*name).to_owned() };
            let (doc, behavior) = described(property.description);
            fields.push(Field {
                name: WireName((*name).to_owned()),
                at: property.at.clone(),
                ty: self.ty(property, &place),
                boxed: false,
                doc,
                behavior,
                facts: ValueFacts::default(),
                read_only: property.read_only,
                deprecated: property.deprecated,
                required_by: property.required_by.iter().map(|s| (*s).to_owned()).collect(),
                default: self.default(name, property),
            });
        }
        let additional = node.additional.as_ref().map(|inner| {
            let place = Place { owner, parent, name: "additionalProperties".to_owned() };
            self.ty(inner, &place)
        });
        Object { fields, additional, update: None }
    }

    /// Lowers an inline object into a schema named after its place.
    pub(super) fn inline(&mut self, node: &'a discovery::Schema<'a>, place: &Place) -> Type {
        if let Some(id) = self.shared.get(node.at.as_str()) {
            return Type::Object(*id);
        }
        let mut name = place.joined();
        while self.api.schemas.iter().any(|s| s.name.0 == name) {
            name.push_str("Inline");
        }
        let name = self.name_at(&node.at, &name);
        let id = self.add_schema(Schema {
            name,
            owner: place.owner,
            at: node.at.clone(),
            also_at: Vec::new(),
            doc: Doc(node.description.to_owned()),
            shape: Shape::Object(Object::default()),
            deprecated: node.deprecated,
        });
        let object = self.object(id, node);
        self.api.schemas[id.index()].shape = Shape::Object(object);
        Type::Object(id)
    }

    fn union(
        &mut self,
        node: &'a discovery::Schema<'a>,
        variant: &discovery::Variant<'a>,
    ) -> Shape {
        let mut cases = Vec::new();
        self.check_member(variant.discriminant, &node.child("variant"));
        for (tag, target) in &variant.cases {
            self.check_text(tag, &node.child("variant"));
            match self.by_name.get(target) {
                Some(schema) => {
                    cases.push(Case { tag: WireName((*tag).to_owned()), schema: *schema });
                }
                None => self.dangling(target, &node.child("variant")),
            }
        }
        Shape::Union(TaggedUnion { discriminant: WireName(variant.discriminant.to_owned()), cases })
    }

    /// Removes cases that cannot occur: a non-object has no discriminant, and a repeated tag never
    /// matches. Both are kept as JSON, like undeclared cases.
    pub(super) fn check_cases(&mut self) {
        for id in SchemaId::all(&self.api).collect::<Vec<_>>() {
            let Shape::Union(union) = &self.api[id].shape else { continue };
            let mut seen = BTreeSet::new();
            let fits = |case: &Case| match self.api.resolve(&Type::Object(case.schema)) {
                Type::Object(id) => matches!(self.api[*id].shape, Shape::Object(_)),
                // The tag must match the type of the entries.
                Type::Map(entries) => matches!(**entries, Type::Scalar(Scalar::String) | Type::Any),
                _ => false,
            };
            let (cases, odd): (Vec<_>, Vec<_>) = (union.cases.iter().cloned())
                .partition(|case| fits(case) && seen.insert(case.tag.clone()));
            let at = self.api[id].at.clone();
            for Case { tag, .. } in odd {
                let message = format!("case `{tag}` is not an object, or is declared twice");
                self.warn(Kind::Degraded, &at, message, "it accepts any value");
            }
            if let Shape::Union(union) = &mut self.api.schemas[id.index()].shape {
                union.cases = cases;
            }
        }
    }

    pub(super) fn dangling(&mut self, target: &str, at: &str) {
        let message = format!("no schema `{}`", target.escape_default());
        self.error(Kind::Dangling, at, message, "correct the `$ref`, or patch it in the overlay");
    }

    fn schema_name(&mut self, name: &str, at: &str) -> WireName {
        self.check_name(name, at);
        self.name_at(at, name)
    }
}
