//! Chooses the credentials of a call.
//!
//! Precedence: command line, a profile that it names, environment, configuration file, `auth switch`,
//! machine.

use std::path::Path;
use std::sync::Arc;

use discovery_describe::names::env_prefix;
use discovery_runtime::auth::{
    Adc, AdcBuilder, Anonymous, ApiKey, AuthErrorKind, Credentials, Impersonated, StaticToken,
};

use discovery_runtime::observe::shown_path;

use crate::app::App;
use crate::config::Source;
use crate::failure::{Failure, exit};
use crate::folder::DEFAULT_ACCOUNT;
use crate::host::{Host, reason};
use crate::settings::Settings;
use crate::transport::unusable;

use super::kept::Kept;

/// Credentials given on the command line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Explicit<'a> {
    pub(super) token: Option<&'a str>,
    pub(super) key: bool,
}

/// Credentials with a description of their source.
pub(super) struct Chosen {
    pub(super) credentials: Arc<dyn Credentials>,
    pub(super) origin: String,
    /// Nothing was found; the metadata server, which few machines have, is the last resort.
    pub(super) guessed: bool,
}

impl Chosen {
    fn new(credentials: impl Credentials + 'static, origin: impl Into<String>) -> Self {
        Self { credentials: Arc::new(credentials), origin: origin.into(), guessed: false }
    }
}

/// Chooses credentials; reads files but sends no requests.
pub(super) fn choose(
    app: &App,
    settings: &Settings,
    host: &Host<'_>,
    explicit: Explicit<'_>,
) -> Result<Chosen, Failure> {
    let access = &settings.access;
    let flags =
        [("--subject", &access.subject), ("--impersonate-service-account", &access.impersonate)];
    if flags.iter().all(|(_, value)| value.is_some()) {
        let [(one, _), (other, _)] = flags;
        return Err(Failure::config(format!("only one of {one} and {other} can be set")));
    }
    let chosen = find(app, settings, host, explicit)?;
    let Some(email) = &access.impersonate else { return Ok(chosen) };
    let origin = format!("{email}, impersonated by {}", chosen.origin);
    let impersonated = Impersonated::new(chosen.credentials, email).cached();
    Ok(Chosen { guessed: chosen.guessed, ..Chosen::new(impersonated, origin) })
}

/// Finds the first source.
fn find(
    app: &App,
    settings: &Settings,
    host: &Host<'_>,
    explicit: Explicit<'_>,
) -> Result<Chosen, Failure> {
    let access = &settings.access;
    if let Some(chosen) = from_flags(settings, host, explicit)? {
        return Ok(chosen);
    }
    if let Some(source) = &access.named {
        return from_source(app, source, settings, host);
    }
    if let Some(chosen) = from_environment(app, host)? {
        check_delegation(settings, &chosen.origin)?;
        return Ok(chosen);
    }
    let switched = || super::folder(app, settings, host).switched().map(Source::Account);
    match access.configured.clone().or_else(switched) {
        Some(source) => from_source(app, &source, settings, host),
        None => from_machine(app, settings, host),
    }
}

/// Rejects a subject for credentials that cannot act on behalf of a user, which would silently act
/// on their own behalf.
fn check_delegation(settings: &Settings, origin: &str) -> Result<(), Failure> {
    match settings.access.subject {
        None => Ok(()),
        Some(_) => Err(Failure::config(format!(
            "--subject needs a service account's key, and a call would use {origin}; give the key \
             with --credentials"
        ))),
    }
}

fn from_source(
    app: &App,
    source: &Source,
    settings: &Settings,
    host: &Host<'_>,
) -> Result<Chosen, Failure> {
    match source {
        Source::Credentials(path) => from_file(path, settings, "'credentials'"),
        Source::TokenFile(path) => from_token_file(path, settings, "'access-token-file'"),
        Source::Account(account) => {
            let folder = super::folder(app, settings, host);
            let Some(login) = Kept::find(app, &folder, account) else {
                let message = format!("there is no login of the account '{account}'");
                return Err(Failure::new(exit::AUTH, "auth", message)
                    .note(format!("'{} auth login {account}' signs in", app.name)));
            };
            from_login(&login, settings, host)
        }
    }
}

fn from_login(login: &Kept, settings: &Settings, host: &Host<'_>) -> Result<Chosen, Failure> {
    let credentials = login.credentials(host).map_err(|error| unusable(&error))?;
    let origin = format!("the login {}", login.origin());
    check_delegation(settings, &origin)?;
    Ok(Chosen::new(credentials, origin))
}

fn from_token_file(path: &Path, settings: &Settings, flag: &str) -> Result<Chosen, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        let (path, why) = (shown_path(path), reason(&error));
        Failure::config(format!("{flag} {path} cannot be read: {why}"))
    })?;
    let origin = format!("the token in {}", shown_path(path));
    check_delegation(settings, &origin)?;
    Ok(Chosen::new(StaticToken::new(text.trim()), origin))
}

