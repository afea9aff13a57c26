//! Converts JSON values to `-r` arguments.

use serde_json::{Map, Value};

use crate::names::{find, kebab};
use crate::types::{Kind, Member, Type};

/// One argument of `-r`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The argument, not quoted for a shell.
    pub text: String,
    /// Action of the argument.
    pub effect: Effect,
}

/// Action of an argument of `-r`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// `path=value` sets a value.
    Set,
    /// `path=value` appends a value to a list.
    Append,
    /// `path=key=value` sets an entry of a map.
    Entry,
    /// `path:=json` sets a value to JSON.
    Json,
}

/// Returns the arguments that set `value` at `path` of the request, one per scalar. The path of the
/// request itself is empty.
///
/// Values that scalars cannot express are passed as JSON, as small as possible: an empty container,
/// a null, a nested list, or an undeclared member.
#[must_use]
pub fn tokens<'a, T: Type<'a>>(path: &str, value: &Value, ty: T) -> Vec<Token> {
    let mut out = Vec::new();
    append(path, value, ty, &mut out);
    out
}

/// Returns the path of a member of the object at `path`, in kebab-case if that is unambiguous.
#[must_use]
pub fn member_path<T>(path: &str, members: &[Member<'_, T>], name: &str) -> String {
    let kebab = kebab(name);
    let found = find(members, &kebab, |member| member.name);
    let own = found.is_some_and(|member| member.name == name);
    joined(path, if own { &kebab } else { name })
}

fn append<'a, T: Type<'a>>(path: &str, value: &Value, ty: T, out: &mut Vec<Token>) {
    let whole = out.len();
    let split = match (ty.kind(), value) {
        (Kind::Object, Value::Object(members)) => object(path, members, ty, out),
        (Kind::List(of), Value::Array(items)) => list(path, items, of, out),
        (Kind::Map(of), Value::Object(members)) => map(path, members, of, out),
        (Kind::Object | Kind::List(_) | Kind::Map(_), _) => false,
        (_, value) => scalar(path, value, ty, Effect::Set, "", out),
    };
    if !split {
        out.truncate(whole);
        out.extend((!path.is_empty()).then(|| json(path, value)));
    }
}

/// The arguments of the members, if there are any.
fn object<'a, T: Type<'a>>(
    path: &str,
    members: &Map<String, Value>,
    ty: T,
    out: &mut Vec<Token>,
) -> bool {
    let declared = ty.members();
    for (name, value) in members {
        match declared.iter().find(|member| member.name == name) {
            Some(member) => append(&member_path(path, &declared, name), value, member.ty, out),
            None if is_key(name) => out.push(json(&joined(path, name), value)),
            None => return false,
        }
    }
    !members.is_empty()
}

fn list<'a, T: Type<'a>>(path: &str, items: &[Value], of: T, out: &mut Vec<Token>) -> bool {
    match of.kind() {
        Kind::List(_) | Kind::Map(_) => return false,
        Kind::Object => items
            .iter()
            .enumerate()
            .for_each(|(at, item)| append(&format!("{path}.{at}"), item, of, out)),
        _ => {
            return !items.is_empty()
                && items.iter().all(|item| scalar(path, item, of, Effect::Append, "", out));
        }
    }
    !items.is_empty()
}

fn map<'a, T: Type<'a>>(
    path: &str,
    members: &Map<String, Value>,
    of: T,
    out: &mut Vec<Token>,
) -> bool {
    if !members.keys().all(|key| is_key(key)) {
        return false;
    }
    for (key, value) in members {
        let is_container = matches!(of.kind(), Kind::Object | Kind::List(_) | Kind::Map(_));
        let plain = !is_container && !path.is_empty() && !key.contains('=');
        if !plain || !scalar(path, value, of, Effect::Entry, &format!("{key}="), out) {
            append(&joined(path, key), value, of, out);
        }
    }
    !members.is_empty()
}

/// Returns the argument for a scalar, as text or, if the text would parse as another value, as
/// JSON.
fn scalar<'a, T: Type<'a>>(
    path: &str,
    value: &Value,
    ty: T,
    effect: Effect,
    key: &str,
    out: &mut Vec<Token>,
) -> bool {
    let text = match value {
        Value::String(text) => text.clone(),
        // Where any value is allowed, text is a string.
        Value::Bool(_) | Value::Number(_) if !matches!(ty.kind(), Kind::Any) => value.to_string(),
        _ => return false,
    };
    let written = !text.is_empty() && !path.is_empty();
    out.extend(written.then(|| Token { text: format!("{path}={key}{text}"), effect }));
    written
}

fn json(path: &str, value: &Value) -> Token {
    Token { text: format!("{path}:={value}"), effect: Effect::Json }
}

/// Returns `true` if a name can be part of a path.
fn is_key(name: &str) -> bool {
    !name.is_empty() && !name.contains(']')
}

/// Appends a step to a path, in brackets if the name contains syntax.
fn joined(path: &str, name: &str) -> String {
    if name.contains(['.', '[', '=']) || name.ends_with([':', '@']) {
        return format!("{path}[{name}]");
    }
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::Sample;

    fn texts(value: &Value, ty: &'static str) -> Vec<String> {
        tokens("", value, Sample(ty)).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn one_argument_for_each_scalar() {
        for (value, want) in [
            (json!({}), &[][..]),
            (json!({"title": "a b"}), &["title=a b"]),
            (json!({"title": ""}), &["title:=\"\""]),
            (json!({"title": null}), &["title:=null"]),
            (json!({"pay": {"amount": "1", "rate": 0.5}}), &["pay.amount=1", "pay.rate=0.5"]),
            (json!({"pay": {}}), &["pay:={}"]),
            (json!({"self": {"pay": {"count": 3}}}), &["self.pay.count=3"]),
            (
                json!({"pays": [{"amount": "1", "count": 2}, {"amount": "3"}, {}]}),
                &["pays.0.amount=1", "pays.0.count=2", "pays.1.amount=3", "pays.2:={}"],
            ),
            (json!({"pays": []}), &["pays:=[]"]),
            (json!({"tags": ["a", "b"]}), &["tags=a", "tags=b"]),
            (json!({"tags": ["a", ""]}), &["tags:=[\"a\",\"\"]"]),
            (json!({"tags": [null]}), &["tags:=[null]"]),
            (json!({"labels": {"k": "v", "l": "w=x"}}), &["labels=k=v", "labels=l=w=x"]),
            (json!({"labels": {"a=b": "v", "c": ""}}), &["labels[a=b]=v", "labels.c:=\"\""]),
            (json!({"labels": {"a]": "v"}}), &["labels:={\"a]\":\"v\"}"]),
            (json!({"labels": {}}), &["labels:={}"]),
            (json!({"grid": [[1.5]]}), &["grid:=[[1.5]]"]),
            (json!({"state": "OPEN"}), &["state=OPEN"]),
            (json!({"free": "a"}), &["free=a"]),
            (json!({"free": {"a": 1}}), &["free:={\"a\":1}"]),
            (json!({"free": 1}), &["free:=1"]),
            (json!({"frees": ["a", 1]}), &["frees:=[\"a\",1]"]),
            (json!({"shape": {"kind": "circle"}}), &["shape:={\"kind\":\"circle\"}"]),
            (json!({"a.b": 1, "c:": 2}), &["[a.b]:=1", "[c:]:=2"]),
        ] {
            assert_eq!(texts(&value, "Job"), want, "{value}");
        }
        assert_eq!(texts(&json!({"k": {"amount": "1"}}), "{Pay"), ["k.amount=1"]);
        assert_eq!(texts(&json!({"k.l": {"amount": "1"}}), "{Pay"), ["[k.l].amount=1"]);
        assert_eq!(texts(&json!({"k": "v"}), "{string"), ["k=v"]);
    }

    #[test]
    fn effects() {
        for (member, want) in [
            (json!({"title": "a"}), Effect::Set),
            (json!({"tags": ["a"]}), Effect::Append),
            (json!({"labels": {"k": "v"}}), Effect::Entry),
            (json!({"grid": [[1.5]]}), Effect::Json),
        ] {
            let effects: Vec<Effect> =
                tokens("", &member, Sample("Job")).iter().map(|token| token.effect).collect();
            assert_eq!(effects, [want], "{member}");
        }
    }

    #[test]
    fn members_that_share_a_spelling() {
        let member = |name| Member { name, setter: String::new(), ty: (), default: None };
        let members = [member("fooBar"), member("foo_bar"), member("a.b"), member("b")];
        for (name, want) in
            [("fooBar", "x.foo-bar"), ("foo_bar", "x.foo_bar"), ("a.b", "x.a-b"), ("b", "x.b")]
        {
            assert_eq!(member_path("x", &members, name), want);
        }
        assert_eq!(member_path("", &members, "b"), "b");
    }
}
