//! Rust of the examples.

use super::methods::{Make, Named};
use crate::emit::Cx;
use crate::emit::described::Described;
use crate::emit::examples::{Examples, Purpose};
use crate::ir::{Body, Field, MethodId, Param, Scalar, SchemaId};
use crate::rust::ParamNames;
use discovery_describe::names::words;
use discovery_describe::rust;

/// Returns a sample of a parameter as text.
pub(super) fn value(cx: &Cx<'_>, param: &Param) -> String {
    let value = Examples::parameter(cx, param);
    if value.is_empty() { words(param.name.as_str()) } else { value }
}

/// Returns a sample of a text field of schema `id`.
pub(super) fn text(cx: &Cx<'_>, id: SchemaId, field: &Field) -> String {
    let value = Examples::new(cx, Purpose::Part).member(id, field);
    let value = value.as_ref().and_then(|value| value.as_str());
    value.map_or_else(|| words(field.name.as_str()), str::to_owned)
}

fn argument(cx: &Cx<'_>, param: &Param) -> String {
    let value = value(cx, param);
    let ty = Described::new(cx, &param.ty);
    let text = rust::argument(ty, param.repeated, std::slice::from_ref(&value));
    text.unwrap_or_else(|| rust::literal(&value))
}

/// Formats a call of a method of `client`, with sample arguments and `body`.
pub(super) fn call(cx: &Cx<'_>, id: MethodId, body: &str) -> String {
    format!("{}{}", handle(cx, id), call_on(cx, id, body))
}

/// Formats the expression on which a method is called.
pub(super) fn handle(cx: &Cx<'_>, id: MethodId) -> String {
    let accessors = cx.names.accessors(cx.api, cx.api[id].resource);
    let accessors: String = accessors.iter().map(|name| format!(".{name}()")).collect();
    format!("client{accessors}")
}

/// Formats `.method(arguments)`, and setters of parameters that descriptions require.
pub(super) fn call_on(cx: &Cx<'_>, id: MethodId, body: &str) -> String {
    let mut arguments = arguments(cx, id, None);
    if matches!(cx.api[id].request, Some(Body::Json(_))) {
        arguments.push(if body.is_empty() { "&Default::default()" } else { body }.to_owned());
    }
    let names = cx.names.method(id);
    let setters = cx.api[id].params.iter().zip(&names.params).filter_map(|(param, name)| {
        let ParamNames::Setter(name) = name else { return None };
        is_asked_for(cx, param).then(|| format!(".{name}({})", argument(cx, param)))
    });
    let setters: String = setters.collect();
    format!(".{}({}){setters}", names.function, arguments.join(", "))
}

/// Returns `true` if only its description requires a parameter, and a sample of it needs no import.
pub(super) fn is_asked_for(cx: &Cx<'_>, param: &Param) -> bool {
    let asked = param.behavior.required && !param.required && !param.deprecated;
    let is_plain = matches!(
        param.ty.scalar(),
        Some(Scalar::String | Scalar::Bool | Scalar::Int32 | Scalar::Int64)
    );
    asked && is_plain && !Examples::parameter(cx, param).is_empty()
}

/// Formats `.patch_between(arguments, &old, &new)`, which sets the parameter `mask` itself.
pub(super) fn between_on(cx: &Cx<'_>, id: MethodId, mask: Option<usize>) -> String {
    let names = cx.names.method(id);
    let function = names.between.as_ref().map_or(&names.function, |between| &between.function);
    let mut arguments = arguments(cx, id, mask);
    arguments.extend(["&old".to_owned(), "&new".to_owned()]);
    format!(".{function}({})", arguments.join(", "))
}

/// Returns samples of a method's required arguments, without the parameter at `but`.
fn arguments(cx: &Cx<'_>, id: MethodId, but: Option<usize>) -> Vec<String> {
    let (method, names) = (&cx.api[id], cx.names.method(id));
    let params = method.params.iter().zip(&names.params).enumerate();
    params
        .filter(|(i, (_, name))| Some(*i) != but && matches!(name, ParamNames::Argument(_)))
        .map(|(_, (param, _))| argument(cx, param))
        .collect()
}

/// Returns the name of a schema's type.
pub(super) fn ty<'a>(cx: &'a Cx<'_>, id: SchemaId) -> &'a str {
    cx.names.schema(id).ty.as_str()
}

/// Formats the request of an example.
pub(super) fn request(cx: &Cx<'_>, make: &Make<'_>) -> String {
    rust::value(&make.value, Described::new(cx, make.ty), 0)
}

/// Formats a setter with sample text for a field of schema `id`.
pub(super) fn set_text(cx: &Cx<'_>, id: SchemaId, (field, names): &Named<'_>) -> String {
    format!(".{}({})", names.setter, rust::literal(&text(cx, id, field)))
}

/// `use krate::models::{A, B};`
pub(super) fn import(cx: &Cx<'_>, ids: &[SchemaId]) -> String {
    let mut types: Vec<&str> = ids.iter().map(|id| ty(cx, *id)).collect();
    types.sort_unstable();
    types.dedup();
    let krate = &cx.names.package.krate;
    match types.as_slice() {
        [one] => format!("use {krate}::models::{one};"),
        many => format!("use {krate}::models::{{{}}};", many.join(", ")),
    }
}
