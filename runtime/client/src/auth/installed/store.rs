//! Atomic writes of private files.

use crate::file::Replacement;
use std::fs::DirBuilder;
use std::io::{self, Write};
use std::path::Path;

/// Writes `content` to a temporary file and renames it to `path`; symbolic links stay.
pub(super) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    create_dir(folder)?;
    let mut file = Replacement::create_private(path)?;
    file.write_all(content)?;
    file.commit()
}

fn create_dir(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
