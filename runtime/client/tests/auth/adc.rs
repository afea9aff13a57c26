//! Search for credentials.

use crate::support::{Folder, TOKEN, form, host, metadata, now, server};
use discovery_runtime::auth::{Adc, AdcBuilder, AuthError, AuthErrorKind, Credentials};
use discovery_runtime::testing::{FaultServer, Reply};
use serde_json::{Value, json};

const KEY: &str = include_str!("../data/test-key.pkcs8.pem");

fn user(url: &str) -> Value {
    json!({
        "type": "authorized_user", "client_id": "c", "client_secret": "s", "refresh_token": "r",
        "token_uri": url, "quota_project_id": "of-the-file", "account": "me@example.com",
    })
}

fn with(variables: &[(&str, &str)]) -> AdcBuilder {
    let off = [("NO_GCE_CHECK", "true")];
    Adc::builder().with_environment(off.iter().chain(variables).copied())
}

async fn quota(adc: &Adc) -> Result<Option<String>, AuthError> {
    let headers = adc.headers(&now()).await?;
    assert_eq!(headers.bearer_token().unwrap().expose(), "the-access-token");
    let mut quota = headers.iter().filter(|(name, _)| *name == "x-goog-user-project");
    Ok(quota.next().map(|(_, value)| value.to_str().unwrap().to_owned()))
}

#[tokio::test]
async fn the_variable_comes_before_the_login() {
    let (server, folder) = (server(TOKEN).await, Folder::new());
    let login = ".config/gcloud/application_default_credentials.json";
    folder.file(login, &user(&server.url()).to_string());
    let mut other = user(&server.url());
    other["refresh_token"] = json!("of-the-variable");
    let other = folder.file("other.json", &other.to_string());
    let home = folder.path().to_str().unwrap();

    let adc = with(&[("HOME", home)]).build();
    assert!(adc.describe().unwrap().contains("me@example.com"));
    assert_eq!(quota(&adc).await.unwrap().as_deref(), Some("of-the-file"));
    let named = ("GOOGLE_APPLICATION_CREDENTIALS", other.to_str().unwrap());
    quota(&with(&[("HOME", home), named]).build()).await.unwrap();
    let tokens: Vec<String> =
        server.requests().iter().map(|request| form(request)["refresh_token"].clone()).collect();
    assert_eq!(tokens, ["r", "of-the-variable"]);
}

#[tokio::test]
async fn gclouds_folder_may_be_elsewhere() {
    let (server, folder) = (server(TOKEN).await, Folder::new());
    folder.file("application_default_credentials.json", &user(&server.url()).to_string());
    let adc = with(&[("CLOUDSDK_CONFIG", folder.path().to_str().unwrap())]).build();
    assert_eq!(adc.quota_project().unwrap().as_deref(), Some("of-the-file"));
    quota(&adc).await.unwrap();
}

#[tokio::test]
async fn the_quota_project_is_the_builders_then_the_variables_then_the_files() {
    let (server, folder) = (server(TOKEN).await, Folder::new());
    let file = folder.file("a.json", &user(&server.url()).to_string());
    let variable = [("GOOGLE_CLOUD_QUOTA_PROJECT", "of-the-variable")];
    for (builder, expected) in [
        (with(&[]), "of-the-file"),
        (with(&variable), "of-the-variable"),
        (with(&variable).with_quota_project("of-the-builder"), "of-the-builder"),
    ] {
        let adc = builder.with_file(&file).build();
        assert_eq!(quota(&adc).await.unwrap().as_deref(), Some(expected));
        assert_eq!(adc.quota_project().unwrap().as_deref(), Some(expected));
    }
}

#[tokio::test]
async fn missing_credentials_report_the_search_path() {
    let error = quota(&with(&[("HOME", "/nonexistent")]).build()).await.unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::NotFound);
    let message = error.to_string();
    for words in [
        "GOOGLE_APPLICATION_CREDENTIALS is not set",
        "/nonexistent/.config/gcloud/application_default_credentials.json does not exist",
        "gcloud auth application-default login",
    ] {
        assert!(message.contains(words), "{message}");
    }
}

#[tokio::test]
async fn a_missing_named_file_is_an_error() {
    let missing = ("GOOGLE_APPLICATION_CREDENTIALS", "/nonexistent/key.json");
    let adc = with(&[missing]).build();
    let error = quota(&adc).await.unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::NotFound);
    assert!(error.to_string().contains("/nonexistent/key.json"), "{error}");
}

