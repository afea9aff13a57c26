//! Commands of the examples.

use super::{pick, say};
use crate::emit::Cx;
use crate::ir::MethodId;
use crate::rust::{Fragment, text_lines};
use discovery_describe::names::{self, kebab};
use discovery_describe::shell::quote;
use serde::Serialize;

/// What is said of the command line and the local server.
#[derive(Serialize)]
pub(super) struct View {
    binary: Fragment,
    /// What its environment variables begin with.
    prefix: Fragment,
    has_list: bool,
    list: Fragment,
    has_make: bool,
    make: Fragment,
    /// The resource of the list, as one looks for its help.
    help: Fragment,
    root_url: Fragment,
}

pub(super) fn view(cx: &Cx<'_>) -> View {
    let text = |text: &str| text_lines(&[text]);
    let binary = cx.binary();
    let list = pick::first(cx.api).filter(|id| cx.api[*id].request.is_none());
    let make = pick::make(cx);
    let help = list.map(|id| words(cx, id)).unwrap_or_default();
    View {
        prefix: text(&names::env_prefix(&binary)),
        binary: text(&binary),
        has_list: list.is_some(),
        list: text(&list.map(|id| command(cx, id)).unwrap_or_default()),
        has_make: make.is_some(),
        make: text(&make.map(|make| creation(cx, &make)).unwrap_or_default()),
        help: text(&help.first().cloned().unwrap_or_default()),
        root_url: text(&cx.api.root_url),
    }
}

/// The words of a command: resources, then the method.
fn words(cx: &Cx<'_>, id: MethodId) -> Vec<String> {
    let method = &cx.api[id];
    let path = cx.api.resource_path(method.resource).into_iter();
    path.chain([&method.name]).map(|name| kebab(name.as_str())).collect()
}

fn command(cx: &Cx<'_>, id: MethodId) -> String {
    let mut words = words(cx, id);
    for param in cx.api[id].required() {
        words.push(say::value(cx, param));
    }
    words.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" ")
}

fn creation(cx: &Cx<'_>, make: &pick::Make<'_>) -> String {
    let inner = make.inner.iter().map(|((field, _), _)| kebab(field.name.as_str()) + ".");
    let prefix: String = inner.collect();
    let built = make.inner.map_or(make.request, |(_, id)| id);
    let token = |(field, _): &pick::Named<'_>| {
        let value = say::text(cx, built, field);
        format!("{prefix}{}={value}", kebab(field.name.as_str()))
    };
    let tokens: Vec<String> = make.fields.iter().map(token).collect();
    format!(
        "{} -r {}",
        command(cx, make.method),
        tokens.iter().map(|token| quote(token)).collect::<Vec<_>>().join(" ")
    )
}
