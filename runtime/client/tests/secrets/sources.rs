//! Files, variables, and forms of credentials are never quoted.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::path::Path;

use discovery_runtime::auth::installed::{Grant, OAuthClient};
use discovery_runtime::auth::{Adc, AuthError, AuthErrorKind, AuthorizedUser, Cached};
use discovery_runtime::hyper::HyperTransport;
use discovery_runtime::testing::{FaultServer, Reply};
use discovery_runtime::{Call, Client};

use crate::common::{self, LIST, Store};

const SECRET: &str = "SECRET-5812";

/// Returns everything that an error can print.
fn printed(error: &(dyn StdError + 'static)) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}");
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!("\n{error}\n{error:?}"));
        cause = error.source();
    }
    text
}

fn found_from(variables: &[(&str, &str)]) -> (Adc, AuthError) {
    let all: BTreeMap<_, _> = variables.iter().copied().chain([("NO_GCE_CHECK", "true")]).collect();
    let adc = Adc::builder().with_environment(all).build();
    let error = adc.describe().unwrap_err();
    (adc, error)
}

#[test]
fn file_content_in_place_of_a_path_is_not_shown() {
    let compact = format!(r#"{{"type":"service_account","private_key":"{SECRET}"}}"#);
    let pretty = format!("{{\n  \"type\": \"x\",\n  \"private_key\": \"{SECRET}\"\n}}\n");
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----\n");
    for content in [&compact, &pretty, &pem, &format!("  {compact}")] {
        let errors = [
            found_from(&[("GOOGLE_APPLICATION_CREDENTIALS", content)]).1,
            Adc::from_file(content).unwrap_err(),
            OAuthClient::from_file(content).unwrap_err(),
            Grant::load(content).unwrap_err(),
        ];
        for error in errors {
            let text = printed(&error);
            assert!(text.contains("is its content, not its path"), "{text}");
            assert!(!text.contains(SECRET), "{text}");
            assert_eq!(error.kind(), AuthErrorKind::Invalid);
        }
    }
}

#[test]
fn text_unlike_a_path_is_not_shown() {
    let base64 = format!("{}{SECRET}", "eyJ0eXBlIjoic2VydmljZV9hY2NvdW50".repeat(40));
    for value in
        [SECRET, &format!("ya29.{SECRET}-{SECRET}"), &format!("1//0{SECRET}{SECRET}"), &base64]
    {
        let (adc, error) = found_from(&[("GOOGLE_APPLICATION_CREDENTIALS", value)]);
        let text = format!("{}{adc:?}", printed(&error));
        assert!(text.contains("GOOGLE_APPLICATION_CREDENTIALS is set, but"), "{text}");
        assert!(!text.contains(SECRET), "{text}");
        let (adc, error) = found_from(&[("CLOUDSDK_CONFIG", value), ("HOME", value)]);
        let text = format!("{}{adc:?}", printed(&error));
        assert!(value == SECRET || !text.contains(SECRET), "{text}");
    }
    let (_, error) = found_from(&[("GOOGLE_APPLICATION_CREDENTIALS", "/no/such/key.json")]);
    assert!(error.to_string().contains("/no/such/key.json"), "{error}");
    let adc = Adc::builder().with_environment([("HOME", SECRET)]).with_file(SECRET).build();
    assert!(!format!("{adc:?}").contains(SECRET), "{adc:?}");
}

#[test]
fn files_are_not_quoted() {
    let texts = [
        SECRET.to_owned(),
        format!(r#"{{"type": "{SECRET}"}}"#),
        format!(r#"{{"type": "authorized_user", "client_secret": "{SECRET}"}}"#),
        format!(r#"{{"type": "authorized_user", "client_secret": "{SECRET}"#),
        format!(r#"{{"type": "service_account", "client_email": "a", "private_key": "{SECRET}"}}"#),
        format!(r#"["{SECRET}"]"#),
        format!(r#"{{"installed": {{"client_secret": "{SECRET}"}}}}"#),
        format!(r#"{{"web": {{"client_secret": "{SECRET}"}}}}"#),
    ];
    for text in texts {
        let errors =
            [Adc::from_json(&text).unwrap_err(), OAuthClient::from_json(&text).unwrap_err()];
        errors.iter().for_each(|error| assert!(!printed(error).contains(SECRET), "{error:?}"));
    }
}

#[test]
fn addresses_are_not_shown_with_their_passwords() {
    let urls = [
        format!("http+x://user:{SECRET}@host/"),
        format!("user:{SECRET}@host"),
        format!("https://user:{SECRET}@host/"),
        format!("https://host/?key={SECRET}"),
        format!(r#"{{"private_key": "{SECRET}"}}"#),
    ];
    for url in urls {
        let builder = Store::builder_at(&url);
        let debug = format!("{builder:?}");
        let error = builder.build().err().unwrap();
        let text = format!("{debug}{}", printed(&error));
        assert!(!text.contains(SECRET), "{text}");
        let proxy = HyperTransport::builder().with_proxy(&url);
        let debug = format!("{proxy:?}");
        let made = proxy.build();
        let text = match &made {
            Ok(transport) => format!("{debug}{transport:?}"),
            Err(error) => format!("{debug}{}", printed(error)),
        };
        assert!(!text.contains(SECRET), "{text}");
    }
}

/// Starts a service that quotes the whole request.
async fn quoting(status: u16) -> FaultServer {
    let server = FaultServer::start(move |mut incoming| async move {
        let body = String::from_utf8_lossy(&incoming.body().await).into_owned();
        let headers: Vec<_> =
            incoming.head().headers.values().map(|v| v.to_str().unwrap().to_owned()).collect();
        let line = format!("{} {}", incoming.head().uri, headers.join(" "));
        let answer = serde_json::json!({
            "error": "invalid_grant", "error_description": format!("bad request: {body} {line}"),
        });
        Reply::new(status).with_body("application/json", answer.to_string())
    });
    server.await.unwrap()
}

fn credentials(tokens: &FaultServer) -> AuthorizedUser {
    // Characters that are encoded in forms.
    let refresh = format!("1/{SECRET}+&=\"x");
    AuthorizedUser::new("client", Some(format!("{SECRET}/client").into()), refresh)
        .with_token_url(tokens.url() + "/token")
}

async fn fails(client: &Client) -> String {
    let error = Call::new(client, &LIST).execute().await.unwrap_err();
    printed(&error)
}

#[tokio::test]
async fn forms_quoted_by_token_services_are_redacted() {
    for status in [400, 401, 403, 503] {
        let (tokens, api) = (quoting(status).await, quoting(200).await);
        let credentials = Cached::new(credentials(&tokens));
        let builder = common::builder(&api).with_credentials(credentials);
        let client = builder.with_retry(discovery_runtime::retry::NoRetry).build().unwrap().0;
        let text = fails(&client).await;
        assert!(text.contains("invalid_grant") && text.contains("REDACTED"), "{text}");
        assert!(!text.contains(SECRET), "{text}");
    }
}

/// The caller's own secrets are redacted as well.
#[tokio::test]
async fn requests_quoted_by_apis_are_redacted() {
    for status in [400, 401, 403, 500] {
        let api = quoting(status).await;
        let builder = common::builder(&api).with_retry(discovery_runtime::retry::NoRetry);
        let client = builder.with_api_key(format!("{SECRET}-key"));
        let client =
            client.with_header("cookie", &format!("sid={SECRET}-cookie")).build().unwrap().0;
        let call = Call::new(&client, &LIST).with_query("access_token", format!("{SECRET}/+ \""));
        let call = call.with_header("authorization", &format!("Basic {SECRET}-basic"));
        let error = call.execute().await.unwrap_err();
        let body = String::from_utf8_lossy(error.http().unwrap().body()).into_owned();
        let text = format!("{}{:?}{body}", printed(&error), error.status());
        assert!(text.contains("REDACTED") && text.contains("bad request"), "{text}");
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[test]
fn paths_of_this_machine_are_shown() {
    let path = std::env::temp_dir().join("no-such-folder").join("key.json");
    let error = Adc::from_file(Path::new(&path)).unwrap_err();
    assert!(error.to_string().contains("key.json"), "{error}");
}
