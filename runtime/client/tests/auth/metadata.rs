//! Metadata server.

use crate::support::{TOKEN, now};
use discovery_runtime::auth::{AuthErrorKind, MetadataServer, TokenProvider};
use discovery_runtime::testing::{FaultServer, Reply};

fn host(server: &FaultServer) -> String {
    server.url().trim_start_matches("http://").trim_end_matches('/').to_owned()
}

#[tokio::test]
async fn asks_with_the_flavor_and_the_scopes() {
    let reply = Reply::json(TOKEN).with_header("metadata-flavor", "Google");
    let server = FaultServer::replying(reply).await.unwrap();
    let provider = MetadataServer::new().with_host(host(&server));
    provider.fetch(&now()).await.unwrap();
    let cx = now().with_scopes(["https://a/b", "c"]);
    let provider = provider.with_account("robot@p.iam.gserviceaccount.com");
    let token = provider.fetch(&cx).await.unwrap();
    assert_eq!(token.secret().expose(), "the-access-token");
    let requests = server.requests();
    let lines: Vec<String> = requests.iter().map(|request| request.line()).collect();
    let base = "GET /computeMetadata/v1/instance/service-accounts";
    assert_eq!(
        lines,
        [
            format!("{base}/default/token"),
            format!("{base}/robot@p.iam.gserviceaccount.com/token?scopes=c%2Chttps%3A%2F%2Fa%2Fb"),
        ]
    );
    assert_eq!(requests[0].head.header("metadata-flavor"), Some("Google"));
}

#[tokio::test]
async fn metadata_servers_of_other_clouds_are_rejected() {
    let server = FaultServer::replying(Reply::json(TOKEN)).await.unwrap();
    let provider = MetadataServer::new().with_host(host(&server));
    let error = provider.fetch(&now()).await.unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::NotFound);
    assert!(error.to_string().contains("not Google's metadata server"), "{error}");
}

#[tokio::test]
async fn machines_without_an_account_are_reported() {
    let reply = Reply::new(404).with_header("metadata-flavor", "Google");
    let server = FaultServer::replying(reply).await.unwrap();
    let provider = MetadataServer::new().with_host(host(&server));
    let error = provider.fetch(&now()).await.unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::NotFound);
    assert!(error.to_string().contains("attach one"), "{error}");
}
