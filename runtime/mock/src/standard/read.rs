//! Standard methods Get ([AIP-131](https://google.aip.dev/131)) and List
//! ([AIP-132](https://google.aip.dev/132)).

use std::cmp::Ordering;
use std::collections::BTreeSet;

use discovery_runtime::json::{DateTime, Timestamp};
use discovery_runtime::reflect::{SchemaInfo, TypeInfo};
use serde_json::{Map, Value, json};

use super::{Identity, Work, place, shared, stamp};
use crate::behavior::Select;
use crate::error::ApiError;
use crate::filter::{Filter, Grammar, lookup};
use crate::schema::{additional, field, object, resolve};

/// An entry of a page.
enum Entry {
    Item(Value),
    /// What the ids of several items begin with.
    Prefix(String),
}

impl Work<'_, '_, '_> {
    pub(super) fn get(&mut self) -> Result<Option<Value>, ApiError> {
        let name = place::name(self.call);
        let stored = self.call.txn.get(&name).cloned();
        self.check_conditions(stored.as_ref().filter(|_| self.resource.creatable))?;
        match stored {
            Some(value) => Ok(Some(self.presented(value))),
            None if self.resource.creatable => Err(ApiError::not_found(&name)),
            None => Ok(None),
        }
    }

    /// `item` is the schema of the items if they have only some fields of the resource.
    pub(super) fn list(
        &mut self,
        items: &str,
        item: Option<&'static SchemaInfo>,
    ) -> Result<Option<Value>, ApiError> {
        let select = self.select()?;
        let collection = place::name(self.call);
        let found = self.call.txn.children(&collection).into_iter();
        let mut found: Vec<(u64, Value)> = found
            .filter(|(_, record)| select(&record.value))
            .map(|(_, record)| (record.order, record.value.clone()))
            .collect();
        if found.is_empty() && !self.resource.creatable {
            return Ok(None);
        }
        self.sort(&mut found)?;
        let found = self.divided(found);
        let rules = self.behavior.rules(self.call);
        let page = self.call.paging(&rules.page)?.cut(found, 0, |(order, _)| *order)?;
        let (mut values, mut prefixes) = (Vec::new(), Vec::new());
        for (_, entry) in page.items {
            match entry {
                Entry::Item(value) => values.push(self.listed(value, item)),
                Entry::Prefix(prefix) => prefixes.push(Value::String(prefix)),
            }
        }
        let mut answer = Map::new();
        if let Some(name) = self.prefixes().filter(|_| !prefixes.is_empty()) {
            answer.insert(name.to_owned(), Value::Array(prefixes));
        }
        if !values.is_empty() {
            answer.insert(items.to_owned(), Value::Array(values));
        }
        if let (Some(token), Some(paging)) = (page.next, self.call.method.spec.paging) {
            answer.insert(paging.next.to_owned(), Value::String(token));
        }
        let response = self.call.method.response.and_then(crate::schema::object);
        if response.is_some_and(|schema| field(schema, "totalSize").is_some()) {
            answer.insert("totalSize".to_owned(), json!(page.total));
        }
        let mut answer = Value::Object(answer);
        if let Some(schema) = response {
            stamp::constants(schema, &mut answer);
        }
        Ok(Some(answer))
    }

    /// Puts those whose id goes on with a delimiter after the prefix of the call together.
    fn divided(&self, found: Vec<(u64, Value)>) -> Vec<(u64, Entry)> {
        let (Some(delimiter), Some(_)) = (self.call.param("delimiter"), self.prefixes()) else {
            return found.into_iter().map(|(order, value)| (order, Entry::Item(value))).collect();
        };
        let Identity::Last(member) = self.resource.identity else { return Vec::new() };
        let prefix = self.call.param("prefix").unwrap_or_default();
        let mut known = BTreeSet::new();
        let entry = |(order, value): (u64, Value)| {
            let id = value.get(member).and_then(Value::as_str).unwrap_or_default();
            let rest = id.strip_prefix(prefix).unwrap_or(id);
            match rest.split_once(delimiter).filter(|_| !delimiter.is_empty()) {
                None => Some((order, Entry::Item(value))),
                Some((inner, _)) => {
                    let prefix = format!("{prefix}{inner}{delimiter}");
                    known.insert(prefix.clone()).then_some((order, Entry::Prefix(prefix)))
                }
            }
        };
        found.into_iter().filter_map(entry).collect()
    }

    /// Returns a resource as an item of a list.
    fn listed(&self, value: Value, item: Option<&'static SchemaInfo>) -> Value {
        let value = self.presented(value);
        let Some(item) = item else { return value };
        let mut value = shared(item, &value);
        stamp::constants(item, &mut value);
        value
    }

    /// Combines the conditions of a call: `filter` and a search text.
    pub(super) fn select(&self) -> Result<Select, ApiError> {
        if let Some(select) = self.behavior.select(self.call) {
            return select;
        }
        let given = |name: &&str| self.call.param(name).filter(|text| !text.trim().is_empty());
        let mut selects: Vec<Select> = self.restrictions()?;
        if let Some(text) = given(&"filter") {
            selects.push(self.filter("filter", text, Grammar::Aip160)?);
        }
        for name in SEARCHES {
            let Some(text) = given(&name) else { continue };
            selects.push(match words(text) {
                Some(words) => {
                    Box::new(move |value| words.iter().all(|word| mentions(value, word)))
                }
                None => self.filter(name, text, Grammar::Query)?,
            });
        }
        Ok(Box::new(move |value| selects.iter().all(|select| select(value))))
    }

    fn filter(&self, param: &str, text: &str, grammar: Grammar) -> Result<Select, ApiError> {
        let refuse = |why: &str| {
            ApiError::invalid(param, format!("This server cannot evaluate {param}='{text}': {why}"))
        };
        let filter = match Filter::parse(text, grammar) {
            Err(error) if param == "filter" => return Err(error),
            Err(error) => return Err(refuse(error.message())),
            Ok(filter) => filter,
        };
        for operand in filter.operands() {
            let first = operand.field.split('.').next().unwrap_or_default();
            if operand.function.is_some() || !self.has_member(first) {
                let text = format!("Invalid {param}: '{first}' is not a field of {}.", self.kind());
                return Err(ApiError::invalid(param, text));
            }
        }
        let schema = self.resource.schema;
        Ok(Box::new(move |value| {
            filter.holds_with(&|operand| {
                let found = lookup(value, &operand.field);
                // An unset boolean is false.
                let flag = field(schema, &operand.field).map(|field| resolve(field.ty));
                match (found.is_empty(), flag) {
                    (true, Some(TypeInfo::Bool)) => vec![Value::Bool(false)],
                    _ => found,
                }
            })
        }))
    }

    /// Sorts by `orderBy`, for example `title, createTime desc`.
    fn sort(&self, found: &mut [(u64, Value)]) -> Result<(), ApiError> {
        self.sort_by(found, |value| value)
    }

    /// Sorts values that contain a resource.
    pub(super) fn sort_by<T>(
        &self,
        found: &mut [(u64, T)],
        resource: fn(&T) -> &Value,
    ) -> Result<(), ApiError> {
        let Some(text) = self.call.param("orderBy") else { return Ok(()) };
        let mut keys = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let mut words = part.split_whitespace();
            let name = words.next().unwrap_or_default();
            let descending = match (words.next(), words.next()) {
                (None | Some("asc"), None) => false,
                (Some("desc"), None) => true,
                _ => return Err(bad_order(part)),
            };
            let first = name.split('.').next().unwrap_or_default();
            let pointer = match self.has_member(first) {
                true => pointer(name),
                false => self.time_of(name).ok_or_else(|| bad_order(part))?,
            };
            keys.push((pointer, descending));
        }
        found.sort_by(|(_, a), (_, b)| {
            let by_key = keys.iter().map(|(pointer, descending)| {
                let (a, b) = (resource(a).pointer(pointer), resource(b).pointer(pointer));
                let order = compare(a, b);
                if *descending { order.reverse() } else { order }
            });
            by_key.fold(Ordering::Equal, Ordering::then)
        });
        Ok(())
    }

    /// Resolves `startTime` to the time within `start`, as in Calendar.
    fn time_of(&self, name: &str) -> Option<String> {
        let member = name.strip_suffix("Time")?;
        let inner = object(field(self.resource.schema, member)?.ty)?;
        field(inner, "dateTime").map(|_| format!("/{member}/dateTime"))
    }

    fn has_member(&self, name: &str) -> bool {
        let schema = self.resource.schema;
        field(schema, name).is_some() || additional(schema).is_some()
    }

    fn kind(&self) -> &'static str {
        self.resource.schema.name
    }
}

