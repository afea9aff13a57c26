//! Command-line pages.

use super::command_walk::{Group, Walk};
use super::method::{ParamView, param, purpose};
use super::method_examples::Call;
use super::{Docs, block, code, piece};
use crate::emit::Product;
use crate::error::Diagnostic;
use crate::ir::{Body, MethodId, Param, SchemaId, Type};
use crate::rust::Fragment;
use crate::tree::FileTree;
use discovery_describe::names::kebab;
use discovery_describe::shell::quote;
use serde::Serialize;

#[derive(Serialize)]
struct PageView {
    title: Fragment,
    binary: Fragment,
    words: Fragment,
    file: Fragment,
    doc: Fragment,
    usage: Fragment,
    args: Vec<ParamView>,
    query: Vec<ParamView>,
    call: Option<Fragment>,
    body: Option<WalkView>,
}

/// Options of all commands.
#[derive(Serialize)]
struct OptionsView {
    binary: Fragment,
    mock: bool,
}

#[derive(Serialize)]
struct WalkView {
    link: Fragment,
    tree: Fragment,
    command: Option<CommandView>,
    meanings: Fragment,
    elsewhere: Vec<Fragment>,
}

#[derive(Serialize)]
struct CommandView {
    line: Fragment,
    schema: Fragment,
    json: Fragment,
}

pub(super) fn emit(docs: &Docs<'_>, tree: &mut FileTree) -> Result<(), Diagnostic> {
    for id in MethodId::all(docs.cx.api) {
        let file = docs.method_file(id);
        docs.page(tree, &format!("cli/{file}"), "docs/command.md", &page(docs, id))?;
    }
    let view = OptionsView {
        binary: piece(docs.binary.as_deref().unwrap_or_default()),
        mock: docs.cx.options.products.contains(&Product::Mock),
    };
    docs.page(tree, "cli/README.md", "docs/commands.md", &view)
}

fn page(docs: &Docs<'_>, id: MethodId) -> PageView {
    let m = &docs.cx.api[id];
    let names = &docs.cx.names.method(id).params;
    let rows = |wanted: bool| -> Vec<ParamView> {
        let each = m.params.iter().zip(names).filter(|(p, _)| p.required == wanted);
        each.map(|(p, n)| ParamView { name: command_line_name(p), ..param(docs, p, n) }).collect()
    };
    let binary = docs.binary.clone().unwrap_or_default();
    let call = Call::of(docs, id).command(docs, id).unwrap_or_default();
    let body = walked(docs, id, &call);
    PageView {
        title: piece(&docs.method_title(id)),
        binary: piece(&binary),
        words: piece(&docs.command_words(id)),
        file: piece(&docs.method_file(id)),
        doc: block(&docs.lines(&m.doc.0)),
        usage: piece(&usage(docs, id, &binary)),
        args: rows(true),
        query: rows(false),
        call: body.is_none().then(|| piece(&call)),
        body,
    }
}

fn command_line_name(p: &Param) -> Fragment {
    let name = kebab(p.name.as_str());
    piece(&if p.required { code(&format!("<{name}>")) } else { code(&format!("-p {name}=…")) })
}

fn usage(docs: &Docs<'_>, id: MethodId, binary: &str) -> String {
    let m = &docs.cx.api[id];
    let mut line = format!("{binary} {}", docs.command_words(id));
    for p in m.required() {
        let many = if p.repeated { "..." } else { "" };
        line.push_str(&format!(" <{}>{many}", kebab(p.name.as_str())));
    }
    match m.request {
        Some(Body::Json(_)) => line.push_str(" -r <kv>..."),
        Some(Body::Raw(_)) => line.push_str(" -f <FILE>"),
        None => {}
    }
    line + " [-p <v>...] [-o <FILE>]"
}

fn walked(docs: &Docs<'_>, id: MethodId, call: &str) -> Option<WalkView> {
    let m = &docs.cx.api[id];
    let Some(Body::Json(ty)) = &m.request else { return None };
    let Type::Object(schema) = docs.cx.api.resolve(ty) else { return None };
    if !matches!(docs.cx.api[*schema].shape, crate::ir::Shape::Object(_)) {
        return None;
    }
    let (walk, value) = Walk::new(docs, purpose(m), *schema);
    let own = |group: &&Group| docs.reach.is_own(group.schema);
    let mut elsewhere: Vec<SchemaId> = Vec::new();
    for group in walk.groups.iter().filter(|g| !own(g)) {
        if !elsewhere.contains(&group.schema) {
            elsewhere.push(group.schema);
        }
    }
    let mut meanings = Vec::new();
    walk.groups.iter().filter(own).for_each(|group| meaning(group, &mut meanings));
    let link =
        |id: &SchemaId| piece(&docs.type_link(&Type::Object(*id), &docs.label(&Type::Object(*id))));
    Some(WalkView {
        link: link(schema),
        tree: block(&walk.tree),
        command: (!walk.groups.is_empty()).then(|| CommandView {
            line: piece(&command(call, &walk.groups)),
            schema: piece(&super::bare(docs.cx.api[*schema].name.as_str())),
            json: piece(&format!("{value:#}")),
        }),
        meanings: block(&meanings),
        elsewhere: elsewhere.iter().map(link).collect(),
    })
}

/// One argument per line, so that a new field adds a line.
fn command(call: &str, groups: &[Group]) -> String {
    let mut out = call.to_owned();
    for group in groups {
        out.push_str(&format!(" \\\n  -r {}", quote(&group.path)));
        for token in &group.tokens {
            out.push_str(&format!(" \\\n     {}", quote(&token.text)));
        }
    }
    out
}

/// Lists the meaning of the arguments at one path.
fn meaning(group: &Group, out: &mut Vec<String>) {
    out.push(format!("- {}", code(&format!("-r {}", group.path))));
    item(&group.about, out);
    for token in &group.tokens {
        out.push(format!("- {}", code(&token.text)));
        item(&token.about, out);
        out.extend((!token.effect.is_empty()).then(|| format!("  - {}", token.effect)));
    }
}

/// Lines as one item of the inner list.
fn item(lines: &[String], out: &mut Vec<String>) {
    for (at, line) in lines.iter().enumerate() {
        out.push(match (at, line.is_empty()) {
            (0, _) => format!("  - {line}"),
            (_, true) => String::new(),
            (_, false) => format!("    {line}"),
        });
    }
}
