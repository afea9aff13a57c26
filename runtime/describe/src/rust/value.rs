//! Formats JSON values as expressions of generated models.

use std::str::FromStr as _;

use discovery_json::{Form, Scalar};
use serde_json::{Map, Value};

use super::{literal, pad, raw};
use crate::types::{Kind, Type};

/// Maximum width of a one-line expression.
const LINE: usize = 60;

/// Maximum width of a one-line list.
const LIST: usize = 80;

/// Formats a value as an expression of its type, with continuation lines indented by `level` steps.
///
/// What the setters of models cannot express (an undeclared member, a malformed timestamp, a nested
/// list) is parsed from JSON: the smallest enclosing object. So is a value that is not an object,
/// because only setters convert an array to a `Vec`.
#[must_use]
pub fn value<'a, T: Type<'a>>(value: &Value, ty: T, level: usize) -> String {
    let said = match ty.kind() {
        Kind::Object => expression(value, ty, level),
        _ => None,
    };
    said.unwrap_or_else(|| from_json(value, ty))
}

/// The name of a Rust type.
#[must_use]
pub fn type_name<'a, T: Type<'a>>(ty: T) -> String {
    if let Some(name) = ty.rust_name() {
        return name;
    }
    let name = match ty.kind() {
        Kind::Scalar(scalar) => scalar.info().rust,
        Kind::Enum => "String",
        Kind::Any | Kind::Object => "json::Json",
        Kind::List(of) => return format!("Vec<{}>", type_name(of)),
        Kind::Map(of) => return format!("json::Map<{}>", type_name(of)),
    };
    name.to_owned()
}

/// Formats a parameter's values as the argument of its setter or method, the last one if it is not
/// repeated; `None` if its type does not accept them.
#[must_use]
pub fn argument<'a, T: Type<'a>>(ty: T, repeated: bool, values: &[String]) -> Option<String> {
    if repeated {
        let all: Option<Vec<String>> = values.iter().map(|text| parameter(text, ty)).collect();
        return all.map(|all| format!("[{}]", all.join(", ")));
    }
    let text = parameter(values.last()?, ty)?;
    let borrowed = match ty.kind() {
        Kind::Any => true,
        Kind::Scalar(scalar) => scalar.parsed().is_some_and(|parsed| !parsed.as_text),
        _ => false,
    };
    Some(if borrowed { format!("&{text}") } else { text })
}

fn parameter<'a, T: Type<'a>>(text: &str, ty: T) -> Option<String> {
    match ty.kind() {
        Kind::Any => Some(format!("json::Json::from({})", ty.text(text, literal))),
        Kind::Scalar(scalar) => match scalar.form() {
            Form::Bool => bool::from_str(text).ok().map(|flag| flag.to_string()),
            Form::Text => Some(ty.text(text, literal)),
            // Setters of calls take the text, and check it.
            Form::Parsed(parsed) if parsed.as_text => {
                scalar.reads(text).then(|| ty.text(text, literal))
            }
            _ => parsed(text, scalar),
        },
        _ => Some(ty.text(text, literal)),
    }
}

/// Preserves members and values that the model lacks.
fn from_json<'a, T: Type<'a>>(value: &Value, ty: T) -> String {
    let json = ty.text(&value.to_string(), raw);
    format!("json::from_response::<{}>({json}.as_bytes())?", type_name(ty))
}

fn expression<'a, T: Type<'a>>(value: &Value, ty: T, level: usize) -> Option<String> {
    match (ty.kind(), value) {
        (Kind::Object, Value::Object(members)) => {
            Some(object(members, ty, level).unwrap_or_else(|| from_json(value, ty)))
        }
        (Kind::Any, value) if ty.rust_name().is_some() => Some(from_json(value, ty)),
        (Kind::Any, Value::String(text)) => Some(ty.text(text, literal)),
        (Kind::Any, value) => Some(json(value, ty)),
        (Kind::List(of), Value::Array(items)) => list(items, of, level),
        (Kind::Map(of), Value::Object(members)) => map(members, of, level),
        (_, value) => scalar(value, ty),
    }
}

/// Formats `Type::new()` with setters; `None` if a member is undeclared or cannot be expressed.
fn object<'a, T: Type<'a>>(members: &Map<String, Value>, ty: T, level: usize) -> Option<String> {
    let declared = ty.members();
    let start = format!("{}::new()", ty.rust_name()?);
    let mut calls = Vec::with_capacity(members.len());
    for (key, value) in members {
        let member = declared.iter().find(|member| member.name == key)?;
        // Brackets stay on the line of the call and add no indentation.
        let hugs = matches!(member.ty.kind(), Kind::List(_) | Kind::Map(_));
        let text = expression(value, member.ty, if hugs { level + 1 } else { level + 2 })?;
        let (pad, setter) = (pad(level + 1), &member.setter);
        calls.push(if hugs || !text.contains('\n') {
            format!("{pad}.{setter}({text})")
        } else {
            format!("{pad}.{setter}(\n{pad}    {text},\n{pad})")
        });
    }
    let line = calls.iter().map(|call| call.trim_start()).fold(start.clone(), |l, c| l + c);
    if calls.len() < 2 && line.len() <= LINE && !line.contains('\n') {
        return Some(line);
    }
    Some(format!("{start}\n{}", calls.join("\n")))
}

