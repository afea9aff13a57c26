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

/// A file that is replaced atomically. Bytes are written while the next ones arrive. Dropping it
/// deletes what was written, also while a write goes on.
pub(super) struct PartFile {
    file: Replacement,
    writing: BoxFuture<'static, io::Result<()>>,
    pieces: Vec<Bytes>,
    gathered: usize,
}

impl PartFile {
    pub(super) async fn create(path: &Path) -> io::Result<Self> {
        let path = path.to_owned();
        let file = blocking(move || Replacement::create(&path)).await?;
        Ok(Self { file, writing: idle(), pieces: Vec::new(), gathered: 0 })
    }

    /// Writes a piece. An error may be that of an earlier piece.
    pub(super) async fn write(&mut self, piece: Bytes) -> io::Result<()> {
        self.gathered += piece.len();
        self.pieces.push(piece);
        if self.gathered >= WRITE_SIZE { self.write_gathered().await } else { Ok(()) }
    }

    /// Starts to write what was gathered, once the previous write has ended.
    async fn write_gathered(&mut self) -> io::Result<()> {
        std::mem::replace(&mut self.writing, idle()).await?;
        self.gathered = 0;
        let (file, pieces) = (self.file.file(), std::mem::take(&mut self.pieces));
        self.writing = Box::pin(blocking(move || {
            pieces.iter().try_for_each(|piece| (&*file).write_all(piece))
        }));
        Ok(())
    }

    /// Syncs the bytes to disk and renames the file.
    pub(super) async fn finish(mut self) -> io::Result<()> {
        self.write_gathered().await?;
        self.writing.await?;
        let file = self.file;
        blocking(move || file.commit()).await
    }
}

fn idle() -> BoxFuture<'static, io::Result<()>> {
    Box::pin(std::future::ready(Ok(())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_deleted_while_a_write_goes_on() {
        let folder = std::env::temp_dir().join(format!("sink-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for _ in 0..10 {
            let mut file = PartFile::create(&folder.join("file")).await.unwrap();
            file.write(vec![0; 64 * WRITE_SIZE].into()).await.unwrap();
            drop(file);
            assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
