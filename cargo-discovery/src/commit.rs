//! Applies changes to a file tree, all or none.
//!
//! New content is first written to a staging folder. Each step is then one `rename`; if the process
//! is killed between two steps, the earlier ones persist, so their order keeps the tree readable
//! for Cargo.

use crate::paths::{self, shown};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// One change.
#[derive(Debug)]
pub(crate) enum Step {
    /// Writes a file.
    Write { path: PathBuf, text: String },
    /// Creates a folder with its files, by path within it.
    Place { folder: PathBuf, files: Vec<(String, String)> },
    /// Deletes a folder.
    Take { folder: PathBuf },
    /// Deletes a file, and the folders up to `root` that become empty.
    Delete { path: PathBuf, root: PathBuf },
}

/// Reversal of a step.
enum Undo {
    /// A path was moved.
    Move { from: PathBuf, to: PathBuf },
    /// A file was written; its old version, if there was one, is at `kept`.
    Write { path: PathBuf, kept: PathBuf },
    /// The folder did not exist.
    Folder(PathBuf),
}

/// Applies all steps in order. `stage` is the staging folder, on the same file system; leftovers of
/// an earlier run are deleted.
///
/// # Errors
/// Returns the failed step; all changes have been undone.
pub(crate) fn run(stage: &Path, steps: &[Step]) -> Result<(), String> {
    clear(stage)?;
    if steps.is_empty() {
        return Ok(());
    }
    let mut undo = Vec::new();
    let result = write(stage, steps).and_then(|()| {
        let mut each = steps.iter().enumerate();
        each.try_for_each(|(number, step)| take(&stage.join(number.to_string()), step, &mut undo))
    });
    let result = result.map_err(|e| {
        // Later steps depend on earlier ones, so the first that cannot be undone is the last.
        match undo.into_iter().rev().try_for_each(back) {
            Ok(()) => format!("{e}; nothing was changed"),
            Err(other) => format!(
                "{e}; not all changes could be undone: {other}; run the command again when the \
                 cause is mended"
            ),
        }
    });
    match (result, clear(stage)) {
        (Ok(()), Err(e)) => Err(format!("all changes were made, but {e}")),
        (result, _) => result,
    }
}

/// Deletes the folder of an earlier run.
fn clear(stage: &Path) -> Result<(), String> {
    match fs::remove_dir_all(stage) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => {
            Err(format!("{} cannot be deleted: {e}", shown(stage)))
        }
        _ => Ok(()),
    }
}

/// Writes all texts to the stage, each step's under its number.
fn write(stage: &Path, steps: &[Step]) -> Result<(), String> {
    let put = |path: &Path, text: &str| {
        let folder = path.parent().unwrap_or(stage);
        let result = fs::create_dir_all(folder).and_then(|()| fs::write(path, text));
        result.map_err(|e| format!("{}: {e}", shown(path)))
    };
    for (number, step) in steps.iter().enumerate() {
        let staged = stage.join(number.to_string());
        match step {
            Step::Write { path, text } => {
                put(&staged, text)?;
                keep(path, &staged).map_err(|e| format!("{}: {e}", shown(path)))?;
            }
            Step::Place { files, .. } => {
                files.iter().try_for_each(|(path, text)| put(&staged.join(path), text))?;
            }
            Step::Take { .. } | Step::Delete { .. } => {
                fs::create_dir_all(stage).map_err(|e| format!("{}: {e}", shown(stage)))?;
            }
        }
    }
    Ok(())
}

/// Keeps a file that will be replaced beside its new version, which gets its permissions. Undoing
/// is then a `rename`, which needs no space.
fn keep(path: &Path, staged: &Path) -> io::Result<()> {
    let permissions = match fs::metadata(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found?.permissions(),
    };
    if fs::metadata(staged)?.permissions() != permissions {
        fs::set_permissions(staged, permissions)?;
    }
    let kept = kept(staged);
    // Not every file system has links.
    fs::hard_link(path, &kept).or_else(|_| fs::copy(path, &kept).map(drop))
}

/// Returns where the old version of a staged file is kept.
fn kept(staged: &Path) -> PathBuf {
    staged.with_extension("old")
}

