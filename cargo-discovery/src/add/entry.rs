//! Catalog entry of an API.

use crate::catalog::{self, ProductName, RuntimeSource, Settings, edit};
use crate::edits::Edits;
use crate::paths::exists;
use crate::workspace::Workspace;
use serde_json::{Map, Value, json};
use std::path::{Component, Path, PathBuf};

/// Source of the runtime for the packages.
#[derive(clap::Args)]
#[group(multiple = false)]
pub(super) struct SourceArgs {
    /// Depend on this version of the runtime [default: the version of this program]
    #[arg(long, value_name = "VERSION")]
    runtime_version: Option<String>,
    /// Depend on the runtime in a git repository, at the commit of --runtime-rev
    #[arg(long, value_name = "URL", requires = "runtime_rev")]
    runtime_git: Option<String>,
    /// Depend on the runtime in a folder, such as a clone of its repository
    #[arg(long, value_name = "DIR")]
    runtime_path: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(super) struct RuntimeArgs {
    #[command(flatten)]
    source: SourceArgs,
    /// The commit of --runtime-git
    #[arg(long, value_name = "COMMIT", requires = "runtime_git")]
    runtime_rev: Option<String>,
}

impl RuntimeArgs {
    pub(super) fn source(&self, workspace: &Workspace) -> Result<Option<RuntimeSource>, String> {
        let SourceArgs { runtime_version, runtime_git, runtime_path } = &self.source;
        if let Some(version) = runtime_version {
            semver::VersionReq::parse(version)
                .map_err(|e| format!("--runtime-version {version}: {e}"))?;
            return Ok(Some(RuntimeSource::Version(version.clone())));
        }
        if let (Some(url), Some(rev)) = (runtime_git, &self.runtime_rev) {
            return Ok(Some(RuntimeSource::Git { url: url.clone(), rev: rev.clone() }));
        }
        let Some(path) = runtime_path else { return Ok(None) };
        if !path.join("client/Cargo.toml").is_file() || !path.join("json/Cargo.toml").is_file() {
            let path = path.display();
            return Err(format!(
                "--runtime-path {path}: there is no runtime: no client and no json"
            ));
        }
        let text = if path.is_absolute() { path.clone() } else { from_root(workspace, path)? };
        Ok(Some(RuntimeSource::Path(text.display().to_string().replace('\\', "/"))))
    }
}

/// Converts a folder relative to the current one to one relative to the workspace root.
fn from_root(workspace: &Workspace, path: &Path) -> Result<PathBuf, String> {
    let real = |path: &Path| path.canonicalize().map_err(|e| format!("{}: {e}", path.display()));
    let (root, path) = (real(&workspace.home())?, real(path)?);
    let common = root.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let up = root.components().skip(common).map(|_| Component::ParentDir);
    Ok(up.chain(path.components().skip(common)).collect())
}

/// Returns the requested products, plus the client that the others need.
pub(super) fn products(requested: &[ProductName]) -> Option<Vec<ProductName>> {
    let all = [ProductName::Client, ProductName::Cli, ProductName::Mock, ProductName::Docs];
    let is_in =
        |product: &ProductName| *product == ProductName::Client || requested.contains(product);
    (!requested.is_empty()).then(|| all.into_iter().filter(is_in).collect())
}

/// Rejects APIs that are already in the catalog or named twice.
pub(super) fn check(workspace: &Workspace, edits: &Edits, ids: &[String]) -> Result<(), String> {
    if exists(&workspace.list())? {
        let known = catalog::catalog_in(workspace, edits)?;
        if let Some(entry) = known.apis.iter().find(|entry| ids.contains(&entry.id)) {
            return Err(format!(
                "{} is in {} already; edit it there, then run `{}`",
                entry.id,
                workspace.name("discovery/apis.json"),
                workspace.regen()
            ));
        }
    }
    match ids.iter().enumerate().find(|(at, id)| ids[..*at].contains(id)) {
        Some((_, id)) => Err(format!("{id} is named twice")),
        None => Ok(()),
    }
}

/// Adds an entry. A new catalog sets the output folder and the runtime for all APIs.
pub(super) fn add(
    workspace: &Workspace,
    edits: &mut Edits,
    id: &str,
    file: &str,
    settings: &Settings,
) -> Result<(), String> {
    let list = match edits.find(&workspace.list())? {
        Some(list) => list,
        None => new_list(settings),
    };
    let of_list = catalog::Catalog::parse(&list)
        .map_err(|e| format!("{}: {e}", workspace.name("discovery/apis.json")))?
        .settings;
    let mut entry = Map::new();
    entry.insert("id".to_owned(), id.into());
    entry.insert("document".to_owned(), file.into());
    let said = Settings {
        output: settings.output.clone().filter(|_| settings.output() != of_list.output()),
        runtime: settings.runtime.clone().filter(|_| settings.runtime != of_list.runtime),
        products: Some(settings.products().to_vec()),
        ..settings.clone()
    };
    entry.extend(members(&said));
    edits.set(workspace.list(), edit::with_entry(&list, &Value::Object(entry))?);
    Ok(())
}

fn new_list(settings: &Settings) -> String {
    let said = Settings {
        output: settings.output.clone(),
        runtime: Some(settings.runtime.clone().unwrap_or_default()),
        ..Settings::default()
    };
    edit::list(&Value::Object(members(&said)))
}

/// Formats settings for the catalog.
fn members(settings: &Settings) -> Map<String, Value> {
    let products = |products: &Vec<ProductName>| {
        Value::from(products.iter().map(|product| product.name()).collect::<Vec<_>>())
    };
    let runtime = |runtime: &RuntimeSource| match runtime {
        RuntimeSource::Version(version) => json!({ "version": version }),
        RuntimeSource::Git { url, rev } => json!({ "git": url, "rev": rev }),
        RuntimeSource::Path(path) => json!({ "path": path }),
    };
    let members = [
        ("output", settings.output.as_deref().map(Value::from)),
        ("products", settings.products.as_ref().map(products)),
        ("methods", settings.methods.clone().map(Value::from)),
        ("runtime", settings.runtime.as_ref().map(runtime)),
    ];
    members.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}
