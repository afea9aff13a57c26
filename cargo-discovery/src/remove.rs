//! `cargo discovery remove`.

use crate::catalog::{self, edit};
use crate::console::say;
use crate::edits::Edits;
use crate::lock::Lock;
use crate::paths::exists;
use crate::regen::{self, Scope};
use crate::workspace::Workspace;
use std::process::ExitCode;

/// Remove APIs with their documents and packages
///
/// Overlays and files that were not generated are kept.
#[derive(clap::Args)]
pub struct Args {
    /// The APIs, for example `drive:v3`
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
}

/// Removes APIs from the catalog and their packages from the workspace.
///
/// # Errors
/// Returns an error if an API is not in the catalog, or if a package is still used; nothing was
/// written.
pub fn run(workspace: &Workspace, args: &Args) -> Result<ExitCode, String> {
    let _lock = Lock::new(workspace)?;
    let mut edits = Edits::default();
    let catalog = catalog::catalog(workspace)?;
    let known: Vec<String> = catalog.apis.iter().map(|entry| entry.id.clone()).collect();
    let mut list = edits.read(&workspace.list())?;
    for id in &args.ids {
        if !known.contains(id) {
            return Err(catalog::unknown(workspace, id, &known));
        }
        list = edit::without_entry(&list, id)?;
    }
    let (gone, left): (Vec<_>, Vec<_>) =
        catalog.apis.into_iter().partition(|entry| args.ids.contains(&entry.id));
    edits.set(workspace.list(), list);
    for entry in &gone {
        let path = workspace.discovery().join(&entry.document);
        let is_shared = left.iter().any(|other| other.document == entry.document);
        if !is_shared && exists(&path)? {
            edits.remove(path);
        }
    }
    let files: Vec<String> =
        gone.iter().map(|entry| format!("discovery/{}", entry.document)).collect();
    regen::write(workspace, &mut [], edits, &Scope::Documents(&files), false)?;
    for overlay in gone.iter().filter_map(|entry| entry.overlay.as_ref()) {
        say(format!("{} stays", workspace.name(&format!("discovery/{overlay}"))));
    }
    Ok(ExitCode::SUCCESS)
}
