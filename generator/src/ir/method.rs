//! Resources, methods and parameters.

use super::{
    Doc, FieldBehavior, MethodId, PathTemplate, ResourceId, SchemaId, Type, ValueFacts, WireName,
};

/// A resource: a node of the tree that holds methods.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Its name; the root has none.
    pub name: Option<WireName>,
    /// The resource that it belongs to.
    pub parent: Option<ResourceId>,
    /// JSON pointer.
    pub at: String,
    /// Its methods, by name.
    pub methods: Vec<MethodId>,
    /// Its sub-resources, by name.
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
    /// Its name in its resource.
    pub name: WireName,
    /// The resource that it belongs to.
    pub resource: ResourceId,
    /// JSON pointer.
    pub at: String,
    /// What it does.
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
    /// The least of them: what a call asks for when the program chose none.
    pub default_scope: Option<WireName>,
    /// Whether a second execution has the effect of one.
    pub idempotent: bool,
    /// Sent as `X-Goog-Api-Version`.
    pub api_version: Option<String>,
    /// Where the response holds the items of a list.
    pub items: Option<Items>,
    /// Paging of a list method.
    pub paging: Option<Paging>,
    /// What the body changes, where the method updates a resource and it is clear how.
    pub update: Option<Update>,
    /// Media upload and download.
    pub media: Media,
    /// Whether the response is a long-running operation.
    pub operation: bool,
    /// How the end of that operation is waited for, where the document tells.
    pub long_running: Option<LongRunning>,
    /// Whether the document marks it deprecated.
    pub deprecated: bool,
}

impl Method {
    /// Parameters that a call must give, in call order.
    pub fn required(&self) -> impl Iterator<Item = &Param> {
        self.params.iter().filter(|p| p.required)
    }

    /// Parameters that a call may give.
    pub fn optional(&self) -> impl Iterator<Item = &Param> {
        self.params.iter().filter(|p| !p.required)
    }

    /// Where the items of its pages are, if it has pages and that could be told.
    #[must_use]
    pub fn paged_items(&self) -> Option<&Items> {
        self.paging.as_ref().and(self.items.as_ref())
    }
}

/// How a method says what it changes of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// The body is the resource, and a query parameter the update mask (AIP-134).
    MaskInQuery {
        /// Position of the parameter.
        param: usize,
        /// How deep its paths may go.
        depth: MaskDepth,
    },
    /// The body holds the resource and the update mask.
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
    /// How deep the paths of the mask may go.
    pub depth: MaskDepth,
}

/// How deep the paths of an update mask may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaskDepth {
    /// To the members of the resource: objects in it are replaced whole.
    TopLevel,
    /// Into objects.
    Nested,
}

/// The operation that a method starts.
#[derive(Clone, Debug)]
pub struct LongRunning {
    /// The method that gives the operation of a name.
    pub poll: MethodId,
    /// What comes of it.
    pub result: Outcome,
}

/// What comes of an operation.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The document does not tell.
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
    /// Raw bytes with a content type: a reference to `HttpBody`.
    Raw(SchemaId),
}

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
}

/// What a parameter is when it is not given.
pub type Default = Option<String>;

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Name on the wire.
    pub name: WireName,
    /// JSON pointer.
    pub at: String,
    /// Where it travels.
    pub location: Location,
    /// Type of one value; never a list.
    pub ty: Type,
    /// Whether a call must give it.
    pub required: bool,
    /// Whether it may be given many times (`k=a&k=b`).
    pub repeated: bool,
    /// What the server assumes.
    pub default: Default,
    /// Regular expression for the value.
    pub pattern: Option<String>,
    /// Least value, as text.
    pub minimum: Option<String>,
    /// Greatest value, as text.
    pub maximum: Option<String>,
    /// What it means.
    pub doc: Doc,
    /// How it behaves, as its description says.
    pub behavior: FieldBehavior,
    /// What its description says of values.
    pub facts: ValueFacts,
    /// Whether the document marks it deprecated.
    pub deprecated: bool,
}

impl Param {
    /// The description behind the markers that say how the parameter behaves.
    #[must_use]
    pub fn text(&self) -> &str {
        self.doc.0.get(self.behavior.markers..).unwrap_or_default()
    }
}

/// The member of a response that holds the items of a list.
#[derive(Clone, Debug)]
pub struct Items {
    /// Name on the wire.
    pub member: WireName,
    /// What one item is.
    pub kind: ItemsKind,
    /// What singled the member out.
    pub rule: ItemsRule,
}

/// The container of items, and with it what one item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemsKind {
    /// An array: an item is an element.
    List,
    /// An object with values of one type: an item is a key and its value. The aggregated lists of
    /// Compute are keyed by scope.
    Map,
}

impl ItemsKind {
    /// The name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Map => "map",
        }
    }
}

/// What singled out the member with the items, the most certain first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemsRule {
    /// The overlay names it.
    Overlay,
    /// Its items are what `get` of the same resource returns.
    Resource,
    /// It is called `items`.
    Items,
    /// It is called like the resource, or ends so: `matchingJobs` of `jobs`.
    ResourceName,
    /// It is called like what the method lists: `errors` of `listAsyncErrors`.
    MethodName,
    /// It is called `results`, `result` or `rows`.
    Results,
    /// There is no other list, apart from lists of errors and the like.
    OnlyList,
    /// There is no list and no other map, apart from those of errors and the like.
    OnlyMap,
}

impl ItemsRule {
    /// The name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Overlay => "overlay",
            Self::Resource => "type of get",
            Self::Items => "named items",
            Self::ResourceName => "named like resource",
            Self::MethodName => "named like method",
            Self::Results => "named results",
            Self::OnlyList => "only list",
            Self::OnlyMap => "only map",
        }
    }
}

/// Paging of a list method.
#[derive(Clone, Debug)]
pub struct Paging {
    /// Where the request takes the token.
    pub token: TokenIn,
    /// The response member with the token of the next page.
    pub next: WireName,
}

/// Where a page token travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenIn {
    /// The query parameter `pageToken`.
    Query,
    /// The member `pageToken` of the request body.
    Body,
}

/// Media of a method.
#[derive(Clone, Debug, std::default::Default)]
pub struct Media {
    /// How content is sent.
    pub upload: Option<Upload>,
    /// Whether `alt=media` gives content.
    pub download: bool,
}

/// Media upload of a method.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Root-relative path of the simple and multipart protocols.
    pub path: PathTemplate,
    /// Whether the resumable protocol is offered.
    pub resumable: bool,
    /// Accepted MIME ranges.
    pub accept: Vec<String>,
    /// Largest content, in bytes.
    pub max_size: Option<u64>,
    /// The member of the request that names the content's MIME type.
    pub media_type: Option<WireName>,
}
