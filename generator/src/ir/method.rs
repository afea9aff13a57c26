//! Resources, methods and parameters.

use super::{
    Doc, FieldBehavior, Items, MethodId, Paging, PathTemplate, ResourceId, SchemaId, StreamRule,
    Type, Unpaged, ValueFacts, WireName,
};

/// A resource: a node of the tree of methods.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Name; the root has none.
    pub name: Option<WireName>,
    /// The resource that it belongs to.
    pub parent: Option<ResourceId>,
    /// JSON pointer.
    pub at: String,
    /// Methods, by name.
    pub methods: Vec<MethodId>,
    /// Sub-resources, by name.
    pub children: Vec<ResourceId>,
    /// Whether the document marks it deprecated.
    pub deprecated: bool,
}

/// An HTTP verb.
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
    pub fn as_str(self) -> &'static str {
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

/// A method.
#[derive(Clone, Debug)]
pub struct Method {
    /// The discovery id, unique in the document.
    pub id: WireName,
    /// Name in the resource.
    pub name: WireName,
    /// The resource that it belongs to.
    pub resource: ResourceId,
    /// JSON pointer.
    pub at: String,
    /// Description.
    pub doc: Doc,
    /// HTTP verb.
    pub verb: Verb,
    /// Path below root URL and service path.
    pub path: PathTemplate,
    /// Required parameters in call order, then the others as the document orders them.
    pub params: Vec<Param>,
    /// Request body.
    pub request: Option<Body>,
    /// Response body.
    pub response: Option<Body>,
    /// Whether the response declares a member `error`, or members of any name.
    pub error_member: bool,
    /// OAuth scopes, as the document orders them; any one suffices.
    pub scopes: Vec<WireName>,
    /// Narrowest of these scopes; the default for calls.
    pub default_scope: Option<WireName>,
    /// Whether repeating a call has the same effect as one call.
    pub idempotent: bool,
    /// Whether the server holds the request until there is something to say.
    pub holds: bool,
    /// Arguments that make a repeated call fail, or change nothing, after a successful one.
    pub preconditions: Vec<Precondition>,
    /// Location of an ID by which the server recognizes a repeated request (AIP-155).
    pub request_id: Option<RequestId>,
    /// Sent as `X-Goog-Api-Version`.
    pub api_version: Option<String>,
    /// Response member with the items of a list.
    pub items: Option<Items>,
    /// Paging of a list method.
    pub paging: Option<Paging>,
    /// Why a method that looks like a list has no pages, or pages without items.
    pub unpaged: Option<Unpaged>,
    /// Rule that identified the response as a stream of messages, if it is one.
    pub streams: Option<StreamRule>,
    /// Kind of update of a resource, if clear.
    pub update: Option<Update>,
    /// Media upload and download.
    pub media: Media,
    /// Whether the response is a long-running operation.
    pub operation: bool,
    /// How to wait for the operation, if the document declares it.
    pub long_running: Option<LongRunning>,
    /// Whether the document marks it deprecated.
    pub deprecated: bool,
}

impl Method {
    /// Returns the required parameters, in call order.
    pub fn required(&self) -> impl Iterator<Item = &Param> {
        self.params.iter().filter(|p| p.required)
    }

    /// Returns the optional parameters.
    pub fn optional(&self) -> impl Iterator<Item = &Param> {
        self.params.iter().filter(|p| !p.required)
    }

    /// Returns `true` if the method returns content and nothing else.
    #[must_use]
    pub fn is_download_only(&self) -> bool {
        self.media.download && matches!(self.response, Some(Body::Raw(_)))
    }

    /// Returns the member with the items of a page, if the method has pages and a known item
    /// member.
    #[must_use]
    pub fn paged_items(&self) -> Option<&Items> {
        self.paging.as_ref().and(self.items.as_ref())
    }
}

/// How a method specifies the changes to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// The body is the resource, and a query parameter the update mask (AIP-134).
    MaskInQuery {
        /// Position of the parameter.
        param: usize,
        /// Maximum depth of its paths.
        depth: MaskDepth,
    },
    /// The body contains the resource and the update mask.
    MaskInBody(HeldMask),
    /// The body is a JSON merge patch of the resource (RFC 7396): a PATCH without a mask.
    Merge,
    /// The body takes the place of the resource: a PUT without a mask.
    Replace,
}

