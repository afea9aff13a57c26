//! Converts a plan to a call of the runtime.

use std::str::FromStr;
use std::sync::Arc;

use discovery_json::Json;
use discovery_runtime::auth::{Anonymous, Credentials};
use discovery_runtime::retry::{self, Decision, DefaultRetry, RetryPolicy};
use discovery_runtime::transport::{
    Body, ResponseBody, Transport, TransportError, TransportErrorKind,
};
use discovery_runtime::{BoxFuture, Call, Client, ClientBuilder, Error};
use serde_json::Value;

use crate::app::App;
use crate::failure::{Failure, exit};
use crate::guard::Guarded;
use crate::plan::Plan;
use crate::settings::Settings;

use super::log::Log;

/// Retry policy of an interactive program: like clients', but reports a 500 immediately, because a
/// retry rarely fixes it ([AIP-194](https://google.aip.dev/194)).
#[derive(Debug)]
struct InteractiveRetry(DefaultRetry);

impl RetryPolicy for InteractiveRetry {
    fn decide(&self, failure: &retry::Failure<'_>) -> Decision {
        match failure.error.http_status().map(|status| status.as_u16()) {
            Some(500) => Decision::Stop,
            _ => self.0.decide(failure),
        }
    }
}

/// A client for the call of a plan.
pub(super) fn client(
    app: &App,
    plan: &Plan,
    settings: &Settings,
    credentials: Arc<dyn Credentials>,
    log: Option<Log>,
    in_process: Option<Arc<dyn Transport>>,
) -> Result<Client, Failure> {
    let builder = connected(app, plan, settings, credentials, log, in_process)?;
    let builder = builder.with_scopes(scopes(plan, settings));
    builder.build().map_err(|error| refuse(&error))
}

/// A client for the calls of several plans, which each have their default scope.
pub(super) fn batch_client(
    app: &App,
    first: &Plan,
    settings: &Settings,
    credentials: Arc<dyn Credentials>,
    log: Option<Log>,
    in_process: Option<Arc<dyn Transport>>,
) -> Result<Client, Failure> {
    let mut builder = connected(app, first, settings, credentials, log, in_process)?;
    if !settings.scopes.is_empty() {
        builder = builder.with_scopes(settings.scopes.clone());
    }
    builder.build().map_err(|error| refuse(&error))
}

/// Returns a builder whose client sends requests, to a server or a mock in this process.
fn connected(
    app: &App,
    plan: &Plan,
    settings: &Settings,
    credentials: Arc<dyn Credentials>,
    log: Option<Log>,
    in_process: Option<Arc<dyn Transport>>,
) -> Result<ClientBuilder<Client>, Failure> {
    let transport: Arc<dyn Transport> = match &in_process {
        Some(server) => server.clone(),
        None => Arc::new(crate::transport::open(settings.access.ca_file.as_deref())?),
    };
    let endpoint = match in_process {
        Some(_) => Some(crate::mock::ENDPOINT.to_owned()),
        None => settings.endpoint.clone(),
    };
    let builder = guarded(builder(app, plan, settings, credentials, endpoint), transport, settings);
    Ok(log.into_iter().fold(builder, ClientBuilder::with_interceptor))
}

fn builder(
    app: &App,
    plan: &Plan,
    settings: &Settings,
    credentials: Arc<dyn Credentials>,
    endpoint: Option<String>,
) -> ClientBuilder<Client> {
    let mut builder = Client::builder(plan.method.spec.service)
        .with_credentials(credentials)
        .with_user_agent(format!("{}/{}", app.name, app.version))
        .with_retry(InteractiveRetry(DefaultRetry::new()))
        .with_request_ids(settings.request_ids);
    if let Some(endpoint) = endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    if let Some(domain) = &settings.universe {
        builder = builder.with_universe_domain(domain.clone());
    }
    if let Some(project) = &settings.access.quota_project {
        builder = builder.with_quota_project(project.clone());
    }
    if let Some(timeout) = settings.timeout {
        builder = builder.with_timeout(timeout).with_attempt_timeout(timeout);
    }
    builder
}

/// Transport of previews, which send nothing: a real one would first read all root certificates.
struct NoTransport;

impl Transport for NoTransport {
    fn send(
        &self,
        _: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportError>> {
        let error = TransportError::new(TransportErrorKind::NotSent, "previews send nothing");
        Box::pin(std::future::ready(Err(error)))
    }
}

/// Sets the transport of a client, behind the limits of the run.
fn guarded(
    builder: ClientBuilder<Client>,
    transport: impl Transport + 'static,
    settings: &Settings,
) -> ClientBuilder<Client> {
    if settings.guard.is_open() {
        return builder.with_transport(transport);
    }
    builder.with_transport(Guarded::new(settings.guard.clone(), transport))
}

/// Returns the scopes for a token: those of the command line, or else the method's default.
pub(super) fn scopes(plan: &Plan, settings: &Settings) -> Vec<String> {
    if !settings.scopes.is_empty() {
        return settings.scopes.clone();
    }
    let default = || plan.method.spec.default_scope.map(str::to_owned).into_iter().collect();
    settings.guard.scopes(plan.method.spec).unwrap_or_else(default)
}

/// Returns a client that only formats requests.
pub(super) fn offline(app: &App, plan: &Plan, settings: &Settings) -> Result<Client, Failure> {
    builder(app, plan, settings, Arc::new(Anonymous), settings.endpoint.clone())
        .with_scopes(scopes(plan, settings))
        .with_transport(NoTransport)
        .build()
        .map_err(|error| refuse(&error))
}

/// Rejects a setting or argument that cannot be sent.
pub(super) fn refuse(error: &Error) -> Failure {
    Failure::new(exit::USAGE, "usage", error.message())
}

/// The call of a plan.
pub(super) fn call(client: &Client, plan: &Plan) -> Call {
    let mut call = Call::new(client, plan.method.spec);
    for (name, value) in &plan.values.path {
        call = call.path(name, value);
    }
    for (name, values) in &plan.values.query {
        let own = plan.method.params.iter().any(|param| param.name == *name);
        call = match values.as_slice() {
            [value] if own => call.query(name, value),
            [value] => call.global(name, value),
            values => call.query_all(name, values),
        };
    }
    match (&plan.body, &plan.raw) {
        (Some(body), _) => with_body(call, body),
        (None, Some(raw)) => {
            let content = raw.content.as_ref().and_then(|content| content.replay());
            call.raw_body(raw.mime.clone(), content.unwrap_or_default())
        }
        (None, None) => call,
    }
}

fn with_body(call: Call, body: &Value) -> Call {
    // A serde_json value always round-trips.
    match Json::from_str(&body.to_string()) {
        Ok(json) => call.body(&json),
        Err(_) => call,
    }
}
