//! The command line and the mock server: crates that are little but the client's tables and a
//! hand-written engine.

use super::Cx;
use super::model::clean_name;
use crate::error::Diagnostic;
use crate::rust::docs::plain;
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
    };
    let root = format!("{}-cli", package.folder);
    cx.render(tree, format!("{root}/Cargo.toml"), "cli/Cargo.toml", &view)?;
    cx.render(tree, format!("{root}/src/main.rs"), "cli/src/main.rs", &view)?;
    rustfmt(cx, tree, &root)
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
