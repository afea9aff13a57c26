//! A program against the crate of a document: both are written, built, and run.

use super::program;
use crate::paths::root;
use crate::sync;
use discovery_generator::{Model, Options, Product, Runtime, write};
use serde_json::Value;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Writes the crate of `model`, with its reflection tables or without, and a program that uses it as
/// `client`.
pub(super) fn write_program(
    model: &Model,
    label: &str,
    folder: &Path,
    source: &str,
    reflects: bool,
) -> Result<(), String> {
    // A command line needs the tables.
    let products = [Product::Client, Product::Cli];
    let products = &products[..if reflects { 2 } else { 1 }];
    let options = Options {
        runtime: Runtime::Path("../../../../runtime".to_owned()),
        ..Options::new(products)
    };
    let templates = crate::catalog::templates(crate::paths::workspace())?;
    let tree = write(model, label, &options, &templates).map_err(|r| r.to_string())?;
    let tree = crate::corpus::within(&tree, &model.names.package.folder)?;
    let gated = tree.get("Cargo.toml").is_some_and(|f| f.text.contains("\nfull = ["));
    let client = folder.join("client");
    sync::mirror(&client, &tree)?;
    let requests = folder.join("requests");
    std::fs::create_dir_all(requests.join("src")).map_err(|e| e.to_string())?;
    let put = |path: PathBuf, text: &str| {
        std::fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))
    };
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap_or_default();
    put(folder.join("Cargo.lock"), &lock)?;
    put(folder.join("Cargo.toml"), program::WORKSPACE)?;
    let features = [(gated, "full"), (reflects, "reflect")];
    let features: Vec<&str> =
        features.into_iter().filter_map(|(on, name)| on.then_some(name)).collect();
    let manifest = program::manifest(&model.names.package.package, &features);
    put(requests.join("Cargo.toml"), &manifest)?;
    put(requests.join("src/main.rs"), source)
}

/// Builds and runs the program, and returns the JSON values that it prints, one a line.
pub(super) fn run(folder: &Path, args: &[&OsStr]) -> Result<Vec<Value>, String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["run", "--quiet", "-p", "requests", "--"])
        .args(args)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", root().join("target/conformance/target"))
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("cargo run: {e}"))?;
    if !output.status.success() {
        return Err(format!("{}: the program did not build or failed", folder.display()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(|l| serde_json::from_str(l).map_err(|e| e.to_string())).collect()
}
