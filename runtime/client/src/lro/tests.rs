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

#[allow(unreachable_pub, dead_code, reason = "the macro writes public constants")]
mod model {
    use crate::json;

    #[derive(Clone, PartialEq)]
    pub struct Work {
        pub name: Option<String>,
        pub done: Option<bool>,
        pub error: Option<Box<Failed>>,
        pub response: Option<json::Map<json::Json>>,
        pub extra: json::Extra,
    }

    json::model! {
        Work = "Work";
        "name" => name as NAME;
        "done" => done as DONE;
        "error" => error as ERROR of Failed;
        "response" => response as RESPONSE;
    }

    #[derive(Clone, PartialEq)]
    pub struct Failed {
        pub code: Option<i32>,
        pub extra: json::Extra,
    }

    json::model! {
        Failed = "Status";
        "code" => code as CODE;
    }

    crate::operation!(Work);
}

#[test]
fn models_are_operations() {
    let model = model::Work {
        name: Some("n".into()),
        done: Some(true),
        response: Some([("title", "T")].into()),
        ..model::Work::default()
    };
    assert_eq!((model.name(), model.done(), model.error()), (Some("n".into()), true, None));
    assert_eq!(result::<Json>(&model).unwrap().as_str(), "{\"title\":\"T\"}");
    assert_eq!(model.metadata(), None);
}

#[test]
fn metadata_has_the_type_that_it_names() {
    #[derive(Clone, PartialEq)]
    struct Progress {
        percent: Option<i32>,
        extra: crate::json::Extra,
    }
    crate::json::model! {
        Progress = "GoogleXProgress";
        "percent" => percent as PERCENT;
    }
    let with =
        |metadata: serde_json::Value| json(serde_json::json!({"name": "o", "metadata": metadata}));
    let ok =
        with(serde_json::json!({"@type": "type.googleapis.com/google.x.Progress", "percent": 5}));
    assert_eq!(metadata::<Progress>(&ok).unwrap().unwrap().percent, Some(5));
    assert!(metadata::<Progress>(&json(serde_json::json!({"name": "o"}))).unwrap().is_none());
    for (given, told) in [
        (
            serde_json::json!({"@type": "type.googleapis.com/google.x.Other"}),
            "google.x.Other`, not a",
        ),
        (serde_json::json!({"@type": "type.googleapis.com/x.y.Progress"}), "x.y.Progress`, not a"),
        (serde_json::json!({"percent": 5}), "of an unnamed type, not a `GoogleXProgress`"),
    ] {
        let error = metadata::<Progress>(&with(given)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.to_string().contains(told), "{error}");
    }
}

#[test]
fn types_of_metadata_are_schemas_with_or_without_a_package() {
    let url = "type.googleapis.com/google.cloud.talent.v4.BatchOperationMetadata";
    for schema in ["BatchOperationMetadata", "GoogleCloudTalentV4BatchOperationMetadata"] {
        assert!(is_schema(url, schema), "{schema}");
    }
    for schema in ["OperationMetadata", "Metadata", "", "google.cloud"] {
        assert!(!is_schema(url, schema), "{schema}");
    }
    assert!(!is_schema("", "") && !is_schema("", "X"));
}

/// Operations whose state is unknown, with the member that would tell it.
const ODD: [(&str, &str); 8] = [
    (r#"{"name":"o","done":"true"}"#, "`done` is a string"),
    (r#"{"name":"o","done":1}"#, "`done` is a number"),
    (r#"{"name":"o","done":{}}"#, "`done` is an object"),
    (r#"{"name":5}"#, "`name` is a number"),
    (r#"{"name":5,"done":true}"#, "`name` is a number"),
    (r#"{"name":"o","done":true,"error":"boom"}"#, "`error` is a string"),
    (r#"{"name":"o","done":true,"error":[]}"#, "`error` is a list"),
    (r#"{"name":"o","done":true,"response":"x"}"#, "`response` is a string"),
];

#[tokio::test]
async fn an_unknown_state_is_an_error() {
    let never = |_| -> std::future::Ready<Result<model::Work>> { unreachable!() };
    for (text, what) in ODD {
        let odd: model::Work = crate::json::from_response(text.as_bytes()).unwrap();
        let running: model::Work = crate::json::from_str(r#"{"name":"o"}"#).unwrap();
        let (poller, clock) = poller();
        let waited = poller.wait(odd.clone(), never).await.unwrap_err();
        assert!(clock.slept().is_empty());
        let polled = poller.wait(running, |_| std::future::ready(Ok(odd.clone()))).await;
        assert_eq!(clock.slept().len(), 1, "the poll of an odd operation is the last");
        for error in [waited, polled.unwrap_err(), result::<Json>(&odd).unwrap_err()] {
            assert_eq!(error.kind(), ErrorKind::Decode);
            assert!(error.to_string().contains(what), "{text}: {error}");
        }
    }
}

#[tokio::test]
async fn an_unknown_state_of_untyped_operations() {
    for (text, what) in ODD.into_iter().take(5) {
        let odd: Json = text.parse().unwrap();
        let error = poller().0.wait(odd, answers(vec![])).await.unwrap_err();
        assert!(error.to_string().contains(what), "{text}: {error}");
    }
    for (text, what) in [
        (r#"{"name":"o","status":5}"#, "`status` is a number"),
        (r#"{"name":5,"status":"RUNNING"}"#, "`name` is a number"),
        (r#"{"name":"o","status":"DONE","error":"boom"}"#, "`error` is a string"),
        (r#"{"name":"o","status":"DONE","error":{"errors":{"a":1}}}"#, "`errors` is an object"),
    ] {
        let operation = StatusOperation::of(&text.parse::<Json>().unwrap());
        assert_eq!(operation.misfit().as_deref(), Some(what), "{text}");
    }
    for fine in [
        r#"{"name":"o","status":"DONE","error":{"errors":[{"code":"X"}]}}"#,
        r#"{"name":"o","status":"DONE","error":null}"#,
        r#"{"id":"5","status":"RUNNING","error":{"code":5}}"#,
    ] {
        assert_eq!(StatusOperation::of(&fine.parse::<Json>().unwrap()).misfit(), None);
    }
}

/// Other members of an operation may be anything.
#[tokio::test]
async fn a_member_that_decides_nothing() {
    let text = r#"{"name":"o","done":true,"error":{"code":"x"},"metadata":5}"#;
    let odd: model::Work = crate::json::from_response(text.as_bytes()).unwrap();
    assert_eq!(result::<Json>(&odd).unwrap_err().kind(), ErrorKind::Operation);
}
