//! Items as rows: tables, CSV and bare values.

use std::io::{self, Write};

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::select::{self, Select};

/// The columns of some items: those selected, else their members in the order of their first
/// appearance. `flat` opens objects into dotted columns; else only single values get a column.
fn columns(items: &[Value], select: Option<&Select>, flat: bool) -> Vec<Vec<String>> {
    if let Some(select) = select {
        let owned = |path: Vec<&str>| path.into_iter().map(str::to_owned).collect();
        return select.paths().into_iter().map(owned).collect();
    }
    let mut out: Vec<Vec<String>> = Vec::new();
    for item in items {
        collect(item, &mut Vec::new(), flat, &mut out);
    }
    if out.is_empty() && !flat { columns(items, None, true) } else { out }
}

fn collect(value: &Value, path: &mut Vec<String>, flat: bool, out: &mut Vec<Vec<String>>) {
    match value {
        Value::Object(members) if path.is_empty() || flat => {
            for (name, member) in members {
                path.push(name.clone());
                collect(member, path, flat, out);
                path.pop();
            }
        }
        Value::Object(_) => {}
        Value::Array(_) if !flat => {}
        _ => {
            if !out.contains(path) {
                out.push(path.clone());
            }
        }
    }
}

/// The text of a column in an item.
fn cell(item: &Value, path: &[String]) -> String {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let values = select::values(item, &path);
    let texts: Vec<String> = values.into_iter().map(bare).collect();
    texts.join(", ")
}

/// A value without quotes; null is nothing.
fn bare(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The name of a column: `postingCreateTime` as `POSTING_CREATE_TIME`.
fn head(path: &[String]) -> String {
    let names: Vec<String> =
        path.iter().map(|name| discovery_describe::names::kebab(name)).collect();
    names.join(".").replace('-', "_").to_uppercase()
}

/// Widest cell of a table.
const CELL_WIDTH: usize = 60;

/// Writes a table: columns under their names, cells cut where they are too wide.
pub(super) fn table(
    items: &[Value],
    select: Option<&Select>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let columns = columns(items, select, false);
    let head: Vec<String> = columns.iter().map(|path| head(path)).collect();
    let rows: Vec<Vec<String>> = items
        .iter()
        .map(|item| columns.iter().map(|path| one_line(&cell(item, path))).collect())
        .collect();
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

/// A cell on one line, without control characters, cut to its width.
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

/// Writes RFC 4180 CSV with a header line.
pub(super) fn csv(items: &[Value], select: Option<&Select>, out: &mut dyn Write) -> io::Result<()> {
    let columns = columns(items, select, true);
    let head: Vec<String> = columns.iter().map(|path| quoted(&path.join("."))).collect();
    write!(out, "{}\r\n", head.join(","))?;
    for item in items {
        let cells: Vec<String> = columns.iter().map(|path| quoted(&cell(item, path))).collect();
        write!(out, "{}\r\n", cells.join(","))?;
    }
    Ok(())
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) || text.starts_with(' ') || text.ends_with(' ') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// Writes bare values: one line for each item, tabs between the selected members.
pub(super) fn bare_values(
    items: &[Value],
    select: Option<&Select>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for item in items {
        let cells: Vec<String> = match (select, item) {
            (None, Value::Object(_) | Value::Array(_)) => {
                columns(items, None, true).iter().map(|path| cell(item, path)).collect()
            }
            (None, scalar) => vec![bare(scalar)],
            (Some(_), _) => {
                columns(items, select, true).iter().map(|path| cell(item, path)).collect()
            }
        };
        writeln!(out, "{}", cells.join("\t"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn items() -> Vec<Value> {
        vec![
            json!({"name": "a", "n": 1, "deep": {"x": "y, \"z\""}, "list": ["p", "q"]}),
            json!({"name": "bü", "extra": null}),
        ]
    }

    fn text(write: impl Fn(&mut dyn Write) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn tables() {
        assert_eq!(text(|out| table(&items(), None, out)), "NAME  N  EXTRA\na     1\nbü\n");
        let select = Select::parse("deep.x,list").unwrap();
        assert_eq!(
            text(|out| table(&items(), Some(&select), out)),
            "DEEP.X  LIST\ny, \"z\"  [\"p\",\"q\"]\n\n"
        );
        let wide = vec![json!({"a": "x".repeat(100)})];
        assert!(text(|out| table(&wide, None, out)).lines().all(|line| line.width() <= CELL_WIDTH));
    }

    #[test]
    fn csv_opens_objects() {
        assert_eq!(
            text(|out| csv(&items(), None, out)),
            "name,n,deep.x,list,extra\r\na,1,\"y, \"\"z\"\"\",\"[\"\"p\"\",\"\"q\"\"]\",\r\nbü,,,,\r\n"
        );
    }

    #[test]
    fn bare_values_have_no_quotes() {
        let select = Select::parse("name,n").unwrap();
        assert_eq!(text(|out| bare_values(&items(), Some(&select), out)), "a\t1\nbü\t\n");
        assert_eq!(text(|out| bare_values(&[json!("x")], None, out)), "x\n");
    }
}
