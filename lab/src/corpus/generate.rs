//! One document, from text to files; counted on the way in and on the way out.

use super::facts;
use crate::sync;
use discovery_generator::error::Diagnostic;
use discovery_generator::{FileTree, Input, Options, Templates, analyze, write};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Outcome of generating a document.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Outcome {
    pub(crate) name: String,
    /// Name of the generated package; empty if there is none.
    pub(crate) package: String,
    pub(crate) folder: String,
    pub(crate) bytes: usize,
    pub(crate) schemas: usize,
    pub(crate) methods: usize,
    pub(crate) files: usize,
    pub(crate) lines: usize,
    pub(crate) output_bytes: usize,
    pub(crate) warnings: BTreeMap<String, usize>,
    /// Decisions of the IR by rule.
    pub(crate) facts: facts::Counts,
    pub(crate) lists: Vec<facts::List>,
    pub(crate) streams: Vec<facts::Stream>,
    pub(crate) errors: Vec<String>,
    pub(crate) seconds: f64,
}

impl Outcome {
    pub(crate) fn failed(&self) -> bool {
        !self.errors.is_empty()
    }
}

/// Where packages are written. Two documents may be of one API under two file names; the first
/// that is done writes the package, the other would write the same into the same files.
pub(crate) struct Output<'a> {
    folder: &'a Path,
    taken: Mutex<BTreeSet<String>>,
}

impl<'a> Output<'a> {
    pub(crate) fn new(folder: &'a Path) -> Self {
        Self { folder, taken: Mutex::default() }
    }

    fn write(&self, package: &str, tree: &FileTree) -> Result<(), String> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if !taken.insert(package.to_owned()) {
            return Ok(());
        }
        drop(taken);
        sync_tree(self.folder, package, tree)
    }
}

/// Generates one document; writes its files to `out`, if that is asked for.
pub(crate) fn one(
    name: &str,
    text: &str,
    templates: &Result<Templates, Diagnostic>,
    options: &Options,
    out: Option<&Output<'_>>,
) -> Outcome {
    let start = Instant::now();
    let mut outcome = Outcome { name: name.to_owned(), bytes: text.len(), ..Outcome::default() };
    let result = catch_unwind(AssertUnwindSafe(|| match templates {
        Ok(templates) => attempt(text, templates, options, &mut outcome),
        Err(diagnostic) => Err(format!("templates/{}: {}", diagnostic.at, diagnostic.message)),
    }));
    outcome.seconds = start.elapsed().as_secs_f64();
    match result {
        Ok(Ok(tree)) => {
            if let Some(out) = out
                && let Err(message) = out.write(&outcome.folder, &tree)
            {
                outcome.errors.push(message);
            }
        }
        Ok(Err(message)) => outcome.errors.push(message),
        Err(_) => outcome.errors.push("the generator panicked".to_owned()),
    }
    outcome
}

fn attempt(
    text: &str,
    templates: &Templates,
    options: &Options,
    outcome: &mut Outcome,
) -> Result<FileTree, String> {
    let file = format!("{}.json", outcome.name);
    let input = Input { file: &file, document: text, overlay: None, methods: None };
    let model = analyze(&input).map_err(|r| r.to_string())?;
    for warning in model.report.warnings() {
        *outcome.warnings.entry(warning.kind.to_string()).or_default() += 1;
    }
    outcome.facts = facts::count(&model.api);
    outcome.lists = facts::lists(&model.api);
    outcome.streams = facts::streams(&model.api);
    let tree = write(&model, &file, options, templates).map_err(|r| r.to_string())?;
    outcome.package = model.names.package.package.clone();
    outcome.folder = model.names.package.folder.clone();
    outcome.files = tree.len();
    outcome.lines = tree.iter().map(|(_, f)| f.text.lines().count()).sum();
    outcome.output_bytes = tree.iter().map(|(_, f)| f.text.len()).sum();
    (outcome.schemas, outcome.methods) = counted_in(text)?;
    outcome.schemas += model.api.schemas.iter().filter(|s| !s.also_at.is_empty()).count();
    let made = counted_out(&tree);
    if made != (outcome.schemas, outcome.methods) {
        return Err(format!(
            "{} schemas and {} methods went in, {} and {} came out",
            outcome.schemas, outcome.methods, made.0, made.1
        ));
    }
    Ok(tree)
}

