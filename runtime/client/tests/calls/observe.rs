//! Interceptors.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use discovery_runtime::clock::ManualClock;
use discovery_runtime::observe::{AttemptReport, AttemptStart, Interceptor};

use crate::script::{Script, Step};

#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn add(&self, note: String) {
        self.0.lock().unwrap().push(note);
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Interceptor for Notes {
    fn before_attempt(&self, attempt: &mut AttemptStart<'_>) {
        let number = attempt.number;
        self.add(format!("{} {} {}", number, attempt.method.id, attempt.url));
        assert!(!attempt.headers.contains_key("x-goog-api-key"), "credentials are not shown");
        attempt.headers.insert("x-attempt", number.into());
    }

    fn after_attempt(&self, report: &AttemptReport<'_>) {
        let retries = report.retry_in.is_some();
        let error = report.error.map(|error| error.kind().as_str());
        let status = report.status.map(|status| status.as_u16());
        self.add(format!("{} {status:?} {error:?} {retries}", report.number));
    }
}

#[tokio::test]
async fn interceptors_see_every_attempt() {
    let script = Script::new([Step::status(503, ""), Step::ok("{}")]);
    let notes = Notes::default();
    let builder = script.client(&ManualClock::jumping()).with_api_key("the-key");
    let client = builder.with_interceptor(notes.clone()).build().unwrap();
    client.list("p").page_size(3).page_token("secret").send().await.unwrap();
    let url = "https://things.googleapis.com/things/v1/p/things?pageSize=3&pageToken=REDACTED\
               &alt=json&prettyPrint=false";
    assert_eq!(
        notes.all(),
        [
            format!("1 things.list {url}"),
            "1 Some(503) Some(\"service\") true".to_owned(),
            format!("2 things.list {url}"),
            "2 Some(200) None false".to_owned(),
        ]
    );
    let attempts: Vec<_> = script.sent().iter().map(|s| s.headers["x-attempt"].clone()).collect();
    assert_eq!(attempts, ["1", "2"]);
    assert_eq!(script.sent()[0].headers["x-goog-api-key"], "the-key");
}

#[tokio::test]
async fn reports_tell_how_long_attempts_took() {
    struct Elapsed(Mutex<Vec<Duration>>);
    impl Interceptor for Elapsed {
        fn after_attempt(&self, report: &AttemptReport<'_>) {
            self.0.lock().unwrap().push(report.elapsed);
        }
    }
    let clock = ManualClock::jumping();
    let script = Script::new([Step::Hang, Step::ok("{}")]);
    let elapsed = Arc::new(Elapsed(Mutex::default()));
    let builder = script.client(&clock).with_interceptor(Arc::clone(&elapsed));
    let client = builder.with_attempt_timeout(Duration::from_secs(3)).build().unwrap();
    client.get("p").send().await.unwrap();
    assert_eq!(*elapsed.0.lock().unwrap(), [Duration::from_secs(3), Duration::ZERO]);
}
