//! Canaries in every source of secrets, every kind of call, and every failure: nothing printed,
//! traced, reported, or recorded may contain one.

use std::error::Error as StdError;
use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use discovery_runtime::auth::Adc;
use discovery_runtime::batch::Batch;
use discovery_runtime::hyper::HyperTransport;
use discovery_runtime::json::Json;
use discovery_runtime::lro::Poller;
use discovery_runtime::media::{Download, Protocol, Upload};
use discovery_runtime::retry::NoRetry;
use discovery_runtime::testing::{Cassette, FaultServer};
use discovery_runtime::{Call, CallOptions, Client, Error, Pages, ServiceClient};

mod failures;
mod find;
mod services;
mod watch;

use self::failures::{FAILURES, Failure, server, token_service};
use self::find::find;
use self::services::{File, Services};
use self::watch::Watch;
use crate::common::{CREATE, GET, INSERT, LIST, Store, noise};
use crate::matrix_api::{Files, List};
use crate::traced::Traced;

/// Part of every canary; letters and digits, which no text encoding changes.
const CORE: &str = "Canary58x12";
/// The canary, with characters that are encoded in queries, forms, and JSON.
const CANARY: &str = "Canary58x12/a+b=c";
const KEY: &str = include_str!("../../data/test-key.pkcs8.pem");

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    ApiKey,
    StaticToken,
    TokenFn,
    User,
    UserRefused,
    ServiceAccountRefused,
    Metadata,
    Impersonated,
    ImpersonatedRefused,
    ClientHeader,
    CallHeader,
    Cookie,
    KeyParam,
    TokenParam,
    Interceptor,
    Proxy,
    Session,
    Http2,
    CredentialFile,
}

const PLACES: [Place; 19] = [
    Place::ApiKey,
    Place::StaticToken,
    Place::TokenFn,
    Place::User,
    Place::UserRefused,
    Place::ServiceAccountRefused,
    Place::Metadata,
    Place::Impersonated,
    Place::ImpersonatedRefused,
    Place::ClientHeader,
    Place::CallHeader,
    Place::Cookie,
    Place::KeyParam,
    Place::TokenParam,
    Place::Interceptor,
    Place::Proxy,
    Place::Session,
    Place::Http2,
    Place::CredentialFile,
];

/// State of a test of one place and one failure.
struct Scene<'a> {
    place: Place,
    failure: Failure,
    server: &'a FaultServer,
    services: &'a Services,
    cassette: Cassette,
    watch: Watch,
    shown: Vec<(String, String)>,
}

