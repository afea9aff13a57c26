//! The tables for reflection: names, types and descriptions.

use crate::emit::Cx;
use crate::error::Diagnostic;
use crate::ir::{
    Api, Body, EnumId, EnumOwner, Field, Location, MethodId, Param, ResourceId, SchemaId, Shape,
    Type,
};
use crate::rust::docs::{clean_name, plain};
use crate::rust::{Fragment, ParamNames, RustIdent, StrLit, literal, screaming, text_lines};
use crate::tree::FileTree;
use serde::Serialize;

#[derive(Serialize)]
struct IndexView {
    name: StrLit,
    version: StrLit,
    title: StrLit,
    description: StrLit,
    documentation_link: StrLit,
    krate: StrLit,
    scopes: Vec<ScopeView>,
    params: Vec<ParamView>,
    enums: Vec<EnumView>,
    methods: Vec<PlaceView>,
    schemas: Vec<PlaceView>,
    modules: Vec<RustIdent>,
    resources: Vec<Fragment>,
}

#[derive(Serialize)]
struct ScopeView {
    url: StrLit,
    description: StrLit,
}

/// A static in a module.
#[derive(Serialize)]
struct PlaceView {
    path: Fragment,
}

#[derive(Serialize)]
struct SchemaFileView {
    schemas: Vec<SchemaView>,
    enums: Vec<EnumView>,
}

#[derive(Serialize)]
struct SchemaView {
    constant: Fragment,
    name: StrLit,
    rust_name: StrLit,
    description: StrLit,
    deprecated: bool,
    object: bool,
    fields: Vec<FieldView>,
    additional: Option<Fragment>,
    alias: Fragment,
}

#[derive(Serialize)]
struct FieldView {
    name: StrLit,
    rust_name: StrLit,
    ty: Fragment,
    description: StrLit,
    flags: Fragment,
}

#[derive(Serialize)]
struct EnumView {
    constant: Fragment,
    rust_name: StrLit,
    values: Vec<ValueView>,
}

#[derive(Serialize)]
struct ValueView {
    name: StrLit,
    rust_name: StrLit,
    description: StrLit,
    flags: Fragment,
}

#[derive(Serialize)]
struct MethodFileView {
    methods: Vec<MethodView>,
    enums: Vec<EnumView>,
}

#[derive(Serialize)]
struct MethodView {
    constant: Fragment,
    marker: Fragment,
    resource: Vec<StrLit>,
    name: StrLit,
    rust_path: Vec<StrLit>,
    description: StrLit,
    params: Vec<ParamView>,
    request: Fragment,
    response: Fragment,
    deprecated: bool,
}

#[derive(Serialize)]
struct ParamView {
    name: StrLit,
    rust_name: StrLit,
    location: Fragment,
    ty: Fragment,
    description: StrLit,
    flags: Fragment,
}

pub(super) fn emit(cx: &Cx<'_>, root: &str, tree: &mut FileTree) -> Result<(), Diagnostic> {
    let api = cx.api;
    for owner in SchemaId::all(api).filter(|id| api[*id].owner == *id) {
        let module = cx.names.schema(owner).module.bare();
        let view = SchemaFileView {
            schemas: (SchemaId::all(api).filter(|id| api[*id].owner == owner))
                .map(|id| schema(cx, id))
                .collect(),
            enums: enums(cx, EnumOwner::Schema(owner)),
        };
        let path = format!("{root}/src/reflect/schemas/{module}.rs");
        cx.render(tree, path, "client/src/reflect/[schema].rs", &view)?;
    }
    for id in ResourceId::all(api).filter(|id| !api[*id].methods.is_empty()) {
        let view = MethodFileView {
            methods: api[id].methods.iter().map(|m| method(cx, *m)).collect(),
            enums: api[id].methods.iter().flat_map(|m| enums(cx, EnumOwner::Method(*m))).collect(),
        };
        let path = format!("{root}/src/reflect/methods/{}.rs", resource_module(cx, id));
        cx.render(tree, path, "client/src/reflect/[resource].rs", &view)?;
    }
    cx.render(tree, format!("{root}/src/reflect/mod.rs"), "client/src/reflect/mod.rs", &index(cx))
}

/// One flat module per resource.
fn resource_module(cx: &Cx<'_>, id: ResourceId) -> String {
    let path = cx.names.resource_path(cx.api, id);
    path.into_iter().map(RustIdent::bare).collect::<Vec<_>>().join("_")
}

