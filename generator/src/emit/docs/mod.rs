//! Reference documentation: a Markdown book that is also readable on a code host.
//!
//! [`uses`] decides once where each description appears: on the page of its model, on the pages of
//! the few methods that need the schema, or on the one command-line page that needs it. A changed
//! word thus affects at most three lines, and a new member of a widely used schema affects few
//! pages.

mod command;
mod command_walk;
mod index;
mod method;
mod method_examples;
mod model;
mod reach;
mod shape;
mod update;

use super::Cx;
use super::examples::{Examples, Purpose};
use crate::error::Diagnostic;
use crate::ir::{Api, EnumId, EnumOwner, Field, MethodId, SchemaId, Shape, Type};
use crate::rust::docs::{Cleaner, clean_name, plain, sentences};
use crate::rust::{Fragment, file_name, text_lines};
use crate::tree::FileTree;
use discovery_describe::names::kebab;
use reach::Reach;
use std::collections::BTreeMap;

/// State shared by all pages.
pub(super) struct Docs<'a> {
    cx: &'a Cx<'a>,
    root: String,
    reach: Reach,
    links: BTreeMap<String, String>,
    /// Name of the command-line program, if there is one.
    binary: Option<String>,
}

/// Writes the book.
pub(super) fn emit<'a>(cx: &'a Cx<'a>, tree: &mut FileTree) -> Result<(), Diagnostic> {
    let docs = Docs::new(cx);
    index::emit(&docs, tree)?;
    model::emit(&docs, tree)?;
    method::emit(&docs, tree)?;
    if docs.binary.is_some() { command::emit(&docs, tree) } else { Ok(()) }
}

impl<'a> Docs<'a> {
    fn new(cx: &'a Cx<'a>) -> Self {
        let cli = cx.options.products.contains(&super::Product::Cli);
        Self {
            cx,
            root: format!("{}/docs", cx.names.package.folder),
            reach: Reach::of(cx.api, &cx.uses),
            links: links(cx),
            binary: cli.then(|| cx.binary()),
        }
    }

    /// Makes examples for a purpose.
    fn examples<'p>(&self, purpose: Purpose<'p>) -> Examples<'a, 'p> {
        Examples::new(self.cx, purpose)
    }

    /// Renders a page at `path` below the book.
    fn page(
        &self,
        tree: &mut FileTree,
        path: &str,
        template: &'static str,
        view: &impl serde::Serialize,
    ) -> Result<(), Diagnostic> {
        self.cx.render(tree, format!("{}/{path}", self.root), template, view)
    }

    /// Resolves links from pages one folder below the root.
    fn resolve(&self, name: &str) -> Option<String> {
        self.links.get(name).map(|path| format!("../{path}"))
    }

    /// A description as paragraphs, one sentence a line.
    fn lines(&self, text: &str) -> Vec<String> {
        let base = Some(self.cx.api.documentation_link.as_str()).filter(|l| !l.is_empty());
        let resolve = |name: &str| self.resolve(name);
        let lines = Cleaner { base, resolve: &resolve }.markdown(text);
        lines.iter().map(str::to_owned).collect()
    }

    /// A description as the cell of a table.
    fn cell(&self, text: &str) -> String {
        let base = Some(self.cx.api.documentation_link.as_str()).filter(|l| !l.is_empty());
        let resolve = |name: &str| self.resolve(name);
        Cleaner { base, resolve: &resolve }.markdown_cell(text)
    }

    /// A description in sentences, as plain text.
    fn sentences(&self, text: &str) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for sentence in sentences(text) {
            let sentence = plain(sentence);
            match out.last_mut() {
                // "Required." and similar markers are not sentences of their own.
                Some(last) if is_short(last) => *last = format!("{last} {sentence}"),
                _ if sentence.is_empty() => {}
                _ => out.push(sentence),
            }
        }
        out
    }

    /// Describes a member in sentences, with its behavior first.
    fn described(&self, field: &Field, purpose: Purpose<'_>) -> Vec<String> {
        let mut out = self.sentences(field.text());
        let flags = flags(field, purpose);
        if flags.is_empty() {
            return out;
        }
        let flags = format!("{}{}.", flags[..1].to_uppercase(), &flags[1..]);
        match out.first_mut() {
            Some(first) => *first = format!("{flags} {first}"),
            None => out.push(flags),
        }
        out
    }

    /// Describes a member as lines of Markdown, with its behavior first.
    fn explained(&self, field: &Field, purpose: Purpose<'_>) -> Vec<String> {
        let mut out = self.lines(field.text());
        let flags = flags(field, purpose);
        if !flags.is_empty() {
            out.insert(0, format!("{}{}.", flags[..1].to_uppercase(), &flags[1..]));
        }
        out
    }

    /// Returns `true` if only the server sets a member.
    fn is_servers(field: &Field) -> bool {
        field.is_output_only()
    }

    /// Formats a type in JSON terms: `string`, `[int32]`, `{string: Job}`.
    fn label(&self, ty: &Type) -> String {
        match ty {
            Type::Scalar(scalar) => scalar.info().name.to_owned(),
            Type::Any => "any".to_owned(),
            Type::Enum(id) => self.cx.names.enumeration(*id).ty.bare().to_owned(),
            Type::Object(id) => self.cx.names.schema(*id).ty.bare().to_owned(),
            Type::List(of) => format!("[{}]", self.label(of)),
            Type::Map(of) => format!("{{string: {}}}", self.label(of)),
        }
    }

    /// Returns the link to a schema: page and anchor.
    fn model(&self, id: SchemaId) -> String {
        let owner = self.cx.api[id].owner;
        let page = format!("models/{}.md", self.cx.names.schema(owner).module.bare());
        if owner == id {
            return page;
        }
        format!("{page}#{}", anchor(self.cx.names.schema(id).ty.bare()))
    }

    /// Returns the link to an enum, if it is on a model page.
    fn enumeration(&self, id: EnumId) -> Option<String> {
        match self.cx.api[id].owner {
            EnumOwner::Schema(owner) => Some(format!(
                "{}#{}",
                self.model(self.cx.api[owner].owner).split('#').next().unwrap_or_default(),
                anchor(self.cx.names.enumeration(id).ty.bare())
            )),
            EnumOwner::Method(_) | EnumOwner::Global => None,
        }
    }

    /// Formats a link to a type from one folder below the root, labeled with the type in code.
    fn type_link(&self, ty: &Type, label: &str) -> String {
        let target = match ty.leaf() {
            Type::Object(id) => Some(self.model(*id)),
            Type::Enum(id) => self.enumeration(*id),
            _ => None,
        };
        match target {
            Some(target) => format!("[`{label}`](../{target})"),
            None => format!("`{label}`"),
        }
    }

    /// The file of a method's page in `methods/` and `cli/`.
    fn method_file(&self, id: MethodId) -> String {
        let m = &self.cx.api[id];
        let path = self.cx.names.accessors(self.cx.api, m.resource);
        let mut parts: Vec<&str> = path.iter().map(|p| p.bare()).collect();
        parts.push(self.cx.names.method(id).function.bare());
        file_name(&parts.join("."), "md")
    }

    /// Returns a method's title in headings and links.
    fn method_title(&self, id: MethodId) -> String {
        let m = &self.cx.api[id];
        let mut parts: Vec<String> =
            self.cx.api.resource_path(m.resource).iter().map(|n| bare(n.as_str())).collect();
        parts.push(bare(m.name.as_str()));
        parts.join(".")
    }

    /// Returns the words of a method's command, without the program's name.
    fn command_words(&self, id: MethodId) -> String {
        let m = &self.cx.api[id];
        let mut names: Vec<String> =
            (self.cx.api.resource_path(m.resource).iter()).map(|n| kebab(n.as_str())).collect();
        names.push(kebab(m.name.as_str()));
        match names.split_first() {
            Some((first, rest)) if !rest.is_empty() => format!("{first} {}", rest.join("-")),
            _ => names.concat(),
        }
    }
}