fn from_flags(
    settings: &Settings,
    host: &Host<'_>,
    explicit: Explicit<'_>,
) -> Result<Option<Chosen>, Failure> {
    if let Some(path) = &settings.access.token_file {
        check_file("--access-token-file", path, host)?;
        return from_token_file(path, settings, "--access-token-file").map(Some);
    }
    if let Some(token) = explicit.token {
        let origin = "the token of the command line";
        check_delegation(settings, origin)?;
        return Ok(Some(Chosen::new(StaticToken::new(token), origin)));
    }
    if let Some(path) = &settings.access.credentials {
        check_file("--credentials", path, host)?;
        return from_file(path, settings, "--credentials").map(Some);
    }
    if let Some(account) = &settings.access.gcloud_account {
        let chosen = from_gcloud(account, "--gcloud-account", host)?;
        check_delegation(settings, &chosen.origin)?;
        return Ok(Some(chosen));
    }
    if explicit.key {
        let origin = "the API key of the command line";
        check_delegation(settings, origin)?;
        return Ok(Some(Chosen::new(Anonymous, origin)));
    }
    Ok(None)
}

/// Rejects a key, a token, or a file's content in place of a path, without showing it.
pub(super) fn check_file(flag: &str, path: &Path, host: &Host<'_>) -> Result<(), Failure> {
    let typed = path.strip_prefix(&host.folder).unwrap_or(path);
    let odd = shown_path(typed) != typed.to_string_lossy();
    if odd && !path.exists() {
        return Err(Failure::config(format!(
            "{flag} must name a file: what is given names none, and is not shown as it may be a \
             secret"
        )));
    }
    Ok(())
}

fn from_file(path: &Path, settings: &Settings, flag: &str) -> Result<Chosen, Failure> {
    let mut builder = Adc::builder().with_file(path);
    if let Some(email) = &settings.access.subject {
        builder = builder.with_subject(email);
    }
    let adc = builder.build();
    let origin = adc.describe().map_err(|error| Failure::config(format!("{flag}: {error}")))?;
    Ok(Chosen::new(adc, on_behalf(origin, settings)))
}

/// Adds the user on whose behalf a service account acts.
fn on_behalf(origin: String, settings: &Settings) -> String {
    match &settings.access.subject {
        Some(email) => format!("{origin} on behalf of {email}"),
        None => origin,
    }
}

/// Uses an account of gcloud. It is never used without the user's choice.
fn from_gcloud(account: &str, place: &str, host: &Host<'_>) -> Result<Chosen, Failure> {
    let builder = gcloud(host);
    let builder = match account {
        "active" => builder.with_active_gcloud_account(),
        email => builder.with_gcloud_account(email),
    };
    let adc = builder.build();
    let origin = adc.describe().map_err(|error| Failure::config(format!("{place}: {error}")))?;
    Ok(Chosen::new(adc, origin))
}

/// A builder that reads gcloud's accounts.
fn gcloud(host: &Host<'_>) -> AdcBuilder {
    Adc::builder().with_environment(host.env.clone())
}

/// Returns the active account of gcloud, if its credentials could be used.
pub(super) fn gcloud_account(host: &Host<'_>) -> Option<String> {
    gcloud(host).active_gcloud_account()
}

/// The variable that chooses an account of gcloud.
pub(super) fn gcloud_variable(app: &App) -> String {
    format!("{}_GCLOUD_ACCOUNT", env_prefix(app.name))
}

/// Variables with a token, the program's own first.
pub(super) fn token_variables(app: &App) -> [String; 2] {
    [format!("{}_ACCESS_TOKEN", env_prefix(app.name)), "GOOGLE_OAUTH_ACCESS_TOKEN".to_owned()]
}

fn from_environment(app: &App, host: &Host<'_>) -> Result<Option<Chosen>, Failure> {
    for name in token_variables(app) {
        if let Some(token) = host.var(&name) {
            let token = StaticToken::new(token.trim());
            return Ok(Some(Chosen::new(token, format!("the token in {name}"))));
        }
    }
    if let Some(key) = host.var("GOOGLE_API_KEY") {
        return Ok(Some(Chosen::new(ApiKey::new(key), "the API key in GOOGLE_API_KEY")));
    }
    let name = gcloud_variable(app);
    host.var(&name).map(|account| from_gcloud(account, &name, host)).transpose()
}

fn from_machine(app: &App, settings: &Settings, host: &Host<'_>) -> Result<Chosen, Failure> {
    // Application Default Credentials from a file take precedence over this program's login; the
    // metadata server comes last.
    let no_server = ("NO_GCE_CHECK".to_owned(), "true".to_owned());
    let without_host = host.env.clone().into_iter().filter(|(name, _)| name != "GCE_METADATA_HOST");
    let mut files = Adc::builder().with_environment(without_host.chain([no_server]));
    if let Some(email) = &settings.access.subject {
        files = files.with_subject(email);
    }
    let files = files.build();
    match files.describe() {
        Ok(origin) => return Ok(Chosen::new(files, on_behalf(origin, settings))),
        Err(error) if error.kind() != AuthErrorKind::NotFound => return Err(unusable(&error)),
        Err(error) if host.var("GOOGLE_APPLICATION_CREDENTIALS").is_some() => {
            return Err(unusable(&error));
        }
        Err(_) => {}
    }
    let folder = super::folder(app, settings, host);
    if let Some(login) = Kept::find(app, &folder, DEFAULT_ACCOUNT) {
        return from_login(&login, settings, host);
    }
    let machine = Adc::builder().with_environment(host.env.clone()).build();
    let origin = machine.describe().unwrap_or_else(|error| error.to_string());
    check_delegation(settings, &origin)?;
    Ok(Chosen { guessed: true, ..Chosen::new(machine, origin) })
}
