//! Get ([AIP-131](https://google.aip.dev/131)) and list ([AIP-132](https://google.aip.dev/132)).

use std::cmp::Ordering;

use discovery_runtime::json::{DateTime, Timestamp};
use serde_json::{Map, Value, json};

use super::{Work, place};
use crate::behaviour::Select;
use crate::error::ApiError;
use crate::filter::{Filter, Grammar};
use crate::schema::{additional, field};

impl Work<'_, '_, '_> {
    pub(super) fn get(&mut self) -> Result<Option<Value>, ApiError> {
        let name = place::name(self.call);
        match self.call.txn.get(&name).cloned() {
            Some(value) => Ok(Some(self.presented(value))),
            None if self.resource.creatable => Err(ApiError::not_found(&name)),
            None => Ok(None),
        }
    }

    pub(super) fn list(&mut self, items: &str) -> Result<Option<Value>, ApiError> {
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
        let rules = self.behaviour.rules(self.call);
        let page = self.call.paging(&rules.page)?.cut(found, 0, |(order, _)| *order)?;
        let values: Vec<Value> =
            page.items.into_iter().map(|(_, value)| self.presented(value)).collect();
        let mut answer = Map::new();
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
        Ok(Some(Value::Object(answer)))
    }

    fn select(&self) -> Result<Select, ApiError> {
        if let Some(select) = self.behaviour.select(self.call) {
            return select;
        }
        let Some(text) = self.call.param("filter").filter(|text| !text.trim().is_empty()) else {
            return Ok(Box::new(|_| true));
        };
        let filter = Filter::parse(text, Grammar::Aip160)?;
        for operand in filter.operands() {
            let first = operand.field.split('.').next().unwrap_or_default();
            if operand.function.is_some() || !self.has_member(first) {
                let text = format!("Invalid filter: '{first}' is no field of {}.", self.kind());
                return Err(ApiError::invalid("filter", text));
            }
        }
        Ok(Box::new(move |value| filter.holds(value)))
    }

    /// Sorts by `orderBy`: `title, createTime desc`.
    fn sort(&self, found: &mut [(u64, Value)]) -> Result<(), ApiError> {
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
            if !self.has_member(first) {
                return Err(bad_order(part));
            }
            keys.push((pointer(name), descending));
        }
        found.sort_by(|(_, a), (_, b)| {
            let by_key = keys.iter().map(|(pointer, descending)| {
                let order = compare(a.pointer(pointer), b.pointer(pointer));
                if *descending { order.reverse() } else { order }
            });
            by_key.fold(Ordering::Equal, Ordering::then)
        });
        Ok(())
    }

    fn has_member(&self, name: &str) -> bool {
        let schema = self.resource.schema;
        field(schema, name).is_some() || additional(schema).is_some()
    }

    fn kind(&self) -> &'static str {
        self.resource.schema.name
    }
}

fn bad_order(part: &str) -> ApiError {
    let text = format!("Invalid order: '{part}' is not a field, or a field and asc or desc.");
    ApiError::invalid("order_by", text)
}

fn pointer(path: &str) -> String {
    path.split('.').map(|name| format!("/{}", crate::names::camel(name))).collect()
}

/// What a value is sorted by. What is not set comes first, then numbers, then times, then text.
enum Key {
    Unset,
    Number(f64),
    /// A local time counts as one of UTC: what is sorted needs an order.
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
    fn times_are_sorted_as_points_in_time() {
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