fn take(staged: &Path, step: &Step, undo: &mut Vec<Undo>) -> Result<(), String> {
    let (Step::Write { path, .. }
    | Step::Place { folder: path, .. }
    | Step::Take { folder: path }
    | Step::Delete { path, .. }) = step;
    let result = match step {
        Step::Write { .. } | Step::Place { .. } => {
            parents(path, undo).and_then(|()| fs::rename(staged, path)).map(|()| {
                undo.push(match step {
                    Step::Place { .. } => Undo::Move { from: path.clone(), to: staged.to_owned() },
                    _ => Undo::Write { path: path.clone(), kept: kept(staged) },
                });
            })
        }
        Step::Take { .. } | Step::Delete { .. } => fs::rename(path, staged).map(|()| {
            undo.push(Undo::Move { from: staged.to_owned(), to: path.clone() });
        }),
    };
    let result = result.and_then(|()| match step {
        Step::Delete { path, root } => remove_empty(root, path),
        _ => Ok(()),
    });
    result.map_err(|e| format!("{}: {e}{}", shown(path), hint(&e)))
}

/// Returns what to do about an error.
fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::CrossesDevices => {
            "; the generated packages and discovery/ must be on the same file system"
        }
        _ => "",
    }
}

/// Creates the parent folders of a path, outermost first.
fn parents(path: &Path, undo: &mut Vec<Undo>) -> io::Result<()> {
    let missing = path.ancestors().skip(1).take_while(|dir| !dir.exists());
    let missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
    for folder in missing.into_iter().rev().filter(|dir| !dir.as_os_str().is_empty()) {
        fs::create_dir(&folder)?;
        undo.push(Undo::Folder(folder));
    }
    Ok(())
}

/// Deletes the folders up to `root` that are empty without `file`.
fn remove_empty(root: &Path, file: &Path) -> io::Result<()> {
    let mut folder = file.parent();
    while let Some(dir) = folder.filter(|dir| *dir != root) {
        match fs::remove_dir(dir) {
            Err(e) if e.kind() == io::ErrorKind::DirectoryNotEmpty => break,
            result => result?,
        }
        folder = dir.parent();
    }
    Ok(())
}

/// Undoes one step.
fn back(undo: Undo) -> Result<(), String> {
    let (path, result) = match &undo {
        Undo::Move { from, to } => {
            let folder = to.parent().map_or(Ok(()), fs::create_dir_all);
            (to, folder.and_then(|()| fs::rename(from, to)))
        }
        Undo::Write { path, kept } => match fs::rename(kept, path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => (path, fs::remove_file(path)),
            result => (path, result),
        },
        Undo::Folder(path) => (path, fs::remove_dir(path)),
    };
    result.map_err(|e| format!("{}: {e}", shown(path)))
}

/// Checks that a file may be written at `path`: that the path stays below `root`, also through
/// links, and is either free or a regular file.
///
/// # Errors
/// Returns what is in the way.
pub(crate) fn check(root: &Path, path: &Path) -> Result<(), String> {
    let real = root.canonicalize().map_err(|e| format!("{}: {e}", shown(root)))?;
    let above = path.ancestors().skip(1).take_while(|dir| dir.starts_with(root) && *dir != root);
    for dir in above {
        let Some(metadata) = find(dir)? else { continue };
        if metadata.is_symlink() {
            let inside = dir.canonicalize().is_ok_and(|to| to.starts_with(&real) && to.is_dir());
            if !inside {
                let (link, root) = (shown(dir), shown(root));
                return Err(format!("{link} is a link that leads out of {root}; make it a folder"));
            }
        } else if !metadata.is_dir() {
            return Err(format!("{} is not a folder; move it", shown(dir)));
        }
    }
    match find(path)? {
        Some(metadata) if !metadata.is_file() => {
            Err(format!("{} is not a regular file; move it", shown(path)))
        }
        _ => Ok(()),
    }
}

/// Returns the metadata of a path; `None` if nothing is there.
fn find(path: &Path) -> Result<Option<fs::Metadata>, String> {
    paths::found(fs::symlink_metadata(path)).map_err(|e| format!("{}: {e}", shown(path)))
}
