//! Snapshots of a folder.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// Every file and folder by its path, except those of git.
pub(super) type Tree = BTreeMap<String, Entry>;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Entry {
    Folder,
    File { text: Vec<u8>, mode: u32 },
    Other,
}

impl Entry {
    pub(super) fn is_file(&self) -> bool {
        matches!(self, Self::File { .. })
    }

    pub(super) fn text(&self) -> &[u8] {
        if let Self::File { text, .. } = self { text } else { &[] }
    }
}

/// Reads a folder.
pub(super) fn read(root: &Path) -> io::Result<Tree> {
    let mut tree = Tree::new();
    let mut work = vec![String::new()];
    while let Some(folder) = work.pop() {
        for entry in fs::read_dir(root.join(&folder))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            let kind = entry.file_type()?;
            let entry = match (kind.is_dir(), kind.is_file()) {
                (true, _) => Entry::Folder,
                (_, true) => {
                    Entry::File { text: fs::read(entry.path())?, mode: mode(&entry.path())? }
                }
                _ => Entry::Other,
            };
            if path == ".git" {
                continue;
            }
            if kind.is_dir() {
                work.push(path.clone());
            }
            tree.insert(path, entry);
        }
    }
    Ok(tree)
}

#[cfg(unix)]
fn mode(path: &Path) -> io::Result<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::metadata(path)?.permissions().mode() & 0o777)
}

#[cfg(not(unix))]
fn mode(_: &Path) -> io::Result<u32> {
    Ok(0)
}

/// Deletes a folder.
pub(super) fn clear(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

/// Copies a folder, in place of what is there.
pub(super) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    clear(to)?;
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

/// Returns the paths that differ, with what differs.
pub(super) fn differences(want: &Tree, got: &Tree) -> Vec<String> {
    let mut out = Vec::new();
    for (path, entry) in want {
        match got.get(path) {
            None => out.push(format!("{path} is missing")),
            Some(other) if other.text() != entry.text() => {
                out.push(format!("{path} has another text"))
            }
            Some(other) if other != entry => out.push(format!("{path} has another kind or mode")),
            Some(_) => {}
        }
    }
    out.extend(
        got.keys().filter(|path| !want.contains_key(*path)).map(|path| format!("{path} is left")),
    );
    out
}
