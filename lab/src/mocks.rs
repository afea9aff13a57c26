//! Mock servers of documents: generated into target/mocks, built, and started.

use crate::corpus::{cargo_command, sync_tree, write_members};
use crate::paths::{read, root};
use discovery_generator::{Input, Options, Product, Runtime, Templates, analyze, write};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The program of a mock server.
pub(crate) struct Mock {
    /// File name of the document, without `.json`.
    pub(crate) name: String,
    pub(crate) document: PathBuf,
    package: String,
    folder: String,
    binary: String,
}

/// A mock server that runs until it is dropped.
pub(crate) struct Running {
    /// Its root URL, which ends in `/`.
    pub(crate) endpoint: String,
    child: Child,
}

/// Generates the mock servers of these documents and builds them.
///
/// # Errors
/// A document that cannot be read or generated, or a crate that does not compile.
pub(crate) fn build(documents: &[PathBuf]) -> Result<Vec<Mock>, String> {
    let templates = crate::catalog::templates(crate::paths::workspace())?;
    let out = root().join("target/mocks");
    let mocks: Result<Vec<Mock>, String> =
        documents.iter().map(|document| write_crates(document, &templates, &out)).collect();
    let mocks = mocks?;
    let members: Vec<String> = mocks
        .iter()
        .flat_map(|mock| [mock.folder.clone(), format!("{}-mock", mock.folder)])
        .collect();
    write_members(&out, &members)?;
    let mut cargo = cargo_command(&out, "build");
    cargo.arg("--quiet").arg("--bins").env("CARGO_TARGET_DIR", target());
    for mock in &mocks {
        cargo.args(["-p", &format!("{}-mock", mock.package)]);
    }
    let status = cargo.status().map_err(|e| format!("cargo build: {e}"))?;
    if status.success() { Ok(mocks) } else { Err("the mock servers do not compile".to_owned()) }
}

/// Where third-party crates are built once for every command of this kind.
fn target() -> PathBuf {
    root().join("target/mocks/target")
}

fn write_crates(document: &Path, templates: &Templates, out: &Path) -> Result<Mock, String> {
    let text = read(document)?;
    let name = document.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let label = format!("{name}.json");
    let model = analyze(&Input { file: &label, document: &text, overlay: None, methods: None })
        .map_err(|report| report.to_string())?;
    let options = Options {
        runtime: Runtime::Path("../../../runtime".to_owned()),
        ..Options::new([Product::Client, Product::Mock])
    };
    let tree = write(&model, &label, &options, templates).map_err(|report| report.to_string())?;
    let folder = model.names.package.folder.clone();
    for suffix in ["", "-mock"] {
        let folder = format!("{folder}{suffix}");
        let tree = crate::corpus::only(&tree, &folder)?;
        sync_tree(out, &folder, &tree)?;
    }
    let manifest = read(&out.join(format!("{folder}-mock/Cargo.toml")))?;
    let binary = binary(&manifest).ok_or_else(|| format!("{name}: the mock has no program"))?;
    let package = model.names.package.package.clone();
    Ok(Mock { name, document: document.to_owned(), package, folder, binary })
}

/// The name of the program that a manifest declares.
fn binary(manifest: &str) -> Option<String> {
    let (_, after) = manifest.split_once("[[bin]]")?;
    let (_, after) = after.split_once("name = \"")?;
    Some(after.split_once('"')?.0.to_owned())
}

impl Mock {
    /// Starts the server on a free port of the loopback interface.
    ///
    /// # Errors
    /// A program that cannot be started or does not tell its address.
    pub(crate) fn start(&self) -> Result<Running, String> {
        let program = target().join("debug").join(&self.binary);
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
        // One that has ended by itself needs no end.
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
