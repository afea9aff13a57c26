//! `schema`: types and the request and response of methods.

use discovery_describe::names::kebab;
use discovery_runtime::reflect::{FieldInfo, MethodInfo, SchemaInfo, TypeInfo};
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::command::Arguments;
use crate::failure::Failure;
use crate::flags::JSON_SCHEMA;
use crate::help;
use crate::host::Host;
use crate::outline::{self, Spelling};
use crate::output::print;
use crate::schema::{self, Kind};
use crate::settings::Format;
use crate::suggest;
use crate::text;
use crate::tree;

use super::json_schema;

/// Runs `schema TYPE|METHOD`.
pub(super) fn run(
    app: &App,
    arguments: &Arguments,
    host: &mut Host<'_>,
    format: Option<Format>,
) -> Result<(), Failure> {
    let name = arguments.all("name").join(" ");
    let depth = arguments.one("depth").unwrap_or_default();
    let depth: usize = depth.parse().map_err(|_| {
        Failure::usage(format!("--depth {depth}: '{depth}' is not a whole number."))
    })?;
    let (found, method) = (type_named(app, &name), tree::search(app.api, &name));
    if arguments.one("format").as_deref() == Some(JSON_SCHEMA) {
        let schema = match (found, method) {
            (Some(found), _) => json_schema::of_type(found),
            (None, Some(method)) => json_schema::of_method(method),
            (None, None) => return Err(unknown(app, &name)),
        };
        return print(host, &format!("{schema:#}\n"));
    }
    let text = match (found, format, method) {
        (Some(found), Some(format), _) => machine(found, format),
        (Some(found), None, _) => type_text(found, depth),
        (None, _, Some(method)) => method_text(app, method, depth),
        (None, _, None) => return Err(unknown(app, &name)),
    };
    print(host, &text)
}

fn type_named(app: &App, name: &str) -> Option<&'static SchemaInfo> {
    let schemas = app.api.schemas;
    schemas.iter().find(|schema| schema.name == name).copied()
}

/// Failure for an unknown type or method.
pub(super) fn unknown(app: &App, name: &str) -> Failure {
    let types = app.api.schemas.iter().map(|schema| schema.name.to_owned());
    let methods = app
        .api
        .methods
        .iter()
        .flat_map(|method| [tree::words(method), method.spec.id.to_owned(), tail(method)]);
    let failure = Failure::usage(format!("there is no type or method '{name}'"));
    match suggest::closest(name, types.chain(methods)) {
        Some(other) => failure.note(format!("Did you mean '{other}' ?")),
        None => failure.note(format!("'{} methods' lists the methods", app.name)),
    }
}

fn tail(method: &MethodInfo) -> String {
    let words = tree::words(method);
    words.split_once(' ').map_or(words.clone(), |(_, tail)| tail.to_owned())
}

fn type_text(found: &'static SchemaInfo, depth: usize) -> String {
    let mut out = format!("{}\n", found.name);
    paragraph(found.description, &mut out);
    tree_text(TypeInfo::Object(found), depth, Spelling::Flag, &mut out);
    out
}

fn paragraph(text: &str, out: &mut String) {
    for line in text::wrap(text, 96) {
        out.push_str(&format!("  {line}\n"));
    }
}

fn method_text(app: &App, method: &MethodInfo, depth: usize) -> String {
    let mut out = format!("{} {}\n", app.name, tree::words(method));
    let parts = [
        ("request", method.request, Spelling::Flag),
        ("response", method.response, Spelling::Wire),
    ];
    for (title, ty, spelling) in parts {
        let Some(ty) = ty else { continue };
        out.push_str(&format!("\n{title}: {}\n", schema::label(ty)));
        tree_text(ty, depth, spelling, &mut out);
    }
    out
}

/// Formats the members of a type with their types, behavior, values, and descriptions.
pub(super) fn tree_text(ty: TypeInfo, depth: usize, spelling: Spelling, out: &mut String) {
    for line in outline::lines(ty, depth, spelling) {
        let pad = "  ".repeat(line.level + 1);
        let more = if line.closed { " …" } else { "" };
        out.push_str(&format!("{pad}{}: {}{more}\n", line.name, line.label));
        if let Some(field) = line.field {
            about(field, &pad, out);
        }
    }
    if let Kind::Scalar(scalar) = schema::kind(ty) {
        out.push_str(&format!("  {}\n", schema::scalar_label(scalar)));
    }
}

fn about(field: &FieldInfo, pad: &str, out: &mut String) {
    let description = text::summary(help::strip(field.description));
    let mut text = format!("{}{description}", help::badges(field, None));
    if let Some(info) = schema::enumeration(field.ty) {
        let names: Vec<&str> = info.values.iter().map(|value| value.name).collect();
        text.push_str(&format!(" [{}]", names.join(", ")));
    }
    for line in text::wrap(&text, 90) {
        out.push_str(&format!("{pad}    {line}\n"));
    }
}

/// Formats a type as JSON: names, types, and behavior of its members.
fn machine(found: &'static SchemaInfo, format: Format) -> String {
    let members: Map<String, Value> = match schema::kind(TypeInfo::Object(found)) {
        Kind::Object(fields, _) => {
            fields.iter().map(|field| (field.name.to_owned(), member(field))).collect()
        }
        _ => Map::new(),
    };
    let doc = json!({"name": found.name, "description": found.description, "fields": members});
    match format {
        Format::Yaml => crate::yaml::to_string(&doc),
        Format::Json => format!("{doc:#}\n"),
        _ => format!("{doc}\n"),
    }
}

fn member(field: &FieldInfo) -> Value {
    json!({
        "type": schema::label(field.ty),
        "flag": kebab(field.name),
        "required": field.required,
        "requiredBy": field.required_by,
        "outputOnly": field.output_only,
        "deprecated": field.deprecated,
        "description": field.description,
    })
}
