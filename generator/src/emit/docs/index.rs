//! Overview, table of contents, and general pages.

use super::{Docs, block, code, piece};
use crate::emit::manifest;
use crate::error::Diagnostic;
use crate::ir::{MethodId, Scalar, SchemaId, Type};
use crate::rust::{Fragment, StrLit, literal};
use crate::tree::FileTree;
use discovery_describe::names::kebab;
use discovery_describe::shell::quote;
use serde::Serialize;

#[derive(Serialize)]
struct BookView {
    title: StrLit,
    build: StrLit,
    header: Fragment,
}

#[derive(Serialize)]
struct SummaryView {
    cli: bool,
    methods: Vec<EntryView>,
    models: Vec<EntryView>,
}

#[derive(Serialize)]
struct EntryView {
    name: Fragment,
    file: Fragment,
    cli: bool,
}

#[derive(Serialize)]
struct OverviewView {
    title: Fragment,
    doc: Fragment,
    id: Fragment,
    url: Fragment,
    link: Option<Fragment>,
    package: Fragment,
    krate: Fragment,
    binary: Option<Fragment>,
    dependency: Fragment,
    scopes: Vec<TextView>,
    prefix: Fragment,
}

#[derive(Serialize)]
struct TextView {
    name: Fragment,
    text: Fragment,
}

#[derive(Serialize)]
struct TypesView {
    formats: Vec<FormatView>,
}

#[derive(Serialize)]
struct FormatView {
    name: Fragment,
    rust: Fragment,
    notation: Fragment,
    example: Fragment,
}

#[derive(Serialize)]
struct GeneralView {
    params: Vec<ParamView>,
    cli: bool,
}

#[derive(Serialize)]
struct ParamView {
    name: Fragment,
    ty: Fragment,
    /// Command-line flag, if there is a command line.
    shell: Option<Fragment>,
    text: Fragment,
    values: Vec<TextView>,
}

pub(super) fn emit(docs: &Docs<'_>, tree: &mut FileTree) -> Result<(), Diagnostic> {
    let folder = &docs.cx.names.package.folder;
    let book = BookView {
        title: literal(&docs.cx.title()),
        build: literal(&format!("../../../target/book/{folder}")),
        header: piece(&docs.cx.options.header(docs.cx.file)),
    };
    docs.page(tree, "book.toml", "docs/book.toml", &book)?;
    docs.page(tree, "style/book.css", "docs/book.css", &book)?;
    docs.page(tree, "style/book.js", "docs/book.js", &book)?;
    docs.page(tree, "SUMMARY.md", "docs/summary.md", &summary(docs))?;
    let overview = overview(docs);
    docs.page(tree, "README.md", "docs/overview.md", &overview)?;
    docs.page(tree, "types.md", "docs/types.md", &types())?;
    docs.page(tree, "errors.md", "docs/errors.md", &overview)?;
    docs.page(tree, "general.md", "docs/general.md", &general(docs))?;
    if docs.cx.options.doctests() { docs.doctests(tree) } else { Ok(()) }
}

/// Lists the formats of text that has a notation; the template has the other types.
fn types() -> TypesView {
    let format = |scalar: &Scalar| {
        let (info, parsed) = (scalar.info(), scalar.parsed()?);
        Some(FormatView {
            name: piece(info.name),
            rust: piece(info.rust),
            notation: piece(parsed.notation),
            example: piece(parsed.example),
        })
    };
    TypesView { formats: Scalar::ALL.iter().filter_map(format).collect() }
}

fn summary(docs: &Docs<'_>) -> SummaryView {
    let api = docs.cx.api;
    let method = |id: MethodId| EntryView {
        name: piece(&docs.method_title(id)),
        file: piece(&docs.method_file(id)),
        cli: docs.binary.is_some(),
    };
    let model = |id: SchemaId| EntryView {
        name: piece(docs.cx.names.schema(id).ty.bare()),
        file: piece(&format!("{}.md", docs.cx.names.schema(id).module.bare())),
        cli: false,
    };
    SummaryView {
        cli: docs.binary.is_some(),
        methods: MethodId::all(api).map(method).collect(),
        models: SchemaId::all(api).filter(|id| api[*id].owner == *id).map(model).collect(),
    }
}

