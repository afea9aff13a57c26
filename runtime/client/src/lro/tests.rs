use super::*;
use crate::call::Response;
use crate::clock::{Clock, ManualClock};
use crate::status::Code;
use std::sync::{Arc, Mutex};

fn json(value: serde_json::Value) -> Json {
    Json::from(value)
}

fn running() -> Json {
    json(serde_json::json!({"name": "operations/1", "metadata": {"progress": 5}}))
}

fn ended() -> Json {
    json(serde_json::json!({
        "name": "operations/1", "done": true,
        "response": {"@type": "type.googleapis.com/x.Company", "title": "T"}
    }))
}

/// Returns a poller with an auto-advancing clock, and the clock.
fn poller() -> (Poller, ManualClock) {
    let clock = ManualClock::jumping();
    (Poller::with_clock(Arc::new(clock.clone())), clock)
}

/// Returns these responses, one per poll, then a completed operation.
fn answers(list: Vec<Result<Json>>) -> impl FnMut(String) -> std::future::Ready<Result<Json>> {
    let mut list = list.into_iter();
    move |name| {
        assert_eq!(name, "operations/1");
        std::future::ready(list.next().unwrap_or_else(|| Ok(ended())))
    }
}

fn unavailable() -> Error {
    Error::new(ErrorKind::Connect, "no connection")
}

#[tokio::test]
async fn waits_with_growing_pauses() {
    let (poller, clock) = poller();
    let polls = (0..12).map(|_| Ok(running())).collect();
    let company: Json = poller.result(running(), answers(polls)).await.unwrap();
    assert_eq!(company.get("title").unwrap(), Json::from("T"));
    let slept = clock.slept();
    assert_eq!(slept.len(), 13);
    let mut pause = 1.0;
    for wait in slept.iter().map(Duration::as_secs_f64) {
        assert!((pause * 0.8 - 1e-9..=pause).contains(&wait), "{slept:?}");
        pause = (pause * 1.5_f64).min(20.0);
    }
}

#[tokio::test]
async fn completed_operations_are_not_polled() {
    let (poller, clock) = poller();
    let never = |_| -> std::future::Ready<Result<Json>> { unreachable!() };
    poller.wait(ended(), never).await.unwrap();
    let nameless = json(serde_json::json!({"done": true}));
    poller.wait(nameless, never).await.unwrap();
    let lost = poller.wait(json(serde_json::json!({})), never).await.unwrap_err();
    assert!(lost.to_string().contains("no name"), "{lost}");
    assert!(clock.slept().is_empty());
}

#[tokio::test]
async fn the_time_ends() {
    let (poller, clock) = poller();
    let poller = poller.with_timeout(Duration::from_secs(60));
    let forever = |_| std::future::ready(Ok(running()));
    let error = poller.wait(running(), forever).await.unwrap_err();
    assert!(error.is_timeout());
    assert!(error.to_string().starts_with("operations/1 has not ended after 60s"), "{error}");
    assert!(clock.now() <= Duration::from_secs(60));
}

#[tokio::test]
async fn a_hanging_poll_ends_too() {
    let clock = ManualClock::new();
    let poller = Poller::with_clock(Arc::new(clock.clone())).with_timeout(Duration::from_secs(10));
    let hang = |_| std::future::pending::<Result<Json>>();
    let wait = poller.wait(running(), hang);
    let advance = async {
        for sleepers in [1, 1] {
            clock.wait_for_sleepers(sleepers).await;
            clock.advance(Duration::from_secs(9));
        }
    };
    let (result, ()) = tokio::join!(wait, advance);
    assert!(result.unwrap_err().is_timeout());
}

#[tokio::test]
async fn transient_failures_are_ignored() {
    let (poller, _) = poller();
    let polls = vec![Err(unavailable()), Ok(running()), Err(unavailable()), Err(unavailable())];
    poller.wait(running(), answers(polls)).await.unwrap();
    let polls = (0..6).map(|_| Err(unavailable())).collect();
    let error = poller.wait(running(), answers(polls)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    let error = poller.wait(running(), answers(vec![Err(Error::invalid("x"))])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
}

#[tokio::test]
async fn the_servers_delay_is_observed() {
    let (poller, clock) = poller();
    let polls = Mutex::new(0);
    let full = |_| {
        let mut polls = polls.lock().unwrap();
        *polls += 1;
        let mut headers = http::HeaderMap::new();
        headers.insert("retry-after", 77.into());
        let response =
            Response { status: http::StatusCode::OK, headers, body: "".into(), attempts: 1 };
        let value = if *polls > 2 { ended() } else { running() };
        std::future::ready(Ok(Full { value, response }))
    };
    poller.wait(running(), full).await.unwrap();
    assert_eq!(clock.slept()[1..], [Duration::from_secs(77); 2]);
}

#[test]
fn failed_operations_return_their_error() {
    let failed = json(serde_json::json!({
        "name": "operations/1", "done": true,
        "error": {"code": 5, "message": "gone", "details": [{
            "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "NO", "domain": "d"
        }]}
    }));
    let error = result::<Json>(&failed).unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Operation, Some(Code::NotFound)));
    assert_eq!(error.reason(), Some("NO"));
    assert!(error.to_string().starts_with("operations/1 failed: gone"), "{error}");
    let error = result::<Json>(&running()).unwrap_err();
    assert!(error.to_string().contains("not ended"), "{error}");
    let odd = json(serde_json::json!({"done": true, "response": {"title": 5}}));
    assert_eq!(result::<String>(&odd).unwrap_err().kind(), ErrorKind::Decode);
    let empty = json(serde_json::json!({"done": true}));
    assert_eq!(result::<Json>(&empty).unwrap().as_str(), "{}");
}

#[test]
fn models_are_operations() {
    #[derive(Default)]
    struct Model {
        name: Option<String>,
        done: Option<bool>,
        error: Option<Box<Json>>,
        response: Option<std::collections::BTreeMap<String, Json>>,
    }
    crate::operation!(Model);
    let response = [("title".to_owned(), Json::from("T"))].into();
    let model = Model {
        name: Some("n".into()),
        done: Some(true),
        response: Some(response),
        ..Model::default()
    };
    assert_eq!((model.name(), model.done(), model.error()), (Some("n".into()), true, None));
    assert_eq!(result::<Json>(&model).unwrap().as_str(), "{\"title\":\"T\"}");
}
