//! The client crate: manifest, crate root, and client type. Models and resources have their own
//! modules.

mod crate_tests;
mod example;
mod model;
mod operation;
mod param;
mod reflect;
mod resource;
mod spec;
mod update;

use super::{Cx, comment, manifest};
use crate::error::Diagnostic;
use crate::ir::{Api, Scope};
use crate::rust::docs::clean_name;
use crate::rust::{Fragment, RustIdent, StrLit, literal, text_lines};
use crate::tree::FileTree;
use resource::ChildView;
use serde::Serialize;

#[derive(Serialize)]
struct RootView {
    deep: bool,
    doc: Fragment,
    revision: StrLit,
    reflect: bool,
    gate: Fragment,
    doctests: bool,
    gated: bool,
    batch: bool,
    upload: bool,
}

#[derive(Serialize)]
struct ClientView {
    gated: bool,
    children: Vec<ChildView>,
    id: StrLit,
    title: Fragment,
    root_url: StrLit,
    mtls_root_url: Option<StrLit>,
    service_path: StrLit,
    batch_path: Option<StrLit>,
    data_wrapper: bool,
    endpoints: Vec<EndpointView>,
}

#[derive(Serialize)]
struct EndpointView {
    doc: Fragment,
    name: RustIdent,
    location: StrLit,
    url: StrLit,
}

#[derive(Serialize)]
struct ScopesView {
    scopes: Vec<ScopeView>,
}

#[derive(Serialize)]
struct ScopeView {
    doc: Fragment,
    name: RustIdent,
    url: StrLit,
}

pub(super) fn emit(cx: &Cx<'_>, tree: &mut FileTree) -> Result<(), Diagnostic> {
    let root = cx.names.package.folder.clone();
    manifest::client(cx, tree)?;
    let rustfmt = "client/src/rustfmt.toml";
    cx.render(tree, format!("{root}/src/rustfmt.toml"), rustfmt, &ScopesView { scopes: vec![] })?;
    cx.render(tree, format!("{root}/src/lib.rs"), "client/src/lib.rs", &crate_root(cx))?;
    cx.render(tree, format!("{root}/src/client.rs"), "client/src/client.rs", &client(cx))?;
    cx.render(tree, format!("{root}/src/scopes.rs"), "client/src/scopes.rs", &scopes(cx))?;
    model::emit(cx, &root, tree)?;
    resource::emit(cx, &root, tree)?;
    if cx.options.tests {
        crate_tests::emit(cx, &root, tree)?;
    }
    if cx.options.reflect() { reflect::emit(cx, &root, tree) } else { Ok(()) }
}

fn crate_root(cx: &Cx<'_>) -> RootView {
    let mut doc = vec![format!("Client of the {} ({}).", cx.title(), cx.api.version)];
    let lines = cx.lines(&cx.api.doc.0);
    if lines.iter().next().is_some() {
        doc.push(String::new());
        doc.extend(lines.iter().map(str::to_owned));
    }
    let link = &cx.api.documentation_link;
    if link.starts_with("http") && !link.contains(['<', '>', ' ']) {
        doc.extend([String::new(), format!("Google's documentation: <{link}>")]);
    }
    RootView {
        // A chain of types is at most as long as the number of types; each takes about four levels.
        deep: cx.api.schemas.len() > 25,
        doc: comment("//!", &doc),
        revision: literal(&cx.api.revision),
        reflect: cx.options.reflect(),
        gate: cx.guide_cfg(),
        doctests: cx.options.doctests(),
        gated: !cx.features().is_empty(),
        batch: cx.api.batch_path.is_some(),
        upload: cx.api.methods.iter().any(|method| method.media.upload.is_some()),
    }
}

fn client(cx: &Cx<'_>) -> ClientView {
    let api = cx.api;
    let endpoint = |(e, name): (&crate::ir::Endpoint, &RustIdent)| EndpointView {
        doc: cx.doc(&e.doc.0, &format!("`{}`.", clean_name(e.location.as_str())), &[]),
        name: name.clone(),
        location: literal(e.location.as_str()),
        url: literal(&e.url),
    };
    ClientView {
        gated: api.gates.is_gated(),
        children: resource::children(cx, Api::ROOT),
        id: literal(&api.id),
        title: text_lines(&[&cx.title()]),
        root_url: literal(&api.root_url),
        mtls_root_url: api.mtls_root_url.as_deref().map(literal),
        service_path: literal(&api.service_path),
        batch_path: api.batch_path.as_deref().map(literal),
        data_wrapper: api.data_wrapper,
        endpoints: api.endpoints.iter().zip(&cx.names.endpoints).map(endpoint).collect(),
    }
}

fn scopes(cx: &Cx<'_>) -> ScopesView {
    let scope = |(scope, name): (&Scope, &RustIdent)| ScopeView {
        doc: cx.doc(&scope.doc.0, &format!("`{}`.", clean_name(scope.url.as_str())), &[]),
        name: name.clone(),
        url: literal(scope.url.as_str()),
    };
    ScopesView { scopes: cx.api.scopes.iter().zip(&cx.names.scopes).map(scope).collect() }
}