fn overview(docs: &Docs<'_>) -> OverviewView {
    let (api, package) = (docs.cx.api, &docs.cx.names.package);
    let link = &api.documentation_link;
    let good = link.starts_with("http") && !link.contains(['<', '>', ' ', '(', ')']);
    let scope = |s: &crate::ir::Scope| TextView {
        name: piece(&code(s.url.as_str())),
        text: piece(&docs.cell(&s.doc.0)),
    };
    OverviewView {
        title: piece(&docs.cx.title()),
        doc: block(&docs.lines(&api.doc.0)),
        id: piece(&code(&api.id)),
        url: piece(&code(&format!("{}{}", api.root_url, api.service_path))),
        link: good.then(|| piece(link)),
        package: piece(&package.package),
        krate: piece(package.krate.as_str()),
        binary: docs.binary.as_deref().map(piece),
        dependency: manifest::dependency(docs.cx, None),
        scopes: api.scopes.iter().map(scope).collect(),
        prefix: piece(&docs.binary.clone().unwrap_or_default().to_uppercase().replace('-', "_")),
    }
}

/// A general property as an argument.
fn flag(p: &crate::ir::Param) -> String {
    code(&format!("-p {}", quote(&format!("{}=VALUE", kebab(p.name.as_str())))))
}

fn general(docs: &Docs<'_>) -> GeneralView {
    let api = docs.cx.api;
    let param = |p: &crate::ir::Param| {
        let values = match p.ty {
            Type::Enum(id) => (api[id].values.iter())
                .map(|v| TextView {
                    name: piece(&code(v.name.as_str())),
                    text: piece(docs.cell(&v.doc.0).trim()),
                })
                .collect(),
            _ => Vec::new(),
        };
        let ty = if values.is_empty() { docs.label(&p.ty) } else { "string".to_owned() };
        ParamView {
            name: piece(&code(p.name.as_str())),
            ty: piece(&ty),
            shell: docs.binary.as_ref().map(|_| piece(&flag(p))),
            text: piece(&docs.cell(&p.doc.0)),
            values,
        }
    };
    GeneralView { params: api.globals.iter().map(param).collect(), cli: docs.binary.is_some() }
}

#[derive(Serialize)]
struct DoctestsView {
    pages: Vec<PageView>,
}

#[derive(Serialize)]
struct PageView {
    path: StrLit,
    name: Fragment,
}

impl Docs<'_> {
    /// Returns a module of the client crate that tests every Rust example.
    fn doctests(&self, tree: &mut FileTree) -> Result<(), Diagnostic> {
        let api = self.cx.api;
        let page = |folder: &str, file: String| {
            let name = format!("{folder}_{}", file.trim_end_matches(".md").replace('.', "_"));
            PageView { path: literal(&format!("../docs/{folder}/{file}")), name: piece(&name) }
        };
        let models = SchemaId::all(api).filter(|id| api[*id].owner == *id);
        let models = models
            .map(|id| page("models", format!("{}.md", self.cx.names.schema(id).module.bare())));
        let methods = MethodId::all(api).map(|id| page("methods", self.method_file(id)));
        let general = [("README.md", "overview"), ("errors.md", "errors")];
        let general = general.map(|(file, name)| PageView {
            path: literal(&format!("../docs/{file}")),
            name: piece(name),
        });
        let pages = general.into_iter().chain(models).chain(methods).collect();
        let view = DoctestsView { pages };
        let path = format!("{}/src/doctests.rs", self.cx.names.package.folder);
        self.cx.render(tree, path, "docs/doctests.rs", &view)
    }
}
