//! Resource files: a handle, its methods, and their marker types.

use super::example;
use super::model::{EnumView, enumeration};
use super::operation::{self, ModelView, OperationView};
use super::param::{ArgView, SetterView, argument, argument_doc, is_generic, setter};
use super::spec::{SpecView, spec};
use super::update::{BetweenView, between};
use crate::emit::Cx;
use crate::error::Diagnostic;
use crate::ir::{
    Api, Body, EnumOwner, Method, MethodId, Paging, Param, ResourceId, Schema, TokenIn, Type,
};
use crate::rust::docs::clean_name;
use crate::rust::{Fragment, Home, Imports, ParamNames, RustIdent, StrLit, literal, text_lines};
use crate::tree::FileTree;
use serde::Serialize;
use std::collections::BTreeSet;
use std::ops::BitOr;

#[derive(Serialize)]
struct FileView {
    deprecated: bool,
    imports: Imports,
    scopes: bool,
    spec_types: BTreeSet<&'static str>,
    root: bool,
    doc: Fragment,
    handle: RustIdent,
    children: Vec<ChildView>,
    methods: Vec<MethodView>,
    enums: Vec<EnumView>,
}

/// Child resource.
#[derive(Serialize)]
pub(super) struct ChildView {
    doc: Fragment,
    cfg: Option<StrLit>,
    /// Compiler message of a call without the feature.
    missing: StrLit,
    label: StrLit,
    note: StrLit,
    module: RustIdent,
    handle: RustIdent,
    accessor: RustIdent,
}

#[derive(Serialize)]
struct MethodView {
    doc: Fragment,
    deprecated: bool,
    /// Whether the function is not generic. A generic one is compiled in the user's crate anyway.
    inline: bool,
    function: RustIdent,
    link: Fragment,
    handle: RustIdent,
    marker: RustIdent,
    root: bool,
    args: Vec<ArgView>,
    body: Option<BodyView>,
    spec: SpecView,
    response: Fragment,
    paging: Option<PagingView>,
    /// Type of a message, if the answer is a stream.
    stream: Option<Fragment>,
    operation: Option<OperationView>,
    setters: Vec<SetterView>,
    between: Option<BetweenView>,
}

impl MethodView {
    fn imports(&self) -> Imports {
        let args = self.args.iter().flat_map(|arg| [&arg.ty, &arg.call]);
        let setters = self.setters.iter().flat_map(|setter| [&setter.ty, &setter.call]);
        let body = self.body.iter().map(|body| &body.ty);
        let items = self.paging.iter().map(|paging| &paging.item);
        let results = self.operation.iter().map(|operation| &operation.result);
        let parts = args.chain(setters).chain(body).chain(items).chain(results);
        parts.chain([&self.response]).chain(&self.stream).map(Fragment::imports).collect()
    }
}

#[derive(Serialize)]
struct BodyView {
    name: RustIdent,
    ty: Fragment,
    raw: bool,
}

#[derive(Serialize)]
struct PagingView {
    param: StrLit,
    token: Fragment,
    member: StrLit,
    item: Fragment,
    next: RustIdent,
    take: Fragment,
}

#[derive(Serialize)]
struct IndexView {
    children: Vec<ChildView>,
    top_level: bool,
    operations: Vec<ModelView>,
}

pub(super) fn emit(cx: &Cx<'_>, root: &str, tree: &mut FileTree) -> Result<(), Diagnostic> {
    let top = &cx.api[Api::ROOT];
    let view = IndexView {
        children: children(cx, Api::ROOT),
        top_level: !top.methods.is_empty(),
        operations: operation::models(cx),
    };
    cx.render(tree, format!("{root}/src/resources/mod.rs"), "client/src/resources/mod.rs", &view)?;
    for id in ResourceId::all(cx.api) {
        if id == Api::ROOT && top.methods.is_empty() {
            continue;
        }
        let path: Vec<_> =
            cx.names.resource_path(cx.api, id).into_iter().map(RustIdent::bare).collect();
        let path = format!("{root}/src/resources/{}.rs", path.join("/"));
        cx.render(tree, path, "client/src/resources/[resource].rs", &file(cx, id))?;
    }
    Ok(())
}