/// Search parameters other than `filter`.
const SEARCHES: [&str; 2] = ["q", "query"];

/// Returns the lower-case words of a text without operators, which is searched for in all fields.
fn words(text: &str) -> Option<Vec<String>> {
    let plain = |c: char| c.is_alphanumeric() || c.is_whitespace() || "-_.@".contains(c);
    let words = text.chars().all(plain).then(|| text.split_whitespace().map(str::to_lowercase));
    words.map(Iterator::collect)
}

/// Returns `true` if any text in a value contains the word.
fn mentions(value: &Value, word: &str) -> bool {
    match value {
        Value::String(text) => text.to_lowercase().contains(word),
        Value::Array(items) => items.iter().any(|item| mentions(item, word)),
        Value::Object(members) => members.values().any(|member| mentions(member, word)),
        _ => false,
    }
}

fn bad_order(part: &str) -> ApiError {
    let text = format!("Invalid orderBy: '{part}' is not a field, or a field and asc or desc.");
    ApiError::invalid("order_by", text)
}

fn pointer(path: &str) -> String {
    path.split('.').map(|name| format!("/{}", crate::names::camel(name))).collect()
}

/// Sort key of a value. Unset values come first, then numbers, times, and text.
enum Key {
    Unset,
    Number(f64),
    /// Local times are sorted as if UTC, since sorting needs a total order.
    Time(Timestamp),
    Text(String),
}

