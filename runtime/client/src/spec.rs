//! What a generated crate says of its API: static, const-constructible descriptors.
//!
//! A generated method is data. The client, the command line, the mock server and the generated
//! tests all read these tables; nothing about a method is written twice.

use std::fmt;

pub use crate::json::patch::MaskDepth;

/// One API version: where it is served and what its calls have in common.
#[derive(Debug)]
pub struct ServiceSpec {
    /// The discovery id, for example `jobs:v3`.
    pub id: &'static str,
    /// Scheme and host, ending in `/`: the discovery `rootUrl`.
    pub root_url: &'static str,
    /// The same over mutual TLS, where the document gives it.
    pub mtls_root_url: Option<&'static str>,
    /// The discovery `servicePath`: empty, or ending in `/`.
    pub service_path: &'static str,
    /// The discovery `batchPath`, relative to the root URL.
    pub batch_path: Option<&'static str>,
    /// Whether bodies travel inside `{"data": …}` (the `dataWrapper` feature).
    pub data_wrapper: bool,
    /// Name and version of the generated crate, for `x-goog-api-client`.
    pub package: &'static str,
    /// Version of the generated crate.
    pub package_version: &'static str,
}

/// A regional endpoint of an API.
#[derive(Debug)]
pub struct EndpointSpec {
    /// The location, for example `europe-west3`.
    pub location: &'static str,
    /// The root URL that serves it.
    pub url: &'static str,
}

/// An HTTP verb that discovery documents use.
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
    /// The verb as HTTP spells it.
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

/// One piece of a path template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Literal text, sent as it is.
    Literal(&'static str),
    /// `{name}`: everything but unreserved characters is percent-encoded, `/` too.
    Simple(&'static str),
    /// `{+name}`: as `Simple`, but `/` stays.
    Reserved(&'static str),
    /// `{/name*}`: the value's `/`-separated segments, each encoded, each preceded by `/`.
    Segments(&'static str),
}

/// Where a page token travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenIn {
    /// A query parameter of this name.
    Query(&'static str),
    /// A top-level member of the request body.
    Body(&'static str),
}

/// How a list method is paged.
#[derive(Debug)]
pub struct PagingSpec {
    /// Where the request takes the token.
    pub token: TokenIn,
    /// Response member with the next token.
    pub next: &'static str,
}

/// The response member that holds the items of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemsIn {
    /// An array of this name; an item is an element.
    List(&'static str),
    /// An object of this name with values of one type; an item is a key and its value.
    Map(&'static str),
}

impl ItemsIn {
    /// The name of the member.
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
    /// Whether the resumable protocol is offered.
    pub resumable: bool,
    /// Accepted MIME ranges.
    pub accept: &'static [&'static str],
    /// Largest content, in bytes.
    pub max_size: Option<u64>,
    /// The member of the request that names the content's MIME type, for example `contentType`.
    pub media_type: Option<&'static str>,
}

impl UploadSpec {
    /// The MIME type that content is sent with: the one that was given for it; else the one that
    /// its metadata names in [`media_type`](Self::media_type); else one that was guessed, as from a
    /// file's name; else the one type that the method accepts; else that of anything.
    ///
    /// Drive's own types (`application/vnd.google-apps.…`) are what content is to be converted to,
    /// never what it is.
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

    /// Whether the method takes content of a MIME type: one of the ranges in
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

/// How a method says what it changes of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateSpec {
    /// The body is the resource, and a query parameter the update mask
    /// ([AIP-134](https://google.aip.dev/134)).
    MaskInQuery {
        /// The query parameter.
        mask: &'static str,
        /// How deep its paths may go.
        depth: MaskDepth,
    },
    /// The body holds the resource and the update mask.
    MaskInBody {
        /// The member that is the resource.
        resource: &'static str,
        /// The member that is the mask.
        mask: &'static str,
        /// How deep its paths may go.
        depth: MaskDepth,
    },
    /// The body is a JSON merge patch of the resource
    /// ([RFC 7396](https://www.rfc-editor.org/rfc/rfc7396)).
    Merge,
    /// The body takes the place of the resource: a PUT without a mask.
    Replace,
}

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// No body.
    None,
    /// JSON of a schema.
    Json,
    /// Raw bytes with a content type (`HttpBody`).
    Raw,
}

/// One method. Everything that a call needs, except its arguments.
#[derive(Debug)]
pub struct MethodSpec {
    /// The discovery id, for example `jobs.projects.jobs.list`.
    pub id: &'static str,
    /// The API that it belongs to.
    pub service: &'static ServiceSpec,
    /// HTTP verb.
    pub verb: Verb,
    /// Path below root URL and service path.
    pub path: &'static [Segment],
    /// Request body.
    pub request: BodyKind,
    /// Response body.
    pub response: BodyKind,
    /// Whether the response declares a member `error`, as operations do, or members of any name. In
    /// any other answer of success a member `error` tells of a failure.
    pub error_member: bool,
    /// OAuth scopes; any one of them suffices.
    pub scopes: &'static [&'static str],
    /// The scope that a call asks for when the program chose none: the least of `scopes`.
    ///
    /// Of two scopes the less is decided by the first of these that tells them apart: for a method
    /// that reads, a read-only scope; reach (one API, then a family that several APIs share, then
    /// whole products, then `cloud-platform`); fewer parts between dots, because a scope with more
    /// parts shows a part of the data only; alphabetical order.
    pub default_scope: Option<&'static str>,
    /// Whether a second execution has the effect of one.
    pub idempotent: bool,
    /// Sent as `X-Goog-Api-Version`.
    pub api_version: Option<&'static str>,
    /// Where the response holds the items, for list methods with and without pages.
    pub items: Option<ItemsIn>,
    /// Paging, for list methods with pages.
    pub paging: Option<&'static PagingSpec>,
    /// What the body changes, for methods that update a resource.
    pub update: Option<UpdateSpec>,
    /// Media upload.
    pub upload: Option<&'static UploadSpec>,
    /// Whether `alt=media` gives the content.
    pub download: bool,
}
