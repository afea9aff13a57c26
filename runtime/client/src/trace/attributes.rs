//! Names of attributes, shared by spans and metrics.
//!
//! All but those of the prefix `discovery.` are from OpenTelemetry's [semantic
//! conventions](https://opentelemetry.io/docs/specs/semconv/). None has a value with a resource
//! name, a query, a header, a body, or a secret.

/// Verb of a request, for example `GET`.
pub const HTTP_REQUEST_METHOD: &str = "http.request.method";
/// Number of earlier attempts to send a request. Missing on the first.
pub const HTTP_REQUEST_RESEND_COUNT: &str = "http.request.resend_count";
/// Status of a response, as a number.
pub const HTTP_RESPONSE_STATUS_CODE: &str = "http.response.status_code";
/// Path of a request with names of parameters instead of values, for example
/// `/v3/{name}/companies`. Missing on requests to URLs that servers return, such as those of upload
/// sessions.
pub const URL_TEMPLATE: &str = "url.template";
/// Host of a request.
pub const SERVER_ADDRESS: &str = "server.address";
/// Port of a request.
pub const SERVER_PORT: &str = "server.port";
/// HTTP version of a response: `1.1` or `2`.
pub const NETWORK_PROTOCOL_VERSION: &str = "network.protocol.version";
/// Reason of a failure: an HTTP status, a [`Code`](crate::status::Code), an
/// [`ErrorKind`](crate::ErrorKind), or `cancelled` if the program dropped the call. Missing on
/// success.
pub const ERROR_TYPE: &str = "error.type";
/// `http`, as in Google's own clients.
pub const RPC_SYSTEM_NAME: &str = "rpc.system.name";
/// ID of a method, for example `jobs.projects.jobs.list`.
pub const RPC_METHOD: &str = "rpc.method";
/// Canonical code of a response, for example `OK` or `NOT_FOUND`. Missing without a response.
pub const RPC_RESPONSE_STATUS_CODE: &str = "rpc.response.status_code";
/// Name of an API, for example `jobs`.
pub const GCP_CLIENT_SERVICE: &str = "gcp.client.service";
/// Reason of a retry: the name of a [`RetryClass`](crate::retry::RetryClass), for example
/// `throttled`, or `unauthenticated` if the server rejected a token.
pub const RETRY_REASON: &str = "discovery.retry.reason";
