//! Compares the reader with serde_json: both accept the same texts, with the same values.
//!
//! One intentional difference: numbers beyond a double (`1e400`) are preserved here, but rejected
//! there.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod arbitrary;
mod tree;

use arbitrary::any_json;
use discovery_json::{Json, from_slice, from_str};
use proptest::prelude::*;
use serde_json::Value;
use tree::Tree;

/// Parses a text with both readers; returns the value if both accept it.
fn both(input: &[u8]) -> Result<Option<Value>, String> {
    let theirs = serde_json::from_slice::<Value>(input);
    let shown = String::from_utf8_lossy(input);
    if let Err(error) = &theirs
        && error.to_string().starts_with("number out of range")
    {
        return Ok(None);
    }
    let pulled = from_slice::<Tree>(input);
    let kept = from_slice::<Json>(input);
    let skipped = from_slice::<()>(input);
    let value = match (theirs, pulled, kept, skipped) {
        (Err(_), Err(_), Err(_), Err(_)) => return Ok(None),
        (Ok(value), Ok(tree), Ok(json), Ok(())) => {
            if !tree.same(&value) {
                return Err(format!("{shown}: {tree:?} is not {value}"));
            }
            match json.to_value() {
                Ok(kept) if kept == value => value,
                other => return Err(format!("{shown}: kept as {other:?}, not {value}")),
            }
        }
        (a, b, c, d) => return Err(format!("{shown}: serde_json {a:?}, {b:?}, {c:?}, {d:?}")),
    };
    Ok(Some(value))
}

/// Returns `true` if serde_json was built with `arbitrary_precision`, which the command line's
/// engine enables.
fn arbitrary_precision() -> bool {
    serde_json::from_str::<serde_json::Value>("1e400").is_ok()
}

fn agree(input: &[u8]) {
    if let Err(problem) = both(input) {
        panic!("{problem}");
    }
}

#[test]
fn numbers() {
    let mut texts = vec![];
    for sign in ["", "-", "+", "--"] {
        for whole in ["", "0", "00", "01", "1", "10", "9007199254740993", "18446744073709551616"] {
            for part in ["", ".", ".0", ".5", ".50", ".5.5"] {
                for exponent in ["", "e", "E5", "e+5", "e-5", "e05", "e+", "e5.0", "e 5"] {
                    texts.push(format!("{sign}{whole}{part}{exponent}"));
                }
            }
        }
    }
    for word in ["NaN", "Infinity", "-Infinity", "0x10", "1_000", "١", "1e400", "-1e400", "1e-400"]
    {
        texts.push(word.to_owned());
    }
    for text in texts {
        if text.ends_with("e400") && arbitrary_precision() {
            continue;
        }
        agree(text.as_bytes());
        agree(format!("[{text}]").as_bytes());
        agree(format!("{{\"a\":{text} }}").as_bytes());
    }
}

/// Compares strings with this content: alone, as key and value, and truncated.
fn agree_on_text(contents: &[&str]) {
    for content in contents {
        agree(format!("\"{content}\"").as_bytes());
        agree(format!("{{\"{content}\":[\"{content}\"]}}").as_bytes());
        agree(format!("\"{content}").as_bytes());
    }
}

#[test]
fn strings() {
    agree_on_text(&[
        "", "a", "é", "谷歌", "😀", "\u{7f}", "\u{0}", "\u{1f}", "\t", "\n", "a\u{1}b",
    ]);
}

#[test]
fn escapes() {
    agree_on_text(&[
        "\\\"",
        "\\\\",
        "\\/",
        "\\b\\f\\n\\r\\t",
        "\\a",
        "\\U0041",
        "\\u",
        "\\u0",
        "\\u00",
        "\\u004",
        "\\u0041",
        "\\u00e9",
        "\\u00E9",
        "\\u0000",
    ]);
}

#[test]
fn surrogates() {
    agree_on_text(&[
        "\\uD83D\\uDE00",
        "\\ud83d\\ude00",
        "\\uD800",
        "\\uDC00",
        "\\uDE01\\uD83D",
        "\\uD800\\uD800",
        "\\uD800\\n",
        "\\uD800x",
        "\\uD83D\\u0041",
        "\\uD83D\\",
        "\\uD83D\\u",
        "\\uDFFF",
    ]);
}

#[test]
fn invalid_escapes() {
    agree_on_text(&["\\uXXXX", "\\u+041", "\\u 041", "\\", "\\x41", "\\'", "'", "\u{2028}"]);
}

#[test]
fn strings_beyond_a_block() {
    agree_on_text(&[
        "12345678",
        "1234567\\n",
        "12345678\\n",
        "seven77\"",
        "a long text that goes on beyond the blocks that are scanned at once, and then an escape \\n",
        "a long text that goes on beyond the blocks that are scanned at once, and then a control \u{1}",
        "a long text that goes on beyond the blocks that are scanned at once, 谷歌, and nothing then",
    ]);
}

