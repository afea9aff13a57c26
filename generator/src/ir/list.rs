//! Lists: items, pages, and why a method has none.

use super::WireName;

/// The field of a response that holds the items of a list.
#[derive(Clone, Debug)]
pub struct Items {
    /// Name on the wire.
    pub member: WireName,
    /// Kind of item.
    pub kind: ItemsKind,
    /// Rule that identified the member.
    pub rule: ItemsRule,
}

/// Container of items, which determines the kind of item.
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

/// Rule that identified the member with the items, most reliable first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemsRule {
    /// The overlay names it.
    Overlay,
    /// The items have the type that `get` of the same resource returns.
    Resource,
    /// It is called `items`.
    Items,
    /// The name is, or ends with, the resource's: `matchingJobs` of `jobs`.
    ResourceName,
    /// The name is what the method lists: `errors` of `listAsyncErrors`.
    MethodName,
    /// It is called `results`, `result` or `rows`.
    Results,
    /// The field is the only list, apart from lists of errors and similar data.
    OnlyList,
    /// There is no list, and the field is the only map, apart from those of errors and similar
    /// data.
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
    /// Location of the token in the request.
    pub token: TokenIn,
    /// Name of the token in the request.
    pub param: WireName,
    /// The response member with the token of the next page.
    pub next: WireName,
}

/// Location of the page token in the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenIn {
    /// A query parameter.
    Query,
    /// A member of the request body.
    Body,
}

/// Why a method that looks like a list has no pages, or pages without items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unpaged {
    /// Several members of the response could hold the items.
    AmbiguousItems,
    /// The response is raw bytes.
    RawResponse,
    /// The response has a token, and the request takes none.
    NoTokenInRequest,
    /// The request takes a token, and the response has none.
    NoTokenInResponse,
    /// The token is not text.
    TokenNotText,
    /// A member of the response holds the token.
    TokenInMember,
    /// The request takes the position of the first item.
    Positions,
    /// Neither has a token.
    OneAnswer,
}

impl Unpaged {
    /// The reason in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AmbiguousItems => "several members may hold the items",
            Self::RawResponse => "the response is raw bytes",
            Self::NoTokenInRequest => "the request takes no token",
            Self::NoTokenInResponse => "the response has no token",
            Self::TokenNotText => "the token is not text",
            Self::TokenInMember => "the token is within a member of the response",
            Self::Positions => "the request takes a position",
            Self::OneAnswer => "one answer",
        }
    }
}