/// A resource and the mask of its changed members, in one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldMask {
    /// Position of the field with the resource.
    pub resource: usize,
    /// Position of the field with the mask.
    pub mask: usize,
    /// Maximum depth of the mask's paths.
    pub depth: MaskDepth,
}

/// Maximum depth of an update mask's paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaskDepth {
    /// Members of the resource; nested objects are replaced whole.
    TopLevel,
    /// Members of nested objects.
    Nested,
}

/// Long-running operation that a method starts.
#[derive(Clone, Debug)]
pub struct LongRunning {
    /// Method that gets an operation by name.
    pub poll: MethodId,
    /// Path parameters beside the operation's name, which the starting method has as well.
    pub shared: Vec<WireName>,
    /// Result of the operation.
    pub result: Outcome,
    /// The resource that the operation is about, for operations with a status.
    pub target: Option<Target>,
}

/// The resource that an operation is about, and the method that gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The `get` of the resource.
    pub get: MethodId,
    /// Source of its arguments.
    pub known: TargetBy,
}

/// Source of the arguments that get the resource of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetBy {
    /// The call that started the operation names the resource.
    Call,
    /// The operation has its URL, `targetLink`: a resource that the call creates.
    Link,
}

impl TargetBy {
    /// The name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Call => "arguments of the call",
            Self::Link => "URL in the operation",
        }
    }
}

/// Result of an operation.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Unknown.
    Unknown,
    /// Nothing: `google.protobuf.Empty`.
    Nothing,
    /// A schema.
    Schema(SchemaId),
}

/// A body.
#[derive(Clone, Debug)]
pub enum Body {
    /// JSON of a type.
    Json(Type),
    /// Raw bytes with a content type: a reference to `HttpBody`, or the content of a method that
    /// returns nothing else, for which there is no schema.
    Raw(Option<SchemaId>),
}

/// Location of a parameter in the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
}

/// Default value of a parameter.
pub type Default = Option<String>;

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Name on the wire.
    pub name: WireName,
    /// JSON pointer.
    pub at: String,
    /// Path or query.
    pub location: Location,
    /// Type of one value; never a list.
    pub ty: Type,
    /// Whether it is required.
    pub required: bool,
    /// Whether it may be repeated (`k=a&k=b`).
    pub repeated: bool,
    /// Default value on the server.
    pub default: Default,
    /// Regular expression for the value.
    pub pattern: Option<String>,
    /// Minimum, as text.
    pub minimum: Option<String>,
    /// Maximum, as text.
    pub maximum: Option<String>,
    /// List whose items have the values.
    pub listed: Option<Listed>,
    /// Description.
    pub doc: Doc,
    /// Behavior, read from the description.
    pub behavior: FieldBehavior,
    /// Facts about its values, read from the description.
    pub facts: ValueFacts,
    /// Whether the document marks it deprecated.
    pub deprecated: bool,
}

/// A list whose items have the values of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// ID of the method, which may not be among the selected ones.
    pub list: WireName,
    /// The member of an item with the value.
    pub member: WireName,
}

impl Param {
    /// Returns the description without behavior markers.
    #[must_use]
    pub fn text(&self) -> &str {
        self.doc.0.get(self.behavior.markers..).unwrap_or_default()
    }
}

/// An argument that makes a call conditional on the version of its resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// A query parameter.
    Query(WireName),
    /// A member of the request body, by the names from the top.
    Body(Vec<WireName>),
}

/// Location of the request ID, which may be a UUID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestId {
    /// A query parameter.
    Query(WireName),
    /// A member of the request body.
    Body(WireName),
}

/// Media of a method.
#[derive(Clone, Debug, std::default::Default)]
pub struct Media {
    /// Upload, if supported.
    pub upload: Option<Upload>,
    /// Whether `alt=media` returns content.
    pub download: bool,
}

/// Media upload of a method.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Root-relative path of the simple and multipart protocols.
    pub path: PathTemplate,
    /// Whether the resumable protocol is supported.
    pub resumable: bool,
    /// Accepted MIME ranges.
    pub accept: Vec<String>,
    /// Largest content, in bytes.
    pub max_size: Option<u64>,
    /// The member of the request that names the content's MIME type.
    pub media_type: Option<WireName>,
}
