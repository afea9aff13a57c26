//! Update requests built from the difference between two values.

use super::param::{ArgView, argument};
use crate::emit::Cx;
use crate::ir::{Body, MaskDepth, Method, MethodId, Object, SchemaId, Shape, Type, Update};
use crate::rust::{Fragment, Home, ParamNames, RustIdent, literal, text_lines};
use serde::Serialize;

/// Request with a resource and the mask of its changed members.
#[derive(Serialize)]
pub(super) struct UpdateView {
    ty: Fragment,
    resource: RustIdent,
    resource_link: Fragment,
    mask: RustIdent,
    mask_link: Fragment,
    depth: Fragment,
}

/// Function that sends the changed members of a resource.
#[derive(Serialize)]
pub(super) struct BetweenView {
    deprecated: bool,
    name: RustIdent,
    link: Fragment,
    args: Vec<ArgView>,
    ty: Fragment,
    old: RustIdent,
    new: RustIdent,
    /// Whether the query carries a mask; otherwise the body is a merge patch.
    masked: bool,
    /// The call of the runtime that compares the values.
    changes: Fragment,
}

fn depth(depth: MaskDepth) -> &'static str {
    match depth {
        MaskDepth::TopLevel => "TopLevel",
        MaskDepth::Nested => "Nested",
    }
}

/// Returns the body part of a method's table.
pub(super) fn spec(cx: &Cx<'_>, m: &Method) -> Option<Fragment> {
    let text = |name: &str| literal(name).as_str().to_owned();
    let said = match m.update? {
        Update::Merge => "Merge".to_owned(),
        Update::Replace => "Replace".to_owned(),
        Update::MaskInQuery { param, depth: deep } => format!(
            "MaskInQuery {{ mask: {}, depth: MaskDepth::{} }}",
            text(m.params[param].name.as_str()),
            depth(deep)
        ),
        Update::MaskInBody(held) => {
            let fields = fields(cx, m);
            let name = |i: usize| text(fields.get(i).map_or("", |field| field.name.as_str()));
            format!(
                "MaskInBody {{ resource: {}, mask: {}, depth: MaskDepth::{} }}",
                name(held.resource),
                name(held.mask),
                depth(held.depth)
            )
        }
    };
    Some(text_lines(&[&said]))
}

/// The members of the object that a method sends.
fn fields<'a>(cx: &Cx<'a>, m: &Method) -> &'a [crate::ir::Field] {
    let Some(Body::Json(ty)) = &m.request else { return &[] };
    let Type::Object(id) = cx.api.resolve(ty) else { return &[] };
    match &cx.api[*id].shape {
        Shape::Object(object) => &object.fields,
        Shape::Alias(_) | Shape::Union(_) => &[],
    }
}

pub(super) fn update(cx: &Cx<'_>, id: SchemaId, object: &Object, home: Home) -> Option<UpdateView> {
    let held = object.update?;
    let names = &cx.names.schema(id).fields;
    let (resource, mask) = (&names[held.resource].field, &names[held.mask].field);
    Some(UpdateView {
        ty: cx.ty(&object.fields[held.resource].ty, home),
        resource: resource.clone(),
        resource_link: text_lines(&[resource.bare()]),
        mask: mask.clone(),
        mask_link: text_lines(&[mask.bare()]),
        depth: text_lines(&[depth(held.depth)]),
    })
}

pub(super) fn between(cx: &Cx<'_>, id: MethodId, home: Home) -> Option<BetweenView> {
    let (m, names) = (&cx.api[id], cx.names.method(id));
    let (between, Some(Body::Json(ty))) = (names.between.as_ref()?, &m.request) else {
        return None;
    };
    let values = format!("{}, {}", between.old, between.new);
    let (mask, changes) = match m.update? {
        Update::MaskInQuery { param, depth: deep } => {
            let (name, depth) = (literal(m.params[param].name.as_str()), depth(deep));
            let name = name.as_str();
            let path = format!("MaskDepth::{depth}");
            let between = "rt::json::patch::MaskedPatch::between";
            (Some(param), format!("masked_patch({name}, {between}({values}, {path}))"))
        }
        Update::Merge => {
            (None, format!("merge_patch(rt::json::patch::MergePatch::between({values}))"))
        }
        Update::MaskInBody(_) | Update::Replace => return None,
    };
    let params = m.params.iter().zip(&names.params).enumerate();
    let params = params.filter(|(i, _)| Some(*i) != mask);
    let args = params.filter_map(|(_, (param, name))| match name {
        ParamNames::Argument(name) => Some(argument(cx, param, name, home)),
        _ => None,
    });
    Some(BetweenView {
        deprecated: m.deprecated,
        name: between.function.clone(),
        link: text_lines(&[names.function.bare()]),
        args: args.collect(),
        ty: cx.ty(ty, home),
        old: between.old.clone(),
        new: between.new.clone(),
        masked: mask.is_some(),
        changes: text_lines(&[&changes]),
    })
}
