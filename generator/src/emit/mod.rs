//! Stage 6: one module per product. Each builds views, typed structs of leaves, and renders them.
//!
//! A view holds only what a template prints. Emitters do not import each other.

mod client;
mod described;
mod docs;
mod examples;
mod guide;
mod manifest;
mod programs;
mod sample;
mod usage;

use crate::error::{Diagnostic, Report};
use crate::ir::{Api, Gate, ResourceId, SchemaId, Type, Uses};
use crate::render::Templates;
use crate::rust::docs::{Cleaner, DocLines};
use crate::rust::{Fragment, Home, Names, StrLit, Types, literal, text_lines};
use crate::tree::{File, FileKind, FileTree};
pub use manifest::Runtime;
use serde::Serialize;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

/// Something that is generated of an API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Product {
    /// The client crate.
    Client,
    /// The command line.
    Cli,
    /// The mock server.
    Mock,
    /// The reference documentation, and the client's tests of its examples.
    Docs,
}

/// What is asked of the generator beside the document.
#[derive(Clone, Debug)]
pub struct Options {
    /// Products, each once.
    pub products: Vec<Product>,
    /// Where generated crates find the runtime.
    pub runtime: Runtime,
    /// Version of the generated crates.
    pub version: String,
    /// License of the generated crates, an SPDX expression.
    pub license: Option<String>,
    /// Whether the generated crates may be published.
    pub publish: bool,
    /// The address of the repository that the generated crates are in.
    pub repository: Option<String>,
    /// Whether the client crate has its generated tests.
    pub tests: bool,
    /// Whether the mock server has a hand-written module `behaviour`.
    pub behaviour: bool,
    /// How many files are formatted at once. It changes nothing of the output.
    pub threads: NonZeroUsize,
}

impl Options {
    /// These products on the runtime of crates.io, as version 0.1.0, not to be published, without
    /// tests, by one thread.
    #[must_use]
    pub fn new(products: impl Into<Vec<Product>>) -> Self {
        Self {
            products: products.into(),
            runtime: Runtime::default(),
            version: "0.1.0".to_owned(),
            license: None,
            publish: false,
            repository: None,
            tests: false,
            behaviour: false,
            threads: NonZeroUsize::MIN,
        }
    }

    /// Whether the client offers its tables for reflection: other products need them.
    #[must_use]
    pub fn reflect(&self) -> bool {
        self.products.iter().any(|p| matches!(p, Product::Cli | Product::Mock))
    }

    /// Whether the examples of the reference documentation are tests of the client crate.
    pub(crate) fn doctests(&self) -> bool {
        self.tests && self.products.contains(&Product::Docs)
    }
}

/// Everything an emitter reads.
pub(crate) struct Cx<'a> {
    pub(crate) api: &'a Api,
    pub(crate) names: &'a Names,
    pub(crate) types: &'a Types<'a>,
    pub(crate) templates: &'a Templates,
    pub(crate) options: &'a Options,
    /// The document, as the header of files names it.
    pub(crate) file: &'a str,
    uses: Uses,
    views: Option<RefCell<Vec<(String, Value)>>>,
    links: BTreeMap<String, String>,
}

impl<'a> Cx<'a> {
    pub(crate) fn new(
        api: &'a Api,
        names: &'a Names,
        types: &'a Types<'a>,
        templates: &'a Templates,
        options: &'a Options,
        file: &'a str,
    ) -> Self {
        Self {
            api,
            names,
            types,
            templates,
            options,
            file,
            uses: Uses::of(api),
            views: None,
            links: rustdoc_links(api, names),
        }
    }

    /// The same, which also remembers every view.
    pub(crate) fn recording(mut self) -> Self {
        self.views = Some(RefCell::default());
        self
    }

    /// The views that were rendered, by path of the file.
    pub(crate) fn recorded(self) -> Vec<(String, Value)> {
        self.views.map(RefCell::into_inner).unwrap_or_default()
    }

    /// Cleans a description for a doc comment.
    pub(crate) fn lines(&self, text: &str) -> DocLines {
        let resolve = |name: &str| self.links.get(name).cloned();
        let base = Some(self.api.documentation_link.as_str()).filter(|l| !l.is_empty());
        Cleaner { base, resolve: &resolve }.rustdoc(text)
    }

    /// A doc comment: `text` cleaned, or else `fallback`, which is ours; then `more`, ours too.
    pub(crate) fn doc(&self, text: &str, fallback: &str, more: &[String]) -> Fragment {
        let lines = self.lines(text);
        let mut out: Vec<String> = lines.iter().map(str::to_owned).collect();
        if out.is_empty() {
            out.push(fallback.to_owned());
        }
        if !more.is_empty() {
            out.push(String::new());
            out.extend(more.iter().cloned());
        }
        comment("///", &out)
    }

