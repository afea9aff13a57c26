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

/// Lists the accounts: names, one a line, or JSON.
pub(super) fn list(app: &App, settings: &Settings, host: &mut Host<'_>) -> Result<(), Failure> {
    let folder = super::folder(app, settings, host);
    let active = active(settings, &folder);
    let accounts = folder.accounts();
    if settings.format.is_some_and(|format| matches!(format, Format::Json | Format::Compact)) {
        let all: Vec<_> = accounts
            .iter()
            .map(|name| {
                let file = folder.login_of(name).display().to_string();
                json!({"account": name, "active": Some(name) == active.as_ref(), "file": file})
            })
            .collect();
        return print(host, &format!("{:#}\n", json!(all)));
    }
    if accounts.is_empty() {
        host.print_message(&format!("No logins; '{} auth login' signs in.", app.name));
    }
    let mark = |name: &String| if Some(name) == active.as_ref() { "*" } else { " " };
    let lines: Vec<String> =
        accounts.iter().map(|name| format!("{} {name}\n", mark(name))).collect();
    print(host, &lines.concat())
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
