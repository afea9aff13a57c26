//! Pages and items.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use discovery_runtime::ErrorKind;
use discovery_runtime::clock::ManualClock;
use futures_core::Stream;

use crate::api::{Client, Thing};
use crate::script::{Script, Step};

fn client(script: &Script) -> Client {
    script.client(&ManualClock::jumping()).build().unwrap()
}

fn page(names: &[&str], next: &str) -> Step {
    let things: Vec<_> = names.iter().map(|name| serde_json::json!({ "name": name })).collect();
    Step::ok(&serde_json::json!({ "things": things, "nextPageToken": next }).to_string())
}

fn token(line: &str) -> Option<&str> {
    line.split(['?', '&']).find_map(|pair| pair.strip_prefix("pageToken="))
}

fn names(things: Vec<Thing>) -> Vec<String> {
    things.into_iter().filter_map(|thing| thing.name).collect()
}

#[tokio::test]
async fn all_items_by_query_token() {
    let script = Script::new([page(&["a", "b"], "t/1"), page(&[], "t2"), page(&["c"], "")]);
    let items = client(&script).list("p").page_size(2).items().collect().await.unwrap();
    assert_eq!(names(items), ["a", "b", "c"]);
    let lines: Vec<String> = script.sent().into_iter().map(|sent| sent.line).collect();
    let tokens: Vec<Option<&str>> = lines.iter().map(|line| token(line)).collect();
    assert_eq!(tokens, [None, Some("t/1"), Some("t2")]);
    assert!(lines.iter().all(|line| line.contains("pageSize=2")));
}

#[tokio::test]
async fn all_items_by_body_token() {
    let last = Step::ok(r#"{"things":[{"name":"b"}]}"#);
    let script = Script::new([page(&["a"], "t\"1"), last]);
    let mut query = Thing::named("n");
    query.extra.insert("list", discovery_runtime::json::Json::from(true));
    let items = client(&script).search("p", &query).items().collect().await.unwrap();
    assert_eq!(names(items), ["a", "b"]);
    let bodies: Vec<String> = script.sent().into_iter().map(|sent| sent.body).collect();
    assert_eq!(bodies[0], r#"{"name":"n","list":true}"#);
    assert_eq!(bodies[1], r#"{"name":"n","list":true,"pageToken":"t\"1"}"#);
}

#[tokio::test]
async fn pages_without_streams() {
    let script = Script::new([page(&["a"], "t1"), page(&["b"], "")]);
    let mut pages = client(&script).list("p").pages();
    assert_eq!(pages.resume_token(), None);
    let first = pages.next_page().await.unwrap().unwrap();
    assert_eq!(first.next_page_token.as_deref(), Some("t1"));
    assert_eq!(pages.resume_token(), Some("t1"));
    assert!(pages.next().await.unwrap().is_ok());
    assert!(pages.is_done());
    assert!(pages.next_page().await.unwrap().is_none());
    assert_eq!(script.count(), 2);
}

#[tokio::test]
async fn pages_and_items_are_streams() {
    let script = Script::new([page(&["a", "b"], "t1"), page(&["c"], "")]);
    let mut items = client(&script).list("p").items();
    let mut seen = Vec::new();
    while let Some(item) = poll_fn(|cx| Pin::new(&mut items).poll_next(cx)).await {
        seen.push(item.unwrap());
    }
    assert_eq!(names(seen), ["a", "b", "c"]);
}

#[tokio::test]
async fn limits_request_no_extra_page() {
    let script = Script::new([page(&["a", "b"], "t1"), page(&["c", "d"], "t2")]);
    let items = client(&script).list("p").items().max_items(3).collect().await.unwrap();
    assert_eq!(names(items), ["a", "b", "c"]);
    assert_eq!(script.count(), 2);

    let script = Script::new([page(&["a", "b"], "t1")]);
    let items = client(&script).list("p").items().max_items(2).collect().await.unwrap();
    assert_eq!((items.len(), script.count()), (2, 1));
    assert!(client(&Script::new([])).list("p").items().max_items(0).next().await.is_none());

    let script = Script::new([page(&["a"], "t1"), page(&["b"], "t2")]);
    let mut pages = client(&script).list("p").pages().max_pages(2);
    while pages.next_page().await.unwrap().is_some() {}
    assert_eq!((script.count(), pages.resume_token()), (2, Some("t2")));
}

#[tokio::test]
async fn another_process_can_resume() {
    let script = Script::new([page(&["a"], "t1"), page(&["b", "c"], "t2"), page(&["d"], "")]);
    let mut items = client(&script).list("p").items();
    for _ in 0..2 {
        items.next().await.unwrap().unwrap();
    }
    // In the middle of the second page: its token, and one item to skip.
    let (token, skip) = items.resume_token();
    assert_eq!((token, skip), (Some("t1"), 1));

    let script = Script::new([page(&["b", "c"], "t2"), page(&["d"], "")]);
    let rest = client(&script).list("p").items().starting_at("t1").collect().await.unwrap();
    assert_eq!(names(rest)[1..], ["c", "d"]);
    assert!(script.sent()[0].line.contains("pageToken=t1"));
}

#[tokio::test]
async fn a_token_that_was_followed_is_an_error() {
    for (script, good) in [
        // The same token repeated; the first page's token; the caller's own token.
        (vec![page(&["a"], "t"), page(&["b"], "t")], 2),
        (vec![page(&["a"], "t"), page(&["b"], "u"), page(&["c"], "t")], 3),
    ] {
        let script = Script::new(script);
        let mut items = client(&script).list("p").items();
        for _ in 0..good {
            items.next().await.unwrap().unwrap();
        }
        let error = items.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PageLoop);
        assert_eq!(error.method_id(), Some("things.list"));
        assert!(items.next().await.is_none());
        assert_eq!(script.count(), good);
    }
    let script = Script::new([page(&["a"], "mine")]);
    let mut pages = client(&script).list("p").page_token("mine").pages();
    assert!(pages.next().await.unwrap().is_ok());
    assert_eq!(pages.next().await.unwrap().unwrap_err().kind(), ErrorKind::PageLoop);
}

#[tokio::test]
async fn failed_pages_are_requested_again() {
    let script = Script::new([page(&["a"], "t1"), Step::status(404, ""), page(&["b"], "")]);
    let mut pages = client(&script).list("p").pages();
    assert!(pages.next().await.unwrap().is_ok());
    assert!(pages.next().await.unwrap().unwrap_err().is_not_found());
    assert_eq!(pages.resume_token(), Some("t1"));
    assert!(pages.next().await.unwrap().is_ok());
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn a_dropped_wait_loses_nothing() {
    let script = Script::new([Step::Late(r#"{"things":[{"name":"a"}]}"#.to_owned())]);
    let client = script.client(&ManualClock::new()).build().unwrap();
    let mut items = client.list("p").items();
    // Polled once and dropped, as in `select!`.
    let mut next = Box::pin(items.next());
    let pending = poll_fn(|cx| Poll::Ready(next.as_mut().poll(cx).is_pending())).await;
    assert!(pending);
    drop(next);
    assert_eq!(names(items.collect().await.unwrap()), ["a"]);
    assert_eq!(script.count(), 1);
}
