//! Metadata server.

use crate::support::{TOKEN, host, metadata, now};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use discovery_runtime::BoxFuture;
use discovery_runtime::auth::{
    Adc, AuthContext, AuthErrorKind, Credentials, MetadataServer, TokenProvider,
};
use discovery_runtime::clock::SystemClock;
use discovery_runtime::hyper::HyperTransport;
use discovery_runtime::testing::{FaultServer, Reply};
use discovery_runtime::transport::{Body, ResponseBody, Transport, TransportError};

#[tokio::test]
async fn asks_with_the_flavor_and_the_scopes() {
    let server = metadata(|| Reply::json(TOKEN)).await;
    let provider = MetadataServer::new().with_host(host(&server));
    provider.fetch(&now()).await.unwrap();
    let cx = now().with_scopes(["https://a/b", "c"]);
    let provider = provider.with_account("robot@p.iam.gserviceaccount.com");
    let token = provider.fetch(&cx).await.unwrap();
    assert_eq!(token.secret().expose(), "the-access-token");
    let requests = server.requests();
    let lines: Vec<String> = requests.iter().map(|request| request.line()).collect();
    let base = "GET /computeMetadata/v1/instance/service-accounts";
    assert_eq!(
        lines,
        [
            format!("{base}/default/token"),
            "GET /computeMetadata/v1/universe/universe-domain".to_owned(),
            format!("{base}/robot@p.iam.gserviceaccount.com/token?scopes=c%2Chttps%3A%2F%2Fa%2Fb"),
        ]
    );
    assert_eq!(requests[0].head.header("metadata-flavor"), Some("Google"));
}

#[tokio::test]
async fn metadata_servers_of_other_clouds_are_rejected() {
    let server = FaultServer::replying(Reply::json(TOKEN)).await.unwrap();
    let provider = MetadataServer::new().with_host(host(&server));
    let error = provider.fetch(&now()).await.unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::NotFound);
    assert!(error.to_string().contains("not Google's metadata server"), "{error}");
}

#[tokio::test]
async fn machines_without_an_account_are_reported() {
    let reply = Reply::new(404).with_header("metadata-flavor", "Google");
    let server = FaultServer::replying(reply).await.unwrap();
    let provider = MetadataServer::new().with_host(host(&server));
    let error = provider.fetch(&now()).await.unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::NotFound);
    assert!(error.to_string().contains("attach one"), "{error}");
}

/// Sends requests to the metadata server to another address.
#[derive(Debug)]
struct Elsewhere {
    transport: HyperTransport,
    authority: String,
}

impl Transport for Elsewhere {
    fn send(
        &self,
        mut request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportError>> {
        assert_eq!(request.uri().host(), Some("metadata.google.internal"));
        let path = request.uri().path_and_query().unwrap();
        *request.uri_mut() = format!("http://{}{path}", self.authority).parse().unwrap();
        self.transport.send(request)
    }
}

fn elsewhere(authority: String) -> AuthContext {
    let transport = HyperTransport::builder().with_no_proxy().build().unwrap();
    let clock = Arc::new(SystemClock::new());
    AuthContext::new(clock).with_transport(Arc::new(Elsewhere { transport, authority }))
}

/// A server that fails a number of times before it gives a token.
async fn failing(failures: usize) -> FaultServer {
    let count = AtomicUsize::new(0);
    metadata(move || match count.fetch_add(1, Ordering::Relaxed) {
        earlier if earlier < failures => Reply::new(503),
        _ => Reply::json(TOKEN),
    })
    .await
}

#[tokio::test]
async fn a_server_that_fails_at_first_is_there() {
    for variable in ["K_SERVICE", "CLOUD_RUN_JOB", "FUNCTION_TARGET", "GAE_SERVICE", "OTHER"] {
        let server = failing(1).await;
        let environment = [("HOME", "/nonexistent"), (variable, "x")];
        let adc = Adc::builder().with_environment(environment).build();
        let headers = adc.headers(&elsewhere(host(&server))).await.unwrap();
        assert_eq!(headers.bearer_token().unwrap().expose(), "the-access-token", "{variable}");
        // The last one is for the universe.
        assert_eq!(server.requests().len(), 3, "{variable}");
    }
    // One that keeps failing is no proof that there are no credentials.
    let server = failing(9).await;
    let adc = Adc::builder().with_environment([("HOME", "/nonexistent")]).build();
    let error = adc.headers(&elsewhere(host(&server))).await.unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::Unavailable, "{error}");
}