/// The sub-resources of a resource.
pub(super) fn children(cx: &Cx<'_>, id: ResourceId) -> Vec<ChildView> {
    let child = |id: &ResourceId| {
        let names = cx.names.resource(*id);
        let (package, feature) = (&cx.names.package.package, &names.feature);
        ChildView {
            missing: literal(&format!(
                "`Client::{}` needs the feature `{feature}` of the crate `{package}`",
                names.accessor
            )),
            label: literal(&format!("the feature `{feature}` is off")),
            note: literal(&format!(
                "add \"{feature}\" to the features of `{package}` in Cargo.toml; \"full\" enables all of them"
            )),
            doc: resource_doc(cx, *id),
            cfg: cx.resource_cfg(*id),
            module: names.module.clone(),
            handle: names.handle.clone(),
            accessor: names.accessor.clone(),
        }
    };
    cx.api[id].children.iter().map(child).collect()
}

fn resource_doc(cx: &Cx<'_>, id: ResourceId) -> Fragment {
    let path: Vec<_> =
        cx.api.resource_path(id).into_iter().map(|n| clean_name(n.as_str())).collect();
    let text = if path.is_empty() {
        "Methods outside of resources.".to_owned()
    } else {
        format!("The resource `{}`.", path.join("."))
    };
    cx.doc("", &text, &[])
}

fn file(cx: &Cx<'_>, id: ResourceId) -> FileView {
    let resource = &cx.api[id];
    let methods: Vec<_> = resource.methods.iter().map(|m| method(cx, *m)).collect();
    let enums: Vec<_> = crate::ir::EnumId::all(cx.api)
        .filter(|e| matches!(cx.api[*e].owner, EnumOwner::Method(m) if cx.api[m].resource == id))
        .collect();
    // The macro that implements an enumeration is in `json`.
    let own = Imports { json: !enums.is_empty(), ..Imports::default() };
    FileView {
        deprecated: uses_deprecated(cx, id),
        imports: methods.iter().map(MethodView::imports).fold(own, BitOr::bitor),
        scopes: methods.iter().any(|m| m.spec.has_scopes()),
        spec_types: (methods.iter().zip(&resource.methods))
            .flat_map(|(view, id)| view.spec.types(&cx.api[*id]))
            .collect(),
        root: id == Api::ROOT,
        doc: resource_doc(cx, id),
        handle: cx.names.resource(id).handle.clone(),
        children: if id == Api::ROOT { Vec::new() } else { children(cx, id) },
        methods,
        enums: enums.into_iter().map(|e| enumeration(cx, e)).collect(),
    }
}

fn uses_deprecated(cx: &Cx<'_>, id: ResourceId) -> bool {
    let old = |body: &Option<Body>| match body {
        Some(Body::Json(ty)) => {
            matches!(ty.leaf(), Type::Object(id) if cx.api[*id].deprecated)
        }
        _ => false,
    };
    let enums = |p: &Param| match p.ty {
        Type::Enum(e) => cx.api[e].values.iter().any(|v| v.deprecated),
        _ => false,
    };
    cx.api[id].methods.iter().any(|m| {
        let m = &cx.api[*m];
        old(&m.request)
            || old(&m.response)
            || m.params.iter().any(enums)
            || m.paging.is_some() && cx.api.schemas.iter().any(Schema::has_deprecated)
            || m.long_running.as_ref().is_some_and(|o| operation::is_deprecated(cx, o))
    })
}

