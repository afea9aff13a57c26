//! The transport of calls and logins.

use std::error::Error as StdError;
use std::path::Path;

use discovery_runtime::auth::AuthError;
use discovery_runtime::hyper::HyperTransport;
use discovery_runtime::transport::{TransportError, TransportErrorKind};

use crate::failure::{Failure, exit};
use crate::host::reason;

/// Returns advice if a server's certificate is signed by a root that is not trusted.
pub(crate) fn advice(error: &(dyn StdError + 'static)) -> Option<&'static str> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        // Other faults of a certificate do not name the variable.
        let untrusted = error.downcast_ref::<TransportError>().is_some_and(|error| {
            error.kind() == TransportErrorKind::Certificate
                && error.message().contains("SSL_CERT_FILE")
        });
        if untrusted {
            return Some("--ca-file FILE trusts the root certificates of a file");
        }
        cause = error.source();
    }
    None
}

/// Reports credentials that cannot be used.
pub(crate) fn unusable(error: &AuthError) -> Failure {
    let failure = Failure::new(exit::AUTH, "auth", error.to_string());
    match advice(error) {
        Some(advice) => failure.note(advice),
        None => failure,
    }
}

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
