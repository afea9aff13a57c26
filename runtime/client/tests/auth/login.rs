//! User login, with the test acting as the browser.

use crate::support::{Folder, form, now, percent_decoded, server};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use discovery_runtime::auth::installed::{Grant, Login, OAuthClient, login};
use discovery_runtime::auth::{Adc, AuthErrorKind, Credentials};
use discovery_runtime::clock::ManualClock;
use discovery_runtime::testing::{FaultServer, Reply};
use std::collections::BTreeMap;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const ANSWER: &str = r#"{"access_token": "a", "expires_in": 3599, "refresh_token": "the-refresh-token",
    "scope": "scope-a openid", "token_type": "Bearer"}"#;

fn client(server: &FaultServer) -> OAuthClient {
    let base = server.url();
    OAuthClient::new("client-id", Some("client-secret".into()))
        .with_token_url(format!("{}/token", base.trim_end_matches('/')))
}

fn query(url: &str) -> BTreeMap<String, String> {
    let (_, query) = url.split_once('?').unwrap();
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, value)| (name.to_owned(), percent_decoded(value)))
        .collect()
}

/// Returns the response that the browser gets from the login's address.
async fn visit(login: &BTreeMap<String, String>, target: &str) -> String {
    let host = login["redirect_uri"].trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(host).await.unwrap();
    let head = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn a_login_from_browser_to_file() {
    let (server, folder) = (server(ANSWER).await, Folder::new());
    let mut url = None;
    let (send, receive) = tokio::sync::oneshot::channel();
    let browser = tokio::spawn(async move {
        let url: String = receive.await.unwrap();
        let login = query(&url);
        let target = format!("/?state={}&code=4%2Fthe-code&scope=scope-a", login["state"]);
        let answer = visit(&login, &target).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(!answer.contains("the-code"));
        login
    });
    let cx = now();
    let grant = login(client(&server), ["scope-a", "scope-b"], &cx, |text| {
        url = Some(text.to_owned());
        send.send(text.to_owned()).unwrap();
    })
    .await
    .unwrap();
    let asked = browser.await.unwrap();
    assert!(url.unwrap().starts_with("https://accounts.google.com/o/oauth2/v2/auth?"));
    for (name, value) in [
        ("client_id", "client-id"),
        ("response_type", "code"),
        ("scope", "scope-a scope-b"),
        ("code_challenge_method", "S256"),
        ("access_type", "offline"),
        ("prompt", "consent"),
    ] {
        assert_eq!(asked[name], value);
    }
    let fields = form(&server.requests()[0]);
    assert_eq!(fields["grant_type"], "authorization_code");
    assert_eq!(fields["code"], "4/the-code");
    assert_eq!(fields["redirect_uri"], asked["redirect_uri"]);
    assert_eq!(fields["client_secret"], "client-secret");
    let digest = ring::digest::digest(&ring::digest::SHA256, fields["code_verifier"].as_bytes());
    assert_eq!(URL_SAFE_NO_PAD.encode(digest), asked["code_challenge"]);
    assert_eq!(fields["code_verifier"].len(), 43);
    assert_eq!(grant.scopes(), ["scope-a", "openid"]);

    let path = folder.path().join("new/token.json");
    grant.with_quota_project("q").save(&path).unwrap();
    use_the_file(&server, &path, &cx).await;
}

async fn use_the_file(
    server: &FaultServer,
    path: &std::path::Path,
    cx: &discovery_runtime::auth::AuthContext,
) {
    let grant = Grant::load(path).unwrap();
    assert_eq!(grant.scopes(), ["scope-a", "openid"]);
    let headers = grant.credentials().headers(cx).await.unwrap();
    assert_eq!(headers.bearer_token().unwrap().expose(), "a");
    Adc::from_file(path).unwrap().headers(cx).await.unwrap();
    grant.revoke(cx).await.unwrap();
    let requests = server.requests();
    let lines: Vec<String> = requests.iter().map(|request| request.line()).collect();
    assert_eq!(lines, ["POST /token", "POST /token", "POST /token", "POST /revoke"]);
    assert_eq!(form(&requests[1])["refresh_token"], "the-refresh-token");
    assert_eq!(form(&requests[3])["token"], "the-refresh-token");
}

#[tokio::test]
async fn unrelated_requests_are_ignored() {
    let server = server(ANSWER).await;
    let login = Login::start(client(&server), ["scope-a"]).unwrap();
    let asked = query(login.url());
    let waiting = tokio::spawn(async move { login.wait(&now()).await });
    // Browsers open speculative connections without sending a request.
    let host = asked["redirect_uri"].trim_start_matches("http://").trim_end_matches('/').to_owned();
    let silent = TcpStream::connect(&host).await.unwrap();
    let state = &asked["state"];
    for target in [
        "/favicon.ico".to_owned(),
        "/?code=stolen".to_owned(),
        "/?code=stolen&state=guess".to_owned(),
        format!("/other?code=c&state={state}"),
        format!("/?state={state}"),
        format!("/?state={state}&code="),
    ] {
        let answer = visit(&asked, &target).await;
        assert!(answer.starts_with("HTTP/1.1 404 "), "{target}: {answer}");
    }
    let mut rude = TcpStream::connect(&host).await.unwrap();
    rude.write_all(&vec![b'x'; 20_000]).await.unwrap();
    assert!(!waiting.is_finished());
    visit(&asked, &format!("/?code=c&state={state}")).await;
    waiting.await.unwrap().unwrap();
    drop(silent);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_user_who_declines_ends_the_login() {
    let server = server(ANSWER).await;
    let login = Login::start(client(&server), ["scope-a"]).unwrap();
    let asked = query(login.url());
    let waiting = tokio::spawn(async move { login.wait(&now()).await });
    visit(&asked, &format!("/?error=access_denied&state={}", asked["state"])).await;
    let error = waiting.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::Refused);
    assert!(error.to_string().contains("access_denied"), "{error}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_browser_elsewhere_and_an_address_by_hand() {
    let server = server(ANSWER).await;
    let login = Login::start(client(&server), ["scope-a"]).unwrap();
    let asked = query(login.url());
    let address = format!(" {}?state={}&code=c#x\n", asked["redirect_uri"], asked["state"]);
    assert_eq!(login.finish(&address, &now()).await.unwrap().scopes(), ["scope-a", "openid"]);
    for address in ["", "http://127.0.0.1/?code=c", "http://127.0.0.1/?code=c&state=other"] {
        let login = Login::start(client(&server), ["scope-a"]).unwrap();
        let error = login.finish(address, &now()).await.unwrap_err();
        assert_eq!(error.kind(), AuthErrorKind::Invalid);
    }
}

#[tokio::test]
async fn the_login_ends_at_the_deadline() {
    let server = server(ANSWER).await;
    let clock = ManualClock::new();
    let cx = crate::support::deadline(&clock, std::time::Duration::from_secs(300));
    let login = Login::start(client(&server), ["scope-a"]).unwrap();
    let waiting = tokio::spawn(async move { login.wait(&cx).await });
    clock.wait_for_sleepers(1).await;
    clock.advance(std::time::Duration::from_secs(300));
    assert_eq!(waiting.await.unwrap().unwrap_err().kind(), AuthErrorKind::Timeout);
}

#[tokio::test]
async fn a_code_is_exchanged_once() {
    let reply = Reply::error(503, "down");
    let server = FaultServer::replying(reply).await.unwrap();
    let login = Login::start(client(&server), ["scope-a"]).unwrap();
    let state = query(login.url())["state"].clone();
    let error = login.finish(&format!("/?code=c&state={state}"), &now()).await.unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::Unavailable);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn states_and_verifiers_are_never_the_same() {
    let start = || Login::start(OAuthClient::new("c", None), ["s"]).unwrap();
    let (one, two) = (query(start().url()), query(start().url()));
    assert_ne!(one["state"], two["state"]);
    assert_ne!(one["code_challenge"], two["code_challenge"]);
    let none: [&str; 0] = [];
    let error = Login::start(OAuthClient::new("c", None), none).unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::Invalid);
    let open = OAuthClient::new("c", None).with_auth_url("http://example.com/auth");
    assert_eq!(Login::start(open, ["s"]).unwrap_err().kind(), AuthErrorKind::Insecure);
}

#[test]
fn client_files_are_validated() {
    let good = r#"{"installed": {"client_id": "i", "client_secret": "s",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token"}}"#;
    let login = Login::start(OAuthClient::from_json(good).unwrap(), ["s"]).unwrap();
    assert!(login.url().starts_with("https://accounts.google.com/o/oauth2/auth?client_id=i&"));
    for (text, words) in [
        ("{", "not JSON"),
        ("{}", "\"installed\""),
        (r#"{"web": {}}"#, "Web application"),
        (r#"{"installed": {"client_secret": "s"}}"#, "client_id"),
    ] {
        let error = OAuthClient::from_json(text).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
    assert_eq!(OAuthClient::from_file("/none").unwrap_err().kind(), AuthErrorKind::NotFound);
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_private_and_replaced_atomically() {
    use std::os::unix::fs::PermissionsExt;
    let (server, folder) = (server(ANSWER).await, Folder::new());
    let login = Login::start(client(&server), ["scope-a"]).unwrap();
    let state = query(login.url())["state"].clone();
    let grant = login.finish(&format!("/?code=c&state={state}"), &now()).await.unwrap();
    let path = folder.file("token.json", "an older file that others may read");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    grant.save(&path).unwrap();
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    let deeper = folder.path().join("a/b/token.json");
    grant.save(&deeper).unwrap();
    assert_eq!((mode(&deeper), mode(deeper.parent().unwrap())), (0o600, 0o700));
    let names = std::fs::read_dir(folder.path()).unwrap();
    assert_eq!(names.count(), 2, "no temporary file is left");

    // A folder cannot be replaced by a file: the failure is reported and leaves no files behind.
    let error = grant.save(folder.path().join("a")).unwrap_err();
    assert!(error.to_string().contains("cannot be kept"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    for (name, text) in [("x.json", "{}"), ("y.json", "?")] {
        let error = Grant::load(folder.file(name, text)).unwrap_err();
        assert_eq!(error.kind(), AuthErrorKind::Invalid);
    }
    assert_eq!(Grant::load("/none").unwrap_err().kind(), AuthErrorKind::NotFound);
}
