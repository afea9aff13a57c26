//! Sample values of types: valid, always the same, small.

use super::phrases::Resources;
use crate::ir::{Api, EnumId, Field, Object, Param, SchemaId, Shape, Type};
use serde_json::{Map, Number, Value, json};

/// What a sample is for: it decides which members it has. Requests name their method, because a
/// member may be required by some methods only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose<'a> {
    /// The page of a model: everything that the schema knows.
    Model,
    /// A request that makes something new.
    Create(&'a str),
    /// A request that changes something.
    Update(&'a str),
    /// Any other request.
    Request(&'a str),
    /// Something of a request, whatever the method.
    Part,
}

impl<'a> Purpose<'a> {
    /// The id of the method that is sent the request.
    pub(super) fn method(self) -> Option<&'a str> {
        match self {
            Self::Create(method) | Self::Update(method) | Self::Request(method) => Some(method),
            Self::Model | Self::Part => None,
        }
    }
}

/// Makes samples for one API.
pub(super) struct Samples<'a> {
    api: &'a Api,
    resources: Resources,
}

impl<'a> Samples<'a> {
    pub(super) fn new(api: &'a Api) -> Self {
        Self { api, resources: Resources::of(api) }
    }

    /// The members that a sample for `purpose` may set, in order.
    pub(super) fn usable(&self, object: &'a Object, purpose: Purpose<'_>) -> Vec<&'a Field> {
        let rivals = rivals(object);
        let usable = |(at, field): (usize, &'a Field)| {
            let server = field.is_output_only() || field.name.as_str() == "kind";
            let assigned = matches!(purpose, Purpose::Create(_)) && is_assigned(&field.doc.0);
            let skipped = field.is_deprecated()
                || field.doc.0.contains("This field is deprecated")
                || rivals.contains(&at)
                || (purpose != Purpose::Model && (server || assigned));
            (!skipped).then_some(field)
        };
        object.fields.iter().enumerate().filter_map(usable).collect()
    }

    /// A value for the page of a model: every member, of those inside what is required.
    pub(super) fn model(&self, id: SchemaId) -> Value {
        let Shape::Object(object) = &self.api[id].shape else {
            return self.object(id, Purpose::Model, &mut Vec::new()).unwrap_or_else(|| json!({}));
        };
        let mut members = Map::new();
        for field in self.usable(object, Purpose::Model) {
            if let Some(value) = self.member(object, field, Purpose::Model, &mut vec![id]) {
                members.insert(field.name.0.clone(), value);
            }
        }
        Value::Object(members)
    }

    /// A request with what is required, and a little more where nothing is.
    pub(super) fn request(&self, ty: &Type, purpose: Purpose<'_>) -> Value {
        self.value(ty, "", "", purpose, &mut Vec::new()).unwrap_or_else(|| json!({}))
    }

    /// A value of a member; `None` where it would be refused or never end.
    pub(super) fn member(
        &self,
        object: &Object,
        field: &Field,
        purpose: Purpose<'_>,
        inside: &mut Vec<SchemaId>,
    ) -> Option<Value> {
        if self.api.resolve(&field.ty) == &Type::FieldMask {
            return Some(json!(self.mask(object)));
        }
        if let (Some(default), Type::String) = (&field.default, self.api.resolve(&field.ty)) {
            return Some(json!(default));
        }
        self.value(&field.ty, field.name.as_str(), &field.doc.0, purpose, inside)
    }

    fn value(
        &self,
        ty: &Type,
        name: &str,
        doc: &str,
        purpose: Purpose<'_>,
        inside: &mut Vec<SchemaId>,
    ) -> Option<Value> {
        match self.api.resolve(ty) {
            Type::Object(id) => self.object(*id, purpose, inside),
            Type::List(of) => Some(json!([self.value(of, name, doc, purpose, inside)?])),
            Type::Map(of) => Some(json!({ "key": self.value(of, "value", "", purpose, inside)? })),
            other => self.scalar(other, name, doc),
        }
    }

    fn object(
        &self,
        id: SchemaId,
        purpose: Purpose<'_>,
        inside: &mut Vec<SchemaId>,
    ) -> Option<Value> {
        if inside.contains(&id) || inside.len() > 8 {
            return None;
        }
        inside.push(id);
        let value = match &self.api[id].shape {
            Shape::Object(object) => self.required(object, purpose, inside),
            Shape::Alias(ty) => self.value(ty, "", "", purpose, inside),
            Shape::Union(union) => union.cases.first().and_then(|case| {
                let mut members = Map::new();
                members.insert(union.discriminant.0.clone(), json!(case.tag.as_str()));
                if let Value::Object(more) = self.object(case.schema, purpose, inside)? {
                    more.into_iter().for_each(|(k, v)| {
                        members.entry(k).or_insert(v);
                    });
                }
                Some(Value::Object(members))
            }),
        };
        inside.pop();
        value
    }

    /// What is required of an object, or else its first member.
    fn required(
        &self,
        object: &Object,
        purpose: Purpose<'_>,
        inside: &mut Vec<SchemaId>,
    ) -> Option<Value> {
        let usable = self.usable(object, purpose);
        let mut members = Map::new();
        let choice = self.choice(&usable);
        for field in &usable {
            let wanted = is_needed(field, purpose) || Some(&field.name) == choice;
            let value = wanted.then(|| self.member(object, field, purpose, inside));
            if let Some(value) = value.flatten() {
                members.insert(field.name.0.clone(), value);
            }
        }
        if members.is_empty() {
            let first = usable.iter().find_map(|field| {
                let value = self.member(object, field, purpose, inside)?;
                Some((field.name.0.clone(), value))
            });
            members.extend(first);
        }
        Some(Value::Object(members))
    }

    /// The first object that is neither required nor optional beside members that are one or the
    /// other: so documents write the cases of a choice.
    fn choice(&self, usable: &[&'a Field]) -> Option<&'a crate::ir::WireName> {
        let said = |f: &&&Field| f.behavior.required || f.behavior.optional;
        usable.iter().find(said)?;
        let object = |f: &&&Field| matches!(self.api.resolve(&f.ty), Type::Object(_));
        usable.iter().filter(object).find(|f| f.behavior.is_plain()).map(|f| &f.name)
    }

    /// A value of a type that is no container.
    fn scalar(&self, ty: &Type, name: &str, doc: &str) -> Option<Value> {
        let zero = doc.contains("must be set to 0");
        Some(match ty {
            Type::Bool => json!(true),
            Type::Int32 | Type::UInt32 => json!(if zero { 0 } else { count(name) }),
            Type::Int64 | Type::UInt64 => json!(count(name).to_string()),
            Type::Float | Type::Double => Value::Number(fraction(name)),
            Type::String => json!(self.resources.text(name, doc)?),
            Type::Bytes => json!("c2FtcGxl"),
            Type::Timestamp | Type::DateTime => {
                json!(if is_end(name) { LATER } else { "2026-01-15T10:00:00Z" })
            }
            Type::Date => json!(if is_end(name) { "2026-02-15" } else { "2026-01-15" }),
            Type::Duration => json!("600s"),
            Type::FieldMask => json!("name"),
            Type::Any => json!("value"),
            Type::Enum(id) => json!(self.enumeration(*id)?),
            Type::Object(_) | Type::List(_) | Type::Map(_) => return None,
        })
    }

    /// The first value that says something.
    pub(super) fn enumeration(&self, id: EnumId) -> Option<&'a str> {
        let says = |name: &str| !name.ends_with("UNSPECIFIED") && !name.ends_with("UNKNOWN");
        let values = &self.api[id].values;
        let told = values.iter().find(|v| says(v.name.as_str()) && !v.deprecated);
        told.or(values.iter().find(|v| !v.deprecated)).map(|v| v.name.as_str())
    }

    /// A mask for what stands beside it: its title or display name, or what it must have.
    fn mask(&self, object: &Object) -> String {
        let held = object.fields.iter().find_map(|field| match self.api.resolve(&field.ty) {
            Type::Object(id) => Some(*id),
            _ => None,
        });
        held.map_or_else(|| "name".to_owned(), |id| self.mask_of(id))
    }

    /// A mask of one member of a schema.
    pub(super) fn mask_of(&self, id: SchemaId) -> String {
        let Shape::Object(object) = &self.api[id].shape else { return "name".to_owned() };
        let usable = self.usable(object, Purpose::Part);
        let named = |name: &str| usable.iter().find(|f| f.name.as_str() == name);
        let needed = || usable.iter().find(|f| is_needed(f, Purpose::Part));
        let field = named("title").or_else(|| named("displayName")).or_else(needed);
        field.or(usable.first()).map_or("name", |f| f.name.as_str()).to_owned()
    }

    /// A value of a parameter, as text.
    pub(super) fn parameter(&self, param: &Param) -> String {
        if let Some(fit) = param.pattern.as_deref().and_then(|p| self.resources.fit(p)) {
            return fit;
        }
        let least = param.minimum.clone().filter(|m| m != "0");
        if let (Some(default), Type::Int32 | Type::UInt32) = (&param.default, &param.ty) {
            return default.clone();
        }
        match &param.ty {
            Type::Int32 | Type::UInt32 | Type::Int64 | Type::UInt64 if least.is_some() => {
                least.unwrap_or_default()
            }
            ty => match self.scalar(ty, param.name.as_str(), &param.doc.0) {
                Some(Value::String(text)) => text,
                Some(other) => other.to_string(),
                None => String::new(),
            },
        }
    }
}

