//! Pages of methods.

use super::method_examples::{self as examples, ExamplesView};
use super::shape::Form;
use super::{Docs, block, code, piece, update};
use crate::emit::examples::Purpose;
use crate::error::Diagnostic;
use crate::ir::{
    Body, ItemsKind, Method, MethodId, Param, PathPart, SchemaId, TokenIn, Type, Verb,
};
use crate::rust::{Fragment, ParamNames, RustIdent, text_lines};
use crate::tree::FileTree;
use serde::Serialize;

#[derive(Serialize)]
struct PageView {
    title: Fragment,
    deprecated: bool,
    doc: Fragment,
    http: Fragment,
    call: Fragment,
    command: Option<Fragment>,
    scopes: Vec<ScopeView>,
    args: Vec<ParamView>,
    query: Vec<ParamView>,
    values: Vec<ValuesView>,
    request: Option<FormView>,
    response: Option<FormView>,
    nothing: bool,
    answer: Fragment,
    media: Vec<Fragment>,
    streams: bool,
    paging: Option<PagingView>,
    update: Option<Fragment>,
    examples: ExamplesView,
}

#[derive(Serialize)]
struct ScopeView {
    url: Fragment,
    default: bool,
}

#[derive(Serialize)]
pub(super) struct ParamView {
    pub(super) name: Fragment,
    pub(super) setter: Fragment,
    pub(super) ty: Fragment,
    pub(super) form: Fragment,
    pub(super) flags: Fragment,
    pub(super) text: Fragment,
}

#[derive(Serialize)]
struct ValuesView {
    of: Fragment,
    values: Vec<ValueView>,
}

#[derive(Serialize)]
struct ValueView {
    wire: Fragment,
    text: Fragment,
}

/// The form of a body.
#[derive(Serialize)]
struct FormView {
    link: Fragment,
    form: Option<FormTextView>,
    types: Vec<Fragment>,
    known: bool,
}

#[derive(Serialize)]
struct FormTextView {
    schema: Fragment,
    text: Fragment,
}

#[derive(Serialize)]
struct PagingView {
    items: Fragment,
    next: Fragment,
    param: Fragment,
    map: bool,
    body: bool,
}

#[derive(Serialize)]
struct IndexView {
    methods: Vec<EntryView>,
}

#[derive(Serialize)]
struct EntryView {
    name: Fragment,
    file: Fragment,
    http: Fragment,
    text: Fragment,
}

pub(super) fn emit(docs: &Docs<'_>, tree: &mut FileTree) -> Result<(), Diagnostic> {
    let mut methods = Vec::new();
    for id in MethodId::all(docs.cx.api) {
        let m = &docs.cx.api[id];
        let file = docs.method_file(id);
        methods.push(EntryView {
            name: piece(&docs.method_title(id)),
            file: piece(&file),
            http: piece(&code(&format!("{} {}", m.verb.as_str(), template(m)))),
            text: piece(&docs.cell(crate::rust::docs::first_sentence(&m.doc.0))),
        });
        docs.page(tree, &format!("methods/{file}"), "docs/method.md", &page(docs, id))?;
    }
    docs.page(tree, "methods/README.md", "docs/methods.md", &IndexView { methods })
}

/// Returns the purpose of a method's request.
pub(super) fn purpose(m: &Method) -> Purpose<'_> {
    let id = m.id.as_str();
    match (m.verb, m.name.as_str()) {
        (_, "create" | "insert") => Purpose::Create(id),
        (Verb::Patch | Verb::Put, _) | (_, "patch" | "update") => Purpose::Update(id),
        _ => Purpose::Request(id),
    }
}

/// Formats the path template.
fn template(m: &Method) -> String {
    let part = |part: &PathPart| match part {
        PathPart::Literal(text) => text.clone(),
        PathPart::Simple(name) => format!("{{{name}}}"),
        PathPart::Reserved(name) => format!("{{+{name}}}"),
        PathPart::Segments(name) => format!("{{/{name}*}}"),
    };
    m.path.0.iter().map(part).collect()
}

