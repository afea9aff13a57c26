//! Stage 7: text.

mod format;
mod partials;
mod proof;
mod tables;
mod templates;
mod with;

pub use format::finish;
pub use templates::Templates;
