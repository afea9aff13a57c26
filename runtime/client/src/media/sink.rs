//! A file that appears whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::file::blocking;
use super::multipart::Boundary;

/// Bytes that are gathered before they are written: a change of thread for each write.
const GATHER: usize = 1024 * 1024;

/// A file under a name of its own, beside the one that it will replace.
pub(super) struct PartFile {
    file: Option<File>,
    part: PathBuf,
    path: PathBuf,
    pieces: Vec<Bytes>,
    gathered: usize,
}

impl PartFile {
    pub(super) async fn create(path: &Path) -> io::Result<Self> {
        let Some(name) = path.file_name() else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"));
        };
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}", Boundary::random().as_str()));
        let (path, part) = (path.to_owned(), path.with_file_name(hidden));
        blocking(move || {
            let file = OpenOptions::new().write(true).create_new(true).open(&part)?;
            Ok(Self { file: Some(file), part, path, pieces: Vec::new(), gathered: 0 })
        })
        .await
    }

    pub(super) async fn write(&mut self, piece: Bytes) -> io::Result<()> {
        self.gathered += piece.len();
        self.pieces.push(piece);
        if self.gathered >= GATHER { self.write_gathered().await } else { Ok(()) }
    }

    async fn write_gathered(&mut self) -> io::Result<()> {
        self.gathered = 0;
        let pieces = std::mem::take(&mut self.pieces);
        let Some(mut file) = self.file.take() else {
            return Err(io::ErrorKind::NotConnected.into());
        };
        let file = blocking(move || {
            for piece in &pieces {
                file.write_all(piece)?;
            }
            Ok(file)
        });
        self.file = Some(file.await?);
        Ok(())
    }

    /// Brings the bytes to disk and gives the file its name.
    pub(super) async fn finish(mut self) -> io::Result<()> {
        self.write_gathered().await?;
        let Some(file) = self.file.take() else { return Err(io::ErrorKind::NotConnected.into()) };
        let (part, path) = (std::mem::take(&mut self.part), self.path.clone());
        blocking(move || {
            // Without it, a crash may leave an empty file under the name.
            let done = file.sync_all().and_then(|()| fs::rename(&part, &path));
            if done.is_err() {
                let _ = fs::remove_file(&part);
            }
            done
        })
        .await
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.part.as_os_str().is_empty() {
            self.file = None;
            let _ = fs::remove_file(&self.part);
        }
    }
}
