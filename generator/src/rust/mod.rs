//! Stage 5: everything specific to Rust.
//!
//! Only `ident` and `assign` create a [`RustIdent`], only `tokens` creates a [`Fragment`] or
//! [`StrLit`], and only `docs` creates cleaned text. Their fields are private, so raw text of a
//! document cannot reach a template.

mod assign;
pub mod docs;
mod ident;
mod imports;
mod names;
mod scope;
mod tokens;
mod toml;

pub(crate) use assign::file_name;
pub use ident::{RustIdent, camel, screaming, snake};
pub use imports::Imports;
pub use names::{
    BetweenNames, EnumNames, FieldNames, MethodNames, Names, Package, ParamNames, ResourceNames,
    SchemaNames,
};
pub use tokens::{Fragment, Home, StrLit, Types, literal, text_lines};
pub use toml::toml_string;
