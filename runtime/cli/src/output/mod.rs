//! Writes the result in the requested format.

mod file;
mod indent;
mod rows;
mod screen;
mod select;

use std::io::{self, Write};

use discovery_json::Json;
use discovery_runtime::reflect::MethodInfo;
use discovery_runtime::spec::ItemsIn;
use serde_json::{Value, json};

pub(crate) use file::{Target, closed};
pub(crate) use select::Select;

use crate::failure::Failure;
use crate::host::Host;
use crate::query::Query;
use crate::settings::Format;
use crate::yaml;
use rows::Rows;

/// Writer of results.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    format: Format,
    select: Option<Select>,
    /// Applied to each document before it is formatted.
    query: Option<Query>,
    /// Response member with the items of a list.
    items: Option<ItemsIn>,
}

impl Writer {
    pub(crate) fn new(
        format: Format,
        select: Option<Select>,
        query: Option<Query>,
        method: &MethodInfo,
    ) -> Self {
        // The result of a query has another shape than the response.
        let items = method.spec.items.filter(|_| query.is_none());
        let select = match items.filter(|_| format.is_by_item()) {
            Some(items) => select.map(|select| select.for_items(items)),
            None => select,
        };
        Self { format, select, query, items }
    }

    /// Returns `true` if items can be written as they arrive.
    pub(crate) fn streams(&self) -> bool {
        self.format == Format::Jsonl && self.items.is_some()
    }

    /// Returns `true` if the messages of a stream can be written as they arrive.
    pub(crate) fn is_by_line(&self) -> bool {
        self.format == Format::Jsonl
    }

    /// Writes a message of a stream on a line; nothing if a query has no result for it.
    pub(crate) fn line(&self, text: &Json, value: &Value, out: &mut dyn Write) -> io::Result<()> {
        match (&self.select, &self.query) {
            (_, Some(query)) => match query.apply(value).map_err(io::Error::other)? {
                Value::Null => return Ok(()),
                found => serde_json::to_writer(&mut *out, &found)?,
            },
            (Some(select), None) => serde_json::to_writer(&mut *out, &select.apply(value))?,
            (None, None) => out.write_all(text.as_str().as_bytes())?,
        }
        out.write_all(b"\n")
    }

    /// Writes a document with a final line break.
    pub(crate) fn document(&self, doc: Value, out: &mut dyn Write) -> io::Result<()> {
        let doc = match &self.query {
            Some(query) => query.apply(&doc).map_err(io::Error::other)?,
            None => doc,
        };
        let select = self.select.as_ref();
        if self.format.is_by_item() {
            let items = self.items_of(doc);
            let rows = Rows { items: &items, select, entries: self.has_entries() };
            return match self.format {
                Format::Table => rows.table(out),
                Format::Csv => rows.csv(out),
                Format::Value => rows.bare_values(out),
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

    /// Writes a document from `text`, unparsed if no member is needed.
    pub(crate) fn whole(
        &self,
        doc: Value,
        text: Option<&str>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let text = text.filter(|_| self.query.is_none());
        let compact = text.and_then(|text| text.parse::<Json>().ok());
        match (self.format, &self.select, compact) {
            (Format::Json, None, Some(json)) => writeln!(out, "{}", indent::pretty(json.as_str())),
            (Format::Compact, None, Some(json)) => writeln!(out, "{}", json.as_str()),
            _ => self.document(doc, out),
        }
    }

    /// Writes items, one per line.
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

    /// Returns `true` if items are entries of a map.
    fn has_entries(&self) -> bool {
        matches!(self.items, Some(ItemsIn::Map(_)))
    }

    /// Returns the items of a document, or the document itself if it is not a list. An item of a
    /// map is `{"key": …, "value": …}`.
    pub(crate) fn items_of(&self, mut doc: Value) -> Vec<Value> {
        let Some(items) = self.items else {
            return match doc {
                Value::Array(items) => items,
                Value::Null if self.query.is_some() => Vec::new(),
                doc => vec![doc],
            };
        };
        match doc.get_mut(items.name()).map(Value::take) {
            Some(Value::Array(items)) => items,
            Some(Value::Object(members)) if self.has_entries() => members
                .into_iter()
                .map(|(key, value)| json!({"key": key, "value": value}))
                .collect(),
            // An empty list is absent or null.
            None | Some(Value::Null) => Vec::new(),
            Some(other) => vec![other],
        }
    }
}

/// Prints data.
pub(crate) fn print(host: &mut Host<'_>, text: &str) -> Result<(), Failure> {
    host.stdout
        .write_all(text.as_bytes())
        .and_then(|()| host.stdout.flush())
        .map_err(|error| closed(&error))
}
