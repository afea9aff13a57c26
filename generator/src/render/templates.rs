//! Handlebars in strict mode without HTML escaping. Templates contain no decisions.

use super::partials::Whole;
use super::with::With;
use crate::error::{Diagnostic, Kind, Stage};
use handlebars::{Handlebars, RenderError, Template, no_escape};
use serde::Serialize;
use std::collections::BTreeMap;

/// All templates, parsed.
pub struct Templates {
    registry: Handlebars<'static>,
    sources: BTreeMap<String, Whole>,
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
        let name = |path: &'a str| path.strip_suffix(".hbs").unwrap_or(path);
        let texts: BTreeMap<_, _> =
            files.into_iter().map(|(path, text)| (name(path), text)).collect();
        let mut sources = BTreeMap::new();
        for name in texts.keys() {
            let mut whole = Whole::of(name, &texts)?;
            let text = std::mem::take(&mut whole.text);
            registry.register_template_string(name, text).map_err(|_| malformed(&texts))?;
            sources.insert((*name).to_owned(), whole);
        }
        Ok(Self { registry, sources })
    }

    /// Renders one template.
    ///
    /// # Errors
    /// Returns an error if the view lacks a name or the template does not exist.
    pub fn render(&self, name: &str, view: &impl Serialize) -> Result<String, Diagnostic> {
        self.registry.render(name, view).map_err(|e| {
            let message = self.located(name, e).to_string();
            Diagnostic::error(Stage::Render, Kind::Malformed, name, message)
                .help("template and view must agree: see the view structs in generator/src/emit")
        })
    }

    /// Changes the place of an error to that in the template or partial where it is.
    fn located(&self, name: &str, mut error: RenderError) -> RenderError {
        let whole = self.sources.get(name);
        if let Some((name, line)) = whole.and_then(|whole| whole.source(error.line_no?)) {
            error.template_name = Some(name.to_owned());
            error.line_no = Some(line);
        }
        error
    }
}

/// Returns the error of the first malformed template, without its partials: one of them may be the
/// malformed one.
fn malformed(texts: &BTreeMap<&str, &str>) -> Diagnostic {
    let mut errors = texts.iter().filter_map(|(name, text)| {
        let error = Template::compile_with_name(text, (*name).to_owned()).err()?;
        Some((format!("{name}.hbs"), error.to_string()))
    });
    let (at, message) = errors
        .next()
        .unwrap_or_else(|| ("templates".to_owned(), "a block ends in another template".to_owned()));
    Diagnostic::error(Stage::Render, Kind::Malformed, at, message).help("correct the template")
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
        let files = [("a.hbs", "{{> b}}\n"), ("b.hbs", "{{#if x}}"), ("c.hbs", "{{> b}}\n")];
        assert_eq!(Templates::new(files).err().unwrap().at, "b.hbs");
    }

    #[test]
    fn partials_see_the_view() {
        let files = [
            ("a.hbs", "[\n{{#each list}}\n  {{> _b}}\n{{/each}}\n]{{x}}\n"),
            ("_b.hbs", "{{#if y}}\n{{> _c}}\n{{else}}\nnone\n{{/if}}\n"),
            ("_c.hbs", "{{y}}"),
        ];
        let templates = Templates::new(files).unwrap();
        let view = serde_json::json!({"list": [{"y": 1}, {"y": 0}, {"y": "z"}], "x": 2});
        assert_eq!(templates.render("a", &view).unwrap(), "[\n1\nnone\nz\n]2\n");
    }

    #[test]
    fn an_error_in_a_partial_has_its_place_there() {
        let files = [("a.hbs", "1\n{{> _b}}\n{{z}}\n"), ("_b.hbs", "2\n3\n{{x}}\n")];
        let templates = Templates::new(files).unwrap();
        for (view, place) in [
            (serde_json::json!({"z": 1}), "\"_b\" line 3, col 1"),
            (serde_json::json!({"x": 1}), "\"a\" line 3, col 1"),
        ] {
            let message = templates.render("a", &view).unwrap_err().message;
            assert!(message.contains(place), "{message}");
        }
    }

    #[test]
    fn partials_that_cannot_be_inserted_are_refused() {
        for (text, said) in [
            ("x\n{{> a}}\n", "line 2: `a` contains itself"),
            ("{{> _b}}\n", "line 1: `_b` contains itself"),
            ("{{> _c}}\n", "line 1: there is no template `_c`"),
            ("x {{> _d}}\n", "line 1: a partial has a line of its own"),
        ] {
            let files = [("a.hbs", text), ("_b.hbs", "{{> a}}\n"), ("_d.hbs", "")];
            assert_eq!(Templates::new(files).err().unwrap().message, said);
        }
    }
}
