//! Body as commented JSON: each description appears once; shared schemas are linked.

use super::Docs;
use crate::emit::examples::Purpose;
use crate::ir::{Field, Object, SchemaId, Shape, Type};
use serde_json::Value;
use std::collections::BTreeSet;

/// Commented JSON under construction.
pub(super) struct Form<'d, 'a> {
    docs: &'d Docs<'a>,
    purpose: Purpose<'d>,
    /// Schemas whose members are shown.
    pub(super) shown: BTreeSet<SchemaId>,
    /// Types mentioned, in order of first mention.
    pub(super) named: Vec<Type>,
    lines: Vec<String>,
}

impl<'d, 'a> Form<'d, 'a> {
    pub(super) fn new(docs: &'d Docs<'a>, purpose: Purpose<'d>) -> Self {
        Self { docs, purpose, shown: BTreeSet::new(), named: Vec::new(), lines: Vec::new() }
    }

    /// Writes an object; `None` if its members are only on its own page.
    pub(super) fn write(mut self, id: SchemaId) -> Option<(Self, String)> {
        let object = self.opened(id)?;
        self.lines.push("{".to_owned());
        self.body(id, object, 1, &[]);
        self.lines.push("}".to_owned());
        let text = self.lines.join("\n");
        Some((self, text))
    }

    /// Returns the members of a schema, if they belong in this form.
    fn opened(&mut self, id: SchemaId) -> Option<&'a Object> {
        let Shape::Object(object) = &self.docs.cx.api[id].shape else { return None };
        let here = self.docs.reach.is_shown(id) && !object.fields.is_empty();
        (here && self.shown.insert(id)).then_some(object)
    }

    /// Writes the members of an object. `said` is the description already shown.
    fn body(&mut self, id: SchemaId, object: &'a Object, level: usize, said: &[String]) {
        if self.docs.reach.is_own(id) {
            let mut about = self.docs.sentences(&self.docs.cx.api[id].doc.0);
            about.retain(|sentence| !said.iter().any(|other| is_same(other, sentence)));
            self.comment(&about, level);
            self.lines.extend((!about.is_empty()).then(String::new));
        }
        let fields: Vec<&'a Field> = (object.fields.iter())
            .filter(|f| self.purpose == Purpose::Model || !Docs::is_servers(f))
            .collect();
        for (at, field) in fields.iter().enumerate() {
            self.comment(&self.docs.described(field, self.purpose), level);
            let comma = if at + 1 < fields.len() { "," } else { "" };
            self.member(id, field, level, comma);
        }
    }

    fn comment(&mut self, sentences: &[String], level: usize) {
        let pad = "  ".repeat(level);
        self.lines.extend(sentences.iter().map(|s| format!("{pad}// {s}")));
    }

    fn member(&mut self, owner: SchemaId, field: &'a Field, level: usize, comma: &str) {
        let pad = "  ".repeat(level);
        let name = Value::from(field.name.as_str());
        let (open, close, leaf) = self.containers(&field.ty);
        let label = self.label(&field.ty);
        if let Type::Object(id) = leaf {
            self.mention(Type::Object(id));
            let empty = || format!("{pad}{name}: {open}{{}}{close}{comma}");
            match self.opened(id) {
                Some(inner) => {
                    self.lines.push(format!("{pad}{name}: {open}{{ // {label}"));
                    let said = self.docs.described(field, self.purpose);
                    self.body(id, inner, level + 1, &said);
                    self.lines.push(format!("{pad}}}{close}{comma}"));
                }
                None => self.lines.push(format!("{} // {label}", empty())),
            }
            return;
        }
        if let Type::Enum(_) = leaf {
            self.mention(leaf);
        }
        let sample = self.docs.examples(self.purpose).member(owner, field);
        let sample = sample.unwrap_or_else(|| Value::from(""));
        let note = if label == "string" { String::new() } else { format!(" // {label}") };
        self.lines.push(format!("{pad}{name}: {sample}{comma}{note}"));
    }

    fn mention(&mut self, ty: Type) {
        if !self.named.contains(&ty) {
            self.named.push(ty);
        }
    }

    /// Returns the opening and closing brackets around a value in lists and maps.
    fn containers(&self, ty: &Type) -> (String, String, Type) {
        match self.docs.cx.api.resolve(ty) {
            Type::List(of) => {
                let (open, close, leaf) = self.containers(of);
                (format!("[{open}"), format!("{close}]"), leaf)
            }
            Type::Map(of) => {
                let (open, close, leaf) = self.containers(of);
                (format!("{{ \"key\": {open}"), format!("{close} }}"), leaf)
            }
            other => (String::new(), String::new(), other.clone()),
        }
    }

    fn label(&self, ty: &Type) -> String {
        self.docs.label(ty)
    }
}

/// Returns `true` if two sentences are equal, apart from an article.
fn is_same(one: &str, other: &str) -> bool {
    let plain = |text: &str| {
        let lower = text.to_ascii_lowercase();
        let words = ["an ", "a ", "the "].iter().find_map(|w| lower.strip_prefix(w));
        words.unwrap_or(&lower).to_owned()
    };
    plain(one) == plain(other)
}
