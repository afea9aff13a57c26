//! Parameters: arguments of a method, setters of a call.

use crate::emit::Cx;
use crate::ir::{Location, Param, Type};
use crate::rust::docs::clean_name;
use crate::rust::{Fragment, Home, RustIdent, StrLit, literal, text_lines};
use serde::Serialize;

/// A required parameter.
#[derive(Serialize)]
pub(super) struct ArgView {
    pub(super) name: RustIdent,
    pub(super) ty: Fragment,
    pub(super) call: Fragment,
    pub(super) wire: StrLit,
}

/// An optional parameter.
#[derive(Serialize)]
pub(super) struct SetterView {
    doc: Fragment,
    deprecated: bool,
    name: RustIdent,
    pub(super) ty: Fragment,
    pub(super) call: Fragment,
    wire: StrLit,
}

/// An argument as an item of a list: what the document says of it and of its values.
pub(super) fn argument_doc(cx: &Cx<'_>, name: &RustIdent, param: &Param) -> Vec<String> {
    let mut out = Vec::new();
    let limits = limits(param);
    let text = cx.lines(&param.doc.0);
    // Behind a list the next line would be of its last item.
    let apart = (!limits.is_empty() && text.iter().any(str::is_empty)).then_some("");
    for line in text.iter().chain(apart).chain(limits.iter().map(String::as_str)) {
        out.push(match (out.is_empty(), line.is_empty()) {
            (true, _) => format!("- `{}`: {line}", name.bare()),
            (false, true) => String::new(),
            (false, false) => format!("  {line}"),
        });
    }
    out
}

/// The Rust type of an argument or setter that takes one value, and how it is displayed.
fn value(cx: &Cx<'_>, param: &Param, home: Home) -> (String, String) {
    match &param.ty {
        Type::String => ("&str".to_owned(), "&value".to_owned()),
        Type::Float => ("f32".to_owned(), "&json::Number::from(value)".to_owned()),
        Type::Double => ("f64".to_owned(), "&json::Number::from(value)".to_owned()),
        Type::Bytes | Type::Any => {
            (format!("&{}", cx.ty(&param.ty, home).as_str()), "value".to_owned())
        }
        Type::Enum(_) | Type::FieldMask => {
            (format!("impl Into<{}>", cx.ty(&param.ty, home).as_str()), "&value.into()".to_owned())
        }
        other => (cx.ty(other, home).as_str().to_owned(), "&value".to_owned()),
    }
}

/// The type and the call of a parameter; `value` in the call is the argument's name.
fn parameter(cx: &Cx<'_>, param: &Param, home: Home) -> (Fragment, Fragment) {
    let (ty, display) = value(cx, param, home);
    let (ty, call) = match (param.repeated, param.location) {
        (true, _) => {
            let plain = cx.ty(&param.ty, home).as_str().to_owned();
            let (item, values) = match &param.ty {
                Type::String => {
                    let values = "value.into_iter().map(|v| v.as_ref().to_owned())".to_owned();
                    ("impl AsRef<str>".to_owned(), values)
                }
                Type::Float | Type::Double => {
                    (plain, "value.into_iter().map(json::Number::from)".to_owned())
                }
                ty if ty.is_number() => (plain, "value".to_owned()),
                _ => {
                    let values = format!("value.into_iter().map(Into::<{plain}>::into)");
                    (format!("impl Into<{plain}>"), values)
                }
            };
            (
                format!("impl IntoIterator<Item = {item}>"),
                format!("__query_all({{wire}}, {values})"),
            )
        }
        (false, Location::Path) => (ty, format!("__path({{wire}}, {display})")),
        (false, Location::Query) => (ty, format!("__query({{wire}}, {display})")),
    };
    (text_lines(&[&ty]), text_lines(&[&call]))
}

/// `call` with the literal and the name put in.
fn applied(call: &Fragment, wire: &str, name: &str) -> Fragment {
    let wire = literal(wire);
    let text = (call.as_str().split("{wire}").collect::<Vec<_>>()).join(wire.as_str());
    if name == "value" {
        return text_lines(&[&text]);
    }
    // `value` stands alone after `&`, `(`, `, ` in the calls above, and nowhere else.
    let (head, tail) = text.split_at(text.find(wire.as_str()).unwrap_or(0) + wire.as_str().len());
    text_lines(&[&format!("{head}{}", tail.replacen("value", name, 1))])
}

pub(super) fn argument(cx: &Cx<'_>, param: &Param, name: &RustIdent, home: Home) -> ArgView {
    let (ty, call) = parameter(cx, param, home);
    let wire = param.name.as_str();
    ArgView {
        name: name.clone(),
        ty,
        call: applied(&call, wire, name.as_str()),
        wire: literal(wire),
    }
}

pub(super) fn setter(cx: &Cx<'_>, param: &Param, name: &RustIdent, home: Home) -> SetterView {
    let (ty, call) = parameter(cx, param, home);
    let wire = param.name.as_str();
    SetterView {
        doc: cx.doc(&param.doc.0, &format!("Sets `{}`.", clean_name(wire)), &limits(param)),
        deprecated: param.deprecated,
        name: name.clone(),
        ty,
        call: applied(&call, wire, "value"),
        wire: literal(wire),
    }
}

/// What the document says of a parameter's values, beside its description.
fn limits(param: &Param) -> Vec<String> {
    let code = |text: &str| format!("`{}`", clean_name(text));
    let mut out = Vec::new();
    match (&param.minimum, &param.maximum) {
        (Some(least), Some(most)) => out.push(format!("From {} to {}.", code(least), code(most))),
        (Some(least), None) => out.push(format!("At least {}.", code(least))),
        (None, Some(most)) => out.push(format!("At most {}.", code(most))),
        (None, None) => {}
    }
    if let Some(default) = param.default.as_deref().filter(|d| !d.trim().is_empty()) {
        out.push(format!("Default: {}.", code(default)));
    }
    out
}