#[tokio::test]
async fn a_file_that_appears_later_is_found() {
    let (server, folder) = (server(TOKEN).await, Folder::new());
    let adc = Adc::builder().with_file(folder.path().join("late.json")).build();
    assert_eq!(adc.describe().unwrap_err().kind(), AuthErrorKind::NotFound);
    folder.file("late.json", &user(&server.url()).to_string());
    quota(&adc).await.unwrap();
}

#[tokio::test]
async fn the_metadata_server_is_last() {
    let server = metadata(|| Reply::json(TOKEN)).await;
    let adc = with(&[("GCE_METADATA_HOST", &host(&server)), ("HOME", "/nonexistent")]).build();
    assert_eq!(quota(&adc).await.unwrap(), None);
    assert!(adc.describe().unwrap().contains("metadata server"));
    assert_eq!(server.requests().len(), 2);
    assert_eq!(adc.universe_domain().as_deref(), Some("googleapis.com"));
}

#[tokio::test]
async fn service_accounts_and_impersonation() {
    let server = FaultServer::start(|request| async move {
        let impersonation = request.head().path().ends_with(":generateAccessToken");
        let answer = json!({ "accessToken": "the-access-token" }).to_string();
        Reply::json(if impersonation { answer } else { TOKEN.to_owned() })
    })
    .await
    .unwrap();
    let base = server.url();
    let base = base.trim_end_matches('/');
    let source = json!({
        "type": "service_account", "client_email": "a@b.iam.gserviceaccount.com",
        "private_key": KEY, "private_key_id": "k", "token_uri": format!("{base}/token"),
    });
    let adc = Adc::from_json(&source.to_string()).unwrap();
    assert_eq!(adc.universe_domain().as_deref(), Some("googleapis.com"));
    quota(&adc).await.unwrap();

    let url = format!("{base}/v1/projects/-/serviceAccounts/c@d.e:generateAccessToken");
    let file = json!({
        "type": "impersonated_service_account", "service_account_impersonation_url": url,
        "delegates": ["f@g.h"], "source_credentials": source, "quota_project_id": "q",
    });
    let adc = Adc::from_json(&file.to_string()).unwrap();
    assert_eq!(quota(&adc).await.unwrap().as_deref(), Some("q"));
    let description = adc.describe().unwrap();
    assert!(description.starts_with("the service account c@d.e, impersonated by"), "{description}");
    let requests = server.requests();
    // The source signs its token for the service itself.
    assert_eq!(requests.len(), 2);
    let authorization = requests[1].head.header("authorization").unwrap();
    assert_eq!(authorization.matches('.').count(), 2, "no JWT");
    let universe = adc.headers(&now()).await.unwrap();
    assert_eq!(universe.universe_domain(), Some("googleapis.com"));
}

#[test]
fn invalid_files_are_explained() {
    let table = [
        ("{", "is not JSON at line 1, column 1"),
        ("[]", "is not a JSON object"),
        ("{}", "has no member \"type\""),
        (r#"{"installed": {}}"#, "is an OAuth client"),
        (r#"{"type": "external_account"}"#, "\"audience\""),
        (r#"{"type": "external_account_authorized_user"}"#, "\"client_id\""),
        (r#"{"type": "gdch_service_account"}"#, "which is not supported"),
        (r#"{"type": "authorized_user", "client_id": "c"}"#, "\"refresh_token\""),
        (r#"{"type": "authorized_user", "client_id": 7}"#, "\"client_id\""),
        (r#"{"type": "service_account", "client_email": "a"}"#, "\"private_key\""),
        (r#"{"type": "service_account", "client_email": "a", "private_key": "x"}"#, "PEM"),
        (r#"{"type": "impersonated_service_account"}"#, "service_account_impersonation_url"),
    ];
    for (text, words) in table {
        let error = Adc::from_json(text).unwrap_err();
        assert_eq!(error.kind(), AuthErrorKind::Invalid, "{text}");
        assert!(error.to_string().contains(words), "{text}: {error}");
    }
}

#[tokio::test]
async fn a_byte_order_mark_is_no_part_of_the_file() {
    let (server, folder) = (server(TOKEN).await, Folder::new());
    let path = folder.file("marked.json", &format!("\u{feff}{}", user(&server.url())));
    quota(&Adc::builder().with_file(path).build()).await.unwrap();
}

#[tokio::test]
async fn refresh_tokens_of_another_universe_stay_there() {
    let mut file = user("https://oauth2.googleapis.com/token");
    file["universe_domain"] = json!("example.cloud");
    let error = quota(&Adc::from_json(&file.to_string()).unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::Insecure);
    assert!(error.to_string().contains("example.cloud"), "{error}");
}
