//! google-cloud-storage, with its defaults.

use crate::content::{BLOCK, Pieces, pieces};
use crate::{Job, Outcome, What};
use bytes::Bytes;
use google_cloud_auth::credentials::anonymous;
use google_cloud_storage::client::Storage;
use google_cloud_storage::streaming_source::{Seek, SizeHint, StreamingSource};
use std::convert::Infallible;
use tokio::io::AsyncWriteExt as _;

const BUCKET: &str = "projects/_/buckets/bench";

/// Content in memory.
struct Memory {
    size: u64,
    pieces: Pieces,
}

impl StreamingSource for Memory {
    type Error = Infallible;

    async fn next(&mut self) -> Option<Result<Bytes, Infallible>> {
        self.pieces.next().map(Ok)
    }

    async fn size_hint(&self) -> Result<SizeHint, Infallible> {
        Ok(SizeHint::with_exact(self.size))
    }
}

impl Seek for Memory {
    type Error = Infallible;

    async fn seek(&mut self, offset: u64) -> Result<(), Infallible> {
        self.pieces = pieces(self.size).skipping(offset);
        Ok(())
    }
}

/// Runs a transfer.
///
/// # Errors
///
/// If it fails.
pub async fn run(job: &Job) -> Outcome<()> {
    // Without its default features, the crate needs a provider, though the server has no TLS.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Storage::builder()
        .with_endpoint(format!("http://{}", job.server))
        .with_credentials(anonymous::Builder::new().build())
        .build()
        .await?;
    match job.what {
        What::UploadFile => {
            let file = tokio::fs::File::open(&job.file).await?;
            let call = client.write_object(BUCKET, "o", file);
            call.with_resumable_upload_threshold(0_usize).send_unbuffered().await?;
        }
        What::UploadMemory => {
            let memory = Memory { size: job.size, pieces: pieces(job.size) };
            let call = client.write_object(BUCKET, "o", memory);
            call.with_resumable_upload_threshold(usize::MAX).send_unbuffered().await?;
        }
        What::DownloadFile => {
            let file = tokio::fs::File::create(&job.file).await?;
            let mut file = tokio::io::BufWriter::with_capacity(BLOCK, file);
            let mut response = client.read_object(BUCKET, job.object()).send().await?;
            while let Some(piece) = response.next().await {
                file.write_all(&piece?).await?;
            }
            file.flush().await?;
        }
        What::DownloadMemory | What::DownloadUnchecked => {
            let (mut response, mut total) =
                (client.read_object(BUCKET, job.object()).send().await?, 0);
            while let Some(piece) = response.next().await {
                total += piece?.len() as u64;
            }
            job.expect(total)?;
        }
    }
    Ok(())
}
