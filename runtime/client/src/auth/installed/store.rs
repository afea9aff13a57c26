//! A file that is whole at any moment and that nobody else can read.

use crate::file::Replacement;
use std::fs::DirBuilder;
use std::io::{self, Write};
use std::path::Path;

/// Writes `content` beside `path` and then puts it in its place; a link stays.
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
