use std::io::Write;
use std::process::Command;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{inline, parse, to_string};

#[test]
fn scalars_by_the_core_schema() {
    for (text, want) in [
        ("5", json!(5)),
        ("+5", json!(5)),
        ("+9007199254740993", json!(9_007_199_254_740_993_u64)),
        ("+.5", json!(0.5)),
        ("+-5", json!("+-5")),
        ("-1.50", serde_json::from_str("-1.50").unwrap()),
        ("1e3", serde_json::from_str("1e3").unwrap()),
        ("0e0", serde_json::from_str("0e0").unwrap()),
        ("-0E5", serde_json::from_str("-0E5").unwrap()),
        ("00e0", json!("00e0")),
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
fn errors_report_the_position() {
    for (text, want) in [
        ("a: 1\na: 2", "duplicate key 'a' at line 2"),
        ("a: [1", "line 2"),
        ("--- 1\n--- 2", "second document"),
        ("? [a]\n: b", "a key is not a text"),
    ] {
        let error = parse(text).unwrap_err();
        assert!(error.contains(want), "{text}: {error}");
    }
}

#[test]
fn alias_expansion_is_limited() {
    let mut text = String::from("a: &a0 [1,1,1,1,1,1,1,1,1,1]\n");
    for i in 1..12 {
        let refs = vec![format!("*a{}", i - 1); 10].join(",");
        text.push_str(&format!("b{i}: &a{i} [{refs}]\n"));
    }
    assert!(parse(&text).unwrap_err().contains("too large"));
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(20_000), "*a,".repeat(20_000));
    assert!(parse(&long).unwrap_err().contains("too large"));
    let anchors: String = (0..100).map(|at| format!("&a{at} [")).collect();
    let within = format!("{anchors}{}{}", "[],".repeat(50_000), "]".repeat(100));
    assert!(parse(&within).unwrap_err().contains("too large"));
    let plain = format!("[{}]", "[],".repeat(100_000));
    assert_eq!(parse(&plain).unwrap().as_array().unwrap().len(), 100_000);
    let anchored = format!("a: &a [{}]\nb: *a\n", "[],".repeat(100_000));
    assert_eq!(parse(&anchored).unwrap()["b"].as_array().unwrap().len(), 100_000);
    let deep = "[".repeat(500);
    assert!(parse(&deep).is_err());
}

/// Texts that some readers misinterpret or reject unless quoted and escaped.
const HARD: &[&str] = &[
    "",
    " ",
    "a ",
    " a",
    "~",
    "null",
    "Null",
    "NULL",
    "true",
    "TRUE",
    "False",
    "yes",
    "Yes",
    "NO",
    "on",
    "Off",
    "y",
    "N",
    "=",
    "<<",
    "1:20",
    "-1:20:30.5",
    "190:20:30",
    "0o7",
    "010",
    "0x1F",
    "0b101",
    "1_000",
    "+1",
    "-1",
    "1.",
    ".5",
    "1e3",
    "1.5e3",
    "1.5e+3",
    ".inf",
    "-.INF",
    ".NaN",
    "2001-12-14",
    "2001-12-14t21:59:43.10-05:00",
    "2001-12-14 21:59:43.1 -5",
    "---",
    "...",
    "- a",
    "? a",
    ": a",
    "a: b",
    "a #b",
    "#a",
    "&a",
    "*a",
    "!a",
    "!!int 1",
    "%YAML 1.1",
    "@a",
    "`a",
    "|",
    ">",
    "[a",
    "a]",
    "{a",
    "a}",
    "a,b",
    "'",
    "\"",
    "\\",
    "\\x41",
    "\\N",
    "\u{0}",
    "\u{7}",
    "\u{1b}[1m",
    "\t",
    "\ta",
    "a\tb\n\tc\n",
    "\r",
    "a\rb",
    "a\r\nb\n",
    "\u{7f}",
    "a\nb\u{7f}",
    "\u{80}",
    "\u{85}",
    "a\nb\u{85}c",
    "\u{9b}31m",
    "\u{9f}",
    "\u{a0}",
    "a\u{a0}",
    "\u{ad}",
    "\u{2028}",
    "a\u{2028}b\n",
    "\u{2029}",
    "a\n\u{2029}",
    "\u{feff}",
    "\u{feff}a",
    "a\u{feff}",
    "a\nb\u{feff}",
    "\u{fdd0}",
    "\u{fffe}",
    "a\nb\u{fffe}",
    "\u{ffff}",
    "\u{fffd}",
    "\u{d7ff}",
    "\u{e000}",
    "\u{1fffe}",
    "\u{10ffff}",
    "\u{1f600}",
    "\u{202e}a",
    "e\u{301}",
    "\n",
    "\n\n",
    "a\n",
    "\na\n",
    "a\n\n\n",
    "a\n\nb",
    " a\nb",
    "a\n b\n",
    "a\n \nb",
    "a \nb",
    "a\nb ",
    "- a\n- b\n",
    "a\n---\nb",
    "a\n...\n",
    "%a\nb",
    "#a\n#b",
    "a\n\tb",
    "\ta\nb",
];

/// Numbers whose short form is text in YAML 1.1.
const NUMBERS: &[&str] =
    &["0", "-0", "1e3", "1E3", "-1e-7", "1.5e300", "2E+10", "1.0", "12345678901234567890123"];

/// Returns every hard text as a value and as a key, in each kind of position, with keys around the
/// length limit.
fn hard_documents() -> Vec<Value> {
    let mut out: Vec<Value> = HARD.iter().map(|text| json!(text)).collect();
    for text in HARD {
        out.push(json!([text, [text, [text]], {"k": text, "l": {"m": text}}]));
        out.push(json!({*text: text, format!("{text}b"): [{*text: {*text: [text]}}]}));
    }
    for length in (990..1040).step_by(5).chain([5_000]) {
        let (plain, odd) = ("k".repeat(length), "\u{85}".repeat(length / 4));
        let inner = json!({&plain: {&odd: [{&odd: "x"}, [1]]}, "a": {&plain: []}});
        out.push(json!([inner, {&odd: {}, "b": [{&plain: inner}]}]));
    }
    out.extend(NUMBERS.iter().map(|number| serde_json::from_str(number).unwrap()));
    out
}

/// Normalizes numbers: exponents have a fraction and a sign.
fn with_plain_numbers(value: &Value) -> Value {
    match value {
        Value::Number(number) => match number.to_string() {
            text if text.contains(['e', 'E']) => json!(number.as_f64()),
            text => serde_json::from_str(&text).unwrap(),
        },
        Value::Array(elements) => elements.iter().map(with_plain_numbers).collect(),
        Value::Object(members) => {
            members.iter().map(|(key, value)| (key.clone(), with_plain_numbers(value))).collect()
        }
        other => other.clone(),
    }
}

#[track_caller]
fn assert_read_back(value: &Value) {
    for text in [to_string(value), inline(value)] {
        let back = parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(with_plain_numbers(&back), with_plain_numbers(value), "{text}");
        let odd = |c: char| c != '\n' && (c.is_control() || "\u{2028}\u{2029}\u{feff}".contains(c));
        assert!(!text.contains(odd), "a raw character in {text:?}");
    }
}

#[test]
fn hard_texts_round_trip() {
    hard_documents().iter().for_each(assert_read_back);
}

#[test]
fn only_special_characters_are_escaped() {
    for (value, want) in [
        (json!("Zürich (old/new)"), "Zürich (old/new)\n"),
        (
            json!("\u{7f}\u{85}\u{2028}\u{feff}\u{1fffe}"),
            "\"\\x7f\\x85\\u2028\\ufeff\\U0001fffe\"\n",
        ),
        (json!("no"), "\"no\"\n"),
        (serde_json::from_str("1E30").unwrap(), "1.0e+30\n"),
        (json!({"k".repeat(1001): 1}), &format!("? {}\n: 1\n", "k".repeat(1001))),
    ] {
        assert_eq!(to_string(&value), want);
    }
}

/// PyYAML, the reader of most scripts, supports YAML 1.1.
const PYYAML: &str = r#"
import json, sys, yaml
bad = []
for line in sys.stdin.buffer.read().decode("utf-8").rstrip("\n").split("\n"):
    case = json.loads(line)
    want = json.loads(case["json"])
    for name in ("yaml", "inline"):
        try:
            got = yaml.safe_load(case[name])
        except Exception as error:
            got = "%s: %s" % (type(error).__name__, error)
        if json.dumps(got, sort_keys=True, default=repr) != json.dumps(want, sort_keys=True):
            bad.append("%s %r as %s" % (name, case[name][:200], json.dumps(got, default=repr)[:200]))
print("\n".join(bad))
"#;

/// Runs a Python program; `None` if Python or PyYAML is missing.
fn python(program: &str, input: &str) -> Option<String> {
    let has = Command::new("python3").args(["-c", "import yaml"]).output();
    if !has.is_ok_and(|output| output.status.success()) {
        return None;
    }
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("cases");
    std::fs::write(&file, input).unwrap();
    let output = Command::new("python3")
        .args(["-c", program])
        .stdin(std::fs::File::open(file).unwrap())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn pyyaml_parses_the_same_values() {
    let case = |value: &Value| {
        json!({"json": value.to_string(), "yaml": to_string(value), "inline": inline(value)})
            .to_string()
    };
    let cases: Vec<String> = hard_documents().iter().map(case).collect();
    match python(PYYAML, &(cases.join("\n") + "\n")) {
        Some(found) => assert_eq!(found.trim(), "", "PyYAML reads other values"),
        // Not `eprintln!`, which the test harness hides.
        None => writeln!(
            std::io::stderr(),
            "SKIPPED pyyaml_parses_the_same_values: python3 with PyYAML is not installed"
        )
        .unwrap(),
    }
}

fn values() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "[ -~]{0,12}",
        "[a-z: #|>'\"\\n-]{0,12}",
        "\\PC{0,6}",
        Just("null".to_owned()),
        Just("0123".to_owned()),
        Just("1e3".to_owned()),
        prop::sample::select(HARD).prop_map(str::to_owned),
        prop::collection::vec(any::<char>(), 0..6).prop_map(|chars| chars.into_iter().collect()),
        "[a\n \u{7f}\u{85}\u{9b}\u{2028}\u{feff}\u{fffe}\u{ffff}]{0,8}",
    ]
    .boxed();
    let key = text.clone();
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|n| json!(n)),
        any::<f64>().prop_filter("JSON", |n| n.is_finite()).prop_map(|n| json!(n)),
        text.prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::btree_map(key.clone(), inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn values_round_trip(value in values()) {
        assert_read_back(&value);
    }

    #[test]
    fn arbitrary_text_does_not_panic(text in "[\\PC\\n\\t]{0,60}|[a&*:{}\\[\\],?!|>%@`#'\" \\n-]{0,40}") {
        let _ = parse(&text);
    }
}
