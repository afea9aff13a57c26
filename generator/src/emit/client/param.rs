//! Parameters: arguments of a method, setters of a call.

use crate::emit::Cx;
use crate::ir::{Form, Location, Param, Scalar, Type};
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

/// Returns `true` if a function with an argument of this type is generic and therefore compiled in
/// each user's crate.
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
    // A code block starts its line.
    if text.iter().next().is_some_and(|line| line.starts_with("```")) {
        out.extend([format!("- `{}`:", name.bare()), String::new()]);
    }
    for line in text.iter().chain(apart).chain(limits.iter().map(String::as_str)) {
        out.push(match (out.is_empty(), line.is_empty()) {
            (true, _) => format!("- `{}`: {line}", name.bare()),
            (false, true) => String::new(),
            (false, false) => format!("  {line}"),
        });
    }
    out
}

/// How a value is passed to the call.
enum Passed {
    /// As an expression that is displayed.
    Displayed(Fragment),
    /// After a fallible conversion.
    Checked,
}

/// Returns the Rust type of an argument or setter that takes one value, and how it is passed.
fn value(cx: &Cx<'_>, param: &Param, home: Home) -> (Fragment, Passed) {
    let (plain, displayed) =
        (cx.ty(&param.ty, home), |text| Passed::Displayed(text_lines(&[text])));
    match &param.ty {
        Type::Any => (plain.within("&", ""), displayed("{value}")),
        Type::Enum(_) => (plain.within("impl Into<", ">"), displayed("&{value}.into()")),
        Type::Scalar(scalar) => match scalar.form() {
            Form::Text => (text_lines(&["&str"]), displayed("&{value}")),
            Form::Float { .. } => {
                let number = text_lines(&["&json::Number::from({value})"]);
                (plain, Passed::Displayed(number.importing(Imports::JSON)))
            }
            Form::Parsed(parsed) if parsed.as_text => {
                (plain.within("impl json::IntoValue<", ">"), Passed::Checked)
            }
            Form::Parsed(_) => (plain.within("&", ""), displayed("{value}")),
            Form::Bool | Form::Integer { .. } => (plain, displayed("&{value}")),
        },
        Type::Object(_) | Type::List(_) | Type::Map(_) => (plain, displayed("&{value}")),
    }
}

/// Returns the type and the call of a parameter, where `{wire}` stands for its name and `{value}`
/// for the argument.
fn parameter(cx: &Cx<'_>, param: &Param, home: Home) -> (Fragment, Fragment) {
    if param.repeated {
        return repeated(cx, param, home);
    }
    let function = match param.location {
        Location::Path => "path",
        Location::Query => "query",
    };
    let (ty, passed) = value(cx, param, home);
    let call = match passed {
        Passed::Displayed(text) => text.within(&format!("{function}({{wire}}, "), ")"),
        Passed::Checked => {
            let call =
                format!("{function}_checked({{wire}}, json::IntoValue::into_value({{value}}))");
            text_lines(&[&call]).importing(Imports::JSON)
        }
    };
    (ty, call)
}

/// Returns the type and the call of a parameter with many values.
fn repeated(cx: &Cx<'_>, param: &Param, home: Home) -> (Fragment, Fragment) {
    let plain = cx.ty(&param.ty, home);
    let all = |values: Fragment| values.within("query_all({wire}, ", ")");
    let (item, call) = match param.ty.scalar().map(Scalar::form) {
        Some(Form::Text) => (
            text_lines(&["impl AsRef<str>"]),
            all(text_lines(&["{value}.into_iter().map(|v| v.as_ref().to_owned())"])),
        ),
        Some(Form::Float { .. }) => {
            let values = text_lines(&["{value}.into_iter().map(json::Number::from)"]);
            (plain, all(values.importing(Imports::JSON)))
        }
        Some(Form::Bool | Form::Integer { .. }) => (plain, all(text_lines(&["{value}"]))),
        Some(Form::Parsed(parsed)) if parsed.as_text => {
            let values = "{value}.into_iter().map(json::IntoValue::into_value)";
            let call = text_lines(&[&format!("query_all_checked({{wire}}, {values})")]);
            (plain.within("impl json::IntoValue<", ">"), call.importing(Imports::JSON))
        }
        Some(Form::Parsed(_)) | None => (
            plain.within("impl Into<", ">"),
            all(plain.within("{value}.into_iter().map(Into::<", ">::into)")),
        ),
    };
    (item.within("impl IntoIterator<Item = ", ">"), call)
}

/// Substitutes the wire name and the argument's name into `call`.
fn substitute(call: &Fragment, wire: &str, name: &str) -> Fragment {
    // The wire name may contain anything, so it comes last.
    let text = call.as_str().replace("{value}", name);
    text_lines(&[&text.replace("{wire}", literal(wire).as_str())]).importing(call.imports())
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
