//! A thousand calls with an expired token send one token request, or two if the call that sends it
//! is dropped.

use std::sync::Arc;
use std::time::Duration;

use discovery_runtime::auth::Credentials;
use discovery_runtime::clock::ManualClock;
use discovery_runtime::hyper::HyperTransport;
use discovery_runtime::testing::{Fault, FaultServer, Reply};

use crate::support::{TOKEN, now, server};
use crate::{arrived, jobs, user};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_calls_with_an_expired_token() {
    let tokens = FaultServer::start(|_| async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Reply::json(TOKEN)
    });
    let (tokens, api) = (tokens.await.unwrap(), server("{}").await);
    let clock = ManualClock::new();
    // A single connection for all calls: some machines do not allow a thousand.
    let transport = HyperTransport::builder().with_no_proxy().with_http2_only().build().unwrap();
    let builder = jobs(&api).with_credentials(user(&tokens)).with_transport(transport);
    let client = builder.with_clock(clock.clone()).build().unwrap();
    client.projects().jobs().get("projects/p/jobs/first").send().await.unwrap();
    clock.advance(Duration::from_secs(2 * 3600));
    let call = |number| {
        let client = client.clone();
        let name = format!("projects/p/jobs/{number}");
        tokio::spawn(async move { client.projects().jobs().get(&name).send().await })
    };
    for call in (0..1000).map(call).collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    assert_eq!(tokens.requests().len(), 2, "one for the first call, one for the thousand");
    let requests = api.requests();
    let authorized = |request: &&discovery_runtime::testing::Recorded| {
        request.head.header("authorization") == Some("Bearer the-access-token")
    };
    assert_eq!(requests.iter().filter(authorized).count(), 1001);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_leader_causes_one_more_request() {
    let tokens = server(TOKEN).await;
    tokens.inject(Fault::StallAlways);
    let (credentials, cx) = (Arc::new(user(&tokens)), now());
    let spawn = || {
        let (credentials, cx) = (Arc::clone(&credentials), cx.clone());
        tokio::spawn(async move {
            let headers = credentials.headers(&cx).await.unwrap();
            headers.bearer_token().unwrap().expose().to_owned()
        })
    };
    let leader = spawn();
    arrived(&tokens).await;
    let others: Vec<_> = (0..1000).map(|_| spawn()).collect();
    leader.abort();
    for other in others {
        assert_eq!(other.await.unwrap(), "the-access-token");
    }
    assert_eq!(tokens.requests().len(), 2);
}
