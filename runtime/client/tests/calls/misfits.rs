//! Values of responses that do not fit their types.

use discovery_runtime::clock::ManualClock;
use discovery_runtime::json::{Json, Model};
use discovery_runtime::testing::Reply;
use discovery_runtime::{CallOptions, Error, ErrorKind};

use crate::api::{Client, Thing};
use crate::messages::{all, replying};
use crate::script::{Script, Step};
use crate::traced::Traced;

fn client(script: &Script) -> Client {
    script.client(&ManualClock::jumping()).build().unwrap()
}

/// Checks the error of a value: it names the place, the types, and the method.
#[track_caller]
fn check(error: &Error, pointer: &str, reason: &str, method: &str) {
    let text = error.to_string();
    assert_eq!(error.kind(), ErrorKind::Decode, "{text}");
    for part in [&format!("{pointer} "), reason, method] {
        assert!(text.contains(part), "{part:?} is missing: {text}");
    }
}

const NUMBER: &str = "expected a string, found a number";

#[tokio::test]
async fn a_value_is_set_aside_and_sent_back() {
    for value in ["5", "true", "[]", "{}", "[[[1]]]", r#"{"a": {"b": [ 1 ]}}"#] {
        let answer = format!(r#"{{"name": {value}, "other": 1}}"#);
        let script = Script::new([Step::ok(&answer), Step::ok("{}")]);
        let client = client(&script);
        let thing = client.get("n").await.unwrap();
        assert_eq!(thing.name, None);
        assert_eq!(thing.misfits()[0].pointer(), "/name");
        client.patch("n", &thing).await.unwrap();
        let sent: Json = script.sent()[1].body.parse().unwrap();
        assert_eq!(sent, answer.parse().unwrap());
    }
}

#[tokio::test]
async fn items_with_odd_values_are_items() {
    for odd in [1, 99, 101, 1000] {
        let items = vec![r#"{"name":"a"},{"name":5}"#; odd].join(",");
        let script = Script::new([Step::ok(&format!(r#"{{"things":[{items}]}}"#))]);
        let things = client(&script).list("p").items().collect().await.unwrap();
        let names = things.iter().filter(|thing| thing.name.is_some()).count();
        assert_eq!((things.len(), names), (2 * odd, odd));
        assert!(things.iter().all(|thing| thing.name.is_some() || thing.extra.len() == 1));
    }
}

#[tokio::test]
async fn a_page_whose_items_are_set_aside_is_an_error() {
    for (things, pointer, reason) in [
        (r#"[{"name":"a"},5]"#, "/things/1", "expected an object, found a number"),
        (r#"{"name":"a"}"#, "/things", "expected a list, found an object"),
        (r#""none""#, "/things", "expected a list, found a string"),
        (r#"[{"name":"a"},null]"#, "/things/1", "expected an object, found null"),
    ] {
        let answer = format!(r#"{{"things":{things},"nextPageToken":"t"}}"#);
        let good = Step::ok(r#"{"things":[{"name":"b"}]}"#);
        let script = Script::new([Step::ok(&answer), Step::ok(&answer), Step::ok(&answer), good]);
        let client = client(&script);
        let error = client.list("p").items().collect().await.unwrap_err();
        check(&error, pointer, reason, "things.list");
        let mut pages = client.list("p").pages();
        check(&pages.next().await.unwrap().unwrap_err(), pointer, reason, "`things`");
        // `send` returns the page, with the items in `extra`.
        let page = client.list("p").await.unwrap();
        assert_eq!((page.things, page.extra.len()), (None, 1));
        // The same page is asked for again.
        assert_eq!(pages.next_page().await.unwrap().unwrap().things.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_page_token_of_another_kind() {
    let pages = |token: &str| {
        let first = format!(r#"{{"things":[{{"name":"a"}}],"nextPageToken":{token}}}"#);
        Script::new([Step::ok(&first), Step::ok(r#"{"things":[{"name":"b"}]}"#)])
    };
    let script = pages("12");
    assert_eq!(client(&script).list("p").items().collect().await.unwrap().len(), 2);
    assert!(script.sent()[1].line.contains("pageToken=12"));
    for (token, kind) in [("true", "a boolean"), ("[\"t\"]", "a list"), ("{}", "an object")] {
        let script = pages(token);
        let mut items = client(&script).list("p").items();
        assert!(items.next().await.unwrap().is_ok(), "the page itself is good");
        let error = items.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.to_string().contains(&format!("`nextPageToken` is {kind}")), "{error}");
        assert_eq!(script.count(), 1);
    }
}

#[tokio::test]
async fn strict_calls_refuse_it() {
    let odd = || Step::ok(r#"{"name":5}"#);
    let script = Script::new(std::iter::repeat_with(odd).take(4));
    let client = client(&script);
    let error = client.get("n").with_strict_responses(true).await.unwrap_err();
    check(&error, "/name", NUMBER, "things.get");
    assert!(client.get("n").await.is_ok());
    let error = client.get("n").with_strict_responses(true).send_full().await.unwrap_err();
    check(&error, "/name", NUMBER, "things.get");
    assert!(client.get("n").with_strict_responses(false).await.is_ok());
}

#[tokio::test]
async fn strict_clients_refuse_it() {
    let answer = r#"{"things":[{"name":"a"},{"name":5},{"name":6}],"nextPageToken":"t"}"#;
    let script = Script::new([Step::ok(answer), Step::ok(answer), Step::ok(answer)]);
    let builder = script.client(&ManualClock::jumping());
    let client = builder.with_strict_responses(true).build().unwrap();
    let error = client.list("p").await.unwrap_err();
    check(&error, "/things/1/name", NUMBER, "things.list");
    assert!(error.to_string().contains("(and 1 more)"), "{error}");
    let error = client.list("p").items().collect().await.unwrap_err();
    check(&error, "/things/1/name", NUMBER, "things.list");
    let page = client.list("p").with_strict_responses(false).await.unwrap();
    assert_eq!(page.things.unwrap().len(), 3);
}

/// Any value of the outermost kind has a place; another kind has none.
#[tokio::test]
async fn a_whole_answer_of_another_kind_is_an_error() {
    for (answer, kind) in [("5", "a number"), ("\"x\"", "a string"), ("null", "null")] {
        let script = Script::new([Step::ok(answer)]);
        let error = client(&script).get("n").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.to_string().contains(&format!("found {kind}")), "{error}");
    }
}

#[tokio::test]
async fn messages_of_streams() {
    let body = r#"[{"name":"a"},{"name":5},{"name":"c"}]"#;
    let (_server, client) = replying(Reply::json(body)).await;
    let (names, error) = all(client.watch().stream()).await;
    assert!(names == ["a", "", "c"] && error.is_none());
    let (names, error) = all(client.watch().with_strict_responses(true).stream()).await;
    assert_eq!(names, ["a"]);
    check(&error.unwrap(), "/name", NUMBER, "item 2");
    assert_eq!(client.watch().send().await.unwrap().len(), 3);
    let error = client.watch().with_strict_responses(true).await.unwrap_err();
    check(&error, "/1/name", NUMBER, "things.watch");

    let (_server, client) = replying(Reply::json(r#"[{"name":"a"},5,{"name":"c"}]"#)).await;
    let (names, error) = all(client.watch().stream()).await;
    assert_eq!(names, ["a"]);
    let error = error.unwrap().to_string();
    assert!(error.contains("item 2") && error.contains("expected an object"), "{error}");
}

#[test]
fn blocking_calls() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let answer = r#"{"things":[{"name":5}],"name":6}"#;
    let (_server, client) = runtime.block_on(replying(Reply::json(answer)));
    let thing: Thing = client.get("n").blocking().send().unwrap();
    assert!(thing.name.is_none() && thing.extra.is_null("name").eq(&false));
    let error = client.get("n").with_strict_responses(true).blocking().send().unwrap_err();
    check(&error, "/name", "expected a string", "things.get");
    let items: Result<Vec<_>, _> = client.list("p").blocking().items().collect();
    assert_eq!(items.unwrap()[0].misfits().len(), 1);
    let strict = client.list("p").with_strict_responses(true).blocking();
    check(&strict.items().next().unwrap().unwrap_err(), "/things/0/name", NUMBER, "things.list");
}

#[tokio::test]
async fn values_set_aside_are_logged_without_their_content() {
    let traced = Traced::default();
    let _guard = traced.listen();
    let answer = r#"{"things":[{"name":"a"},{"name":["private"]},{"name":6}]}"#;
    let script = Script::new([Step::ok(answer), Step::ok(r#"{"things":[{"name":"a"}]}"#)]);
    let client = client(&script);
    client.list("p").await.unwrap();
    let text = traced.text();
    let event = text.lines().find(|line| line.contains("set aside")).expect(&text);
    for part in ["things.list", "count=2", "/things/1/name"] {
        assert!(event.contains(part), "{part} is missing: {event}");
    }
    assert!(!event.contains("private"), "{event}");
    client.list("p").await.unwrap();
    assert_eq!(traced.text().matches("set aside").count(), 1);
}