fn index(cx: &Cx<'_>) -> IndexView {
    let api = cx.api;
    let place = |path: String| PlaceView { path: text_lines(&[&path]) };
    let mut modules: Vec<_> = (SchemaId::all(api).filter(|id| api[*id].owner == *id))
        .map(|id| cx.names.schema(id).module.clone())
        .collect();
    modules.sort();
    let mut resources: Vec<_> = ResourceId::all(api)
        .filter(|id| !api[*id].methods.is_empty())
        .map(|id| resource_module(cx, id))
        .collect();
    resources.sort();
    IndexView {
        name: literal(&api.name),
        version: literal(&api.version),
        title: literal(&plain(&api.title.0)),
        description: literal(&plain(&api.doc.0)),
        documentation_link: literal(&api.documentation_link),
        krate: literal(cx.names.package.krate.as_str()),
        scopes: (api.scopes.iter())
            .map(|s| ScopeView {
                url: literal(s.url.as_str()),
                description: literal(&plain(&s.doc.0)),
            })
            .collect(),
        params: api.globals.iter().map(|p| global(cx, p)).collect(),
        enums: enums(cx, EnumOwner::Global),
        methods: MethodId::all(api).map(|id| place(method_path(cx, id))).collect(),
        schemas: SchemaId::all(api).map(|id| place(schema_path(cx, id))).collect(),
        modules,
        resources: resources.iter().map(|m| text_lines(&[m])).collect(),
    }
}

/// The path of a schema's static from the module of reflection tables.
fn schema_path(cx: &Cx<'_>, id: SchemaId) -> String {
    let module = &cx.names.schema(cx.api[id].owner).module;
    format!("schemas::{module}::{}", screaming(cx.names.schema(id).ty.bare()))
}

fn method_path(cx: &Cx<'_>, id: MethodId) -> String {
    let module = resource_module(cx, cx.api[id].resource);
    let constant = screaming(cx.names.method(id).marker.bare());
    format!("methods::{module}::{constant}")
}

/// The path of an enum's static from the module of reflection tables.
fn enum_path(cx: &Cx<'_>, id: EnumId) -> String {
    let constant = enum_constant(cx, id);
    match cx.api[id].owner {
        EnumOwner::Schema(owner) => {
            format!("schemas::{}::{constant}", cx.names.schema(owner).module)
        }
        EnumOwner::Method(m) => {
            let module = resource_module(cx, cx.api[m].resource);
            format!("methods::{module}::{constant}")
        }
        EnumOwner::Global => constant,
    }
}

/// Avoids collisions with the statics of schemas and methods in the same module.
fn enum_constant(cx: &Cx<'_>, id: EnumId) -> String {
    format!("{}_VALUES", screaming(cx.names.enumeration(id).ty.bare()))
}

fn enums(cx: &Cx<'_>, owner: EnumOwner) -> Vec<EnumView> {
    let owned = EnumId::all(cx.api).filter(|id| cx.api[*id].owner == owner);
    owned.map(|id| enumeration(cx, id)).collect()
}

fn enumeration(cx: &Cx<'_>, id: EnumId) -> EnumView {
    let names = cx.names.enumeration(id);
    let value = |(v, name): (&crate::ir::EnumValue, &RustIdent)| ValueView {
        name: literal(v.name.as_str()),
        rust_name: literal(name.as_str()),
        description: literal(&plain(&v.doc.0)),
        flags: text_lines(&[if v.deprecated { ", deprecated" } else { "" }]),
    };
    EnumView {
        constant: text_lines(&[&enum_constant(cx, id)]),
        rust_name: literal(names.ty.as_str()),
        values: cx.api[id].values.iter().zip(&names.variants).map(value).collect(),
    }
}

fn schema(cx: &Cx<'_>, id: SchemaId) -> SchemaView {
    let (schema, names) = (&cx.api[id], cx.names.schema(id));
    let (mut fields, mut additional, mut alias) = (Vec::new(), None, "TypeInfo::Any".to_owned());
    match &schema.shape {
        Shape::Object(object) => {
            let each = object.fields.iter().zip(&names.fields);
            fields.extend(each.map(|(f, n)| field(cx, f, n.field.bare())));
            additional = object.additional.as_ref().map(|ty| text_lines(&[&table_type(cx, ty)]));
        }
        Shape::Alias(ty) => alias = type_info(cx, ty),
        Shape::Union(_) => {}
    }
    SchemaView {
        constant: text_lines(&[&screaming(names.ty.bare())]),
        name: literal(schema.name.as_str()),
        rust_name: literal(names.ty.as_str()),
        description: literal(&plain(&schema.doc.0)),
        deprecated: schema.deprecated,
        object: matches!(schema.shape, Shape::Object(_)),
        fields,
        additional,
        alias: text_lines(&[&alias]),
    }
}

fn field(cx: &Cx<'_>, field: &Field, rust_name: &str) -> FieldView {
    let mut flags = String::new();
    for (set, flag) in [
        (field.behavior.required, ", required"),
        (field.is_output_only(), ", output_only"),
        (field.behavior.immutable, ", immutable"),
        (field.is_deprecated(), ", deprecated"),
    ] {
        if set {
            flags.push_str(flag);
        }
    }
    if !field.required_by.is_empty() {
        let ids: Vec<_> =
            field.required_by.iter().map(|id| literal(id).as_str().to_owned()).collect();
        flags.push_str(&format!(", required_by(&[{}])", ids.join(", ")));
    }
    push_text(&mut flags, ", default_value", field.default.as_deref());
    FieldView {
        name: literal(field.name.as_str()),
        rust_name: literal(rust_name),
        ty: text_lines(&[&table_type(cx, &field.ty)]),
        description: literal(&plain(&field.doc.0)),
        flags: text_lines(&[&flags]),
    }
}

