//! Uploads and downloads.

use discovery_runtime::Client;

use crate::app::App;
use crate::failure::Failure;
use crate::host::Host;
use crate::output::Target;
use crate::plan::Plan;
use crate::settings::Settings;

pub(super) fn run(
    _: &App,
    _: &Plan,
    _: &Settings,
    _: &Target,
    _: &Client,
    _: &mut Host<'_>,
    _: &tokio::runtime::Runtime,
) -> Result<(), Failure> {
    Err(Failure::usage("media"))
}
