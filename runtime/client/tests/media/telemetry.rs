//! Traces and metrics of uploads, downloads, and batches: one call each, however many requests.

use std::sync::{Arc, Mutex};

use discovery_runtime::batch::Batch;
use discovery_runtime::media::{Download, Protocol, Source, Upload, UploadSession};
use discovery_runtime::observe::opentelemetry_0_33::Metrics;
use discovery_runtime::observe::{CallReport, Interceptor, RetryReport};
use discovery_runtime::testing::{Fault, FaultServer};
use discovery_runtime::{Call, Client};
use tracing::subscriber::{DefaultGuard, set_default, set_global_default};

use crate::collector::Collector;
use crate::common::{CHUNK, GET, K, builder, insert, noise, store};

/// Reports of calls and retries, in a line each.
#[derive(Clone, Default)]
struct Reports(Arc<Mutex<Vec<String>>>);

impl Reports {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl Interceptor for Reports {
    fn on_retry(&self, retry: &RetryReport<'_>) {
        self.0.lock().unwrap().push(format!("retry {} {}", retry.method.id, retry.reason));
    }

    fn after_call(&self, report: &CallReport<'_>) {
        let (id, attempts) = (report.method.id, report.attempts);
        let outcome = report.error_type().unwrap_or("fine");
        self.0.lock().unwrap().push(format!("{id} {attempts} {outcome}"));
    }
}

struct Observed {
    collector: Collector,
    reports: Reports,
    client: Client,
    _guard: DefaultGuard,
}

impl Observed {
    fn new(server: &FaultServer) -> Self {
        let (collector, reports) = (Collector::new(), Reports::default());
        // Without a global subscriber, the first thread to reach a call site may cache for all
        // threads that no subscriber is interested.
        let _ = set_global_default(tracing_subscriber::registry());
        let _guard = set_default(collector.subscriber());
        let builder = builder(server)
            .with_interceptor(reports.clone())
            .with_interceptor(Metrics::new(collector.meters()));
        let client = builder.build().unwrap().0;
        Self { collector, reports, client, _guard }
    }

    /// Returns the names of all spans, indented.
    fn names(&self) -> Vec<String> {
        let traces = self.collector.traces().unwrap();
        assert!(!traces.contains("secret"), "{traces}");
        let lines = traces.lines().filter(|line| !line.trim_start().starts_with('!'));
        lines.map(|line| line.split(" [").next().unwrap().to_owned()).collect()
    }

    fn assert_no_secret(&self) {
        let lines = self.collector.lines().unwrap().concat();
        assert!(lines.contains("rpc.client.call.duration"), "{lines}");
        assert!(!lines.contains("secret"), "{lines}");
    }
}

#[tokio::test]
async fn resumable_uploads() {
    let (_, server) = store().await;
    let observed = Observed::new(&server);
    let content = noise(600 * K);
    let upload = insert(&observed.client, "secret", Source::from_bytes(content));
    let upload = upload.with_protocol(Protocol::Resumable).with_chunk_size(CHUNK);
    let chunk = |head: &discovery_runtime::testing::Head| {
        head.header("content-range").is_some_and(|range| range.starts_with("bytes 262144-"))
    };
    server.inject_when(chunk, Fault::Status(503));
    upload.await.unwrap();
    let start = "  POST /upload/v1/files";
    // The session, two chunks, a query, the failed chunk again, and the last.
    let put = "  PUT";
    let expected = ["store.files.insert", start, put, put, put, put, put];
    assert_eq!(observed.names(), expected);
    let retry = "retry store.files.insert transient";
    assert_eq!(observed.reports.take(), [retry, "store.files.insert 6 fine"]);
    observed.assert_no_secret();
}

#[tokio::test]
async fn uploads_of_one_request_and_sessions() {
    let (_, server) = store().await;
    let observed = Observed::new(&server);
    insert(&observed.client, "secret", Source::from_bytes("content")).await.unwrap();
    let upload = insert(&observed.client, "secret", Source::from_bytes("content"));
    let session: UploadSession = upload.start().await.unwrap();
    let upload = insert(&observed.client, "secret", Source::from_bytes("content"));
    upload.with_session(session).cancel().await.unwrap();
    let post = "  POST /upload/v1/files";
    let id = "store.files.insert";
    assert_eq!(observed.names(), [id, post, id, post, id, "  DELETE"]);
    // An upload that cannot be sent.
    let call = Call::new(&observed.client, &GET).path("name", &"secret");
    let upload = Upload::<discovery_runtime::json::Json>::new(call, Source::from_bytes("content"));
    upload.await.unwrap_err();
    let fine = "store.files.insert 1 fine";
    let invalid = "store.files.get 0 invalid_request";
    assert_eq!(observed.reports.take(), [fine, fine, fine, invalid]);
}

async fn download(faults: &[Fault]) -> (FaultServer, Observed, Download) {
    let (store, server) = store().await;
    store.put("/v1/files/secret", "text/plain", noise(600 * K));
    let observed = Observed::new(&server);
    faults.iter().for_each(|fault| server.inject(*fault));
    let call = Call::new(&observed.client, &GET).path("name", &"secret");
    (server, observed, Download::new(call))
}

const FILE: &str = "  GET /v1/files/{name}";

#[tokio::test]
async fn interrupted_downloads() {
    let faults = [Fault::BrokenStreamAfter(256 * 1024), Fault::Status(503)];
    let (_server, observed, download) = download(&faults).await;
    assert_eq!(download.to_bytes(u64::MAX).await.unwrap().len(), 600 * K);
    assert_eq!(observed.names(), ["store.files.get", FILE, FILE, FILE]);
    let retry = |reason| format!("retry store.files.get {reason}");
    assert_eq!(
        observed.reports.take(),
        [retry("interrupted"), retry("transient"), "store.files.get 3 fine".to_owned()]
    );
    observed.assert_no_secret();
}

#[tokio::test]
async fn downloads_that_are_not_read_to_the_end() {
    let (_server, observed, download) = download(&[]).await;
    let mut stream = download.open().await.unwrap();
    stream.next().await.unwrap().unwrap();
    assert_eq!(observed.reports.take(), [""; 0]);
    drop(stream);
    assert_eq!(observed.reports.take(), ["store.files.get 1 fine"]);
    assert_eq!(observed.names(), ["store.files.get", FILE]);
}

#[tokio::test]
async fn downloads_that_fail() {
    let (server, observed, download) = download(&[]).await;
    server.always(|_| true, Fault::Status(404));
    download.open().await.unwrap_err();
    assert_eq!(observed.reports.take(), ["store.files.get 1 NOT_FOUND"]);
}

#[tokio::test]
async fn batches() {
    let server = crate::batch::server().await;
    let observed = Observed::new(&server);
    let mut batch = Batch::new(&observed.client);
    let busy = batch.add(crate::batch::get(&observed.client, "busy")).unwrap();
    let secret = batch.add(crate::batch::get(&observed.client, "secret")).unwrap();
    let mut answers = batch.send().await.unwrap();
    answers.take(secret).unwrap();
    let retried = answers.take(busy).is_ok();
    let post = "  POST /batch/store/v1";
    let names = observed.names();
    assert!(retried);
    assert_eq!(names[..2], ["store.batch", post]);
    assert!(names[2..].iter().all(|name| name == post), "{names:?}");
    let reports = observed.reports.take();
    assert_eq!(reports.last().unwrap(), &format!("store.batch {} fine", names.len() - 1));
    assert_eq!(reports.len(), names.len() - 1, "{reports:?}");
    observed.assert_no_secret();
}
