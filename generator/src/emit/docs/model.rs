//! Pages of models.

use super::{Docs, block, code, flags, piece};
use crate::emit::described::Described;
use crate::emit::examples::Purpose;
use crate::error::Diagnostic;
use crate::ir::{EnumId, EnumOwner, MethodId, SchemaId, Shape, Type};
use crate::rust::{Fragment, Home};
use crate::tree::FileTree;
use discovery_describe::rust;
use serde::Serialize;

#[derive(Serialize)]
struct PageView {
    title: Fragment,
    deprecated: bool,
    doc: Fragment,
    body: BodyView,
    inner: Vec<InnerView>,
    enums: Vec<EnumView>,
    schema: Fragment,
    example: Fragment,
    rust: Fragment,
}

/// Contents of a schema; exactly one field is set.
#[derive(Serialize)]
struct BodyView {
    rows: Vec<RowView>,
    empty: bool,
    alias: Option<Fragment>,
    cases: Vec<CaseView>,
    additional: Option<Fragment>,
}

#[derive(Serialize)]
struct RowView {
    name: Fragment,
    ty: Fragment,
    wire: Fragment,
    flags: Fragment,
    text: Fragment,
}

#[derive(Serialize)]
struct CaseView {
    tag: Fragment,
    ty: Fragment,
}

#[derive(Serialize)]
struct InnerView {
    title: Fragment,
    doc: Fragment,
    body: BodyView,
}

#[derive(Serialize)]
struct EnumView {
    title: Fragment,
    of: Fragment,
    values: Vec<ValueView>,
}

#[derive(Serialize)]
struct ValueView {
    wire: Fragment,
    rust: Fragment,
    text: Fragment,
}

#[derive(Serialize)]
struct IndexView {
    models: Vec<EntryView>,
}

#[derive(Serialize)]
struct EntryView {
    name: Fragment,
    file: Fragment,
    text: Fragment,
    requests: Fragment,
    responses: Fragment,
}

pub(super) fn emit(docs: &Docs<'_>, tree: &mut FileTree) -> Result<(), Diagnostic> {
    let api = docs.cx.api;
    let mut models = Vec::new();
    for id in SchemaId::all(api).filter(|id| api[*id].owner == *id) {
        let names = docs.cx.names.schema(id);
        let file = format!("{}.md", names.module.bare());
        let text = crate::rust::docs::first_sentence(&api[id].doc.0);
        models.push(EntryView {
            name: piece(names.ty.bare()),
            file: piece(&file),
            text: piece(&docs.cell(text)),
            requests: methods(docs, docs.cx.uses.requests(id)),
            responses: methods(docs, docs.cx.uses.responses(id)),
        });
        docs.page(tree, &format!("models/{file}"), "docs/model.md", &page(docs, id))?;
    }
    docs.page(tree, "models/README.md", "docs/models.md", &IndexView { models })
}

fn page(docs: &Docs<'_>, id: SchemaId) -> PageView {
    let api = docs.cx.api;
    let inner = SchemaId::all(api).filter(|s| *s != id && api[*s].owner == id);
    let example = docs.examples(Purpose::Model).schema(id);
    let enums = EnumId::all(api).filter(|e| match api[*e].owner {
        EnumOwner::Schema(owner) => api[owner].owner == id,
        _ => false,
    });
    PageView {
        title: piece(docs.cx.names.schema(id).ty.bare()),
        deprecated: api[id].deprecated,
        doc: block(&docs.lines(&api[id].doc.0)),
        body: body(docs, id),
        inner: inner
            .map(|s| InnerView {
                title: piece(docs.cx.names.schema(s).ty.bare()),
                doc: block(&docs.lines(&api[s].doc.0)),
                body: body(docs, s),
            })
            .collect(),
        enums: enums.map(|e| enumeration(docs, e)).collect(),
        schema: piece(&super::bare(api[id].name.as_str())),
        rust: piece(&program(docs, id, &example)),
        example: piece(&format!("{example:#}")),
    }
}