/// Compares complete texts.
fn agree_on(texts: &[&str]) {
    texts.iter().for_each(|text| agree(text.as_bytes()));
}

#[test]
fn words() {
    agree_on(&[
        "", " ", "\n", "null", "nul", "nulls", "NULL", "true", "tru", "truex", "false", "falsey",
        "True",
    ]);
}

#[test]
fn lists() {
    agree_on(&[
        "[]", "[ ]", "[", "]", "[,]", "[1,]", "[1 ,]", "[,1]", "[1 2]", "[1,,2]", "[[]", "[]]",
        "[1}", "{]",
    ]);
}

#[test]
fn objects() {
    agree_on(&[
        "{}",
        "{ }",
        "{",
        "}",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1 ,}",
        "{,\"a\":1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\" 1}",
        "{a:1}",
        "{'a':1}",
        "{1:1}",
        "{null:1}",
        "{\"a\":1]",
        "{\"a\":{}",
        "{\"a\":1}{",
    ]);
}

#[test]
fn around_a_value() {
    agree_on(&[
        "{} {}",
        "1 2",
        "1,",
        "[1]x",
        "\"a\" \"b\"",
        "// x\n1",
        "1 // x",
        "/* x */ 1",
        "#1",
        " \t\r\n [ \t\r\n 1 \t\r\n , \t\r\n 2 \t\r\n ] \t\r\n ",
        "\u{b}1",
        "\u{c}1",
        "\u{a0}1",
        "1\u{0}",
        "\u{0}",
        "[\u{0}]",
        "{\u{0}}",
        "{\"a\"\u{0}:1}",
        "\u{feff}1",
        "\u{feff}{}",
        "[1]\u{feff}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"\":0}",
        "{\"a\":{\"b\":[{\"c\":null}]}}",
    ]);
}

#[test]
fn bad_utf8() {
    for bad in [
        &b"\x80"[..],
        b"\xff",
        b"\xc0\x80",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xc3",
        b"\xe8\xb0",
        b"\xc3\"",
    ] {
        for (before, after) in [
            ("\"", "\""),
            ("\"long enough to leave the first block", "\""),
            ("", ""),
            ("{\"", "\":1}"),
            ("[1", "]"),
        ] {
            agree(&[before.as_bytes(), bad, after.as_bytes()].concat());
        }
    }
    agree(b"\xef\xbb\xbf{}");
    agree(b"\xff\xfe{\0}\0");
}

#[test]
fn duplicate_keys_last_wins() {
    let json: Json = from_str(r#"{"a":1,"b":0,"a":{"x":1},"a":2}"#).expect("valid");
    assert_eq!(json.get("a"), Some(Json::from(2)));
    assert_eq!(both(br#"{"a":1,"a":2}"#), Ok(Some(serde_json::json!({"a": 2}))));
}

#[test]
fn depth() {
    for depth in [1, 100, 125, 126, 127, 128, 129, 130, 1_000, 10_000, 1_000_000] {
        let lists = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        agree(lists.as_bytes());
        agree("[".repeat(depth).as_bytes());
        let objects = format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        agree(objects.as_bytes());
        agree("{\"a\":[".repeat(depth).as_bytes());
    }
}

#[test]
fn numbers_beyond_a_double_are_kept() {
    let text = r#"[1e400,-1e400,123456789012345678901234567890.123456789012345678901234567890]"#;
    let json: Json = from_str(text).expect("valid");
    assert_eq!(json.as_str(), text);
    // In a build with `arbitrary_precision`, serde_json preserves such numbers.
    if !arbitrary_precision() {
        assert!(json.to_value().is_err(), "serde_json has no number for it");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn random_values(text in any_json()) {
        prop_assert!(both(text.as_bytes()).is_ok(), "{:?}", both(text.as_bytes()));
    }

    #[test]
    fn damaged_values(text in any_json(), at in any::<prop::sample::Index>(), byte: u8, cut: bool) {
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        let result = both(&bytes);
        prop_assert!(result.is_ok(), "{:?}", result);
    }

    #[test]
    fn tokens_in_any_order(tokens in prop::collection::vec("[\\[\\]{}:,\"\\\\ ]|null|true|1|-|\"a\"|0|\\.|e", 0..12)) {
        let result = both(tokens.concat().as_bytes());
        prop_assert!(result.is_ok(), "{:?}", result);
    }

    #[test]
    fn any_bytes(bytes: Vec<u8>) {
        let result = both(&bytes);
        prop_assert!(result.is_ok(), "{:?}", result);
    }
}
