//! `auth list` and `auth switch`: the accounts with a stored login.

use serde_json::json;

use crate::app::App;
use crate::command::Arguments;
use crate::config::Source;
use crate::failure::{Failure, exit};
use crate::host::{Host, reason};
use crate::output::print;
use crate::settings::{Format, Settings};
use crate::suggest;

use super::kept::{Kept, Place};
use crate::folder::{DEFAULT_ACCOUNT, Folder, check_account};

/// Returns the account that `auth login` and `auth logout` mean: the argument, or else the profile's.
pub(super) fn of(arguments: &Arguments, settings: &Settings) -> Result<String, Failure> {
    let typed = arguments.one("account");
    let access = &settings.access;
    let configured = || match access.named.as_ref().or(access.configured.as_ref()) {
        Some(Source::Account(account)) => Some(account.clone()),
        _ => None,
    };
    let account = typed.or_else(configured).unwrap_or_else(|| DEFAULT_ACCOUNT.to_owned());
    check_account(&account).map_err(Failure::usage)?;
    Ok(account)
}

/// Returns the account whose login calls use, if they use one.
fn active(settings: &Settings, folder: &Folder) -> Option<String> {
    let access = &settings.access;
    match access.named.as_ref().or(access.configured.as_ref()) {
        Some(Source::Account(account)) => Some(account.clone()),
        Some(_) => None,
        None => Some(folder.switched().unwrap_or_else(|| DEFAULT_ACCOUNT.to_owned())),
    }
}

/// Lists the accounts and where their logins are, one a line, or as JSON.
pub(super) fn list(app: &App, settings: &Settings, host: &mut Host<'_>) -> Result<(), Failure> {
    let folder = super::folder(app, settings, host);
    let active = active(settings, &folder);
    let accounts: Vec<(String, Kept)> = folder
        .accounts()
        .into_iter()
        .filter_map(|name| Kept::find(app, &folder, &name).map(|kept| (name, kept)))
        .collect();
    if settings.format.is_some_and(|format| matches!(format, Format::Json | Format::Compact)) {
        let all: Vec<_> = accounts
            .iter()
            .map(|(name, kept)| {
                let store = match kept.place {
                    Place::File => "file",
                    Place::Keyring => "keyring",
                };
                let active = Some(name) == active.as_ref();
                let file = kept.path.display().to_string();
                json!({"account": name, "active": active, "store": store, "file": file})
            })
            .collect();
        return print(host, &format!("{:#}\n", json!(all)));
    }
    if accounts.is_empty() {
        host.print_message(&format!("No logins; '{} auth login' signs in.", app.name));
    }
    let width = accounts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let line = |(name, kept): &(String, Kept)| {
        let mark = if Some(name) == active.as_ref() { "*" } else { " " };
        let place = match kept.place {
            Place::File => kept.path.display().to_string(),
            Place::Keyring => "keyring".to_owned(),
        };
        format!("{mark} {name:width$}  {place}\n")
    };
    print(host, &accounts.iter().map(line).collect::<String>())
}

/// Chooses the account whose login calls use by default.
pub(super) fn switch(
    app: &App,
    arguments: &Arguments,
    settings: &Settings,
    host: &Host<'_>,
) -> Result<(), Failure> {
    let folder = super::folder(app, settings, host);
    let account = arguments.one("account").unwrap_or_default();
    check_account(&account).map_err(Failure::usage)?;
    let known = folder.accounts();
    if account != DEFAULT_ACCOUNT && !known.contains(&account) {
        let failure = Failure::new(exit::AUTH, "auth", format!("there is no login '{account}'"));
        let near = suggest::closest(&account, known);
        return Err(match near {
            Some(near) => failure.note(format!("did you mean '{near}'?")),
            None => failure.note(format!("'{} auth login {account}' signs in", app.name)),
        });
    }
    folder.switch(&account).map_err(|error| {
        let (path, why) = (folder.path.display(), reason(&error));
        Failure::config(format!("{path} cannot be written: {why}"))
    })?;
    host.print_message(&format!("Calls use the login of '{account}'."));
    let access = &settings.access;
    if access.named.is_some() || access.configured.is_some() {
        host.print_message(
            "The configuration file names other credentials, which take precedence.",
        );
    }
    Ok(())
}
