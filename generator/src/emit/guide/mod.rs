//! The guide: the page of the client crate, and the READMEs of the crates.
//!
//! Its examples use the API's own methods and types. All of them are compiled as documentation
//! tests.

mod code;
mod methods;
mod shell;
mod skill;

use super::{Cx, Product, manifest};
use crate::error::Diagnostic;
use crate::rust::{Fragment, text_lines};
use crate::tree::FileTree;
use discovery_describe::rust;
use serde::Serialize;

/// Data of all these texts. Rust code is preformatted, with several lines per fragment.
#[derive(Serialize)]
struct View {
    title: Fragment,
    version: Fragment,
    about: Fragment,
    link: Fragment,
    package: Fragment,
    folder: Fragment,
    publish: bool,
    dependency: Fragment,
    reference: Fragment,
    cli_home: Fragment,
    mock_home: Fragment,
    krate: Fragment,
    gate: Fragment,
    gated: bool,
    feature: Fragment,
    scopes: bool,
    cli: bool,
    mock: bool,
    docs: bool,
    has_first: bool,
    first: Fragment,
    has_list: bool,
    list: Fragment,
    has_stream: bool,
    stream: Fragment,
    has_operation: bool,
    operation: Fragment,
    /// Whether the operation's resource is known.
    has_target: bool,
    has_make: bool,
    make: Fragment,
    has_change: bool,
    /// Whether it has an update mask; otherwise, it is a merge patch.
    masked: bool,
    change: Fragment,
    has_upload: bool,
    upload: Fragment,
    has_download: bool,
    download: Fragment,
    /// Scope that most programs need, as a literal.
    scope: Fragment,
    batch: bool,
    behavior: bool,
    shell: shell::View,
}

/// The guide and the README of the client crate.
pub(super) fn client(cx: &Cx<'_>, tree: &mut FileTree) -> Result<(), Diagnostic> {
    let (view, root) = (view(cx), &cx.names.package.folder);
    cx.render(tree, format!("{root}/src/guide.md"), "client/src/guide.md", &view)?;
    cx.render(tree, format!("{root}/README.md"), "client/README.md", &view)
}

/// The README of the command line, and its page for agents.
pub(super) fn cli(cx: &Cx<'_>, tree: &mut FileTree) -> Result<(), Diagnostic> {
    let root = &cx.names.package.folder;
    cx.render(tree, format!("{root}-cli/README.md"), "cli/README.md", &view(cx))?;
    skill::emit(cx, tree)
}

/// The README of the local server.
pub(super) fn mock(cx: &Cx<'_>, tree: &mut FileTree) -> Result<(), Diagnostic> {
    let root = &cx.names.package.folder;
    cx.render(tree, format!("{root}-mock/README.md"), "mock/README.md", &view(cx))
}

