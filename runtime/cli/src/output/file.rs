//! `-o`: a file that is there whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::host::reason;

/// Where a result goes. Checked before a call is made, written after it has succeeded.
#[derive(Debug)]
pub(crate) enum Target {
    /// Standard output.
    Stdout,
    /// A new or replaced file.
    File(PathBuf),
    /// A device or pipe: written in place.
    Special(PathBuf),
}

impl Target {
    /// Checks that a file can be written, without touching what is there.
    pub(crate) fn check(path: Option<PathBuf>) -> Result<Self, Failure> {
        let Some(path) = path else { return Ok(Self::Stdout) };
        let refuse = |why: String| {
            Failure::output(format!("-o {}: {why}; nothing was sent", path.display()))
        };
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() => return Err(refuse("it is a folder".to_owned())),
            Ok(found) if !found.is_file() => return Ok(Self::Special(path)),
            Ok(found) if found.permissions().readonly() => {
                return Err(refuse("it is write-protected".to_owned()));
            }
            Ok(_) | Err(_) => {}
        }
        // A link stays a link: what it leads to is replaced.
        let real = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        let (temporary, file) = beside(&real)
            .map_err(|error| refuse(format!("it cannot be written: {}", reason(&error))))?;
        drop(file);
        let _ = fs::remove_file(temporary);
        Ok(Self::File(real))
    }

    /// Writes all of a result. A file appears when the last byte is on the disk.
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
            Self::Special(path) => {
                let mut file = OpenOptions::new()
                    .write(true)
                    .open(path)
                    .map_err(|error| failed(path, &error))?;
                fill(&mut file)
            }
            Self::File(path) => {
                let (temporary, file) = beside(path).map_err(|error| failed(path, &error))?;
                let guard = Temporary(Some(temporary));
                let mut out = io::BufWriter::new(file);
                fill(&mut out)?;
                let file = out.into_inner().map_err(|error| failed(path, error.error()))?;
                file.sync_all().map_err(|error| failed(path, &error))?;
                guard.keep_as(path).map_err(|error| failed(path, &error))
            }
        }
    }
}

/// What writing to standard output failed with.
pub(crate) fn closed(error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::BrokenPipe {
        // `| head` has seen enough; that is no error worth words.
        return Failure::new(crate::failure::exit::OK, "closed", String::new());
    }
    Failure::output(format!("standard output cannot be written: {}", reason(error)))
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::output(format!("{} cannot be written: {}", path.display(), reason(error)))
}

/// A new file in the same folder, so that it can take the other's place in one step.
fn beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
    for attempt in 0..16 {
        let name = format!(".{name}.{}.{attempt}.tmp", std::process::id());
        let temporary = folder.unwrap_or(Path::new(".")).join(name);
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Ok(file) => return Ok((temporary, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

/// A file that goes away unless it is kept.
struct Temporary(Option<PathBuf>);

impl Temporary {
    fn keep_as(mut self, path: &Path) -> io::Result<()> {
        let Some(temporary) = &self.0 else { return Ok(()) };
        if let Ok(old) = fs::metadata(path) {
            fs::set_permissions(temporary, old.permissions())?;
        }
        fs::rename(temporary, path)?;
        self.0 = None;
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, text: &str, fail: bool) -> Result<(), Failure> {
        let target = Target::check(Some(path.to_owned()))?;
        target.write(&mut io::sink(), &mut |out| {
            out.write_all(text.as_bytes()).map_err(|error| closed(&error))?;
            if fail { Err(Failure::usage("x")) } else { Ok(()) }
        })
    }

    #[test]
    fn a_file_is_whole_or_as_it_was() {
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
    fn what_cannot_be_written_is_told_before() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Target::check(Some(folder.path().to_owned())).is_err());
        assert!(Target::check(Some(folder.path().join("none/x"))).is_err());
        assert!(matches!(Target::check(None), Ok(Target::Stdout)));
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
        let null = Path::new("/dev/null");
        write(null, "x", false).unwrap();
        assert!(!fs::metadata(null).unwrap().is_file());
    }
}
