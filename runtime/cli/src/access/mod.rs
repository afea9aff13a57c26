//! Credentials: their sources and commands.

mod accounts;
mod choose;
mod commands;
mod identity;
mod kept;
mod login;

use std::sync::Arc;

use discovery_runtime::auth::{Anonymous, Credentials};

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

/// Returns the credentials of a call if the run has any; it does not look for a metadata server. A
/// server on this machine needs none.
pub(crate) fn present(
    app: &App,
    plan: &Plan,
    settings: &Settings,
    host: &Host<'_>,
) -> Option<Arc<dyn Credentials>> {
    let explicit = choose::Explicit {
        token: plan.token.as_deref(),
        key: plan.values.query_one("key").is_some(),
    };
    let chosen = choose::choose(app, settings, host, explicit).ok()?;
    if !chosen.guessed {
        return Some(chosen.credentials);
    }
    let endpoint: http::Uri = settings.endpoint.as_deref()?.parse().ok()?;
    let local = matches!(endpoint.host(), Some("localhost" | "127.0.0.1" | "[::1]"));
    local.then(|| Arc::new(Anonymous) as Arc<dyn Credentials>)
}

/// Returns the configuration folder of a run.
pub(crate) fn folder(app: &App, settings: &Settings, host: &Host<'_>) -> Folder {
    Folder::of(app, settings.access.config_dir.clone(), host)
}
