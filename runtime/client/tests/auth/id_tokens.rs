//! ID tokens.

use crate::support::{context, form, host, percent_decoded};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use discovery_runtime::auth::{
    Adc, AuthErrorKind, Credentials, IdTokenSource, IdTokens, Impersonated, MetadataServer,
    ServiceAccount, StaticToken,
};
use discovery_runtime::clock::ManualClock;
use discovery_runtime::testing::{FaultServer, Reply};
use serde_json::{Value, json};
use std::time::Duration;

const KEY: &str = include_str!("../data/test-key.pkcs8.pem");
const EMAIL: &str = "robot@project.iam.gserviceaccount.com";
const AUDIENCE: &str = "https://service-abc123-uc.a.run.app/?a&b";
/// Start of the manual clock's calendar.
const START: u64 = 1_893_456_000;

fn jwt(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.c2lnbmF0dXJl", part(&json!({ "alg": "RS256" })), part(claims))
}

fn id_token(expiry: u64) -> String {
    jwt(&json!({ "aud": AUDIENCE, "iat": START, "exp": expiry, "email": EMAIL }))
}

/// A stand-in for the token service, the metadata server, and the service of impersonation. Each
/// token lives for an hour.
async fn services(clock: &ManualClock) -> FaultServer {
    let clock = clock.clone();
    FaultServer::start(move |request| {
        use discovery_runtime::clock::Clock as _;
        let token = id_token(clock.unix().as_secs() + 3600);
        let path = request.head().path().to_owned();
        async move {
            if path.ends_with("/identity") {
                let reply = Reply::new(200).with_body("text/html", token);
                return reply.with_header("metadata-flavor", "Google");
            }
            let name = if path.ends_with(":generateIdToken") { "token" } else { "id_token" };
            Reply::json(json!({ name: token }).to_string())
        }
    })
    .await
    .unwrap()
}

fn key(server: &FaultServer) -> ServiceAccount {
    ServiceAccount::new(EMAIL, KEY).unwrap().with_token_url(server.url())
}

fn impersonated(server: &FaultServer) -> Impersonated {
    let url = format!("{}v1/projects/-/serviceAccounts/{EMAIL}:generateAccessToken", server.url());
    Impersonated::new(StaticToken::new("source"), EMAIL).with_url(url).with_delegates(["a@b.c"])
}

async fn bearer(source: impl IdTokenSource + 'static, clock: &ManualClock) -> String {
    let headers = IdTokens::new(source, AUDIENCE).headers(&context(clock.clone())).await.unwrap();
    headers.bearer_token().unwrap().expose().to_owned()
}

#[tokio::test]
async fn a_key_is_exchanged_for_an_id_token() {
    let clock = ManualClock::new();
    let server = services(&clock).await;
    assert_eq!(bearer(key(&server), &clock).await, id_token(START + 3600));
    let fields = form(&server.requests()[0]);
    assert_eq!(fields["grant_type"], "urn:ietf:params:oauth:grant-type:jwt-bearer");
    let claims = fields["assertion"].split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    let issued = START - 10;
    let expected = json!({
        "iss": EMAIL, "aud": server.url(), "target_audience": AUDIENCE,
        "iat": issued, "exp": issued + 3600,
    });
    assert_eq!(claims, expected);
}

#[tokio::test]
async fn the_metadata_server_has_id_tokens() {
    let clock = ManualClock::new();
    let server = services(&clock).await;
    let source = MetadataServer::new().with_host(host(&server)).with_account(EMAIL);
    assert_eq!(bearer(source, &clock).await, id_token(START + 3600));
    let line = percent_decoded(&server.requests()[0].line());
    let path = format!("/computeMetadata/v1/instance/service-accounts/{EMAIL}/identity");
    assert_eq!(line, format!("GET {path}?audience={AUDIENCE}&format=full"));
}

#[tokio::test]
async fn impersonation_generates_id_tokens() {
    let clock = ManualClock::new();
    let server = services(&clock).await;
    assert_eq!(bearer(impersonated(&server), &clock).await, id_token(START + 3600));
    let request = &server.requests()[0];
    let path = format!("/v1/projects/-/serviceAccounts/{EMAIL}:generateIdToken");
    assert_eq!(request.line(), format!("POST {path}"));
    assert_eq!(request.head.header("authorization"), Some("Bearer source"));
    let expected = json!({
        "audience": AUDIENCE, "includeEmail": true,
        "delegates": ["projects/-/serviceAccounts/a@b.c"],
    });
    assert_eq!(request.json().unwrap(), expected);
}

#[tokio::test]
async fn default_credentials_have_id_tokens_unless_they_are_of_a_user() {
    let clock = ManualClock::new();
    let server = services(&clock).await;
    let file = json!({
        "type": "service_account", "client_email": EMAIL, "private_key": KEY,
        "token_uri": server.url(),
    });
    let adc = Adc::from_json(&file.to_string()).unwrap();
    assert_eq!(bearer(adc, &clock).await, id_token(START + 3600));
    let user = json!({ "type": "authorized_user", "client_id": "c", "refresh_token": "r" });
    let adc = Adc::from_json(&user.to_string()).unwrap();
    let error = IdTokens::new(adc, AUDIENCE).headers(&context(clock)).await.unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::Invalid);
    assert!(error.to_string().contains("impersonate"), "{error}");
}