impl Scene<'_> {
    fn show(&mut self, what: &str, text: String) {
        self.shown.push((what.to_owned(), text));
    }

    fn debug(&mut self, what: &str, value: &dyn Debug) {
        self.show(what, format!("{value:?}"));
        self.show(what, format!("{value:#?}"));
    }

    fn client<C: ServiceClient>(&mut self) -> C {
        let endpoint = match self.place {
            Place::Proxy => "http://files.example/".to_owned(),
            _ => self.server.url(),
        };
        let mut builder = discovery_runtime::ClientBuilder::<C>::new()
            .with_endpoint(endpoint)
            .with_transport(self.cassette.clone())
            .with_interceptor(self.watch.clone())
            .with_retry(NoRetry);
        if matches!(self.failure, Failure::Silence) {
            // The server never responds, so a short wait suffices.
            let wait = Duration::from_millis(5);
            builder = builder.with_attempt_timeout(wait).with_stall_timeout(wait);
        }
        builder = match (self.place, self.services.credentials(self.place)) {
            (_, Some(credentials)) => builder.with_credentials(credentials),
            (Place::ApiKey, _) => builder.with_api_key(CANARY),
            _ => builder.with_anonymous(),
        };
        if self.place == Place::ClientHeader {
            builder = builder.with_header("authorization", &format!("Bearer {CANARY}"));
        }
        self.debug("builder", &builder);
        builder.build().unwrap()
    }

    fn decorate(&self, call: Call) -> Call {
        match self.place {
            Place::CallHeader => call.with_header("x-goog-api-key", CANARY),
            Place::Cookie => call.with_header("cookie", &format!("a=b; sid={CANARY}")),
            Place::KeyParam => call.global("key", &CANARY),
            Place::TokenParam => call.with_query("access_token", CANARY),
            _ => call,
        }
    }

    fn error(&mut self, error: &Error) {
        self.debug("error", error);
        self.show("error", format!("{error} {error:#}"));
        self.debug("http", &error.http());
        let body = error.http().map(|http| String::from_utf8_lossy(http.body()).into_owned());
        self.show("body", body.unwrap_or_default());
        self.debug("status", &error.status());
        let mut cause: Option<&dyn StdError> = error.source();
        while let Some(error) = cause {
            self.show("cause", format!("{error} {error:#} {error:?}"));
            cause = error.source();
        }
    }

    fn outcome<T>(&mut self, outcome: Result<T, Error>) -> Option<T> {
        outcome.map_err(|error| self.error(&error)).ok()
    }

    /// Runs every kind of call; returns their number.
    async fn calls(&mut self) -> usize {
        let client = self.client::<Store>().0;
        self.debug("client", &client);
        self.debug("credentials", client.credentials());
        self.untyped(&client).await;
        self.media(&client).await;
        self.batch(&client).await;
        self.blocking(&client).await;
        self.operation(&client).await;
        let files = self.client::<Files>().0;
        let mut pages = Pages::<List>::new(self.decorated_list(&files).into());
        self.debug("pages", &pages);
        let page = pages.next_page().await.map(drop);
        self.outcome(page);
        13
    }

    fn decorated_list(&self, client: &Client) -> List {
        let call = List::from(List::call(client));
        match self.place {
            Place::CallHeader => call.with_header("x-goog-api-key", CANARY),
            Place::Cookie => call.with_header("cookie", &format!("a=b; sid={CANARY}")),
            Place::KeyParam => call.key(CANARY),
            Place::TokenParam => call.with_query("access_token", CANARY),
            _ => call,
        }
    }

    async fn untyped(&mut self, client: &Client) {
        let list = self.decorate(Call::new(client, &LIST));
        self.debug("call", &list);
        let request = list.clone().into_request().unwrap();
        self.debug("request", &request);
        self.debug("options", request.options());
        let outcome = list.clone().execute().await;
        if let Some(response) = self.outcome(outcome) {
            self.debug("response", &response);
        }
        let decoded = list.clone().send::<Json>().await.map(drop);
        self.outcome(decoded);
        let typed = list.clone().send::<Vec<i32>>().await.map(drop);
        self.outcome(typed);
        let body = Json::from(serde_json::json!({"title": "t"}));
        let create = self.decorate(Call::new(client, &CREATE)).body(&body).send::<Json>().await;
        self.outcome(create.map(drop));
        let opened = list.open().await;
        if let Some(head) = self.outcome(opened) {
            let body = head.into_body().collect(u64::MAX).await.map_err(|e| format!("{e} {e:?}"));
            self.show("stream", body.err().unwrap_or_default());
        }
    }

    async fn media(&mut self, client: &Client) {
        let get = self.decorate(Call::new(client, &GET).path("name", &"a"));
        let download = Download::new(get);
        self.debug("download", &download);
        let outcome = download.to_bytes(u64::MAX).await;
        self.outcome(outcome.map(drop));
        for protocol in [Protocol::Simple, Protocol::Multipart, Protocol::Resumable] {
            let body = Json::from(serde_json::json!({"title": "t"}));
            let call = self.decorate(Call::new(client, &INSERT).query("name", &"a"));
            // Content alone has no metadata.
            let call = if protocol == Protocol::Simple { call } else { call.body(&body) };
            let upload = Upload::<Json>::new(call, noise(10)).with_protocol(protocol);
            let kept = self.watch.clone();
            let upload = upload.on_session(move |session| {
                kept.0.lock().unwrap().push_str(&format!("{session:?} {session:#?}"));
            });
            self.debug("upload", &upload);
            let outcome = upload.send().await;
            self.outcome(outcome.map(drop));
        }
    }

    /// Runs a blocking call on its own thread.
    async fn blocking(&mut self, client: &Client) {
        let call = self.decorate(Call::new(client, &LIST));
        let work = move || discovery_runtime::blocking::wait(call.execute());
        let outcome = tokio::task::spawn_blocking(work).await.unwrap().and_then(|outcome| outcome);
        if let Some(response) = self.outcome(outcome) {
            self.debug("blocking response", &response);
        }
    }

    /// Waits for an operation.
    async fn operation(&mut self, client: &Client) {
        let call = self.decorate(Call::new(client, &LIST));
        let get = |_| {
            let call = call.clone();
            async move {
                let response = call.send::<Json>().await?;
                Ok(Work { done: Some(true), response: Some(response), ..Work::default() })
            }
        };
        let pause = Duration::from_millis(1);
        let poller = Poller::new(client).with_pauses(pause, pause);
        let begun = Work { name: Some("operations/1".to_owned()), ..Work::default() };
        let outcome = poller.result::<Json, _, _, _, _>(begun, get).await;
        self.outcome(outcome.map(drop));
    }

    async fn batch(&mut self, client: &Client) {
        let mut batch = Batch::new(client);
        let ticket = batch.add(self.decorate(Call::new(client, &LIST))).unwrap();
        self.debug("batch", &batch);
        self.debug("ticket", &ticket);
        let outcome = batch.send().await;
        if let Some(mut answers) = self.outcome(outcome) {
            self.debug("answers", &answers);
            let answer = answers.take_full::<Json>(ticket).map(drop);
            self.outcome(answer);
        }
    }
}

