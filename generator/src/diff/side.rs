//! One of the two compared revisions, with lookups.

use super::change::{Affected, Place};
use crate::Model;
use crate::error::pointer;
use crate::ir::{
    Api, Body, EnumId, EnumOwner, Gate, Method, MethodId, PathPart, PathTemplate, ResourceId,
    SchemaId, Shape, Type, Uses,
};
use crate::rust::{Names, ParamNames, RustIdent};
use std::collections::BTreeSet;

/// One revision.
pub(super) struct Side<'a> {
    pub(super) api: &'a Api,
    pub(super) names: &'a Names,
    uses: Uses,
}

impl<'a> Side<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        Self { api: &model.api, names: &model.names, uses: Uses::of(&model.api) }
    }

    /// Cargo features of resources.
    pub(super) fn features(&self) -> BTreeSet<String> {
        self.api.gates.resources.iter().map(|id| self.names.resource(*id).feature.clone()).collect()
    }

    /// Returns the features that enable a top-level schema, any one of which suffices; `None` if it
    /// is always enabled.
    pub(super) fn needs(&self, id: SchemaId) -> Option<Vec<String>> {
        match self.api.gates.of(id) {
            Gate::Always => None,
            Gate::Full => Some(vec!["full".to_owned()]),
            Gate::AnyOf(resources) => {
                let feature = |id: &ResourceId| self.names.resource(*id).feature.clone();
                Some(resources.iter().map(feature).collect())
            }
        }
    }

    /// Returns the methods that send or return a schema, directly or nested.
    pub(super) fn users(&self, schema: SchemaId) -> Affected {
        let mut seen = BTreeSet::from([schema]);
        let mut work = vec![schema];
        let (mut sends, mut reads) = (BTreeSet::new(), BTreeSet::new());
        let name = |id: &MethodId| self.api[*id].id.0.clone();
        while let Some(id) = work.pop() {
            sends.extend(self.uses.requests(id).iter().map(name));
            reads.extend(self.uses.responses(id).iter().map(name));
            work.extend(self.uses.holders(id).filter(|holder| seen.insert(*holder)));
        }
        let (sends, reads) = (sends.into_iter().collect(), reads.into_iter().collect());
        Affected { sends, reads, ..Affected::default() }
    }

    /// Returns a method's callers.
    pub(super) fn callers(&self, method: MethodId) -> Affected {
        Affected { calls: vec![self.api[method].id.0.clone()], ..Affected::default() }
    }

    /// Returns the methods that use an enum.
    pub(super) fn enum_users(&self, id: EnumId) -> Affected {
        match self.api[id].owner {
            EnumOwner::Schema(schema) => self.users(schema),
            EnumOwner::Method(method) => self.callers(method),
            EnumOwner::Global => Affected { everyone: true, ..Affected::default() },
        }
    }

    /// Returns the methods of a resource and its sub-resources.
    pub(super) fn resource_callers(&self, id: ResourceId) -> Affected {
        let mut calls = BTreeSet::new();
        let mut work = vec![id];
        while let Some(id) = work.pop() {
            calls.extend(self.api[id].methods.iter().map(|m| self.api[*m].id.0.clone()));
            work.extend(self.api[id].children.iter().copied());
        }
        Affected { calls: calls.into_iter().collect(), ..Affected::default() }
    }

    /// The place of a schema.
    pub(super) fn schema(&self, id: SchemaId) -> Place {
        let schema = &self.api[id];
        Place {
            name: schema.name.0.clone(),
            pointer: schema.at.clone(),
            rust: format!("models::{}", self.names.schema(id).ty),
        }
    }

    /// The Rust name of the schema at a position.
    pub(super) fn rust_schema(&self, i: usize) -> Option<RustIdent> {
        let id = SchemaId(u32::try_from(i).ok()?);
        Some(self.names.schema(id).ty.clone())
    }

    /// The place of a field.
    pub(super) fn field(&self, id: SchemaId, field: usize) -> Place {
        let schema = self.schema(id);
        let Shape::Object(object) = &self.api[id].shape else { return schema };
        Place {
            name: format!("{}.{}", schema.name, object.fields[field].name),
            pointer: object.fields[field].at.clone(),
            rust: format!("{}::{}", schema.rust, self.names.schema(id).fields[field].field),
        }
    }

    /// The place of an enumeration.
    pub(super) fn enumeration(&self, id: EnumId) -> Place {
        let e = &self.api[id];
        let module = match e.owner {
            EnumOwner::Schema(_) => "models".to_owned(),
            EnumOwner::Method(method) => self.module(self.api[method].resource),
            EnumOwner::Global => return Place { name: e.name.0.clone(), ..Place::default() },
        };
        Place {
            name: e.name.0.clone(),
            pointer: e.at.clone(),
            rust: format!("{module}::{}", self.names.enumeration(id).ty),
        }
    }

    /// The place of an enumeration's value.
    pub(super) fn value(&self, id: EnumId, value: usize) -> Place {
        let e = self.enumeration(id);
        Place {
            name: format!("{}.{}", e.name, self.api[id].values[value].name),
            pointer: pointer(&pointer(&e.pointer, "enum"), &value.to_string()),
            rust: format!("{}::{}", e.rust, self.names.enumeration(id).variants[value]),
        }
    }

    /// The place of a method.
    pub(super) fn method(&self, id: MethodId) -> Place {
        let m = &self.api[id];
        Place {
            name: m.id.0.clone(),
            pointer: m.at.clone(),
            rust: format!("{}::{}", self.handle(m.resource), self.names.method(id).function),
        }
    }

    /// The place of a parameter.
    pub(super) fn param(&self, id: MethodId, param: usize) -> Place {
        let (m, names) = (&self.api[id], self.names.method(id));
        let rust = match &names.params[param] {
            ParamNames::Argument(name) => format!("{}({name})", self.method(id).rust),
            ParamNames::Setter(name) => {
                format!("Call<{}::{}>::{name}", self.module(m.resource), names.marker)
            }
            ParamNames::Everywhere => String::new(),
        };
        let param = &m.params[param];
        Place { name: format!("{}({})", m.id, param.name), pointer: param.at.clone(), rust }
    }

    /// The place of a resource.
    pub(super) fn resource(&self, id: ResourceId) -> Place {
        Place {
            name: self.resource_name(id),
            pointer: self.api[id].at.clone(),
            rust: self.handle(id),
        }
    }

    /// Names from the root of the resource tree, joined.
    pub(super) fn resource_name(&self, id: ResourceId) -> String {
        let path: Vec<&str> = self.api.resource_path(id).iter().map(|n| n.as_str()).collect();
        path.join(".")
    }

    fn module(&self, id: ResourceId) -> String {
        if id == Api::ROOT {
            return "resources".to_owned();
        }
        let path: Vec<&str> =
            self.names.resource_path(self.api, id).into_iter().map(RustIdent::as_str).collect();
        format!("resources::{}", path.join("::"))
    }

    fn handle(&self, id: ResourceId) -> String {
        if id == Api::ROOT {
            return "Client".to_owned();
        }
        format!("{}::{}", self.module(id), self.names.resource(id).handle)
    }

    /// Formats a type as the document spells it.
    pub(super) fn type_name(&self, ty: &Type) -> String {
        match ty {
            Type::Scalar(scalar) => scalar.info().name.to_owned(),
            Type::Any => "any value".to_owned(),
            Type::Enum(id) => format!("enum {}", self.names.enumeration(*id).ty),
            Type::Object(id) => self.api[*id].name.0.clone(),
            Type::List(inner) => format!("list of {}", self.type_name(inner)),
            Type::Map(inner) => format!("map of {}", self.type_name(inner)),
        }
    }

    /// Formats a body as the document spells it.
    pub(super) fn body_name(&self, body: Option<&Body>) -> String {
        match body {
            None => "nothing".to_owned(),
            Some(Body::Json(ty)) => self.type_name(ty),
            Some(Body::Raw(_)) => "raw bytes".to_owned(),
        }
    }
}

/// Formats a path template. If `named` is false, omits parameter names, which are never sent.
pub(super) fn path_text(path: &PathTemplate, named: bool) -> String {
    let mut out = String::new();
    for part in &path.0 {
        let (open, name, close) = match part {
            PathPart::Literal(text) => ("", text.as_str(), ""),
            PathPart::Simple(name) => ("{", name.as_str(), "}"),
            PathPart::Reserved(name) => ("{+", name.as_str(), "}"),
            PathPart::Segments(name) => ("{/", name.as_str(), "*}"),
        };
        let literal = matches!(part, PathPart::Literal(_));
        out.push_str(open);
        out.push_str(if named || literal { name } else { "" });
        out.push_str(close);
    }
    out
}

/// The scopes of a method, sorted.
pub(super) fn scopes(method: &Method) -> BTreeSet<&str> {
    method.scopes.iter().map(|s| s.as_str()).collect()
}
