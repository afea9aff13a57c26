//! `--select`: keeps selected members of a document.

mod mask;

use discovery_describe::names;
use discovery_runtime::reflect::TypeInfo;
use discovery_runtime::spec::ItemsIn;
use serde_json::{Map, Value};

use crate::issue::Issue;
use crate::schema::{self, Kind};
use crate::suggest;

/// Tree of members to keep; a node without children keeps everything below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Select {
    /// Names in order of mention, with their selected members.
    members: Vec<(String, Select)>,
}

impl Select {
    /// Parses `a.b,c[].d`: commas separate paths, dots and brackets separate names; `[]` is
    /// optional, because a name after a list applies to every element.
    pub(crate) fn parse(text: &str) -> Result<Self, Issue> {
        let mut select = Self::default();
        for path in split_paths(text) {
            let names = names(path.trim());
            if names.is_empty() {
                let issue = Issue::error("Paths must not be empty.");
                return Err(issue.at("--select", text));
            }
            select.add(&names);
        }
        Ok(select)
    }

    fn add(&mut self, path: &[String]) {
        let Some((first, rest)) = path.split_first() else { return };
        let index = match self.members.iter().position(|(name, _)| name == first) {
            Some(index) => index,
            None => {
                self.members.push((first.clone(), Self::default()));
                self.members.len() - 1
            }
        };
        self.members[index].1.add(rest);
    }

    fn is_leaf(&self) -> bool {
        self.members.is_empty()
    }

    /// Returns the paths of the leaves, in order.
    pub(crate) fn paths(&self) -> Vec<Vec<&str>> {
        let mut out = Vec::new();
        for (name, below) in &self.members {
            if below.is_leaf() {
                out.push(vec![name.as_str()]);
            }
            for path in below.paths() {
                out.push([vec![name.as_str()], path].concat());
            }
        }
        out
    }

    /// Returns the selection relative to a list's items, if all paths lead through the member with
    /// the items.
    ///
    /// An item of a map is an entry: its key is always selected, and paths refer to its value.
    pub(crate) fn for_items(&self, items: ItemsIn) -> Self {
        let inside = match self.members.as_slice() {
            [(name, below)] if names::is_spelling(items.name(), name) && !below.is_leaf() => {
                below.clone()
            }
            _ => self.clone(),
        };
        match items {
            ItemsIn::List(_) => inside,
            ItemsIn::Map(_) => inside.for_entries(),
        }
    }

    fn for_entries(self) -> Self {
        let mut entry = Self::default();
        entry.add(&["key".to_owned()]);
        for (name, below) in self.members {
            match name.as_str() {
                "key" => {}
                "value" => entry.members.push((name, below)),
                _ => {
                    entry.add(&["value".to_owned()]);
                    if let Some((_, value)) = entry.members.last_mut() {
                        value.members.push((name, below));
                    }
                }
            }
        }
        entry
    }

    /// Returns the selected members of a value.
    pub(crate) fn apply(&self, value: &Value) -> Value {
        if self.is_leaf() {
            return value.clone();
        }
        match value {
            Value::Array(elements) => elements.iter().map(|element| self.apply(element)).collect(),
            Value::Object(members) => {
                let mut kept = Map::new();
                for (typed, below) in &self.members {
                    if let Some((name, member)) = member(members, typed) {
                        kept.insert(name.clone(), below.apply(member));
                    }
                }
                Value::Object(kept)
            }
            other => other.clone(),
        }
    }

    /// Warns about the first name that the type lacks.
    pub(crate) fn check(&self, ty: TypeInfo) -> Option<Issue> {
        let inner = match schema::kind(ty) {
            Kind::List(of) => return self.check(of),
            Kind::Map(of) => {
                return self.members.iter().find_map(|(_, below)| below.check(of));
            }
            Kind::Object(fields, None) => fields,
            Kind::Object(_, Some(_)) | Kind::Any | Kind::Scalar(_) => return None,
        };
        self.members.iter().find_map(|(typed, below)| match schema::field(inner, typed) {
            Some(field) => below.check(field.ty),
            None => {
                let message = format!("'{typed}' is not a member of {}.", schema::label(ty));
                let known = inner.iter().map(|field| field.name);
                Some(Issue::warning(message).instead(suggest::closest(typed, known)))
            }
        })
    }
}

/// Finds the member with a typed name.
pub(crate) fn member<'v>(
    members: &'v Map<String, Value>,
    typed: &str,
) -> Option<(&'v String, &'v Value)> {
    members
        .get_key_value(typed)
        .or_else(|| members.iter().find(|(name, _)| names::is_spelling(name, typed)))
}

/// Splits at commas outside brackets.
fn split_paths(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn names(path: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some((inside, after)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
            let key = inside.trim_matches(['"', '\'']);
            if !key.is_empty() && key != "*" {
                out.push(key.to_owned());
            }
            rest = after;
            continue;
        }
        let start = rest.trim_start_matches('.');
        let end =
            start.char_indices().skip(1).find(|(_, c)| matches!(c, '.' | '[')).map(|(at, _)| at);
        let (name, after) = start.split_at(end.unwrap_or(start.len()));
        if !name.is_empty() {
            out.push(name.to_owned());
        }
        rest = after;
    }
    out
}

/// Returns the values at a path: for lists, those of all elements.
pub(crate) fn values<'v>(value: &'v Value, path: &[&str]) -> Vec<&'v Value> {
    match (value, path.split_first()) {
        (Value::Array(elements), Some(_)) => {
            elements.iter().flat_map(|element| values(element, path)).collect()
        }
        (_, None) => vec![value],
        (Value::Object(members), Some((first, rest))) => {
            member(members, first).map_or_else(Vec::new, |(_, member)| values(member, rest))
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keeps_members_in_their_places() {
        let doc = json!({
            "jobs": [{"name": "a", "x": {"y": 1, "z": 2}}, {"name": "b"}],
            "nextPageToken": "t",
            "m": {"k.l": 1, "o": 2},
        });
        for (text, want) in [
            ("jobs[].name", json!({"jobs": [{"name": "a"}, {"name": "b"}]})),
            (
                "jobs.x.y,next-page-token",
                json!({"jobs": [{"x": {"y": 1}}, {}], "nextPageToken": "t"}),
            ),
            ("m[k.l]", json!({"m": {"k.l": 1}})),
            (
                "jobs[].x.y,jobs[].name",
                json!({"jobs": [{"x": {"y": 1}, "name": "a"}, {"name": "b"}]}),
            ),
            ("none", json!({})),
        ] {
            assert_eq!(Select::parse(text).unwrap().apply(&doc), want, "{text}");
        }
        assert!(Select::parse("a,,b").is_err());
        assert!(Select::parse("").is_err());
    }

    #[test]
    fn from_the_items() {
        let select =
            Select::parse("jobs[].name,jobs[].title").unwrap().for_items(ItemsIn::List("jobs"));
        assert_eq!(select.paths(), [["name"], ["title"]]);
        let other = Select::parse("name").unwrap();
        assert_eq!(other.for_items(ItemsIn::List("jobs")), other);
    }

    #[test]
    fn values_of_all_elements() {
        let doc = json!({"a": [{"b": 1}, {"b": [2, 3]}, {}]});
        assert_eq!(values(&doc, &["a", "b"]), [&json!(1), &json!([2, 3])]);
    }
}
