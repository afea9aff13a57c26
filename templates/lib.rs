//! Templates of the crates that `discovery-generator` writes, as part of the program that uses them.

/// Every template: path below this folder, and text.
pub const FILES: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/files.rs"));
