//! If a token endpoint never responds, the call ends at its deadline with an error that names the
//! cause.

use discovery_runtime::CallOptions;
use std::time::{Duration, Instant};

use discovery_runtime::ErrorKind;
use discovery_runtime::auth::{AuthErrorKind, Credentials};
use discovery_runtime::clock::{Clock, ManualClock};
use discovery_runtime::error::Phase;
use discovery_runtime::testing::{Fault, FaultServer, Reply};

use crate::support::{TOKEN, deadline, server};
use crate::{arrived, jobs, user};

const DEADLINE: Duration = Duration::from_secs(2);

#[tokio::test]
async fn the_call_ends_at_its_deadline() {
    let (tokens, api) = (server(TOKEN).await, server("{}").await);
    tokens.always(|_| true, Fault::StallAlways);
    let clock = ManualClock::new();
    let builder = jobs(&api).with_credentials(user(&tokens)).with_clock(clock.clone());
    let client = builder.build().unwrap();
    let call = client.projects().jobs().get("projects/p/jobs/j").with_timeout(DEADLINE);
    let call = tokio::spawn(call.send());
    arrived(&tokens).await;
    clock.wait_for_sleepers(1).await;
    clock.advance(DEADLINE);
    let error = call.await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::Credentials));
    assert_eq!((error.elapsed(), error.maybe_sent()), (DEADLINE, false));
    assert!(api.requests().is_empty());
}

#[tokio::test]
async fn with_a_real_clock() {
    let (tokens, api) = (server(TOKEN).await, server("{}").await);
    tokens.always(|_| true, Fault::StallAlways);
    let client = jobs(&api).with_credentials(user(&tokens)).build().unwrap();
    let call = client.projects().jobs().get("projects/p/jobs/j");
    let (begun, limit) = (Instant::now(), Duration::from_millis(300));
    let call = tokio::time::timeout(60 * DEADLINE, call.with_timeout(limit).send());
    let error = call.await.expect("the call hangs").unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::Credentials));
    assert!(begun.elapsed() >= limit);
}

#[tokio::test]
async fn the_next_call_is_not_affected() {
    let tokens = FaultServer::replying(Reply::json(TOKEN)).await.unwrap();
    tokens.inject(Fault::StallAlways);
    let clock = ManualClock::new();
    let credentials = std::sync::Arc::new(user(&tokens));
    let cx = deadline(&clock, DEADLINE);
    let call = tokio::spawn({
        let credentials = std::sync::Arc::clone(&credentials);
        async move { credentials.headers(&cx).await }
    });
    arrived(&tokens).await;
    clock.wait_for_sleepers(2).await; // The cache's bound and the attempt's.
    clock.advance(DEADLINE);
    let error = call.await.unwrap().unwrap_err();
    assert_eq!((error.kind(), clock.now()), (AuthErrorKind::Timeout, DEADLINE));
    assert!(error.to_string().contains("deadline"), "{error}");
    let headers = credentials.headers(&deadline(&clock, DEADLINE)).await.unwrap();
    assert_eq!(headers.bearer_token().unwrap().expose(), "the-access-token");
}
