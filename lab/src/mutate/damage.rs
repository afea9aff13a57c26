//! Random damage to documents: removed, retyped, and renamed members.

use discovery_json::Scalar;
use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Text that has broken generators before.
const HOSTILE: &[&str] = &[
    "",
    "..",
    "../../x",
    "a/b",
    "\"",
    "*/ fn main() {}",
    "\n}\n",
    "r#self",
    "{{x}}",
    "`",
    "\u{202e}",
    "Self",
    "self",
    "$ref",
    "string",
    "object",
    "int64",
    "byte",
    "{+x}",
    "v1/{a}/{a}",
    "#![allow]",
];

/// Names that are also used by generated code or its runtime.
const TAKEN: &[&str] = &[
    "Call",
    "Client",
    "Endpoint",
    "Error",
    "Method",
    "NAME",
    "None",
    "Option",
    "Result",
    "SERVICE",
    "String",
    "UnknownValue",
    "VALUES",
    "Vec",
    "_",
    "additionalProperties",
    "alloc",
    "aux",
    "batch",
    "blocking",
    "bool",
    "builder",
    "client",
    "clone",
    "core",
    "crate",
    "default",
    "download",
    "extra",
    "f64",
    "fields",
    "fmt",
    "intoFuture",
    "intoUntyped",
    "items",
    "json",
    "key",
    "main",
    "mod",
    "models",
    "name",
    "new",
    "next",
    "nextPageToken",
    "null",
    "nullField",
    "pageToken",
    "pages",
    "reflect",
    "request",
    "resources",
    "response",
    "rt",
    "runtime",
    "scopes",
    "self",
    "send",
    "serde",
    "set_name",
    "std",
    "str",
    "super",
    "type",
    "upload",
    "value",
    "values",
    "withQuery",
];

/// Types and formats, in valid and invalid combinations.
const TYPES: &[&str] = &["any", "array", "boolean", "integer", "number", "object", "string"];
/// The formats of the table, and one that nobody knows.
fn formats() -> Vec<&'static str> {
    let rows = Scalar::ALL.iter().flat_map(|scalar| scalar.info().formats);
    let others = ["google.protobuf.Value", "unheard-of"];
    rows.copied().flatten().chain(others).collect()
}

/// Random damage, with the names of the document.
pub(super) struct Damage {
    pub(super) random: Rng,
    schemas: Vec<String>,
}

impl Damage {
    pub(super) fn new(document: &Value, random: Rng) -> Self {
        let schemas = document.get("schemas").and_then(Value::as_object);
        let schemas = schemas.map(|s| s.keys().cloned().collect()).unwrap_or_default();
        Self { random, schemas }
    }

    /// Applies one random change to `value`.
    pub(super) fn apply(&mut self, value: &mut Value) {
        match value {
            Value::Object(map) if !map.is_empty() && self.random.usize(..8) != 0 => {
                let key = self.key(map);
                if self.random.usize(..3) != 0 && map[&key].is_object() | map[&key].is_array() {
                    if let Some(inner) = map.get_mut(&key) {
                        self.apply(inner);
                    }
                    return;
                }
                self.member(map, &key);
            }
            Value::Array(items) if !items.is_empty() && self.random.usize(..4) != 0 => {
                let i = self.random.usize(..items.len());
                self.apply(&mut items[i]);
            }
            other => *other = self.made_up(),
        }
    }

    fn one_of(&mut self, list: &[&'static str]) -> &'static str {
        self.random.choice(list).copied().unwrap_or_default()
    }

    fn key(&mut self, map: &Map<String, Value>) -> String {
        map.keys().nth(self.random.usize(..map.len())).cloned().unwrap_or_default()
    }

    fn member(&mut self, map: &mut Map<String, Value>, key: &str) {
        match self.random.usize(..7) {
            0 => {
                map.shift_remove(key);
            }
            1 => {
                let name = self.one_of(HOSTILE).to_owned();
                rename(map, key, name);
            }
            2 => {
                let other = self.key(map);
                let value = map[&other].clone();
                map.insert(key.to_owned(), value);
            }
            3 => {
                let name = self.one_of(TAKEN).to_owned();
                rename(map, key, name);
            }
            4 => {
                let other = self.key(map);
                let name = self.like(&other);
                rename(map, key, name);
            }
            5 => {
                let schema = self.schema();
                map.insert(key.to_owned(), schema);
            }
            _ => {
                let value = self.made_up();
                map.insert(key.to_owned(), value);
            }
        }
    }

    /// Returns a name that collides with `name` as an identifier.
    fn like(&mut self, name: &str) -> String {
        match self.random.usize(..6) {
            0 => name.to_ascii_uppercase(),
            1 => name.to_ascii_lowercase(),
            2 => format!("{name}_"),
            3 => format!("_{name}"),
            4 => format!("{name}2"),
            _ => name.chars().flat_map(|c| [c, '-']).collect(),
        }
    }

    /// Returns a random type.
    fn schema(&mut self) -> Value {
        let ty = self.one_of(TYPES);
        match self.random.usize(..6) {
            0 => json!({"type": ty, "format": self.one_of(&formats())}),
            1 => json!({"type": "array", "items": self.schema()}),
            2 => json!({"type": "object", "additionalProperties": self.schema()}),
            3 => {
                json!({"type": "object", "properties": {self.one_of(TAKEN): self.schema()}})
            }
            4 => json!({"type": "string", "enum": [self.one_of(TAKEN), "A", "a"]}),
            _ if self.schemas.is_empty() => json!({"type": ty}),
            _ => json!({"$ref": self.random.choice(&self.schemas).cloned().unwrap_or_default()}),
        }
    }

    fn made_up(&mut self) -> Value {
        match self.random.usize(..10) {
            0 => Value::Null,
            1 => Value::Bool(self.random.usize(..2) == 0),
            2 => Value::from(self.random.u64(..)),
            3 => Value::Array(vec![self.made_up()]),
            4 => json!({"$ref": "Nowhere"}),
            5 => Value::from(self.one_of(TAKEN)),
            6 => Value::from(self.one_of(TYPES)),
            7 => Value::from(self.one_of(&formats())),
            _ => Value::from(self.one_of(HOSTILE)),
        }
    }
}

fn rename(map: &mut Map<String, Value>, key: &str, name: String) {
    if let Some(value) = map.shift_remove(key) {
        map.insert(name, value);
    }
}
