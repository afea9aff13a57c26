//! Atomic replacement of files.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::random;

/// Maximum number of symbolic links to follow, as in Linux.
const MAX_SYMLINKS: usize = 40;

/// New content of a file, which replaces the old content in one step.
///
/// The content is written to a temporary file in the same directory. It takes on the permissions of
/// the old file before the first byte, so nobody without access to the old content gets access to
/// the new. Symbolic links stay; their target is replaced or created. Devices, pipes, and open
/// descriptors such as `/dev/stdout` are written in place.
#[derive(Debug)]
pub struct Replacement {
    file: Arc<File>,
    /// The temporary name and the final one; `None` if the file is written in place.
    names: Option<(PathBuf, PathBuf)>,
}

/// Target of a path.
enum Destination {
    /// No file; one can be created at this path.
    Nothing(PathBuf),
    /// A file with its canonical path.
    File(PathBuf, Metadata),
    /// A device, pipe, or descriptor, which cannot be replaced.
    InPlace,
}

impl Replacement {
    /// Starts new content of the file at `path`.
    ///
    /// # Errors
    ///
    /// If the path is a directory or is read-only, or on an I/O error.
    pub fn create(path: &Path) -> io::Result<Self> {
        match resolve(path)? {
            Destination::InPlace => open_in_place(path),
            Destination::File(target, old) => {
                let (file, part) = create_sibling(&target, true)?;
                let this = Self { file, names: Some((part, target)) };
                copy_permissions(&this.file, &old)?;
                Ok(this)
            }
            Destination::Nothing(target) => {
                let (file, part) = create_sibling(&target, false)?;
                Ok(Self { file, names: Some((part, target)) })
            }
        }
    }

    /// Starts new content that only the user can read, whatever the old permissions.
    ///
    /// # Errors
    ///
    /// As for [`create`](Self::create).
    pub fn create_private(path: &Path) -> io::Result<Self> {
        match resolve(path)? {
            Destination::InPlace => open_in_place(path),
            Destination::File(target, _) | Destination::Nothing(target) => {
                let (file, part) = create_sibling(&target, true)?;
                Ok(Self { file, names: Some((part, target)) })
            }
        }
    }

    /// Checks that `path` is writable, without changing it.
    ///
    /// # Errors
    ///
    /// As for [`create`](Self::create).
    pub fn check(path: &Path) -> io::Result<()> {
        match resolve(path)? {
            // Opening a pipe would block until it has a reader.
            Destination::InPlace => Ok(()),
            Destination::File(..) | Destination::Nothing(_) => Self::create(path).map(drop),
        }
    }

    /// Returns the file, for writes on another thread. They must have ended before
    /// [`commit`](Self::commit); without it, the file is deleted even while they go on.
    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn file(&self) -> Arc<File> {
        Arc::clone(&self.file)
    }

    /// Syncs the content to disk and renames the file.
    ///
    /// # Errors
    ///
    /// On an I/O error; the old file then stays.
    pub fn commit(mut self) -> io::Result<()> {
        let Some((part, target)) = &self.names else { return self.file.flush() };
        // Without a sync, a crash may leave an empty file.
        self.file.sync_all()?;
        fs::rename(part, target)?;
        self.names = None;
        Ok(())
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if let Some((part, _)) = &self.names {
            // A leftover temporary file is harmless.
            let _ = fs::remove_file(part);
        }
    }
}

/// Writes a file that only the user can read, in one step. A missing folder is created, and is the
/// user's alone, too.
///
/// # Errors
///
/// As for [`Replacement::create`].
pub fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder.unwrap_or(Path::new(".")))?;
    let mut file = Replacement::create_private(path)?;
    file.write_all(content)?;
    file.commit()
}

fn resolve(path: &Path) -> io::Result<Destination> {
    let refused = |kind, text: &str| Err(io::Error::new(kind, text));
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => refused(io::ErrorKind::IsADirectory, "is a directory"),
        Ok(found) if !found.is_file() || is_descriptor(path) => Ok(Destination::InPlace),
        Ok(found) if found.permissions().readonly() => {
            refused(io::ErrorKind::PermissionDenied, "is read-only")
        }
        Ok(found) => Ok(Destination::File(fs::canonicalize(path)?, found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if path.to_string_lossy().ends_with(std::path::is_separator) {
                return refused(io::ErrorKind::NotADirectory, "no such directory");
            }
            symlink_chain(path)?
                .pop()
                .map_or_else(|| Err(error), |end| Ok(Destination::Nothing(end)))
        }
        Err(error) => Err(error),
    }
}

/// Returns a path and the targets of its symbolic links, in order; the last is not a link.
fn symlink_chain(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut all = vec![path.to_owned()];
    let mut at = path.to_owned();
    while fs::symlink_metadata(&at).is_ok_and(|found| found.is_symlink()) {
        if all.len() > MAX_SYMLINKS {
            return Err(io::Error::other("too many symbolic links"));
        }
        let to = fs::read_link(&at)?;
        at = at.parent().unwrap_or(Path::new("")).join(to);
        all.push(at.clone());
    }
    Ok(all)
}

/// Returns `true` if a path refers to an open descriptor of a process, such as `/dev/stdout`. The
/// shell keeps writing to the open file, so it must not be replaced.
fn is_descriptor(path: &Path) -> bool {
    let folder = |path: &Path| path.parent().and_then(|folder| fs::canonicalize(folder).ok());
    let in_proc = |path: &PathBuf| folder(path).is_some_and(|folder| folder.starts_with("/proc"));
    cfg!(unix) && symlink_chain(path).is_ok_and(|all| all.iter().any(in_proc))
}

