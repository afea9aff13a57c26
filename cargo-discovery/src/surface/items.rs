//! Items of a crate, module by module.

use super::{Surface, tables};
use quote::ToTokens;
use std::collections::BTreeMap;
use syn::{
    Attribute, Fields, FnArg, ImplItem, Item, ItemImpl, ReturnType, Signature, UseTree, Visibility,
};

/// A module being read.
struct Module<'a> {
    files: &'a BTreeMap<String, String>,
    /// Folder of the files of its modules, for example `src/models`.
    folder: String,
    /// Path in the crate, for example `models::job`.
    path: String,
}

/// Reads the crate from `src/lib.rs`.
pub(super) fn read(files: &BTreeMap<String, String>, out: &mut Surface) -> Result<(), String> {
    let root = Module { files, folder: "src".to_owned(), path: "crate".to_owned() };
    root.file("src/lib.rs", "", out)
}

impl Module<'_> {
    fn file(&self, path: &str, cfg: &str, out: &mut Surface) -> Result<(), String> {
        let text = self.files.get(path).ok_or_else(|| format!("missing {path}"))?;
        let file = syn::parse_file(text).map_err(|e| format!("{path}: {e}"))?;
        self.items(&file.items, cfg, out)
    }

    fn items(&self, items: &[Item], cfg: &str, out: &mut Surface) -> Result<(), String> {
        for item in items {
            self.item(item, cfg, out)?;
        }
        Ok(())
    }

    fn item(&self, item: &Item, cfg: &str, out: &mut Surface) -> Result<(), String> {
        let name = |ident: &syn::Ident| format!("{}::{ident}", self.path);
        match item {
            Item::Mod(module) => return self.module(module, cfg, out),
            Item::Impl(block) => self.implementation(block, cfg, out),
            Item::Use(import) if public(&import.vis) => {
                for (name, target) in imports(&import.tree, "") {
                    let form = form(&import.attrs, cfg, &format!("use {target}"));
                    out.insert(format!("{}::{name}", self.path), form, false);
                }
            }
            Item::Struct(s) if public(&s.vis) => {
                let name = name(&s.ident);
                self.type_item(&name, "struct", &s.attrs, &s.generics, cfg, out);
                fields(&name, &s.fields, out, true);
            }
            Item::Enum(e) if public(&e.vis) => {
                let name = name(&e.ident);
                self.type_item(&name, "enum", &e.attrs, &e.generics, cfg, out);
                for variant in &e.variants {
                    let name = format!("{name}::{}", variant.ident);
                    out.insert(
                        name.clone(),
                        form(&variant.attrs, "", "variant"),
                        deprecated(&variant.attrs),
                    );
                    fields(&name, &variant.fields, out, false);
                }
            }
            Item::Type(t) if public(&t.vis) => {
                let text = format!("type = {}", tokens(&t.ty));
                out.insert(name(&t.ident), form(&t.attrs, cfg, &text), deprecated(&t.attrs));
            }
            Item::Const(c) if public(&c.vis) => {
                let text = format!("const {}", tokens(&c.ty));
                out.insert(name(&c.ident), form(&c.attrs, cfg, &text), deprecated(&c.attrs));
            }
            Item::Static(s) if public(&s.vis) => {
                let text = format!("static {}", tokens(&s.ty));
                out.insert(name(&s.ident), form(&s.attrs, cfg, &text), deprecated(&s.attrs));
            }
            Item::Fn(f) if public(&f.vis) => {
                let text = signature(&f.sig);
                out.insert(name(&f.sig.ident), form(&f.attrs, cfg, &text), deprecated(&f.attrs));
            }
            Item::Trait(t) if public(&t.vis) => {
                out.insert(name(&t.ident), form(&t.attrs, cfg, "trait"), deprecated(&t.attrs));
            }
            Item::Macro(m) if m.ident.is_none() => {
                tables::read(&self.path, &m.mac, &join(cfg, &conditions(&m.attrs)), out);
            }
            _ => {}
        }
        Ok(())
    }

    /// Reads a module, even if private, since its items may be re-exported.
    fn module(&self, module: &syn::ItemMod, cfg: &str, out: &mut Surface) -> Result<(), String> {
        let cfg = join(cfg, &conditions(&module.attrs));
        let bare = module.ident.to_string();
        let bare = bare.strip_prefix("r#").unwrap_or(&bare);
        let folder = format!("{}/{bare}", self.folder);
        let inner = Module { files: self.files, path: format!("{}::{bare}", self.path), folder };
        if public(&module.vis) {
            out.insert(inner.path.clone(), form(&[], &cfg, "mod"), deprecated(&module.attrs));
        }
        if let Some((_, items)) = &module.content {
            return inner.items(items, &cfg, out);
        }
        let (plain, nested) = (format!("{}.rs", inner.folder), format!("{}/mod.rs", inner.folder));
        let path = if self.files.contains_key(&plain) { plain } else { nested };
        inner.file(&path, &cfg, out)
    }

    fn type_item(
        &self,
        name: &str,
        kind: &str,
        attrs: &[Attribute],
        generics: &syn::Generics,
        cfg: &str,
        out: &mut Surface,
    ) {
        let open = attrs.iter().any(|a| a.path().is_ident("non_exhaustive"));
        let open = if open { " non_exhaustive" } else { "" };
        let text = format!("{kind}{open}{}", tokens(generics));
        out.insert(name.to_owned(), form(attrs, cfg, &text), deprecated(attrs));
        for attr in attrs.iter().filter(|a| a.path().is_ident("derive")) {
            let _ = attr.parse_nested_meta(|meta| {
                let derived = tokens(&meta.path);
                out.insert(format!("{name}: {derived}"), form(&[], cfg, "derived"), false);
                Ok(())
            });
        }
    }

    fn implementation(&self, block: &ItemImpl, cfg: &str, out: &mut Surface) {
        let cfg = join(cfg, &conditions(&block.attrs));
        let ty = tokens(&block.self_ty);
        let of = match &block.trait_ {
            Some((path, _)) => {
                let of = format!("{}::{ty}: {}", self.path, tokens(path));
                out.insert(of.clone(), form(&[], &cfg, &tokens(&block.generics)), false);
                of
            }
            None => format!("{}::{ty}", self.path),
        };
        for item in &block.items {
            let (name, attrs, text) = match item {
                ImplItem::Fn(f) if public(&f.vis) && block.trait_.is_none() => {
                    (f.sig.ident.to_string(), &f.attrs, signature(&f.sig))
                }
                ImplItem::Const(c) if public(&c.vis) => {
                    (c.ident.to_string(), &c.attrs, format!("const {}", tokens(&c.ty)))
                }
                ImplItem::Type(t) => {
                    (t.ident.to_string(), &t.attrs, format!("type = {}", tokens(&t.ty)))
                }
                _ => continue,
            };
            if !hidden(attrs) {
                out.insert(format!("{of}::{name}"), form(attrs, &cfg, &text), deprecated(attrs));
            }
        }
    }
}

