//! Descriptors of generated APIs, static and const-constructible.
//!
//! A generated method is data. The client, the command line, the mock server, and the generated
//! tests read these tables, so each fact about a method is written once.

mod naming;
mod operation;
mod repeat;

use std::fmt;

pub use self::naming::UrlTemplate;
pub use self::operation::{OperationSpec, TargetSpec};
pub use self::repeat::{Precondition, RequestIdIn};
pub use crate::json::patch::MaskDepth;

/// An API version: its URLs, and properties shared by its calls.
#[derive(Debug)]
pub struct ServiceSpec {
    /// Discovery ID, for example `jobs:v3`.
    pub id: &'static str,
    /// Scheme and host, ending in `/`: the discovery `rootUrl`.
    pub root_url: &'static str,
    /// Root URL for mutual TLS, if the document has one.
    pub mtls_root_url: Option<&'static str>,
    /// The discovery `servicePath`: empty, or ending in `/`.
    pub service_path: &'static str,
    /// The discovery `batchPath`, relative to the root URL.
    pub batch_path: Option<&'static str>,
    /// Whether bodies are wrapped in `{"data": …}` (feature `dataWrapper`).
    pub data_wrapper: bool,
    /// Name of the generated crate, for `x-goog-api-client`.
    pub package: &'static str,
    /// Version of the generated crate.
    pub package_version: &'static str,
}

/// A regional endpoint of an API.
#[derive(Debug)]
pub struct EndpointSpec {
    /// The location, for example `europe-west3`.
    pub location: &'static str,
    /// Root URL of the location.
    pub url: &'static str,
}

/// An HTTP verb of discovery documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// `GET`
    Get,
    /// `HEAD`
    Head,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
    /// `OPTIONS`
    Options,
}

impl Verb {
    /// Returns the verb in HTTP notation.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A segment of a path template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Literal text.
    Literal(&'static str),
    /// `{name}`: percent-encodes all but unreserved characters, including `/`.
    Simple(&'static str),
    /// `{+name}`: like `Simple`, but keeps `/`.
    Reserved(&'static str),
    /// `{/name*}`: the `/`-separated segments of the value, each encoded and preceded by `/`.
    Segments(&'static str),
}

/// Location of a page token in the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenIn {
    /// A query parameter of this name.
    Query(&'static str),
    /// A top-level member of the request body.
    Body(&'static str),
}

/// Paging of a list method.
#[derive(Debug)]
pub struct PagingSpec {
    /// Location of the token in the request.
    pub token: TokenIn,
    /// Response field with the next token.
    pub next: &'static str,
}

/// The response field with the items of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemsIn {
    /// An array of this name, whose elements are the items.
    List(&'static str),
    /// A map of this name, whose entries are the items.
    Map(&'static str),
}

impl ItemsIn {
    /// Returns the name of the field.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::List(name) | Self::Map(name) => name,
        }
    }
}

/// Media upload of a method.
#[derive(Debug)]
pub struct UploadSpec {
    /// Root-relative path of the simple and multipart protocols, as a template.
    pub path: &'static [Segment],
    /// Whether the method supports the resumable protocol.
    pub resumable: bool,
    /// Accepted MIME types.
    pub accept: &'static [&'static str],
    /// Maximum size of the content, in bytes.
    pub max_size: Option<u64>,
    /// Request field with the content's MIME type, for example `contentType`.
    pub media_type: Option<&'static str>,
}

impl UploadSpec {
    /// Returns the MIME type of the content: `given`, else that of the metadata in
    /// [`media_type`](Self::media_type), else `guessed`, else the only type the method accepts,
    /// else `application/octet-stream`.
    ///
    /// Drive's own types (`application/vnd.google-apps.…`) are targets of a conversion, never types
    /// of content, and are ignored.
    #[must_use]
    pub fn content_type<'a>(
        &self,
        given: Option<&'a str>,
        metadata: Option<&'a str>,
        guessed: Option<&'a str>,
    ) -> &'a str {
        let named = metadata
            .filter(|named| !named.is_empty() && !named.starts_with("application/vnd.google-apps"));
        let accepted = match self.accept {
            [one] if !one.contains('*') => one,
            _ => "application/octet-stream",
        };
        given.or(named).or(guessed).unwrap_or(accepted)
    }

    /// Returns `true` if the method takes content of a MIME type: one of the ranges in
    /// [`accept`](Self::accept) covers it, or there are none.
    #[must_use]
    pub fn accepts(&self, content_type: &str) -> bool {
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        let covers = |range: &&str| match range.strip_suffix("/*") {
            Some("*") => true,
            Some(kind) => {
                essence.split_once('/').is_some_and(|(k, _)| k.eq_ignore_ascii_case(kind))
            }
            None => range.eq_ignore_ascii_case(essence),
        };
        self.accept.is_empty() || self.accept.iter().any(covers)
    }
}

/// How a method specifies changes of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateSpec {
    /// The body is the resource, and a query parameter is the update mask
    /// ([AIP-134](https://google.aip.dev/134)).
    MaskInQuery {
        /// The query parameter.
        mask: &'static str,
        /// Maximum depth of its paths.
        depth: MaskDepth,
    },
    /// The body contains the resource and the update mask.
    MaskInBody {
        /// Field with the resource.
        resource: &'static str,
        /// Field with the mask.
        mask: &'static str,
        /// Maximum depth of its paths.
        depth: MaskDepth,
    },
    /// The body is a JSON merge patch of the resource
    /// ([RFC 7396](https://www.rfc-editor.org/rfc/rfc7396)).
    Merge,
    /// The body replaces the resource: a PUT without a mask.
    Replace,
}

