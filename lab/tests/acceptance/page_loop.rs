//! A repeated page token is an error instead of an endless loop. Empty pages are allowed.

use discovery_runtime::ErrorKind;
use discovery_runtime::testing::{FaultServer, Incoming, Reply};

use crate::jobs;

async fn listing(pages: &'static [(Option<&str>, &str)]) -> FaultServer {
    FaultServer::start(move |incoming: Incoming| async move {
        let token = incoming.head().query("pageToken");
        let page = pages.iter().find(|(asked, _)| *asked == token.as_deref());
        page.map_or_else(|| Reply::error(400, "no such page"), |(_, page)| Reply::json(*page))
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn the_same_token_twice_ends_the_list_with_an_error() {
    let server = listing(&[
        (None, r#"{"companies":[{"name":"a"}],"nextPageToken":"t"}"#),
        (Some("t"), r#"{"companies":[{"name":"b"}],"nextPageToken":"u"}"#),
        (Some("u"), r#"{"companies":[{"name":"c"}],"nextPageToken":"t"}"#),
    ])
    .await;
    let client = jobs(&server).build().unwrap();
    let mut items = client.projects().companies().list("projects/p").items();
    for name in ["a", "b", "c"] {
        assert_eq!(items.next().await.unwrap().unwrap().name.as_deref(), Some(name));
    }
    let error = items.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PageLoop);
    assert_eq!(error.method_id(), Some("jobs.projects.companies.list"));
    assert!(items.next().await.is_none());
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn an_empty_page_is_not_the_end() {
    let server = listing(&[
        (None, r#"{"nextPageToken":"t"}"#),
        (Some("t"), r#"{"companies":[],"nextPageToken":"u"}"#),
        (Some("u"), r#"{"companies":[{"name":"a"}],"nextPageToken":""}"#),
    ])
    .await;
    let client = jobs(&server).build().unwrap();
    let items = client.projects().companies().list("projects/p").items().collect().await.unwrap();
    assert_eq!((items.len(), server.requests().len()), (1, 3));
}
