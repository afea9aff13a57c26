//! Deadlines, with a real server and a manual clock.

use discovery_runtime::CallOptions;
use std::error::Error as _;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use discovery_runtime::clock::ManualClock;
use discovery_runtime::error::Phase;
use discovery_runtime::json::{Decode, DecodeError, Json, Reader};
use discovery_runtime::spec::{MethodSpec, Segment};
use discovery_runtime::testing::{Fault, FaultServer, Reply};
use discovery_runtime::{Call, Error, ErrorKind};

use crate::api::{Client, SERVICE, Thing};
use crate::script::{Script, Step};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_server_that_never_answers() {
    let server = FaultServer::replying(Reply::json("{}")).await.unwrap();
    server.always(|_| true, Fault::StallAlways);
    let clock = ManualClock::new();
    let builder = Client::builder().with_endpoint(server.url()).with_anonymous();
    let client = builder.with_clock(clock.clone()).build().unwrap();
    let call = tokio::spawn(client.create("p", &Thing::default()).with_timeout(SECOND).send());
    clock.wait_for_sleepers(1).await;
    clock.advance(SECOND);
    let error = call.await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::Send));
    assert!(error.maybe_sent() && error.is_timeout());
    assert_eq!((error.attempts(), error.elapsed()), (1, SECOND));
}

#[tokio::test]
async fn attempts_have_their_own_limit() {
    let clock = ManualClock::jumping();
    let script = Script::new([Step::Hang, Step::Hang, Step::ok("{}")]);
    let client = script.client(&clock).with_attempt_timeout(3 * SECOND).build().unwrap();
    client.get("p").send().await.unwrap();
    let timeouts = clock.slept().into_iter().filter(|slept| *slept == 3 * SECOND).count();
    assert_eq!((script.count(), timeouts), (3, 2));

    // Calls that are not idempotent are not retried.
    let script = Script::new([Step::Hang]);
    let client = script.client(&clock).build().unwrap();
    let error = client.create("p", &Thing::default()).send().await.unwrap_err();
    assert_eq!((error.attempts(), error.elapsed()), (1, 30 * SECOND));
    assert!(error.to_string().contains("longer than 30s; `with_attempt_timeout`"), "{error}");
}

#[tokio::test]
async fn the_deadline_spans_all_attempts() {
    let clock = ManualClock::jumping();
    let script = Script::new([Step::Hang, Step::Hang, Step::Hang]);
    let client = script.client(&clock).build().unwrap();
    let error = client.get("p").send().await.unwrap_err();
    // 30 s, a short wait, and the rest of 60 s.
    assert_eq!((error.attempts(), error.elapsed()), (2, 60 * SECOND));
    assert!(error.to_string().contains("deadline of 60s passed; `with_timeout`"), "{error}");
}

