//! Conditions of retries.

use discovery_runtime::CallOptions;
use std::time::Duration;

use discovery_runtime::Error;
use discovery_runtime::clock::ManualClock;
use discovery_runtime::retry::{DefaultRetry, NoRetry, RetryBudget};
use discovery_runtime::transport::TransportErrorKind as Kind;

use crate::api::{Client, Thing};
use crate::script::{Script, Step};

const OK: &str = r#"{"name":"t"}"#;

fn client(script: &Script) -> (Client, ManualClock) {
    let clock = ManualClock::jumping();
    (script.client(&clock).build().unwrap(), clock)
}

/// One failure, then success: the number of requests of GET, search, and create, or their error.
async fn after(step: Step) -> [Result<usize, Error>; 3] {
    let thing = Thing::named("t");
    let script = || Script::new([step.clone(), Step::ok(OK)]);
    let (get, search, create) = (script(), script(), script());
    let counted = |script: &Script| script.count();
    [
        client(&get).0.get("a/b").send().await.map(|_| counted(&get)),
        client(&search).0.search("a", &thing).send().await.map(|_| counted(&search)),
        client(&create).0.create("a", &thing).send().await.map(|_| counted(&create)),
    ]
}

#[tokio::test]
async fn the_table_of_failures() {
    let retry_info = r#"{"error":{"code":400,"status":"RESOURCE_EXHAUSTED","details":[
        {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1s"}]}}"#;
    let rate = r#"{"error":{"code":403,"errors":[{"reason":"userRateLimitExceeded"}]}}"#;
    let daily = r#"{"error":{"code":403,"errors":[{"reason":"dailyLimitExceeded"}]}}"#;
    let quota = r#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[
        {"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{}]}]}}"#;
    // Failure; whether idempotent calls are retried; whether others are.
    let table = [
        (Step::Fail(Kind::Connect), true, true),
        (Step::Fail(Kind::NotSent), true, true),
        (Step::Fail(Kind::Interrupted), true, false),
        (Step::Fail(Kind::Timeout), true, false),
        (Step::Fail(Kind::Other), false, false),
        (Step::Fail(Kind::RequestBody), false, false),
        (Step::Break, true, false),
        (Step::ok("{\"name\":"), true, false),
        (Step::ok(""), true, false),
        (Step::ok("<html><title>Sign in</title>"), false, false),
        (Step::ok("[]"), false, false),
        (Step::status(429, ""), true, true),
        (Step::status(429, quota), false, false),
        (Step::status(429, quota).with("retry-after", 1), true, true),
        (Step::status(403, rate), true, true),
        (Step::status(403, daily), false, false),
        (Step::status(403, ""), false, false),
        (Step::status(400, retry_info), true, true),
        (Step::status(503, ""), true, false),
        (Step::status(503, "").with("retry-after", 2), true, false),
        (Step::status(408, ""), true, false),
        (Step::status(500, ""), true, false),
        (Step::status(502, "<html>"), true, false),
        (Step::status(504, ""), true, false),
        (Step::status(400, ""), false, false),
        (Step::status(404, ""), false, false),
        (Step::status(409, ""), false, false),
        (Step::status(412, ""), false, false),
        (Step::status(501, ""), false, false),
        (Step::status(302, ""), false, false),
    ];
    for (step, idempotent, other) in table {
        let [get, search, create] = after(step.clone()).await;
        for (what, outcome, retried) in
            [("get", get, idempotent), ("search", search, idempotent), ("create", create, other)]
        {
            match outcome {
                Ok(requests) => assert!(retried && requests == 2, "{what} after {step:?}"),
                Err(error) => assert!(!retried, "{what} after {step:?}: {error}"),
            }
        }
    }
}

#[tokio::test]
async fn the_servers_delay_is_observed() {
    let retry_info = r#"{"error":{"code":429,"details":[
        {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"3.5s"}]}}"#;
    // The clock's calendar starts at 2030-01-01T00:00:00Z.
    let table = [
        (Step::status(429, "").with("retry-after", 7), 7.0),
        (Step::status(429, retry_info), 3.5),
        (Step::status(429, retry_info).with("retry-after", 2), 3.5),
        (Step::status(429, retry_info).with("retry-after", 5), 5.0),
        (Step::status(503, "").with("retry-after", "Tue, 01 Jan 2030 00:00:09 GMT"), 9.0),
        (
            // The server's clock is an hour off: its own `Date` is the reference.
            Step::status(503, "")
                .with("date", "Mon, 31 Dec 2029 23:00:00 GMT")
                .with("retry-after", "Mon, 31 Dec 2029 23:00:04 GMT"),
            4.0,
        ),
    ];
    for (step, delay) in table {
        let clock = ManualClock::jumping();
        let script = Script::new([step.clone(), Step::ok(OK)]);
        script.client(&clock).build().unwrap().get("a/b").send().await.unwrap();
        let [waited] = clock.slept()[..] else { panic!("{step:?}: {:?}", clock.slept()) };
        let waited = waited.as_secs_f64();
        assert!(waited >= delay && waited <= delay * 1.1 + 1e-6, "{step:?}: {waited} s");
    }
}

