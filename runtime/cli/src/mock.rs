//! `--mock`: the API's local server in place of the API.

use std::path::PathBuf;
use std::sync::Arc;

use discovery_runtime::transport::Transport;

use crate::app::App;
use crate::command::Given;
use crate::failure::Failure;
use crate::host::Host;
use crate::settings::Settings;

/// The root URL that calls of the local server have. Nothing is sent there.
pub(crate) const ENDPOINT: &str = "http://localhost/";

/// The file of the local server's resources, if `--mock` stands on the command line.
pub(crate) fn file(app: &App, given: &Given, host: &Host<'_>) -> Option<PathBuf> {
    match given.one("mock")?.as_str() {
        "" => Some(usual_file(app, host)),
        typed => Some(host.path(typed)),
    }
}

/// The file of `--mock` without a value: below `XDG_STATE_HOME` or `~/.local/state`, on Windows
/// below `%LOCALAPPDATA%`.
pub(crate) fn usual_file(app: &App, host: &Host<'_>) -> PathBuf {
    let base = host.var("XDG_STATE_HOME").map(PathBuf::from).or_else(|| {
        if cfg!(windows) {
            host.var("LOCALAPPDATA").map(PathBuf::from)
        } else {
            host.var("HOME").map(|home| PathBuf::from(home).join(".local/state"))
        }
    });
    host.path(base.unwrap_or_default()).join(app.name).join("mock.redb")
}

/// The local server, if it is asked for.
pub(crate) fn open(app: &App, settings: &Settings) -> Result<Option<Arc<dyn Transport>>, Failure> {
    let Some(file) = &settings.mock else { return Ok(None) };
    let Some(open) = app.mock else {
        let text = "--mock: this program was built without its local server (feature 'mock')";
        return Err(Failure::config(text));
    };
    open(file).map(Some).map_err(|error| Failure::config(format!("--mock: {error}")))
}
