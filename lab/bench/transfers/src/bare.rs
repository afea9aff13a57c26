//! A bare hyper client. It reads and writes files in place, which is the least work, though it would
//! hold up other tasks of a program.

use crate::content::{BLOCK, Pieces, pieces};
use crate::{Job, Outcome, What};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty};
use hyper::body::{Body, Frame, SizeHint};
use hyper::{Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::pin::Pin;
use std::task::{Context, Poll};

/// Runs a transfer.
///
/// # Errors
///
/// If it fails.
pub async fn run(job: &Job) -> Outcome<()> {
    match job.what {
        What::UploadFile => upload(job, Content::File(File::open(&job.file)?, job.size)).await,
        What::UploadMemory => upload(job, Content::Memory(pieces(job.size))).await,
        What::DownloadFile => download(job, Some(File::create(&job.file)?)).await,
        What::DownloadMemory | What::DownloadUnchecked => download(job, None).await,
    }
}

fn connector() -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    connector
}

async fn upload(job: &Job, content: Content) -> Outcome<()> {
    let client = Client::builder(TokioExecutor::new()).build(connector());
    let url = format!("http://{}/upload/bare", job.server);
    let response = client.request(Request::put(url).body(content)?).await?;
    let status = response.status();
    response.into_body().collect().await?;
    if status == StatusCode::OK { Ok(()) } else { Err(format!("{status}").into()) }
}

async fn download(job: &Job, mut file: Option<File>) -> Outcome<()> {
    let client = Client::builder(TokioExecutor::new()).build::<_, Empty<Bytes>>(connector());
    let url = format!("http://{}/{}", job.server, job.object());
    let mut body = client.request(Request::get(url).body(Empty::new())?).await?.into_body();
    let mut total = 0;
    while let Some(frame) = body.frame().await {
        let Ok(bytes) = frame?.into_data() else { continue };
        total += bytes.len() as u64;
        if let Some(file) = &mut file {
            file.write_all(&bytes)?;
        }
    }
    job.expect(total)
}

enum Content {
    File(File, u64),
    Memory(Pieces),
}

impl Content {
    fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        let (file, left) = match self {
            Self::Memory(pieces) => return Ok(pieces.next()),
            Self::File(file, left) => (file, left),
        };
        let mut piece = vec![0; BLOCK.min(usize::try_from(*left).unwrap_or(BLOCK))];
        file.read_exact(&mut piece)?;
        *left -= piece.len() as u64;
        Ok((!piece.is_empty()).then(|| piece.into()))
    }
}

impl Body for Content {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<std::io::Result<Frame<Bytes>>>> {
        Poll::Ready(self.next().transpose().map(|piece| piece.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(match self {
            Self::File(_, left) => *left,
            Self::Memory(pieces) => pieces.left(),
        })
    }
}
