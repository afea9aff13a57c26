//! Responses of token services.

use crate::support::{TOKEN, context, form, now, server};
use discovery_runtime::auth::{AuthError, AuthErrorKind, AuthorizedUser, Token, TokenProvider};
use discovery_runtime::clock::ManualClock;
use discovery_runtime::testing::{Fault, FaultServer, Reply};
use std::time::Duration;

async fn user(server: &FaultServer) -> Result<Token, AuthError> {
    let user = AuthorizedUser::new("client", Some("client-secret".into()), "refresh/+token")
        .with_token_url(format!("{}/token", server.url().trim_end_matches('/')));
    user.fetch(&now()).await
}

#[tokio::test]
async fn a_refresh_is_a_form_post() {
    let server = server(TOKEN).await;
    let token = user(&server).await.unwrap();
    assert_eq!(token.secret().expose(), "the-access-token");
    assert_eq!(token.lifetime(), Some(Duration::from_secs(3599)));
    let requests = server.requests();
    assert_eq!(requests[0].line(), "POST /token");
    assert_eq!(requests[0].head.header("content-type"), Some("application/x-www-form-urlencoded"));
    let fields = form(&requests[0]);
    let expected = [
        ("client_id", "client"),
        ("client_secret", "client-secret"),
        ("grant_type", "refresh_token"),
        ("refresh_token", "refresh/+token"),
    ];
    assert!(fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).eq(expected), "{fields:?}");
}

/// Status, body, expected kind, part of the message, and number of requests.
type Row = (u16, &'static str, AuthErrorKind, &'static str, usize);

#[tokio::test]
async fn failures_include_hints() {
    use AuthErrorKind::{Malformed, Refused, Unavailable};
    let table: [Row; 14] = [
        (
            400,
            r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#,
            Refused,
            "Token has been expired or revoked.; the login has expired or was revoked",
            1,
        ),
        (400, r#"{"error":"invalid_scope"}"#, Refused, "ask for scopes", 1),
        (401, r#"{"error":"invalid_client"}"#, Refused, "401 invalid_client", 1),
        (
            403,
            r#"{"error":{"code":403,"message":"No rights","status":"PERMISSION_DENIED"}}"#,
            Refused,
            "PERMISSION_DENIED while refreshing a user's access token: No rights",
            1,
        ),
        (404, "<html>", Refused, "answered 404 while", 1),
        (400, r#"{"error":"temporarily_unavailable"}"#, Unavailable, "try again later", 3),
        (401, r#"{"error":"internal_failure"}"#, Unavailable, "internal_failure", 3),
        (429, "", Unavailable, "429", 3),
        (500, "[]", Unavailable, "500", 3),
        (503, r#"{"error":7}"#, Unavailable, "503", 3),
        (200, "", Malformed, "not a JSON object", 1),
        (200, "[1]", Malformed, "not a JSON object", 1),
        (200, r#"{"access_token":""}"#, Malformed, "no access_token", 1),
        (200, r#"{"access_token":"x","token_type":"mac"}"#, Malformed, "not a bearer token", 1),
    ];
    // Concurrently, since retries take a second.
    let rows: Vec<_> = table.into_iter().map(|row| tokio::spawn(check(row))).collect();
    for row in rows {
        row.await.unwrap();
    }
}

async fn check((status, body, kind, words, requests): Row) {
    let reply = Reply::json(body).with_status(status);
    let server = FaultServer::replying(reply).await.unwrap();
    let error = user(&server).await.unwrap_err();
    assert_eq!(error.kind(), kind, "{status} {body}: {error}");
    assert!(error.to_string().contains(words), "{status} {body}: {error}");
    assert_eq!(server.requests().len(), requests, "{status} {body}");
}

#[tokio::test]
async fn messages_of_services_are_truncated_and_escaped() {
    let noise = "\\u001b[31m\\n".repeat(200);
    let body = format!(r#"{{"error":"invalid_request","error_description":"{noise}"}}"#);
    let server = FaultServer::replying(Reply::json(body).with_status(400)).await.unwrap();
    let message = user(&server).await.unwrap_err().to_string();
    assert!(!message.chars().any(char::is_control), "{message}");
    assert!(message.len() < 600, "{}", message.len());
}

#[tokio::test]
async fn transient_faults_are_retried() {
    for fault in [Fault::Status(503), Fault::Reset, Fault::LoseAnswer, Fault::WrongLength] {
        let server = server(TOKEN).await;
        server.inject(fault);
        assert_eq!(user(&server).await.unwrap().secret().expose(), "the-access-token", "{fault}");
        assert_eq!(server.requests().len(), 2, "{fault}");
    }
}

#[tokio::test]
async fn no_attempt_starts_without_time_left() {
    let server = server(TOKEN).await;
    server.inject(Fault::Status(503));
    let clock = ManualClock::new();
    let cx = context(clock.clone()).with_deadline(Some(Duration::from_millis(150)));
    let user = AuthorizedUser::new("client", None, "r").with_token_url(server.url());
    let error = user.fetch(&cx).await.unwrap_err();
    // The service's own failure, which is more informative than a timeout.
    assert_eq!(error.kind(), AuthErrorKind::Unavailable);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn an_unreachable_service_is_unavailable() {
    // Bound, so that no other test uses the port, but not listening.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}/", socket.local_addr().unwrap());
    let user = AuthorizedUser::new("client", None, "r").with_token_url(url);
    let error = user.fetch(&now()).await.unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::Unavailable);
    assert!(error.is_transient() && std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn refresh_tokens_are_not_sent_unencrypted() {
    let user = AuthorizedUser::new("client", None, "r").with_token_url("http://example.com/token");
    assert_eq!(user.fetch(&now()).await.unwrap_err().kind(), AuthErrorKind::Insecure);
    let user = AuthorizedUser::new("client", None, "r").with_token_url("http://[bad");
    assert_eq!(user.fetch(&now()).await.unwrap_err().kind(), AuthErrorKind::Invalid);
}

#[tokio::test]
async fn lifetimes_may_be_text_or_missing() {
    for (member, seconds) in
        [(r#","expires_in":"120""#, 120), ("", 3600), (r#","expires_in":-1"#, 3600)]
    {
        let server = server(&format!(r#"{{"access_token":"t"{member}}}"#)).await;
        let token = user(&server).await.unwrap();
        assert_eq!(token.lifetime(), Some(Duration::from_secs(seconds)), "{member}");
    }
}
