//! The result, in the form that was asked for.

mod file;
mod indent;
mod rows;
mod select;

use std::io::{self, Write};

use discovery_json::Json;
use discovery_runtime::reflect::MethodInfo;
use serde_json::Value;

pub(crate) use file::{Target, closed};
pub(crate) use select::Select;

use crate::schema::{self, Kind};
use crate::settings::Format;
use crate::yaml;

/// How a result is written.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    format: Format,
    select: Option<Select>,
    /// The member of the response that holds the items of a list.
    items: Option<&'static str>,
}

impl Writer {
    pub(crate) fn new(format: Format, select: Option<Select>, method: &MethodInfo) -> Self {
        let items = items_member(method);
        let select = match (items, format.is_by_item()) {
            (Some(items), true) => select.map(|select| select.for_items(items)),
            _ => select,
        };
        Self { format, select, items }
    }

    /// Whether items can be written as they come.
    pub(crate) fn streams(&self) -> bool {
        self.format == Format::Jsonl && self.items.is_some()
    }

    /// Writes a document; ends with a line end.
    pub(crate) fn document(&self, doc: Value, out: &mut dyn Write) -> io::Result<()> {
        let select = self.select.as_ref();
        if self.format.is_by_item() {
            let items = self.items_of(doc);
            return match self.format {
                Format::Table => rows::table(&items, select, out),
                Format::Csv => rows::csv(&items, select, out),
                Format::Value => rows::bare_values(&items, select, out),
                _ => self.lines(&items, out),
            };
        }
        let doc = select.map_or(doc.clone(), |select| select.apply(&doc));
        match self.format {
            Format::Compact => {
                serde_json::to_writer(&mut *out, &doc)?;
                out.write_all(b"\n")
            }
            Format::Yaml => out.write_all(yaml::to_string(&doc).as_bytes()),
            _ => {
                serde_json::to_writer_pretty(&mut *out, &doc)?;
                out.write_all(b"\n")
            }
        }
    }

    /// Writes a document that came as `text`: as it is, where no member has to be looked at.
    pub(crate) fn whole(
        &self,
        doc: Value,
        text: Option<&str>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let compact = text.and_then(|text| text.parse::<Json>().ok());
        match (self.format, &self.select, compact) {
            (Format::Json, None, Some(json)) => writeln!(out, "{}", indent::pretty(json.as_str())),
            (Format::Compact, None, Some(json)) => writeln!(out, "{}", json.as_str()),
            _ => self.document(doc, out),
        }
    }

    /// Writes items, a line each.
    pub(crate) fn lines(&self, items: &[Value], out: &mut dyn Write) -> io::Result<()> {
        for item in items {
            match &self.select {
                Some(select) => serde_json::to_writer(&mut *out, &select.apply(item))?,
                None => serde_json::to_writer(&mut *out, item)?,
            }
            out.write_all(b"\n")?;
        }
        Ok(())
    }

    /// The items of a document; the document itself where it is no list.
    pub(crate) fn items_of(&self, mut doc: Value) -> Vec<Value> {
        match self.items.and_then(|name| doc.get_mut(name)).map(Value::take) {
            Some(Value::Array(items)) => items,
            Some(Value::Object(members)) => members.into_iter().map(|(_, item)| item).collect(),
            Some(other) => vec![other],
            // A list without items is left out of the document.
            None if self.items.is_some() => Vec::new(),
            None => match doc {
                Value::Array(items) => items,
                doc => vec![doc],
            },
        }
    }
}

/// The member of a method's response that holds the items of a list: what paging says, else the
/// only list of objects.
pub(crate) fn items_member(method: &MethodInfo) -> Option<&'static str> {
    if let Some(items) = method.spec.paging.and_then(|paging| paging.items) {
        return Some(items);
    }
    let Kind::Object(fields, _) = schema::kind(method.response?) else { return None };
    let token = fields.iter().any(|field| field.name == "nextPageToken");
    let is_list = |field: &&discovery_runtime::reflect::FieldInfo| matches!(schema::kind(field.ty), Kind::List(of) if !schema::is_scalar(of));
    let mut lists = fields.iter().filter(is_list);
    let first = lists.next()?;
    (lists.next().is_none() && (token || fields.len() == 1)).then_some(first.name)
}
