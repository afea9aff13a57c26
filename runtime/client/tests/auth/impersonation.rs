//! Impersonation of a service account.

use crate::support::context;
use discovery_runtime::auth::{
    AuthErrorKind, Credentials, Impersonated, StaticToken, Token, TokenFn, TokenProvider,
};
use discovery_runtime::clock::ManualClock;
use discovery_runtime::testing::{FaultServer, Reply};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const EMAIL: &str = "robot@project.iam.gserviceaccount.com";

/// A server of the method, for a source whose token is `good`.
async fn service(expiry: &'static str) -> FaultServer {
    FaultServer::start(move |request| async move {
        if request.head().header("authorization") != Some("Bearer good") {
            return Reply::error(401, "bad token");
        }
        Reply::json(json!({ "accessToken": "robot-token", "expireTime": expiry }).to_string())
    })
    .await
    .unwrap()
}

fn url(server: &FaultServer) -> String {
    let base = server.url();
    format!(
        "{}/v1/projects/-/serviceAccounts/{EMAIL}:generateAccessToken",
        base.trim_end_matches('/')
    )
}

#[tokio::test]
async fn the_request_names_scopes_lifetime_and_delegates() {
    let server = service("2030-01-01T00:10:00.5Z").await;
    let robot = Impersonated::new(StaticToken::new("good"), EMAIL)
        .with_url(url(&server))
        .with_delegates(["a@b.c", "projects/-/serviceAccounts/d@e.f"])
        .with_lifetime(Duration::from_secs(1200));
    let cx = context(ManualClock::new()).with_scopes(["scope-a"]);
    let token = robot.fetch(&cx).await.unwrap();
    assert_eq!(token.secret().expose(), "robot-token");
    // Expiry of the response: ten minutes after the clock's start.
    assert_eq!(token.lifetime(), Some(Duration::from_secs(600)));
    let expected = json!({
        "scope": ["scope-a"],
        "lifetime": "1200s",
        "delegates": ["projects/-/serviceAccounts/a@b.c", "projects/-/serviceAccounts/d@e.f"],
    });
    assert_eq!(server.requests()[0].json().unwrap(), expected);
}

#[tokio::test]
async fn an_expiry_never_prolongs_a_token() {
    for (expiry, seconds) in
        [("2035-01-01T00:00:00Z", 3600), ("2029-01-01T00:00:00Z", 3600), ("?", 3600)]
    {
        let server = service(expiry).await;
        let robot = Impersonated::new(StaticToken::new("good"), EMAIL).with_url(url(&server));
        let token = robot.fetch(&context(ManualClock::new())).await.unwrap();
        assert_eq!(token.lifetime(), Some(Duration::from_secs(seconds)), "{expiry}");
    }
}

#[tokio::test]
async fn rejected_source_tokens_are_retried_once() {
    let server = service("2030-01-01T01:00:00Z").await;
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let source = TokenFn::new(move |cx| {
        assert_eq!(cx.scopes(), ["https://www.googleapis.com/auth/cloud-platform"]);
        let first = counter.fetch_add(1, Ordering::SeqCst) == 0;
        async move { Ok(Token::new(if first { "stale" } else { "good" })) }
    });
    let robot = Impersonated::new(source, EMAIL).with_url(url(&server)).cached();
    let cx = context(ManualClock::new()).with_scopes(["scope-a"]);
    let headers = robot.headers(&cx).await.unwrap();
    assert_eq!(headers.bearer_token().unwrap().expose(), "robot-token");
    assert_eq!((asked.load(Ordering::SeqCst), server.requests().len()), (2, 2));
}

#[tokio::test]
async fn rejections_include_the_reason() {
    let server = service("").await;
    let robot = Impersonated::new(StaticToken::new("bad"), EMAIL).with_url(url(&server));
    let error = robot.fetch(&context(ManualClock::new())).await.unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::Refused);
    let message = error.to_string();
    assert!(message.contains("401") && message.contains("bad token"), "{message}");
    assert!(message.contains("while impersonating a service account"), "{message}");
}

#[tokio::test]
async fn the_sources_token_is_not_sent_unencrypted() {
    let robot =
        Impersonated::new(StaticToken::new("good"), EMAIL).with_url("http://example.com/v1");
    let error = robot.fetch(&context(ManualClock::new())).await.unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::Insecure);
}