fn push_text(flags: &mut String, flag: &str, value: Option<&str>) {
    if let Some(value) = value {
        flags.push_str(&format!("{flag}({})", literal(value).as_str()));
    }
}

fn method(cx: &Cx<'_>, id: MethodId) -> MethodView {
    let (m, names) = (&cx.api[id], cx.names.method(id));
    let resource = if m.resource == Api::ROOT {
        String::new()
    } else {
        let path = cx.names.resource_path(cx.api, m.resource);
        path.into_iter().map(|p| format!("{p}::")).collect::<String>()
    };
    let mut rust_path: Vec<_> =
        cx.names.accessors(cx.api, m.resource).into_iter().map(|a| literal(a.as_str())).collect();
    rust_path.push(literal(names.function.as_str()));
    let body = |body: &Option<Body>| {
        let text = match body {
            None | Some(Body::Raw(None)) => "None".to_owned(),
            Some(Body::Json(ty)) => format!("Some({})", type_info(cx, ty)),
            Some(Body::Raw(Some(id))) => format!("Some({})", type_info(cx, &Type::Object(*id))),
        };
        text_lines(&[&text])
    };
    let params = m.params.iter().zip(&names.params).map(|(p, n)| param(cx, p, n));
    MethodView {
        constant: text_lines(&[&screaming(names.marker.bare())]),
        marker: text_lines(&[&format!("crate::resources::{resource}{}", names.marker)]),
        resource: (cx.api.resource_path(m.resource).into_iter())
            .map(|n| literal(n.as_str()))
            .collect(),
        name: literal(m.name.as_str()),
        rust_path,
        description: literal(&plain(&m.doc.0)),
        params: params.collect(),
        request: body(&m.request),
        response: body(&m.response),
        deprecated: m.deprecated,
    }
}

fn global(cx: &Cx<'_>, p: &Param) -> ParamView {
    param_view(cx, p, &crate::rust::snake(&clean_name(p.name.as_str())))
}

fn param(cx: &Cx<'_>, p: &Param, names: &ParamNames) -> ParamView {
    match names {
        ParamNames::Argument(name) | ParamNames::Setter(name) => param_view(cx, p, name.as_str()),
        ParamNames::Everywhere => global(cx, p),
    }
}

fn param_view(cx: &Cx<'_>, p: &Param, rust_name: &str) -> ParamView {
    let location = match p.location {
        Location::Path => "Path",
        Location::Query => "Query",
    };
    let mut flags = String::new();
    for (set, flag) in
        [(p.required, ".required()"), (p.repeated, ".repeated()"), (p.deprecated, ".deprecated()")]
    {
        if set {
            flags.push_str(flag);
        }
    }
    push_text(&mut flags, ".default_value", p.default.as_deref());
    push_text(&mut flags, ".pattern", p.pattern.as_deref());
    push_text(&mut flags, ".minimum", p.minimum.as_deref());
    push_text(&mut flags, ".maximum", p.maximum.as_deref());
    if let Some(listed) = &p.listed {
        let (list, member) = (literal(listed.list.as_str()), literal(listed.member.as_str()));
        flags.push_str(&format!(".listed_by({}, {})", list.as_str(), member.as_str()));
    }
    ParamView {
        name: literal(p.name.as_str()),
        rust_name: literal(rust_name),
        location: text_lines(&[location]),
        ty: text_lines(&[&type_info(cx, &p.ty)]),
        description: literal(&plain(&p.doc.0)),
        flags: text_lines(&[&flags]),
    }
}

/// A type as an expression.
fn type_info(cx: &Cx<'_>, ty: &Type) -> String {
    let path = "crate::reflect";
    match ty {
        Type::Enum(id) => format!("TypeInfo::Enum(&{path}::{})", enum_path(cx, *id)),
        Type::Object(id) => format!("TypeInfo::Object(&{path}::{})", schema_path(cx, *id)),
        Type::List(inner) => format!("TypeInfo::List(&{})", type_info(cx, inner)),
        Type::Map(inner) => format!("TypeInfo::Map(&{})", type_info(cx, inner)),
        plain => format!("TypeInfo::{}", table_type(cx, plain)),
    }
}

/// A type in the table of a schema.
fn table_type(cx: &Cx<'_>, ty: &Type) -> String {
    let plain = match ty {
        Type::Scalar(scalar) => scalar.info().variant,
        Type::Any => "Any",
        Type::Enum(id) => return format!("Enum({})", enum_path(cx, *id)),
        Type::Object(id) => return format!("Object({})", schema_path(cx, *id)),
        Type::List(inner) => return format!("List({})", table_type(cx, inner)),
        Type::Map(inner) => return format!("Map({})", table_type(cx, inner)),
    };
    plain.to_owned()
}
