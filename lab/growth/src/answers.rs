//! JSON answers: read into models, encoded again.

use crate::family::{Family, Work, told};
use discovery_json::{Decode, DecodeError, Encode, Model, from_response, from_str, to_string};
use google_kitchen_sink_v1::models::{RecursionNode, ScalarsScalars};
use std::fmt::{Debug, Write as _};

const fn family(name: &'static str, size: usize, make: fn(usize) -> Work) -> Family {
    Family { group: "answer", name, size, make }
}

pub(crate) const ALL: &[Family] = &[
    family("items that fit", 1000, |n| node(list(n, r#"{"left":{}}"#))),
    family("one odd value in n", 1000, |n| {
        node(list(n, r#"{"left":{}}"#).replacen("[{", r#"[{"children":7},{"#, 1))
    }),
    family("n odd values", 1000, |n| node(list(n, r#"{"left":[1]}"#))),
    family("n odd values in maps", 1000, |n| {
        node(format!(r#"{{"named":{{{}}}}}"#, members(n, "7")))
    }),
    family("odd values that contain odd values", 20, |n| node(nested_odd(n))),
    family("odd text after n items", 1000, |n| {
        node(list(n, r#"{"left":{}}"#).replace("]}", r#","odd"]}"#))
    }),
    family("all misfits of an answer", 500, |n| {
        let text = format!(r#"{{"named":{{"{}":{}}}}}"#, "k".repeat(n), list(n, r#"{"left":[1]}"#));
        Box::new(move || {
            let node: RecursionNode = from_response(text.as_bytes()).unwrap();
            node.misfits().len().to_string()
        })
    }),
    family("one member n times", 2000, |n| node(format!("{{{}}}", repeated(n, r#""left":{}"#)))),
    family("one odd member n times", 2000, |n| node(format!("{{{}}}", repeated(n, r#""left":7"#)))),
    family("n unknown members", 2000, |n| node(format!("{{{}}}", members(n, "1")))),
    family("one unknown member n times", 2000, |n| {
        node(format!("{{{}}}", repeated(n, r#""x":1"#)))
    }),
    family("nesting of lists", 1000, |n| {
        node(format!(r#"{{"x":{}{}}}"#, "[".repeat(n), "]".repeat(n)))
    }),
    family("nesting of models", 1000, |n| {
        node(format!("{}{}", r#"{"left":"#.repeat(n), "}".repeat(n)))
    }),
    family("nesting without end", 1000, |n| node(r#"{"left":"#.repeat(n))),
    family("digits of an int32", 20_000, |n| scalars("small", &"1".repeat(n))),
    family("digits of an int64 in a string", 20_000, |n| {
        scalars("long", &format!("\"{}\"", "1".repeat(n)))
    }),
    family("digits of a double", 20_000, |n| scalars("double", &format!("0.{}", "1".repeat(n)))),
    family("zeros of an integer", 20_000, |n| scalars("small", &format!("1.{}", "0".repeat(n)))),
    family("digits of an exponent", 20_000, |n| scalars("double", &format!("1e{}", "1".repeat(n)))),
    family("digits of a duration", 20_000, |n| scalars("span", &format!("\"{}s\"", "1".repeat(n)))),
    family("digits of a time", 20_000, |n| {
        scalars("at", &format!("\"2026-01-01T00:00:00.{}Z\"", "1".repeat(n)))
    }),
    family("paths of a mask", 5000, |n| scalars("mask", &format!("\"{}\"", repeated(n, "a.b")))),
    family("bytes in Base64", 20_000, |n| scalars("bytes", &format!("\"{}\"", "QUJD".repeat(n)))),
    family("a string of escapes", 20_000, |n| scalars("text", &format!("\"{}\"", r"\n".repeat(n)))),
    family("a string of surrogates", 10_000, |n| {
        scalars("text", &format!("\"{}\"", r"\ud83d\ude00".repeat(n)))
    }),
    family("a lone surrogate at the end", 10_000, |n| {
        scalars("text", &format!("\"{}\\ud83d\"", r"\ud83d\ude00".repeat(n)))
    }),
    family("any value with spaces", 10_000, |n| {
        scalars("anything", &format!("[{}]", repeated(n, " 1 ")))
    }),
    family("a name of n bytes", 50_000, |n| node(format!(r#"{{"{}":1}}"#, "k".repeat(n)))),
    family("spaces", 50_000, |n| node(format!("{{{}}}", " ".repeat(n)))),
    family("lines before an error", 50_000, |n| strict(format!("{{{}x", "\n".repeat(n)))),
    family("an error after a name of n bytes", 50_000, |n| {
        strict(format!(r#"{{"named":{{"{}":{{"left":7}}}}}}"#, "k".repeat(n)))
    }),
    family("an error after a name of n escapes", 20_000, |n| {
        strict(format!(r#"{{"named":{{"{}":{{"left":7}}}}}}"#, r"\u0041".repeat(n)))
    }),
    family("invalid UTF-8 at the end", 50_000, |n| {
        let mut text = format!(r#"{{"x":"{}"}}"#, "k".repeat(n)).into_bytes();
        text.push(0xff);
        Box::new(move || shown(from_response::<RecursionNode>(&text)))
    }),
    family("a difference of two values", 300, |n| {
        let text = format!(r#"{{"named":{{{}}}}}"#, members(n, r#"{"left":{}}"#));
        Box::new(move || {
            let (old, new): (RecursionNode, RecursionNode) =
                (RecursionNode::new(), from_str(&text).unwrap());
            told(discovery_json::patch::MergePatch::between(&old, &new).map(|_| ()))
        })
    }),
];

fn repeated(n: usize, text: &str) -> String {
    let mut out = String::with_capacity(n * (text.len() + 1));
    for at in 0..n {
        out.push_str(if at > 0 { "," } else { "" });
        out.push_str(text);
    }
    out
}

fn members(n: usize, value: &str) -> String {
    // Not in order.
    let all: Vec<String> = (0..n).map(|at| format!("\"k{}\":{value}", at * 7919 % n)).collect();
    all.join(",")
}

fn list(n: usize, item: &str) -> String {
    format!(r#"{{"children":[{}]}}"#, repeated(n, item))
}

/// Lists of 20 levels that do not fit because of their last item, each around the one before and n
/// items.
fn nested_odd(n: usize) -> String {
    let mut text = r#"{"left":7}"#.to_owned();
    for _ in 0..20 {
        let mut outer = r#"{"children":["#.to_owned();
        let _ = write!(outer, "{text},{},7]}}", repeated(n, r#"{"left":7}"#));
        text = outer;
    }
    text
}

/// Reads a node as an answer, encodes it, and shows the error.
fn node(text: String) -> Work {
    Box::new(move || read::<RecursionNode>(&text))
}

fn scalars(member: &str, value: &str) -> Work {
    let text = format!(r#"{{"{member}":{value}}}"#);
    Box::new(move || read::<ScalarsScalars>(&text))
}

fn strict(text: String) -> Work {
    Box::new(move || shown(from_str::<RecursionNode>(&text)))
}

fn read<T: Decode + Encode + Debug>(text: &str) -> String {
    let value = from_response::<T>(text.as_bytes());
    if let Ok(value) = &value {
        std::hint::black_box((to_string(value), format!("{value:?}")));
    }
    shown(value)
}

fn shown<T>(result: Result<T, DecodeError>) -> String {
    if let Err(error) = &result {
        let length = format!("{error}{error:?}{error:#?}").len();
        assert!(length < 10_000, "an error of {length} bytes");
    }
    told(result)
}
