//! Uploads and downloads of many bytes: this project, bare hyper, google-cloud-storage, and sockets
//! without HTTP, against one server on loopback.
//!
//! Each side is a program of its own, which `cargo lab bench bytes` runs once per round, since peak
//! memory is counted per process.

pub mod bare;
pub mod content;
pub mod google;
pub mod ours;
pub mod raw;
pub mod server;

use std::path::PathBuf;

/// Any failure ends a program.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// One transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Upload a file; resumable where the API has such uploads.
    UploadFile,
    /// Upload memory in one request.
    UploadMemory,
    /// Download to a file.
    DownloadFile,
    /// Download and drop the bytes.
    DownloadMemory,
    /// The same, but the server sends no checksum.
    DownloadUnchecked,
}

/// A transfer and its arguments.
#[derive(Clone, Debug)]
pub struct Job {
    /// What to transfer.
    pub what: What,
    /// Address of the server, `127.0.0.1:PORT`.
    pub server: String,
    /// Number of bytes.
    pub size: u64,
    /// File to read or write.
    pub file: PathBuf,
}

impl Job {
    /// Reads the arguments of a program: `WHAT SERVER SIZE FILE`.
    ///
    /// # Errors
    ///
    /// If there are others.
    pub fn from_arguments() -> Outcome<Self> {
        const USAGE: &str = "expected WHAT SERVER SIZE FILE";
        let mut words = std::env::args().skip(1);
        let what = match words.next().as_deref() {
            Some("upload-file") => What::UploadFile,
            Some("upload-memory") => What::UploadMemory,
            Some("download-file") => What::DownloadFile,
            Some("download-memory") => What::DownloadMemory,
            Some("download-unchecked") => What::DownloadUnchecked,
            other => return Err(format!("{USAGE}; no transfer is called {other:?}").into()),
        };
        let server = words.next().ok_or(USAGE)?;
        let size = words.next().ok_or(USAGE)?.parse()?;
        Ok(Self { what, server, size, file: words.next().ok_or(USAGE)?.into() })
    }

    /// Returns the name of the object to download.
    #[must_use]
    pub fn object(&self) -> &'static str {
        if self.what == What::DownloadUnchecked { server::UNCHECKED } else { "checked" }
    }

    /// Checks the number of downloaded bytes.
    ///
    /// # Errors
    ///
    /// If it is another one.
    pub fn expect(&self, bytes: u64) -> Outcome<()> {
        if bytes == self.size {
            return Ok(());
        }
        Err(format!("{bytes} bytes arrived instead of {}", self.size).into())
    }
}
