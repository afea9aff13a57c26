//! Default credentials that act on behalf of a user.

use crate::service_account::verified;
use crate::support::{Folder, TOKEN, form, now, server};
use discovery_runtime::auth::{Adc, AuthErrorKind, Credentials};
use discovery_runtime::json::Json;
use discovery_runtime::spec::{MethodSpec, Segment, ServiceSpec};
use discovery_runtime::testing::{FaultServer, Reply};
use discovery_runtime::{Call, Client};
use serde_json::{Value, json};

const KEY: &str = include_str!("../data/test-key.pkcs8.pem");
const SCOPE: &str = "https://www.googleapis.com/auth/things";

static SERVICE: ServiceSpec = ServiceSpec {
    id: "things:v1",
    root_url: "https://things.googleapis.com/",
    mtls_root_url: None,
    service_path: "",
    batch_path: None,
    data_wrapper: false,
    package: "google-things-v1",
    package_version: "0.0.0",
};

static LIST: MethodSpec = MethodSpec {
    scopes: &[SCOPE],
    default_scope: Some(SCOPE),
    ..MethodSpec::get("things.list", &SERVICE, &[Segment::Literal("v1/things")])
};

fn account(url: &str) -> Value {
    json!({
        "type": "service_account", "client_email": "robot@p.iam.gserviceaccount.com",
        "private_key": KEY, "token_uri": url,
    })
}

/// Run as a process of its own, with an environment of its own.
#[tokio::test]
#[ignore = "a part of the next test"]
async fn in_an_environment() {
    let Ok(url) = std::env::var("TEST_SERVER") else { return };
    let builder = Client::builder(&SERVICE).with_endpoint(url).with_subject("boss@example.com");
    Call::new(&builder.build().unwrap(), &LIST).send::<Json>().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_act_on_behalf_of_a_user() {
    let (tokens, folder) = (server(TOKEN).await, Folder::new());
    let api = FaultServer::replying(Reply::json("{}")).await.unwrap();
    let file = folder.file("key.json", &account(&tokens.url()).to_string());
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "--ignored", "subject::in_an_environment"]);
    command.env("TEST_SERVER", api.url()).env("GOOGLE_APPLICATION_CREDENTIALS", file);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let (_, claims) = verified(&form(&tokens.requests()[0])["assertion"]);
    assert_eq!(claims["sub"], "boss@example.com");
    assert_eq!(claims["scope"], SCOPE);
    assert_eq!(api.requests()[0].head.header("authorization"), Some("Bearer the-access-token"));
}

#[tokio::test]
async fn only_keys_of_service_accounts_act_on_behalf_of_a_user() {
    let (tokens, folder) = (server(TOKEN).await, Folder::new());
    let user = json!({
        "type": "authorized_user", "client_id": "c", "client_secret": "s", "refresh_token": "r",
        "token_uri": tokens.url(),
    });
    let impersonated = json!({
        "type": "impersonated_service_account", "source_credentials": account(&tokens.url()),
        "service_account_impersonation_url":
            format!("{}v1/projects/-/serviceAccounts/robot@p:generateAccessToken", tokens.url()),
    });
    for (name, content) in [("user.json", user), ("impersonated.json", impersonated)] {
        let file = folder.file(name, &content.to_string());
        let adc = Adc::builder().with_file(file).with_subject("boss@example.com").build();
        let error = adc.headers(&now()).await.unwrap_err();
        assert_eq!(error.kind(), AuthErrorKind::Invalid);
        let text = error.to_string();
        assert!(text.contains("cannot act on behalf of a user"), "{text}");
        assert!(text.contains(name), "{text}");
    }
    assert_eq!(tokens.requests().len(), 0);
    // The metadata server.
    let variables = [("GCE_METADATA_HOST", "127.0.0.1:1"), ("HOME", "/nonexistent")];
    let adc = Adc::builder().with_environment(variables).with_subject("boss@example.com").build();
    let error = adc.headers(&now()).await.unwrap_err().to_string();
    assert!(error.contains("cannot act on behalf of a user"), "{error}");
}
