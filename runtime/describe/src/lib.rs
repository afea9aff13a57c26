//! Formats calls and values for documentation, help, and generated examples.
//!
//! The generator prints an API's calls in the reference documentation, from its model of the
//! document; the command line prints them in help texts, `--curl`, and `--code rust`, from the
//! tables of the generated crate. This crate formats what both of them print.
//!
//! | module | what it writes |
//! |---|---|
//! | [`names`] | names of the API as a command line spells them |
//! | [`shell`] | words of a POSIX shell |
//! | [`curl`] | a request as a `curl` command |
//! | [`sample`] | made-up values |
//! | [`tokens`] | values as arguments of `-r` |
//! | [`rust`] | calls and values as Rust source on a generated crate |
//!
//! Both sides present their types through the trait [`Type`]: four methods that describe a type,
//! and one with which the command line keeps secrets out of Rust source. What there is to know about
//! a scalar format is a row of [`discovery_json::Scalar`].
//!
//! The crate is pure: it reads no files, environment, or clock, and depends on neither the
//! generator nor the client.

pub mod curl;
pub mod names;
pub mod rust;
pub mod sample;
pub mod shell;
#[cfg(test)]
mod testing;
pub mod tokens;
mod types;

pub use types::{EnumValue, Kind, Member, Type};