fn page(docs: &Docs<'_>, id: MethodId) -> PageView {
    let (api, m) = (docs.cx.api, &docs.cx.api[id]);
    let standing = m.default_scope.as_ref().map(|scope| scope.as_str());
    let names = &docs.cx.names.method(id).params;
    let of = |wanted: bool| -> Vec<(&Param, &ParamNames)> {
        m.params.iter().zip(names).filter(|(p, _)| p.required == wanted).collect()
    };
    let (request, shown) = form(docs, &m.request, purpose(m), &[]);
    let (response, _) = form(docs, &m.response, Purpose::Model, &shown);
    let (verb, name) = (m.verb.as_str(), docs.cx.names.method(id).body.bare());
    PageView {
        title: piece(&docs.method_title(id)),
        deprecated: m.deprecated,
        doc: block(&docs.lines(&m.doc.0)),
        http: piece(&code(&format!("{verb} {}{}{}", api.root_url, api.service_path, template(m)))),
        call: piece(&call_line(docs, id)),
        command: command_line(docs, id).as_deref().map(piece),
        scopes: (m.scopes.iter().map(|s| s.as_str()))
            .map(|s| ScopeView { url: piece(&code(s)), default: standing == Some(s) })
            .collect(),
        args: (of(true).into_iter().map(|(p, n)| param(docs, p, n)))
            .chain(request.iter().map(|form| body_row(name, form)))
            .collect(),
        query: of(false).into_iter().map(|(p, n)| param(docs, p, n)).collect(),
        values: m.params.iter().filter_map(|p| values(docs, p)).collect(),
        request,
        nothing: m.response.is_none(),
        answer: piece(&answer(docs, m)),
        response,
        media: media(m),
        streams: m.streams.is_some(),
        paging: paging(m),
        update: update_lines(docs, id),
        examples: examples::examples(docs, id),
    }
}

/// Returns the block on updates, if the method is one.
fn update_lines(docs: &Docs<'_>, id: MethodId) -> Option<Fragment> {
    let lines = update::lines(docs, id);
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    (!lines.is_empty()).then(|| text_lines(&lines))
}

fn answer(docs: &Docs<'_>, m: &Method) -> String {
    match &m.response {
        Some(Body::Json(ty)) if m.streams.is_some() => {
            format!("A stream of messages, each of them {}", docs.type_link(ty, &docs.label(ty)))
        }
        Some(Body::Json(ty)) => docs.type_link(ty, &docs.label(ty)),
        Some(Body::Raw(_)) if m.streams.is_some() => {
            "A stream of messages in JSON: lines or server-sent events".to_owned()
        }
        Some(Body::Raw(_)) => "The content, with its media type".to_owned(),
        None => String::new(),
    }
}

fn call_line(docs: &Docs<'_>, id: MethodId) -> String {
    let names = docs.cx.names.method(id);
    let body = docs.cx.api[id].request.as_ref().map(|_| &names.body);
    call(docs, id, &names.function, None, body)
}

/// Formats a call: the method's function with its required parameters, except the one at `without`,
/// passing `values` by reference.
pub(super) fn call<'n>(
    docs: &Docs<'_>,
    id: MethodId,
    function: &RustIdent,
    without: Option<usize>,
    values: impl IntoIterator<Item = &'n RustIdent>,
) -> String {
    let path = docs.cx.names.accessors(docs.cx.api, docs.cx.api[id].resource);
    let path: String = path.iter().map(|a| format!(".{a}()")).collect();
    let params = docs.cx.names.method(id).params.iter().enumerate();
    let mut arguments: Vec<String> = params
        .filter_map(|(at, name)| match name {
            ParamNames::Argument(name) if Some(at) != without => Some(name.to_string()),
            _ => None,
        })
        .collect();
    arguments.extend(values.into_iter().map(|value| format!("&{value}")));
    code(&format!("client{path}.{function}({})", arguments.join(", ")))
}

fn command_line(docs: &Docs<'_>, id: MethodId) -> Option<String> {
    let binary = docs.binary.as_ref()?;
    let arguments: String = (docs.cx.api[id].required())
        .map(|p| format!(" <{}>", discovery_describe::names::kebab(p.name.as_str())))
        .collect();
    let line = code(&format!("{binary} {}{arguments}", docs.command_words(id)));
    Some(format!("{line} ([its page](../cli/{}))", docs.method_file(id)))
}

/// The body as a row among the arguments.
fn body_row(name: &str, form: &FormView) -> ParamView {
    ParamView {
        name: piece("the body"),
        setter: piece(&code(&format!("&{name}"))),
        ty: form.link.clone(),
        form: piece(""),
        flags: piece("required"),
        text: piece("The request body."),
    }
}

