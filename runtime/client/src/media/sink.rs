//! Destination file of a download.

use std::io::{self, Write as _};
use std::path::Path;

use bytes::Bytes;

use super::file::blocking;
use crate::file::Replacement;

/// Size of a write, each of which takes a thread switch.
const WRITE_SIZE: usize = 1024 * 1024;

/// A file that is replaced atomically.
pub(super) struct PartFile {
    file: Option<Replacement>,
    pieces: Vec<Bytes>,
    gathered: usize,
}

impl PartFile {
    pub(super) async fn create(path: &Path) -> io::Result<Self> {
        let path = path.to_owned();
        let file = blocking(move || Replacement::create(&path)).await?;
        Ok(Self { file: Some(file), pieces: Vec::new(), gathered: 0 })
    }

    pub(super) async fn write(&mut self, piece: Bytes) -> io::Result<()> {
        self.gathered += piece.len();
        self.pieces.push(piece);
        if self.gathered >= WRITE_SIZE { self.write_gathered().await } else { Ok(()) }
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

    /// Syncs the bytes to disk and renames the file.
    pub(super) async fn finish(mut self) -> io::Result<()> {
        self.write_gathered().await?;
        let Some(file) = self.file.take() else { return Err(io::ErrorKind::NotConnected.into()) };
        blocking(move || file.commit()).await
    }
}
