//! A delay requested by the server is observed in full, in any format. If it exceeds the deadline,
//! the service's own error is returned immediately.

use discovery_runtime::CallOptions;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use discovery_runtime::ErrorKind;
use discovery_runtime::observe::{AttemptReport, Interceptor};
use discovery_runtime::retry::DefaultRetry;
use discovery_runtime::testing::{FaultServer, Reply};

use crate::jobs;

const RETRY_INFO: &str = r#"{"error":{"code":429,"message":"slow down","details":[
    {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.5s"}]}}"#;

/// Requests a delay of 1.5 s by `RetryInfo`, then 1 s by `Retry-After`, then succeeds.
async fn server() -> FaultServer {
    let count = Arc::new(AtomicUsize::new(0));
    FaultServer::start(move |_| {
        let number = count.fetch_add(1, Ordering::Relaxed);
        async move {
            match number {
                0 => Reply::new(429).with_body("application/json", RETRY_INFO),
                1 => Reply::error(429, "again").with_header("retry-after", 1),
                _ => Reply::json("{}"),
            }
        }
    })
    .await
    .unwrap()
}

/// Records when attempts end, and the waits after them.
#[derive(Clone, Default)]
struct Waits(Arc<Mutex<Vec<(Instant, Option<Duration>)>>>);

impl Interceptor for Waits {
    fn after_attempt(&self, report: &AttemptReport<'_>) {
        self.0.lock().unwrap().push((Instant::now(), report.retry_in));
    }
}

#[tokio::test]
async fn retry_info_and_retry_after_are_observed() {
    let (server, waits) = (server().await, Waits::default());
    // Without backoff, so that the wait is exactly the requested delay.
    let eager = DefaultRetry::new().with_throttled_backoff(Duration::ZERO);
    let builder = jobs(&server).with_retry(eager).with_interceptor(waits.clone());
    let client = builder.build().unwrap();
    client.projects().jobs().get("projects/p/jobs/j").send().await.unwrap();
    let waits = waits.0.lock().unwrap().clone();
    let [(first, one), (second, two), (third, None)] = waits[..] else { panic!("{waits:?}") };
    for (wait, asked, passed) in [(one, 1.5, second - first), (two, 1.0, third - second)] {
        let wait = wait.unwrap().as_secs_f64();
        assert!((asked..=asked * 1.1 + 1e-6).contains(&wait), "waits {wait} s, not {asked} s");
        assert!(passed.as_secs_f64() >= asked, "the next attempt came after {passed:?}");
    }
}

#[tokio::test]
async fn a_delay_past_the_deadline_returns_the_services_error() {
    let reply = Reply::error(429, "slow down").with_header("retry-after", 3);
    let server = FaultServer::replying(reply).await.unwrap();
    let client = jobs(&server).build().unwrap();
    let call = client.projects().jobs().get("projects/p/jobs/j");
    let error = call.with_timeout(Duration::from_secs(1)).send().await.unwrap_err();
    // With a wait, the deadline would have caused a timeout.
    assert_eq!((error.kind(), error.message()), (ErrorKind::Service, "slow down"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
    assert_eq!((error.attempts(), server.requests().len()), (1, 1));
}
