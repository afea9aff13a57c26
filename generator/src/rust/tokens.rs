//! Rust fragments that nest or need escaping. The only user of `quote`.

use super::imports::Imports;
use super::names::Names;
use crate::ir::{Api, EnumOwner, ResourceId, SchemaId, Shape, Type};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use serde::{Serialize, Serializer};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Fragment of Rust: a type, an expression, or an attribute, with the imports that it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    text: String,
    imports: Imports,
}

impl Fragment {
    /// The piece as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the imports that the fragment needs.
    #[must_use]
    pub fn imports(&self) -> Imports {
        self.imports
    }

    /// Wraps the fragment in two texts.
    #[must_use]
    pub fn within(&self, before: &str, after: &str) -> Self {
        Self { text: format!("{before}{}{after}", self.text), imports: self.imports }
    }

    /// Adds `imports` to the fragment.
    #[must_use]
    pub fn importing(mut self, imports: Imports) -> Self {
        self.imports |= imports;
        self
    }
}

impl Serialize for Fragment {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.text)
    }
}

/// A Rust string literal, quotes and escapes included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StrLit(String);

impl StrLit {
    /// Returns the literal as source text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for StrLit {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

/// `text` as a string literal.
#[must_use]
pub fn literal(text: &str) -> StrLit {
    StrLit(discovery_describe::rust::literal(text))
}

/// Joins clean lines for a template that prints them verbatim.
#[must_use]
pub fn text_lines(lines: &[&str]) -> Fragment {
    Fragment { text: lines.join("\n"), imports: Imports::default() }
}

/// Location from which a type is referenced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Home {
    /// The file of a top-level schema.
    Model(SchemaId),
    /// The file of a resource; `models` is in scope there.
    Resource(ResourceId),
    /// Another crate, or a test; `models` and `resources` are in scope there.
    Outside,
}

/// Cached Rust spellings of IR types.
pub struct Types<'a> {
    api: &'a Api,
    names: &'a Names,
    known: RefCell<BTreeMap<(Type, Home), Fragment>>,
}

impl<'a> Types<'a> {
    /// Spellings for one API.
    #[must_use]
    pub fn new(api: &'a Api, names: &'a Names) -> Self {
        Self { api, names, known: RefCell::default() }
    }

    /// Formats `ty` for use in `home`.
    #[must_use]
    pub fn ty(&self, ty: &Type, home: Home) -> Fragment {
        let key = (ty.clone(), home);
        if let Some(found) = self.known.borrow().get(&key) {
            return found.clone();
        }
        let made =
            Fragment { text: self.tokens(ty, home).to_string(), imports: self.imports(ty, home) };
        self.known.borrow_mut().insert(key, made.clone());
        made
    }

    /// Returns the imports of `ty` in `home`; mirrors [`Self::tokens`].
    fn imports(&self, ty: &Type, home: Home) -> Imports {
        let outside_models = !matches!(home, Home::Model(_));
        match ty {
            Type::Scalar(scalar) if scalar.parsed().is_none() => Imports::default(),
            Type::Scalar(_) | Type::Any => Imports::JSON,
            Type::Enum(id) => match self.api[*id].owner {
                EnumOwner::Schema(_) if outside_models => Imports::MODELS,
                EnumOwner::Schema(_) | EnumOwner::Method(_) => Imports::default(),
                EnumOwner::Global => Imports::JSON,
            },
            Type::Object(_) if outside_models => Imports::MODELS,
            Type::List(inner) => self.imports(inner, home),
            Type::Map(inner) => self.imports(inner, home) | Imports::JSON,
            _ => Imports::default(),
        }
    }

    fn tokens(&self, ty: &Type, home: Home) -> TokenStream {
        match ty {
            Type::Scalar(scalar) => {
                let path = scalar.info().rust.split("::").map(ident);
                quote!(#(#path)::*)
            }
            Type::Any => quote!(json::Json),
            Type::Object(id) => self.model(*id, home),
            Type::Enum(id) => {
                let name = ident(self.names.enumeration(*id).ty.as_str());
                match (self.api[*id].owner, home) {
                    (EnumOwner::Schema(owner), Home::Model(here)) if owner == here => quote!(#name),
                    (EnumOwner::Schema(_), Home::Model(_)) => quote!(super::#name),
                    (EnumOwner::Schema(_), _) => quote!(models::#name),
                    (EnumOwner::Method(id), Home::Resource(here))
                        if self.api[id].resource == here =>
                    {
                        quote!(#name)
                    }
                    (EnumOwner::Method(id), _) => {
                        let resource = self.api[id].resource;
                        let mut path = self.names.resource_path(self.api, resource);
                        if resource == Api::ROOT {
                            // Its module is private; `resources` re-exports its contents.
                            path.clear();
                        }
                        let path = path.iter().map(|p| ident(p.as_str()));
                        match home {
                            Home::Outside => quote!(resources #(::#path)* ::#name),
                            _ => quote!(crate::resources #(::#path)* ::#name),
                        }
                    }
                    (EnumOwner::Global, _) => quote!(json::Json),
                }
            }
            Type::List(inner) => {
                let inner = self.tokens(inner, home);
                quote!(Vec<#inner>)
            }
            Type::Map(inner) => {
                let inner = self.tokens(inner, home);
                quote!(json::Map<#inner>)
            }
        }
    }

    fn model(&self, id: SchemaId, home: Home) -> TokenStream {
        let name = ident(self.names.schema(id).ty.as_str());
        match home {
            Home::Model(here) if self.api[id].owner == here => quote!(#name),
            Home::Model(_) => quote!(super::#name),
            Home::Resource(_) | Home::Outside => quote!(models::#name),
        }
    }

    /// Returns `true` if `ty` is an object schema, which has fields.
    #[must_use]
    pub fn is_model(&self, ty: &Type) -> bool {
        match self.api.resolve(ty) {
            Type::Object(id) => matches!(self.api[*id].shape, Shape::Object(_)),
            _ => false,
        }
    }
}

/// An identifier token; `text` comes from a [`super::RustIdent`], so it is valid.
fn ident(text: &str) -> Ident {
    match text.strip_prefix("r#") {
        Some(bare) => Ident::new_raw(bare, Span::call_site()),
        None => Ident::new(text, Span::call_site()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_escape_everything_that_could_end_them() {
        let StrLit(text) = literal("a\"b\\c\n{{x}}\u{202e}");
        assert!(text.starts_with('"') && text.ends_with('"'));
        let parsed: proc_macro2::Literal = text.parse().unwrap();
        assert_eq!(parsed.to_string(), text);
        assert!(!text.contains('\n'));
    }
}
