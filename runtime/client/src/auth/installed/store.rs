//! A file that is whole at any moment and that nobody else can read.

use crate::auth::crypto::random_text;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Writes `content` beside `path` and then puts it in its place.
pub(super) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    make_folder(folder)?;
    let random = random_text().map_err(io::Error::other)?;
    let mut name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_owned();
    name.push(format!(".{random}.tmp"));
    let beside = folder.join(name);
    let result = fill(&beside, content).and_then(|()| std::fs::rename(&beside, path));
    if result.is_err() {
        // What failed is told; a leftover that cannot be removed either adds nothing.
        let _ = std::fs::remove_file(&beside);
    }
    result
}

fn fill(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Windows gives a file in the user's profile to that user alone.
#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
