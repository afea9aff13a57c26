//! Where things are, from the root of the repository.

pub(crate) use cargo_discovery::paths::{cargo, read, shown, walk};
use cargo_discovery::workspace::Workspace;
use std::path::PathBuf;
use std::sync::OnceLock;

static WORKSPACE: OnceLock<Workspace> = OnceLock::new();

/// Finds the repository to work on.
///
/// # Errors
/// There is none.
pub(crate) fn enter() -> Result<(), String> {
    let found = Workspace::find()?;
    WORKSPACE.get_or_init(|| found);
    Ok(())
}

/// The workspace of the repository.
pub(crate) fn workspace() -> &'static Workspace {
    // Unit tests have no `main` that has looked for it, and cargo runs them in this package.
    WORKSPACE.get_or_init(|| Workspace::find().unwrap_or_else(|_| Workspace::new("..".into())))
}

/// The list of documents that no API has, and the crates that are made of them.
pub(crate) fn fixtures() -> Workspace {
    workspace().in_folder("lab/fixtures", "cargo lab fixtures")
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    workspace().root().to_owned()
}
