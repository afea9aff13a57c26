//! Handlebars in strict mode without HTML escaping. Templates contain no decisions.

use super::with::With;
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
    /// Returns the first malformed template with its line.
    pub fn new<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Diagnostic> {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        registry.register_escape_fn(no_escape);
        registry.register_helper("with", Box::new(With));
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
    /// Returns an error if the view lacks a name or the template does not exist.
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
    fn absent_values_print_nothing() {
        let text = "{{#with x}}<{{y}}>{{/with}}{{#with z}}<{{this}}>{{/with}}";
        let templates = Templates::new([("a.hbs", text)]).unwrap();
        for (view, want) in [
            (serde_json::json!({"x": {"y": 1}, "z": "a"}), Some("<1><a>")),
            (serde_json::json!({"x": null, "z": ""}), Some("<>")),
            (serde_json::json!({"x": null}), None),
            (serde_json::json!({"x": {}, "z": null}), None),
        ] {
            assert_eq!(templates.render("a", &view).ok().as_deref(), want, "{view}");
        }
    }

    #[test]
    fn a_broken_template_is_named() {
        let error = Templates::new([("a.hbs", "{{#if}")]).err().unwrap();
        assert_eq!(error.at, "a.hbs");
    }
}
