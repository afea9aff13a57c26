//! Partial responses: the `fields` parameter, for example `nextPageToken,jobs(name,derivedInfo/*)`.
//!
//! The grammar follows [Google's guide](https://developers.google.com/discovery/v1/performance):
//! `a,b` selects both, `a/b` selects `b` within `a`, `a(b,c)` selects both within `a`, and `*`
//! selects everything. Selections apply to every element of a list.

use std::collections::BTreeMap;

use discovery_runtime::reflect::TypeInfo;
use serde_json::Value;

use crate::error::ApiError;
use crate::schema::{additional, field, resolve};

/// A selection of fields by name, each with the selection below it; an empty one selects
/// everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    names: BTreeMap<String, Selection>,
}

impl Selection {
    /// Parses a selection, for example `nextPageToken,jobs(name,derivedInfo/*)`.
    ///
    /// # Errors
    ///
    /// `INVALID_ARGUMENT`, with the position of the error.
    pub fn parse(text: &str) -> Result<Self, ApiError> {
        let mut parser = Parser { text, at: 0, depth: 0 };
        let mut selection = Self::default();
        parser.list(&mut selection)?;
        match parser.peek() {
            None => Ok(selection),
            Some(_) => Err(parser.wrong()),
        }
    }

    /// Rejects names that the type of the response does not have.
    pub(crate) fn check(&self, ty: TypeInfo) -> Result<(), ApiError> {
        for (name, below) in &self.names {
            match member(ty, name) {
                Some(ty) => below.check(ty)?,
                None => {
                    let text = format!(
                        "Error expanding 'fields' parameter. Cannot find matching fields for path '{name}'."
                    );
                    return Err(ApiError::invalid("fields", text));
                }
            }
        }
        Ok(())
    }

    /// Removes unselected fields, in every element of a list.
    pub fn apply(&self, value: &mut Value) {
        if self.names.is_empty() {
            return;
        }
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.apply(item)),
            Value::Object(members) => {
                members.retain(|name, value| match self.below(name) {
                    Some(below) => {
                        below.apply(value);
                        true
                    }
                    None => false,
                });
            }
            _ => {}
        }
    }

    fn below(&self, name: &str) -> Option<&Self> {
        self.names.get(name).or_else(|| self.names.get("*"))
    }
}

/// Returns the type of a field in a selection.
fn member(ty: TypeInfo, name: &str) -> Option<TypeInfo> {
    match resolve(ty) {
        TypeInfo::Any => Some(TypeInfo::Any),
        TypeInfo::List(item) => member(*item, name),
        TypeInfo::Map(item) => Some(*item),
        // Names below `*` need not exist in every field.
        TypeInfo::Object(_) if name == "*" => Some(TypeInfo::Any),
        TypeInfo::Object(schema) => {
            field(schema, name).map(|field| field.ty).or_else(|| additional(schema))
        }
        _ => None,
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn list(&mut self, into: &mut Selection) -> Result<(), ApiError> {
        loop {
            self.path(into)?;
            if !self.take(',') {
                return Ok(());
            }
        }
    }

    fn path(&mut self, into: &mut Selection) -> Result<(), ApiError> {
        let name = self.name()?;
        let known = into.names.contains_key(&name);
        let below = into.names.entry(name).or_default();
        // `a,a/b` keeps all of `a`.
        let all = known && below.names.is_empty();
        self.depth += 1;
        if self.depth > 50 {
            return Err(self.wrong());
        }
        if self.take('/') {
            self.path(below)?;
        } else if self.take('(') {
            self.list(below)?;
            if !self.take(')') {
                return Err(self.wrong());
            }
        } else {
            below.names.clear();
        }
        self.depth -= 1;
        if all {
            below.names.clear();
        }
        Ok(())
    }

    fn name(&mut self) -> Result<String, ApiError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = rest.find([',', '/', '(', ')']).unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or_default();
        if name.trim().is_empty() {
            return Err(self.wrong());
        }
        self.at += end;
        Ok(name.trim().to_owned())
    }

    fn wrong(&self) -> ApiError {
        let text = format!(
            "Invalid field selection '{}': syntax error at character {}.",
            self.text,
            self.text.get(..self.at).unwrap_or_default().chars().count()
        );
        ApiError::invalid("fields", text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn selections_keep_the_named_fields() {
        let full = json!({
            "jobs": [
                { "name": "1", "title": "a", "info": { "x": 1, "y": 2 } },
                { "name": "2", "info": { "x": 3 } },
            ],
            "next": "t", "total": 2,
        });
        for (fields, expected) in [
            ("next", json!({ "next": "t" })),
            ("jobs/name", json!({ "jobs": [{ "name": "1" }, { "name": "2" }] })),
            (
                "next,jobs(title,info/x)",
                json!({ "next": "t", "jobs": [
                    { "title": "a", "info": { "x": 1 } }, { "info": { "x": 3 } } ] }),
            ),
            (
                "jobs(info(y)),jobs/name",
                json!({ "jobs": [
                { "name": "1", "info": { "y": 2 } }, { "name": "2", "info": {} } ] }),
            ),
            (
                "jobs/*/x",
                json!({ "jobs": [
                { "name": "1", "title": "a", "info": { "x": 1 } },
                { "name": "2", "info": { "x": 3 } } ] }),
            ),
            ("*", full.clone()),
            ("jobs/name,jobs", json!({ "jobs": full["jobs"] })),
            ("jobs,jobs/name", json!({ "jobs": full["jobs"] })),
        ] {
            let mut value = full.clone();
            Selection::parse(fields).unwrap().apply(&mut value);
            assert_eq!(value, expected, "{fields}");
        }
    }

    #[test]
    fn invalid_selections_are_rejected() {
        for text in ["", ",", "a,", "a(", "a(b", "a)", "a//b", "a(b))", &"a(".repeat(100_000)] {
            assert!(Selection::parse(text).is_err(), "{text:.20}");
        }
    }
}
