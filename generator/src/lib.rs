//! Turns a Google API discovery document into Rust: text in, file tree out.
#![deny(missing_docs)]

pub mod discovery;
pub mod error;
pub mod ir;
pub mod lower;
pub mod overlay;
