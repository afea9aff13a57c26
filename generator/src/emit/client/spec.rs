//! The `MethodSpec` of a generated method, without what follows from its verb.

use super::update;
use crate::emit::Cx;
use crate::ir::{
    Body, Items, ItemsKind, Method, PathPart, PathTemplate, Precondition, RequestId, Upload, Verb,
    WireName,
};
use crate::rust::{Fragment, StrLit, literal, text_lines};
use serde::Serialize;

/// Differences from the runtime's constructor `base`.
#[derive(Serialize)]
pub(super) struct SpecView {
    base: Fragment,
    /// Whether there are any differences.
    differs: bool,
    id: StrLit,
    path: Vec<PartView>,
    request: Option<Fragment>,
    response: Option<Fragment>,
    error_member: bool,
    scopes: Vec<Fragment>,
    default_scope: Option<Fragment>,
    idempotent: Option<Fragment>,
    holds: bool,
    preconditions: Vec<Fragment>,
    request_id: Option<RequestIdView>,
    items: Option<ItemsView>,
    streams: bool,
    api_version: Option<StrLit>,
    update: Option<Fragment>,
    upload: Option<UploadView>,
    download: bool,
}

impl SpecView {
    /// Types of the runtime that the spec uses.
    pub(super) fn types(&self, m: &Method) -> impl Iterator<Item = &'static str> {
        let masked =
            self.update.as_ref().is_some_and(|update| update.as_str().contains("MaskDepth"));
        let paged = m.paging.is_some();
        let named = [
            ("BodyKind", self.request.is_some() || self.response.is_some()),
            ("ItemsIn", self.items.is_some()),
            ("MaskDepth", masked),
            ("MethodSpec", true),
            ("PagingSpec", paged),
            ("Precondition", !self.preconditions.is_empty()),
            ("RequestIdIn", self.request_id.is_some()),
            ("Segment", !self.path.is_empty() || self.upload.is_some()),
            ("TokenIn", paged),
            ("UpdateSpec", self.update.is_some()),
            ("UploadSpec", self.upload.is_some()),
        ];
        named.into_iter().filter(|(_, used)| *used).map(|(name, _)| name)
    }

    /// Returns `true` if the spec uses scope constants.
    pub(super) fn has_scopes(&self) -> bool {
        self.scopes.iter().any(|scope| scope.as_str().starts_with("scopes::"))
    }
}

#[derive(Serialize)]
struct RequestIdView {
    place: Fragment,
    name: StrLit,
}

#[derive(Serialize)]
struct ItemsView {
    kind: Fragment,
    member: StrLit,
}

#[derive(Serialize)]
struct PartView {
    kind: Fragment,
    text: StrLit,
}

#[derive(Serialize)]
struct UploadView {
    path: Vec<PartView>,
    resumable: bool,
    accept: Vec<StrLit>,
    max_size: Fragment,
    media_type: Option<StrLit>,
}

pub(super) fn spec(cx: &Cx<'_>, m: &Method) -> SpecView {
    // Same as the constructors in `discovery_runtime::spec`.
    let (base, sends, repeatable) = match m.verb {
        Verb::Get => ("get", false, true),
        Verb::Head => ("head", false, true),
        Verb::Post => ("post", true, false),
        Verb::Put => ("put", true, true),
        Verb::Patch => ("patch", true, false),
        Verb::Delete => ("delete", false, true),
        Verb::Options => ("options", false, true),
    };
    let usual = |json: bool| if json { "Json" } else { "None" };
    let (request, response) = (kind(m.request.as_ref()), kind(m.response.as_ref()));
    let other = |kind: &str, usual: &str| (kind != usual).then(|| text_lines(&[kind]));
    SpecView {
        base: text_lines(&[base]),
        differs: request != usual(sends)
            || response != usual(true)
            || m.idempotent != repeatable
            || has_more(m),
        id: literal(m.id.as_str()),
        path: path(&m.path),
        request: other(request, usual(sends)),
        response: other(response, usual(true)),
        error_member: m.error_member,
        scopes: m.scopes.iter().map(|s| scope(cx, s)).collect(),
        default_scope: m.default_scope.as_ref().map(|s| scope(cx, s)),
        idempotent: (m.idempotent != repeatable)
            .then(|| text_lines(&[if m.idempotent { "true" } else { "false" }])),
        holds: m.holds,
        preconditions: m.preconditions.iter().map(precondition).collect(),
        request_id: m.request_id.as_ref().map(request_id),
        items: m.items.as_ref().map(items),
        streams: m.streams.is_some(),
        api_version: m.api_version.as_deref().map(literal),
        update: update::spec(cx, m),
        upload: m.media.upload.as_ref().map(upload),
        download: m.media.download,
    }
}

