//! Successful responses.

use discovery_runtime::CallOptions;
use discovery_runtime::clock::ManualClock;
use discovery_runtime::json::{self, Json, Map};
use discovery_runtime::status::BodyForm;
use discovery_runtime::{ErrorKind, HttpBody};

use crate::api::{Delete, Get, Thing, WrappingClient};
use crate::script::{Script, Step};

fn client(steps: impl IntoIterator<Item = Step>) -> crate::api::Client {
    Script::new(steps).client(&ManualClock::jumping()).build().unwrap()
}

#[tokio::test]
async fn a_model_an_empty_response_and_bytes() {
    let thing =
        client([Step::ok(r#"{"name":"t","color":"red"}"#)]).get("a/b").send().await.unwrap();
    assert_eq!(thing.name.as_deref(), Some("t"));

    // 204 returns an empty model, and a method without a response schema accepts any JSON.
    let thing = client([Step::status(204, "")]).get("a/b").send().await.unwrap();
    assert_eq!(thing, Thing::default());
    for body in ["", " \n", "{}", "{\"kind\":1}", "null", "{\"error\":null}"] {
        for kind in ["application/json; charset=UTF-8", "text/html", "text/plain"] {
            let step = Step::ok(body).with("content-type", kind);
            client([step]).delete("a/b").send().await.unwrap();
        }
    }
    client([Step::status(204, "")]).delete("a/b").send().await.unwrap();

    let page = Step::ok("<h1>").with("content-type", "text/html; charset=utf-8");
    let body = client([page]).render("a/b").send().await.unwrap();
    assert_eq!(body, HttpBody::new("text/html; charset=utf-8", "<h1>"));
    let empty = client([Step::ok("")]).render("a/b").send().await.unwrap();
    assert_eq!(empty, HttpBody::default());
}

#[tokio::test]
async fn status_and_headers_are_available() {
    let step = Step::ok("{}").with("etag", "\"7\"").with("x-n", 1);
    let full = client([Step::status(503, ""), step]).get("a/b").send_full().await.unwrap();
    assert_eq!(full.value, Thing::default());
    assert_eq!(full.response.headers["etag"], "\"7\"");
    assert_eq!((full.response.status.as_u16(), full.response.attempts), (200, 2));
}

#[tokio::test]
async fn calls_can_be_awaited_and_repeated() {
    let client = client([Step::ok(r#"{"name":"1"}"#), Step::ok(r#"{"name":"2"}"#)]);
    let call = client.get("a/b");
    assert_eq!(call.clone().await.unwrap().name.as_deref(), Some("1"));
    assert_eq!(call.await.unwrap().name.as_deref(), Some("2"));
}

#[tokio::test]
async fn invalid_responses_are_described() {
    let thing = Thing::default();
    let table = [
        ("", BodyForm::Empty, "the answer has no body"),
        (r#"{"name":"#, BodyForm::Truncated, "the answer breaks off after 8 bytes"),
        (
            "<!DOCTYPE html><html><head><title>Sign in</title>",
            BodyForm::Html,
            "the answer is an HTML page, not JSON: Sign in",
        ),
        ("[]", BodyForm::Json, "the answer cannot be decoded: "),
        ("gateway says no", BodyForm::Text, "the answer cannot be decoded: "),
        ("\u{1}", BodyForm::Text, "the answer has the content coding \"br\", which is not decoded"),
    ];
    for (body, form, message) in table {
        let coding = if body == "\u{1}" { "br" } else { "identity" };
        let step = Step::ok(body).with("content-encoding", coding);
        let error = client([step]).create("a", &thing).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert_eq!(error.http().unwrap().form(), form, "{body}");
        assert_eq!(error.http().unwrap().body(), body, "{body}");
        assert!(error.message().starts_with(message), "{body}: {}", error.message());
        // The server executed the call; only the response is lost.
        assert!(error.maybe_sent(), "{body}");
    }
}

/// A captive portal or proxy may respond in place of the service.
#[tokio::test]
async fn html_pages_are_rejected_without_a_response_schema() {
    let page = "<!DOCTYPE html><html><head><title>Sign in</title></head></html>";
    for (body, kind, form) in [
        (page, "text/html", BodyForm::Html),
        (page, "", BodyForm::Html),
        (page, "application/json", BodyForm::Html),
        ("welcome", "text/plain", BodyForm::Text),
    ] {
        let step = || match kind {
            "" => Step::ok(body),
            kind => Step::ok(body).with("content-type", kind),
        };
        let error = client([step()]).delete("a/b").send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert_eq!(error.http().unwrap().form(), form, "{body}");
        assert!(error.maybe_sent(), "{body}");
        let error = client([step()]).delete("a/b").send_full().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        for raw in [
            client([step()]).raw::<Delete>().execute().await,
            client([step()]).raw::<Get>().execute().await,
        ] {
            assert_eq!(raw.unwrap_err().kind(), ErrorKind::Decode, "{body}");
        }
        // Bytes are returned unchanged, and so is another format that the caller requested.
        client([step()]).render("a/b").send().await.unwrap();
        let call = client([step()]).raw::<Get>().with_query("alt", "csv");
        assert_eq!(call.execute().await.unwrap().body, body);
    }
}

/// A model with additional properties.
#[derive(Clone, PartialEq)]
struct Labels {
    labels: Map<Json>,
    extra: json::Extra,
}

json::model! {
    Labels = "Labels";
    _ => labels;
}

#[tokio::test]
async fn an_error_in_a_successful_response_is_an_error() {
    let status = r#"{"code":404,"message":"no such thing","status":"NOT_FOUND"}"#;
    for (body, message, form) in [
        (format!(r#"{{"error":{status}}}"#), "no such thing", BodyForm::Status),
        (format!(r#"{{"name":"t","error":{status}}}"#), "no such thing", BodyForm::Status),
        (format!(r#"[{{"error":{status}}}]"#), "no such thing", BodyForm::Array),
        (
            format!(r#" [{{"name":"a"}},{{"name":"b"}},{{"error":{status}}}]"#),
            "no such thing (after 2 items)",
            BodyForm::Array,
        ),
    ] {
        for error in [
            client([Step::ok(&body)]).get("a/b").send().await.map(drop).unwrap_err(),
            client([Step::ok(&body)]).get("a/b").send_full().await.map(drop).unwrap_err(),
            client([Step::ok(&body)]).delete("a/b").send().await.unwrap_err(),
            client([Step::ok(&body)]).raw::<Get>().execute().await.unwrap_err(),
            // Types that take undeclared members themselves.
            client([Step::ok(&body)]).raw::<Get>().send::<Json>().await.map(drop).unwrap_err(),
            client([Step::ok(&body)]).raw::<Get>().send::<()>().await.unwrap_err(),
            client([Step::ok(&body)]).raw::<Get>().send::<Map<Json>>().await.map(drop).unwrap_err(),
            client([Step::ok(&body)]).raw::<Get>().send::<Labels>().await.map(drop).unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Service, "{body}");
            assert_eq!(error.message(), message, "{body}");
            assert!(error.is_not_found() && error.maybe_sent(), "{body}");
            let http = error.http().unwrap();
            assert_eq!((http.status().as_u16(), http.form()), (200, form), "{body}");
            assert_eq!(http.body(), body.as_bytes(), "{body}");
        }
    }
}

#[tokio::test]
async fn other_fields_named_error_are_data() {
    for body in [
        r#"{"name":"\"error\"","inner":{"error":{"code":5}}}"#,
        r#"{"error":null}"#,
        r#"{"error":7}"#,
    ] {
        client([Step::ok(body)]).get("a/b").send().await.unwrap();
        client([Step::ok(body)]).raw::<Get>().execute().await.unwrap();
    }
    let list = r#"["error",{"x":[{"error":{"code":5}}]}]"#;
    client([Step::ok(list)]).raw::<Get>().execute().await.unwrap();
    // A failed operation is not a failed call: the response schema declares the field.
    let failed = r#"{"name":"o","done":true,"error":{"code":5,"message":"gone"}}"#;
    client([Step::ok(failed)]).operation().send().await.unwrap();
}

#[tokio::test]
async fn data_is_wrapped_and_unwrapped() {
    let script = Script::new([Step::ok(r#"{"data":{"name":"out"},"kind":"x"}"#), Step::ok("{}")]);
    let client: WrappingClient = discovery_runtime::ClientBuilder::new()
        .with_transport(script.clone())
        .with_anonymous()
        .build()
        .unwrap();
    let thing = client.make(&Thing::named("in")).send().await.unwrap();
    assert_eq!(thing.name.as_deref(), Some("out"));
    assert_eq!(script.sent()[0].body, r#"{"data":{"name":"in"}}"#);
    let error = client.make(&thing).send().await.unwrap_err();
    assert!(error.message().contains("`data`"), "{error}");
}

#[tokio::test]
async fn responses_over_the_limit_are_rejected() {
    let script = Script::new([Step::ok(&format!("{{\"name\":\"{}\"}}", "x".repeat(100)))]);
    let clock = ManualClock::jumping();
    let client = script.client(&clock).with_response_limit(64).build().unwrap();
    let error = client.get("a/b").send().await.unwrap_err();
    assert!(error.message().contains("limit of 64 bytes"), "{error}");
    assert_eq!(error.attempts(), 1);
}
