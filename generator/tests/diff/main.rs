//! The semantic difference: single edits of a small document, each with all that must be said of
//! it, and many random ones.

mod api;
mod edits;
mod methods;
mod params;
mod random;
mod renames;
mod rendering;
mod schemas;
mod support;
mod values;
