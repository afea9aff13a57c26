//! Credentials of calls.

use discovery_runtime::CallOptions;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use discovery_runtime::auth::{
    AuthContext, AuthError, AuthErrorKind, AuthHeaders, Credentials, StaticToken, Token, TokenFn,
};
use discovery_runtime::clock::ManualClock;
use discovery_runtime::error::Phase;
use discovery_runtime::{BoxFuture, ErrorKind};

use crate::api::Thing;
use crate::script::{Script, Step};

/// Returns `token-1`, `token-2`, …, a new one after each rejection.
fn numbered() -> (TokenFn, Arc<AtomicU32>) {
    let count = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&count);
    let tokens = TokenFn::new(move |_| {
        let number = counter.fetch_add(1, Ordering::SeqCst) + 1;
        async move { Ok(Token::new(format!("token-{number}"))) }
    });
    (tokens, count)
}

fn authorizations(script: &Script) -> Vec<String> {
    let of = |sent: crate::script::Sent| {
        let value = sent.headers.get("authorization");
        value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
    };
    script.sent().into_iter().map(of).collect()
}

#[tokio::test]
async fn rejected_tokens_are_replaced_once_for_any_method() {
    let script = Script::new([Step::status(401, ""), Step::ok("{}")]);
    let clock = ManualClock::jumping();
    let client = script.client(&clock).with_credentials(numbered().0).build().unwrap();
    client.create("p", &Thing::default()).send().await.unwrap();
    assert_eq!(authorizations(&script), ["Bearer token-1", "Bearer token-2"]);
    assert!(clock.slept().is_empty());

    let script = Script::new([Step::status(401, ""), Step::status(401, "")]);
    let client = script.client(&clock).with_credentials(numbered().0).build().unwrap();
    let error = client.get("p").send().await.unwrap_err();
    assert_eq!((error.http_status().unwrap().as_u16(), error.attempts()), (401, 2));
    assert!(error.is_denied() && !error.maybe_sent());
}

#[tokio::test]
async fn a_token_that_cannot_change_is_tried_once() {
    let script = Script::new([Step::status(401, "")]);
    let builder = script.client(&ManualClock::jumping());
    let client = builder.with_credentials(StaticToken::new("fixed")).build().unwrap();
    assert_eq!(client.get("p").send().await.unwrap_err().attempts(), 1);
}

#[tokio::test]
async fn api_keys_are_sent_in_a_header() {
    let script = Script::new([Step::ok("{}")]);
    let builder = script.client(&ManualClock::jumping());
    builder.with_api_key("k-1").build().unwrap().get("p").send().await.unwrap();
    let sent = &script.sent()[0];
    assert_eq!(sent.headers["x-goog-api-key"], "k-1");
    assert!(!sent.line.contains("k-1"));
}

#[tokio::test]
async fn secrets_are_not_sent_unencrypted() {
    for (endpoint, allowed) in [
        ("http://things.example/", false),
        ("http://10.0.0.1:8080/", false),
        ("http://127.0.0.1:8080/", true),
        ("https://things.example/", true),
    ] {
        let script = Script::new([Step::ok("{}")]);
        let builder = script.client(&ManualClock::jumping()).with_endpoint(endpoint);
        let client = builder.with_credentials(StaticToken::new("t")).build().unwrap();
        let outcome = client.get("p").send().await;
        assert_eq!(outcome.is_ok(), allowed, "{endpoint}");
        if let Err(error) = outcome {
            assert_eq!((error.kind(), script.count()), (ErrorKind::Auth, 0));
        }
        // Without secrets, any address is allowed.
        let script = Script::new([Step::ok("{}")]);
        let builder = script.client(&ManualClock::jumping()).with_endpoint(endpoint);
        builder.build().unwrap().get("p").send().await.unwrap();
    }
}

/// Records the requested scopes.
#[derive(Debug, Default, Clone)]
struct Asked(Arc<std::sync::Mutex<Vec<Vec<String>>>>);

impl Credentials for Asked {
    fn headers<'a>(&'a self, cx: &'a AuthContext) -> BoxFuture<'a, Result<AuthHeaders, AuthError>> {
        self.0.lock().unwrap().push(cx.scopes().to_vec());
        Box::pin(async { Ok(AuthHeaders::none()) })
    }
}

