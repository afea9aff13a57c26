//! Handlebars, strict and without HTML escaping. Templates print; they decide nothing.

use crate::error::{Diagnostic, Kind, Stage};
use handlebars::{Handlebars, no_escape};
use serde::Serialize;

/// All templates, parsed.
pub struct Templates {
    registry: Handlebars<'static>,
}

impl Templates {
    /// Parses templates, given as path below `templates/` and text. A name is the path without
    /// `.hbs`; a file whose name begins with `_` is a partial.
    ///
    /// # Errors
    /// The first template that is not well formed, with its line.
    pub fn new<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Diagnostic> {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        registry.register_escape_fn(no_escape);
        for (path, text) in files {
            let name = path.strip_suffix(".hbs").unwrap_or(path);
            registry.register_template_string(name, text).map_err(|e| {
                Diagnostic::error(Stage::Render, Kind::Malformed, path, e.to_string())
                    .help("correct the template")
            })?;
        }
        Ok(Self { registry })
    }

    /// Renders one template.
    ///
    /// # Errors
    /// A name that the view does not have, or a template that is not there.
    pub fn render(&self, name: &str, view: &impl Serialize) -> Result<String, Diagnostic> {
        self.registry.render(name, view).map_err(|e| {
            Diagnostic::error(Stage::Render, Kind::Malformed, name, e.to_string())
                .help("template and view must agree: see the view structs in generator/src/emit")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn nothing_is_escaped_and_nothing_may_be_missing() {
        let templates = Templates::new([("a.hbs", "{{x}}"), ("b.hbs", "{{y}}")]).unwrap();
        let view = BTreeMap::from([("x", "<&\"")]);
        assert_eq!(templates.render("a", &view).unwrap(), "<&\"");
        assert!(templates.render("b", &view).is_err());
        assert!(templates.render("c", &view).is_err());
    }

    #[test]
    fn a_broken_template_is_named() {
        let error = Templates::new([("a.hbs", "{{#if}")]).err().unwrap();
        assert_eq!(error.at, "a.hbs");
    }
}