fn open_in_place(path: &Path) -> io::Result<Replacement> {
    // The descriptor may have content already; append to it.
    let file = OpenOptions::new().append(true).open(path)?;
    Ok(Replacement { file: Arc::new(file), names: None })
}

/// Creates a temporary file in the same directory, unreadable for others if `private`.
fn create_sibling(target: &Path, private: bool) -> io::Result<(Arc<File>, PathBuf)> {
    let Some(name) = target.file_name() else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path has no file name"));
    };
    let mut hidden = OsString::from(".");
    // The name may already have the maximum length.
    if name.len() <= 100 {
        hidden.push(name);
    }
    hidden.push(format!(".{:016x}.part", random::next()));
    let part = target.with_file_name(hidden);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if private {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = private;
    options.open(&part).map(|file| (Arc::new(file), part))
}

/// Copies owner and permissions of the old file as far as permitted. If the group cannot be kept,
/// group permissions are dropped.
#[cfg(unix)]
fn copy_permissions(file: &File, old: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
    let new = file.metadata()?;
    let mut mode = old.mode() & 0o777;
    if new.uid() != old.uid() {
        let _ = fchown(file, Some(old.uid()), None);
    }
    if new.gid() != old.gid() && fchown(file, None, Some(old.gid())).is_err() {
        mode &= !0o070;
    }
    file.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn copy_permissions(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            let path = std::env::temp_dir().join(format!("replacement-{:x}", random::next()));
            fs::create_dir(&path).unwrap();
            Self(path)
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.join(name)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn write(path: &Path, text: &str) -> io::Result<()> {
        let mut new = Replacement::create(path)?;
        new.write_all(text.as_bytes())?;
        new.commit()
    }

    #[test]
    fn permissions_are_kept_from_the_first_byte() {
        let folder = Folder::new();
        let path = folder.path("a");
        for kept in [0o600, 0o640, 0o644, 0o660, 0o777] {
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(kept)).unwrap();
            let mut new = Replacement::create(&path).unwrap();
            let part = new.names.as_ref().unwrap().0.clone();
            assert_eq!(mode(&part), kept, "before the first byte");
            new.write_all(b"new").unwrap();
            assert_eq!((mode(&path), fs::read(&path).unwrap()), (kept, b"old".to_vec()));
            new.commit().unwrap();
            assert_eq!((mode(&path), fs::read(&path).unwrap()), (kept, b"new".to_vec()));
        }
    }

    #[test]
    fn new_files_have_default_or_private_permissions() {
        let folder = Folder::new();
        let (usual, new) = (folder.path("usual"), folder.path("new"));
        File::create(&usual).unwrap();
        write(&new, "new").unwrap();
        assert_eq!(mode(&new), mode(&usual));
        for path in [&usual, &folder.path("private")] {
            Replacement::create_private(path).unwrap().commit().unwrap();
            assert_eq!(mode(path), 0o600);
        }
    }

    #[test]
    fn links_are_kept_and_their_targets_written() {
        let folder = Folder::new();
        fs::create_dir(folder.path("deep")).unwrap();
        let (file, link) = (folder.path("deep/file"), folder.path("link"));
        symlink("deep/file", folder.path("middle")).unwrap();
        symlink("middle", &link).unwrap();
        // First there is nothing where the links lead.
        for text in ["first", "second"] {
            write(&link, text).unwrap();
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
            assert_eq!(fs::read_dir(folder.path("deep")).unwrap().count(), 1);
        }
        let circle = folder.path("circle");
        symlink("circle", &circle).unwrap();
        write(&circle, "x").unwrap_err();
        symlink("none/x", folder.path("astray")).unwrap();
        write(&folder.path("astray"), "x").unwrap_err();
    }

    #[test]
    fn irreplaceable_targets_are_written_in_place_or_rejected() {
        let folder = Folder::new();
        let kind = |path: &Path| write(path, "x").unwrap_err().kind();
        assert_eq!(kind(&folder.0), io::ErrorKind::IsADirectory);
        assert_eq!(kind(&folder.path("none/x")), io::ErrorKind::NotFound);
        assert_eq!(kind(&folder.path("none/")), io::ErrorKind::NotADirectory);
        let protected = folder.path("protected");
        fs::write(&protected, "old").unwrap();
        fs::set_permissions(&protected, fs::Permissions::from_mode(0o444)).unwrap();
        assert_eq!(kind(&protected), io::ErrorKind::PermissionDenied);
        write(Path::new("/dev/null"), "x").unwrap();
        Replacement::check(Path::new("/dev/null")).unwrap();
        assert_eq!(fs::read_to_string(&protected).unwrap(), "old");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_open_descriptor_is_written_at_its_end() {
        use std::os::fd::AsRawFd as _;
        let folder = Folder::new();
        let path = folder.path("a");
        let mut open = File::create(&path).unwrap();
        open.write_all(b"before ").unwrap();
        let descriptor = PathBuf::from(format!("/proc/self/fd/{}", open.as_raw_fd()));
        let link = folder.path("stdout");
        symlink(&descriptor, &link).unwrap();
        for at in [&descriptor, &link] {
            Replacement::check(at).unwrap();
            write(at, "x ").unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "before x x ");
        let same = |a: &File, b: &Path| {
            use std::os::unix::fs::MetadataExt as _;
            a.metadata().unwrap().ino() == fs::metadata(b).unwrap().ino()
        };
        assert!(same(&open, &path), "the file is the one that was open");
    }

    #[test]
    fn an_uncommitted_replacement_leaves_nothing() {
        let folder = Folder::new();
        let path = folder.path(&"long".repeat(60));
        write(&path, "old").unwrap();
        let mut new = Replacement::create(&path).unwrap();
        new.write_all(b"new").unwrap();
        drop(new);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1);
    }
}