#[tokio::test]
async fn the_host_may_have_a_scheme() {
    let server = failing(0).await;
    for host in [host(&server), server.url(), server.url().trim_end_matches('/').to_owned()] {
        let environment = [("HOME", "/nonexistent"), ("GCE_METADATA_HOST", host.as_str())];
        let adc = Adc::builder().with_environment(environment).build();
        adc.headers(&now()).await.unwrap();
    }
}

#[tokio::test]
async fn without_a_server_there_are_no_credentials() {
    let firmware = std::fs::read_to_string("/sys/class/dmi/id/product_name").unwrap_or_default();
    if firmware.trim().starts_with("Google") {
        return;
    }
    let adc = Adc::builder().with_environment([("HOME", "/nonexistent")]).build();
    // Nothing listens at port 1. Whatever answers without the flavor is something else.
    let stranger = FaultServer::replying(Reply::json(TOKEN)).await.unwrap();
    for authority in ["127.0.0.1:1".to_owned(), host(&stranger)] {
        let error = adc.headers(&elsewhere(authority)).await.unwrap_err();
        assert_eq!(error.kind(), AuthErrorKind::NotFound);
        assert!(error.to_string().contains("there is no metadata server"), "{error}");
        assert!(error.to_string().contains("gcloud auth application-default login"), "{error}");
    }
}

/// A server whose universe is `answer`.
async fn of_universe(answer: fn() -> Reply) -> FaultServer {
    FaultServer::start(move |request| {
        let universe = request.head().path().ends_with("/universe/universe-domain");
        let reply = if universe { answer() } else { Reply::json(TOKEN) };
        async move { reply.with_header("metadata-flavor", "Google") }
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn the_server_knows_its_universe() {
    fn text(body: &'static str) -> Reply {
        Reply::new(200).with_body("application/text", body)
    }
    let table: [(fn() -> Reply, Result<&str, AuthErrorKind>); 6] = [
        (|| Reply::new(404), Ok("googleapis.com")),
        (|| text(""), Ok("googleapis.com")),
        (|| text("example.cloud\n"), Ok("example.cloud")),
        (|| text("<html>"), Err(AuthErrorKind::Malformed)),
        (|| Reply::new(403), Err(AuthErrorKind::Refused)),
        (|| Reply::new(503), Err(AuthErrorKind::Unavailable)),
    ];
    for (answer, expected) in table {
        let server = of_universe(answer).await;
        let provider = MetadataServer::new().with_host(host(&server));
        assert_eq!(provider.universe_domain(), None);
        let headers = match provider.fetch(&now()).await {
            Ok(token) => token.to_headers().unwrap(),
            Err(error) => {
                assert_eq!(Err(error.kind()), expected, "{error}");
                continue;
            }
        };
        assert_eq!(headers.universe_domain().ok_or(AuthErrorKind::NotFound), expected);
        assert_eq!(provider.universe_domain().as_deref(), headers.universe_domain());
        // It never changes.
        provider.fetch(&now()).await.unwrap();
        assert_eq!(server.requests().len(), 3);
        let client = headers.check_universe("googleapis.com");
        assert_eq!(client.is_ok(), expected == Ok("googleapis.com"));
    }
    let server = of_universe(|| Reply::new(503)).await;
    let provider = MetadataServer::new().with_host(host(&server)).with_universe("example.cloud");
    assert_eq!(provider.universe_domain().as_deref(), Some("example.cloud"));
    provider.fetch(&now()).await.unwrap();
}
