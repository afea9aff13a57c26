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
