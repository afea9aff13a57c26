//! Identity of the caller, to distinguish stored state of different callers.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::app::App;
use crate::config::Source;
use crate::host::Host;
use crate::plan::Plan;
use crate::settings::Settings;

use super::choose::{self, Explicit};

/// Variables that determine credentials or their locations.
const VARIABLES: &[&str] = &[
    "GOOGLE_API_KEY",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GCE_METADATA_HOST",
    "CLOUDSDK_CONFIG",
    "CLOUDSDK_CORE_ACCOUNT",
    "CLOUDSDK_ACTIVE_CONFIG_NAME",
    "CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT",
    "HOME",
    "APPDATA",
];

/// Returns everything that determines the caller: the chosen credentials and all of their possible
/// sources. The value differs whenever the caller does, and sometimes for the same caller, for
/// example after a token was replaced.
///
/// Contains secrets: hash it; never store or print it.
pub(crate) fn identity(app: &App, plan: &Plan, settings: &Settings, host: &Host<'_>) -> Value {
    let key = plan.values.query_one("key");
    let explicit = Explicit { token: plan.token.as_deref(), key: key.is_some() };
    let origin = choose::choose(app, settings, host, explicit).map(|chosen| chosen.origin).ok();
    let tokens = choose::token_variables(app);
    let names = tokens.iter().map(String::as_str).chain(VARIABLES.iter().copied());
    let variables: Vec<_> = names.map(|name| (name, host.var(name))).collect();
    let files: Vec<_> = files(app, settings, host).iter().map(|path| content(path)).collect();
    json!({
        "origin": origin,
        "token": plan.token,
        "key": key,
        "impersonate": settings.access.impersonate,
        "subject": settings.access.subject,
        "quotaProject": settings.access.quota_project,
        "variables": variables,
        "files": files,
    })
}

/// Files that credentials are read from.
fn files(app: &App, settings: &Settings, host: &Host<'_>) -> Vec<PathBuf> {
    let access = &settings.access;
    let mut files: Vec<PathBuf> =
        access.token_file.iter().chain(&access.credentials).cloned().collect();
    files.extend(host.var("GOOGLE_APPLICATION_CREDENTIALS").map(PathBuf::from));
    let gcloud = [
        host.var("CLOUDSDK_CONFIG").map(PathBuf::from),
        host.var("APPDATA").map(|folder| Path::new(folder).join("gcloud")),
        host.var("HOME").map(|home| Path::new(home).join(".config/gcloud")),
    ];
    let login = |folder: PathBuf| folder.join("application_default_credentials.json");
    files.extend(gcloud.into_iter().flatten().map(login));
    let folder = super::folder(app, settings, host);
    files.extend(access.named.iter().chain(&access.configured).map(|source| match source {
        Source::Credentials(path) | Source::TokenFile(path) => path.clone(),
        Source::Account(account) => folder.login_of(account),
    }));
    files.extend(folder.switched().map(|account| folder.login_of(&account)));
    files.push(folder.login());
    files
}

fn content(path: &Path) -> Value {
    json!([format!("{path:?}"), std::fs::read(path).ok()])
}