/// Kind of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// No body.
    None,
    /// JSON of a schema.
    Json,
    /// Raw bytes with a content type (`HttpBody`).
    Raw,
}

/// A method: everything a call needs except its arguments.
#[derive(Debug)]
pub struct MethodSpec {
    /// Discovery ID, for example `jobs.projects.jobs.list`.
    pub id: &'static str,
    /// API of the method.
    pub service: &'static ServiceSpec,
    /// HTTP verb.
    pub verb: Verb,
    /// Path below root URL and service path.
    pub path: &'static [Segment],
    /// Request body.
    pub request: BodyKind,
    /// Response body.
    pub response: BodyKind,
    /// Whether the response declares a field `error`, as operations do, or fields of any name. In
    /// other successful responses, a member `error` reports a failure.
    pub error_member: bool,
    /// OAuth scopes; any one of them suffices.
    pub scopes: &'static [&'static str],
    /// Scope of calls if the program sets none: the least of `scopes`.
    ///
    /// The lesser of two scopes is decided by, in this order: read-only access, for methods that
    /// read; reach (one API, a family of APIs, whole products, `cloud-platform`); fewer
    /// dot-separated parts, since scopes with more cover only a part of the data; alphabetical
    /// order.
    pub default_scope: Option<&'static str>,
    /// Whether repeated execution has the effect of one.
    pub idempotent: bool,
    /// Whether the server holds the request until there is something to say, for example until an
    /// operation ends. Timeouts are longer by default.
    pub holds: bool,
    /// Arguments each of which makes a call idempotent.
    pub preconditions: &'static [Precondition],
    /// Location of the request's ID, for methods whose server recognizes a repeated request by it.
    /// With an ID, a call may be repeated whether or not the method is idempotent.
    pub request_id: Option<RequestIdIn>,
    /// Sent as `X-Goog-Api-Version`.
    pub api_version: Option<&'static str>,
    /// Response field with the items, for list methods with and without pages.
    pub items: Option<ItemsIn>,
    /// Paging, for list methods with pages.
    pub paging: Option<&'static PagingSpec>,
    /// Whether the response is a stream of messages of the response's type.
    pub streams: bool,
    /// How to wait for the operation that the method starts.
    pub operation: Option<&'static OperationSpec>,
    /// How the body specifies changes, for methods that update a resource.
    pub update: Option<UpdateSpec>,
    /// Media upload.
    pub upload: Option<&'static UploadSpec>,
    /// Whether `alt=media` returns the content.
    pub download: bool,
}

impl MethodSpec {
    /// Returns `true` if the method returns content regardless of the parameter `alt`, as Drive's
    /// `files.export` does.
    #[must_use]
    pub const fn is_download_only(&self) -> bool {
        self.download && matches!(self.response, BodyKind::Raw)
    }

    /// Creates a method of `verb` with the most common attributes: a JSON response, a JSON body for
    /// POST, PUT, and PATCH, and idempotent unless POST or PATCH.
    #[must_use]
    pub const fn new(
        verb: Verb,
        id: &'static str,
        service: &'static ServiceSpec,
        path: &'static [Segment],
    ) -> Self {
        let body = matches!(verb, Verb::Post | Verb::Put | Verb::Patch);
        Self {
            id,
            service,
            verb,
            path,
            request: if body { BodyKind::Json } else { BodyKind::None },
            response: BodyKind::Json,
            error_member: false,
            scopes: &[],
            default_scope: None,
            idempotent: !matches!(verb, Verb::Post | Verb::Patch),
            holds: false,
            preconditions: &[],
            request_id: None,
            api_version: None,
            items: None,
            paging: None,
            streams: false,
            operation: None,
            update: None,
            upload: None,
            download: false,
        }
    }

    /// A GET method: without a body, idempotent. See [`new`](Self::new).
    #[must_use]
    pub const fn get(
        id: &'static str,
        service: &'static ServiceSpec,
        path: &'static [Segment],
    ) -> Self {
        Self::new(Verb::Get, id, service, path)
    }

    /// A HEAD method: without a body, idempotent. See [`new`](Self::new).
    #[must_use]
    pub const fn head(
        id: &'static str,
        service: &'static ServiceSpec,
        path: &'static [Segment],
    ) -> Self {
        Self::new(Verb::Head, id, service, path)
    }

    /// A POST method: with a body, not idempotent. See [`new`](Self::new).
    #[must_use]
    pub const fn post(
        id: &'static str,
        service: &'static ServiceSpec,
        path: &'static [Segment],
    ) -> Self {
        Self::new(Verb::Post, id, service, path)
    }

    /// A PUT method: with a body, idempotent. See [`new`](Self::new).
    #[must_use]
    pub const fn put(
        id: &'static str,
        service: &'static ServiceSpec,
        path: &'static [Segment],
    ) -> Self {
        Self::new(Verb::Put, id, service, path)
    }

    /// A PATCH method: with a body, not idempotent. See [`new`](Self::new).
    #[must_use]
    pub const fn patch(
        id: &'static str,
        service: &'static ServiceSpec,
        path: &'static [Segment],
    ) -> Self {
        Self::new(Verb::Patch, id, service, path)
    }

    /// A DELETE method: without a body, idempotent. See [`new`](Self::new).
    #[must_use]
    pub const fn delete(
        id: &'static str,
        service: &'static ServiceSpec,
        path: &'static [Segment],
    ) -> Self {
        Self::new(Verb::Delete, id, service, path)
    }

    /// An OPTIONS method: without a body, idempotent. See [`new`](Self::new).
    #[must_use]
    pub const fn options(
        id: &'static str,
        service: &'static ServiceSpec,
        path: &'static [Segment],
    ) -> Self {
        Self::new(Verb::Options, id, service, path)
    }
}