/// Returns `true` if a method has attributes that do not follow from its verb.
fn has_more(m: &Method) -> bool {
    m.error_member
        || !m.scopes.is_empty()
        || m.api_version.is_some()
        || m.holds
        || !m.preconditions.is_empty()
        || m.request_id.is_some()
        || m.items.is_some()
        || m.streams.is_some()
        || m.long_running.is_some()
        || m.paging.is_some()
        || m.update.is_some()
        || m.media.upload.is_some()
        || m.media.download
}

fn kind(body: Option<&Body>) -> &'static str {
    match body {
        None => "None",
        Some(Body::Json(_)) => "Json",
        Some(Body::Raw(_)) => "Raw",
    }
}

/// Returns the constant of a scope, or its text if the document does not list it.
fn scope(cx: &Cx<'_>, url: &WireName) -> Fragment {
    let listed = cx.api.scopes.iter().position(|scope| scope.url.as_str() == url.as_str());
    match listed.and_then(|i| cx.names.scopes.get(i)) {
        Some(name) => text_lines(&[&format!("scopes::{name}")]),
        None => text_lines(&[literal(url.as_str()).as_str()]),
    }
}

fn precondition(condition: &Precondition) -> Fragment {
    let text = match condition {
        Precondition::Query(name) => format!("Query({})", literal(name.as_str()).as_str()),
        Precondition::Body(path) => {
            let names = path.iter().map(|name| literal(name.as_str()).as_str().to_owned());
            format!("Body(&[{}])", names.collect::<Vec<_>>().join(", "))
        }
    };
    text_lines(&[&text])
}

fn request_id(id: &RequestId) -> RequestIdView {
    let (place, name) = match id {
        RequestId::Query(name) => ("Query", name),
        RequestId::Body(name) => ("Body", name),
    };
    RequestIdView { place: text_lines(&[place]), name: literal(name.as_str()) }
}

fn items(items: &Items) -> ItemsView {
    let kind = match items.kind {
        ItemsKind::List => "List",
        ItemsKind::Map => "Map",
    };
    ItemsView { kind: text_lines(&[kind]), member: literal(items.member.as_str()) }
}

fn path(template: &PathTemplate) -> Vec<PartView> {
    let part = |part: &PathPart| {
        let (kind, text) = match part {
            PathPart::Literal(text) => ("Literal", text.as_str()),
            PathPart::Simple(name) => ("Simple", name.as_str()),
            PathPart::Reserved(name) => ("Reserved", name.as_str()),
            PathPart::Segments(name) => ("Segments", name.as_str()),
        };
        PartView { kind: text_lines(&[kind]), text: literal(text) }
    };
    template.0.iter().map(part).collect()
}

fn upload(upload: &Upload) -> UploadView {
    let max_size = upload.max_size.map_or("None".to_owned(), |n| format!("Some({n})"));
    UploadView {
        path: path(&upload.path),
        resumable: upload.resumable,
        accept: upload.accept.iter().map(|a| literal(a)).collect(),
        max_size: text_lines(&[&max_size]),
        media_type: upload.media_type.as_ref().map(|n| literal(n.as_str())),
    }
}
