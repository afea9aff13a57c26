//! Mock servers and command lines of documents: generated into target/mocks, built, and started.

use crate::corpus::{cargo_command, sync_tree, write_members};
use crate::paths::{read, root};
use discovery_generator::ir::Body;
use discovery_generator::{Input, Options, Product, Runtime, Templates, analyze, write};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The mock server or the command line of a document.
pub(crate) struct Program {
    /// File name of the document, without `.json`.
    pub(crate) name: String,
    pub(crate) document: PathBuf,
    /// IDs of the methods that answer with an array of their response: the messages of a stream.
    pub(crate) streams: Vec<String>,
    package: String,
    folder: String,
    binary: String,
}

/// A mock server that runs until it is dropped.
pub(crate) struct Running {
    /// Root URL, ending in `/`.
    pub(crate) endpoint: String,
    child: Child,
}

/// Generates the mock servers (or the command lines) of these documents and builds them.
///
/// # Errors
/// Returns an error if a document cannot be read or generated, or if a crate does not compile.
pub(crate) fn build(product: Product, documents: &[PathBuf]) -> Result<Vec<Program>, String> {
    let templates = crate::catalog::templates(crate::paths::workspace())?;
    let out = root().join("target/mocks");
    let suffix = if product == Product::Cli { "-cli" } else { "-mock" };
    let write = |document: &PathBuf| write_crates(product, document, &templates, &out);
    let mocks: Result<Vec<Program>, String> = documents.iter().map(write).collect();
    let mocks = mocks?;
    let members: Vec<String> = mocks
        .iter()
        .flat_map(|mock| [mock.folder.clone(), format!("{}{suffix}", mock.folder)])
        .collect();
    write_members(&out, &members)?;
    let mut cargo = cargo_command(&out, "build");
    cargo.arg("--quiet").arg("--bins").env("CARGO_TARGET_DIR", target());
    for mock in &mocks {
        cargo.args(["-p", &format!("{}{suffix}", mock.package)]);
    }
    let status = cargo.status().map_err(|e| format!("cargo build: {e}"))?;
    if status.success() {
        Ok(mocks)
    } else {
        Err("the generated programs do not compile".to_owned())
    }
}

/// Target folder of third-party crates, shared by all commands of this kind.
fn target() -> PathBuf {
    root().join("target/mocks/target")
}

fn write_crates(
    product: Product,
    document: &Path,
    templates: &Templates,
    out: &Path,
) -> Result<Program, String> {
    let text = read(document)?;
    let name = document.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let label = format!("{name}.json");
    let model = analyze(&Input { file: &label, document: &text, overlay: None, methods: None })
        .map_err(|report| report.to_string())?;
    let options = Options {
        runtime: Runtime::Path("../../../runtime".to_owned()),
        ..Options::new([Product::Client, product])
    };
    let tree = write(&model, &label, &options, templates).map_err(|report| report.to_string())?;
    let folder = model.names.package.folder.clone();
    let own = if product == Product::Cli { "-cli" } else { "-mock" };
    for suffix in ["", own] {
        let folder = format!("{folder}{suffix}");
        let tree = crate::corpus::only(&tree, &folder)?;
        sync_tree(out, &folder, &tree)?;
    }
    let manifest = read(&out.join(format!("{folder}{own}/Cargo.toml")))?;
    let binary = binary(&manifest).ok_or_else(|| format!("{name}: the crate has no program"))?;
    let package = model.names.package.package.clone();
    let streams = model.api.methods.iter().filter(|method| {
        method.streams.is_some() && matches!(method.response, Some(Body::Json(_)))
    });
    let streams = streams.map(|method| method.id.to_string()).collect();
    Ok(Program { name, document: document.to_owned(), streams, package, folder, binary })
}

/// Returns the name of the program that a manifest declares.
fn binary(manifest: &str) -> Option<String> {
    let (_, after) = manifest.split_once("[[bin]]")?;
    let (_, after) = after.split_once("name = \"")?;
    Some(after.split_once('"')?.0.to_owned())
}

impl Program {
    /// Where the program is.
    pub(crate) fn path(&self) -> PathBuf {
        target().join("debug").join(&self.binary)
    }

    /// Starts the server on a free port of the loopback interface.
    ///
    /// # Errors
    /// Returns an error if the program cannot be started, or does not print its address.
    pub(crate) fn start(&self) -> Result<Running, String> {
        let program = self.path();
        let failed = |e: std::io::Error| format!("{}: {e}", program.display());
        let mut child = Command::new(&program)
            .args(["--port", "0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line).map_err(failed)?;
        }
        match line.trim().strip_prefix("Listening on ") {
            Some(endpoint) => Ok(Running { endpoint: endpoint.to_owned(), child }),
            None => Err(format!("{}: no address, but `{}`", program.display(), line.trim())),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A process that has ended needs no kill.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_names_its_program() {
        let manifest = "[package]\nname = \"a\"\n\n[[bin]]\nname = \"jobs3-mock\"\npath = \"x\"\n";
        assert_eq!(binary(manifest).as_deref(), Some("jobs3-mock"));
        assert_eq!(binary("[package]\nname = \"a\"\n"), None);
    }
}
