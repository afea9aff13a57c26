//! Adapter of Google's crate.

use crate::support::{TOKEN, deadline, now, server};
use discovery_runtime::auth::{AuthContext, AuthErrorKind, Credentials, GoogleCloudAuth};
use discovery_runtime::clock::{Clock, ManualClock};
use discovery_runtime::testing::{Fault, FaultServer, Reply};
use google_cloud_auth::credentials::user_account;
use std::sync::Arc;
use std::time::Duration;

fn adapter(server: &FaultServer) -> GoogleCloudAuth {
    let url = server.url();
    GoogleCloudAuth::new(move |scopes| {
        let user = serde_json::json!({
            "type": "authorized_user", "client_id": "c", "client_secret": "s3cr3t",
            "refresh_token": "s3cr3t", "quota_project_id": "quota",
        });
        let builder = user_account::Builder::new(user).with_token_uri(&url).with_scopes(scopes);
        Ok(builder.build()?)
    })
}

async fn token(credentials: &GoogleCloudAuth, cx: &AuthContext) -> String {
    let headers = credentials.headers(cx).await.unwrap();
    headers.bearer_token().unwrap().expose().to_owned()
}

#[tokio::test]
async fn headers_are_built_once_per_set_of_scopes() {
    let server = server(TOKEN).await;
    let credentials = adapter(&server);
    for scope in ["a", "a", "b"] {
        let cx = now().with_scopes([scope]);
        let headers = credentials.headers(&cx).await.unwrap();
        assert!(headers.is_secret());
        let mut map = http::HeaderMap::new();
        headers.apply(&mut map);
        assert_eq!(map["authorization"], "Bearer the-access-token");
        assert!(map["authorization"].is_sensitive());
        assert_eq!(map["x-goog-user-project"], "quota");
        assert!(!format!("{credentials:?} {headers:?} {map:?}").contains("the-access-token"));
    }
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_hung_token_service_ends_at_the_deadline() {
    let server = server(TOKEN).await;
    server.inject(Fault::StallAlways);
    let clock = ManualClock::new();
    let cx = deadline(&clock, Duration::from_secs(2));
    let credentials = adapter(&server);
    let call = tokio::spawn(async move { credentials.headers(&cx).await });
    clock.wait_for_sleepers(1).await;
    clock.advance(Duration::from_secs(2));
    assert_eq!(call.await.unwrap().unwrap_err().kind(), AuthErrorKind::Timeout);
    assert_eq!(clock.now(), Duration::from_secs(2));
}

#[tokio::test]
async fn rejected_tokens_and_permanent_failures_are_replaced() {
    let server = server(TOKEN).await;
    let credentials = adapter(&server);
    let refused = credentials.headers(&now()).await.unwrap();
    assert!(credentials.invalidate(&refused));
    server.inject(Fault::Status(400));
    let error = credentials.headers(&now()).await.unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::Refused);
    assert!(!format!("{error} {error:?}").contains("s3cr3t"));
    assert_eq!(token(&credentials, &now()).await, "the-access-token");
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn made_outside_a_runtime_and_used_in_two() {
    let host = tokio::runtime::Runtime::new().unwrap();
    let server = host.block_on(FaultServer::replying(Reply::json(TOKEN))).unwrap();
    let credentials = Arc::new(adapter(&server));
    for round in 1..=2 {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (credentials, cx) = (Arc::clone(&credentials), now());
        let task = runtime.spawn(async move { token(&credentials, &cx).await });
        assert_eq!(host.block_on(task).unwrap(), "the-access-token");
        drop(runtime);
        assert_eq!(server.requests().len(), round);
    }
}

#[test]
fn without_a_runtime_it_is_an_error() {
    let credentials = GoogleCloudAuth::application_default();
    let cx = now();
    let mut work = credentials.headers(&cx);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(result) = work.as_mut().poll(&mut context) else {
        panic!("nothing to wait for");
    };
    assert_eq!(result.unwrap_err().kind(), AuthErrorKind::Invalid);
}
