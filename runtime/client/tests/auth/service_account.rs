//! Service accounts, and tokens signed with their keys.

use crate::support::{TOKEN, context, form, server};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use discovery_runtime::auth::{AuthErrorKind, Cached, Credentials, ServiceAccount, TokenProvider};
use discovery_runtime::clock::ManualClock;
use discovery_runtime::spec::{MethodSpec, ServiceSpec, Verb};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::{Value, json};
use std::time::Duration;

// Keys for these tests only.
const PKCS8: &str = include_str!("../data/test-key.pkcs8.pem");
const PKCS1: &str = include_str!("../data/test-key.pkcs1.pem");
const ELLIPTIC: &str = include_str!("../data/test-key.ec.pem");
const PUBLIC: &[u8] = include_bytes!("../data/test-key.public.der");
const EMAIL: &str = "robot@project.iam.gserviceaccount.com";
/// Start of the manual clock's calendar.
const START: u64 = 1_893_456_000;

/// Returns header and claims of a token after verifying its signature.
pub(crate) fn verified(jwt: &str) -> (Value, Value) {
    let (signed, signature) = jwt.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, PUBLIC);
    key.verify(signed.as_bytes(), &signature).unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let part = |text: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap();
    (part(header), part(claims))
}

#[tokio::test]
async fn an_assertion_is_exchanged() {
    let server = server(TOKEN).await;
    let url = server.url();
    let account = ServiceAccount::new(EMAIL, PKCS8).unwrap().with_key_id("k1").with_token_url(&url);
    let cx = context(ManualClock::new()).with_scopes(["scope-b", "scope-a"]);
    let token = account.fetch(&cx).await.unwrap();
    assert_eq!(token.secret().expose(), "the-access-token");
    let fields = form(&server.requests()[0]);
    assert_eq!(fields["grant_type"], "urn:ietf:params:oauth:grant-type:jwt-bearer");
    let (header, claims) = verified(&fields["assertion"]);
    assert_eq!(header, json!({ "alg": "RS256", "typ": "JWT", "kid": "k1" }));
    let issued = START - 10;
    let expected = json!({
        "iss": EMAIL, "aud": url, "scope": "scope-a scope-b", "iat": issued, "exp": issued + 3600,
    });
    assert_eq!(claims, expected);
}

#[tokio::test]
async fn a_subject_is_in_the_assertion() {
    let server = server(TOKEN).await;
    let account = ServiceAccount::new(EMAIL, PKCS1)
        .unwrap()
        .with_token_url(server.url())
        .with_self_signed_tokens(true)
        .with_subject("boss@example.com");
    account.fetch(&context(ManualClock::new())).await.unwrap();
    let (_, claims) = verified(&form(&server.requests()[0])["assertion"]);
    assert_eq!(claims["sub"], "boss@example.com");
    assert_eq!(claims["scope"], "https://www.googleapis.com/auth/cloud-platform");
}

#[tokio::test]
async fn self_signed_tokens_need_no_request() {
    for account in [
        ServiceAccount::new(EMAIL, PKCS8).unwrap().with_self_signed_tokens(true),
        ServiceAccount::new(EMAIL, PKCS8).unwrap().with_universe("example.cloud"),
    ] {
        let cx = context(ManualClock::new()).with_scopes(["scope-a"]);
        let token = account.fetch(&cx).await.unwrap();
        assert_eq!(token.lifetime(), Some(Duration::from_secs(3590)));
        let (header, claims) = verified(token.secret().expose());
        assert_eq!(header, json!({ "alg": "RS256", "typ": "JWT" }));
        let issued = START - 10;
        let expected = json!({
            "iss": EMAIL, "sub": EMAIL, "scope": "scope-a", "iat": issued, "exp": issued + 3600,
        });
        assert_eq!(claims, expected);
    }
}

