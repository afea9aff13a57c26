//! Sample values: the document's own, or else values derived from type and name.
//!
//! Shared by the reference documentation and the READMEs, so that they agree.

use super::Cx;
use super::described::Described;
use crate::ir::{Choice, Field, Form, Object, Param, Scalar, SchemaId, Shape, Type, ValueFacts};
use discovery_describe::sample::{self, Inclusion, Place, Sampler, Walk};
use discovery_describe::{Kind, Type as _};
use serde_json::{Map, Value, json};

/// Purpose of a sample, which decides its members. Requests name their method, because a member may
/// be required by some methods only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose<'p> {
    /// Page of a model: every member.
    Model,
    /// Request that creates a resource.
    Create(&'p str),
    /// Request that updates a resource.
    Update(&'p str),
    /// Any other request.
    Request(&'p str),
    /// Part of a request, regardless of the method.
    Part,
}

impl<'p> Purpose<'p> {
    /// Returns the id of the request's method.
    pub(super) fn method(self) -> Option<&'p str> {
        match self {
            Self::Create(method) | Self::Update(method) | Self::Request(method) => Some(method),
            Self::Model | Self::Part => None,
        }
    }
}

/// Makes samples for one purpose.
#[derive(Clone, Copy)]
pub(super) struct Examples<'a, 'p> {
    cx: &'a Cx<'a>,
    purpose: Purpose<'p>,
}

impl<'a, 'p> Examples<'a, 'p> {
    pub(super) fn new(cx: &'a Cx<'a>, purpose: Purpose<'p>) -> Self {
        Self { cx, purpose }
    }

    /// The members that a sample may set, in order.
    pub(super) fn usable(&self, object: &'a Object) -> Vec<&'a Field> {
        object.fields.iter().filter(|field| self.is_usable(field)).collect()
    }

    fn is_usable(&self, field: &Field) -> bool {
        let server = field.is_output_only() || field.name.as_str() == "kind";
        let assigned = matches!(self.purpose, Purpose::Create(_)) && field.facts.assigned;
        !(field.is_deprecated()
            || field.facts.deprecated
            || field.facts.is_alternative
            || (self.purpose != Purpose::Model && (server || assigned)))
    }

    /// Returns `true` if a request requires a member.
    pub(super) fn is_needed(&self, field: &Field) -> bool {
        let updates = field.facts.required_by_updates || field.ty == Scalar::FieldMask;
        let method = self.purpose.method();
        field.behavior.required
            || method.is_some_and(|method| field.is_required_by(method))
            || (updates && matches!(self.purpose, Purpose::Update(_)))
            || field.facts.choice == Some(Choice::Required)
    }

    /// Returns a sample of a type. A request has its required members, or a few others if none is
    /// required; a model has every member, with the required members of nested objects.
    pub(super) fn value(&self, ty: &'a Type) -> Value {
        self.described(Described::new(self.cx, ty))
    }

    /// Returns a sample of a schema.
    pub(super) fn schema(&self, id: SchemaId) -> Value {
        self.described(Described::schema(self.cx, id))
    }

    fn described(&self, ty: Described<'a>) -> Value {
        sample::value(self, &Place::root(ty)).unwrap_or_else(|| json!({}))
    }

    /// Returns a sample of a member of schema `id`; `None` if the server would reject it or it
    /// would recurse without end.
    pub(super) fn member(&self, id: SchemaId, field: &'a Field) -> Option<Value> {
        let object = Described::schema(self.cx, id);
        let at = object.object()?.fields.iter().position(|other| other.name == field.name)?;
        sample::value(
            self,
            &Place {
                ty: Described::new(self.cx, &field.ty),
                name: field.name.as_str(),
                default: field.default.as_deref(),
                member: Some((object, at)),
            },
        )
    }

    /// Returns a sample of a parameter as text; empty if the server would reject an invented value.
    pub(super) fn parameter(cx: &'a Cx<'a>, param: &'a Param) -> String {
        let ty = Described::new(cx, &param.ty);
        // Patterns also occur on numbers and times, where matching text may be an invalid value.
        let pattern =
            param.pattern.as_deref().filter(|_| matches!(ty.kind(), Kind::Scalar(Scalar::String)));
        if let Some(path) = pattern.and_then(|pattern| fitting(cx, pattern)) {
            return path;
        }
        let least = param.minimum.as_deref().filter(|least| *least != "0");
        let default = match ty.kind() {
            Kind::Scalar(scalar) => match scalar.form() {
                Form::Integer { quoted: false, .. } => param.default.as_deref().or(least),
                Form::Integer { quoted: true, .. } => least,
                _ => None,
            },
            _ => None,
        };
        match scalar(cx, ty, param.name.as_str(), default, &param.facts) {
            Some(Value::String(text)) => text,
            Some(other) => other.to_string(),
            None => String::new(),
        }
    }

    /// Finds the first object that is marked neither required nor optional among members that are:
    /// documents write the cases of a choice this way.
    fn is_choice(&self, object: &'a Object, field: &Field) -> bool {
        let usable = || object.fields.iter().filter(|field| self.is_usable(field));
        let is_case = |field: &Field| {
            field.behavior.is_plain() && matches!(self.cx.api.resolve(&field.ty), Type::Object(_))
        };
        // In this order, members that are no cases, or are later ones, cost little.
        is_case(field)
            && usable().find(|field| is_case(field)).is_some_and(|first| first.name == field.name)
            && usable().any(|field| field.behavior.required || field.behavior.optional)
    }

    /// Returns a mask for the sibling resource: its title, display name, or required members.
    fn mask(&self, object: &Object) -> String {
        let held = object.fields.iter().find_map(|field| match self.cx.api.resolve(&field.ty) {
            Type::Object(id) => Some(*id),
            _ => None,
        });
        let Some(id) = held else { return "name".to_owned() };
        let Shape::Object(object) = &self.cx.api[id].shape else { return "name".to_owned() };
        let part = Self::new(self.cx, Purpose::Part);
        let usable = part.usable(object);
        let named = |name: &str| usable.iter().find(|f| f.name.as_str() == name);
        let needed = || usable.iter().find(|f| part.is_needed(f));
        let field = named("title").or_else(|| named("displayName")).or_else(needed);
        field.or(usable.first()).map_or("name", |f| f.name.as_str()).to_owned()
    }
}

impl<'a> Sampler<'a, Described<'a>> for Examples<'a, '_> {
    fn inclusion(&self, object: Described<'a>, at: usize, depth: usize) -> Inclusion {
        let Some(object) = object.object() else { return Inclusion::Excluded };
        let Some(field) = object.fields.get(at) else { return Inclusion::Excluded };
        if !self.is_usable(field) {
            return Inclusion::Excluded;
        }
        let whole = self.purpose == Purpose::Model && depth == 1;
        if whole || self.is_needed(field) || self.is_choice(object, field) {
            Inclusion::Included
        } else {
            Inclusion::Spare
        }
    }

    fn leaf(&self, place: &Place<'a, Described<'a>>, walk: &mut Walk<'_, Self>) -> Option<Value> {
        if let Some(union) = place.ty.union() {
            return walk.within(place.ty, |walk| {
                let case = union.cases.first()?;
                let mut members = Map::new();
                members.insert(union.discriminant.0.clone(), json!(case.tag.as_str()));
                let inner = Place::root(Described::schema(self.cx, case.schema));
                if let Value::Object(more) = walk.value(&inner)? {
                    more.into_iter().for_each(|(name, value)| {
                        members.entry(name).or_insert(value);
                    });
                }
                Some(Value::Object(members))
            });
        }
        let member = place.member.and_then(|(object, at)| Some((object.object()?, at)));
        let Some((object, at)) = member else {
            return sample::scalar(place.ty, place.name, place.default);
        };
        if matches!(place.ty.kind(), Kind::Scalar(Scalar::FieldMask)) {
            return Some(json!(self.mask(object)));
        }
        scalar(self.cx, place.ty, place.name, place.default, &object.fields[at].facts)
    }
}

/// Returns a sample of a scalar type.
fn scalar(
    cx: &Cx<'_>,
    ty: Described<'_>,
    name: &str,
    default: Option<&str>,
    facts: &ValueFacts,
) -> Option<Value> {
    match ty.kind() {
        Kind::Scalar(Scalar::String) if default.is_none_or(str::is_empty) => {
            Some(json!(sample::text(name, || from_document(cx, name, facts))?))
        }
        Kind::Scalar(scalar) if matches!(scalar.form(), Form::Integer { quoted: false, .. }) => {
            sample::scalar(ty, name, facts.example.as_deref().or(default))
        }
        _ => sample::scalar(ty, name, default),
    }
}

/// Returns the document's own example.
fn from_document(cx: &Cx<'_>, name: &str, facts: &ValueFacts) -> Option<String> {
    let resource = || cx.api.examples.names.get(name).filter(|_| facts.is_name).cloned();
    let formed = || facts.format.as_deref().and_then(|format| fitting(cx, format));
    facts.example.clone().or_else(formed).or_else(resource)
}

/// Returns a resource name that matches a pattern.
fn fitting(cx: &Cx<'_>, pattern: &str) -> Option<String> {
    let id = |collection: &str| {
        let known = cx.api.examples.ids.get(collection);
        known.cloned().unwrap_or_else(|| sample::id(collection))
    };
    sample::path(pattern, id)
}
