//! The grammar of `-r` on every shape of schemas.
#![allow(clippy::unwrap_used, reason = "a test fails by panic")]

use discovery_cli::testing;
use discovery_runtime::reflect::{MethodInfo, TypeInfo};
use google_kitchen_sink_v1::reflect::API;

/// Returns a method whose request is the named schema.
fn taking(schema: &str) -> &'static MethodInfo {
    let schema = API.schemas.iter().find(|known| known.name == schema).unwrap();
    let like = API.methods.iter().find(|method| method.request.is_some()).unwrap();
    Box::leak(Box::new(MethodInfo {
        spec: like.spec,
        resource: &["test"],
        name: "take",
        rust_path: &["test", "take"],
        description: "",
        params: &[],
        request: Some(TypeInfo::Object(schema)),
        response: None,
        deprecated: false,
    }))
}

/// Formats body and issues as one text: `{…}`, `{…} ? warning`, `! error`.
fn made(schema: &str, tokens: &str) -> String {
    let tokens: Vec<&str> = tokens.split('|').collect();
    let (body, issues) = testing::request(taking(schema), &tokens);
    let lines: Vec<String> = issues.all().iter().map(discovery_cli::Issue::line).collect();
    match (issues.has_errors(), lines.join("\n")) {
        (true, text) => format!("! {text}"),
        (false, text) if text.is_empty() => body.to_string(),
        (false, text) => format!("{body} ? {text}"),
    }
}

fn all(schema: &str, table: &[(&str, &str)]) {
    for (tokens, want) in table {
        let got = made(schema, tokens);
        let fits = match want.strip_suffix('…') {
            Some(start) => got.starts_with(start),
            None => got == *want,
        };
        assert!(fits, "{schema} {tokens}\n got {got}\nwant {want}");
    }
}

