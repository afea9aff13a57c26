//! `-o`: writes a file atomically.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use discovery_runtime::file::Replacement;

use crate::failure::Failure;
use crate::host::reason;
use crate::query::QueryError;

use super::screen::Screen;

/// Destination of a result. Checked before a call, written after it succeeds.
#[derive(Debug)]
pub(crate) enum Target {
    /// Standard output.
    Stdout,
    /// Standard output that is a terminal.
    Screen,
    /// A file, new or replaced; a device or pipe, written in place.
    File(PathBuf),
}

impl Target {
    /// Checks that a file can be written, without modifying it.
    pub(crate) fn check(path: Option<PathBuf>, terminal: bool) -> Result<Self, Failure> {
        let Some(path) = path else {
            return Ok(if terminal { Self::Screen } else { Self::Stdout });
        };
        match Replacement::check(&path) {
            Ok(()) => Ok(Self::File(path)),
            Err(error) => {
                let (path, why) = (path.display(), reason(&error));
                let why = match error.kind() {
                    io::ErrorKind::IsADirectory => why,
                    _ => format!("it cannot be written: {why}"),
                };
                Err(Failure::output(format!("-o {path}: {why}; nothing was sent")))
            }
        }
    }

    /// Writes the complete result. The file appears once the last byte is on disk.
    pub(crate) fn write(
        &self,
        stdout: &mut dyn Write,
        fill: &mut dyn FnMut(&mut dyn Write) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        match self {
            Self::Stdout => {
                let mut out = io::BufWriter::new(stdout);
                fill(&mut out)?;
                out.flush().map_err(|error| closed(&error))
            }
            Self::Screen => {
                let mut out = io::BufWriter::new(Screen::new(stdout));
                let filled = fill(&mut out);
                let screen = out.into_inner().map_err(|error| closed(error.error()))?;
                screen.finish().map_err(|error| closed(&error))?;
                filled
            }
            Self::File(path) => {
                let file = Replacement::create(path).map_err(|error| failed(path, &error))?;
                let mut out = io::BufWriter::new(file);
                fill(&mut out)?;
                let file = out.into_inner().map_err(|error| failed(path, error.error()))?;
                file.commit().map_err(|error| failed(path, &error))
            }
        }
    }
}

/// Handles an error on standard output, or of a query over what was to be written.
pub(crate) fn closed(error: &io::Error) -> Failure {
    if let Some(query) = error.get_ref().and_then(|inner| inner.downcast_ref::<QueryError>()) {
        return Failure::output(query.to_string());
    }
    if error.kind() == io::ErrorKind::BrokenPipe {
        // A pipe closed by a program such as `head` is not reported.
        return Failure::new(crate::failure::exit::OK, "closed", String::new());
    }
    Failure::output(format!("standard output cannot be written: {}", reason(error)))
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::output(format!("{} cannot be written: {}", path.display(), reason(error)))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn write(path: &Path, text: &str, fail: bool) -> Result<(), Failure> {
        let target = Target::check(Some(path.to_owned()), false)?;
        target.write(&mut io::sink(), &mut |out| {
            out.write_all(text.as_bytes()).map_err(|error| closed(&error))?;
            if fail { Err(Failure::usage("x")) } else { Ok(()) }
        })
    }

    #[test]
    fn files_are_replaced_completely_or_unchanged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.json");
        assert!(write(&path, "half", true).is_err());
        assert!(!path.exists());
        write(&path, "first", false).unwrap();
        assert!(write(&path, "half", true).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
        write(&path, "second", false).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "second");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn unwritable_files_are_reported_before_the_call() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Target::check(Some(folder.path().to_owned()), true).is_err());
        assert!(Target::check(Some(folder.path().join("none/x")), false).is_err());
        assert!(matches!(Target::check(None, false), Ok(Target::Stdout)));
    }

    #[cfg(unix)]
    #[test]
    fn links_and_devices_stay() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write(&link, "new", false).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        // Preserves permissions that exclude other users.
        let mode = |path: &Path| {
            let permissions = fs::metadata(path).unwrap().permissions();
            std::os::unix::fs::PermissionsExt::mode(&permissions) & 0o777
        };
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let target = Target::check(Some(link), false).unwrap();
        let written = target.write(&mut io::sink(), &mut |out| {
            out.write_all(b"newer").and_then(|()| out.flush()).map_err(|error| closed(&error))?;
            for entry in fs::read_dir(folder.path()).unwrap() {
                assert_eq!(mode(&entry.unwrap().path()), 0o600);
            }
            Ok(())
        });
        written.unwrap();
        assert_eq!((mode(&file), fs::read_to_string(&file).unwrap().as_str()), (0o600, "newer"));
        let null = Path::new("/dev/null");
        write(null, "x", false).unwrap();
        assert!(!fs::metadata(null).unwrap().is_file());
    }
}
