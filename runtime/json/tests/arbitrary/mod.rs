//! Random JSON.
#![allow(unreachable_pub, reason = "shared by test files")]

use proptest::prelude::*;
use serde_json::Value;

/// Any JSON value as text, with random whitespace.
pub fn any_json() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        any::<u64>().prop_map(|value| value.to_string()),
        any::<f64>()
            .prop_filter("finite", |value| value.is_finite())
            .prop_map(|value| format!("{value:e}")),
        any::<String>().prop_map(|value| Value::from(value).to_string()),
        "\"(\\\\u[0-9a-fA-F]{4}|\\\\[bfnrt\"/]|[a-z ])*\"",
    ];
    let space = "[ \n\t\r]{0,2}";
    scalar.prop_recursive(6, 60, 6, move |inner| {
        let item = (space, inner, space).prop_map(|(a, value, b)| format!("{a}{value}{b}"));
        let member = (space, "\"[a-c\\\\n]{0,3}\"", space, item.clone())
            .prop_map(|(a, key, b, value)| format!("{a}{key}{b}:{value}"));
        prop_oneof![
            (space, prop::collection::vec(item, 0..6))
                .prop_map(|(a, items)| format!("[{a}{}]", items.join(","))),
            (space, prop::collection::vec(member, 0..6))
                .prop_map(|(a, items)| format!("{{{a}{}}}", items.join(","))),
        ]
    })
}