#[test]
fn scalars_are_sent_as_their_type() {
    all(
        "ScalarsScalars",
        &[
            ("text=5", r#"{"text":"5"}"#),
            ("flag=true", r#"{"flag":true}"#),
            ("small=-7", r#"{"small":-7}"#),
            ("count=4294967295", r#"{"count":4294967295}"#),
            (
                "count=-1",
                "! -r count=-1: Failed to parse argument 'count' with value '-1' as uint32…",
            ),
            ("long=+5", r#"{"long":"5"}"#),
            ("big=18446744073709551615", r#"{"big":"18446744073709551615"}"#),
            ("double=1.50", r#"{"double":1.50}"#),
            (
                "single=1e39",
                "! -r single=1e39: Failed to parse argument 'single' with value '1e39' as float…",
            ),
            ("at=2024-01-02T03:04:05Z", r#"{"at":"2024-01-02T03:04:05Z"}"#),
            (
                "day=2024-13-01",
                r#"{"day":"2024-13-01"} ? -r day=2024-13-01: '2024-13-01' is not a date (as 2026-01-31)."#,
            ),
            (
                "span=90",
                r#"{"span":"90"} ? -r span=90: '90' is not a duration (seconds with 's', as 600s or 1.5s). Did you mean 'span=90s' ?"#,
            ),
            (
                "mask=a_b",
                r#"{"mask":"a_b"} ? -r mask=a_b: 'a_b' is not a field mask (comma-joined paths, as displayName,size). Did you mean 'mask=aB' ?"#,
            ),
            ("bytes=aGk=", r#"{"bytes":"aGk="}"#),
            (
                "small=5.0",
                "! -r small=5.0: Failed to parse argument 'small' with value '5.0' as int32 with error: invalid digit found in string. Did you mean 'small=5' ?",
            ),
            (
                "flag=yes",
                "! -r flag=yes: Failed to parse argument 'flag' with value 'yes' as boolean with error: provided string was not `true` or `false`. Did you mean 'flag=true' ?",
            ),
        ],
    );
}

#[test]
fn raw_json_is_checked_against_the_type() {
    all(
        "ScalarsScalars",
        &[
            ("small:=5", r#"{"small":5}"#),
            ("small:=\"5\"", r#"{"small":"5"}"#),
            ("small:=5.5", "! -r small:=5.5: Field 'small' takes int32, not the number 5.5."),
            ("small:=1e3", r#"{"small":1e+3}"#),
            ("text:=5", "! -r text:=5: Field 'text' takes string, not the number 5."),
            ("text:=null", r#"{"text":null}"#),
            (
                "text:=hello",
                "! -r text:=hello: Not JSON: expected value at line 1 column 1. Did you mean 'text:=\"hello\"' ?",
            ),
            ("double:=\"NaN\"", r#"{"double":"NaN"}"#),
            (
                "double:=\"much\"",
                "! -r double:=\"much\": Field 'double' takes double, not the string \"much\".",
            ),
            ("anything:={\"a\":[1]}", r#"{"anything":{"a":[1]}}"#),
            (
                ".:={\"txt\":\"a\"}",
                "! -r .:={\"txt\":\"a\"}: Field 'txt' does not exist (--allow-unknown sends it). Did you mean 'text' ?",
            ),
            (".:={\"text\":\"a\"}|text=b", r#"{"text":"b"}"#),
            (
                "text=b|.:={\"text\":\"a\"}",
                "! -r .:={\"text\":\"a\"}: Value at '' was already set.",
            ),
        ],
    );
}

#[test]
fn anything_can_be_entered() {
    all(
        "ScalarsScalars",
        &[
            ("anything=text", r#"{"anything":"text"}"#),
            ("anything.a.b=1", r#"{"anything":{"a":{"b":"1"}}}"#),
            ("anything.someName=1", r#"{"anything":{"someName":"1"}}"#),
            ("anything:=[1]|anything.+:=2", r#"{"anything":[1,2]}"#),
            (".anything|a:=1|b=2", r#"{"anything":{"a":1,"b":"2"}}"#),
        ],
    );
}

#[test]
fn lists_and_maps_nest() {
    all(
        "ListsAndMapsNest",
        &[
            ("list=a|list=b", r#"{"list":["a","b"]}"#),
            ("list.0=a|list.1=b|list.-1=c", "! -r list.-1=c: Value at 'list.-1' was already set."),
            ("list.+=a|list[]=b", r#"{"list":["a","b"]}"#),
            (
                "list.1=a",
                "! -r list.1=a: Field 'list' has 0 elements: index 1 is not one of them. Did you mean 'list.+=a' ?",
            ),
            (
                "list",
                "! -r list: 'list' is a field of type [string] and takes a value. Did you mean 'list=VALUE' ?",
            ),
            ("list.x=a", "! -r list.x=a: Field 'list.x' does not exist.…"),
            ("grid.+=1|grid.0=2|grid.+=3", r#"{"grid":[[1,2],[3]]}"#),
            ("map=k=5|map.j=6", r#"{"map":{"k":"5","j":"6"}}"#),
            ("map=k=x", "! -r map=k=x: Failed to parse argument 'map' with value 'x' as int64…"),
            (
                "map=k",
                "! -r map=k: 'k' does not match pattern <key>=<value>. Did you mean 'map=k=VALUE' ?",
            ),
            ("lists.k=a|lists.k=b", r#"{"lists":{"k":["a","b"]}}"#),
            ("maps.k=a=b|maps.k.c=d", r#"{"maps":{"k":{"a":"b","c":"d"}}}"#),
            (
                "enums.k=A|enums=j=C",
                "{\"enums\":{\"k\":\"A\",\"j\":\"C\"}} ? -r enums=j=C: 'C' is not one of the known values (A, B).",
            ),
            ("struct.a.b:=1", r#"{"struct":{"a":{"b":1}}}"#),
            ("map[a.b]=1|map[c=d]=2", r#"{"map":{"a.b":"1","c=d":"2"}}"#),
            (
                "map.a.b=1",
                "! -r map.a.b=1: Field 'map.a.b' does not exist. Did you mean 'map[a.b]=1' ?",
            ),
        ],
    );
}

#[test]
fn recursive_fields_can_be_set() {
    all(
        "RecursionNode",
        &[
            ("left.left.left.children.+|..", r#"{"left":{"left":{"left":{"children":[{}]}}}}"#),
            (".named.k.left", r#"{}"#),
            (
                "children.+|children.+|....+|left.children.0",
                r#"{"children":[{"children":[{}]},{"left":{"children":[{}]}}]}"#,
            ),
        ],
    );
    assert!(testing::leaves(taking("RecursionNode")).is_empty());
    let leaves = testing::leaves(taking("RecursionPing"));
    assert_eq!(leaves.len(), 1);
    assert_eq!(leaves[0].path, "pong.leaf.name");
}

#[test]
fn names_with_special_characters() {
    all(
        "NamesOfFieldsFields",
        &[
            ("240p=a", r#"{"240p":"a"}"#),
            ("@context=a", r#"{"@context":"a"}"#),
            ("upper=a", r#"{"Upper":"a"}"#),
            ("snake-case=a", r#"{"snake_case":"a"}"#),
            ("snakeCase=a", r#"{"snake_case":"a"}"#),
            ("end-date=a", r#"{"end-date":"a"}"#),
            ("[endDate.day]=a", r#"{"endDate.day":"a"}"#),
            ("end-date-day=a", r#"{"endDate.day":"a"}"#),
            ("null=a|self=b|type=c", r#"{"null":"a","self":"b","type":"c"}"#),
        ],
    );
}

#[test]
fn aliases_at_the_root() {
    all(
        "TopLevelTypesRows",
        &[("+|a=x|..+|a=y", r#"[{"a":"x"},{"a":"y"}]"#), ("0.a=x", r#"[{"a":"x"}]"#)],
    );
    all(
        "TopLevelTypesLabels",
        &[("k=v", r#"{"k":"v"}"#), ("k.l=v", "! -r k.l=v: Field 'k.l' does not exist.…")],
    );
    all("TopLevelTypesStrings", &[("+=a|+=b", r#"["a","b"]"#)]);
    all("AdditionalPropertiesRule", &[("name=a|other=5", r#"{"name":"a","other":5}"#)]);
}

#[test]
fn one_message_per_error() {
    let (_, issues) = testing::request(
        taking("InlineObjectsOuter"),
        &[".nowhere", "a=1", "..b=2", ".inne.deep.leaf=x", "inner.", "deep.leaf=1"],
    );
    let lines: Vec<String> = issues.all().iter().map(discovery_cli::Issue::line).collect();
    assert_eq!(lines.len(), 3, "{lines:#?}");
    assert!(lines[0].starts_with("-r .nowhere: Field 'nowhere' does not exist."));
    assert!(lines[1].contains("Did you mean '.inner.deep.leaf=x' ?"), "{}", lines[1]);
    assert!(lines[2].contains("Single field separator may not be last character."));
}
