//! Typed access to a JSON object that reports unread members.

use crate::error::{Diagnostic, Kind, Report, Stage, pointer};
use serde_json::{Map, Value};

/// JSON object with its JSON pointer.
pub(super) struct Obj<'a> {
    map: &'a Map<String, Value>,
    pub(super) at: String,
    seen: usize,
}

impl<'a> Obj<'a> {
    /// Returns `value` as an object, or reports a finding.
    pub(super) fn new(value: &'a Value, at: String, report: &mut Report) -> Option<Self> {
        match value {
            Value::Object(map) => Some(Self { map, at, seen: 0 }),
            other => {
                wrong(report, &at, "an object", other);
                None
            }
        }
    }

    fn take(&mut self, key: &str) -> Option<&'a Value> {
        let value = self.map.get(key)?;
        self.seen += 1;
        // A null member counts as absent.
        Some(value).filter(|v| !v.is_null())
    }

    /// A member that is text.
    pub(super) fn text(&mut self, key: &str, report: &mut Report) -> Option<&'a str> {
        match self.take(key)? {
            Value::String(s) => Some(s),
            other => self.wrong(key, "a string", other, report),
        }
    }

    /// A member that is `true` or `false`; absent is `false`.
    pub(super) fn flag(&mut self, key: &str, report: &mut Report) -> bool {
        match self.take(key) {
            None => false,
            Some(Value::Bool(b)) => *b,
            Some(other) => self.wrong(key, "true or false", other, report).unwrap_or(false),
        }
    }

    /// Reads a member that is text, or a number or flag in place of its text.
    pub(super) fn loose_text(&mut self, key: &str) -> Option<String> {
        match self.take(key)? {
            Value::String(s) => Some(s.clone()),
            other => Some(other.to_string()),
        }
    }

    /// A member that is a list of texts.
    pub(super) fn texts(&mut self, key: &str, report: &mut Report) -> Option<Vec<&'a str>> {
        let items = self.array(key, report)?;
        let at = pointer(&self.at, key);
        let text = |(i, v): (usize, &'a Value)| match v {
            Value::String(s) => Some(s.as_str()),
            other => {
                wrong(report, &pointer(&at, &i.to_string()), "a string", other);
                None
            }
        };
        Some(items.iter().enumerate().filter_map(text).collect())
    }

    /// A member that is a list of truth values.
    pub(super) fn flags(&mut self, key: &str, report: &mut Report) -> Option<Vec<bool>> {
        let items = self.array(key, report)?;
        Some(items.iter().map(|v| v.as_bool().unwrap_or(false)).collect())
    }

    /// A member that is an array.
    pub(super) fn array(&mut self, key: &str, report: &mut Report) -> Option<&'a [Value]> {
        match self.take(key)? {
            Value::Array(items) => Some(items),
            other => self.wrong(key, "an array", other, report),
        }
    }

    /// A member that is an object.
    pub(super) fn object(&mut self, key: &str, report: &mut Report) -> Option<Obj<'a>> {
        let value = self.take(key)?;
        Obj::new(value, pointer(&self.at, key), report)
    }

    /// The members of a member that is an object of objects.
    pub(super) fn objects(&mut self, key: &str, report: &mut Report) -> Vec<(&'a str, Obj<'a>)> {
        let Some(outer) = self.object(key, report) else { return Vec::new() };
        let member = |(name, value): (&'a String, &'a Value)| {
            let at = pointer(&outer.at, name);
            Some((name.as_str(), Obj::new(value, at, report)?))
        };
        outer.map.iter().filter_map(member).collect()
    }

    /// Marks keys as known but unused.
    pub(super) fn ignore(&mut self, keys: &[&str]) {
        self.seen += keys.iter().filter(|k| self.map.contains_key(**k)).count();
    }

    /// Reports every unread key that is not in `known`. Call this last; it costs nothing if all
    /// members were read.
    pub(super) fn finish(&self, known: &[&str], report: &mut Report) {
        if self.seen >= self.map.len() {
            return;
        }
        for key in self.map.keys().filter(|k| !known.contains(&k.as_str())) {
            report.push(
                Diagnostic::warning(
                    Stage::Parse,
                    Kind::UnknownKey,
                    pointer(&self.at, key),
                    format!("unknown key `{key}`"),
                )
                .help("if it carries meaning, read it in generator/src/discovery"),
            );
        }
    }

    fn wrong<T>(&self, key: &str, want: &str, got: &Value, report: &mut Report) -> Option<T> {
        wrong(report, &pointer(&self.at, key), want, got);
        None
    }
}

fn wrong(report: &mut Report, at: &str, want: &str, got: &Value) {
    let got = match got {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    };
    report.push(
        Diagnostic::error(
            Stage::Parse,
            Kind::Malformed,
            at,
            format!("expected {want}, found {got}"),
        )
        .help("correct the document, or patch this place in its overlay"),
    );
}
