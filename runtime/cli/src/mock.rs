//! `--mock`: uses the API's local server in place of the API.

use std::sync::Arc;

use discovery_runtime::transport::Transport;

use crate::app::App;
use crate::failure::Failure;
use crate::settings::Settings;

/// Root URL of calls to the local server. Nothing is sent there.
pub(crate) const ENDPOINT: &str = "http://localhost/";

/// Opens the local server, if requested.
pub(crate) fn open(app: &App, settings: &Settings) -> Result<Option<Arc<dyn Transport>>, Failure> {
    let Some(file) = &settings.mock else { return Ok(None) };
    let Some(open) = app.mock else {
        let text = "--mock: this program was built without its local server (feature 'mock')";
        return Err(Failure::config(text));
    };
    open(file).map(Some).map_err(|error| Failure::config(format!("--mock: {error}")))
}
