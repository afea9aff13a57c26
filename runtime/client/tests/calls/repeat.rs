//! Preconditions, which make it safe to repeat a call, and errors that an earlier attempt of the same
//! call may have caused.

use std::time::Duration;

use discovery_runtime::clock::ManualClock;
use discovery_runtime::json::Json;
use discovery_runtime::retry::{Decision, DefaultRetry, Failure, RetryPolicy};
use discovery_runtime::spec::{BodyKind, MethodSpec, Precondition, Segment, Verb};
use discovery_runtime::transport::TransportErrorKind as Kind;
use discovery_runtime::{Call, Error};

use crate::api::{Client, SERVICE};
use crate::script::{Script, Step};

static CHANGE: MethodSpec = MethodSpec {
    preconditions: &[
        Precondition::Query("ifGenerationMatch"),
        Precondition::Body(&["etag"]),
        Precondition::Body(&["policy", "etag"]),
    ],
    ..MethodSpec::patch("things.change", &SERVICE, &[Segment::Literal("v1/thing")])
};
static DELETE: MethodSpec = MethodSpec {
    response: BodyKind::None,
    ..MethodSpec::delete("things.delete", &SERVICE, &[Segment::Literal("v1/thing")])
};

fn client(script: &Script) -> Client {
    script.client(&ManualClock::jumping()).build().unwrap()
}

fn body(value: serde_json::Value) -> impl Fn(Call) -> Call {
    let json = Json::from(value);
    move |call| call.body(&json)
}

/// The number of requests of a call whose first attempt has an unknown outcome.
async fn requests(change: impl Fn(Call) -> Call) -> usize {
    let script = Script::new([Step::Fail(Kind::Interrupted), Step::ok("{}")]);
    let call = change(Call::new(&client(&script).inner, &CHANGE));
    assert_eq!(call.execute().await.is_ok(), script.count() == 2);
    script.count()
}

#[tokio::test]
async fn a_precondition_makes_a_call_idempotent() {
    assert_eq!(requests(|call| call).await, 1);
    assert_eq!(requests(|call| call.query("ifGenerationMatch", &0)).await, 2);
    assert_eq!(requests(|call| call.with_query("ifGenerationMatch", 5)).await, 2);
    assert_eq!(requests(|call| call.query("ifGenerationMatch", &"")).await, 1);
    assert_eq!(requests(|call| call.query("ifGenerationNotMatch", &5)).await, 1);
    assert_eq!(requests(|call| call.with_header("if-match", "\"e\"")).await, 2);
    assert_eq!(requests(body(serde_json::json!({"etag": "e"}))).await, 2);
    assert_eq!(requests(body(serde_json::json!({"policy": {"etag": "e"}}))).await, 2);
    assert_eq!(requests(body(serde_json::json!({"etag": ""}))).await, 1);
    assert_eq!(requests(body(serde_json::json!({"other": {"etag": "e"}}))).await, 1);
    let off = |call: Call| call.query("ifGenerationMatch", &5).with_idempotent(false);
    assert_eq!(requests(off).await, 1);
}

/// Knows that no other program changes things.
#[derive(Debug)]
struct Alone(DefaultRetry);

impl RetryPolicy for Alone {
    fn decide(&self, failure: &Failure<'_>) -> Decision {
        self.0.decide(failure)
    }

    fn is_idempotent(&self, method: &'static MethodSpec, known: bool) -> bool {
        known || method.verb == Verb::Patch
    }
}

#[tokio::test]
async fn a_policy_may_know_that_calls_are_idempotent() {
    for (method, count) in [(&CHANGE, 2), (&DELETE, 2), (&crate::request_ids::PLAIN, 1)] {
        let script = Script::new([Step::Fail(Kind::Interrupted), Step::ok("{}")]);
        let policy = Alone(DefaultRetry::new().with_backoff(Duration::ZERO, Duration::ZERO));
        let client = script.client(&ManualClock::jumping()).with_retry(policy).build().unwrap();
        let _ = Call::new(&client.inner, method).execute().await;
        assert_eq!(script.count(), count, "{}", method.id);
    }
    let alone = Alone(DefaultRetry::new());
    assert_eq!(requests(|call| call.with_retry(Alone(alone.0.clone()))).await, 2);
}

#[tokio::test]
async fn an_error_tells_that_an_earlier_attempt_may_have_succeeded() {
    let end = async |first: Step, last: u16, method: &'static MethodSpec| -> Error {
        let script = Script::new([first, Step::status(last, "")]);
        let call = Call::new(&client(&script).inner, method).with_idempotent(true);
        let error = call.execute().await.unwrap_err();
        assert_eq!(error.may_be_done(), error.to_string().contains("earlier attempt"), "{error}");
        error
    };
    let lost = || Step::Fail(Kind::Interrupted);
    for (first, last, method, expected) in [
        (lost(), 404, &DELETE, true),
        (lost(), 410, &DELETE, true),
        (Step::status(503, ""), 404, &DELETE, true),
        (lost(), 412, &CHANGE, true),
        (lost(), 409, &CHANGE, true),
        // A change finds nothing because there is nothing.
        (lost(), 404, &CHANGE, false),
        (lost(), 403, &DELETE, false),
        // The first attempt was not executed.
        (Step::Fail(Kind::Connect), 404, &DELETE, false),
        (Step::status(429, ""), 404, &DELETE, false),
    ] {
        let error = end(first, last, method).await;
        assert_eq!((error.attempts(), error.may_be_done()), (2, expected), "{last}: {error}");
    }
    let script = Script::new([Step::status(404, "")]);
    let error = Call::new(&client(&script).inner, &DELETE).execute().await.unwrap_err();
    assert!(!error.may_be_done(), "{error}");
}
