//! Requests made of what differs between two values.

use super::param::{ArgView, argument};
use crate::emit::Cx;
use crate::ir::{Api, Body, Doc, MethodId, Object, SchemaId};
use crate::rust::{Fragment, Home, ParamNames, RustIdent, StrLit, literal, text_lines};
use serde::Serialize;

/// A request that holds a resource and the mask of its changed members.
#[derive(Serialize)]
pub(super) struct UpdateView {
    ty: Fragment,
    resource: RustIdent,
    resource_link: Fragment,
    mask: RustIdent,
    mask_link: Fragment,
    between: Fragment,
}

/// The function of a method whose body is a resource and whose query holds the mask.
#[derive(Serialize)]
pub(super) struct BetweenView {
    deprecated: bool,
    root: bool,
    marker: RustIdent,
    name: RustIdent,
    link: Fragment,
    args: Vec<ArgView>,
    ty: Fragment,
    old: RustIdent,
    new: RustIdent,
    mask: StrLit,
    between: Fragment,
}

/// How the values are compared: some servers know no paths below the top level, and say so.
fn comparison(mask: &Doc) -> Fragment {
    let text = mask.0.to_lowercase().replace('-', " ");
    let shallow = text.contains("only top level fields");
    text_lines(&[if shallow { "between_members" } else { "between" }])
}

pub(super) fn update(cx: &Cx<'_>, id: SchemaId, object: &Object, home: Home) -> Option<UpdateView> {
    let update = object.update?;
    let names = &cx.names.schema(id).fields;
    let (resource, mask) = (&names[update.resource].field, &names[update.mask].field);
    Some(UpdateView {
        ty: cx.ty(&object.fields[update.resource].ty, home),
        resource: resource.clone(),
        resource_link: text_lines(&[resource.bare()]),
        mask: mask.clone(),
        mask_link: text_lines(&[mask.bare()]),
        between: comparison(&object.fields[update.mask].doc),
    })
}

pub(super) fn between(cx: &Cx<'_>, id: MethodId, home: Home) -> Option<BetweenView> {
    let (m, names) = (&cx.api[id], cx.names.method(id));
    let mask = &m.params[m.update_mask?];
    let (between, Some(Body::Json(ty))) = (names.between.as_ref()?, &m.request) else {
        return None;
    };
    let params = m.params.iter().zip(&names.params).filter(|(param, _)| param.at != mask.at);
    let args = params.filter_map(|(param, name)| match name {
        ParamNames::Argument(name) => Some(argument(cx, param, name, home)),
        _ => None,
    });
    Some(BetweenView {
        deprecated: m.deprecated,
        root: m.resource == Api::ROOT,
        marker: names.marker.clone(),
        name: between.function.clone(),
        link: text_lines(&[names.function.bare()]),
        args: args.collect(),
        ty: cx.ty(ty, home),
        old: between.old.clone(),
        new: between.new.clone(),
        mask: literal(mask.name.as_str()),
        between: comparison(&mask.doc),
    })
}
