//! Tables of commands and what must come of them.

use crate::paths::read;
use std::path::{Path, PathBuf};

/// A table of commands for one API.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    /// The document whose mock server answers, by file name without `.json`.
    pub(crate) document: String,
    /// The variable that tells the program where the API is, and its value, with `{endpoint}` for
    /// the URL of the server.
    pub(crate) endpoint: Option<(String, String)>,
    /// The emulator that answers.
    pub(crate) server: Option<String>,
    pub(crate) cases: Vec<Case>,
}

/// A command and what must come of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) command: String,
    pub(crate) code: i32,
    /// Texts that the output must have.
    pub(crate) present: Vec<String>,
    /// Texts that it must not have.
    pub(crate) absent: Vec<String>,
    /// Texts by which a server says that it lacks the method.
    pub(crate) lacking: Vec<String>,
    /// Names of values that later commands use, each with its place in the answer.
    pub(crate) kept: Vec<(String, String)>,
}

/// The tables that are given, or else all whose names begin so.
pub(crate) fn tables(given: &[PathBuf], prefix: &str) -> Result<Vec<PathBuf>, String> {
    if !given.is_empty() {
        return Ok(given.to_owned());
    }
    let folder = crate::paths::root().join("lab/walk");
    let files = crate::paths::walk(&folder)?;
    let ours = files.iter().filter(|file| file.starts_with(prefix) && file.ends_with(".txt"));
    Ok(ours.map(|file| folder.join(file)).collect())
}

impl Table {
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        Self::parse(&read(path)?).map_err(|e| format!("{}: {e}", path.display()))
    }

    /// Reads the lines of a table: `document NAME`, `endpoint VARIABLE=VALUE` or `server NAME`, then
    /// for each command `$ COMMAND`, below it `! CODE`, `- TEXT` for what must be absent, `= NAME PATH`
    /// for a value to keep, `? TEXT` by which a server says that it lacks the method, and `TEXT` for what
    /// must be there. `#` begins a comment.
    fn parse(text: &str) -> Result<Self, String> {
        let mut table = Self::default();
        for (n, line) in text.lines().enumerate() {
            let wrong = |why: &str| format!("line {}: {why}: {line}", n + 1);
            let (mark, rest) = line.split_once(' ').unwrap_or((line, ""));
            match (mark, table.cases.last_mut()) {
                ("" | "#", _) => {}
                ("$", _) => {
                    table.cases.push(Case { command: rest.to_owned(), ..Case::default() });
                }
                ("document", None) => table.document = rest.to_owned(),
                ("endpoint", None) => {
                    let pair = rest.split_once('=').ok_or_else(|| wrong("no `=`"))?;
                    table.endpoint = Some((pair.0.to_owned(), pair.1.to_owned()));
                }
                ("server", None) => table.server = Some(rest.to_owned()),
                (_, None) => return Err(wrong("no command before it")),
                ("!", Some(case)) => {
                    case.code = rest.parse().map_err(|_| wrong("no exit code"))?;
                }
                ("=", Some(case)) => {
                    let pair = rest.split_once(' ').ok_or_else(|| wrong("no path"))?;
                    case.kept.push((pair.0.to_owned(), pair.1.to_owned()));
                }
                ("?", Some(case)) => case.lacking.push(rest.to_owned()),
                ("-", Some(case)) => case.absent.push(rest.to_owned()),
                (_, Some(case)) => case.present.push(line.to_owned()),
            }
        }
        if table.document.is_empty() || table.endpoint.is_some() == table.server.is_some() {
            return Err("it needs `document`, and either `endpoint` or `server`".to_owned());
        }
        match table.cases.iter().find(|case| case.checks() == 0) {
            Some(case) => Err(format!("nothing is expected of `{}`", case.command)),
            None => Ok(table),
        }
    }
}

impl Case {
    fn checks(&self) -> usize {
        self.present.len() + self.absent.len()
    }

    /// What is wrong with the outcome of the command.
    pub(crate) fn faults(&self, code: Option<i32>, output: &str) -> Vec<String> {
        let mut faults = Vec::new();
        if code != Some(self.code) {
            let code = code.map_or_else(|| "a signal".to_owned(), |code| code.to_string());
            faults.push(format!("it ended with {code}, not {}", self.code));
        }
        let missing = self.present.iter().filter(|text| !output.contains(*text));
        faults.extend(missing.map(|text| format!("no `{text}`")));
        let there = self.absent.iter().filter(|text| output.contains(*text));
        faults.extend(there.map(|text| format!("there is `{text}`")));
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read() -> Result<(), String> {
        let text = "# about\ndocument a.v1\nendpoint X={endpoint}a/\n\n$ one two\nfound it\n- WARNING\n\n$ three\n! 1\n404\n";
        let table = Table::parse(text)?;
        assert_eq!(table.document, "a.v1");
        assert_eq!(table.endpoint, Some(("X".to_owned(), "{endpoint}a/".to_owned())));
        let [one, three] = table.cases.as_slice() else { return Err(format!("{table:?}")) };
        assert_eq!(one.faults(Some(0), "they found it"), Vec::<String>::new());
        assert_eq!(one.faults(Some(0), "WARNING").len(), 2);
        assert_eq!(three.faults(Some(0), "404").len(), 1);
        assert_eq!(three.faults(None, "").len(), 2);
        for wrong in
            ["$ x\ny", "document a\nendpoint X=1\n$ x", "document a\nendpoint X=1\n$ x\n! y"]
        {
            assert!(Table::parse(wrong).is_err(), "{wrong}");
        }
        Ok(())
    }

    #[test]
    fn every_table_of_the_folder_is_sound() -> Result<(), String> {
        let folder = crate::paths::root().join("lab/walk");
        let mut count = 0;
        for file in crate::paths::walk(&folder)?.iter().filter(|file| file.ends_with(".txt")) {
            let table = Table::read(&folder.join(file))?;
            let least = if table.endpoint.is_some() { 30 } else { 15 };
            assert!(table.cases.len() >= least, "{file}: {} commands", table.cases.len());
            count += 1;
        }
        assert!(count >= 7, "{count} tables");
        Ok(())
    }
}