impl Key {
    fn of(value: Option<&Value>) -> Self {
        match value {
            None => Self::Unset,
            Some(Value::String(text)) => {
                let utc = || format!("{text}Z").parse::<DateTime>().ok()?.timestamp();
                let time = text.parse::<DateTime>().ok();
                let point = time.and_then(|time| time.timestamp().or_else(utc));
                point.map_or_else(|| Self::Text(text.clone()), Self::Time)
            }
            Some(value) => {
                value.as_f64().map_or_else(|| Self::Text(value.to_string()), Self::Number)
            }
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Unset => 0,
            Self::Number(_) => 1,
            Self::Time(_) => 2,
            Self::Text(_) => 3,
        }
    }
}

fn compare(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    match (Key::of(a), Key::of(b)) {
        (Key::Number(a), Key::Number(b)) => a.total_cmp(&b),
        (Key::Time(a), Key::Time(b)) => a.cmp(&b),
        (Key::Text(a), Key::Text(b)) => a.cmp(&b),
        (a, b) => a.rank().cmp(&b.rank()),
    }
}

#[cfg(test)]
mod tests {
    use super::compare;
    use serde_json::{Value, json};

    #[test]
    fn times_are_sorted_as_instants() {
        let sorted = [
            Value::Null,
            json!(-1),
            json!(10),
            json!("2026-01-15T09:59:59Z"),
            json!("2026-01-15T02:00:00-08:00"),
            json!("2026-01-15T10:00:00.5Z"),
            json!("2026-01-15T10:00:01"),
            json!("Alpha"),
            json!("beta"),
        ];
        for (i, a) in sorted.iter().enumerate() {
            for (j, b) in sorted.iter().enumerate() {
                let (a, b) = (Some(a).filter(|v| !v.is_null()), Some(b).filter(|v| !v.is_null()));
                assert_eq!(compare(a, b), i.cmp(&j), "{a:?} {b:?}");
            }
        }
    }
}