fn list<'a, T: Type<'a>>(items: &[Value], of: T, level: usize) -> Option<String> {
    if items.is_empty() {
        return Some(format!("Vec::<{}>::new()", type_name(of)));
    }
    Some(bracketed(&elements(items.iter(), of, level)?, level))
}

fn map<'a, T: Type<'a>>(members: &Map<String, Value>, of: T, level: usize) -> Option<String> {
    if members.is_empty() {
        return Some(format!("json::Map::<{}>::new()", type_name(of)));
    }
    // The setter takes numbers that convert, so a literal does not know its type.
    let suffix = match of.kind() {
        Kind::Scalar(Scalar::Int32 | Scalar::Double) => String::new(),
        Kind::Scalar(scalar) if scalar.is_number() => format!("_{}", type_name(of)),
        _ => String::new(),
    };
    let texts = elements(members.values(), of, level)?;
    let pair = |(key, text): (&String, String)| format!("({}, {text}{suffix})", literal(key));
    Some(bracketed(&members.keys().zip(texts).map(pair).collect::<Vec<_>>(), level))
}

/// Formats elements of one Rust type: if one enum value is unknown, all are text. Setters do not
/// accept nested containers.
fn elements<'a, 'v, T: Type<'a>>(
    items: impl Iterator<Item = &'v Value> + Clone,
    of: T,
    level: usize,
) -> Option<Vec<String>> {
    let kind = of.kind();
    match kind {
        Kind::List(_) | Kind::Map(_) => return None,
        // Text is used directly only if all elements are text.
        Kind::Any if of.rust_name().is_none() && !items.clone().all(Value::is_string) => {
            return Some(items.map(|item| json(item, of)).collect());
        }
        _ => {}
    }
    let texts: Option<Vec<String>> =
        items.clone().map(|item| expression(item, of, level + 1)).collect();
    let texts = texts?;
    let is_text = |text: &String| text.starts_with('"');
    if matches!(kind, Kind::Enum) && texts.iter().any(is_text) {
        return items.map(|item| item.as_str().map(literal)).collect();
    }
    Some(texts)
}

/// Formats any value except text.
fn json<'a, T: Type<'a>>(value: &Value, ty: T) -> String {
    format!("{}.parse::<json::Json>()?", ty.text(&value.to_string(), literal))
}

fn bracketed(items: &[String], level: usize) -> String {
    let line = format!("[{}]", items.join(", "));
    if line.len() <= LIST && !line.contains('\n') {
        return line;
    }
    let inner = pad(level + 1);
    format!("[\n{inner}{},\n{}]", items.join(&format!(",\n{inner}")), pad(level))
}

fn scalar<'a, T: Type<'a>>(value: &Value, ty: T) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => {
            return matches!(ty.kind(), Kind::Scalar(Scalar::Bool)).then(|| flag.to_string());
        }
        _ => return None,
    };
    match ty.kind() {
        Kind::Enum if value.is_string() => Some(enumeration(&text, ty)),
        Kind::Scalar(scalar) if scalar.is_number() => parsed(&text, scalar),
        Kind::Scalar(Scalar::String) if value.is_string() => Some(ty.text(&text, literal)),
        Kind::Scalar(scalar) if value.is_string() => parsed(&text, scalar),
        _ => None,
    }
}

/// Formats a variant, or the text of an undeclared value.
fn enumeration<'a, T: Type<'a>>(text: &str, ty: T) -> String {
    let known = ty.values().into_iter().find(|known| known.name == text);
    match (known, ty.rust_name()) {
        (Some(known), Some(name)) => format!("{name}::{}", known.rust_name),
        _ => literal(text),
    }
}

/// A float literal has a dot or an exponent.
fn float(text: &str) -> Option<String> {
    let number = f64::from_str(text).ok().filter(|number| number.is_finite())?;
    Some(format!("{number:?}"))
}

