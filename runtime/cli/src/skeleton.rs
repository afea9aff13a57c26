//! `--skeleton`: prints a request to fill in.

use discovery_describe::sample::{self, Inclusion, Place, Sampler, Walk};
use discovery_describe::shell::quote;
use discovery_describe::tokens::tokens;
use discovery_runtime::reflect::{FieldInfo, MethodInfo, TypeInfo};
use serde_json::{Value, json};

use crate::app::App;
use crate::body::{self, ANY_KEY};
use crate::help;
use crate::schema::{self, Kind};
use crate::text;

/// Maximum depth of a skeleton; deeper structures are empty.
const DEPTH: usize = 6;

/// Returns the request of a method as a form to fill in.
pub(crate) fn text(app: &App, method: &MethodInfo, form: &str) -> String {
    let Some(ty) = method.request else { return String::new() };
    match form {
        "json" => format!("{:#}\n", example(&Place::root(ty))),
        "args" => args(app, method, ty),
        _ => yaml(app, method, ty),
    }
}

/// Returns `true` if a form includes a field.
fn includes(field: &FieldInfo) -> bool {
    !field.output_only && !field.deprecated
}

/// A form includes every member that a caller may set.
struct Form;

impl Sampler<'static, TypeInfo> for Form {
    fn inclusion(&self, object: TypeInfo, at: usize, depth: usize) -> Inclusion {
        let Kind::Object(fields, _) = schema::kind(object) else { return Inclusion::Excluded };
        let asked = fields.get(at).is_some_and(includes) && depth <= DEPTH;
        if asked { Inclusion::Included } else { Inclusion::Excluded }
    }

    fn key(&self) -> &'static str {
        ANY_KEY
    }

    fn leaf(&self, place: &Place<'static, TypeInfo>, _: &mut Walk<'_, Self>) -> Option<Value> {
        Some(body::placeholder_at(place.ty, place.name, place.default))
    }
}

/// Returns the form of a request or a member.
fn example(place: &Place<'static, TypeInfo>) -> Value {
    sample::value(&Form, place).unwrap_or_else(|| json!({}))
}

fn args(app: &App, method: &MethodInfo, ty: TypeInfo) -> String {
    let mut lines = vec![help::call_line(app, method)];
    let tokens = tokens("", &example(&Place::root(ty)), ty);
    lines.extend(tokens.iter().map(|token| format!("-r {}", quote(&token.text))));
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
    for field in fields.iter().filter(|field| includes(field)) {
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
            let (name, default) = (field.name, field.default);
            let example = example(&Place { name, default, ..Place::root(field.ty) });
            // On one line, since a line without `# ` would be sent.
            out.push_str(&format!("# {pad}{name}: {}\n", crate::yaml::inline(&example)));
        }
    }
}