fn view(cx: &Cx<'_>) -> View {
    let (api, package) = (cx.api, &cx.names.package);
    let text = |text: &str| text_lines(&[text]);
    let has = |product| cx.options.products.contains(&product);
    let feature = cx.example_feature(methods::first(api)).unwrap_or_default();
    let example = |lines: Option<Vec<String>>| {
        let lines = lines.unwrap_or_default();
        text_lines(&lines.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let first = methods::first(api).map(|id| vec![code::call(cx, id, "")]);
    let list = methods::list(api).map(|id| vec![code::call(cx, id, "")]);
    let stream = methods::stream(api).map(|id| vec![code::call(cx, id, "")]);
    let (operation, has_target) = waited(cx).unzip();
    let upload = methods::upload(api).map(|id| vec![code::call(cx, id, "")]);
    let download = methods::download(api).map(|id| vec![code::call(cx, id, "")]);
    let (make, change) = (methods::make(cx).map(|m| made(cx, &m)), methods::change(cx));
    let masked = change.as_ref().is_some_and(|c| c.mask.is_some() || c.request.is_some());
    let change = change.map(|c| changed(cx, &c));
    View {
        title: text(&cx.title()),
        version: text(&api.version),
        about: about(cx),
        link: text(&link(cx)),
        package: text(&package.package),
        folder: text(&package.folder),
        publish: cx.options.publish,
        dependency: manifest::dependency(cx, methods::first(api)),
        reference: text(&reference(cx)),
        cli_home: text(&home(cx, "-cli")),
        mock_home: text(&home(cx, "-mock")),
        krate: text(package.krate.as_str()),
        gate: cx.guide_cfg(),
        gated: !feature.is_empty(),
        feature: text(&feature),
        scopes: !api.scopes.is_empty(),
        cli: has(Product::Cli),
        mock: has(Product::Mock),
        docs: has(Product::Docs),
        has_first: first.is_some(),
        first: example(first),
        has_list: list.is_some(),
        list: example(list),
        has_stream: stream.is_some(),
        stream: example(stream),
        has_operation: operation.is_some(),
        operation: example(operation),
        has_target: has_target.unwrap_or_default(),
        has_make: make.is_some(),
        make: example(make),
        has_change: change.is_some(),
        masked,
        change: example(change),
        has_upload: upload.is_some(),
        upload: example(upload),
        has_download: download.is_some(),
        download: example(download),
        scope: text(&scope(cx)),
        batch: api.batch_path.is_some(),
        behavior: cx.options.behavior,
        shell: shell::view(cx),
    }
}

/// Link from a README to another crate of the API. Published READMEs are on crates.io, where
/// relative links do not work.
fn home(cx: &Cx<'_>, suffix: &str) -> String {
    let package = &cx.names.package;
    if cx.options.publish {
        format!("https://crates.io/crates/{}{suffix}", package.package)
    } else {
        format!("../{}{suffix}/README.md", package.folder)
    }
}

/// Link from a README to the reference.
fn reference(cx: &Cx<'_>) -> String {
    if cx.options.publish {
        let package = &cx.names.package.package;
        format!("https://docs.rs/crate/{package}/latest/source/docs/README.md")
    } else {
        format!("../{}/docs/README.md", cx.names.package.folder)
    }
}

fn about(cx: &Cx<'_>) -> Fragment {
    let lines = cx.lines(&cx.api.doc.0);
    text_lines(&lines.iter().collect::<Vec<_>>())
}

/// Default scope of the first method, as a literal.
fn scope(cx: &Cx<'_>) -> String {
    let first = methods::first(cx.api).and_then(|id| cx.api[id].default_scope.as_ref());
    first.map_or_else(|| rust::literal("openid"), |scope| rust::literal(scope.as_str()))
}

/// Link to Google's documentation, if its address can be printed.
fn link(cx: &Cx<'_>) -> String {
    let link = &cx.api.documentation_link;
    let good = link.starts_with("http") && !link.contains(['<', '>', ' ', '(', ')']);
    if good { link.clone() } else { String::new() }
}

/// Builds a request and sends it.
fn made(cx: &Cx<'_>, make: &methods::Make<'_>) -> Vec<String> {
    let request = code::request(cx, make);
    let krate = cx.names.package.krate.as_str();
    let mut lines = vec![rust::import(krate, &[], &request), String::new()];
    lines.extend(format!("let request = {request};").lines().map(str::to_owned));
    lines.push(format!("let call = {};", code::call(cx, make.method, "&request")));
    lines.push("println!(\"{:?}\", call.await?);".to_owned());
    lines
}

/// Starts an operation and waits for it. Also returns whether its resource is known.
fn waited(cx: &Cx<'_>) -> Option<(Vec<String>, bool)> {
    let (make, has_target) = methods::operation(cx)?;
    let request = code::request(cx, &make);
    let krate = cx.names.package.krate.as_str();
    let call = code::call(cx, make.method, "&request");
    let get = if has_target { ".resource()" } else { "" };
    let mut lines = vec![rust::import(krate, &[], &request), String::new()];
    lines.extend(format!("let request = {request};").lines().map(str::to_owned));
    lines.push(format!("let result = {call}.until_done(){get}.await?;"));
    lines.push("println!(\"{result:?}\");".to_owned());
    Some((lines, has_target))
}

/// Changes a field of an existing resource.
fn changed(cx: &Cx<'_>, change: &methods::Change<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(request) = change.request {
        lines.extend([code::import(cx, &[request]), String::new()]);
    }
    lines.extend([
        format!("let resource = {};", code::handle(cx, change.get)),
        format!("let old = resource{}.await?;", code::call_on(cx, change.get, "")),
        format!("let new = old.clone(){};", code::set_text(cx, change.resource, &change.field)),
    ]);
    let (made, call) = match change.request {
        Some(request) => {
            let made = format!("{}::between(&old, &new)?", code::ty(cx, request));
            let call = format!("resource{}", code::call_on(cx, change.patch, "&request"));
            (format!("if let Some(request) = {made} {{"), format!("{call}.await?"))
        }
        None => {
            let made = code::between_on(cx, change.patch, change.mask);
            (format!("if let Some(call) = resource{made} {{"), "call.await?".to_owned())
        }
    };
    lines.extend([made, format!("    println!(\"{{:?}}\", {call});"), "}".to_owned()]);
    lines
}
