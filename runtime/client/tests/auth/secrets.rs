//! No printed value contains a secret.

use crate::support::{Folder, now, server};
use discovery_runtime::auth::installed::{Login, OAuthClient};
use discovery_runtime::auth::{
    Adc, Anonymous, ApiKey, AuthContext, AuthHeaders, AuthorizedUser, Cached, Credentials,
    Impersonated, MetadataServer, Secret, ServiceAccount, StaticToken, Token, TokenFn,
};
use std::fmt::Debug;

const KEY: &str = include_str!("../data/test-key.pkcs8.pem");
/// Part of every secret in this test.
const MARK: &str = "s3cr3t";

fn check(what: &dyn Debug) {
    for text in [format!("{what:?}"), format!("{what:#?}")] {
        assert!(!text.contains(MARK), "{text}");
        for line in KEY.lines().filter(|line| !line.starts_with('-')) {
            assert!(!text.contains(&line[..16]), "{text}");
        }
    }
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let token = r#"{"access_token": "s3cr3t-access", "refresh_token": "s3cr3t-refresh"}"#;
    let server = server(token).await;
    let user = AuthorizedUser::new("client", Some("s3cr3t-client".into()), "s3cr3t-refresh")
        .with_token_url(server.url());
    let robot = ServiceAccount::new("robot@example.com", KEY).unwrap();
    let cached = Cached::new(user.clone());
    let headers = cached.headers(&now()).await.unwrap();
    assert_eq!(headers.bearer_token().unwrap().expose(), "s3cr3t-access");
    let client = OAuthClient::new("client", Some("s3cr3t-client".into()));
    let login = Login::start(client.clone().with_token_url(server.url()), ["scope"]).unwrap();
    // The state is part of the address that the user opens; the verifier must not appear anywhere.
    check(&login);
    let state = login.url().split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let grant = login.finish(&format!("/?code=s3cr3t-code&state={state}"), &now()).await.unwrap();

    let file = Folder::new();
    let path = file.path().join("token.json");
    grant.save(&path).unwrap();
    let adc = Adc::from_file(&path).unwrap();
    adc.headers(&now()).await.unwrap();

    let all: [&dyn Debug; 16] = [
        &Secret::from("s3cr3t"),
        &Token::new("s3cr3t"),
        &ApiKey::new("s3cr3t"),
        &StaticToken::new("s3cr3t"),
        &Anonymous,
        &TokenFn::new(|_| async { Ok(Token::new("s3cr3t")) }),
        &AuthHeaders::api_key(&"s3cr3t".into()).unwrap(),
        &headers,
        &user,
        &cached,
        &robot,
        &MetadataServer::new(),
        &Impersonated::new(StaticToken::new("s3cr3t"), "robot@example.com"),
        &client,
        &grant,
        &adc,
    ];
    for what in all {
        check(what);
    }
    let mut request = http::HeaderMap::new();
    headers.apply(&mut request);
    check(&request);
    check(&now());
}

#[tokio::test]
async fn errors_show_no_secret() {
    let errors = [
        AuthHeaders::bearer(&"s3cr3t\n".into()).unwrap_err(),
        AuthHeaders::api_key(&"s3cr3t\u{7f}".into()).unwrap_err(),
        Adc::from_json(r#"{"type": "authorized_user", "s3cr3t"#).unwrap_err(),
        Adc::from_json(
            r#"{"type": "service_account", "client_email": "a", "private_key": "s3cr3t"}"#,
        )
        .unwrap_err(),
        OAuthClient::from_json(r#"{"installed": {"client_secret": "s3cr3t"}}"#).unwrap_err(),
        refused(r#"{"error": "invalid_grant"}"#).await,
        refused("not json").await,
    ];
    for error in errors {
        check(&error);
        assert!(!error.to_string().contains(MARK), "{error}");
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            assert!(!cause.to_string().contains(MARK), "{cause}");
            source = cause.source();
        }
    }
}

async fn refused(answer: &str) -> discovery_runtime::auth::AuthError {
    let server = server(answer).await;
    let user =
        AuthorizedUser::new("c", Some("s3cr3t".into()), "s3cr3t").with_token_url(server.url());
    let cx: AuthContext = now();
    Cached::new(user).headers(&cx).await.unwrap_err()
}

#[tokio::test]
async fn an_empty_token_is_not_sent() {
    for text in ["", " \n"] {
        let error = StaticToken::new(text).headers(&now()).await.unwrap_err();
        assert!(error.to_string().contains("the access token is empty"), "{error}");
        let error = ApiKey::new(text).headers(&now()).await.unwrap_err();
        assert!(error.to_string().contains("the API key is empty"), "{error}");
    }
}