/// A parameter as a row.
pub(super) fn param(docs: &Docs<'_>, p: &Param, name: &ParamNames) -> ParamView {
    let text = p.text();
    let flags: Vec<&str> = [
        (p.required || p.behavior.required, "required"),
        (p.repeated, "repeated"),
        (p.behavior.deprecated || p.deprecated, "deprecated"),
    ]
    .iter()
    .filter_map(|(set, word)| set.then_some(*word))
    .collect();
    let setter = match name {
        ParamNames::Argument(name) => code(name.bare()),
        ParamNames::Setter(name) => code(&format!(".{}()", name.bare())),
        ParamNames::Everywhere => code(&format!(".{}()", crate::rust::snake(p.name.as_str()))),
    };
    ParamView {
        name: piece(&code(p.name.as_str())),
        setter: piece(&setter),
        ty: piece(&label(docs, p)),
        form: piece(&limits(p)),
        flags: piece(&flags.join(", ")),
        text: piece(&docs.cell(text)),
    }
}

fn label(docs: &Docs<'_>, p: &Param) -> String {
    if matches!(p.ty, Type::Enum(_)) { "string".to_owned() } else { docs.label(&p.ty) }
}

/// Lists the constraints on a parameter's values: a readable pattern and the range.
fn limits(p: &Param) -> String {
    let mut out = Vec::new();
    out.extend(p.pattern.as_deref().map(|pattern| code(&readable(pattern))));
    let bounds = (p.minimum.as_deref(), p.maximum.as_deref());
    out.extend(match bounds {
        (Some(least), Some(most)) => Some(format!("{} to {}", code(least), code(most))),
        (Some(least), None) => Some(format!("at least {}", code(least))),
        (None, Some(most)) => Some(format!("at most {}", code(most))),
        (None, None) => None,
    });
    let default = p.default.as_deref().filter(|d| !d.trim().is_empty());
    out.extend(default.map(|d| format!("default {}", code(d))));
    out.join(", ")
}

/// Simplifies a pattern: `^projects/[^/]+$` becomes `projects/*`.
pub(super) fn readable(pattern: &str) -> String {
    let body = pattern.trim_start_matches('^').trim_end_matches('$');
    body.replace("[^/]+", "*").replace("[^/]*", "*").replace(".+", "**").replace(".*", "**")
}

fn values(docs: &Docs<'_>, p: &Param) -> Option<ValuesView> {
    let Type::Enum(id) = p.ty else { return None };
    let values = docs.cx.api[id].values.iter().map(|v| ValueView {
        wire: piece(&code(v.name.as_str())),
        text: piece(docs.cell(&v.doc.0).trim()),
    });
    Some(ValuesView { of: piece(&code(p.name.as_str())), values: values.collect() })
}

/// Returns the form of a body and the schemas in it.
fn form(
    docs: &Docs<'_>,
    body: &Option<Body>,
    purpose: Purpose<'_>,
    known: &[SchemaId],
) -> (Option<FormView>, Vec<SchemaId>) {
    let Some(Body::Json(ty)) = body else { return (None, Vec::new()) };
    let link = piece(&docs.type_link(ty, &docs.label(ty)));
    let id = match docs.cx.api.resolve(ty) {
        Type::Object(id) => Some(*id),
        _ => None,
    };
    let seen = id.is_some_and(|id| known.contains(&id));
    let written = id.filter(|_| !seen).and_then(|id| Form::new(docs, purpose).write(id));
    let schema = id.map_or_else(String::new, |id| super::bare(docs.cx.api[id].name.as_str()));
    let mut view = FormView { link, form: None, types: Vec::new(), known: seen };
    let Some((form, text)) = written else { return (Some(view), Vec::new()) };
    view.form = Some(FormTextView { schema: piece(&schema), text: piece(&text) });
    view.types = form.named.iter().map(|ty| piece(&docs.type_link(ty, &docs.label(ty)))).collect();
    (Some(view), form.shown.into_iter().collect())
}

fn paging(m: &Method) -> Option<PagingView> {
    let (paging, items) = (m.paging.as_ref()?, m.paged_items()?);
    Some(PagingView {
        items: piece(&code(items.member.as_str())),
        next: piece(paging.next.as_str()),
        param: piece(paging.param.as_str()),
        map: items.kind == ItemsKind::Map,
        body: paging.token == TokenIn::Body,
    })
}

fn media(m: &Method) -> Vec<Fragment> {
    let mut out = Vec::new();
    if let Some(upload) = &m.media.upload {
        let accept = match upload.accept.as_slice() {
            [] => String::new(),
            some => format!(" of type {}", code(&some.join(", "))),
        };
        let most = upload.max_size.map_or_else(String::new, |n| format!(", at most {n} bytes"));
        let how = if upload.resumable { "in one request or resumable" } else { "in one request" };
        out.push(piece(&format!("Uploads content{accept}{most}, {how}: `.upload(…)`.")));
    }
    if m.media.download {
        out.push(piece("Downloads content: `.download(…)`."));
    }
    out
}
