//! Walks through a request's fields and shows it as a tree, as arguments, and as JSON.

use super::Docs;
use crate::emit::described::Described;
use crate::emit::examples::Purpose;
use crate::ir::{Field, SchemaId, Shape, Type};
use discovery_describe::names::kebab;
use discovery_describe::tokens::{self, Effect};
use serde_json::{Map, Value};

/// Schemas with at most this many scalar members are shown every time.
const SMALL: usize = 8;

/// Maximum depth of a walk.
const DEPTH: usize = 8;

/// Result of a walk through a request.
pub(super) struct Walk<'d, 'a> {
    docs: &'d Docs<'a>,
    purpose: Purpose<'d>,
    /// The structure, names in kebab-case.
    pub(super) tree: Vec<String>,
    /// Cursor positions and the values set at each.
    pub(super) groups: Vec<Group>,
    inside: Vec<SchemaId>,
    seen: Vec<SchemaId>,
}

/// Fields set at one cursor position.
pub(super) struct Group {
    /// Path of the cursor; `.` is the request.
    pub(super) path: String,
    /// Description of the position, as lines of Markdown.
    pub(super) about: Vec<String>,
    /// The schema there.
    pub(super) schema: SchemaId,
    /// Arguments that set values.
    pub(super) tokens: Vec<Token>,
}

/// One argument.
pub(super) struct Token {
    /// Text, unquoted.
    pub(super) text: String,
    /// Meaning, as lines of Markdown.
    pub(super) about: Vec<String>,
    /// Further effect of the argument, besides setting a value.
    pub(super) effect: &'static str,
}

impl<'d, 'a> Walk<'d, 'a> {
    /// Walks through a request; `value` is the JSON that the arguments produce.
    pub(super) fn new(docs: &'d Docs<'a>, purpose: Purpose<'d>, id: SchemaId) -> (Self, Value) {
        let mut walk = Self {
            docs,
            purpose,
            tree: vec![format!("{}:", docs.cx.names.schema(id).ty.bare())],
            groups: Vec::new(),
            inside: Vec::new(),
            seen: Vec::new(),
        };
        let value = walk.members(id, "", Vec::new(), 1).unwrap_or_default();
        walk.groups.retain(|group| !group.tokens.is_empty());
        (walk, Value::Object(value))
    }

    fn members(
        &mut self,
        id: SchemaId,
        path: &str,
        about: Vec<String>,
        level: usize,
    ) -> Option<Map<String, Value>> {
        let docs = self.docs;
        let Shape::Object(object) = &docs.cx.api[id].shape else { return None };
        let path_here = if path.is_empty() { ".".to_owned() } else { path.to_owned() };
        let here = self.groups.len();
        self.groups.push(Group { path: path_here, about, schema: id, tokens: Vec::new() });
        self.inside.push(id);
        self.seen.push(id);
        let usable = docs.examples(self.purpose).usable(object);
        let mut made = Map::new();
        for field in object.fields.iter().filter(|f| !Docs::is_servers(f)) {
            let set = usable.iter().any(|f| f.name == field.name);
            let value = self.field(id, field, path, level, here, set);
            if let Some(value) = value {
                made.insert(field.name.0.clone(), value);
            }
        }
        self.inside.pop();
        (!made.is_empty()).then_some(made)
    }

    fn field(
        &mut self,
        owner: SchemaId,
        field: &'a Field,
        path: &str,
        level: usize,
        here: usize,
        set: bool,
    ) -> Option<Value> {
        let name = kebab(field.name.as_str());
        let pad = "  ".repeat(level);
        let (step, leaf) = self.element(&field.ty);
        if let Some(id) = leaf {
            let note = self.closed(id, level);
            let note = note.or((!set).then(|| self.why_not(field)));
            if let Some(note) = note {
                self.tree
                    .push(format!("{pad}{name}{step}: {} # {note}", self.docs.label(&field.ty)));
                return None;
            }
            self.tree.push(format!("{pad}{name}{step}:"));
            let about = self.docs.explained(field, self.purpose);
            let value = self.members(id, &format!("{path}.{name}{step}"), about, level + 1)?;
            return Some(wrapped(self.docs.cx.api, &field.ty, Value::Object(value)));
        }
        let member = || self.docs.examples(self.purpose).member(owner, field);
        let value = set.then(member).flatten();
        let note = match value {
            Some(_) => String::new(),
            None => format!(" # {}", self.why_not(field)),
        };
        self.tree.push(format!("{pad}{name}: {}{note}", self.docs.label(&field.ty)));
        let value = value?;
        let ty = Described::new(self.docs.cx, &field.ty);
        for token in tokens::tokens(&name, &value, ty) {
            let (about, effect) = (self.docs.explained(field, self.purpose), effect(&token));
            self.groups[here].tokens.push(Token { text: token.text, about, effect });
        }
        Some(value)
    }

    /// Explains why the members of a schema are omitted here.
    fn closed(&self, id: SchemaId, level: usize) -> Option<String> {
        let Shape::Object(object) = &self.docs.cx.api[id].shape else {
            return Some("as JSON: name:=JSON".to_owned());
        };
        let leaf = |f: &Field| !matches!(self.docs.cx.api.resolve(&f.ty).leaf(), Type::Object(_));
        let small = object.fields.len() <= SMALL && object.fields.iter().all(leaf);
        if object.fields.is_empty() {
            Some("no members".to_owned())
        } else if self.inside.contains(&id) {
            Some("contains itself".to_owned())
        } else if (self.seen.contains(&id) && !small) || level > DEPTH {
            Some("as above".to_owned())
        } else {
            None
        }
    }

    /// Explains why the arguments omit a field.
    fn why_not(&self, field: &Field) -> String {
        if field.is_deprecated() || field.facts.deprecated {
            "deprecated".to_owned()
        } else if field.facts.choice.is_some() {
            "alternative to another field".to_owned()
        } else if field.facts.assigned && matches!(self.purpose, Purpose::Create(_)) {
            "set by the server".to_owned()
        } else {
            "not set here".to_owned()
        }
    }

    /// Returns the path through lists and maps to an object, and the object.
    fn element(&self, ty: &Type) -> (String, Option<SchemaId>) {
        match self.docs.cx.api.resolve(ty) {
            Type::Object(id) => (String::new(), Some(*id)),
            Type::List(of) => self.deeper(".0", of),
            Type::Map(of) => self.deeper(".key", of),
            _ => (String::new(), None),
        }
    }

    fn deeper(&self, step: &str, of: &Type) -> (String, Option<SchemaId>) {
        let (more, id) = self.element(of);
        (format!("{step}{more}"), id)
    }
}

/// Describes an argument's further effect, if any.
fn effect(token: &tokens::Token) -> &'static str {
    match token.effect {
        Effect::Set => "",
        Effect::Append => "Each use appends a value to the list.",
        Effect::Entry => "Sets the value of the key.",
        Effect::Json => "The value is JSON.",
    }
}

/// Wraps a value in the lists and maps of its type.
fn wrapped(api: &crate::ir::Api, ty: &Type, value: Value) -> Value {
    match api.resolve(ty) {
        Type::List(of) => Value::Array(vec![wrapped(api, of, value)]),
        Type::Map(of) => {
            let mut members = Map::new();
            members.insert("key".to_owned(), wrapped(api, of, value));
            Value::Object(members)
        }
        _ => value,
    }
}
