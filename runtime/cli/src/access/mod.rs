//! Credentials: their sources and commands.

mod choose;
mod commands;
mod folder;
mod identity;
mod login;

use std::sync::Arc;

use discovery_runtime::auth::Credentials;

use crate::app::App;
use crate::failure::Failure;
use crate::host::Host;
use crate::plan::Plan;
use crate::settings::Settings;

pub(crate) use commands::run;
pub(crate) use folder::Folder;
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
