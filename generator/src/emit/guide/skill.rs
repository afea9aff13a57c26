//! `SKILL.md`: the command line on a page, for agents.

use super::{Cx, Product, methods, shell};
use crate::error::Diagnostic;
use crate::ir::{Api, MethodId, ResourceId};
use crate::rust::docs::{first_sentence, plain};
use crate::rust::{Fragment, text_lines};
use crate::tree::FileTree;
use discovery_describe::names::kebab;
use serde::Serialize;

/// Maximum number of methods to list: agents read the whole page.
const METHODS: usize = 60;

/// Maximum length of a description.
const ABOUT: usize = 90;

#[derive(Serialize)]
struct View {
    title: Fragment,
    version: Fragment,
    has_first: bool,
    /// Command of a method that the page uses as an example.
    example: Fragment,
    mock: bool,
    /// Every method; none if there are too many.
    methods: Vec<Row>,
    /// Top-level resources.
    resources: Vec<Row>,
    shell: shell::View,
}

#[derive(Serialize)]
struct Row {
    words: Fragment,
    about: Fragment,
}

pub(super) fn emit(cx: &Cx<'_>, tree: &mut FileTree) -> Result<(), Diagnostic> {
    let all: Vec<MethodId> = MethodId::all(cx.api).collect();
    let few = all.len() <= METHODS;
    let example = methods::independent(cx).map(|make| make.method);
    let example = example.or_else(|| methods::first(cx.api)).or_else(|| all.first().copied());
    let text = |text: &str| text_lines(&[text]);
    let view = View {
        title: text(&cx.title()),
        version: text(&cx.api.version),
        has_first: example.is_some(),
        example: text(&example.map(|id| shell::words(cx, id).join(" ")).unwrap_or_default()),
        mock: cx.options.products.contains(&Product::Mock),
        methods: all.iter().filter(|_| few).map(|id| method(cx, *id)).collect(),
        resources: ResourceId::all(cx.api).filter_map(|id| resource(cx, id)).collect(),
        shell: shell::view(cx),
    };
    let path = format!("{}-cli/SKILL.md", cx.names.package.folder);
    cx.render(tree, path, "cli/SKILL.md", &view)
}

/// A method's command with its positional parameters.
fn method(cx: &Cx<'_>, id: MethodId) -> Row {
    let method = &cx.api[id];
    let mut words = shell::words(cx, id).join(" ");
    for param in method.required() {
        words.push_str(&format!(" <{}>", kebab(param.name.as_str())));
    }
    if method.request.is_some() {
        words.push_str(" -r <fields>");
    }
    Row {
        words: text_lines(&[&words]),
        about: text_lines(&[&about(first_sentence(&method.doc.0))]),
    }
}

/// A top-level resource with the number of its methods.
fn resource(cx: &Cx<'_>, id: ResourceId) -> Option<Row> {
    let name = cx.api[id].name.as_ref().filter(|_| cx.api[id].parent == Some(Api::ROOT))?;
    let count = MethodId::all(cx.api)
        .filter(|method| cx.api.resource_path(cx.api[*method].resource).first() == Some(&name))
        .count();
    let about = if count == 1 { "1 method".to_owned() } else { format!("{count} methods") };
    Some(Row { words: text_lines(&[&kebab(name.as_str())]), about: text_lines(&[&about]) })
}

/// A sentence on one line, without characters that Markdown interprets.
fn about(sentence: &str) -> String {
    let text = plain(sentence);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line: String = line.chars().filter(|c| !"[]<>*\\`|".contains(*c)).collect();
    let line = line.trim_end_matches('.');
    match line.char_indices().nth(ABOUT) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line.to_owned(),
    }
}