#[tokio::test]
async fn backoff_grows_and_ends() {
    let script = Script::new(vec![Step::status(503, ""); 9]);
    let (client, clock) = client(&script);
    let error = client.get("a/b").send().await.unwrap_err();
    assert_eq!((error.attempts(), script.count()), (5, 5));
    assert!(error.maybe_sent());
    let ceilings = [100, 200, 400, 800].map(Duration::from_millis);
    assert_eq!(clock.slept().len(), 4);
    for (waited, ceiling) in clock.slept().into_iter().zip(ceilings) {
        assert!(waited <= ceiling, "{waited:?} > {ceiling:?}");
    }
    assert_eq!(error.elapsed(), clock.slept().iter().sum::<Duration>());
}

#[tokio::test]
async fn a_call_may_choose() {
    let script = Script::new([Step::status(503, ""), Step::ok(OK)]);
    let (one, _) = client(&script);
    one.create("a", &Thing::default()).with_idempotent(true).send().await.unwrap();

    let script = Script::new([Step::status(503, "")]);
    let (two, _) = client(&script);
    let error = two.get("a/b").with_idempotent(false).send().await.unwrap_err();
    assert_eq!(error.attempts(), 1);

    let script = Script::new([Step::status(503, "")]);
    let (three, _) = client(&script);
    three.get("a/b").with_retry(NoRetry).send().await.unwrap_err();
    assert_eq!(script.count(), 1);

    let script = Script::new([Step::status(429, "")]);
    let (four, _) = client(&script);
    let patient = DefaultRetry::new().with_throttled(false);
    four.get("a/b").with_retry(patient).send().await.unwrap_err();
    assert_eq!(script.count(), 1);
}

#[tokio::test]
async fn a_patch_with_an_etag_may_be_sent_again() {
    let script = Script::new([Step::status(503, ""), Step::ok(OK), Step::status(503, "")]);
    let (client, _) = client(&script);
    let call = client.patch("a/b", &Thing::default());
    call.clone().with_header("if-match", "\"e\"").send().await.unwrap();
    assert_eq!(call.send().await.unwrap_err().attempts(), 1);
}

#[tokio::test]
async fn policies_cannot_repeat_possibly_executed_calls() {
    #[derive(Debug)]
    struct Always;
    impl discovery_runtime::retry::RetryPolicy for Always {
        fn decide(
            &self,
            _: &discovery_runtime::retry::Failure<'_>,
        ) -> discovery_runtime::retry::Decision {
            discovery_runtime::retry::Decision::Retry(Duration::ZERO)
        }
    }
    for step in [Step::Fail(Kind::Interrupted), Step::status(503, ""), Step::ok("{")] {
        let script = Script::new([step.clone(), Step::ok(OK)]);
        let (client, _) = client(&script);
        let call = client.create("a", &Thing::default()).with_retry(Always);
        let error = call.send().await.unwrap_err();
        assert_eq!((script.count(), error.maybe_sent()), (1, true), "{step:?}");
    }
}

#[tokio::test]
async fn the_budget_ends_retries_of_a_client_whose_calls_all_fail() {
    let script = Script::new(vec![Step::status(503, ""); 1000]);
    let clock = ManualClock::jumping();
    let budget = RetryBudget::new();
    let builder = script.client(&clock).with_retry_budget(budget.clone());
    let client = builder.build().unwrap();
    for _ in 0..100 {
        client.get("a/b").send().await.unwrap_err();
    }
    // 500 tokens, 14 per retry.
    assert_eq!(script.count(), 100 + 35);
    assert_eq!(budget.tokens(), 500 - 35 * 14);

    let script = Script::new(vec![Step::ok(OK); 20]);
    let builder = script.client(&clock).with_retry_budget(budget.clone());
    let client = builder.build().unwrap();
    for _ in 0..20 {
        client.get("a/b").send().await.unwrap();
    }
    assert_eq!(budget.tokens(), 30);
}
