//! Examples in the documentation of a method: its optional setters, and a call.

use crate::emit::Cx;
use crate::emit::described::Described;
use crate::emit::examples::{Examples, Purpose};
use crate::ir::{Body, Method, MethodId};
use crate::rust::ParamNames;
use discovery_describe::rust::{self, Answer};
use discovery_describe::{Kind, Type as _};

/// The longest statement that stays on one line.
const WIDTH: usize = 92;

/// Returns a line with links to the setters of a method; `None` without setters.
pub(super) fn setters(cx: &Cx<'_>, id: MethodId) -> Option<String> {
    let names = cx.names.method(id);
    let link = |name: &ParamNames| match name {
        ParamNames::Setter(name) => {
            let name = name.bare();
            Some(format!("[`{name}`]({}::{name})", names.marker))
        }
        _ => None,
    };
    let links: Vec<String> = names.params.iter().filter_map(link).collect();
    (!links.is_empty()).then(|| format!("Optional: {}.", links.join(", ")))
}

/// Returns a call of the method as a documentation test that is compiled but not run.
pub(super) fn example(cx: &Cx<'_>, id: MethodId) -> Vec<String> {
    let body = statements(cx, id);
    let text = body.join("\n");
    // Parsing text fails with another error type.
    let own = text.replace(".await?", "").replace("transpose()?", "").contains('?');
    let result = if own { "Result<(), Box<dyn std::error::Error>>" } else { "client::Result<()>" };
    let import = rust::import(cx.names.package.krate.as_str(), &["Client"], &text);
    let result = result.replace("client::", &format!("{}::", cx.names.package.krate));
    let mut lines = vec![
        "```no_run".to_owned(),
        format!("# {import}"),
        format!("# async fn example(client: Client) -> {result} {{"),
    ];
    lines.extend(body);
    lines.extend(["# Ok(()) }".to_owned(), "```".to_owned()]);
    lines
}

fn statements(cx: &Cx<'_>, id: MethodId) -> Vec<String> {
    let (m, names) = (&cx.api[id], cx.names.method(id));
    let mut lines = Vec::new();
    let mut arguments: Vec<String> = (m.params.iter().zip(&names.params))
        .filter(|(_, name)| matches!(name, ParamNames::Argument(_)))
        .map(|(param, _)| {
            let value = Examples::parameter(cx, param);
            let ty = Described::new(cx, &param.ty);
            rust::argument(ty, param.repeated, std::slice::from_ref(&value))
                .unwrap_or_else(|| rust::literal(&value))
        })
        .collect();
    match &m.request {
        Some(Body::Json(ty)) => {
            let described = Described::new(cx, ty);
            let request = match (described.kind(), described.rust_name()) {
                (Kind::Object, Some(name)) => format!("{name}::new()"),
                _ => {
                    let value = Examples::new(cx, Purpose::Request(m.id.as_str())).value(ty);
                    rust::value(&value, described, 0)
                }
            };
            lines.extend(format!("let request = {request};").lines().map(str::to_owned));
            arguments.push("&request".to_owned());
        }
        Some(Body::Raw(_)) => {
            lines.push("let content = runtime::HttpBody::new(\"text/plain\", \"content\");".into());
            arguments.push("content".to_owned());
        }
        None => {}
    }
    let resources = cx.names.accessors(cx.api, m.resource);
    let resources = resources.iter().map(|name| name.as_str());
    let mut chain = rust::chain(resources, names.function.as_str(), &arguments);
    if m.is_download_only() {
        chain.extend([".download()", ".to_file(\"content\")"].map(str::to_owned));
    } else {
        chain.push(end(m).to_owned());
    }
    lines.extend(call(m, &chain));
    lines
}

/// Returns the method that sends the call.
fn end(m: &Method) -> &'static str {
    match m.streams {
        Some(_) => ".stream()",
        None if is_paged(m) => ".items()",
        None => ".send()",
    }
}

fn call(m: &Method, chain: &[String]) -> Vec<String> {
    let line = format!("client{}", chain.concat());
    let each = match m.streams {
        Some(_) => Some(("message", "messages")),
        None => is_paged(m).then_some(("item", "items")),
    };
    if let Some((one, all)) = each {
        return vec![
            format!("let mut {all} = {line};"),
            format!("while let Some({one}) = {all}.next().await.transpose()? {{"),
            format!("    println!(\"{{{one}:?}}\");"),
            "}".to_owned(),
        ];
    }
    let answer = if m.response.is_some() { Answer::Print } else { Answer::Nothing };
    let left = if m.response.is_some() { "let response = " } else { "" };
    let line = format!("{left}{line}.await?;");
    if line.len() <= WIDTH {
        return vec![line];
    }
    let lines = rust::statement(chain, answer).into_iter();
    let lines = lines.map(|line| line.strip_prefix("    ").unwrap_or(&line).to_owned());
    lines.filter(|line| !line.starts_with("println!")).collect()
}

/// Returns `true` if the example iterates over the items of a response.
fn is_paged(m: &Method) -> bool {
    m.paging.is_some() && m.paged_items().is_some()
}
