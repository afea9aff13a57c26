//! Accounts of gcloud.

use crate::support::{Folder, TOKEN, form, now, server};
use discovery_runtime::auth::{Adc, AdcBuilder, AuthErrorKind, Credentials};
use serde_json::json;

const CONFIG: &str = "[core]\naccount = me@example.com\nproject = mine\n";

/// A folder of gcloud with the account `me@example.com`.
fn gcloud(url: &str, config: &str) -> Folder {
    let folder = Folder::new();
    let file = json!({
        "type": "authorized_user", "client_id": "c", "client_secret": "s", "refresh_token": "r",
        "token_uri": url,
    });
    folder.file("configurations/config_default", config);
    folder.file("legacy_credentials/me@example.com/adc.json", &file.to_string());
    folder
}

fn with(folder: &Folder, more: &[(&str, &str)]) -> AdcBuilder {
    let folder = [("CLOUDSDK_CONFIG", folder.path().to_str().unwrap()), ("NO_GCE_CHECK", "true")];
    Adc::builder().with_environment(folder.iter().chain(more).copied())
}

#[tokio::test]
async fn an_account_is_used_only_if_it_is_chosen() {
    let server = server(TOKEN).await;
    let folder = gcloud(&server.url(), CONFIG);
    let builder = with(&folder, &[]);
    assert_eq!(builder.active_gcloud_account().as_deref(), Some("me@example.com"));
    let error = builder.clone().build().headers(&now()).await.unwrap_err();
    assert_eq!(error.kind(), AuthErrorKind::NotFound);
    for adc in [
        builder.clone().with_active_gcloud_account().build(),
        builder.clone().with_gcloud_account("me@example.com").build(),
    ] {
        let headers = adc.headers(&now()).await.unwrap();
        assert_eq!(headers.bearer_token().unwrap().expose(), "the-access-token");
        assert!(adc.describe().unwrap().starts_with("gcloud's account me@example.com"));
        // Calls of a user are billed to the project of the configuration, as in gcloud.
        assert_eq!(adc.quota_project().unwrap().as_deref(), Some("mine"));
    }
    assert_eq!(form(&server.requests()[0])["refresh_token"], "r");
}

#[test]
fn the_configuration_is_that_of_gcloud() {
    let other = "[core]\naccount = other@example.com\n";
    let folder = gcloud("https://oauth2.googleapis.com/token", CONFIG);
    folder.file("configurations/config_work", other);
    folder.file("legacy_credentials/other@example.com/adc.json", "{}");
    let active = |more: &[(&str, &str)]| with(&folder, more).active_gcloud_account();
    assert_eq!(active(&[]).as_deref(), Some("me@example.com"));
    folder.file("active_config", "work\n");
    assert_eq!(active(&[]).as_deref(), Some("other@example.com"));
    let named = [("CLOUDSDK_ACTIVE_CONFIG_NAME", "default")];
    assert_eq!(active(&named).as_deref(), Some("me@example.com"));
    let account = [("CLOUDSDK_CORE_ACCOUNT", "me@example.com")];
    assert_eq!(active(&account).as_deref(), Some("me@example.com"));
    for unknown in ["nobody@example.com", "../other@example.com", ".."] {
        assert_eq!(active(&[("CLOUDSDK_CORE_ACCOUNT", unknown)]), None, "{unknown}");
    }
}

#[test]
fn the_quota_project_is_that_of_gcloud() {
    for (lines, project) in [
        ("", Some("mine")),
        ("[billing]\nquota_project = CURRENT_PROJECT\n", Some("mine")),
        ("[billing]\nquota_project = payer\n", Some("payer")),
        ("[billing]\nquota_project = LEGACY\n", None),
    ] {
        let folder = gcloud("https://oauth2.googleapis.com/token", &format!("{CONFIG}{lines}"));
        let adc = with(&folder, &[]).with_active_gcloud_account().build();
        assert_eq!(adc.quota_project().unwrap().as_deref(), project, "{lines}");
    }
}

#[test]
fn impersonation_of_the_configuration_applies() {
    let config = format!("{CONFIG}[auth]\nimpersonate_service_account = via@x, robot@x\n");
    let folder = gcloud("https://oauth2.googleapis.com/token", &config);
    let adc = with(&folder, &[]).with_active_gcloud_account().build();
    let description = adc.describe().unwrap();
    assert!(description.starts_with("robot@x, impersonated by gcloud's account"), "{description}");
    assert_eq!(adc.quota_project().unwrap().as_deref(), Some("mine"));
}

#[test]
fn missing_accounts_are_explained() {
    let (empty, folder) = (Folder::new(), gcloud("https://x", CONFIG));
    for (builder, words) in [
        (with(&empty, &[]).with_active_gcloud_account(), "no active account"),
        (with(&folder, &[]).with_gcloud_account("other@example.com"), "other@example.com"),
        (with(&folder, &[]).with_gcloud_account("../me@example.com"), "gcloud auth login"),
        (Adc::builder().with_environment([("A", "b")]).with_active_gcloud_account(), "no home"),
    ] {
        let error = builder.build().describe().unwrap_err();
        assert_eq!(error.kind(), AuthErrorKind::NotFound, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}