#[derive(Default)]
struct Work {
    name: Option<String>,
    done: Option<bool>,
    error: Option<Json>,
    response: Option<Json>,
    extra: discovery_runtime::json::Extra,
}

discovery_runtime::operation!(Work);

/// Content of invalid credential files is not printed.
#[test]
fn no_canary_of_a_file_is_seen() {
    let path = std::env::temp_dir().join(format!("canary-{}-broken.json", std::process::id()));
    let file = File(path);
    for text in [
        CANARY.to_owned(),
        format!("{{\"type\": \"authorized_user\", \"refresh_token\": \"{CANARY}\""),
        format!("{{\"type\": \"{CANARY}\"}}"),
        format!("{{\"type\": \"external_account\", \"credential_source\": \"{CANARY}\"}}"),
        format!("{{\"type\": \"authorized_user\", \"client_secret\": \"{CANARY}\"}}"),
        format!(
            "{{\"type\": \"service_account\", \"client_email\": \"a\", \"private_key\": \"{CANARY}\"}}"
        ),
        format!("[\"{CANARY}\"]"),
    ] {
        std::fs::write(&file.0, &text).unwrap();
        let error = Adc::from_file(&file.0).map(drop).unwrap_err();
        let shown = format!("{error} {error:#} {error:?} {error:#?}");
        let source = error.source().map(|cause| format!("{cause} {cause:?}")).unwrap_or_default();
        assert_eq!(find(&shown).or(find(&source)), None, "{text}");
    }
}

/// Tests one place with one failure; returns the numbers of calls and of searched texts.
async fn scene(
    place: Place,
    failure: Failure,
    server: &FaultServer,
    services: &Services,
    leaks: &mut Vec<String>,
) -> (usize, usize) {
    let name = format!("canary-{}-{place:?}.json", std::process::id());
    let file = File(std::env::temp_dir().join(name));
    let transport = HyperTransport::builder();
    let transport = match place {
        Place::Proxy => {
            let url = server.url().replace("http://", &format!("http://user:{CORE}@"));
            transport.with_proxy(&url)
        }
        Place::Http2 => transport.with_no_proxy().with_http2_only(),
        _ => transport.with_no_proxy(),
    };
    let debug = format!("{transport:?}");
    let transport = transport.build().unwrap();
    let shown = vec![("transport".to_owned(), debug + &format!("{transport:?}"))];
    let cassette = Cassette::record(&file.0, transport);
    let watch = Watch(Arc::default(), place == Place::Interceptor);
    let mut scene = Scene { place, failure, server, services, cassette, watch, shown };
    let calls = scene.calls().await;
    scene.cassette.save().unwrap();
    let recorded = std::fs::read_to_string(&file.0).unwrap();
    scene.show("cassette", recorded);
    let reports = scene.watch.0.lock().unwrap().clone();
    assert!(reports.contains("AttemptReport"), "nothing was reported");
    scene.show("reports", reports);
    for (what, text) in &scene.shown {
        if let Some(leak) = find(text) {
            leaks.push(format!("{place:?}, {failure:?}, {what}: {leak}"));
        }
    }
    (calls, scene.shown.len())
}

#[tokio::test]
async fn no_canary_is_seen() {
    let services =
        Services { giving: token_service(false).await, refusing: token_service(true).await };
    let traced = Traced::default();
    let guard = traced.listen();
    let (mut calls, mut outputs, mut leaks) = (0, 0, Vec::new());
    let mut received = String::new();
    for failure in FAILURES {
        let server = server(failure).await;
        for place in PLACES {
            let more = scene(place, failure, &server, &services, &mut leaks).await;
            (calls, outputs) = (calls + more.0, outputs + more.1);
        }
        for request in server.take_requests() {
            received.push_str(&format!("{} ", request.line()));
            let values = request.head.headers.values();
            values.for_each(|v| received.push_str(&String::from_utf8_lossy(v.as_bytes())));
        }
    }
    drop(guard);
    let trace = traced.text();
    assert!(trace.contains("span attempt"), "nothing was traced");
    if let Some(leak) = find(&trace) {
        leaks.push(format!("trace: {leak}"));
    }
    assert!(find(&received).is_some(), "no canary was sent at all");
    println!(
        "{} places x {} failures, {calls} calls: {} texts searched",
        PLACES.len(),
        FAILURES.len(),
        outputs + 1
    );
    assert!(
        leaks.is_empty(),
        "{} leaks:\n{}",
        leaks.len(),
        leaks[..leaks.len().min(20)].join("\n")
    );
}
