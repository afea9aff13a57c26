//! Sources of documents: the working tree, a git revision, or a file.

use crate::catalog::{self, Catalog};
use crate::console::note;
use crate::git;
use crate::paths::{read, walk};
use crate::workspace::Workspace;
use discovery_generator::error::Stage;
use discovery_generator::selection::Selection;
use discovery_generator::{Input, Model, analyze};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// Side of a comparison.
pub(super) enum Side {
    /// The working tree.
    Tree,
    /// A commit, and its name on the command line.
    Revision(String, String),
    /// A discovery document.
    File(PathBuf),
}

/// A document with its overlay.
#[derive(Clone)]
pub struct Document {
    pub id: String,
    /// Path for messages.
    pub file: String,
    pub text: String,
    pub overlay: Option<String>,
    /// Patterns of the generated methods.
    pub methods: Option<Vec<String>>,
    /// Whether overlay and patterns were written for another revision.
    pub foreign: bool,
    /// Version of the generated crates, if a catalog states it.
    pub version: Option<String>,
    /// Folder of the generated crates.
    pub output: String,
}

impl Document {
    /// Returns the name of the API without its version.
    pub(super) fn name(&self) -> &str {
        self.id.split(':').next().unwrap_or_default()
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tree => f.write_str("the working tree"),
            Self::Revision(_, name) => f.write_str(name),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

impl Side {
    /// Parses a file name if the file exists, otherwise a revision.
    pub(super) fn parse(workspace: &Workspace, name: &str) -> Result<Self, String> {
        let path = PathBuf::from(name);
        if path.is_file() {
            return Ok(Self::File(path));
        }
        match git::commit(workspace.root(), name)? {
            Some(commit) => Ok(Self::Revision(commit, name.to_owned())),
            None => Err(format!("`{name}` is neither a file nor a git revision")),
        }
    }

    /// Returns `true` if this side includes generated crates.
    pub(super) fn has_crates(&self) -> bool {
        !matches!(self, Self::File(_))
    }

    /// Returns the documents of this side.
    pub(super) fn documents(&self, workspace: &Workspace) -> Result<Vec<Document>, String> {
        match self {
            Self::Tree => {
                let sources = catalog::sources(workspace, None)?.into_iter();
                Ok(sources
                    .map(|s| Document {
                        id: s.entry.id,
                        file: s.file,
                        text: s.document,
                        overlay: s.overlay,
                        output: s.entry.settings.output().to_owned(),
                        methods: s.entry.settings.methods,
                        foreign: false,
                        version: Some(s.entry.version),
                    })
                    .collect())
            }
            Self::Revision(commit, name) => at(workspace, commit, name),
            Self::File(path) => {
                let text = read(path)?;
                let id = id(&text).map_err(|e| format!("{}: {e}", path.display()))?;
                let ours =
                    catalog::sources(workspace, None)?.into_iter().find(|s| s.entry.id == id);
                let (overlay, methods) =
                    ours.map(|s| (s.overlay, s.entry.settings.methods)).unwrap_or_default();
                let (file, version) = (path.display().to_string(), None);
                let (foreign, output) = (true, String::new());
                Ok(vec![Document { id, file, text, overlay, methods, foreign, version, output }])
            }
        }
    }

    /// Returns the files of a generated crate by path in the crate; empty if the crate does not
    /// exist.
    pub(super) fn krate(
        &self,
        workspace: &Workspace,
        folder: &str,
    ) -> Result<BTreeMap<String, String>, String> {
        let prefix = workspace.name(&format!("{folder}/"));
        match self {
            Self::Tree => {
                let dir = workspace.root().join(&prefix);
                let files = walk(&dir)?.into_iter().filter(|path| in_surface(path));
                files.map(|path| Ok((path.clone(), read(&dir.join(path))?))).collect()
            }
            Self::Revision(commit, _) => {
                let files = git::folder(workspace.root(), commit, &prefix)?.into_iter();
                let short = |path: String| path.strip_prefix(&prefix).map(str::to_owned);
                Ok(files
                    .filter_map(|(path, text)| Some((short(path)?, text)))
                    .filter(|(path, _)| in_surface(path))
                    .collect())
            }
            Self::File(_) => Ok(BTreeMap::new()),
        }
    }
}

/// Returns `true` if a file affects the public API.
fn in_surface(path: &str) -> bool {
    path == "Cargo.toml" || (path.starts_with("src/") && path.ends_with(".rs"))
}

/// Returns the documents of a commit. `name` is its name for messages.
pub(crate) fn at(workspace: &Workspace, commit: &str, name: &str) -> Result<Vec<Document>, String> {
    let list = workspace.name("discovery/apis.json");
    let Some(text) = git::file(workspace.root(), commit, &list)? else {
        return Err(format!("{name} has no {list}"));
    };
    let catalog = Catalog::parse(&text).map_err(|e| format!("{name}:{list}: {e}"))?;
    let get = |file: &str| -> Result<String, String> {
        let path = workspace.name(&format!("discovery/{file}"));
        git::file(workspace.root(), commit, &path)?.ok_or_else(|| format!("{name} has no {path}"))
    };
    let document = |entry: catalog::Entry| {
        Ok(Document {
            text: get(&entry.document)?,
            overlay: entry.overlay.as_deref().map(get).transpose()?,
            file: format!("{name}:discovery/{}", entry.document),
            id: entry.id,
            output: entry.settings.output().to_owned(),
            methods: entry.settings.methods,
            foreign: false,
            version: Some(entry.version),
        })
    };
    catalog.apis.into_iter().map(document).collect()
}

/// Returns `name:version` of a document.
pub(super) fn id(text: &str) -> Result<String, String> {
    let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|e| format!("not JSON: {e}"))?;
    let part = |key: &str| value.get(key).and_then(Value::as_str);
    match (part("name"), part("version")) {
        (Some(name), Some(version)) => Ok(format!("{name}:{version}")),
        _ => Err("not a discovery document: it has no `name` and `version`".to_owned()),
    }
}

/// Builds the model of a document. Drops, with a message, an overlay that does not apply to an
/// older revision, and patterns that match nothing in it.
pub fn model(document: &Document) -> Result<Model, String> {
    let input = Input {
        file: &document.file,
        document: &document.text,
        overlay: document.overlay.as_deref(),
        methods: (document.methods.as_deref())
            .map(|patterns| Selection { patterns, lenient: document.foreign }),
    };
    let model = match analyze(&input) {
        Err(report)
            if document.foreign && report.diagnostics.iter().any(|d| d.stage == Stage::Overlay) =>
        {
            let file = &document.file;
            note(format!("note: {file} is read without its overlay, which does not apply"));
            analyze(&Input { overlay: None, ..input }).map_err(|r| r.to_string())
        }
        result => result.map_err(|r| r.to_string()),
    }?;
    for finding in model.report.warnings().filter(|d| d.stage == Stage::Select) {
        note(format!("note: {}: {}; pattern ignored", document.file, finding.message));
    }
    Ok(model)
}
