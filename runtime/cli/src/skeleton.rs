//! `--skeleton`: a request to fill in.

use std::ops::ControlFlow;

use discovery_describe::shell::quote;
use discovery_runtime::reflect::{FieldInfo, MethodInfo, TypeInfo};
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::body::{self, placeholder};
use crate::help;
use crate::schema::{self, Kind};
use crate::text;

/// Levels of a skeleton; deeper structures are left empty.
const DEPTH: usize = 6;

/// The request of a method as a form to fill in.
pub(crate) fn text(app: &App, method: &MethodInfo, form: &str) -> String {
    let Some(ty) = method.request else { return String::new() };
    match form {
        "json" => format!("{:#}\n", example(ty, None, &mut Vec::new())),
        "args" => args(app, method, ty),
        _ => yaml(app, method, ty),
    }
}

/// Whether a form should ask for a field.
fn asks(field: &FieldInfo) -> bool {
    !field.output_only && !field.deprecated
}

fn example(ty: TypeInfo, field: Option<&FieldInfo>, inside: &mut Vec<&'static str>) -> Value {
    let name = match ty {
        TypeInfo::Object(schema) => Some(schema.name),
        _ => None,
    };
    if name.is_some_and(|name| inside.contains(&name)) || inside.len() > DEPTH {
        return json!({});
    }
    inside.extend(name);
    let value = match schema::kind(ty) {
        Kind::Object(fields, _) => {
            let members: Map<String, Value> = fields
                .iter()
                .filter(|field| asks(field))
                .map(|field| (field.name.to_owned(), example(field.ty, Some(field), inside)))
                .collect();
            Value::Object(members)
        }
        Kind::List(of) => Value::Array(vec![example(of, field, inside)]),
        Kind::Map(of) => json!({"KEY": example(of, field, inside)}),
        Kind::Any => Value::Null,
        Kind::Scalar(ty) => scalar(ty, field),
    };
    if name.is_some() {
        inside.pop();
    }
    value
}

fn scalar(ty: TypeInfo, field: Option<&FieldInfo>) -> Value {
    let text = field.and_then(|field| field.default).map_or_else(|| placeholder(ty), str::to_owned);
    body::scalar(&text, ty).map_or(Value::Null, |typed| typed.value)
}

fn args(app: &App, method: &MethodInfo, ty: TypeInfo) -> String {
    let mut lines = vec![help::call_line(app, method)];
    let mut see = |leaf: &body::Leaf| {
        if leaf.field.is_none_or(asks) {
            let token = format!("{}={}", leaf.names.join("."), placeholder(leaf.ty));
            lines.push(format!("-r {}", quote(&token)));
        }
        ControlFlow::Continue(())
    };
    body::walk(ty, &mut see);
    lines.join(" \\\n  ") + "\n"
}

/// Width of a comment in the YAML form.
const COMMENT_WIDTH: usize = 96;

fn yaml(app: &App, method: &MethodInfo, ty: TypeInfo) -> String {
    let mut out = format!(
        "## {}: take the '# ' off what is to be sent, then give the file to\n## {} --json @FILE\n",
        schema::label(ty),
        help::call_line(app, method)
    );
    members(method, ty, 0, &mut Vec::new(), &mut out);
    out
}

fn members(
    method: &MethodInfo,
    ty: TypeInfo,
    level: usize,
    inside: &mut Vec<&'static str>,
    out: &mut String,
) {
    let Kind::Object(fields, _) = schema::kind(ty) else { return };
    let name = match ty {
        TypeInfo::Object(schema) => schema.name,
        _ => "",
    };
    if inside.contains(&name) || inside.len() > DEPTH {
        return;
    }
    inside.push(name);
    for field in fields.iter().filter(|field| asks(field)) {
        comment(method, field, level, out);
        entry(method, field, level, inside, out);
    }
    inside.pop();
}

fn comment(method: &MethodInfo, field: &FieldInfo, level: usize, out: &mut String) {
    let about = format!("{}{}", help::badges(field, Some(method)), help::strip(field.description));
    let mut facts = schema::label(field.ty);
    if let Some(info) = schema::enumeration(field.ty) {
        let names: Vec<&str> = info.values.iter().map(|value| value.name).collect();
        facts = text::cut(&names.join(" | "), 300);
    }
    let pad = "  ".repeat(level);
    for line in text::wrap(&format!("{about} ({facts})"), COMMENT_WIDTH.saturating_sub(2 * level)) {
        out.push_str(&format!("# {pad}# {line}\n"));
    }
}

fn entry(
    method: &MethodInfo,
    field: &FieldInfo,
    level: usize,
    inside: &mut Vec<&'static str>,
    out: &mut String,
) {
    let pad = "  ".repeat(level);
    let name = crate::yaml::plain_key(field.name);
    match schema::kind(field.ty) {
        Kind::Object(..) => {
            out.push_str(&format!("# {pad}{name}:\n"));
            members(method, field.ty, level + 1, inside, out);
        }
        _ => {
            let example = example(field.ty, Some(field), &mut inside.clone());
            // On one line, since a line without its `# ` would be sent.
            out.push_str(&format!("# {pad}{name}: {}\n", crate::yaml::inline(&example)));
        }
    }
}
