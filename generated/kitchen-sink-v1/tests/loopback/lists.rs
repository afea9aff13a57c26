//! Lists whose items take some finding: maps by scope, rows, whole answers.

use super::client;
use discovery_runtime::testing::{FaultServer, Reply};
use std::sync::Arc;

/// A server that answers the first request with the first page, and so on.
pub(crate) async fn serving(pages: &[&str]) -> FaultServer {
    let pages: Vec<String> = pages.iter().map(|page| (*page).to_owned()).collect();
    let left = Arc::new(std::sync::Mutex::new(pages.into_iter()));
    FaultServer::start(move |_| {
        let page = left.lock().unwrap().next();
        async move { page.map_or_else(|| Reply::error(500, "no page is left"), Reply::json) }
    })
    .await
    .unwrap()
}

const FIRST: &str = r#"{"items":{"zones/a":{"things":[{"name":"x"}]},"zones/b":{"note":"empty"}},
    "unreachables":["zones/c"],"warnings":[{"message":"slow"}],"nextPageToken":"t"}"#;
const SECOND: &str =
    r#"{"items":{"zones/a":{"things":[{"name":"y"}]}},"unreachables":["zones/d"]}"#;

fn name(scoped: &google_kitchen_sink_v1::models::PagingItemsScoped) -> Option<&str> {
    scoped.things.as_ref()?.first()?.name.as_deref()
}

#[tokio::test]
async fn aggregated_lists_give_scopes_with_what_is_in_them() {
    let server = serving(&[FIRST, SECOND]).await;
    let call = client(&server).paging_items_things().aggregated_list();
    let items = call.items().collect().await.unwrap();
    let got: Vec<_> = items.iter().map(|(scope, list)| (scope.as_str(), name(list))).collect();
    assert_eq!(got, [("zones/a", Some("x")), ("zones/b", None), ("zones/a", Some("y"))]);
}

#[cfg(feature = "blocking")]
#[tokio::test]
async fn aggregated_lists_without_async() {
    let server = serving(&[FIRST, SECOND]).await;
    let call = client(&server).paging_items_things().aggregated_list();
    let scopes = move || call.blocking().items().map(|item| item.unwrap().0).collect::<Vec<_>>();
    let scopes = tokio::task::spawn_blocking(scopes).await.unwrap();
    assert_eq!(scopes, ["zones/a", "zones/b", "zones/a"]);
}

#[tokio::test]
async fn a_token_called_as_in_the_request_is_followed() {
    let server = serving(&[
        r#"{"rows":[{"name":"a"}],"columnHeaders":["name"],"pageToken":"t"}"#,
        r#"{"rows":[{"name":"b"}]}"#,
    ])
    .await;
    let rows = client(&server).paging_items_things().query().items().collect().await.unwrap();
    assert_eq!(rows.len(), 2);
    assert!(server.requests()[1].line().contains("pageToken=t"));
}

fn query(line: &str) -> Vec<&str> {
    line.split_once('?').map_or("", |(_, query)| query).split([' ', '&']).collect()
}

#[tokio::test]
async fn the_token_joins_a_mask_that_lacks_it() {
    let pages = [
        r#"{"things":[{"name":"a"}],"nextPageToken":"t"}"#,
        r#"{"things":[{"name":"b"}],"nextPageToken":""}"#,
    ];
    let server = serving(&[pages[0], pages[1], pages[0], pages[1], pages[0], pages[1]]).await;
    let list = || client(&server).paging().list();
    let items = list().fields("things(name)").items().collect().await.unwrap();
    assert_eq!(items.len(), 2);
    let mut pages = list().fields("things/name").pages();
    while let Some(page) = pages.next().await {
        assert_eq!(page.unwrap().things.unwrap().len(), 1);
    }
    // A mask that has the token stays as it is.
    let items = list().fields("nextPageToken,things").items().collect().await.unwrap();
    assert_eq!(items.len(), 2);
    let masks = [
        "things%28name%29%2CnextPageToken",
        "things/name%2CnextPageToken",
        "nextPageToken%2Cthings",
    ];
    let lines: Vec<String> = server.requests().iter().map(|r| r.line()).collect();
    for (at, line) in lines.iter().enumerate() {
        let wanted = format!("fields={}", masks[at / 2]);
        assert!(query(line).contains(&wanted.as_str()), "{line}: {wanted}");
        assert_eq!(query(line).contains(&"pageToken=t"), at % 2 == 1, "{line}");
    }
}

#[tokio::test]
async fn a_mask_without_the_items_is_refused() {
    let server = serving(&[r#"{"nextPageToken":""}"#]).await;
    let list = || client(&server).paging().list().fields("nextPageToken");
    let mut items = list().items();
    let error = items.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), discovery_runtime::ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("`things`"), "{error}");
    assert!(items.next().await.is_none());
    assert_eq!(server.requests().len(), 0, "nothing is sent");
    assert!(list().pages().next().await.unwrap().is_ok(), "pages need no items");
}

#[tokio::test]
async fn tokens_of_other_kinds() {
    for (token, followed) in
        [("12", Some("12")), ("1.5e3", Some("1.5e3")), ("null", None), ("\"\"", None)]
    {
        let first = format!(r#"{{"things":[{{"name":"a"}}],"nextPageToken":{token},"more":1}}"#);
        let server = serving(&[&first, r#"{"things":[{"name":"b"}]}"#]).await;
        let items = client(&server).paging().list().items().collect().await.unwrap();
        assert_eq!(items.len(), 1 + usize::from(followed.is_some()), "{token}");
        if let Some(followed) = followed {
            let line = server.requests()[1].line();
            assert!(query(&line).contains(&format!("pageToken={followed}").as_str()), "{line}");
        }
    }
    for token in ["true", "{\"a\":1}", "[\"t\"]"] {
        let first = format!(r#"{{"things":[{{"name":"a"}}],"nextPageToken":{token}}}"#);
        let server = serving(&[&first]).await;
        let mut items = client(&server).paging().list().items();
        assert_eq!(items.next().await.unwrap().unwrap().name.as_deref(), Some("a"), "{token}");
        let error = items.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), discovery_runtime::ErrorKind::Decode, "{token}: {error}");
        assert!(error.to_string().contains("nextPageToken"), "{error}");
        assert!(items.next().await.is_none(), "{token}");
        assert_eq!(server.requests().len(), 1);
    }
}