/// Schemas and methods of the document, counted in its JSON without the generator's help. A body
/// that is written where it is used is a schema too; what many places share is not counted.
fn counted_in(text: &str) -> Result<(usize, usize), String> {
    fn inline(node: &Value) -> bool {
        let some = |key: &str| match node.get(key) {
            Some(Value::Object(members)) => !members.is_empty(),
            Some(Value::Array(items)) => !items.is_empty(),
            _ => false,
        };
        let inner = ["items", "additionalProperties"];
        node.get("$ref").is_none()
            && (["properties", "enum", "variant"].into_iter().any(some)
                || inner.iter().any(|key| node.get(*key).is_some_and(inline)))
    }
    fn count(resource: &Value, schemas: &mut usize, methods: &mut usize) {
        let members =
            |key: &str| resource.get(key).and_then(Value::as_object).into_iter().flatten();
        for (_, method) in members("methods") {
            *methods += 1;
            let verb = method["httpMethod"].as_str();
            let sent = !matches!(verb, Some("GET" | "HEAD"));
            *schemas += usize::from(sent && inline(&method["request"]));
            *schemas += usize::from(verb != Some("HEAD") && inline(&method["response"]));
        }
        members("resources").for_each(|(_, child)| count(child, schemas, methods));
    }
    let value: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let (mut schemas, mut methods) = (0, 0);
    count(&value, &mut schemas, &mut methods);
    let named = value.get("schemas").and_then(Value::as_object);
    Ok((schemas + named.map_or(0, serde_json::Map::len), methods))
}

/// Counts schema files and marker types of methods.
fn counted_out(tree: &FileTree) -> (usize, usize) {
    let (mut schemas, mut methods) = (0, 0);
    for (path, file) in tree.iter() {
        if path.contains("/src/models/") && !path.ends_with("/mod.rs") {
            schemas += 1;
        }
        if path.contains("/src/resources/") {
            methods += file.text.matches("impl Method for ").count();
        }
    }
    (schemas, methods)
}

/// Brings the files of one package below `out` up to date.
pub(crate) fn sync_tree(out: &Path, folder: &str, tree: &FileTree) -> Result<(), String> {
    sync::mirror(&out.join(folder), &within(tree, folder)?)
}

/// The tree of one package, without its folder.
pub(crate) fn within(tree: &FileTree, folder: &str) -> Result<FileTree, String> {
    let mut inner = FileTree::new();
    for (path, file) in tree.iter() {
        let path = path.strip_prefix(folder).and_then(|p| p.strip_prefix('/')).unwrap_or(path);
        inner.insert(path.to_owned(), file.clone()).map_err(|d| d.message)?;
    }
    Ok(inner)
}

/// The files of one of several packages in a tree, with its folder.
pub(crate) fn only(tree: &FileTree, folder: &str) -> Result<FileTree, String> {
    let mut inner = FileTree::new();
    let prefix = format!("{folder}/");
    for (path, file) in tree.iter().filter(|(path, _)| path.starts_with(&prefix)) {
        inner.insert(path.to_owned(), file.clone()).map_err(|d| d.message)?;
    }
    Ok(inner)
}

/// The workspace that holds the generated packages.
pub(crate) fn write_workspace(out: &Path, outcomes: &[Outcome]) -> Result<(), String> {
    let mut members: Vec<_> =
        outcomes.iter().filter(|o| !o.failed()).map(|o| o.folder.as_str()).collect();
    members.sort_unstable();
    members.dedup();
    write_members(out, &members)
}

/// A workspace of these folders, with our lock file.
pub(crate) fn write_members(out: &Path, members: &[impl AsRef<str>]) -> Result<(), String> {
    let list: String = members.iter().map(|m| format!("    \"{}\",\n", m.as_ref())).collect();
    let text = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [\n{list}]\n\n[profile.dev]\ndebug = false\n"
    );
    std::fs::create_dir_all(out).map_err(|e| e.to_string())?;
    let lock = crate::paths::root().join("Cargo.lock");
    let _ = std::fs::copy(lock, out.join("Cargo.lock"));
    std::fs::write(out.join("Cargo.toml"), text).map_err(|e| format!("target/corpus: {e}"))
}
