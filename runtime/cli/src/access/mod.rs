//! Credentials: their sources and commands.

mod accounts;
mod choose;
mod commands;
mod identity;
mod login;

use std::sync::Arc;

use discovery_runtime::auth::Credentials;

use crate::app::App;
use crate::failure::Failure;
use crate::folder::Folder;
use crate::host::Host;
use crate::plan::Plan;
use crate::settings::Settings;

pub(crate) use commands::run;
pub(crate) use identity::identity;

/// The credentials of a call.
pub(crate) fn credentials(
    app: &App,
    plan: &Plan,
    settings: &Settings,
    host: &Host<'_>,
) -> Result<Arc<dyn Credentials>, Failure> {
    let explicit = choose::Explicit {
        token: plan.token.as_deref(),
        key: plan.values.query_one("key").is_some(),
    };
    choose::choose(app, settings, host, explicit).map(|chosen| chosen.credentials)
}

/// Returns the configuration folder of a run.
pub(crate) fn folder(app: &App, settings: &Settings, host: &Host<'_>) -> Folder {
    Folder::of(app, settings.access.config_dir.clone(), host)
}