/// Whether a request must have a member.
pub(super) fn is_needed(field: &Field, purpose: Purpose<'_>) -> bool {
    let doc = field.doc.0.as_str();
    let update = matches!(purpose, Purpose::Update(_))
        && (doc.starts_with("Required during") || field.ty == Type::FieldMask);
    let chosen = one_of(doc).is_some_and(|names| names.contains(" must be "));
    let by_method = purpose.method().is_some_and(|method| field.is_required_by(method));
    field.behavior.required || by_method || update || chosen
}

/// The end of a period of which the start is in the middle of January.
const LATER: &str = "2026-02-15T10:00:00Z";

fn is_end(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.contains("end") || lower.contains("expir") || lower.contains("until")
}

/// Whether the server makes the value when the thing is created.
pub(super) fn is_assigned(doc: &str) -> bool {
    doc.contains("generated by the service") || doc.starts_with("Required during")
}

/// Of members of which a text says that only one may be set, all but the first.
fn rivals(object: &Object) -> Vec<usize> {
    let mut out = Vec::new();
    for field in &object.fields {
        let Some(names) = one_of(&field.doc.0) else { continue };
        let named = |f: &Field| names.split([' ', ',', '`', '.']).any(|w| same(w, f.name.as_str()));
        let group: Vec<usize> =
            (0..object.fields.len()).filter(|at| named(&object.fields[*at])).collect();
        if group.len() > 1 {
            out.extend(&group[1..]);
        }
    }
    out
}

/// The end of the sentence behind "exactly one of" and its like.
pub(super) fn one_of(doc: &str) -> Option<&str> {
    ["xactly one of ", "nly one of ", "t most one of "].iter().find_map(|words| {
        let at = doc.find(words)? + words.len();
        Some(doc[at..].split(". ").next().unwrap_or_default())
    })
}

/// `string_values` is `stringValues`.
fn same(word: &str, name: &str) -> bool {
    let plain = |text: &str| text.replace('_', "").to_ascii_lowercase();
    !word.is_empty() && plain(word) == plain(name)
}

fn count(name: &str) -> i64 {
    match name {
        "year" => 2026,
        "day" => 15,
        "hours" => 9,
        "minutes" => 30,
        "seconds" | "nanos" | "offset" => 0,
        "pageSize" | "maxResults" | "limit" => 10,
        _ => 1,
    }
}

fn fraction(name: &str) -> Number {
    let value = match name {
        "latitude" => 37.422,
        "longitude" => -122.084,
        _ => 1.5,
    };
    Number::from_f64(value).unwrap_or_else(|| Number::from(1))
}
