//! Search order of credentials.

use super::{AdcBuilder, AuthError, AuthErrorKind, TokenProvider, file, gcloud};
use crate::auth::environment::Environment;
use crate::auth::{IdTokenSource, MetadataServer};
use crate::redact::shown_path;
use std::path::Path;
use std::sync::Arc;

pub(super) const ADVICE: &str = "Run `gcloud auth application-default login`, set \
    GOOGLE_APPLICATION_CREDENTIALS to a credential file, or give the client other credentials";
const FILE_VARIABLE: &str = "GOOGLE_APPLICATION_CREDENTIALS";
const FILE_NAME: &str = "application_default_credentials.json";

/// A credential source with its description.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) provider: Arc<dyn TokenProvider>,
    pub(super) id_tokens: Option<Arc<dyn IdTokenSource>>,
    pub(super) description: String,
    pub(super) quota_project: Option<String>,
    /// Whether the tokens are those of the builder's subject.
    pub(super) has_subject: bool,
}

pub(super) fn find(builder: &AdcBuilder) -> Result<Source, AuthError> {
    if let Some(path) = &builder.file {
        return file::read(path, builder);
    }
    if let Some(choice) = &builder.gcloud {
        return gcloud::read(choice, builder);
    }
    let environment = &builder.environment;
    if let Some(path) = environment.get(FILE_VARIABLE) {
        return file::read(Path::new(&path), builder).map_err(|error| {
            let message = format!("{FILE_VARIABLE} is set, but {error}");
            AuthError::new(error.kind(), message)
        });
    }
    let mut tried = format!("No credentials were found: {FILE_VARIABLE} is not set");
    match gcloud::folder(environment).map(|folder| folder.join(FILE_NAME)) {
        Some(path) if path.exists() => return file::read(&path, builder),
        Some(path) => tried.push_str(&format!(", {} does not exist", shown_path(&path))),
        None => tried.push_str(", there is no home directory with a gcloud login"),
    }
    metadata_server(environment, tried)
}

fn metadata_server(environment: &Environment, tried: String) -> Result<Source, AuthError> {
    let host = environment.get("GCE_METADATA_HOST");
    if host.is_none() && environment.get("NO_GCE_CHECK").is_some_and(|value| value == "true") {
        let message = format!("{tried}, and NO_GCE_CHECK rules the metadata server out. {ADVICE}");
        return Err(AuthError::new(AuthErrorKind::NotFound, message));
    }
    let server = match host {
        Some(host) => MetadataServer::new().with_host(host),
        None if is_google_service(environment) || is_google_machine() => MetadataServer::new(),
        None => {
            let tried = format!("{tried}, and there is no metadata server. {ADVICE}");
            MetadataServer::new().guessed(tried)
        }
    };
    Ok(Source::with_id_tokens(server, "the machine's service account (metadata server)".to_owned()))
}

/// Returns `true` if the environment is that of Cloud Run (services and jobs), Cloud Run functions,
/// or App Engine, all of which have a metadata server.
fn is_google_service(environment: &Environment) -> bool {
    let names = ["K_SERVICE", "CLOUD_RUN_JOB", "FUNCTION_TARGET", "FUNCTION_NAME", "GAE_SERVICE"];
    names.iter().any(|name| environment.get(name).is_some())
}

/// Returns `true` if the firmware identifies a Google machine, as on Compute Engine and in GKE.
fn is_google_machine() -> bool {
    let name = std::fs::read_to_string("/sys/class/dmi/id/product_name").unwrap_or_default();
    name.trim().starts_with("Google")
}
