//! Generates a client of a Google API in a build script.
#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod error;
mod module;

pub use error::Error;

use discovery_generator::selection::Selection;
use discovery_generator::shown::printable;
use discovery_generator::{FileTree, Input, Options, Product, Runtime, Templates};
use module::Rewrite;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Features of a client's code other than those of its resources.
const FEATURES: [&str; 10] = [
    "client", "hyper", "adc", "serde", "gzip", "blocking", "tracing", "testing", "reqwest",
    "reflect",
];

/// Creates a generator for the API of a discovery document. The path is relative to the package
/// being built.
pub fn client(document: impl Into<PathBuf>) -> Client {
    Client {
        document: document.into(),
        overlay: None,
        methods: None,
        features: ["client", "hyper", "adc", "serde"].map(str::to_owned).to_vec(),
    }
}

/// Generator of a client; see [`client`].
#[derive(Clone, Debug)]
#[must_use = "nothing is generated before `generate` is called"]
pub struct Client {
    document: PathBuf,
    overlay: Option<PathBuf>,
    methods: Option<Vec<String>>,
    features: Vec<String>,
}

impl Client {
    /// Limits generation to these methods and the models they need. Patterns are dotted names such
    /// as `files.*`, `!files.watch`, and `permissions.create`.
    pub fn methods(mut self, patterns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.methods = Some(patterns.into_iter().map(Into::into).collect());
        self
    }

    /// Corrects the document with an overlay.
    pub fn overlay(mut self, file: impl Into<PathBuf>) -> Self {
        self.overlay = Some(file.into());
        self
    }

    /// Sets the features of `discovery-runtime` that the code uses. Defaults to its default
    /// features: `hyper`, `adc`, and `serde`.
    pub fn features(mut self, features: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.features = features.into_iter().map(Into::into).collect();
        self.features.push("client".to_owned());
        self
    }

    /// Writes the client to the build output folder, as a module named after the API and its
    /// version: `include!(concat!(env!("OUT_DIR"), "/sheets_v4.rs"))` defines the module
    /// `sheets_v4`.
    ///
    /// Cargo runs the build script again when the document or the overlay changes.
    ///
    /// # Errors
    ///
    /// Returns an error if the document cannot be read or generated, or if the output cannot be
    /// written.
    pub fn generate(self) -> Result<(), Error> {
        let out = env::var_os("OUT_DIR")
            .ok_or_else(|| Error::new("OUT_DIR is not set; call this in a build script"))?;
        for file in [Some(&self.document), self.overlay.as_ref()].into_iter().flatten() {
            println!("cargo::rerun-if-changed={}", file.display());
        }
        self.write(Path::new(&out))
    }

    fn write(&self, out: &Path) -> Result<(), Error> {
        let read = |path: &PathBuf| {
            fs::read_to_string(path).map_err(|e| Error::new(format!("{}: {e}", path.display())))
        };
        let document = read(&self.document)?;
        let overlay = self.overlay.as_ref().map(read).transpose()?;
        let file = self.document.display().to_string();
        let methods = self.methods.as_deref();
        let input = Input {
            file: &file,
            document: &document,
            overlay: overlay.as_deref(),
            methods: methods.map(|patterns| Selection { patterns, lenient: false }),
        };
        let templates = Templates::new(discovery_templates::FILES.iter().copied())
            .map_err(|e| Error::new(e.message))?;
        let model = discovery_generator::analyze(&input).map_err(Error::new)?;
        for warning in model.report.warnings() {
            println!("cargo::warning={file}: {}", printable(&warning.message));
        }
        let options = Options {
            command: "discovery-build".to_owned(),
            runtime: Runtime::Version(env!("CARGO_PKG_VERSION").to_owned()),
            ..Options::new([Product::Client])
        };
        let tree =
            discovery_generator::write(&model, &file, &options, &templates).map_err(Error::new)?;
        let folder = &model.names.package.folder;
        self.place(out, &tree, folder)
    }

    /// Writes the files of the client's `src` to a folder, and the file to include next to it.
    fn place(&self, out: &Path, tree: &FileTree, folder: &str) -> Result<(), Error> {
        let module = folder.replace('-', "_");
        let root = out.join(&module);
        let failed = |path: &Path, e| Error::new(format!("{}: {e}", path.display()));
        match fs::remove_dir_all(&root) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(failed(&root, e)),
            _ => {}
        }
        let is_on = |feature: &str| {
            // The features of resources are not features of the runtime: selected resources are
            // always included.
            !FEATURES.contains(&feature) || self.features.iter().any(|on| on == feature)
        };
        let source = format!("{folder}/src/");
        for (path, file) in tree.iter() {
            let Some(path) = path.strip_prefix(&source).filter(|path| path.ends_with(".rs")) else {
                continue;
            };
            let text = Rewrite { path, is_on: &is_on }.text(&file.text).map_err(Error::new)?;
            let target = root.join(path);
            let parent = target.parent().unwrap_or(&root);
            fs::create_dir_all(parent).map_err(|e| failed(parent, e))?;
            fs::write(&target, text).map_err(|e| failed(&target, e))?;
        }
        let entry = out.join(format!("{module}.rs"));
        let text = module::entry(&module, &root.join("lib.rs"));
        fs::write(&entry, text).map_err(|e| failed(&entry, e))
    }
}

#[cfg(test)]
mod tests;
