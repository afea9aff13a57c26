//! A small API with media, for tests.

use std::time::Duration;

use bytes::Bytes;
use discovery_runtime::json::Json;
use discovery_runtime::media::{Source, Upload};
use discovery_runtime::retry::{DefaultRetry, RetryBudget};
use discovery_runtime::spec::{BodyKind, MethodSpec, Segment, ServiceSpec, UploadSpec, Verb};
use discovery_runtime::testing::{FaultServer, ObjectStore};
use discovery_runtime::{Call, Client, ClientBuilder, ServiceClient};

pub(crate) struct Store(pub(crate) Client);

impl ServiceClient for Store {
    const SERVICE: &'static ServiceSpec = &SERVICE;

    fn from_runtime(client: Client) -> Self {
        Self(client)
    }
}

pub(crate) static SERVICE: ServiceSpec = ServiceSpec {
    id: "store:v1",
    root_url: "https://store.googleapis.com/",
    mtls_root_url: None,
    service_path: "v1/",
    batch_path: Some("batch/store/v1"),
    data_wrapper: false,
    package: "google-store-v1",
    package_version: "0.0.0",
};

const FILES: &[Segment] = &[Segment::Literal("files")];
const FILE: &[Segment] = &[Segment::Literal("files/"), Segment::Simple("name")];
const UPLOAD: &[Segment] = &[Segment::Literal("/upload/v1/files")];
const SCOPES: &[&str] = &["https://www.googleapis.com/auth/store"];

const fn method(id: &'static str, verb: Verb, path: &'static [Segment]) -> MethodSpec {
    MethodSpec {
        request: BodyKind::None,
        scopes: SCOPES,
        default_scope: Some(SCOPES[0]),
        ..MethodSpec::new(verb, id, &SERVICE, path)
    }
}

pub(crate) static INSERT: MethodSpec = MethodSpec {
    request: BodyKind::Json,
    upload: Some(&UploadSpec {
        path: UPLOAD,
        resumable: true,
        accept: &["*/*"],
        max_size: Some(5 << 40),
        media_type: Some("contentType"),
    }),
    ..method("store.files.insert", Verb::Post, FILES)
};

/// Simple uploads only, without metadata, of one media type.
pub(crate) static INSERT_PHOTO: MethodSpec = MethodSpec {
    upload: Some(&UploadSpec {
        path: UPLOAD,
        resumable: false,
        accept: &["image/png"],
        max_size: Some(1000),
        media_type: None,
    }),
    ..method("store.photos.insert", Verb::Post, FILES)
};

pub(crate) static GET: MethodSpec =
    MethodSpec { download: true, ..method("store.files.get", Verb::Get, FILE) };
pub(crate) static CREATE: MethodSpec =
    MethodSpec { request: BodyKind::Json, ..method("store.files.create", Verb::Post, FILES) };
pub(crate) static LIST: MethodSpec = method("store.files.list", Verb::Get, FILES);
pub(crate) static DELETE: MethodSpec =
    MethodSpec { response: BodyKind::None, ..method("store.files.delete", Verb::Delete, FILE) };

/// Returns a builder of clients of `server` without credentials, with short waits and unlimited
/// retries.
pub(crate) fn builder(server: &FaultServer) -> ClientBuilder<Store> {
    let longest = Duration::from_millis(20);
    let retry = DefaultRetry::new().with_backoff(Duration::from_millis(1), longest);
    Store::builder_at(&server.url())
        .with_retry(retry.with_throttled_backoff(longest))
        .with_retry_budget(RetryBudget::unlimited())
}

impl Store {
    pub(crate) fn builder_at(url: &str) -> ClientBuilder<Self> {
        ClientBuilder::new().with_endpoint(url).with_anonymous()
    }
}

pub(crate) fn client(server: &FaultServer) -> Client {
    builder(server).build().unwrap().0
}

/// Uploads an object's content with metadata using `store.files.insert`.
pub(crate) fn insert(client: &Client, name: &str, source: impl Into<Source>) -> Upload<Json> {
    let metadata = Json::from(serde_json::json!({"title": "T"}));
    let call = Call::new(client, &INSERT).query("name", &name).body(&metadata);
    Upload::new(call, source.into().with_content_type("text/plain"))
}

/// Returns non-repeating bytes, so that shifts and gaps are detected.
pub(crate) fn noise(len: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..len).map(next).collect()
}

pub(crate) const K: usize = 1024;
pub(crate) const CHUNK: u64 = 256 * 1024;

pub(crate) async fn store() -> (ObjectStore, FaultServer) {
    let store = ObjectStore::new();
    let server = store.serve().await.unwrap();
    (store, server)
}

/// Returns a stream that can be read once, in pieces of odd sizes.
pub(crate) fn once(content: &[u8]) -> Source {
    let pieces: Vec<Bytes> = content.chunks(70_001).map(Bytes::copy_from_slice).collect();
    Source::from_stream(Pieces(pieces.into_iter()))
}

struct Pieces(std::vec::IntoIter<Bytes>);

impl futures_core::Stream for Pieces {
    type Item = std::io::Result<Bytes>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.next().map(Ok))
    }
}

pub(crate) fn content_of(store: &ObjectStore, name: &str) -> Bytes {
    let object = store.object(&format!("/v1/files/{name}")).expect("no object");
    assert_eq!(object.size, object.content().len() as u64);
    object.content()
}
