//! Checks JSON values from `--json`, `:=`, and `--edit` against their types.

use discovery_describe::names;
use discovery_json::{Form, Scalar};
use discovery_runtime::reflect::{FieldInfo, TypeInfo};
use serde_json::{Map, Value};

use super::lint;
use super::value::{self, number_text};
use crate::issue::{Issue, Issues};
use crate::schema::{self, Kind, scalar_label};
use crate::suggest;

/// Strictness of the check.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rules {
    /// Whether members unknown to the schema are sent.
    pub(crate) allow_unknown: bool,
    /// Whether the value was YAML, where a plain `123` may be a string.
    pub(crate) yaml: bool,
}

/// Checks `value` against `ty`. Converts names to wire names and YAML scalars to their declared
/// types. `path` locates the value in messages.
pub(crate) fn value(value: &mut Value, ty: TypeInfo, path: &str, rules: Rules) -> Issues {
    let mut checker = Checker { rules, issues: Issues::default() };
    checker.value(value, ty, path);
    checker.issues
}

struct Checker {
    rules: Rules,
    issues: Issues,
}

impl Checker {
    fn value(&mut self, value: &mut Value, ty: TypeInfo, path: &str) {
        if value.is_null() {
            return;
        }
        match (schema::kind(ty), value) {
            (Kind::Any, _) => {}
            (Kind::Object(fields, additional), Value::Object(members)) => {
                self.members(members, fields, additional, path);
            }
            (Kind::Map(of), Value::Object(members)) => {
                for (key, member) in members {
                    self.value(member, of, &join(path, key));
                }
            }
            (Kind::List(of), Value::Array(elements)) => {
                for (i, element) in elements.iter_mut().enumerate() {
                    self.value(element, of, &format!("{path}[{i}]"));
                }
            }
            (Kind::Scalar(ty), value) => self.scalar(value, ty, path),
            (_, value) => self.wrong(path, &expected(ty), value),
        }
    }

    fn members(
        &mut self,
        members: &mut Map<String, Value>,
        fields: &'static [FieldInfo],
        additional: Option<TypeInfo>,
        path: &str,
    ) {
        let given = std::mem::take(members);
        for (key, mut member) in given {
            let at = join(path, &key);
            let (name, ty) = match (schema::field(fields, &key), additional) {
                (Some(field), _) => (field.name.to_owned(), field.ty),
                (None, Some(ty)) => (key, ty),
                (None, None) => {
                    self.unknown(&at, &key, fields);
                    members.insert(key, member);
                    continue;
                }
            };
            self.value(&mut member, ty, &at);
            if members.insert(name, member).is_some() {
                self.issues.push(Issue::error(format!("Value at '{at}' was already set.")));
            }
        }
    }

    fn unknown(&mut self, at: &str, key: &str, fields: &[FieldInfo]) {
        if self.rules.allow_unknown {
            return;
        }
        let kebab = names::kebab(key);
        let instead = fields
            .iter()
            .find(|field| names::kebab(field.name) == kebab)
            .map(|field| field.name)
            .or_else(|| suggest::closest(key, fields.iter().map(|field| field.name)));
        let message = format!("Field '{at}' does not exist (--allow-unknown sends it).");
        self.issues.push(Issue::error(message).instead(instead));
    }

    fn scalar(&mut self, value: &mut Value, ty: TypeInfo, path: &str) {
        if self.rules.yaml {
            yaml_scalar(value, ty);
        }
        let fits = match (ty.scalar().map(Scalar::form), &*value) {
            (Some(Form::Bool), value) => value.is_boolean(),
            (Some(Form::Float { .. }), Value::Number(_)) => true,
            (Some(Form::Float { .. }), Value::String(text)) => {
                matches!(text.as_str(), "NaN" | "Infinity" | "-Infinity")
                    || value::scalar(text, ty).is_ok()
            }
            (Some(Form::Integer { .. }), Value::Number(number)) => {
                return self.integer(&number.to_string(), ty, path, value);
            }
            (Some(Form::Integer { .. }), Value::String(text)) => {
                return self.integer(&text.clone(), ty, path, value);
            }
            (Some(Form::Float { .. } | Form::Integer { .. }), _) => false,
            (Some(Form::Text | Form::Parsed(_)) | None, Value::String(text)) => {
                return self.lint(text, ty, path);
            }
            (Some(Form::Text | Form::Parsed(_)) | None, _) => false,
        };
        if !fits {
            self.wrong(path, scalar_label(ty), value);
        }
    }

    fn integer(&mut self, text: &str, ty: TypeInfo, path: &str, value: &Value) {
        let whole = text.parse::<f64>().is_ok_and(|number| number.fract() == 0.0);
        let in_range = match value::scalar(text, ty) {
            Ok(_) => true,
            // `1e3` and `5.0` are whole numbers in JSON too.
            Err(error) => whole && error.instead.is_some(),
        };
        if !in_range {
            self.wrong(path, scalar_label(ty), value);
        }
    }

    fn lint(&mut self, text: &str, ty: TypeInfo, path: &str) {
        if let Some(lint) = lint::check(text, ty) {
            let message = format!("Field '{path}': {}.", lint.message);
            let issue = if lint.rejected { Issue::error } else { Issue::warning };
            self.issues.push(issue(message).instead(lint.instead));
        }
    }

    fn wrong(&mut self, path: &str, wanted: &str, value: &Value) {
        let at = if path.is_empty() { "The request".to_owned() } else { format!("Field '{path}'") };
        let message = format!("{at} takes {wanted}, not {}.", describe(value));
        self.issues.push(Issue::error(message));
    }
}

/// Whether the type's values are text: those of an enumeration are, too.
fn is_text(ty: TypeInfo) -> bool {
    ty.scalar().is_none_or(Scalar::is_text)
}

/// YAML infers scalar types from their spelling; the schema overrides that.
fn yaml_scalar(value: &mut Value, ty: TypeInfo) {
    match value {
        Value::Number(number) if is_text(ty) => *value = Value::String(number.to_string()),
        Value::Bool(flag) if is_text(ty) => *value = Value::String(flag.to_string()),
        Value::String(text) if is_float(ty) => {
            *value = number_text(text);
        }
        _ => {}
    }
}

fn is_float(ty: TypeInfo) -> bool {
    matches!(ty.scalar().map(Scalar::form), Some(Form::Float { .. }))
}

fn expected(ty: TypeInfo) -> String {
    match schema::kind(ty) {
        Kind::List(of) => format!("a list of {}", schema::label(of)),
        Kind::Object(..) | Kind::Map(_) => format!("an object ({})", schema::label(ty)),
        Kind::Scalar(_) | Kind::Any => schema::label(ty),
    }
}

/// Maximum length of a value quoted in a message, in characters.
const MAX_QUOTED: usize = 40;

fn describe(value: &Value) -> String {
    let kind = match value {
        Value::Null => return "null".to_owned(),
        Value::Array(_) => return "a list".to_owned(),
        Value::Object(_) => return "an object".to_owned(),
        Value::Bool(_) => "the boolean",
        Value::Number(_) => "the number",
        Value::String(_) => "the string",
    };
    let text = value.to_string();
    match text.char_indices().nth(MAX_QUOTED) {
        Some((end, _)) => format!("{kind} {}…", &text[..end]),
        None => format!("{kind} {text}"),
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
