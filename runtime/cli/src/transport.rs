//! The transport of calls and logins.

use std::path::Path;

use discovery_runtime::hyper::HyperTransport;

use crate::failure::Failure;
use crate::host::reason;

/// Opens the transport. It trusts the certificates of the operating system, among them those of a
/// company, or Mozilla's if the system has none, and those of `--ca-file`.
pub(crate) fn open(ca_file: Option<&Path>) -> Result<HyperTransport, Failure> {
    let more = match ca_file {
        None => None,
        Some(path) => Some(std::fs::read(path).map_err(|error| {
            let (path, why) = (path.display(), reason(&error));
            Failure::config(format!("--ca-file {path} cannot be read: {why}"))
        })?),
    };
    let builder = || {
        let builder = HyperTransport::builder();
        more.iter().fold(builder, |builder, pem| builder.with_root_certificates(pem.clone()))
    };
    let platform = builder().with_platform_roots().build();
    let transport = platform.or_else(|_| builder().build());
    transport.map_err(|error| match ca_file {
        Some(path) => Failure::config(format!("--ca-file {}: {error}", path.display())),
        None => Failure::config(error.to_string()),
    })
}
