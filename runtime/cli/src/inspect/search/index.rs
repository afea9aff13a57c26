//! What can be found: each entry's names and description.

use discovery_describe::names::kebab;
use discovery_runtime::reflect::{ApiInfo, FieldInfo, MethodInfo, ParamInfo, Shape, TypeInfo};

use crate::params::flag_name;
use crate::schema;
use crate::tree;

/// Kind of an entry; in a tie, the first is the better result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Method,
    Type,
    Field,
    Parameter,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::Type => "type",
            Self::Field => "field",
            Self::Parameter => "parameter",
        }
    }
}

/// Something with a name and a description.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    /// A method's command, a parameter's flag, a type, or a field's wire name.
    pub(super) name: String,
    /// The type of a field.
    pub(super) inside: String,
    /// Commands of the methods that have a parameter.
    pub(super) methods: Vec<String>,
    pub(super) description: &'static str,
    /// Values of an enumeration.
    pub(super) values: Vec<&'static str>,
}

impl Entry {
    /// The name with its place.
    pub(super) fn shown(&self) -> String {
        match (self.kind, self.methods.as_slice()) {
            (Kind::Field, _) => format!("{}.{}", self.inside, self.name),
            (Kind::Parameter, [one]) => format!("--{} of {one}", self.name),
            (Kind::Parameter, [first, rest @ ..]) => {
                format!("--{} of {first} and {} more", self.name, rest.len())
            }
            _ => self.name.clone(),
        }
    }
}

/// Returns every method, parameter, type, and field of an API. Equal parameters of several methods
/// are one entry.
pub(super) fn entries(api: &'static ApiInfo) -> Vec<Entry> {
    let mut out: Vec<Entry> = api.methods.iter().map(|method| of_method(method)).collect();
    for schema in api.schemas {
        out.push(Entry { description: schema.description, ..named(Kind::Type, schema.name) });
        if let Shape::Object { fields, .. } = schema.shape {
            out.extend(fields.iter().map(|field| of_field(schema.name, field)));
        }
    }
    let mut params: Vec<Entry> = Vec::new();
    for method in api.methods {
        for param in method.params {
            add_param(&mut params, tree::words(method), param);
        }
    }
    out.extend(params);
    out
}

fn named(kind: Kind, name: impl Into<String>) -> Entry {
    Entry {
        kind,
        name: name.into(),
        inside: String::new(),
        methods: Vec::new(),
        description: "",
        values: Vec::new(),
    }
}

fn of_method(method: &'static MethodInfo) -> Entry {
    Entry { description: method.description, ..named(Kind::Method, tree::words(method)) }
}

fn of_field(inside: &str, field: &'static FieldInfo) -> Entry {
    Entry {
        inside: inside.to_owned(),
        description: field.description,
        values: values(field.ty),
        ..named(Kind::Field, field.name)
    }
}

fn add_param(out: &mut Vec<Entry>, method: String, param: &'static ParamInfo) {
    let name = if param.required { kebab(param.name) } else { flag_name(param) };
    let same = |entry: &&mut Entry| entry.name == name && entry.description == param.description;
    match out.iter_mut().find(same) {
        Some(entry) => entry.methods.push(method),
        None => out.push(Entry {
            methods: vec![method],
            description: param.description,
            values: values(param.ty),
            ..named(Kind::Parameter, name)
        }),
    }
}

fn values(ty: TypeInfo) -> Vec<&'static str> {
    let values = schema::enumeration(ty).map_or(&[][..], |info| info.values);
    values.iter().map(|value| value.name).collect()
}