const fn method(scopes: &'static [&'static str]) -> MethodSpec {
    MethodSpec {
        scopes,
        default_scope: Some(scopes[0]),
        ..MethodSpec::new(Verb::Get, "things.get", &SERVICE, &[])
    }
}

static SERVICE: ServiceSpec = ServiceSpec {
    id: "things:v1",
    root_url: "https://things.googleapis.com/",
    mtls_root_url: None,
    service_path: "",
    batch_path: None,
    data_wrapper: false,
    package: "google-things-v1",
    package_version: "0.1.0",
};

/// Methods of an API of Google Cloud, and of another.
static CLOUD: MethodSpec = method(&["scope-a", "https://www.googleapis.com/auth/cloud-platform"]);
static OTHER: MethodSpec = method(&["scope-a"]);

#[tokio::test]
async fn tokens_for_google_cloud_are_self_signed() {
    let (yes, no) = (Some(true), Some(false));
    for (api, choice, subject, requests) in [
        (&CLOUD, None, None, 0),
        (&OTHER, None, None, 1),
        (&CLOUD, no, None, 1),
        (&OTHER, yes, None, 0),
        (&CLOUD, None, Some("boss@example.com"), 1),
        (&CLOUD, yes, Some("boss@example.com"), 1),
    ] {
        let server = server(TOKEN).await;
        let mut account = ServiceAccount::new(EMAIL, PKCS8).unwrap().with_token_url(server.url());
        account = account.with_self_signed_tokens(choice);
        if let Some(subject) = subject {
            account = account.with_subject(subject);
        }
        let cx = context(ManualClock::new()).with_method(api);
        let token = account.fetch(&cx).await.unwrap();
        assert_eq!(server.requests().len(), requests, "{choice:?} {subject:?}");
        if requests == 0 {
            assert_eq!(verified(token.secret().expose()).1["scope"], "scope-a");
        }
    }
}

#[tokio::test]
async fn credentials_serve_apis_inside_and_outside_of_google_cloud() {
    let server = server(TOKEN).await;
    let account = ServiceAccount::new(EMAIL, PKCS8).unwrap().with_token_url(server.url());
    let cached = Cached::new(account);
    let cx = context(ManualClock::new());
    for (api, exchanged) in [(&CLOUD, false), (&OTHER, true), (&CLOUD, false)] {
        let headers = cached.headers(&cx.clone().with_method(api)).await.unwrap();
        let token = headers.bearer_token().unwrap();
        assert_eq!(token.expose() == "the-access-token", exchanged);
    }
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn other_universes_have_no_delegation() {
    let account = ServiceAccount::new(EMAIL, PKCS8).unwrap().with_universe("example.cloud");
    let account = account.with_subject("boss@example.com");
    let error = account.fetch(&context(ManualClock::new())).await.unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::Invalid);
    assert!(error.to_string().contains("leave out the subject"), "{error}");
}

#[test]
fn errors_do_not_show_invalid_keys() {
    let cut = PKCS8.replace("MII", "");
    for (pem, words) in [
        ("", "not in PEM form"),
        (
            "-----BEGIN PRIVATE KEY-----\nsecretsecret\n-----END PRIVATE KEY-----\n",
            "cannot be used",
        ),
        (ELLIPTIC, "is not an RSA key"),
        (cut.as_str(), "the private key"),
    ] {
        let error = ServiceAccount::new(EMAIL, pem).unwrap_err();
        assert_eq!(error.kind(), AuthErrorKind::Invalid);
        assert!(error.to_string().contains(words), "{error}");
        assert!(!format!("{error:?}").contains("secret"));
    }
}

#[tokio::test]
async fn line_breaks_of_keys_may_be_two_characters() {
    let server = server(TOKEN).await;
    for pem in [PKCS8.replace('\n', "\\n"), PKCS1.replace('\n', "\\n")] {
        let account = ServiceAccount::new(EMAIL, &pem).unwrap().with_token_url(server.url());
        account.fetch(&context(ManualClock::new())).await.unwrap();
    }
}
