//! The formats of a stream, with `stream`, `send`, and blocking.

use discovery_runtime::json::Json;
use discovery_runtime::testing::{FaultServer, Reply};
use discovery_runtime::transport::Transport;
use discovery_runtime::{Call, CallOptions, ErrorKind};
use discovery_testing::Service;
use std::sync::Arc;

use super::{ERROR, all, client, replying};
use crate::api::Client;
use crate::faults::transports;

const EVENTS: &str = "text/event-stream; charset=utf-8";

/// Content type and body, with the expected names and error.
fn table() -> Vec<(&'static str, String, Vec<&'static str>, Option<&'static str>)> {
    let (a, b) = (r#"{"name":"a"}"#, r#"{"name":"b"}"#);
    let json = "application/json";
    vec![
        (json, "[]".to_owned(), vec![], None),
        (json, " \n[\n]\n ".to_owned(), vec![], None),
        (json, format!("[{a},{b}]"), vec!["a", "b"], None),
        (json, format!(" [\n{a}\n,\n{b}\n]\n"), vec!["a", "b"], None),
        (json, format!("{a}\n{b}\n"), vec!["a", "b"], None),
        (json, a.to_owned(), vec!["a"], None),
        ("application/x-ndjson", format!("{a}\r\n{b}"), vec!["a", "b"], None),
        ("application/x-ndjson", String::new(), vec![], None),
        (EVENTS, format!("data: {a}\r\n\r\n: ping\n\nid: 2\ndata:{b}\n\n"), vec!["a", "b"], None),
        (EVENTS, format!("data: {a}\n\ndata: [DONE]\n\n"), vec!["a"], None),
        (json, format!("[{a},{ERROR}]"), vec!["a"], Some("gone (after one item)")),
        (json, format!("[{a},{b},{ERROR},{a}]"), vec!["a", "b"], Some("gone (after 2 items)")),
        (json, format!("{a}\n{ERROR}\n"), vec!["a"], Some("gone (after one item)")),
        (
            EVENTS,
            format!("data: {a}\n\ndata: {ERROR}\n\n"),
            vec!["a"],
            Some("gone (after one item)"),
        ),
        (
            EVENTS,
            format!("data: {a}\n\nevent: error\ndata: {{\"code\":5,\"message\":\"lost\"}}\n\n"),
            vec!["a"],
            Some("lost (after one item)"),
        ),
        (json, format!("[{ERROR}]"), vec![], Some("gone")),
        (json, format!("[{a},12]"), vec!["a"], Some("item 2 cannot be decoded")),
        (json, format!("[{a},{{\"name\":tru}}]"), vec!["a"], Some("item 2 cannot be decoded")),
        (json, format!("[{a},{b}"), vec!["a", "b"], Some("breaks off (after 2 items)")),
        (json, format!("[{a} {b}]"), vec!["a"], Some("expected `,` or `]`")),
        (json, format!("[{a}]]"), vec!["a"], Some("trailing characters")),
        (
            EVENTS,
            format!("data: {a}\n\ndata: {{\"na"),
            vec!["a"],
            Some("breaks off (after one item)"),
        ),
        (json, String::new(), vec![], Some("the answer has no body")),
        ("text/html", "<html><title>Sign in</title>".to_owned(), vec![], Some("Sign in")),
        ("text/plain", "ok".to_owned(), vec![], Some("neither a JSON array nor")),
    ]
}

async fn stream_and_send(client: &Client, body: &str, names: &[&str], error: Option<&str>) {
    // Without retries: malformed responses would be the same the second time.
    let watch = || client.tell(&crate::api::Thing::default());
    let (read, failed) = all(watch().stream()).await;
    assert_eq!(read, names, "{body}");
    let sent = watch().send().await;
    match error {
        None => {
            assert!(failed.is_none(), "{body}: {failed:?}");
            let sent: Vec<_> = sent.unwrap().into_iter().filter_map(|thing| thing.name).collect();
            assert_eq!(sent, names, "{body}");
        }
        Some(says) => {
            let failed = failed.unwrap();
            assert!(failed.to_string().contains(says), "{body}: {failed}");
            assert!(failed.to_string().starts_with("things.tell: "), "{failed}");
            assert!(failed.maybe_sent(), "{failed}");
            // On an error, `send` discards all items.
            assert_eq!(sent.unwrap_err().kind(), failed.kind(), "{body}");
        }
    }
}

#[tokio::test]
async fn forms() {
    for (content_type, body, names, error) in table() {
        let reply = Reply::new(200).with_body(content_type, body.clone());
        let (_server, client) = replying(reply).await;
        stream_and_send(&client, &body, &names, error).await;
    }
}

#[tokio::test]
async fn on_every_transport() {
    let body = format!("[{}]", vec![r#"{"name":"a"}"#; 10_000].join(","));
    for (name, _, transport) in transports() {
        let server = FaultServer::replying(Reply::json(body.clone())).await.unwrap();
        let builder = Client::builder().with_endpoint(server.url()).with_anonymous();
        let client = builder.with_transport(Arc::clone(&transport) as Arc<dyn Transport>).build();
        let (names, error) = all(client.unwrap().watch().stream()).await;
        assert_eq!((names.len(), error.is_none()), (10_000, true), "{name}");
    }
}

#[tokio::test]
async fn no_content_is_no_item() {
    let (_server, client) = replying(Reply::new(204)).await;
    assert_eq!(all(client.watch().stream()).await.0.len(), 0);
    assert_eq!(client.watch().send().await.unwrap(), []);
}

/// The caller requests events with `alt`.
#[tokio::test]
async fn events_are_asked_for_with_alt() {
    let server = FaultServer::start(|request| async move {
        match request.head().query("alt").as_deref() {
            Some("sse") => Reply::new(200).with_body(EVENTS, "data: {\"name\":\"event\"}\n\n"),
            _ => Reply::json(r#"[{"name":"element"}]"#),
        }
    });
    let server = server.await.unwrap();
    let client = client(&server.url());
    assert_eq!(all(client.watch().stream()).await.0, ["element"]);
    let events = || client.watch().with_query("alt", "sse");
    assert_eq!(all(events().stream()).await.0, ["event"]);
    assert_eq!(events().send().await.unwrap()[0].name.as_deref(), Some("event"));
}

/// Raw bytes of a streaming method are usually lines or events; `send` returns them unchanged.
#[tokio::test]
async fn raw_bytes_that_hold_messages() {
    let lines = "{\"n\":1}\n{\"n\":2}\n";
    let reply = Reply::new(200).with_body("application/json", lines);
    let (_server, client) = replying(reply).await;
    let items: Vec<Json> = client.pipe().stream().collect().await.unwrap();
    assert_eq!(items.iter().map(Json::as_str).collect::<Vec<_>>(), [r#"{"n":1}"#, r#"{"n":2}"#]);
    assert_eq!(client.pipe().send().await.unwrap().data, lines);
}

#[test]
fn without_async() {
    let service =
        Service::new(|_| async { Reply::json(format!("[{{\"name\":\"a\"}},{{}},{ERROR}]")) });
    let server = FaultServer::on_thread(service, "127.0.0.1:0").unwrap();
    let client = client(&server.url());
    let mut stream = client.watch().blocking().stream();
    assert_eq!(stream.next().unwrap().unwrap().name.as_deref(), Some("a"));
    assert_eq!(stream.next().unwrap().unwrap().name, None);
    assert!(stream.next().unwrap().unwrap_err().to_string().contains("gone (after 2 items)"));
    assert!(stream.next().is_none());
    let mut small = client.watch().blocking().stream().with_max_item_size(5);
    assert!(small.next().unwrap().is_err());
    assert!(small.next().is_none());
}

/// A method that is not known to stream.
#[tokio::test]
async fn a_list_instead_of_an_object_says_how_to_read_it() {
    let (_server, client) = replying(Reply::json(r#"[{"name":"a"},{"name":"b"}]"#)).await;
    let error = client.get("x").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    for part in ["found a list", "list of messages", ".stream()", "`streams` in the overlay"] {
        assert!(error.to_string().contains(part), "{error}");
    }
    assert_eq!(all(Call::from(client.get("x")).stream()).await.0, ["a", "b"]);
}