fn body(docs: &Docs<'_>, id: SchemaId) -> BodyView {
    let mut view = BodyView {
        rows: Vec::new(),
        empty: false,
        alias: None,
        cases: Vec::new(),
        additional: None,
    };
    match &docs.cx.api[id].shape {
        Shape::Object(object) => {
            view.rows = (0..object.fields.len()).map(|at| row(docs, id, at)).collect();
            view.additional = object.additional.as_ref().map(|ty| link(docs, ty));
            view.empty = view.rows.is_empty() && view.additional.is_none();
        }
        Shape::Alias(ty) => view.alias = Some(link(docs, ty)),
        Shape::Union(union) => {
            view.cases.extend(union.cases.iter().map(|case| CaseView {
                tag: piece(&code(case.tag.as_str())),
                ty: link(docs, &Type::Object(case.schema)),
            }));
            view.empty = union.cases.is_empty();
        }
    }
    view
}

/// Formats a Rust type in code, linked if it has a page.
fn link(docs: &Docs<'_>, ty: &Type) -> Fragment {
    let text = docs.cx.ty(ty, Home::Outside);
    let text = text.as_str().replace(' ', "").replace(',', ", ").replace("models::", "");
    piece(&docs.type_link(ty, &text))
}

fn row(docs: &Docs<'_>, id: SchemaId, at: usize) -> RowView {
    let Shape::Object(object) = &docs.cx.api[id].shape else {
        return RowView {
            name: piece(""),
            ty: piece(""),
            wire: piece(""),
            flags: piece(""),
            text: piece(""),
        };
    };
    let field = &object.fields[at];
    let default = field.default.as_deref().filter(|d| !d.is_empty());
    let default = default.map_or_else(String::new, |d| format!(" Default: {}.", code(d)));
    RowView {
        name: piece(&code(docs.cx.names.schema(id).fields[at].field.bare())),
        ty: link(docs, &field.ty),
        wire: piece(&code(field.name.as_str())),
        flags: piece(&flags(field, Purpose::Model)),
        text: piece(format!("{}{default}", docs.cell(field.text())).trim()),
    }
}

fn enumeration(docs: &Docs<'_>, id: EnumId) -> EnumView {
    let (e, names) = (&docs.cx.api[id], docs.cx.names.enumeration(id));
    let value = |(v, rust): (&crate::ir::EnumValue, &crate::rust::RustIdent)| ValueView {
        wire: piece(&code(v.name.as_str())),
        rust: piece(&code(rust.as_str())),
        text: piece(&format!(
            "{}{}",
            if v.deprecated { "Deprecated. " } else { "" },
            docs.cell(&v.doc.0)
        )),
    };
    EnumView {
        title: piece(names.ty.bare()),
        of: piece(&code(e.at.rsplit('/').find(|t| *t != "items").unwrap_or_default())),
        values: e.values.iter().zip(&names.variants).map(value).collect(),
    }
}

/// Shows how to create a value.
fn program(docs: &Docs<'_>, id: SchemaId, example: &serde_json::Value) -> String {
    let ty = format!("models::{}", docs.cx.names.schema(id).ty);
    let name = match docs.cx.names.schema(id).module.as_str() {
        "json" | "model" | "models" | "text" | "value" => "made",
        other => other,
    };
    let is_struct = matches!(docs.cx.api[id].shape, Shape::Object(_));
    let lines = if is_struct {
        let made = rust::value(example, Described::schema(docs.cx, id), 0);
        vec![format!("let {name} = {made};")]
    } else {
        vec![
            format!("let text = {};", rust::literal(&example.to_string())),
            format!("let {name}: {ty} = json::from_str(text)?;"),
            format!("assert_eq!(json::to_string(&{name}), text);"),
        ]
    };
    let text = lines.join("\n");
    let head = rust::import(docs.cx.names.package.krate.as_str(), &[], &text);
    if !text.contains('?') {
        return format!("{head}\n\n{text}");
    }
    let text = text.replace('\n', "\n    ");
    format!(
        "{head}\n\nfn main() -> Result<(), Box<dyn std::error::Error>> {{\n    {text}\n    Ok(())\n}}"
    )
}

/// Links to the pages of methods.
fn methods<'m>(docs: &Docs<'_>, ids: impl IntoIterator<Item = &'m MethodId>) -> Fragment {
    let link = |id: &MethodId| {
        let (title, file) = (docs.method_title(*id), docs.method_file(*id));
        format!("[{title}](../methods/{file})")
    };
    piece(&ids.into_iter().map(link).collect::<Vec<_>>().join(", "))
}
