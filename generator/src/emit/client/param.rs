//! Parameters: arguments of a method, setters of a call.

use crate::emit::Cx;
use crate::ir::{Location, Param, Type};
use crate::rust::docs::clean_name;
use crate::rust::{Fragment, Home, Imports, RustIdent, literal, text_lines};
use serde::Serialize;

/// A required parameter.
#[derive(Serialize)]
pub(super) struct ArgView {
    pub(super) name: RustIdent,
    pub(super) ty: Fragment,
    pub(super) call: Fragment,
}

/// An optional parameter.
#[derive(Serialize)]
pub(super) struct SetterView {
    doc: Fragment,
    deprecated: bool,
    inline: bool,
    name: RustIdent,
    pub(super) ty: Fragment,
    pub(super) call: Fragment,
}

/// Whether a function with an argument of this type is generic and therefore compiled in each
/// user's crate.
pub(super) fn is_generic(ty: &Fragment) -> bool {
    ty.as_str().contains("impl ")
}

/// Documents an argument as a list item: its description and the constraints on its values.
pub(super) fn argument_doc(cx: &Cx<'_>, name: &RustIdent, param: &Param) -> Vec<String> {
    let mut out = Vec::new();
    let limits = limits(param);
    let text = cx.lines(&param.doc.0);
    // Without the blank line, the next line would continue the last list item.
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
fn value(cx: &Cx<'_>, param: &Param, home: Home) -> (Fragment, Fragment) {
    let (plain, call) = (cx.ty(&param.ty, home), |text: &str| text_lines(&[text]));
    match &param.ty {
        Type::String => (call("&str"), call("&value")),
        Type::Float | Type::Double => {
            (plain, call("&json::Number::from(value)").importing(Imports::JSON))
        }
        Type::Bytes | Type::Any => (plain.within("&", ""), call("value")),
        Type::Enum(_)
        | Type::FieldMask
        | Type::Timestamp
        | Type::DateTime
        | Type::Date
        | Type::Duration => (plain.within("impl Into<", ">"), call("&value.into()")),
        _ => (plain, call("&value")),
    }
}

/// The type and the call of a parameter; `value` in the call is the argument's name.
fn parameter(cx: &Cx<'_>, param: &Param, home: Home) -> (Fragment, Fragment) {
    let (ty, display) = value(cx, param, home);
    match (param.repeated, param.location) {
        (true, _) => {
            let (item, values) = item(cx, param, home);
            (
                item.within("impl IntoIterator<Item = ", ">"),
                values.within("query_all({wire}, ", ")"),
            )
        }
        (false, Location::Path) => (ty, display.within("path({wire}, ", ")")),
        (false, Location::Query) => (ty, display.within("query({wire}, ", ")")),
    }
}

/// The type of one of many values, and the values as they are displayed.
fn item(cx: &Cx<'_>, param: &Param, home: Home) -> (Fragment, Fragment) {
    let (plain, call) = (cx.ty(&param.ty, home), |text: &str| text_lines(&[text]));
    match &param.ty {
        Type::String => {
            (call("impl AsRef<str>"), call("value.into_iter().map(|v| v.as_ref().to_owned())"))
        }
        Type::Float | Type::Double => {
            let values = call("value.into_iter().map(json::Number::from)");
            (plain, values.importing(Imports::JSON))
        }
        ty if ty.is_number() => (plain, call("value")),
        _ => (
            plain.within("impl Into<", ">"),
            plain.within("value.into_iter().map(Into::<", ">::into)"),
        ),
    }
}

/// Substitutes the wire name and the argument's name into `call`.
fn substitute(call: &Fragment, wire: &str, name: &str) -> Fragment {
    let wire = literal(wire);
    let text = (call.as_str().split("{wire}").collect::<Vec<_>>()).join(wire.as_str());
    if name == "value" {
        return text_lines(&[&text]).importing(call.imports());
    }
    // In the calls above, `value` follows only `&`, `(`, or `, `.
    let (head, tail) = text.split_at(text.find(wire.as_str()).unwrap_or(0) + wire.as_str().len());
    let text = format!("{head}{}", tail.replacen("value", name, 1));
    text_lines(&[&text]).importing(call.imports())
}

pub(super) fn argument(cx: &Cx<'_>, param: &Param, name: &RustIdent, home: Home) -> ArgView {
    let (ty, call) = parameter(cx, param, home);
    let wire = param.name.as_str();
    ArgView { name: name.clone(), ty, call: substitute(&call, wire, name.as_str()) }
}

pub(super) fn setter(cx: &Cx<'_>, param: &Param, name: &RustIdent, home: Home) -> SetterView {
    let (ty, call) = parameter(cx, param, home);
    let wire = param.name.as_str();
    SetterView {
        doc: cx.doc(&param.doc.0, &format!("Sets `{}`.", clean_name(wire)), &limits(param)),
        deprecated: param.deprecated,
        inline: !is_generic(&ty),
        name: name.clone(),
        ty,
        call: substitute(&call, wire, "value"),
    }
}

/// Lists the documented constraints on a parameter's values, apart from its description.
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
