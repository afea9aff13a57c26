use proptest::prelude::*;
use serde_json::{Value, json};

use super::{parse, to_string};

#[test]
fn scalars_by_the_core_schema() {
    for (text, want) in [
        ("5", json!(5)),
        ("+5", json!(5.0)),
        ("-1.50", serde_json::from_str("-1.50").unwrap()),
        ("1e3", serde_json::from_str("1e3").unwrap()),
        ("12345678901234567890123", serde_json::from_str("12345678901234567890123").unwrap()),
        ("0x1F", json!(31)),
        ("0o17", json!(15)),
        ("0123", json!("0123")),
        ("'5'", json!("5")),
        ("\"5\"", json!("5")),
        ("!!str 5", json!("5")),
        ("no", json!("no")),
        ("True", json!(true)),
        ("~", Value::Null),
        ("", Value::Null),
        ("1.2.3", json!("1.2.3")),
        ("2024-01-02", json!("2024-01-02")),
        ("-", json!([null])),
    ] {
        assert_eq!(parse(text).unwrap(), want, "{text}");
    }
}

#[test]
fn collections_and_aliases() {
    let text = "a: &x\n  b: [1, {c: d}]\ne: *x\nf: |\n  two\n  lines\n";
    let want =
        json!({"a": {"b": [1, {"c": "d"}]}, "e": {"b": [1, {"c": "d"}]}, "f": "two\nlines\n"});
    assert_eq!(parse(text).unwrap(), want);
}

#[test]
fn mistakes_say_where() {
    for (text, want) in [
        ("a: 1\na: 2", "the key 'a' stands twice at line 2"),
        ("a: [1", "line 2"),
        ("--- 1\n--- 2", "second document"),
        ("? [a]\n: b", "a key is not a text"),
    ] {
        let error = parse(text).unwrap_err();
        assert!(error.contains(want), "{text}: {error}");
    }
}

#[test]
fn a_few_lines_are_not_a_billion_values() {
    let mut text = String::from("a: &a0 [1,1,1,1,1,1,1,1,1,1]\n");
    for i in 1..12 {
        let refs = vec![format!("*a{}", i - 1); 10].join(",");
        text.push_str(&format!("b{i}: &a{i} [{refs}]\n"));
    }
    assert!(parse(&text).unwrap_err().contains("too large"));
    let deep = "[".repeat(500);
    assert!(parse(&deep).is_err());
}

fn values() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "[ -~]{0,12}",
        "[a-z: #|>'\"\\n-]{0,12}",
        "\\PC{0,6}",
        Just("null".to_owned()),
        Just("0123".to_owned()),
        Just("1e3".to_owned()),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|n| json!(n)),
        any::<f64>().prop_filter("JSON", |n| n.is_finite()).prop_map(|n| json!(n)),
        text.prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::btree_map("[ -~]{0,6}", inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(value in values()) {
        let text = to_string(&value);
        prop_assert_eq!(parse(&text).map_err(|error| format!("{error}\n{text}")), Ok(value), "{}", text);
    }

    #[test]
    fn no_text_makes_it_panic(text in "[\\PC\\n\\t]{0,60}|[a&*:{}\\[\\],?!|>%@`#'\" \\n-]{0,40}") {
        let _ = parse(&text);
    }
}
