//! `auth login` and `auth logout`.

use std::process::{Command, Stdio};
use std::time::Duration;

use discovery_describe::names::env_prefix;
use discovery_runtime::Client;
use discovery_runtime::auth::installed::{Login, OAuthClient};
use discovery_runtime::auth::{AuthContext, AuthError, Secret};

use crate::app::App;
use crate::command::Arguments;
use crate::failure::{Failure, exit};
use crate::host::Host;
use crate::settings::Settings;
use crate::transport::unusable;

use super::accounts;
use super::choose::check_file;
use super::kept::{self, Kept, Place};
use crate::folder::{DEFAULT_ACCOUNT, Folder};

/// Time limit for signing in with the browser.
const LOGIN_TIMEOUT: Duration = Duration::from_secs(300);

/// Returns a context for requests to token services.
pub(super) fn context(client: &Client, limit: Duration) -> AuthContext {
    let clock = client.clock().clone();
    let until = clock.now().saturating_add(limit);
    AuthContext::new(clock).with_transport(client.transport().clone()).with_deadline(Some(until))
}

/// Signs the user in with their own OAuth client and stores the login.
pub(super) fn login(
    app: &App,
    arguments: &Arguments,
    settings: &Settings,
    host: &mut Host<'_>,
    client: &Client,
) -> Result<(), Failure> {
    if settings.access.no_input {
        return Err(Failure::new(exit::AUTH, "auth", "a login needs a person: drop --no-input"));
    }
    let folder = super::folder(app, settings, host);
    let account = accounts::of(arguments, settings)?;
    let oauth = oauth_client(app, arguments, host, &folder)?;
    let scopes = scopes(app, settings);
    let place = arguments.one("store").map(|place| match place.as_str() {
        "keyring" => Place::Keyring,
        _ => Place::File,
    });
    kept::check(place, host)?;
    let login = Login::start(oauth, scopes).map_err(|error| unusable(&error))?;
    let runtime = crate::host::runtime()?;
    let cx = context(client, LOGIN_TIMEOUT);
    host.print_message(&format!("Sign in in the browser:\n\n{}\n", login.url()));
    let by_hand = arguments.has("no-browser");
    let grant = if by_hand && host.terminals.stdin {
        let address = host.ask("Then paste the address that the browser ends at: ");
        let none = || Failure::new(exit::AUTH, "auth", "no address was given");
        let address = address.ok_or_else(none)?;
        runtime.block_on(login.finish(&address, &cx))
    } else {
        if !by_hand {
            open(login.url());
        }
        runtime.block_on(login.wait(&cx))
    };
    let grant = grant.map_err(|error| unusable(&error))?;
    let grant = match &settings.access.quota_project {
        Some(project) => grant.with_quota_project(project.clone()),
        None => grant,
    };
    let (kept, why) = kept::keep(app, &folder, &account, &grant, place, host)?;
    let stored = match kept.place {
        Place::Keyring => "the system's keyring".to_owned(),
        Place::File => kept.path.display().to_string(),
    };
    let why = why.map(|why| format!(", not in the system's keyring: {why}")).unwrap_or_default();
    let scopes = grant.scopes().join(", ");
    host.print_message(&format!("Signed in for {scopes}; stored in {stored}{why}."));
    Ok(())
}

/// Returns the scopes of the command line, or else the default scopes of the API's methods.
pub(super) fn scopes(app: &App, settings: &Settings) -> Vec<String> {
    if settings.scopes.is_empty() {
        let defaults = app.api.methods.iter().filter_map(|method| method.spec.default_scope);
        let defaults: std::collections::BTreeSet<&str> = defaults.collect();
        defaults.into_iter().map(str::to_owned).collect()
    } else {
        settings.scopes.clone()
    }
}

fn oauth_client(
    app: &App,
    arguments: &Arguments,
    host: &Host<'_>,
    folder: &Folder,
) -> Result<OAuthClient, Failure> {
    let config = |error: AuthError| Failure::config(error.to_string());
    if let Some(path) = arguments.one("client-file") {
        let path = host.path(path);
        check_file("--client-file", &path, host)?;
        return OAuthClient::from_file(path).map_err(config);
    }
    let prefix = env_prefix(app.name);
    if let Some(id) = host.var(&format!("{prefix}_CLIENT_ID")) {
        let secret = host.var(&format!("{prefix}_CLIENT_SECRET")).map(Secret::new);
        return Ok(OAuthClient::new(id, secret));
    }
    if let Some(path) = folder.client() {
        return OAuthClient::from_file(path).map_err(config);
    }
    let places: Vec<String> =
        folder.clients().iter().map(|path| path.display().to_string()).collect();
    Err(Failure::config("there is no OAuth client to sign in with")
        .note("make one of type 'Desktop app': https://console.cloud.google.com/apis/credentials")
        .note(format!("then give it with --client-file, or put it at {}", places[0]))
        .note("or use 'gcloud auth application-default login'"))
}

/// Tries to open the browser; the URL is printed to standard error in any case.
fn open(url: &str) {
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        let mut command = Command::new("rundll32");
        command.arg("url.dll,FileProtocolHandler");
        command
    } else {
        Command::new("xdg-open")
    };
    let quiet = command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let _ = quiet.spawn();
}

/// Revokes and deletes the login.
pub(super) fn logout(
    app: &App,
    arguments: &Arguments,
    settings: &Settings,
    host: &Host<'_>,
    client: &Client,
) -> Result<(), Failure> {
    let folder = super::folder(app, settings, host);
    let account = accounts::of(arguments, settings)?;
    let Some(login) = Kept::find(app, &folder, &account) else {
        host.print_message(&format!("No login in {}.", folder.login_of(&account).display()));
        return Ok(());
    };
    if let Ok(grant) = login.load(host) {
        let cx = context(client, Duration::from_secs(30));
        if let Err(error) = crate::host::runtime()?.block_on(grant.revoke(&cx)) {
            host.print_tagged(&crate::style::warning("warning"), &error.to_string());
        }
    }
    login.delete(host)?;
    if folder.switched().as_ref() == Some(&account) {
        // Calls would ask for a login that no longer exists.
        let _ = folder.switch(DEFAULT_ACCOUNT);
    }
    host.print_message(&format!("Signed out; the login {} is deleted.", login.origin()));
    Ok(())
}
