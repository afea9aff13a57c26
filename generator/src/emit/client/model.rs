//! Schema files: one per top-level schema, including its inline schemas.

use super::update::{UpdateView, update};
use crate::emit::Cx;
use crate::error::Diagnostic;
use crate::ir::{EnumId, EnumOwner, Field, Object, SchemaId, Shape, TaggedUnion, Type};
use crate::rust::docs::clean_name;
use crate::rust::{FieldNames, Fragment, Home, Imports, RustIdent, StrLit, literal, text_lines};
use crate::tree::FileTree;
use serde::Serialize;

#[derive(Serialize)]
struct FileView {
    deprecated: bool,
    imports: Imports,
    aliases: Vec<AliasView>,
    unions: Vec<UnionView>,
    structs: Vec<StructView>,
    enums: Vec<EnumView>,
}

#[derive(Serialize)]
struct AliasView {
    doc: Fragment,
    deprecated: bool,
    name: RustIdent,
    ty: Fragment,
}

#[derive(Serialize)]
struct UnionView {
    doc: Fragment,
    deprecated: bool,
    name: RustIdent,
    wire: StrLit,
    discriminant: StrLit,
    cases: Vec<CaseView>,
}

#[derive(Serialize)]
struct CaseView {
    doc: Fragment,
    name: RustIdent,
    tag: StrLit,
    ty: Fragment,
}

#[derive(Serialize)]
struct StructView {
    doc: Fragment,
    deprecated: bool,
    name: RustIdent,
    wire: StrLit,
    fields: Vec<FieldView>,
    additional: Vec<AdditionalView>,
    update: Vec<UpdateView>,
}

impl StructView {
    /// The macro that implements the model is in `json`.
    fn imports(&self) -> Imports {
        let fields = self.fields.iter().map(|field| field.ty.imports());
        let additional = self.additional.iter().map(|map| map.ty.imports());
        Imports::JSON | fields.chain(additional).collect()
    }
}

#[derive(Serialize)]
struct FieldView {
    doc: Fragment,
    deprecated: bool,
    name: RustIdent,
    link: Fragment,
    wire: StrLit,
    ty: Fragment,
    setter: RustIdent,
    constant: RustIdent,
    target: Vec<Fragment>,
    plain: bool,
    list: bool,
    /// A list of lists.
    rows: bool,
    boxed: bool,
    number: bool,
    /// Returns the description of a single value of a list or map.
    item: Fragment,
}

#[derive(Serialize)]
struct AdditionalView {
    name: RustIdent,
    ty: Fragment,
}

#[derive(Serialize)]
pub(super) struct EnumView {
    doc: Fragment,
    name: RustIdent,
    variants: Vec<VariantView>,
}

#[derive(Serialize)]
struct VariantView {
    doc: Fragment,
    deprecated: bool,
    name: RustIdent,
    wire: StrLit,
}

#[derive(Serialize)]
struct IndexView {
    modules: Vec<ModuleView>,
    deprecated: bool,
}

#[derive(Serialize)]
struct ModuleView {
    cfg: Vec<Fragment>,
    name: RustIdent,
    several: bool,
    types: Vec<RustIdent>,
}

/// Schemas and enums, grouped by the top-level schema whose file contains them.
struct Contents {
    schemas: Vec<Vec<SchemaId>>,
    enums: Vec<Vec<EnumId>>,
}

pub(super) fn emit(cx: &Cx<'_>, root: &str, tree: &mut FileTree) -> Result<(), Diagnostic> {
    let contents = contents(cx);
    let mut modules = Vec::new();
    for id in SchemaId::all(cx.api).filter(|id| cx.api[*id].owner == *id) {
        let (schemas, enums) = (&contents.schemas[id.index()], &contents.enums[id.index()]);
        let module = &cx.names.schema(id).module;
        let mut types: Vec<_> = (schemas.iter().map(|s| &cx.names.schema(*s).ty))
            .chain(enums.iter().map(|e| &cx.names.enumeration(*e).ty))
            .cloned()
            .collect();
        types.sort();
        let cfg = cx.cfg(id).into_iter().collect();
        modules.push(ModuleView { cfg, name: module.clone(), several: types.len() != 1, types });
        let path = format!("{root}/src/models/{}.rs", module.bare());
        let view = file(cx, id, schemas, enums);
        cx.render(tree, path, "client/src/models/[schema].rs", &view)?;
    }
    modules.sort_by(|a, b| a.name.cmp(&b.name));
    let deprecated = cx.api.schemas.iter().any(|s| s.deprecated);
    let view = IndexView { modules, deprecated };
    cx.render(tree, format!("{root}/src/models/mod.rs"), "client/src/models/mod.rs", &view)
}

fn contents(cx: &Cx<'_>) -> Contents {
    let mut schemas = vec![Vec::new(); cx.api.schemas.len()];
    let mut enums = vec![Vec::new(); cx.api.schemas.len()];
    for id in SchemaId::all(cx.api) {
        schemas[cx.api[id].owner.index()].push(id);
    }
    for id in EnumId::all(cx.api) {
        if let EnumOwner::Schema(owner) = cx.api[id].owner {
            enums[owner.index()].push(id);
        }
    }
    Contents { schemas, enums }
}