#[tokio::test]
async fn scopes_are_the_callers_or_the_clients_or_the_default() {
    let asked = Asked::default();
    let script = Script::new(vec![Step::ok("{}"); 3]);
    let clock = ManualClock::jumping();
    let client = script.client(&clock).with_credentials(asked.clone()).build().unwrap();
    client.get("p").send().await.unwrap();
    client.get("p").with_scopes(["one", "two"]).send().await.unwrap();
    let builder = script.client(&clock).with_credentials(asked.clone());
    builder.with_scopes(["wide"]).build().unwrap().get("p").send().await.unwrap();
    let asked = asked.0.lock().unwrap().clone();
    assert_eq!(
        asked,
        [vec!["https://www.googleapis.com/auth/things"], vec!["one", "two"], vec!["wide"]]
    );
}

/// Credentials that never complete.
#[derive(Debug)]
struct Hung;

impl Credentials for Hung {
    fn headers<'a>(&'a self, _: &'a AuthContext) -> BoxFuture<'a, Result<AuthHeaders, AuthError>> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn hung_credentials_end_at_the_deadline() {
    let clock = ManualClock::new();
    let script = Script::new([]);
    let client = script.client(&clock).with_credentials(Hung).build().unwrap();
    let call = client.get("p").with_timeout(Duration::from_secs(2)).send();
    let call = tokio::spawn(call);
    clock.wait_for_sleepers(1).await;
    clock.advance(Duration::from_secs(2));
    let error = call.await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::Credentials));
    assert_eq!(error.elapsed(), Duration::from_secs(2));
    assert!(!error.maybe_sent());
    assert_eq!(
        error.to_string(),
        "things.get: the call's deadline of 2s passed; `with_timeout` sets it (while getting credentials)"
    );
}

#[tokio::test]
async fn temporary_token_failures_are_retried() {
    let failures = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&failures);
    let flaky = TokenFn::new(move |_| {
        let first = counter.fetch_add(1, Ordering::SeqCst) == 0;
        async move {
            if first {
                Err(AuthError::new(AuthErrorKind::Unavailable, "down"))
            } else {
                Ok(Token::new("t"))
            }
        }
    });
    let script = Script::new([Step::ok("{}")]);
    let clock = ManualClock::jumping();
    let client = script.client(&clock).with_credentials(flaky).build().unwrap();
    client.create("p", &Thing::default()).send().await.unwrap();
    assert_eq!(script.count(), 1);

    let refused =
        TokenFn::new(|_| async { Err(AuthError::new(AuthErrorKind::Refused, "revoked")) });
    let client = script.client(&clock).with_credentials(refused).build().unwrap();
    let error = client.get("p").send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Auth, 1));
    assert_eq!(error.to_string(), "things.get: revoked");
    assert_eq!(script.count(), 1);
}

#[tokio::test]
async fn credentials_of_another_universe_are_not_sent() {
    let token = || Token::new("t").with_universe("other.cloud");
    let tokens = TokenFn::new(move |_| async move { Ok(token()) });
    let script = Script::new([Step::ok("{}")]);
    let clock = ManualClock::jumping();
    let client = script.client(&clock).with_credentials(tokens.clone()).build().unwrap();
    let error = client.get("p").send().await.unwrap_err();
    assert_eq!((error.kind(), script.count()), (ErrorKind::Auth, 0));
    let builder = script.client(&clock).with_credentials(tokens);
    let client = builder.with_universe_domain("other.cloud").build().unwrap();
    client.get("p").send().await.unwrap();
}

#[tokio::test]
async fn default_credentials_are_not_located_if_the_call_has_its_own() {
    let script = Script::new(vec![Step::ok("{}"); 2]);
    // Without `with_anonymous`, the default credentials would search this machine.
    let builder = crate::api::Client::builder().with_transport(script.clone());
    let client = builder.build().unwrap();
    client.get("p").key("k").send().await.unwrap();
    client.get("p").with_header("authorization", "Bearer own").send().await.unwrap();
    assert_eq!(authorizations(&script), ["", "Bearer own"]);
}