/// Lists a member's behavior: `required`, `output only`. If no method is given, names the methods
/// that require it.
fn flags(field: &Field, purpose: Purpose<'_>) -> String {
    let behavior = field.behavior;
    let by_method = purpose.method().is_some_and(|method| field.is_required_by(method));
    let methods: Vec<String> = field.required_by.iter().map(|id| code(id)).collect();
    let named = format!("required for {}", methods.join(" and "));
    let all = [
        (behavior.required || by_method, "required"),
        (!behavior.required && !methods.is_empty() && purpose == Purpose::Model, named.as_str()),
        (behavior.optional, "optional"),
        (field.is_output_only(), "output only"),
        (behavior.input_only, "input only"),
        (behavior.immutable, "immutable"),
        (behavior.identifier, "identifier"),
        (field.is_deprecated(), "deprecated"),
    ];
    all.iter().filter(|(set, _)| *set).map(|(_, word)| *word).collect::<Vec<_>>().join(", ")
}

/// Returns `true` if a sentence has at most two words.
fn is_short(sentence: &str) -> bool {
    sentence.split(' ').count() <= 2
}

/// Returns the anchor of a one-word heading.
fn anchor(heading: &str) -> String {
    heading.to_lowercase()
}

/// Reduces a document's name to letters, digits, and plain signs for headings and links.
fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.$@:".contains(*c)).collect()
}

/// Formats a name or value as code; escapes `|`, which would end a table cell.
fn code(text: &str) -> String {
    let clean = clean_name(text);
    if clean.is_empty() { String::new() } else { format!("`{}`", clean.replace('|', "\\|")) }
}

/// Wraps fixed lines for a template.
fn block(lines: &[String]) -> Fragment {
    text_lines(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Wraps a fixed fragment for a template.
fn piece(text: &str) -> Fragment {
    text_lines(&[text])
}

/// Resolves `Schema` and `Schema.field` references in descriptions.
fn links(cx: &Cx<'_>) -> BTreeMap<String, String> {
    let api: &Api = cx.api;
    let mut links = BTreeMap::new();
    for id in SchemaId::all(api).filter(|id| api[*id].owner == *id) {
        let page = format!("models/{}.md", cx.names.schema(id).module.bare());
        if let Shape::Object(object) = &api[id].shape {
            for (field, name) in object.fields.iter().zip(&cx.names.schema(id).fields) {
                links.insert(format!("{}.{}", api[id].name, field.name), page.clone());
                links.insert(format!("{}.{}", api[id].name, name.field.bare()), page.clone());
            }
        }
        links.insert(api[id].name.0.clone(), page);
    }
    links
}
