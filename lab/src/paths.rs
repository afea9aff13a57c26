//! Paths in the repository.

pub(crate) use cargo_discovery::paths::{cargo, read, shown, walk};
use cargo_discovery::workspace::Workspace;
use std::path::PathBuf;
use std::sync::OnceLock;

static WORKSPACE: OnceLock<Workspace> = OnceLock::new();

/// Finds the repository to work on.
///
/// # Errors
/// Returns an error if there is none.
pub(crate) fn enter() -> Result<(), String> {
    let found = Workspace::find()?;
    WORKSPACE.get_or_init(|| found);
    Ok(())
}

/// Returns the workspace of the repository.
pub(crate) fn workspace() -> &'static Workspace {
    // Unit tests do not call `enter`; Cargo runs them in this package.
    WORKSPACE.get_or_init(|| Workspace::find().unwrap_or_else(|_| Workspace::new("..".into())))
}

/// Returns the workspace of `lab/fixtures`: documents made for tests, and their crates.
pub(crate) fn fixtures() -> Workspace {
    workspace().in_folder("lab/fixtures", "cargo lab fixtures")
}

/// Returns the root of the repository.
pub(crate) fn root() -> PathBuf {
    workspace().root().to_owned()
}
