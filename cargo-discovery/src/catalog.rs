//! What is generated: `discovery/apis.json`, the documents and the templates.

use crate::paths::{read, walk};
use crate::workspace::Workspace;
use discovery_generator::{Options, Product, Templates};
use serde::Deserialize;
use std::num::NonZeroUsize;
use std::thread::available_parallelism;

/// The list of APIs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    pub apis: Vec<Entry>,
}

/// An API of the list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The discovery id.
    pub id: String,
    /// File of the document in `discovery/`.
    pub document: String,
    /// File of our patches in `discovery/`.
    pub overlay: Option<String>,
    /// Version of the generated crates.
    #[serde(default = "first_version")]
    pub version: String,
    products: Vec<ProductName>,
    /// Whether the mock server has a hand-written module `behaviour`.
    #[serde(default)]
    behaviour: bool,
}

fn first_version() -> String {
    "0.1.0".to_owned()
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum ProductName {
    Client,
    Cli,
    Mock,
    Docs,
}

/// An API with its texts.
pub struct Source {
    pub entry: Entry,
    /// Path of the document, as messages and headers show it.
    pub file: String,
    pub document: String,
    pub overlay: Option<String>,
}

impl Entry {
    /// Whether there is reference documentation.
    pub fn has_docs(&self) -> bool {
        self.products.contains(&ProductName::Docs)
    }

    /// Options of the generator for this API.
    pub fn options(&self) -> Options {
        let product = |p: &ProductName| match p {
            ProductName::Client => Product::Client,
            ProductName::Cli => Product::Cli,
            ProductName::Mock => Product::Mock,
            ProductName::Docs => Product::Docs,
        };
        Options {
            version: self.version.clone(),
            tests: true,
            behaviour: self.behaviour,
            threads: available_parallelism().unwrap_or(NonZeroUsize::MIN),
            ..Options::new(self.products.iter().map(product).collect::<Vec<_>>())
        }
    }
}

/// The list.
pub fn catalog(workspace: &Workspace) -> Result<Catalog, String> {
    let text = read(&workspace.discovery().join("apis.json"))?;
    serde_json::from_str(&text)
        .map_err(|e| format!("{}: {e}", workspace.name("discovery/apis.json")))
}

/// The APIs of the list, or the one that is asked for.
pub fn sources(workspace: &Workspace, api: Option<&str>) -> Result<Vec<Source>, String> {
    let discovery = workspace.discovery();
    let catalog = catalog(workspace)?;
    let known: Vec<String> = catalog.apis.iter().map(|e| e.id.clone()).collect();
    let mut out = Vec::new();
    for entry in catalog.apis {
        if api.is_some_and(|id| id != entry.id) {
            continue;
        }
        let overlay = entry.overlay.as_ref().map(|file| read(&discovery.join(file))).transpose()?;
        out.push(Source {
            file: format!("discovery/{}", entry.document),
            document: read(&discovery.join(&entry.document))?,
            overlay,
            entry,
        });
    }
    match (out.is_empty(), api) {
        (true, Some(id)) => Err(format!(
            "`{id}` is not in {}, which has {}",
            workspace.name("discovery/apis.json"),
            known.join(", ")
        )),
        _ => Ok(out),
    }
}

/// All templates: path below `templates/`, and text.
pub fn template_files(workspace: &Workspace) -> Result<Vec<(String, String)>, String> {
    let dir = workspace.templates();
    let mut files = Vec::new();
    for path in walk(&dir)?.into_iter().filter(|p| p.ends_with(".hbs")) {
        let text = read(&dir.join(&path))?;
        files.push((path, text));
    }
    Ok(files)
}

/// All templates, parsed.
pub fn templates(workspace: &Workspace) -> Result<Templates, String> {
    let files = template_files(workspace)?;
    Templates::new(files.iter().map(|(p, t)| (p.as_str(), t.as_str())))
        .map_err(|d| format!("templates/{}: {}", d.at, d.message))
}
