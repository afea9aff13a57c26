//! Applies changes to a file tree, all or none.
//!
//! New content is first written to a staging folder. Each step is then one `rename`; if the process
//! is killed between two steps, the earlier ones persist, so their order keeps the tree readable
//! for Cargo.

use crate::paths::shown;
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
    /// A file had other content.
    Text { path: PathBuf, old: Vec<u8> },
    /// The file did not exist.
    File(PathBuf),
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
    if result.is_err() {
        undo.into_iter().rev().for_each(back);
    }
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
        result.map_err(|e| format!("{}: {e}; nothing was changed", shown(path)))
    };
    for (number, step) in steps.iter().enumerate() {
        let staged = stage.join(number.to_string());
        match step {
            Step::Write { text, .. } => put(&staged, text)?,
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

fn take(staged: &Path, step: &Step, undo: &mut Vec<Undo>) -> Result<(), String> {
    let result = match step {
        Step::Write { path, .. } => {
            let old = fs::read(path).ok();
            parents(path, undo).and_then(|()| fs::rename(staged, path)).map(|()| {
                undo.push(match old {
                    Some(old) => Undo::Text { path: path.clone(), old },
                    None => Undo::File(path.clone()),
                });
            })
        }
        Step::Place { folder, .. } => {
            parents(folder, undo).and_then(|()| fs::rename(staged, folder)).map(|()| {
                undo.push(Undo::Move { from: folder.clone(), to: staged.to_owned() });
            })
        }
        Step::Take { folder: path } | Step::Delete { path, .. } => {
            fs::rename(path, staged).map(|()| {
                undo.push(Undo::Move { from: staged.to_owned(), to: path.clone() });
            })
        }
    };
    let (Step::Write { path, .. }
    | Step::Place { folder: path, .. }
    | Step::Take { folder: path }
    | Step::Delete { path, .. }) = step;
    result.map_err(|e| format!("{}: {e}; nothing was changed", shown(path)))?;
    if let Step::Delete { path, root } = step {
        remove_empty(root, path);
    }
    Ok(())
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

fn remove_empty(root: &Path, file: &Path) {
    let mut folder = file.parent();
    while let Some(dir) = folder.filter(|dir| *dir != root) {
        if fs::remove_dir(dir).is_err() {
            break;
        }
        folder = dir.parent();
    }
}

/// Undoes one step. Failures are skipped; only the original error is reported.
fn back(undo: Undo) {
    let _ = match undo {
        Undo::Move { from, to } => {
            let _ = to.parent().map(fs::create_dir_all);
            fs::rename(from, to)
        }
        Undo::Text { path, old } => fs::write(path, old),
        Undo::File(path) => fs::remove_file(path),
        Undo::Folder(path) => fs::remove_dir(path),
    };
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
        let Ok(metadata) = fs::symlink_metadata(dir) else { continue };
        if metadata.is_symlink() {
            let inside = dir.canonicalize().is_ok_and(|to| to.starts_with(&real) && to.is_dir());
            if !inside {
                return Err(format!("{} is a link that leads out of {}", shown(dir), shown(root)));
            }
        } else if !metadata.is_dir() {
            return Err(format!("{} is not a folder; move it", shown(dir)));
        }
    }
    match fs::symlink_metadata(path) {
        Ok(metadata) if !metadata.is_file() => {
            Err(format!("{} is not a regular file; move it", shown(path)))
        }
        _ => Ok(()),
    }
}
