//! The command line and the mock server: crates that are little but the client's tables and a
//! hand-written engine.

use super::{Cx, Product};
use crate::error::Diagnostic;
use crate::rust::docs::{clean_name, plain};
use crate::rust::{Fragment, RustIdent, StrLit, literal, text_lines};
use crate::tree::FileTree;
use serde::Serialize;

#[derive(Serialize)]
struct CliView {
    package: StrLit,
    version: StrLit,
    description: StrLit,
    title: Fragment,
    binary: StrLit,
    client: StrLit,
    path: StrLit,
    krate: RustIdent,
    mock: Vec<ServerView>,
}

/// The local server that a command line brings along.
#[derive(Serialize)]
struct ServerView {
    /// The package, within a string of TOML.
    name: Fragment,
    package: StrLit,
    path: StrLit,
    krate: Fragment,
}

#[derive(Serialize)]
struct MockView {
    package: StrLit,
    version: StrLit,
    description: StrLit,
    title: Fragment,
    lib: StrLit,
    lib_ident: Fragment,
    binary: StrLit,
    client: StrLit,
    path: StrLit,
    krate: RustIdent,
    behaviour: bool,
}

pub(super) fn cli(cx: &Cx<'_>, tree: &mut FileTree) -> Result<(), Diagnostic> {
    let package = &cx.names.package;
    let title = title(cx);
    let view = CliView {
        package: literal(&format!("{}-cli", package.package)),
        version: literal(&cx.options.version),
        description: literal(&format!("Command line of the {title}.")),
        title: text_lines(&[&cx.binary()]),
        binary: literal(&cx.binary()),
        client: literal(&package.package),
        path: literal(&format!("../{}", package.folder)),
        krate: package.krate.clone(),
        mock: cx
            .options
            .products
            .contains(&Product::Mock)
            .then(|| server(cx))
            .into_iter()
            .collect(),
    };
    let root = format!("{}-cli", package.folder);
    cx.render(tree, format!("{root}/Cargo.toml"), "cli/Cargo.toml", &view)?;
    cx.render(tree, format!("{root}/src/main.rs"), "cli/src/main.rs", &view)?;
    rustfmt(cx, tree, &root)
}

fn server(cx: &Cx<'_>) -> ServerView {
    let package = &cx.names.package;
    let name = format!("{}-mock", package.package);
    ServerView {
        package: literal(&name),
        name: text_lines(&[&name]),
        path: literal(&format!("../{}-mock", package.folder)),
        krate: text_lines(&[&format!("{}_mock", package.krate)]),
    }
}

pub(super) fn mock(cx: &Cx<'_>, tree: &mut FileTree) -> Result<(), Diagnostic> {
    let package = &cx.names.package;
    let title = title(cx);
    let lib = format!("{}_mock", package.krate);
    let view = MockView {
        package: literal(&format!("{}-mock", package.package)),
        version: literal(&cx.options.version),
        description: literal(&format!("A server on loopback that speaks the {title}.")),
        title: text_lines(&[&title]),
        lib: literal(&lib),
        lib_ident: text_lines(&[&lib]),
        binary: literal(&format!("{}-mock", cx.binary())),
        client: literal(&package.package),
        path: literal(&format!("../{}", package.folder)),
        krate: package.krate.clone(),
        behaviour: cx.options.behaviour,
    };
    let root = format!("{}-mock", package.folder);
    cx.render(tree, format!("{root}/Cargo.toml"), "mock/Cargo.toml", &view)?;
    cx.render(tree, format!("{root}/src/lib.rs"), "mock/src/lib.rs", &view)?;
    cx.render(tree, format!("{root}/src/main.rs"), "mock/src/main.rs", &view)
}

fn rustfmt(cx: &Cx<'_>, tree: &mut FileTree, root: &str) -> Result<(), Diagnostic> {
    #[derive(Serialize)]
    struct Nothing {}
    cx.render(tree, format!("{root}/src/rustfmt.toml"), "client/src/rustfmt.toml", &Nothing {})
}

fn title(cx: &Cx<'_>) -> String {
    let title = clean_name(&plain(&cx.api.title.0));
    title.chars().filter(|c| !matches!(c, '[' | ']' | '<' | '>' | '*' | '\\')).collect()
}
