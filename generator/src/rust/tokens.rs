//! Fragments of Rust that nest or need escaping. The only user of `quote`.

use super::imports::Imports;
use super::names::Names;
use crate::ir::{Api, EnumOwner, ResourceId, SchemaId, Shape, Type};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use serde::{Serialize, Serializer};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// A piece of Rust: a type, an expression, an attribute. It knows what its file must import.
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

    /// What a file must import for this piece to compile in it.
    #[must_use]
    pub fn imports(&self) -> Imports {
        self.imports
    }

    /// The piece between two texts.
    #[must_use]
    pub fn within(&self, before: &str, after: &str) -> Self {
        Self { text: format!("{before}{}{after}", self.text), imports: self.imports }
    }

    /// The same piece, which also needs `imports`.
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
    /// The literal as it stands in source.
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

/// Lines that are already clean, joined for a template that prints them as they are.
#[must_use]
pub fn text_lines(lines: &[&str]) -> Fragment {
    Fragment { text: lines.join("\n"), imports: Imports::default() }
}

/// From where a type is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Home {
    /// The file of a top-level schema.
    Model(SchemaId),
    /// The file of a resource; `models` is in scope there.
    Resource(ResourceId),
    /// Another crate, or a test; `models` and `resources` are in scope there.
    Outside,
}

/// Rust spellings of IR types, remembered.
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

    /// `ty` as it is written in `home`.
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

    /// What the spelling of `ty` in `home` relies on; it mirrors [`Self::tokens`].
    fn imports(&self, ty: &Type, home: Home) -> Imports {
        let outside_models = !matches!(home, Home::Model(_));
        match ty {
            Type::Bytes
            | Type::Timestamp
            | Type::DateTime
            | Type::Date
            | Type::Duration
            | Type::FieldMask
            | Type::Any => Imports::JSON,
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
            Type::Bool => quote!(bool),
            Type::Int32 => quote!(i32),
            Type::UInt32 => quote!(u32),
            Type::Int64 => quote!(i64),
            Type::UInt64 => quote!(u64),
            Type::Float => quote!(f32),
            Type::Double => quote!(f64),
            Type::String => quote!(String),
            Type::Bytes => quote!(json::Bytes),
            Type::Timestamp => quote!(json::Timestamp),
            Type::DateTime => quote!(json::DateTime),
            Type::Date => quote!(json::Date),
            Type::Duration => quote!(json::Duration),
            Type::FieldMask => quote!(json::FieldMask),
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
                            // Its module is private; `resources` offers what is in it.
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

    /// Whether `ty` is a schema that is an object: then it has fields of its own.
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
