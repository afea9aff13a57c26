//! Rust of the examples.

use crate::emit::Cx;
use crate::ir::{Body, Location, MethodId, Param, SchemaId, Type};
use crate::rust::{ParamNames, literal};
use discovery_describe::names::{singular, words};

/// What an example puts into a text.
const TEXT: &str = "example";

/// A value that fits a path's pattern: `^projects/[^/]+$` is `projects/my-project`.
pub(super) fn path_value(param: &Param) -> String {
    fitting(param.pattern.as_deref().unwrap_or_default(), param.name.as_str())
}

fn fitting(pattern: &str, name: &str) -> String {
    let shape = pattern.trim_start_matches('^').trim_end_matches('$');
    let shape =
        ["[^/]+", "[^/]*", ".+", ".*"].iter().fold(shape.to_owned(), |s, p| s.replace(p, "*"));
    let odd = |c: char| !(c.is_ascii_alphanumeric() || "/*-_.".contains(c));
    if shape.is_empty() || shape.contains(odd) {
        return format!("my-{}", words(&name.replace(odd, "")).replace(' ', "-"));
    }
    let mut before = "name";
    let mut out = Vec::new();
    for part in shape.split('/') {
        out.push(if part == "*" { format!("my-{}", singular(before)) } else { part.to_owned() });
        before = part;
    }
    out.join("/")
}

fn argument(cx: &Cx<'_>, param: &Param) -> String {
    let text = |text: &str| literal(text).as_str().to_owned();
    let value = match &param.ty {
        Type::Bool => "true".to_owned(),
        Type::Int32 | Type::Int64 | Type::UInt32 | Type::UInt64 => "1".to_owned(),
        Type::Enum(id) => text(cx.api[*id].values.last().map_or(TEXT, |value| value.name.as_str())),
        _ if param.location == Location::Path => text(&path_value(param)),
        _ => text(TEXT),
    };
    if param.repeated { format!("[{value}]") } else { value }
}

/// A call of a method of `client`, with sample arguments and `body`.
pub(super) fn call(cx: &Cx<'_>, id: MethodId, body: &str) -> String {
    format!("{}{}", handle(cx, id), call_on(cx, id, body))
}

/// The expression on which a method is called.
pub(super) fn handle(cx: &Cx<'_>, id: MethodId) -> String {
    let accessors = cx.names.accessors(cx.api, cx.api[id].resource);
    let accessors: String = accessors.iter().map(|name| format!(".{name}()")).collect();
    format!("client{accessors}")
}

/// `.method(arguments)`
pub(super) fn call_on(cx: &Cx<'_>, id: MethodId, body: &str) -> String {
    let mut arguments = arguments(cx, id, None);
    if matches!(cx.api[id].request, Some(Body::Json(_))) {
        arguments.push(if body.is_empty() { "&Default::default()" } else { body }.to_owned());
    }
    format!(".{}({})", cx.names.method(id).function, arguments.join(", "))
}

/// `.patch_between(arguments, &old, &new)`; the function sets the parameter `mask` itself.
pub(super) fn between_on(cx: &Cx<'_>, id: MethodId, mask: Option<usize>) -> String {
    let names = cx.names.method(id);
    let function = names.between.as_ref().map_or(&names.function, |between| &between.function);
    let mut arguments = arguments(cx, id, mask);
    arguments.extend(["&old".to_owned(), "&new".to_owned()]);
    format!(".{function}({})", arguments.join(", "))
}

/// Samples of what a method must be given, without the parameter at `but`.
fn arguments(cx: &Cx<'_>, id: MethodId, but: Option<usize>) -> Vec<String> {
    let (method, names) = (&cx.api[id], cx.names.method(id));
    let params = method.params.iter().zip(&names.params).enumerate();
    params
        .filter(|(i, (_, name))| Some(*i) != but && matches!(name, ParamNames::Argument(_)))
        .map(|(_, (param, _))| argument(cx, param))
        .collect()
}

/// The name of a schema's type.
pub(super) fn ty<'a>(cx: &'a Cx<'_>, id: SchemaId) -> &'a str {
    cx.names.schema(id).ty.as_str()
}

/// `Type::new().set_a("example")`, broken after each call if it is long.
pub(super) fn built(ty: &str, setters: &[String]) -> String {
    let line = format!("{ty}::new(){}", setters.concat());
    if line.len() <= 80 { line } else { format!("{ty}::new()\n    {}", setters.join("\n    ")) }
}

/// A setter that puts a sample text in.
pub(super) fn set_text((_, names): &super::pick::Named<'_>) -> String {
    format!(".{}(\"{TEXT}\")", names.setter)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fit_patterns() {
        for (pattern, name, value) in [
            ("^projects/[^/]+$", "parent", "projects/my-project"),
            (
                "^projects/[^/]+/companies/[^/]+$",
                "name",
                "projects/my-project/companies/my-company",
            ),
            (
                "^accounts/[^/]+/clientEvents/.*$",
                "name",
                "accounts/my-account/clientEvents/my-client-event",
            ),
            ("^[^/]+$", "name", "my-name"),
            ("", "fileId", "my-file-id"),
            ("^(a|b)/[0-9]{3}$", "name", "my-name"),
            ("^```$", "`x`", "my-x"),
        ] {
            assert_eq!(fitting(pattern, name), value, "{pattern}");
        }
    }

    #[test]
    fn long_chains_are_broken() {
        let setters = |n: usize| vec![".set_display_name(\"example\")".to_owned(); n];
        assert_eq!(built("A", &setters(1)), "A::new().set_display_name(\"example\")");
        assert_eq!(built("A", &setters(4)).lines().count(), 5);
    }
}
