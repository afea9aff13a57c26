//! How a call is written down.
//!
//! The reference documentation of an API shows its calls, and so do the help texts, `--curl` and
//! `--code rust` of its command line. The first is printed by the generator from its model of the
//! document, the others by the command line from the tables in the generated crate. What both of
//! them write is decided here.
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
//! Both sides show their types through one trait, [`Type`]: five methods that a description asks,
//! and one with which the command line keeps secrets out of Rust source.
//!
//! The crate is pure: it reads no file, no environment and no clock, and it knows neither the
//! generator nor the runtime.

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
