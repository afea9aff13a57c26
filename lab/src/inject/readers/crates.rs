//! Packages of documents with many hostile texts, written and compiled.

use crate::corpus::{cargo_command, sync_tree, write_members};
use crate::inject::mix::{self, Mix};
use discovery_generator::{FileTree, Options, Product, Runtime, Templates, write};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The packages of one document.
pub(super) struct Api {
    /// Its place on the list of documents.
    pub(super) at: usize,
    /// The document.
    pub(super) mix: Mix,
    /// All files.
    pub(super) tree: FileTree,
}

/// All packages, in one workspace.
pub(super) struct Crates {
    /// The folder of the workspace.
    pub(super) folder: PathBuf,
    /// The document without hostile texts.
    pub(super) plain: Value,
    /// One entry per document.
    pub(super) apis: Vec<Api>,
}

impl Api {
    /// The folder of the client; those of other packages begin with it.
    pub(super) fn folder(&self) -> &str {
        &self.mix.model.names.package.folder
    }

    /// The name of the command line.
    pub(super) fn program(&self) -> String {
        let api = &self.mix.model.api;
        format!("{}{}", api.name, api.version.trim_start_matches('v'))
    }
}

impl Crates {
    /// Generates packages of documents and writes them.
    pub(super) fn new(
        plain: Value,
        numbers: &[usize],
        templates: &Templates,
    ) -> Result<Self, String> {
        let folder = crate::paths::root().join("target/inject");
        let mut apis = Vec::new();
        for &at in numbers {
            let mix = mix::document(&mix::renamed(&plain, at)?, at)?;
            let tree = generate(&mix, templates)?;
            apis.push(Api { at, mix, tree });
        }
        let crates = Self { folder, plain, apis };
        crates.write()?;
        Ok(crates)
    }

    fn write(&self) -> Result<(), String> {
        let mut members = Vec::new();
        for api in &self.apis {
            for end in ["", "-cli", "-mock"] {
                let member = format!("{}{end}", api.folder());
                sync_tree(&self.folder, &member, &crate::corpus::only(&api.tree, &member)?)?;
                members.push(member);
            }
        }
        write_members(&self.folder, &members)
    }

    /// The folder with what cargo makes of the packages.
    pub(super) fn target(&self) -> PathBuf {
        // Shares compiled dependencies with `cargo lab corpus`.
        crate::paths::root().join("target/corpus/target")
    }

    /// Path of a compiled program.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.target().join("debug").join(name)
    }

    /// Runs cargo on all packages; returns its errors.
    pub(super) fn cargo(&self, args: &[&str]) -> Result<Vec<String>, String> {
        let (verb, rest) = args.split_first().ok_or("no command")?;
        let mut cargo = cargo_command(&self.folder, verb);
        cargo.env("CARGO_TARGET_DIR", self.target()).args(rest);
        cargo.args(["--workspace", "--quiet", "--keep-going", "--message-format", "short"]);
        let output = cargo.output().map_err(|e| format!("cargo {verb}: {e}"))?;
        let text = String::from_utf8_lossy(&output.stderr);
        let lines = text.lines().filter(|line| line.contains("error") || line.contains("warning"));
        let mut faults: Vec<String> = lines.map(str::to_owned).collect();
        if !output.status.success() && faults.is_empty() {
            faults.push(text.into_owned());
        }
        Ok(faults)
    }

    /// The folders of all packages, as arguments.
    pub(super) fn folders(&self) -> Vec<PathBuf> {
        let folder = |api: &Api, end: &str| self.folder.join(format!("{}{end}", api.folder()));
        self.apis.iter().flat_map(|api| ["", "-cli", "-mock"].map(|end| folder(api, end))).collect()
    }
}

fn generate(mix: &Mix, templates: &Templates) -> Result<FileTree, String> {
    let products = [Product::Client, Product::Cli, Product::Mock, Product::Docs];
    let runtime = Runtime::Path("../../../runtime".to_owned());
    let options = Options { runtime, tests: true, ..Options::new(products) };
    write(&mix.model, "evil.json", &options, templates).map_err(|report| report.to_string())
}

/// Creates a folder, empty.
pub(super) fn empty(folder: &Path) -> Result<(), String> {
    std::fs::remove_dir_all(folder).ok();
    std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))
}
