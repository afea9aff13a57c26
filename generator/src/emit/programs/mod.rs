//! The command-line and mock-server crates: the client's tables plus a hand-written engine.

use super::{Cx, Product, manifest};
use crate::error::Diagnostic;
use crate::rust::{Fragment, RustIdent, StrLit, literal, text_lines};
use crate::tree::FileTree;
use serde::Serialize;

#[derive(Serialize)]
struct CliView {
    title: Fragment,
    binary: StrLit,
    client: StrLit,
    krate: RustIdent,
    mock: Option<ServerView>,
}

/// Local server bundled with the command line.
#[derive(Serialize)]
struct ServerView {
    krate: Fragment,
}

#[derive(Serialize)]
struct MockView {
    title: Fragment,
    lib_ident: Fragment,
    binary: StrLit,
    krate: RustIdent,
    behavior: bool,
}

pub(super) fn cli(cx: &Cx<'_>, tree: &mut FileTree) -> Result<(), Diagnostic> {
    let package = &cx.names.package;
    let view = CliView {
        title: text_lines(&[&cx.binary()]),
        binary: literal(&cx.binary()),
        client: literal(&package.package),
        krate: package.krate.clone(),
        mock: cx.options.products.contains(&Product::Mock).then(|| server(cx)),
    };
    let root = format!("{}-cli", package.folder);
    manifest::cli(cx, tree)?;
    cx.render(tree, format!("{root}/src/main.rs"), "cli/src/main.rs", &view)?;
    rustfmt(cx, tree, &root)
}

fn server(cx: &Cx<'_>) -> ServerView {
    ServerView { krate: text_lines(&[&format!("{}_mock", cx.names.package.krate)]) }
}

pub(super) fn mock(cx: &Cx<'_>, tree: &mut FileTree) -> Result<(), Diagnostic> {
    let package = &cx.names.package;
    let view = MockView {
        title: text_lines(&[&cx.title()]),
        lib_ident: text_lines(&[&format!("{}_mock", package.krate)]),
        binary: literal(&format!("{}-mock", cx.binary())),
        krate: package.krate.clone(),
        behavior: cx.options.behavior,
    };
    let root = format!("{}-mock", package.folder);
    manifest::mock(cx, tree)?;
    cx.render(tree, format!("{root}/src/lib.rs"), "mock/src/lib.rs", &view)?;
    cx.render(tree, format!("{root}/src/main.rs"), "mock/src/main.rs", &view)
}

fn rustfmt(cx: &Cx<'_>, tree: &mut FileTree, root: &str) -> Result<(), Diagnostic> {
    #[derive(Serialize)]
    struct Nothing {}
    cx.render(tree, format!("{root}/src/rustfmt.toml"), "client/src/rustfmt.toml", &Nothing {})
}
