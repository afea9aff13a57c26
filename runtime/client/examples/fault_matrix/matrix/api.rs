//! An API with one method of each kind.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use discovery_runtime::json::Json;
use discovery_runtime::spec::{
    BodyKind, ItemsIn, MethodSpec, PagingSpec, Segment, ServiceSpec, TokenIn, UploadSpec, Verb,
};
use discovery_runtime::testing::{FaultServer, Head, Incoming, ObjectStore, Reply};
use discovery_runtime::{Call, Client, Method, Paged, ServiceClient};

pub(crate) struct Files(pub(crate) Client);

impl ServiceClient for Files {
    const SERVICE: &'static ServiceSpec = &SERVICE;

    fn from_runtime(client: Client) -> Self {
        Self(client)
    }
}

static SERVICE: ServiceSpec = ServiceSpec {
    id: "files:v1",
    root_url: "https://files.googleapis.com/",
    mtls_root_url: None,
    service_path: "v1/",
    batch_path: None,
    data_wrapper: false,
    package: "google-files-v1",
    package_version: "0.0.0",
};

const FILES: &[Segment] = &[Segment::Literal("files")];
const SEARCH: &[Segment] = &[Segment::Literal("files:search")];
const FILE: &[Segment] = &[Segment::Literal("files/"), Segment::Simple("name")];
const SCOPES: &[&str] = &["https://www.googleapis.com/auth/files"];

const fn method(id: &'static str, verb: Verb, path: &'static [Segment]) -> MethodSpec {
    let body = matches!(verb, Verb::Post | Verb::Patch);
    MethodSpec {
        request: if body { BodyKind::Json } else { BodyKind::None },
        scopes: SCOPES,
        default_scope: Some(SCOPES[0]),
        idempotent: matches!(verb, Verb::Get | Verb::Delete),
        ..MethodSpec::new(verb, id, &SERVICE, path)
    }
}

macro_rules! methods {
    ($($name:ident = $spec:expr;)*) => { $(
        pub(crate) struct $name {
            call: Call,
        }

        impl $name {
            pub(crate) fn call(client: &Client) -> Call {
                Call::new(client, Self::SPEC)
            }
        }

        discovery_runtime::typed_call!($name);

        impl Method for $name {
            const SPEC: &'static MethodSpec = {
                static SPEC: MethodSpec = $spec;
                &SPEC
            };
            type Response = Json;
        }
    )* };
}

methods! {
    Get = MethodSpec { download: true, ..method("files.get", Verb::Get, FILE) };
    Search = MethodSpec { idempotent: true, ..method("files.search", Verb::Post, SEARCH) };
    Create = method("files.create", Verb::Post, FILES);
    Patch = method("files.patch", Verb::Patch, FILE);
    Delete = method("files.delete", Verb::Delete, FILE);
    Insert = MethodSpec {
        upload: Some(&UploadSpec {
            path: &[Segment::Literal("/upload/v1/files")],
            resumable: true,
            accept: &["*/*"],
            max_size: None,
            media_type: None,
        }),
        ..method("files.insert", Verb::Post, FILES)
    };
    List = MethodSpec {
        paging: Some(&PagingSpec {
            token: TokenIn::Query("pageToken"),
            next: "nextPageToken",
        }),
        items: Some(ItemsIn::List("files")),
        ..method("files.list", Verb::Get, FILES)
    };
}

impl discovery_runtime::Upload for Insert {}
impl discovery_runtime::Download for Get {}

/// The lists of these tests have one item per page.
impl Paged for List {
    type Item = Json;

    fn next(response: &Json) -> Option<&str> {
        // A borrowed text, as in generated models: the first page is recognized by its content.
        response.as_str().contains("\"nextPageToken\"").then_some("2")
    }

    fn items(response: Json) -> Vec<Json> {
        response.get("files").map(|files| files.items().collect()).unwrap_or_default()
    }
}

/// A server of the API that counts the requests it executes.
pub(crate) struct Server {
    pub(crate) faults: FaultServer,
    pub(crate) store: ObjectStore,
    executed: Arc<AtomicUsize>,
}

impl Server {
    pub(crate) async fn start() -> std::io::Result<Self> {
        let store = ObjectStore::new();
        let executed = Arc::new(AtomicUsize::new(0));
        let (objects, count) = (store.clone(), Arc::clone(&executed));
        let faults = FaultServer::start(move |incoming| {
            answer(objects.clone(), Arc::clone(&count), incoming)
        })
        .await?;
        Ok(Self { faults, store, executed })
    }

    pub(crate) fn executed(&self) -> usize {
        self.executed.load(Ordering::Relaxed)
    }
}

/// Returns `true` if a request is part of an upload or download.
fn is_media(head: &Head) -> bool {
    head.query("uploadType").is_some() || head.query("alt").as_deref() == Some("media")
}

async fn answer(store: ObjectStore, executed: Arc<AtomicUsize>, mut incoming: Incoming) -> Reply {
    if is_media(incoming.head()) {
        return store.handle(incoming).await;
    }
    let body = incoming.body().await;
    if !incoming.is_complete() {
        return Reply::error(400, "the body is incomplete");
    }
    executed.fetch_add(1, Ordering::Relaxed);
    let head = incoming.head();
    if head.method == "GET" && head.path().ends_with("/files") {
        return match head.query("pageToken").as_deref() {
            None => Reply::json(r#"{"files": ["a", "b"], "nextPageToken": "2"}"#),
            Some(_) => Reply::json(r#"{"files": ["c"]}"#),
        };
    }
    let body = String::from_utf8_lossy(&body).into_owned();
    Reply::json(serde_json::json!({"name": "files/a", "body": body}).to_string())
}
