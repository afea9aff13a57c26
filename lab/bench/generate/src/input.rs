//! Input of the generator: documents, overlays, and templates.

use discovery_generator::{Options, Product, Runtime, Templates};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::rc::Rc;

pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

/// A document with everything needed to generate it.
pub(crate) struct Job {
    /// File name without extension.
    pub(crate) name: String,
    pub(crate) file: String,
    pub(crate) document: String,
    pub(crate) overlay: Option<String>,
    /// Selected methods; empty for all.
    pub(crate) methods: Vec<String>,
    pub(crate) options: Options,
    pub(crate) templates: Rc<Templates>,
}

impl Job {
    /// Loads a document. Those in `discovery/` have their overlay and all products.
    pub(crate) fn load(root: &str, path: &str) -> Outcome<Self> {
        let mut job = Self::bare(Path::new(path), templates(root)?)?;
        let discovery = Path::new(root).join("discovery");
        if Path::new(path).starts_with(&discovery) {
            let overlay = discovery.join(format!("{}.overlay.json", job.name));
            job.overlay = std::fs::read_to_string(overlay).ok();
            job.options = options(vec![Product::Client, Product::Cli, Product::Mock], None);
            job.options.tests = true;
        }
        Ok(job)
    }

    /// Loads a document for its client crate only, without tests.
    pub(crate) fn client(root: &str, path: &str) -> Outcome<Self> {
        let mut job = Self::load(root, path)?;
        job.name += ", the client alone";
        job.options = options(vec![Product::Client], None);
        Ok(job)
    }

    /// Loads a document without an overlay, for its client crate.
    pub(crate) fn bare(path: &Path, templates: Rc<Templates>) -> Outcome<Self> {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self {
            file: format!("{name}.json"),
            name,
            document: std::fs::read_to_string(path)?,
            overlay: None,
            methods: Vec::new(),
            options: options(vec![Product::Client], None),
            templates,
        })
    }
}

pub(crate) fn options(products: Vec<Product>, runtime: Option<&str>) -> Options {
    Options {
        runtime: Runtime::Path(runtime.unwrap_or("runtime").to_owned()),
        ..Options::new(products)
    }
}

/// Returns the documents of a folder, sorted by name.
pub(crate) fn documents(folder: &str) -> Outcome<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    if paths.is_empty() { Err("no documents".into()) } else { Ok(paths) }
}

/// Loads the templates of the repository.
pub(crate) fn templates(root: &str) -> Outcome<Rc<Templates>> {
    let dir = Path::new(root).join("templates");
    let mut files = Vec::new();
    let mut work = vec![dir.clone()];
    while let Some(folder) = work.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                work.push(path);
            } else if path.extension().is_some_and(|ending| ending == "hbs") {
                let name = path.strip_prefix(&dir)?.to_string_lossy().replace('\\', "/");
                files.push((name, std::fs::read_to_string(path)?));
            }
        }
    }
    files.sort();
    let texts = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    Templates::new(texts).map(Rc::new).map_err(|problem| problem.message.into())
}
