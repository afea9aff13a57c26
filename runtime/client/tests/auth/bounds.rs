//! Time, tasks and runtimes, with real connections.

use crate::support::{TOKEN, context, deadline, now, server};
use discovery_runtime::auth::{
    Adc, AuthContext, AuthErrorKind, AuthorizedUser, Cached, Credentials,
};
use discovery_runtime::clock::{Clock, ManualClock};
use discovery_runtime::testing::{Fault, FaultServer, Reply};
use std::sync::Arc;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

fn cached(server: &FaultServer) -> Cached<AuthorizedUser> {
    Cached::new(AuthorizedUser::new("client", None, "refresh").with_token_url(server.url()))
}

async fn token(credentials: &impl Credentials, cx: &AuthContext) -> String {
    let headers = credentials.headers(cx).await.unwrap();
    headers.bearer_token().unwrap().expose().to_owned()
}

/// Returns when the service has seen a request.
async fn arrived(server: &FaultServer) {
    while server.requests().is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_hung_token_service_ends_at_the_deadline() {
    let server = server(TOKEN).await;
    server.inject(Fault::StallAlways);
    let clock = ManualClock::new();
    let cx = deadline(&clock, 2 * SECOND);
    let credentials = Arc::new(cached(&server));
    let call = tokio::spawn({
        let credentials = Arc::clone(&credentials);
        async move { credentials.headers(&cx).await }
    });
    arrived(&server).await;
    clock.wait_for_sleepers(2).await; // The cache's bound and the attempt's.
    clock.advance(2 * SECOND);
    let error = call.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::Timeout);
    assert!(error.to_string().contains("deadline"), "{error}");
    assert_eq!(clock.now(), 2 * SECOND);
    // Nothing is left over: the next call gets its token.
    assert_eq!(token(&*credentials, &deadline(&clock, 2 * SECOND)).await, "the-access-token");
}

#[tokio::test]
async fn an_attempt_that_hangs_is_given_up_for_another() {
    let server = server(TOKEN).await;
    server.inject(Fault::StallAlways);
    let clock = ManualClock::new();
    let (credentials, cx) = (cached(&server), context(clock.clone()));
    let call = tokio::spawn(async move { token(&credentials, &cx).await });
    arrived(&server).await;
    clock.wait_for_sleepers(1).await;
    clock.advance(15 * SECOND);
    clock.wait_for_sleepers(1).await;
    clock.advance(SECOND);
    assert_eq!(call.await.unwrap(), "the-access-token");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_tasks_make_one_token_request() {
    let server = FaultServer::start(|_| async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Reply::json(TOKEN)
    })
    .await
    .unwrap();
    let (credentials, clock) = (Arc::new(cached(&server)), ManualClock::new());
    let cx = context(clock.clone());
    token(&*credentials, &cx).await;
    clock.advance(2 * 3600 * SECOND);
    let tasks: Vec<_> = (0..1000)
        .map(|_| {
            let (credentials, cx) = (Arc::clone(&credentials), cx.clone());
            tokio::spawn(async move { token(&*credentials, &cx).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), "the-access-token");
    }
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_leader_costs_one_more_request() {
    let server = server(TOKEN).await;
    server.inject(Fault::StallAlways);
    let (credentials, cx) = (Arc::new(cached(&server)), now());
    let spawn = || {
        let (credentials, cx) = (Arc::clone(&credentials), cx.clone());
        tokio::spawn(async move { token(&*credentials, &cx).await })
    };
    let leader = spawn();
    arrived(&server).await;
    let others: Vec<_> = (0..100).map(|_| spawn()).collect();
    leader.abort();
    for other in others {
        assert_eq!(other.await.unwrap(), "the-access-token");
    }
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn made_outside_a_runtime_and_used_in_two() {
    let host = tokio::runtime::Runtime::new().unwrap();
    let server = host.block_on(FaultServer::start(|_| async {
        // Each answer is old at once, so that each runtime needs the service.
        Reply::json(r#"{"access_token": "short", "expires_in": 0}"#)
    }));
    let server = server.unwrap();
    let file = format!(
        r#"{{"type": "authorized_user", "client_id": "c", "client_secret": "s",
             "refresh_token": "r", "token_uri": "{}"}}"#,
        server.url()
    );
    let adc = Arc::new(Adc::from_json(&file).unwrap());
    // One transport too, whose pool keeps a connection of the first runtime.
    let cx = now();
    for round in 1..=2 {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (adc, cx) = (Arc::clone(&adc), cx.clone());
        let task = runtime.spawn(async move { token(&*adc, &cx).await });
        assert_eq!(host.block_on(task).unwrap(), "short");
        drop(runtime);
        assert_eq!(server.requests().len(), round);
    }
    drop(host);
}