fn method(cx: &Cx<'_>, id: MethodId) -> MethodView {
    let (m, names) = (&cx.api[id], cx.names.method(id));
    let home = Home::Resource(m.resource);
    let mut args = Vec::new();
    let mut setters = Vec::new();
    let mut notes = Vec::new();
    for (param, name) in m.params.iter().zip(&names.params) {
        match name {
            ParamNames::Argument(name) => {
                notes.extend(argument_doc(cx, name, param));
                args.push(argument(cx, param, name, home));
            }
            ParamNames::Setter(name) => setters.push(setter(cx, param, name, home)),
            ParamNames::Everywhere => {}
        }
    }
    for part in [example::setters(cx, id).into_iter().collect(), example::example(cx, id)] {
        if !notes.is_empty() && !part.is_empty() {
            notes.push(String::new());
        }
        notes.extend(part);
    }
    MethodView {
        doc: cx.doc(&m.doc.0, &format!("Calls `{}`.", clean_name(m.id.as_str())), &notes),
        deprecated: m.deprecated,
        inline: !args.iter().any(|arg| is_generic(&arg.ty)),
        function: names.function.clone(),
        link: text_lines(&[names.function.bare()]),
        handle: cx.names.resource(m.resource).handle.clone(),
        marker: names.marker.clone(),
        root: m.resource == Api::ROOT,
        args,
        body: m.request.as_ref().map(|b| body(cx, b, &names.body, home)),
        spec: spec(cx, m),
        response: response(cx, m, home),
        paging: m.paging.as_ref().map(|p| paging(cx, id, p, home)),
        stream: m.streams.and_then(|_| message(cx, m, home)),
        operation: m.long_running.as_ref().map(|o| operation::view(cx, id, o, home)),
        setters,
        between: between(cx, id, home),
    }
}

fn body(cx: &Cx<'_>, body: &Body, name: &RustIdent, home: Home) -> BodyView {
    let (ty, raw) = match body {
        Body::Json(ty) => (cx.ty(ty, home).within("&", ""), false),
        Body::Raw(_) => (text_lines(&["rt::HttpBody"]), true),
    };
    BodyView { name: name.clone(), ty, raw }
}

fn response(cx: &Cx<'_>, m: &Method, home: Home) -> Fragment {
    match &m.response {
        None => text_lines(&["()"]),
        Some(Body::Json(ty)) if m.streams.is_some() => cx.ty(ty, home).within("Vec<", ">"),
        Some(Body::Json(ty)) => cx.ty(ty, home),
        Some(Body::Raw(_)) => text_lines(&["rt::HttpBody"]),
    }
}

/// Type of a message of a stream. Raw bytes hold JSON of any schema.
fn message(cx: &Cx<'_>, m: &Method, home: Home) -> Option<Fragment> {
    Some(match m.response.as_ref()? {
        Body::Json(ty) => cx.ty(ty, home),
        Body::Raw(_) => text_lines(&["json::Json"]).importing(Imports::JSON),
    })
}

fn paging(cx: &Cx<'_>, id: MethodId, paging: &Paging, home: Home) -> PagingView {
    let m = &cx.api[id];
    let token = match paging.token {
        TokenIn::Query => "Query",
        TokenIn::Body => "Body",
    };
    let field = |name: &str| -> Option<(RustIdent, Type)> {
        let Some(Body::Json(ty)) = &m.response else { return None };
        let Type::Object(id) = cx.api.resolve(ty) else { return None };
        let crate::ir::Shape::Object(object) = &cx.api[*id].shape else { return None };
        let i = object.fields.iter().position(|f| f.name.as_str() == name)?;
        Some((cx.names.schema(*id).fields[i].field.clone(), object.fields[i].ty.clone()))
    };
    let items = m.items.as_ref().and_then(|items| field(items.member.as_str()));
    let whole = || (response(cx, m, home), text_lines(&["vec![response]"]));
    let (item, take) = match items.as_ref().map(|(name, ty)| (name, cx.api.resolve(ty))) {
        Some((name, Type::List(item))) => {
            (cx.ty(item, home), text_lines(&[&format!("response.{name}.unwrap_or_default()")]))
        }
        Some((name, Type::Map(item))) => (
            cx.ty(item, home).within("(String, ", ")"),
            text_lines(&[&format!("response.{name}.into_iter().flatten().collect()")]),
        ),
        _ => whole(),
    };
    let next = field(paging.next.as_str()).map(|(name, _)| name);
    PagingView {
        token: text_lines(&[token]),
        param: literal(paging.param.as_str()),
        member: literal(paging.next.as_str()),
        item,
        next: next.unwrap_or_else(|| cx.names.resource(Api::ROOT).accessor.clone()),
        take,
    }
}
