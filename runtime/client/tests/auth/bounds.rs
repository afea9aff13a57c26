//! Time limits of attempts, with real connections.

use crate::support::{TOKEN, context, server};
use discovery_runtime::auth::{AuthContext, AuthorizedUser, Cached, Credentials};
use discovery_runtime::clock::ManualClock;
use discovery_runtime::testing::{Fault, FaultServer};
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

fn cached(server: &FaultServer) -> Cached<AuthorizedUser> {
    Cached::new(AuthorizedUser::new("client", None, "refresh").with_token_url(server.url()))
}

async fn token(credentials: &impl Credentials, cx: &AuthContext) -> String {
    let headers = credentials.headers(cx).await.unwrap();
    headers.bearer_token().unwrap().expose().to_owned()
}

/// Waits until the service has received a request.
async fn arrived(server: &FaultServer) {
    while server.requests().is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_hanging_attempt_is_retried() {
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
