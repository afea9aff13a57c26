//! Evaluates filters on resources.

use std::cmp::Ordering;

use discovery_runtime::json::DateTime;
use serde_json::Value;

use super::{Filter, Literal, Op, Operand};
use crate::names::camel;

impl Filter {
    /// Returns `true` if the resource matches the filter.
    #[must_use]
    pub fn holds(&self, resource: &Value) -> bool {
        self.holds_with(&|operand| lookup(resource, &operand.field))
    }

    /// Returns `true` if the filter matches, with `values` returning the values of a left side:
    /// none if the field is not set, several if it is a list. A function without an operator
    /// matches if `values` returns `true`.
    pub fn holds_with(&self, values: &dyn Fn(&Operand) -> Vec<Value>) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.holds_with(values)),
            Self::Or(parts) => parts.iter().any(|part| part.holds_with(values)),
            Self::Not(inner) => !inner.holds_with(values),
            Self::Test(operand) => values(operand).contains(&Value::Bool(true)),
            Self::Compare { operand, op, value } => {
                let found = values(operand);
                match op {
                    Op::NotEqual => !found.iter().any(|v| compares(v, Op::Equal, value)),
                    op => found.iter().any(|v| compares(v, *op, value)),
                }
            }
        }
    }
}

/// Returns the values at a path such as `a.b.c`, looking into the elements of lists.
pub(crate) fn lookup(value: &Value, path: &str) -> Vec<Value> {
    let mut found = vec![value];
    for name in path.split('.') {
        let spelled = camel(name);
        let members = found.into_iter().flat_map(elements);
        found = members.filter_map(|v| v.get(name).or_else(|| v.get(&spelled))).collect();
    }
    found.into_iter().flat_map(elements).cloned().collect()
}

fn elements(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        other => vec![other],
    }
}

fn compares(found: &Value, op: Op, wanted: &Literal) -> bool {
    match op {
        Op::Equal if wanted.text.contains('*') => wildcard(&text(found), &wanted.text),
        Op::Has => has(found, &wanted.text),
        op => order(found, wanted).is_some_and(|order| match op {
            Op::Equal => order.is_eq(),
            Op::NotEqual => order.is_ne(),
            Op::Less => order.is_lt(),
            Op::AtMost => order.is_le(),
            Op::Greater => order.is_gt(),
            Op::AtLeast => order.is_ge(),
            Op::Has => false,
        }),
    }
}

/// `field:text` matches a substring or a key of an object; `field:*` matches any value.
fn has(found: &Value, wanted: &str) -> bool {
    match found {
        _ if wanted == "*" => true,
        Value::Object(members) => members.contains_key(wanted),
        other => text(other).to_lowercase().contains(&wanted.to_lowercase()),
    }
}

/// Compares as numbers, times, or text, depending on the type of both sides.
fn order(found: &Value, wanted: &Literal) -> Option<Ordering> {
    let found = text(found);
    if !wanted.quoted
        && let (Ok(a), Ok(b)) = (found.parse::<f64>(), wanted.text.parse::<f64>())
    {
        return a.partial_cmp(&b);
    }
    match (found.parse::<DateTime>(), wanted.text.parse::<DateTime>()) {
        // `None` for a local time and an instant: neither is earlier.
        (Ok(a), Ok(b)) => a.partial_cmp(&b),
        _ => Some(found.as_str().cmp(wanted.text.as_str())),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Matches `*` at either end of the pattern, as in AIP-160.
fn wildcard(found: &str, pattern: &str) -> bool {
    let inner = pattern.trim_matches('*');
    match (pattern.starts_with('*'), pattern.ends_with('*')) {
        (true, true) => found.contains(inner),
        (true, false) => found.ends_with(inner),
        (false, true) => found.starts_with(inner),
        (false, false) => found == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Grammar;
    use serde_json::json;

    #[test]
    fn filters_match() {
        let resource = json!({
            "name": "projects/p/jobs/1", "count": 10, "big": "9007199254740993", "open": true,
            "createTime": "2026-01-15T10:00:00.5Z", "labels": { "env": "prod" },
            "tags": ["red", "blue"], "parts": [{ "size": 1 }, { "size": 5 }],
            "displayName": "Alpha Beta", "start": "2026-01-15T02:00:00.0-08:00",
        });
        for (text, expected) in [
            ("name = \"projects/p/jobs/1\"", true),
            ("name = \"projects/p/*\"", true),
            ("name = \"*/2\"", false),
            ("count > 9 AND count <= 10", true),
            ("count = \"10\"", true),
            ("open = true", true),
            ("open = false", false),
            ("labels.env = prod", true),
            ("labels:env", true),
            ("labels:zone", false),
            ("tags = red", true),
            ("tags != red", false),
            ("tags:RE", true),
            ("parts.size > 4", true),
            ("display_name : beta", true),
            ("missing = 1", false),
            ("missing != 1", true),
            ("missing:*", false),
            ("name:*", true),
            ("createTime > \"2026-01-15T10:00:00Z\"", true),
            ("createTime > \"2026-01-15T11:00:00+01:00\" OR count = 0", true),
            ("start > \"2026-01-15T09:30:00+00:00\"", true),
            ("start < \"2026-01-15T11:30:00+01:00\"", true),
            ("start = \"2026-01-15T10:00:00Z\"", true),
            ("start < \"2026-01-15T12:00:00\"", false),
            ("start >= \"2026-01-15T01:00:00\"", false),
            ("NOT (count = 10 OR open = false)", false),
        ] {
            let filter = Filter::parse(text, Grammar::Aip160).unwrap();
            assert_eq!(filter.holds(&resource), expected, "{text}");
        }
    }
}