fn fields(of: &str, fields: &Fields, out: &mut Surface, only_public: bool) {
    for (i, field) in fields.iter().enumerate() {
        if only_public && !public(&field.vis) {
            continue;
        }
        let name = field.ident.as_ref().map_or_else(|| i.to_string(), ToString::to_string);
        let text = tokens(&field.ty);
        out.insert(format!("{of}.{name}"), form(&field.attrs, "", &text), deprecated(&field.attrs));
    }
}

/// Returns the names that a `use` imports, with their sources.
fn imports(tree: &UseTree, prefix: &str) -> Vec<(String, String)> {
    let below = |name: &syn::Ident| format!("{prefix}{name}::");
    match tree {
        UseTree::Path(path) => imports(&path.tree, &below(&path.ident)),
        UseTree::Name(name) => vec![(name.ident.to_string(), format!("{prefix}{}", name.ident))],
        UseTree::Rename(r) => vec![(r.rename.to_string(), format!("{prefix}{}", r.ident))],
        UseTree::Glob(_) => vec![(format!("{prefix}*"), format!("{prefix}*"))],
        UseTree::Group(group) => group.items.iter().flat_map(|t| imports(t, prefix)).collect(),
    }
}

/// Formats a signature without argument names.
fn signature(sig: &Signature) -> String {
    let args: Vec<String> = (sig.inputs.iter())
        .map(|arg| match arg {
            FnArg::Receiver(r) => tokens(r),
            FnArg::Typed(arg) => tokens(&arg.ty),
        })
        .collect();
    let output = match &sig.output {
        ReturnType::Default => String::new(),
        ReturnType::Type(_, ty) => format!(" -> {}", tokens(ty)),
    };
    let kind = if sig.asyncness.is_some() { "async fn" } else { "fn" };
    let bounds = sig.generics.where_clause.as_ref().map(|w| format!(" {}", tokens(w)));
    format!(
        "{kind}{}({}){output}{}",
        tokens(&sig.generics),
        args.join(", "),
        bounds.unwrap_or_default()
    )
}

/// Combines the shape of an item with its `cfg` conditions.
fn form(attrs: &[Attribute], cfg: &str, text: &str) -> String {
    let cfg = join(cfg, &conditions(attrs));
    if cfg.is_empty() { text.to_owned() } else { format!("{text} [{cfg}]") }
}

fn join(a: &str, b: &str) -> String {
    match (a, b) {
        (a, "") => a.to_owned(),
        ("", b) => b.to_owned(),
        (a, b) if a.split(" and ").any(|part| part == b) => a.to_owned(),
        (a, b) => format!("{a} and {b}"),
    }
}

fn conditions(attrs: &[Attribute]) -> String {
    let cfg = |a: &Attribute| match &a.meta {
        syn::Meta::List(list) if a.path().is_ident("cfg") => Some(tokens(&list.tokens)),
        _ => None,
    };
    attrs.iter().filter_map(cfg).fold(String::new(), |all, cfg| join(&all, &cfg))
}

fn public(vis: &Visibility) -> bool {
    matches!(vis, Visibility::Public(_))
}

fn deprecated(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|a| a.path().is_ident("deprecated"))
}

fn hidden(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|a| a.path().is_ident("doc") && tokens(&a.meta).contains("hidden"))
}

/// Formats tokens as usual in source code, without trailing commas.
pub(super) fn tokens(node: &impl ToTokens) -> String {
    let text = node.to_token_stream().to_string();
    let text = ["<", ">", "::", "(", ")", "&", "'"].into_iter().fold(text, |text, sign| {
        text.replace(&format!(" {sign}"), sign).replace(&format!("{sign} "), sign)
    });
    text.replace(" ,", ",").replace(",>", ">").replace(",)", ")")
}
