//! Commands of the examples.

use super::{code, methods};
use crate::emit::Cx;
use crate::emit::described::Described;
use crate::ir::MethodId;
use crate::rust::{Fragment, text_lines};
use discovery_describe::names::{self, kebab};
use discovery_describe::shell::quote;
use discovery_describe::tokens::tokens;
use serde::Serialize;

/// Data about the command line and the local server.
#[derive(Serialize)]
pub(super) struct View {
    binary: Fragment,
    /// Prefix of its environment variables.
    prefix: Fragment,
    has_list: bool,
    list: Fragment,
    has_make: bool,
    make: Fragment,
    /// Resource of the list method, as used with `--help`.
    help: Fragment,
    root_url: Fragment,
}

pub(super) fn view(cx: &Cx<'_>) -> View {
    let text = |text: &str| text_lines(&[text]);
    let binary = cx.binary();
    let list = methods::first(cx.api).filter(|id| cx.api[*id].request.is_none());
    let make = methods::independent(cx);
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

/// Returns the words of a command: resources, then the method.
pub(super) fn words(cx: &Cx<'_>, id: MethodId) -> Vec<String> {
    let method = &cx.api[id];
    let path = cx.api.resource_path(method.resource).into_iter();
    path.chain([&method.name]).map(|name| kebab(name.as_str())).collect()
}

fn command(cx: &Cx<'_>, id: MethodId) -> String {
    let mut words = words(cx, id);
    for param in cx.api[id].required() {
        words.push(code::value(cx, param));
    }
    for param in cx.api[id].params.iter().filter(|param| code::is_asked_for(cx, param)) {
        let value = code::value(cx, param);
        words.extend(["-p".to_owned(), format!("{}={value}", kebab(param.name.as_str()))]);
    }
    words.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" ")
}

fn creation(cx: &Cx<'_>, make: &methods::Make<'_>) -> String {
    let tokens = tokens("", &make.value, Described::new(cx, make.ty));
    let tokens: Vec<String> = tokens.iter().map(|token| quote(&token.text)).collect();
    format!("{} -r {}", command(cx, make.method), tokens.join(" "))
}
