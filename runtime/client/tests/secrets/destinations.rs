//! The same rule applies to the client's credentials and the caller's own secrets: they are sent
//! only to the client's endpoint, and encrypted.

use discovery_runtime::auth::StaticToken;
use discovery_runtime::media::{Protocol, UploadSession};
use discovery_runtime::observe::{AttemptStart, Interceptor};
use discovery_runtime::retry::NoRetry;
use discovery_runtime::testing::{FaultServer, MockTransport, Reply};
use discovery_runtime::{Call, ClientBuilder, Error, ErrorKind, Request};

use crate::common::{self, GET, INSERT, LIST, Store, content_of, insert, noise};

const SECRET: &str = "SECRET-5812";

/// How a secret becomes part of a request.
#[derive(Clone, Copy, Debug)]
enum Place {
    Token,
    ApiKey,
    ClientHeader(&'static str),
    CallHeader(&'static str),
    Query(&'static str),
    Interceptor(&'static str),
}

const PLACES: [Place; 14] = [
    Place::Token,
    Place::ApiKey,
    Place::ClientHeader("authorization"),
    Place::ClientHeader("x-goog-api-key"),
    Place::ClientHeader("Cookie"),
    Place::CallHeader("authorization"),
    Place::CallHeader("X-Goog-Api-Key"),
    Place::CallHeader("proxy-authorization"),
    Place::CallHeader("x-goog-iam-authorization-token"),
    Place::Query("key"),
    Place::Query("access_token"),
    Place::Query("bearerToken"),
    Place::Query("oauth_token"),
    Place::Interceptor("authorization"),
];

struct Adds(&'static str);

impl Interceptor for Adds {
    fn before_attempt(&self, attempt: &mut AttemptStart<'_>) {
        attempt.headers.insert(self.0, SECRET.parse().unwrap());
    }
}

impl Place {
    fn client(self, builder: ClientBuilder<Store>) -> ClientBuilder<Store> {
        match self {
            Self::Token => builder.with_credentials(StaticToken::new(SECRET)),
            Self::ApiKey => builder.with_api_key(SECRET),
            Self::ClientHeader(name) => builder.with_header(name, SECRET),
            Self::Interceptor(name) => builder.with_interceptor(Adds(name)),
            Self::CallHeader(_) | Self::Query(_) => builder,
        }
    }

    fn call(self, call: Call) -> Call {
        match self {
            Self::CallHeader(name) => call.with_header(name, SECRET),
            Self::Query(name) => call.with_query(name, SECRET),
            _ => call,
        }
    }
}

fn answering(mock: &MockTransport) {
    mock.expect_any().reply(Reply::json("{}")).always();
}

fn refused(error: &Error) {
    assert_eq!(error.kind(), ErrorKind::Auth, "{error}");
    let text = error.to_string();
    assert!(text.contains("a token or key must not"), "{text}");
    assert!(!format!("{text}{error:?}").contains(SECRET), "{error:?}");
}

#[tokio::test]
async fn secrets_are_not_sent_unencrypted() {
    for place in PLACES {
        for (endpoint, allowed) in [
            ("http://store.example/", false),
            ("http://10.0.0.1:8080/", false),
            ("http://127.0.0.1:8080/", true),
            ("https://store.example/", true),
        ] {
            let mock = MockTransport::new();
            answering(&mock);
            let builder = place.client(Store::builder_at(endpoint)).with_transport(mock.clone());
            let client = builder.build().unwrap().0;
            let outcome = place.call(Call::new(&client, &LIST)).execute().await;
            assert_eq!(outcome.is_ok(), allowed, "{place:?} {endpoint}");
            outcome.err().iter().for_each(refused);
            let sent = mock.requests();
            assert_eq!(sent.len(), usize::from(allowed), "{place:?} {endpoint}");
            let text = |r| format!("{:?}{:?}", MockHeaders(r), r.uri);
            assert!(sent.iter().all(|r| text(r).contains(SECRET)), "{place:?} was not sent");
        }
        // Emulators in private networks can be allowed.
        let mock = MockTransport::new();
        answering(&mock);
        let builder = place.client(Store::builder_at("http://emulator.example/"));
        let builder = builder.with_transport(mock.clone()).with_plaintext_secrets();
        let client = builder.build().unwrap().0;
        place.call(Call::new(&client, &LIST)).execute().await.unwrap();
    }
}

/// Header values as sent, including sensitive ones.
struct MockHeaders<'a>(&'a discovery_runtime::testing::MockRequest);

impl std::fmt::Debug for MockHeaders<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let values = self.0.headers.values().map(|value| value.to_str().unwrap());
        f.debug_list().entries(values).finish()
    }
}

#[tokio::test]
async fn without_a_secret_any_address_is_allowed() {
    let mock = MockTransport::new();
    answering(&mock);
    let builder = Store::builder_at("http://emulator.example/").with_transport(mock.clone());
    let builder = builder.with_header("x-team", "a").with_header("idempotency-key", "1");
    let client = builder.build().unwrap().0;
    Call::new(&client, &LIST).query("pageToken", &"t").execute().await.unwrap();
    assert_eq!(mock.requests().len(), 1);
}

#[tokio::test]
async fn requests_to_other_hosts_are_rejected() {
    for place in PLACES {
        let mock = MockTransport::new();
        answering(&mock);
        let builder = place.client(Store::builder_at("https://store.googleapis.com/"));
        let client = builder.with_transport(mock.clone()).build().unwrap().0;
        for (url, allowed) in [
            ("https://evil.example/v1", false),
            ("http://store.googleapis.com/v1", false),
            ("https://www.googleapis.com/v1", true),
        ] {
            let options = place.call(Call::new(&client, &LIST)).options().clone();
            let own = match place {
                Place::Query(name) => format!("{url}?{name}={SECRET}"),
                _ => url.to_owned(),
            };
            let request = Request::new(&GET, http::Method::GET, &own).unwrap();
            let outcome = client.execute(request.with_options(options)).await;
            assert_eq!(outcome.is_ok(), allowed, "{place:?} {url}");
            outcome.err().iter().for_each(refused);
        }
        assert_eq!(mock.requests().len(), 1);
    }
}

#[tokio::test]
async fn calls_of_a_batch_follow_the_rule() {
    for place in PLACES {
        let mock = MockTransport::new();
        answering(&mock);
        let builder = place.client(Store::builder_at("http://store.example/"));
        let client = builder.with_transport(mock.clone()).build().unwrap().0;
        let mut batch = discovery_runtime::batch::Batch::new(&client);
        let error = match batch.add(place.call(Call::new(&client, &LIST))) {
            Ok(_) => batch.send().await.unwrap_err(),
            Err(error) => error,
        };
        refused(&error);
        assert_eq!(mock.requests().len(), 0, "{place:?}");
    }
}

/// The session's server receives the content and no secret, whoever set it.
#[tokio::test]
async fn no_secret_follows_an_upload_to_another_host() {
    for place in PLACES {
        let (other_store, other) = common::store().await;
        let other_client = common::client(&other);
        let session = insert(&other_client, "a", noise(10)).start().await.unwrap();
        let location = session.uri().to_owned();
        let api = FaultServer::replying(Reply::new(200).with_header("location", &location));
        let api = api.await.unwrap();
        let client = place.client(common::builder(&api)).build().unwrap().0;
        let call = place.call(Call::new(&client, &INSERT).query("name", &"a"));
        let upload =
            discovery_runtime::media::Upload::<discovery_runtime::json::Json>::new(call, noise(10));
        upload.with_protocol(Protocol::Resumable).await.unwrap();
        let sent = |server: &FaultServer| {
            let requests = server.requests();
            requests
                .iter()
                .map(|r| format!("{:?} {}", r.head.headers, r.line()))
                .collect::<String>()
        };
        let (here, there) = (sent(&api), sent(&other));
        let hidden = here.contains("Sensitive");
        assert!(hidden || here.contains(SECRET), "{place:?} was not sent at all");
        assert!(!there.contains(SECRET), "{place:?}: {there}");
        assert_eq!(content_of(&other_store, "a"), noise(10));
    }
}

#[tokio::test]
async fn unencrypted_sessions_are_rejected() {
    let mock = MockTransport::new();
    let location = "http://store.googleapis.com/upload/v1/files?upload_id=SECRET-5812";
    mock.expect_any().reply(Reply::new(200).with_header("location", location)).always();
    let builder = Store::builder_at("https://store.googleapis.com/").with_transport(mock.clone());
    let client = builder.build().unwrap().0;
    let upload = insert(&client, "a", noise(10)).with_protocol(Protocol::Resumable);
    let error = upload.await.unwrap_err();
    assert!(error.to_string().contains("http://store.googleapis.com"), "{error}");
    assert!(!format!("{error}{error:?}").contains(SECRET), "{error}");
    assert_eq!(mock.requests().len(), 1);
    // A stored session is checked as well.
    let safe = location.replace("http:", "https:");
    let other = MockTransport::new();
    other.expect_any().reply(Reply::new(200).with_header("location", &safe)).always();
    let builder = Store::builder_at("https://store.googleapis.com/").with_transport(other);
    let session = insert(&builder.build().unwrap().0, "a", noise(10)).start().await.unwrap();
    let stored = session.to_json().replace(&safe, location);
    let session = UploadSession::from_json(&stored).unwrap();
    let error = insert(&client, "a", noise(10)).with_session(session).await.unwrap_err();
    assert!(error.to_string().contains("http://store.googleapis.com"), "{error}");
    assert_eq!(mock.requests().len(), 1);
}

/// If only the path identifies a session, no path is shown.
#[tokio::test]
async fn the_path_of_a_session_is_hidden() {
    let api = FaultServer::start(|incoming| async move {
        match incoming.head().method.as_str() {
            "POST" => Reply::new(200).with_header("location", "/sessions/SECRET-5812"),
            _ => Reply::error(403, "session SECRET-5812 at /sessions/SECRET-5812 is not yours"),
        }
    });
    let api = api.await.unwrap();
    let client = common::builder(&api).with_retry(NoRetry).build().unwrap().0;
    let upload = insert(&client, "a", noise(10)).with_protocol(Protocol::Resumable);
    let error = upload.await.unwrap_err();
    assert!(error.to_string().contains("session REDACTED"), "{error}");
    let session = insert(&client, "a", noise(10)).start().await.unwrap();
    let shown = format!("{error}{error:?}{session:?}");
    assert!(!shown.contains(SECRET), "{shown}");
}
