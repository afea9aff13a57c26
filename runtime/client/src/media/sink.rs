//! Destination file of a download.

use std::io::{self, Write as _};
use std::path::Path;

use bytes::Bytes;

use super::file::blocking;
use crate::BoxFuture;
use crate::file::Replacement;

/// Size of a write, each of which takes a thread switch. Fast connections deliver pieces of about
/// this size. Holding several of them costs more than it saves: the allocator returns their memory
/// to the system, and every page of it is set up again.
const WRITE_SIZE: usize = 384 * 1024;

/// A file that is replaced atomically. Bytes are written while the next ones arrive.
pub(super) struct PartFile {
    writing: BoxFuture<'static, io::Result<Replacement>>,
    pieces: Vec<Bytes>,
    gathered: usize,
}

impl PartFile {
    pub(super) async fn create(path: &Path) -> io::Result<Self> {
        let path = path.to_owned();
        let file = blocking(move || Replacement::create(&path)).await?;
        let writing = Box::pin(std::future::ready(Ok(file)));
        Ok(Self { writing, pieces: Vec::new(), gathered: 0 })
    }

    /// Writes a piece. An error may be that of an earlier piece.
    pub(super) async fn write(&mut self, piece: Bytes) -> io::Result<()> {
        self.gathered += piece.len();
        self.pieces.push(piece);
        if self.gathered >= WRITE_SIZE { self.write_gathered().await } else { Ok(()) }
    }

    /// Starts to write what was gathered, once the previous write has ended.
    async fn write_gathered(&mut self) -> io::Result<()> {
        let mut file = (&mut self.writing).await?;
        self.gathered = 0;
        let pieces = std::mem::take(&mut self.pieces);
        self.writing = Box::pin(blocking(move || {
            pieces.iter().try_for_each(|piece| file.write_all(piece))?;
            Ok(file)
        }));
        Ok(())
    }

    /// Syncs the bytes to disk and renames the file.
    pub(super) async fn finish(mut self) -> io::Result<()> {
        self.write_gathered().await?;
        let file = self.writing.await?;
        blocking(move || file.commit()).await
    }
}