fn file(cx: &Cx<'_>, owner: SchemaId, schemas: &[SchemaId], enums: &[EnumId]) -> FileView {
    let home = Home::Model(owner);
    let mut view = FileView {
        deprecated: enums.iter().any(|e| cx.api[*e].values.iter().any(|v| v.deprecated)),
        imports: Imports { json: !enums.is_empty(), ..Imports::default() },
        aliases: Vec::new(),
        unions: Vec::new(),
        structs: Vec::new(),
        enums: enums.iter().map(|e| enumeration(cx, *e)).collect(),
    };
    for id in schemas {
        let schema = &cx.api[*id];
        view.deprecated |= schema.deprecated;
        match &schema.shape {
            Shape::Object(object) => {
                let types = object.fields.iter().map(|f| &f.ty).chain(&object.additional);
                view.deprecated |=
                    schema.has_deprecated() || types.clone().any(|t| names_deprecated(cx, t));
                let made = structure(cx, *id, object, home);
                view.imports |= made.imports();
                view.structs.push(made);
            }
            Shape::Alias(ty) => {
                view.deprecated |= names_deprecated(cx, ty);
                let alias = alias(cx, *id, ty, home);
                view.imports |= alias.ty.imports();
                view.aliases.push(alias);
            }
            Shape::Union(union) => {
                view.imports |= Imports::JSON;
                view.deprecated |= union.cases.iter().any(|c| cx.api[c.schema].deprecated);
                view.unions.push(tagged_union(cx, *id, union, home));
            }
        }
    }
    view
}

fn names_deprecated(cx: &Cx<'_>, ty: &Type) -> bool {
    matches!(ty.leaf(), Type::Object(id) if cx.api[*id].deprecated)
}

fn schema_doc(cx: &Cx<'_>, id: SchemaId) -> Fragment {
    let schema = &cx.api[id];
    let name = clean_name(schema.name.as_str());
    cx.doc(&schema.doc.0, &format!("The schema `{name}`."), &[])
}

fn alias(cx: &Cx<'_>, id: SchemaId, ty: &Type, home: Home) -> AliasView {
    AliasView {
        doc: schema_doc(cx, id),
        deprecated: cx.api[id].deprecated,
        name: cx.names.schema(id).ty.clone(),
        ty: cx.ty(ty, home),
    }
}

fn tagged_union(cx: &Cx<'_>, id: SchemaId, union: &TaggedUnion, home: Home) -> UnionView {
    let names = cx.names.schema(id);
    let case = |(case, name): (&crate::ir::Case, &RustIdent)| CaseView {
        doc: cx.doc("", &format!("`{}`.", clean_name(case.tag.as_str())), &[]),
        name: name.clone(),
        tag: literal(case.tag.as_str()),
        ty: cx.ty(&Type::Object(case.schema), home),
    };
    UnionView {
        doc: schema_doc(cx, id),
        deprecated: cx.api[id].deprecated,
        name: names.ty.clone(),
        wire: literal(cx.api[id].name.as_str()),
        discriminant: literal(union.discriminant.as_str()),
        cases: union.cases.iter().zip(&names.cases).map(case).collect(),
    }
}

fn structure(cx: &Cx<'_>, id: SchemaId, object: &Object, home: Home) -> StructView {
    let names = cx.names.schema(id);
    let fields = object.fields.iter().zip(&names.fields);
    let additional = object
        .additional
        .iter()
        .map(|ty| AdditionalView { name: names.additional.clone(), ty: cx.ty(ty, home) });
    StructView {
        doc: schema_doc(cx, id),
        deprecated: cx.api[id].deprecated,
        name: names.ty.clone(),
        wire: literal(cx.api[id].name.as_str()),
        fields: fields.map(|(field, names)| field_view(cx, field, names, home)).collect(),
        additional: additional.collect(),
        update: update(cx, id, object, home).into_iter().collect(),
    }
}

fn field_view(cx: &Cx<'_>, field: &Field, names: &FieldNames, home: Home) -> FieldView {
    let (list, rows, item) = match &field.ty {
        Type::List(item) => match cx.api.resolve(item) {
            Type::List(inner) => (false, true, &**inner),
            _ => (true, false, &**item),
        },
        other => (false, false, other),
    };
    let target = match &field.ty {
        Type::List(item) => &**item,
        other => other,
    };
    let target = cx.types.is_model(target).then(|| cx.ty(target, home));
    let wire = clean_name(field.name.as_str());
    FieldView {
        doc: cx.doc(&field.doc.0, &format!("The member `{wire}`."), &[]),
        deprecated: field.is_deprecated(),
        name: names.field.clone(),
        // rustdoc reads `r#` as the end of the path.
        link: text_lines(&[names.field.bare()]),
        wire: literal(field.name.as_str()),
        ty: cx.ty(&field.ty, home),
        setter: names.setter.clone(),
        constant: names.constant.clone(),
        target: target.into_iter().collect(),
        plain: !list && !rows && !field.boxed,
        list,
        rows,
        boxed: field.boxed,
        number: cx.api.resolve(item).scalar().is_some_and(|scalar| !scalar.is_text()),
        item: cx.ty(item, home),
    }
}

/// Builds the view of an enum.
pub(super) fn enumeration(cx: &Cx<'_>, id: EnumId) -> EnumView {
    let (e, names) = (&cx.api[id], cx.names.enumeration(id));
    let variant = |(value, name): (&crate::ir::EnumValue, &RustIdent)| {
        let wire = clean_name(value.name.as_str());
        VariantView {
            doc: cx.doc(&value.doc.0, &format!("`{wire}`."), &[]),
            deprecated: value.deprecated,
            name: name.clone(),
            wire: literal(value.name.as_str()),
        }
    };
    let owner = clean_name(e.at.rsplit('/').find(|t| *t != "items").unwrap_or_default());
    EnumView {
        doc: cx.doc("", &format!("Values of `{owner}`."), &[]),
        name: names.ty.clone(),
        variants: e.values.iter().zip(&names.variants).map(variant).collect(),
    }
}
