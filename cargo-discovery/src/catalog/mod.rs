//! Input of the generator: the catalog `discovery/apis.json`, the documents, and the templates.

pub(crate) mod edit;
mod settings;

pub use settings::{ProductName, RuntimeSource, Settings};

use crate::edits::Edits;
use crate::paths::{read, shown, walk};
use crate::workspace::{TemplateSource, Workspace};
use discovery_generator::rust::Package;
use discovery_generator::selection::Selection;
use discovery_generator::{Input, Options, Templates};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::Path;
use std::thread::available_parallelism;

/// Catalog of APIs.
#[derive(Deserialize)]
pub struct Catalog {
    /// Default settings of all APIs.
    #[serde(flatten)]
    pub settings: Settings,
    /// Command named in the header of generated files.
    #[serde(default = "command")]
    command: String,
    /// APIs of the catalog.
    pub apis: Vec<Entry>,
    #[serde(flatten)]
    unknown: BTreeMap<String, serde_json::Value>,
}

/// Catalog entry of an API.
#[derive(Deserialize)]
pub struct Entry {
    /// Discovery id.
    pub id: String,
    /// File of the document in `discovery/`.
    pub document: String,
    /// Overlay file in `discovery/`.
    pub overlay: Option<String>,
    /// Version of the generated crates.
    #[serde(default = "first_version")]
    pub version: String,
    /// Whether the mock server has a hand-written module `behavior`.
    #[serde(default)]
    behavior: bool,
    /// Command of the catalog.
    #[serde(skip)]
    command: String,
    /// Settings of the entry; after parsing, with defaults applied.
    #[serde(flatten)]
    pub settings: Settings,
    #[serde(flatten)]
    unknown: BTreeMap<String, serde_json::Value>,
}

fn command() -> String {
    "cargo discovery regen".to_owned()
}

fn first_version() -> String {
    "0.1.0".to_owned()
}

impl Catalog {
    /// Parses a catalog and applies the defaults to each entry.
    ///
    /// # Errors
    /// Returns an error if the text is not a catalog.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut catalog: Self = serde_json::from_str(text).map_err(|e| e.to_string())?;
        if let Some(key) = catalog.unknown.keys().next() {
            return Err(format!("there is no setting `{key}`"));
        }
        for entry in &mut catalog.apis {
            if let Some(key) = entry.unknown.keys().next() {
                return Err(format!("{}: there is no setting `{key}`", entry.id));
            }
            entry.settings = std::mem::take(&mut entry.settings).or(&catalog.settings);
            entry.settings.check().map_err(|e| format!("{}: {e}", entry.id))?;
            entry.command.clone_from(&catalog.command);
        }
        Ok(catalog)
    }
}

/// API with its document and overlay.
pub struct Source {
    pub entry: Entry,
    /// Document path in messages and headers.
    pub file: String,
    pub document: String,
    pub overlay: Option<String>,
}

impl Source {
    /// Returns the generator's input.
    pub fn input(&self) -> Input<'_> {
        Input {
            file: &self.file,
            document: &self.document,
            overlay: self.overlay.as_deref(),
            methods: self.entry.settings.methods.as_deref().map(Selection::new),
        }
    }
}

impl Entry {
    /// Returns `true` if reference documentation is generated.
    pub fn has_docs(&self) -> bool {
        self.settings.products().contains(&ProductName::Docs)
    }

    /// Renames the package as configured in the settings.
    pub(crate) fn rename(&self, package: &mut Package) {
        if let Some(prefix) = &self.settings.package_prefix {
            *package = Package::new(prefix, package.folder.clone());
        }
    }

    /// Returns the generator's options for this API.
    pub fn options(&self) -> Options {
        let settings = &self.settings;
        let depth = settings.output().split('/').count() + 1;
        let products: Vec<_> = settings.products().iter().map(|p| p.product()).collect();
        Options {
            version: self.version.clone(),
            tests: true,
            behavior: self.behavior,
            threads: available_parallelism().unwrap_or(NonZeroUsize::MIN),
            runtime: settings.runtime.clone().unwrap_or_default().runtime(depth),
            license: settings.license.clone(),
            publish: settings.publish.unwrap_or(false),
            repository: settings.repository.clone(),
            command: self.command.clone(),
            notice: settings.header.clone(),
            ..Options::new(products)
        }
    }
}

/// Returns the catalog.
pub fn catalog(workspace: &Workspace) -> Result<Catalog, String> {
    catalog_in(workspace, &Edits::default())
}

/// Returns the catalog with its pending edits.
pub(crate) fn catalog_in(workspace: &Workspace, edits: &Edits) -> Result<Catalog, String> {
    let text = edits.read(&workspace.list())?;
    Catalog::parse(&text).map_err(|e| format!("{}: {e}", workspace.name("discovery/apis.json")))
}

/// Returns the APIs of the catalog, or the requested one.
pub fn sources(workspace: &Workspace, api: Option<&str>) -> Result<Vec<Source>, String> {
    sources_in(workspace, &Edits::default(), api)
}

/// Returns the APIs of the catalog with its pending edits, or the requested one.
pub(crate) fn sources_in(
    workspace: &Workspace,
    edits: &Edits,
    api: Option<&str>,
) -> Result<Vec<Source>, String> {
    let discovery = workspace.discovery();
    let catalog = catalog_in(workspace, edits)?;
    let known: Vec<String> = catalog.apis.iter().map(|e| e.id.clone()).collect();
    let mut out = Vec::new();
    for entry in catalog.apis {
        if api.is_some_and(|id| id != entry.id) {
            continue;
        }
        let read = |file: &String| edits.read(&discovery.join(file));
        let overlay = entry.overlay.as_ref().map(read).transpose()?;
        out.push(Source {
            file: format!("discovery/{}", entry.document),
            document: read(&entry.document)?,
            overlay,
            entry,
        });
    }
    match (out.is_empty(), api) {
        (true, Some(id)) => Err(unknown(workspace, id, &known)),
        _ => Ok(out),
    }
}

/// Returns the error for an API that is not in the catalog.
pub(crate) fn unknown(workspace: &Workspace, id: &str, known: &[String]) -> String {
    let list = workspace.name("discovery/apis.json");
    match known {
        [] => format!("`{id}` is not in {list}, which is empty"),
        known => format!("`{id}` is not in {list}, which has {}", known.join(", ")),
    }
}

/// Returns all templates: path below `templates/`, and text.
pub fn template_files(workspace: &Workspace) -> Result<Vec<(String, String)>, String> {
    match workspace.templates() {
        TemplateSource::Folder(dir) => template_files_in(dir),
        #[cfg(feature = "templates")]
        TemplateSource::Embedded => {
            let files = discovery_templates::FILES.iter();
            Ok(files.map(|(p, t)| ((*p).to_owned(), (*t).to_owned())).collect())
        }
    }
}

fn template_files_in(dir: &Path) -> Result<Vec<(String, String)>, String> {
    let mut files = Vec::new();
    for path in walk(dir)?.into_iter().filter(|p| p.ends_with(".hbs")) {
        let text = read(&dir.join(&path))?;
        files.push((path, text));
    }
    if files.is_empty() {
        return Err(format!("{} has no templates", shown(dir)));
    }
    Ok(files)
}

/// Returns all templates, parsed.
pub fn templates(workspace: &Workspace) -> Result<Templates, String> {
    let files = template_files(workspace)?;
    Templates::new(files.iter().map(|(p, t)| (p.as_str(), t.as_str())))
        .map_err(|d| format!("templates/{}: {}", d.at, d.message))
}
