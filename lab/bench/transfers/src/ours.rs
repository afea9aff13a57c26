//! This project's client, with the calls of Cloud Storage as a generated client has them.

use crate::content::{Pieces, pieces};
use crate::{Job, Outcome, What};
use bytes::Bytes;
use discovery_json::Json;
use discovery_runtime::hyper::HyperTransport;
use discovery_runtime::media::{Content, Download, Protocol, Source, Upload};
use discovery_runtime::spec::{BodyKind, MethodSpec, Segment, ServiceSpec, UploadSpec, Verb};
use discovery_runtime::transport::{BoxError, ByteStream};
use discovery_runtime::{Call, Client, ClientBuilder, ServiceClient};
use futures_core::Stream;
use std::pin::Pin;
use std::task::{Context, Poll};

struct Storage(Client);

impl ServiceClient for Storage {
    const SERVICE: &'static ServiceSpec = &SERVICE;

    fn from_runtime(client: Client) -> Self {
        Self(client)
    }
}

static SERVICE: ServiceSpec = ServiceSpec {
    id: "storage:v1",
    root_url: "https://storage.googleapis.com/",
    mtls_root_url: None,
    service_path: "storage/v1/",
    batch_path: None,
    data_wrapper: false,
    package: "google-storage-v1",
    package_version: "0.0.0",
};

static GET: MethodSpec = MethodSpec {
    download: true,
    idempotent: true,
    ..MethodSpec::new(
        Verb::Get,
        "storage.objects.get",
        &SERVICE,
        &[Segment::Literal("b/bench/o/"), Segment::Simple("object")],
    )
};

static INSERT: MethodSpec = MethodSpec {
    request: BodyKind::Json,
    upload: Some(&UploadSpec {
        path: &[Segment::Literal("/upload/storage/v1/b/bench/o")],
        resumable: true,
        accept: &["*/*"],
        max_size: None,
        media_type: None,
    }),
    ..MethodSpec::new(
        Verb::Post,
        "storage.objects.insert",
        &SERVICE,
        &[Segment::Literal("b/bench/o")],
    )
};

/// Content in memory.
struct Memory(u64);

impl Content for Memory {
    fn size(&self) -> u64 {
        self.0
    }

    fn open(&self, offset: u64) -> ByteStream {
        Box::pin(Read(pieces(self.0).skipping(offset)))
    }
}

struct Read(Pieces);

impl Stream for Read {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next().map(Ok))
    }
}

/// Runs a transfer.
///
/// # Errors
///
/// If it fails.
pub async fn run(job: &Job) -> Outcome<()> {
    let transport = HyperTransport::builder().with_no_proxy().build()?;
    let client: Storage = ClientBuilder::new()
        .with_endpoint(format!("http://{}/", job.server))
        .with_transport(transport)
        .with_anonymous()
        .build()?;
    let get = || Download::new(Call::new(&client.0, &GET).path("object", &job.object()));
    match job.what {
        What::UploadFile => {
            upload(&client, Source::from_path(&job.file), Protocol::Resumable).await
        }
        What::UploadMemory => {
            let source = Source::from_content(Memory(job.size));
            upload(&client, source, Protocol::Multipart).await
        }
        What::DownloadFile => job.expect(get().to_file(&job.file).await?.bytes),
        What::DownloadMemory | What::DownloadUnchecked => {
            let (mut stream, mut total) = (get().open().await?, 0);
            while let Some(piece) = stream.next().await {
                total += piece?.len() as u64;
            }
            job.expect(total)
        }
    }
}

async fn upload(client: &Storage, source: Source, protocol: Protocol) -> Outcome<()> {
    let call = Call::new(&client.0, &INSERT).query("name", &"o");
    Upload::<Json>::new(call, source).with_protocol(protocol).await?;
    Ok(())
}
