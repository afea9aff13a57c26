//! `schema --format json-schema`: types and methods as JSON Schema, draft 2020-12.
//!
//! Enumerations stay open, as everywhere; `required` lists what requests need.

use std::collections::BTreeMap;

use discovery_json::{Form, Scalar};
use discovery_runtime::reflect::{FieldInfo, MethodInfo, ParamInfo, SchemaInfo, Shape, TypeInfo};
use serde_json::{Map, Value, json};

/// The dialect.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Returns the schema of a type.
pub(super) fn of_type(found: &'static SchemaInfo) -> Value {
    let mut definitions = Definitions::default();
    let mut schema = definitions.schema(TypeInfo::Object(found));
    put(&mut schema, "$schema", json!(DIALECT));
    put(&mut schema, "title", json!(found.name));
    definitions.add_to(schema)
}

/// Returns the schema of a method: an object with its `parameters`, `request`, and `response`.
pub(super) fn of_method(method: &'static MethodInfo) -> Value {
    let mut definitions = Definitions::default();
    let mut parts = Map::new();
    parts.insert("parameters".to_owned(), definitions.parameters(method.params));
    for (name, ty) in [("request", method.request), ("response", method.response)] {
        if let Some(ty) = ty {
            parts.insert(name.to_owned(), definitions.schema(ty));
        }
    }
    definitions.add_to(json!({
        "$schema": DIALECT,
        "title": method.spec.id,
        "description": method.description,
        "type": "object",
        "properties": parts,
    }))
}

/// Definitions under `$defs`.
#[derive(Default)]
struct Definitions {
    done: BTreeMap<&'static str, Value>,
    /// Types that are referred to and not yet defined.
    open: Vec<&'static SchemaInfo>,
}

impl Definitions {
    /// Defines all types, and adds the definitions to a schema that refers to them.
    fn add_to(mut self, mut schema: Value) -> Value {
        while let Some(next) = self.open.pop() {
            if !self.done.contains_key(next.name) {
                // The entry comes first: a type may contain itself.
                self.done.insert(next.name, Value::Null);
                let definition = self.definition(next);
                self.done.insert(next.name, definition);
            }
        }
        if !self.done.is_empty() {
            put(&mut schema, "$defs", json!(self.done));
        }
        schema
    }

    fn definition(&mut self, info: &'static SchemaInfo) -> Value {
        let mut schema = match info.shape {
            Shape::Alias(of) => self.schema(of),
            Shape::Object { fields, additional } => {
                let members: Map<String, Value> =
                    fields.iter().map(|f| (f.name.to_owned(), self.field(f))).collect();
                let required = fields.iter().filter(|field| field.required);
                let required: Vec<&str> = required.map(|field| field.name).collect();
                let mut schema = json!({"type": "object", "properties": members});
                if !required.is_empty() {
                    put(&mut schema, "required", json!(required));
                }
                if let Some(of) = additional {
                    put(&mut schema, "additionalProperties", self.schema(of));
                }
                schema
            }
        };
        annotate(&mut schema, info.description, info.deprecated);
        schema
    }

    fn field(&mut self, field: &'static FieldInfo) -> Value {
        let mut schema = self.schema(field.ty);
        annotate(&mut schema, field.description, field.deprecated);
        if field.output_only {
            put(&mut schema, "readOnly", json!(true));
        }
        if let Some(default) = field.default {
            put(&mut schema, "default", default_value(field.ty, default));
        }
        schema
    }

    fn parameters(&mut self, params: &'static [ParamInfo]) -> Value {
        let members: Map<String, Value> =
            params.iter().map(|param| (param.name.to_owned(), self.parameter(param))).collect();
        let required: Vec<&str> =
            params.iter().filter(|param| param.required).map(|param| param.name).collect();
        json!({
            "type": "object",
            "properties": members,
            "required": required,
            "additionalProperties": false,
        })
    }

    fn parameter(&mut self, param: &'static ParamInfo) -> Value {
        let mut schema = self.schema(param.ty);
        if let Some(pattern) = param.pattern {
            put(&mut schema, "pattern", json!(pattern));
        }
        if param.repeated {
            schema = json!({"type": "array", "items": schema});
        }
        annotate(&mut schema, param.description, param.deprecated);
        if let Some(default) = param.default.filter(|_| !param.repeated) {
            put(&mut schema, "default", default_value(param.ty, default));
        }
        schema
    }

    fn schema(&mut self, ty: TypeInfo) -> Value {
        match ty {
            TypeInfo::Any => json!({}),
            TypeInfo::Enum(info) => {
                let values: Vec<&str> = info.values.iter().map(|value| value.name).collect();
                json!({"anyOf": [{"enum": values}, {"type": "string"}]})
            }
            TypeInfo::Object(info) => {
                self.open.push(info);
                json!({"$ref": format!("#/$defs/{}", fragment(info.name))})
            }
            TypeInfo::List(of) => json!({"type": "array", "items": self.schema(*of)}),
            TypeInfo::Map(of) => {
                json!({"type": "object", "additionalProperties": self.schema(*of)})
            }
            other => other.scalar().map_or_else(|| json!({"type": "string"}), scalar),
        }
    }
}

fn scalar(scalar: Scalar) -> Value {
    let info = scalar.info();
    match info.form {
        Form::Bool => json!({"type": "boolean"}),
        Form::Integer { least, quoted: true, .. } => {
            let sign = if least < 0 { "-?" } else { "" };
            json!({"type": "string", "pattern": format!("^{sign}[0-9]+$")})
        }
        // 32 bits at most: an `i64` holds both.
        Form::Integer { least, most, quoted: false } => json!({
            "type": "integer",
            "minimum": i64::try_from(least).unwrap_or(i64::MIN),
            "maximum": i64::try_from(most).unwrap_or(i64::MAX),
        }),
        Form::Float { .. } => {
            json!({"anyOf": [{"type": "number"}, {"enum": ["NaN", "Infinity", "-Infinity"]}]})
        }
        Form::Text => json!({"type": "string"}),
        Form::Parsed(parsed) => match scalar {
            Scalar::Bytes => json!({"type": "string", "contentEncoding": "base64"}),
            Scalar::Timestamp => json!({"type": "string", "format": "date-time"}),
            Scalar::Date => json!({"type": "string", "format": "date"}),
            _ => json!({"type": "string", "examples": [parsed.samples[0]]}),
        },
    }
}

fn annotate(schema: &mut Value, description: &str, deprecated: bool) {
    if !description.is_empty() {
        put(schema, "description", json!(description));
    }
    if deprecated {
        put(schema, "deprecated", json!(true));
    }
}

/// The server's default as JSON; documents have it as text.
fn default_value(ty: TypeInfo, text: &str) -> Value {
    let unquoted = ty.scalar().is_some_and(|scalar| {
        matches!(
            scalar.info().form,
            Form::Bool | Form::Float { .. } | Form::Integer { quoted: false, .. }
        )
    });
    let parsed = serde_json::from_str(text).ok().filter(|_| unquoted);
    parsed.unwrap_or_else(|| json!(text))
}

/// Escapes a name for the fragment of a reference.
fn fragment(name: &str) -> String {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let escape = |byte: u8| match byte {
        b'~' => "~0".to_owned(),
        b'/' => "~1".to_owned(),
        byte if safe(byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    name.bytes().map(escape).collect()
}

fn put(schema: &mut Value, name: &str, value: Value) {
    if let Value::Object(members) = schema {
        members.insert(name.to_owned(), value);
    }
}