/// Formats a number, or a text that the type parses; `None` if it is none.
fn parsed(text: &str, scalar: Scalar) -> Option<String> {
    match scalar.form() {
        Form::Integer { .. } => i128::from_str(text).ok().map(|number| number.to_string()),
        Form::Float { .. } => float(text),
        Form::Parsed(parsed) => {
            let parse = format!("{}.parse::<{}>()?", literal(text), scalar.info().rust);
            (parsed.canonical)(text).is_ok().then_some(parse)
        }
        Form::Bool | Form::Text => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::Sample;

    #[test]
    fn members_in_one_line() {
        for (member, want) in [
            (json!({}), ""),
            (json!({"title": "a\"b"}), r#".set_title("a\"b")"#),
            (json!({"tags": ["a", "b"]}), r#".set_tags(["a", "b"])"#),
            (json!({"tags": []}), ".set_tags(Vec::<String>::new())"),
            (json!({"sizes": ["1", "2"]}), ".set_sizes([1, 2])"),
            (json!({"labels": {"k": "v"}}), r#".set_labels([("k", "v")])"#),
            (json!({"counts": {"k": "5000000000"}}), r#".set_counts([("k", 5000000000_i64)])"#),
            (json!({"state": "OPEN"}), ".set_state(models::State::Open)"),
            (json!({"state": "NEW"}), r#".set_state("NEW")"#),
            (json!({"states": ["OPEN", "NEW"]}), r#".set_states(["OPEN", "NEW"])"#),
            (json!({"free": "a"}), r#".set_free("a")"#),
            (json!({"free": [1]}), r#".set_free("[1]".parse::<json::Json>()?)"#),
            (json!({"pay": {"rate": 2}}), ".set_pay(models::Pay::new().set_rate(2.0))"),
            (json!({"pay": {"count": 3}}), ".set_pay(models::Pay::new().set_count(3))"),
        ] {
            let made = value(&member, Sample("Job"), 0);
            assert_eq!(made, format!("models::Job::new(){want}").replace("()\n    ", "()"));
        }
    }

    #[test]
    fn multi_line_values() {
        for (sample, want) in [
            (
                json!({"pay": {"amount": "1", "rate": 0.5}, "title": "a"}),
                "models::Job::new()
    .set_pay(
        models::Pay::new()
            .set_amount(1)
            .set_rate(0.5),
    )
    .set_title(\"a\")",
            ),
            (
                json!({"pays": [{"amount": "1", "rate": 0.5}, {}]}),
                "models::Job::new()
    .set_pays([
        models::Pay::new()
            .set_amount(1)
            .set_rate(0.5),
        models::Pay::new(),
    ])",
            ),
            (
                json!({"at": "2026-01-15T10:00:00Z"}),
                "models::Job::new()
    .set_at(\"2026-01-15T10:00:00Z\".parse::<json::Timestamp>()?)",
            ),
            (
                json!({"frees": ["a", 1]}),
                "models::Job::new()
    .set_frees([\"\\\"a\\\"\".parse::<json::Json>()?, \"1\".parse::<json::Json>()?])",
            ),
            (
                json!({"shape": {"kind": "circle"}}),
                "models::Job::new()
    .set_shape(json::from_response::<models::Shape>(r#\"{\"kind\":\"circle\"}\"#.as_bytes())?)",
            ),
        ] {
            assert_eq!(value(&sample, Sample("Job"), 0), want);
        }
    }

    #[test]
    fn values_without_setters_are_parsed_from_json() {
        for sample in [
            json!({"other": 1}),
            json!({"title": null}),
            json!({"at": "malformed"}),
            json!({"grid": [[1.5]]}),
            json!({"sizes": ["x"]}),
        ] {
            let want = format!("json::from_response::<models::Job>(r#\"{sample}\"#.as_bytes())?");
            assert_eq!(value(&sample, Sample("Job"), 0), want);
            let outer = json!({"self": sample});
            assert_eq!(
                value(&outer, Sample("Job"), 0),
                format!("models::Job::new()\n    .set_self({want})"),
                "the smallest object"
            );
        }
        for (ty, sample, name) in [
            ("[string", json!(["a"]), "Vec<String>"),
            ("{Pay", json!({}), "json::Map<models::Pay>"),
            ("int32", json!(1), "i32"),
            ("Shape", json!({}), "models::Shape"),
            ("timestamp", json!("x"), "json::Timestamp"),
        ] {
            let want = format!("json::from_response::<{name}>(r#\"{sample}\"#.as_bytes())?");
            assert_eq!(value(&sample, Sample(ty), 0), want);
        }
    }

    #[test]
    fn arguments() {
        for (ty, repeated, values, want) in [
            ("string", false, &["a"][..], Some("\"a\"")),
            ("string", true, &["a", "b"], Some("[\"a\", \"b\"]")),
            ("string", false, &[], None),
            ("boolean", false, &["true"], Some("true")),
            ("boolean", false, &["yes"], None),
            ("int64", false, &["+5"], Some("5")),
            ("double", false, &["1"], Some("1.0")),
            ("double", false, &["inf"], None),
            ("State", false, &["OPEN"], Some("\"OPEN\"")),
            ("timestamp", false, &["malformed"], None),
            ("field mask", false, &["a,b"], Some("\"a,b\"")),
            ("timestamp", false, &["2026-01-15T10:00:00Z"], Some("\"2026-01-15T10:00:00Z\"")),
            ("bytes", true, &["aGk="], Some("[\"aGk=\".parse::<json::Bytes>()?]")),
            ("any", false, &["a"], Some("&json::Json::from(\"a\")")),
        ] {
            let values: Vec<String> = values.iter().map(|text| (*text).to_owned()).collect();
            assert_eq!(argument(Sample(ty), repeated, &values).as_deref(), want, "{ty} {values:?}");
        }
    }
}