    /// Renders `template` into the file `path`.
    pub(crate) fn render(
        &self,
        tree: &mut FileTree,
        path: String,
        template: &'static str,
        view: &impl Serialize,
    ) -> Result<(), Diagnostic> {
        let kind = match path.rsplit('.').next() {
            Some("rs") => FileKind::Rust,
            Some("toml") => FileKind::Toml,
            Some("md") => FileKind::Markdown,
            _ => FileKind::Other,
        };
        if let Some(views) = &self.views {
            let value = serde_json::to_value(view).unwrap_or_default();
            views.borrow_mut().push((path.clone(), value));
        }
        let text = self.templates.render(template, view)?;
        tree.insert(path, File { text, kind, template })
    }

    pub(crate) fn ty(&self, ty: &Type, home: Home) -> Fragment {
        self.types.ty(ty, home)
    }

    /// The `cfg` under which a schema exists, if it is not always there.
    pub(crate) fn cfg(&self, id: SchemaId) -> Option<Fragment> {
        let feature = |name: &str| format!("feature = {}", literal(name).as_str());
        let name = |id: &ResourceId| feature(&self.names.resource(*id).feature);
        Some(match self.api.gates.of(id) {
            Gate::Always => return None,
            Gate::Full => text_lines(&[&feature("full")]),
            Gate::AnyOf(resources) => {
                match resources.iter().map(name).collect::<Vec<_>>().as_slice() {
                    [one] => text_lines(&[one]),
                    many => text_lines(&[&format!("any({})", many.join(", "))]),
                }
            }
        })
    }

    /// The feature under which a top-level resource exists, if it is not always there.
    pub(crate) fn resource_cfg(&self, id: ResourceId) -> Option<StrLit> {
        let gated = self.api.gates.is_gated() && self.api[id].parent == Some(Api::ROOT);
        gated.then(|| literal(&self.names.resource(id).feature))
    }

    /// The program of the command line: `jobs` of `v3` is `jobs3`, as google-apis-rs has it.
    pub(crate) fn binary(&self) -> String {
        let folder = &self.names.package.folder;
        match folder.rsplit_once("-v") {
            Some((name, version)) => format!("{name}{version}"),
            None => folder.clone(),
        }
    }

    /// Under which features the examples of the guide compile.
    pub(crate) fn guide_cfg(&self) -> Fragment {
        text_lines(&[if self.features().is_empty() {
            "feature = \"adc\""
        } else {
            "all(feature = \"adc\", feature = \"full\")"
        }])
    }

    /// The features of resources, by name; none where everything is always there.
    pub(crate) fn features(&self) -> Vec<String> {
        let resources = &self.api.gates.resources;
        resources.iter().map(|id| self.names.resource(*id).feature.clone()).collect()
    }
}

/// Lines of a comment, each behind `sign`.
pub(crate) fn comment(sign: &str, lines: &[String]) -> Fragment {
    let lines: Vec<String> = (lines.iter())
        .map(|l| if l.is_empty() { sign.to_owned() } else { format!("{sign} {l}") })
        .collect();
    text_lines(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Where rustdoc finds what descriptions call `Schema` and `Schema.field`.
fn rustdoc_links(api: &Api, names: &Names) -> BTreeMap<String, String> {
    let mut links = BTreeMap::new();
    for id in SchemaId::all(api) {
        let ty = format!("crate::models::{}", names.schema(id).ty);
        if let crate::ir::Shape::Object(object) = &api[id].shape {
            for (field, name) in object.fields.iter().zip(&names.schema(id).fields) {
                let target = format!("{ty}::{}", name.field.bare());
                let spoken = format!("{}.{}", api[id].name, field.name);
                links.insert(format!("{}.{}", api[id].name, name.field.bare()), target.clone());
                links.insert(spoken, target);
            }
        }
        links.insert(api[id].name.0.clone(), ty);
    }
    links
}

/// Emits every product that is asked for.
pub(crate) fn emit(cx: &Cx<'_>, report: &mut Report) -> FileTree {
    let mut tree = FileTree::new();
    for product in &cx.options.products {
        let result = match product {
            Product::Client => {
                client::emit(cx, &mut tree).and_then(|()| guide::client(cx, &mut tree))
            }
            Product::Cli => programs::cli(cx, &mut tree).and_then(|()| guide::cli(cx, &mut tree)),
            Product::Mock => {
                programs::mock(cx, &mut tree).and_then(|()| guide::mock(cx, &mut tree))
            }
            Product::Docs => docs::emit(cx, &mut tree),
        };
        if let Err(diagnostic) = result {
            report.push(diagnostic);
        }
    }
    tree
}
