//! Formats items as rows: tables, CSV, and plain values.

use std::io::{self, Write};

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::select::{self, Select};

/// Items and their columns.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) items: &'a [Value],
    pub(super) select: Option<&'a Select>,
    /// Whether items are entries of a map, with the value's members as columns next to the key.
    pub(super) entries: bool,
}

impl Rows<'_> {
    /// Returns the columns: the selected ones, or else the members of the items in order of first
    /// appearance. `flat` expands objects into dotted columns; otherwise only scalars get a column.
    fn columns(&self, flat: bool) -> Vec<Vec<String>> {
        if let Some(select) = self.select {
            let owned = |path: Vec<&str>| path.into_iter().map(str::to_owned).collect();
            return select.paths().into_iter().map(owned).collect();
        }
        let mut out: Vec<Vec<String>> = Vec::new();
        for item in self.items {
            collect(item, &mut Vec::new(), if flat { usize::MAX } else { self.opened() }, &mut out);
        }
        // Entries always have a key; without another column they carry no information.
        let enough = usize::from(self.entries);
        if out.len() <= enough && !flat { self.columns(true) } else { out }
    }

    /// Returns how many levels of objects are expanded into columns.
    fn opened(&self) -> usize {
        if self.entries { 2 } else { 1 }
    }
}

fn collect(value: &Value, path: &mut Vec<String>, opened: usize, out: &mut Vec<Vec<String>>) {
    match value {
        Value::Object(members) if path.len() < opened => {
            for (name, member) in members {
                path.push(name.clone());
                collect(member, path, opened, out);
                path.pop();
            }
        }
        Value::Object(_) => {}
        Value::Array(_) if opened != usize::MAX => {}
        _ => {
            if !out.contains(path) {
                out.push(path.clone());
            }
        }
    }
}

/// Returns the text of an item's column.
fn cell(item: &Value, path: &[String]) -> String {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let values = select::values(item, &path);
    let texts: Vec<String> = values.into_iter().map(bare).collect();
    texts.join(", ")
}

/// Formats a value without quotes; null is empty.
fn bare(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Formats a column name: `postingCreateTime` as `POSTING_CREATE_TIME`.
fn head(path: &[String]) -> String {
    let names: Vec<String> =
        path.iter().map(|name| discovery_describe::names::kebab(name)).collect();
    names.join(".").replace('-', "_").to_uppercase()
}

/// Maximum width of a table cell.
const CELL_WIDTH: usize = 60;

impl Rows<'_> {
    /// Writes a table with column headings; truncates wide cells.
    pub(super) fn table(&self, out: &mut dyn Write) -> io::Result<()> {
        let columns = self.columns(false);
        let head: Vec<String> = columns.iter().map(|path| head(path)).collect();
        let cells = |item: &Value| columns.iter().map(|path| one_line(&cell(item, path))).collect();
        let rows: Vec<Vec<String>> = self.items.iter().map(cells).collect();
        let mut widths: Vec<usize> = head.iter().map(|name| name.width()).collect();
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.width().max(*width);
            }
        }
        for row in [head].iter().chain(&rows) {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(width + 2 - cell.width()));
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Formats a cell on one line, without control characters, truncated to its width.
fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if plain.width() <= CELL_WIDTH {
        return plain;
    }
    let mut cut = String::new();
    for c in plain.chars() {
        cut.push(c);
        if cut.width() >= CELL_WIDTH {
            cut.pop();
            break;
        }
    }
    cut + "…"
}

impl Rows<'_> {
    /// Writes RFC 4180 CSV with a header line.
    pub(super) fn csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let columns = self.columns(true);
        let head: Vec<String> = columns.iter().map(|path| quoted(&path.join("."))).collect();
        write!(out, "{}\r\n", head.join(","))?;
        for item in self.items {
            let cells: Vec<String> = columns.iter().map(|path| quoted(&cell(item, path))).collect();
            write!(out, "{}\r\n", cells.join(","))?;
        }
        Ok(())
    }

    /// Writes plain values: one line per item, with tabs between the selected members.
    pub(super) fn bare_values(&self, out: &mut dyn Write) -> io::Result<()> {
        let columns = self.columns(true);
        for item in self.items {
            let cells: Vec<String> = match (self.select, item) {
                (Some(_), _) | (None, Value::Object(_) | Value::Array(_)) => {
                    columns.iter().map(|path| cell(item, path)).collect()
                }
                (None, scalar) => vec![bare(scalar)],
            };
            writeln!(out, "{}", cells.join("\t"))?;
        }
        Ok(())
    }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) || text.starts_with(' ') || text.ends_with(' ') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use discovery_runtime::spec::ItemsIn;
    use serde_json::json;

    use super::*;

    fn items() -> Vec<Value> {
        vec![
            json!({"name": "a", "n": 1, "deep": {"x": "y, \"z\""}, "list": ["p", "q"]}),
            json!({"name": "bü", "extra": null}),
        ]
    }

    fn rows<'a>(items: &'a [Value], select: Option<&'a Select>) -> Rows<'a> {
        Rows { items, select, entries: false }
    }

    fn text(write: impl Fn(&mut dyn Write) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn tables() {
        assert_eq!(text(|out| rows(&items(), None).table(out)), "NAME  N  EXTRA\na     1\nbü\n");
        let select = Select::parse("deep.x,list").unwrap();
        assert_eq!(
            text(|out| rows(&items(), Some(&select)).table(out)),
            "DEEP.X  LIST\ny, \"z\"  [\"p\",\"q\"]\n\n"
        );
        let wide = vec![json!({"a": "x".repeat(100)})];
        assert!(
            text(|out| rows(&wide, None).table(out)).lines().all(|line| line.width() <= CELL_WIDTH)
        );
    }

    #[test]
    fn csv_opens_objects() {
        assert_eq!(
            text(|out| rows(&items(), None).csv(out)),
            "name,n,deep.x,list,extra\r\na,1,\"y, \"\"z\"\"\",\"[\"\"p\"\",\"\"q\"\"]\",\r\nbü,,,,\r\n"
        );
    }

    #[test]
    fn entries_of_a_map_keep_their_keys() {
        let items = [
            json!({"key": "zones/a", "value": {"n": 1, "list": [{"name": "x"}, {"name": "y"}]}}),
            json!({"key": "zones/b", "value": {"n": 2}}),
        ];
        let rows = Rows { items: &items, select: None, entries: true };
        assert_eq!(text(|out| rows.table(out)), "KEY      VALUE.N\nzones/a  1\nzones/b  2\n");
        let select = Select::parse("list.name").unwrap().for_items(ItemsIn::Map("items"));
        let rows = Rows { select: Some(&select), ..rows };
        assert_eq!(
            text(|out| rows.csv(out)),
            "key,value.list.name\r\nzones/a,\"x, y\"\r\nzones/b,\r\n"
        );
        assert_eq!(text(|out| rows.bare_values(out)), "zones/a\tx, y\nzones/b\t\n");
        // If there is no scalar apart from the key, shows everything.
        let items = [json!({"key": "zones/a", "value": {"list": [1]}})];
        let rows = Rows { items: &items, select: None, entries: true };
        assert_eq!(text(|out| rows.table(out)), "KEY      VALUE.LIST\nzones/a  [1]\n");
    }

    #[test]
    fn bare_values_have_no_quotes() {
        let select = Select::parse("name,n").unwrap();
        assert_eq!(text(|out| rows(&items(), Some(&select)).bare_values(out)), "a\t1\nbü\t\n");
        assert_eq!(text(|out| rows(&[json!("x")], None).bare_values(out)), "x\n");
    }
}
