//! The commands under `auth`, and `config`.

use std::path::Path;
use std::time::Duration;

use discovery_describe::names::env_prefix;
use discovery_runtime::Client;
use discovery_runtime::observe::{shown_path, shown_url};
use serde_json::{Value, json};

use crate::app::App;
use crate::command::Arguments;
use crate::failure::{Failure, exit};
use crate::host::Host;
use crate::issue::Issues;
use crate::output::print;
use crate::settings::Settings;

use super::choose::{self, Chosen, Explicit};
use super::{accounts, login};

/// Runs `auth …` or `config`.
pub(crate) fn run(
    app: &App,
    command: &str,
    arguments: &Arguments,
    host: &mut Host<'_>,
) -> Result<(), Failure> {
    let mut issues = Issues::default();
    let settings = Settings::read(app, arguments, host, &mut issues)?;
    if issues.has_errors() {
        return Err(Failure::issues(&issues));
    }
    match command {
        "login" => login::login(app, arguments, &settings, host, &client(app, &settings)?),
        "logout" => login::logout(app, arguments, &settings, host, &client(app, &settings)?),
        "list" => accounts::list(app, &settings, host),
        "switch" => accounts::switch(app, arguments, &settings, host),
        "status" => status(app, &settings, host),
        "print-access-token" => print_token(app, &settings, host),
        _ => config(app, &settings, host),
    }
}

/// A client for its transport and clock.
fn client(app: &App, settings: &Settings) -> Result<Client, Failure> {
    let service = app.api.methods.first().map(|method| method.spec.service);
    let service = service.ok_or_else(|| Failure::usage("the API has no methods"))?;
    Client::builder(service)
        .with_anonymous()
        .with_transport(crate::transport::open(settings.access.ca_file.as_deref())?)
        .build()
        .map_err(|error| Failure::usage(error.message()))
}

/// Key and token flags apply to calls; these commands make none.
fn chosen(app: &App, settings: &Settings, host: &Host<'_>) -> Result<Chosen, Failure> {
    choose::choose(app, settings, host, Explicit::default())
}

fn status(app: &App, settings: &Settings, host: &mut Host<'_>) -> Result<(), Failure> {
    let chosen = chosen(app, settings, host)?;
    let folder = super::folder(app, settings, host);
    let doc = json!({
        "credentials": chosen.origin,
        "profile": settings.layers.profile.as_ref().map(|profile| &profile.name),
        "login": present(&folder.login()),
        "oauthClient": folder.client().map(|path| path.display().to_string()),
        "quotaProject": settings.access.quota_project,
        "scopes": login::scopes(app, settings),
        "gcloudAccount": choose::gcloud_account(host),
    });
    if chosen.guessed {
        host.print_message(&nothing_found(app, host));
    }
    print(host, &format!("{doc:#}\n"))
}

fn nothing_found(app: &App, host: &Host<'_>) -> String {
    let mut message = format!(
        "No credentials were found, so a call would ask the metadata server of this machine. \
         Sign in with '{0} auth login' or 'gcloud auth application-default login', or set \
         {1}_ACCESS_TOKEN.",
        app.name,
        env_prefix(app.name)
    );
    if let Some(account) = choose::gcloud_account(host) {
        message.push_str(&format!(
            " gcloud is signed in as {account}; --gcloud-account active, or {}=active, uses that \
             account.",
            choose::gcloud_variable(app)
        ));
    }
    message
}

fn present(path: &std::path::Path) -> Value {
    if path.is_file() { json!(path.display().to_string()) } else { Value::Null }
}

fn print_token(app: &App, settings: &Settings, host: &mut Host<'_>) -> Result<(), Failure> {
    let chosen = chosen(app, settings, host)?;
    let client = client(app, settings)?;
    let cx = login::context(&client, settings.timeout.unwrap_or(Duration::from_secs(30)))
        .with_scopes(login::scopes(app, settings));
    let headers = crate::host::runtime()?
        .block_on(chosen.credentials.headers(&cx))
        .map_err(|error| crate::transport::unusable(&error))?;
    let token = headers.bearer_token().ok_or_else(|| {
        Failure::new(exit::AUTH, "auth", format!("{} gives no access token", chosen.origin))
    })?;
    print(host, &format!("{}\n", token.expose()))
}

/// Environment variables that change what a call does.
fn variables(app: &App) -> Vec<String> {
    let prefix = env_prefix(app.name);
    let own = [
        "ACCESS_TOKEN",
        "GCLOUD_ACCOUNT",
        "ENDPOINT",
        "CONFIG_DIR",
        "CLIENT_ID",
        "READ_ONLY",
        "PROFILE",
    ];
    let shared = [
        "GOOGLE_OAUTH_ACCESS_TOKEN",
        "GOOGLE_API_KEY",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "CLOUDSDK_CONFIG",
        "GOOGLE_CLOUD_UNIVERSE_DOMAIN",
        "HTTPS_PROXY",
        "NO_PROXY",
        "NO_COLOR",
    ];
    own.iter().map(|name| format!("{prefix}_{name}")).chain(shared.map(str::to_owned)).collect()
}

/// Returns the value of a variable with secrets hidden.
fn shown_variable(name: &str, value: &str) -> String {
    if ["_TOKEN", "_KEY", "_SECRET"].iter().any(|end| name.ends_with(end)) {
        return crate::text::HIDDEN.to_owned();
    }
    if name.ends_with("_PROXY") && name != "NO_PROXY" {
        return shown_proxy(value);
    }
    if name.ends_with("_ENDPOINT") {
        return shown_url(value);
    }
    if name.ends_with("_CREDENTIALS") || name.ends_with("_CONFIG") || name.ends_with("_DIR") {
        return shown_path(Path::new(value));
    }
    value.to_owned()
}

/// Returns scheme and host of a proxy. A password may contain any character, so everything before
/// the last `@` is hidden.
fn shown_proxy(url: &str) -> String {
    let (scheme, rest) = match url.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), url),
    };
    match rest.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}{}@{}", crate::text::HIDDEN, shown_url(host)),
        None => shown_url(url),
    }
}

fn config(app: &App, settings: &Settings, host: &mut Host<'_>) -> Result<(), Failure> {
    let folder = super::folder(app, settings, host);
    let environment: serde_json::Map<String, Value> = variables(app)
        .into_iter()
        .filter_map(|name| {
            let shown = shown_variable(&name, host.var(&name)?);
            Some((name, json!(shown)))
        })
        .collect();
    let root = app.api.methods.first().map(|method| method.spec.service.root_url);
    let methods = || app.api.methods.iter().map(|method| method.spec);
    let callable = methods().filter(|spec| settings.guard.check(spec).is_ok()).count();
    let doc = json!({
        "folder": shown_path(&folder.path),
        "file": settings.config.path.as_deref().map(shown_path),
        "profile": settings.layers.profile.as_ref().map(|profile| &profile.name),
        "profiles": settings.config.names().collect::<Vec<_>>(),
        "readOnly": settings.guard.read_only(),
        "methods": format!("{callable} of {} may be called", methods().count()),
        "login": present(&folder.login()),
        "oauthClient": folder.client().map(|path| path.display().to_string()),
        "endpoint": settings.endpoint.as_deref().map(shown_url).or(root.map(str::to_owned)),
        "mock": app.mock.map(|_| crate::settings::default_mock_file(app, host).display().to_string()),
        "environment": environment,
    });
    print(host, &format!("{doc:#}\n"))
}