#[tokio::test]
async fn id_tokens_are_cached_until_they_expire() {
    let clock = ManualClock::new();
    let server = services(&clock).await;
    let tokens = IdTokens::new(key(&server), AUDIENCE);
    let cx = context(clock.clone());
    let first = tokens.headers(&cx).await.unwrap();
    // Scopes mean nothing to an ID token.
    tokens.headers(&cx.clone().with_scopes(["scope-a"])).await.unwrap();
    clock.advance(Duration::from_secs(3000));
    tokens.headers(&cx).await.unwrap();
    assert_eq!(server.requests().len(), 1);
    clock.advance(Duration::from_secs(595));
    let second = tokens.headers(&cx).await.unwrap();
    assert_eq!(server.requests().len(), 2);
    assert_ne!(first.bearer_token().unwrap().expose(), second.bearer_token().unwrap().expose());
    assert!(tokens.invalidate(&second));
    tokens.headers(&cx).await.unwrap();
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn unusable_id_tokens_are_refused() {
    let other = jwt(&json!({ "aud": "https://other", "exp": START + 60 }));
    let eternal = jwt(&json!({ "aud": AUDIENCE }));
    for (token, words) in [
        (other, "another audience"),
        (eternal, "no expiry"),
        (id_token(START - 1), "expired already"),
        ("secret.!.x".to_owned(), "not a JSON Web Token"),
        ("secret-text".to_owned(), "not a JSON Web Token"),
    ] {
        let body = json!({ "id_token": token }).to_string();
        let server = FaultServer::replying(Reply::json(body)).await.unwrap();
        let cx = context(ManualClock::new());
        let error = IdTokens::new(key(&server), AUDIENCE).headers(&cx).await.unwrap_err();
        assert_eq!(error.kind(), AuthErrorKind::Malformed, "{error}");
        assert!(error.to_string().contains(words), "{error}");
        assert!(!format!("{error} {error:?}").contains(&token));
    }
}

#[tokio::test]
async fn refusals_are_explained() {
    let clock = ManualClock::new();
    let refusing = FaultServer::replying(Reply::error(403, "no")).await.unwrap();
    let audience = "https://other";
    let with_subject = key(&refusing).with_subject("boss@example.com");
    let odd = Impersonated::new(StaticToken::new("source"), EMAIL).with_url(refusing.url());
    let sources: [(Box<dyn IdTokenSource>, AuthErrorKind); 4] = [
        (Box::new(key(&refusing)), AuthErrorKind::Refused),
        (Box::new(impersonated(&refusing)), AuthErrorKind::Refused),
        (Box::new(with_subject), AuthErrorKind::Invalid),
        (Box::new(odd), AuthErrorKind::Invalid),
    ];
    for (source, kind) in sources {
        let error = source.fetch_id_token(&context(clock.clone()), audience).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
}

/// Records URLs, and answers with an ID token.
#[derive(Debug, Default)]
struct Recording(std::sync::Mutex<Vec<String>>);

impl discovery_runtime::transport::Transport for Recording {
    fn send(
        &self,
        request: http::Request<discovery_runtime::transport::Body>,
    ) -> discovery_runtime::BoxFuture<
        '_,
        Result<
            http::Response<discovery_runtime::transport::ResponseBody>,
            discovery_runtime::transport::TransportError,
        >,
    > {
        let authorization = request.headers().get("authorization").unwrap().to_str().unwrap();
        let line = format!("{} {authorization}", request.uri());
        self.0.lock().unwrap().push(line);
        let body = json!({ "token": id_token(START + 3600) }).to_string();
        let body = discovery_runtime::transport::ResponseBody::full(body);
        Box::pin(std::future::ready(Ok(http::Response::new(body))))
    }
}

#[tokio::test]
async fn accounts_of_other_universes_impersonate_themselves() {
    let account = ServiceAccount::new(EMAIL, KEY).unwrap().with_universe("example.cloud");
    let transport = std::sync::Arc::new(Recording::default());
    let clock = std::sync::Arc::new(ManualClock::new());
    let cx =
        discovery_runtime::auth::AuthContext::new(clock)
            .with_transport(std::sync::Arc::<Recording>::clone(&transport));
    IdTokens::new(account, AUDIENCE).headers(&cx).await.unwrap();
    let sent = transport.0.lock().unwrap().clone();
    let url = format!(
        "https://iamcredentials.example.cloud/v1/projects/-/serviceAccounts/{EMAIL}:generateIdToken"
    );
    // Authorized by a token that the account signed.
    assert_eq!(sent.len(), 1);
    let (sent_url, authorization) = sent[0].split_once(' ').unwrap();
    assert_eq!((sent_url, authorization.matches('.').count()), (url.as_str(), 2));
}