#[tokio::test]
async fn timeouts_include_earlier_errors() {
    let clock = ManualClock::jumping();
    let script = Script::new([Step::status(503, r#"{"error":{"message":"busy"}}"#), Step::Hang]);
    let client = script.client(&clock).with_timeout(5 * SECOND).build().unwrap();
    let error = client.get("p").send().await.unwrap_err();
    assert_eq!((error.kind(), error.elapsed()), (ErrorKind::Timeout, 5 * SECOND));
    let before = error.source().unwrap().downcast_ref::<Error>().unwrap();
    assert_eq!(before.message(), "busy");
}

#[tokio::test]
async fn deadlines_can_be_disabled() {
    let clock = ManualClock::new();
    let script = Script::new([Step::Late("{}".to_owned())]);
    let client = script.client(&clock).build().unwrap();
    client.get("p").with_timeout(None).with_attempt_timeout(None).send().await.unwrap();
    assert!(clock.slept().is_empty());
}

#[tokio::test]
async fn the_body_is_within_the_deadline() {
    let clock = ManualClock::jumping();
    let script = Script::new([Step::Stall]);
    let client = script.client(&clock).build().unwrap();
    let error = client.get("p").with_timeout(SECOND).send().await.unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::Body));
    assert!(error.maybe_sent());
}

#[tokio::test]
async fn error_bodies_are_read_until_the_deadline() {
    let server = FaultServer::replying(Reply::error(404, &"x".repeat(50_000))).await.unwrap();
    let stall = Fault::StallForAfter { wait: Duration::from_secs(3600), bytes: 8192 };
    server.always(|_| true, stall);
    let clock = ManualClock::new();
    let builder = Client::builder().with_endpoint(server.url()).with_anonymous();
    let client = builder.with_clock(clock.clone()).build().unwrap();
    let call = tokio::spawn(client.get("p").send());
    while clock.slept().len() < 2 {
        tokio::task::yield_now().await;
    }
    clock.advance(5 * SECOND);
    let error = call.await.unwrap().unwrap_err();
    assert!(error.is_not_found());
    assert!(error.http().unwrap().is_truncated());
}

/// A method whose server holds the request.
static HOLDS: MethodSpec = MethodSpec {
    holds: true,
    idempotent: true,
    ..MethodSpec::post("things.wait", &SERVICE, &[Segment::Literal("v1/wait")])
};

#[tokio::test]
async fn a_held_request_has_more_time() {
    let clock = ManualClock::jumping();
    let script = Script::new((0..9).map(|_| Step::Hang));
    let held = |client: &Client| Call::new(&client.inner, &HOLDS);
    let client = script.client(&clock).build().unwrap();
    let error = held(&client).with_idempotent(false).execute().await.unwrap_err();
    assert_eq!((error.attempts(), error.elapsed()), (1, 180 * SECOND), "{error}");
    let error = held(&client).execute().await.unwrap_err();
    assert_eq!(error.elapsed(), 600 * SECOND, "{error}");
    // What the program sets applies to these calls as well.
    let client = script.client(&clock).with_attempt_timeout(3 * SECOND).build().unwrap();
    let error = held(&client).with_idempotent(false).execute().await.unwrap_err();
    assert_eq!(error.elapsed(), 3 * SECOND, "{error}");
    assert!(error.to_string().contains("longer than 3s; `with_attempt_timeout`"), "{error}");
}

/// Releases [`Slow`], which reads a response as long as it likes.
static RELEASE: Mutex<Option<Receiver<()>>> = Mutex::new(None);

/// A value whose decoding takes long.
struct Slow;

impl Decode for Slow {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let release = RELEASE.lock().unwrap().take();
        // A call that waits for the end of the work fails below, and does not hang.
        let _ = release.unwrap().recv_timeout(10 * SECOND);
        r.read::<Json>().map(|_| Self)
    }
}

#[tokio::test]
async fn a_deadline_holds_while_a_long_answer_is_decoded() {
    let (release, wait) = channel();
    *RELEASE.lock().unwrap() = Some(wait);
    let clock = ManualClock::new();
    let script = Script::new([Step::ok(&format!("[{}1]", "1,".repeat(1 << 18)))]);
    let client = script.client(&clock).build().unwrap();
    static READ: MethodSpec = MethodSpec::get("things.read", &SERVICE, &[Segment::Literal("v1")]);
    let call = Call::new(&client.inner, &READ).with_timeout(SECOND);
    let call = tokio::spawn(call.send::<Slow>());
    // This task runs while the other one's answer is decoded on the same runtime of one thread.
    clock.wait_for_sleepers(1).await;
    clock.advance(SECOND);
    let error = call.await.unwrap().map(drop).unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::Body));
    release.send(()).unwrap();
}

#[tokio::test]
async fn long_answers_are_decoded_like_short_ones() {
    let name = "n".repeat(1 << 20);
    let script = Script::new([
        Step::ok(&format!(r#"{{"name":"{name}","count":"odd"}}"#)),
        Step::ok(&format!(r#"{{"name":"{name}"#)),
        Step::ok(&format!(r#"{{"name":"{name}"}}"#)),
    ]);
    let clock = ManualClock::new();
    let builder = script.client(&clock).with_timeout(None).with_attempt_timeout(None);
    let client = builder.build().unwrap();
    let thing = client.get("p").send().await.unwrap();
    assert_eq!(thing.name.as_ref(), Some(&name));
    // The second breaks off, so the call is repeated.
    let call = tokio::spawn(client.get("p").send());
    while !call.is_finished() {
        clock.advance(SECOND);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let thing = call.await.unwrap().unwrap();
    assert_eq!((thing.name.as_ref(), script.count()), (Some(&name), 3));
}
