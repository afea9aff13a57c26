//! Pass: validates requirements on every document.

use super::Lowering;
use crate::error::{Diagnostic, Kind, Stage, pointer};
use crate::ir::{Location, MethodId, Shape};
use crate::shown::{is_name, is_unprintable};
use std::collections::{BTreeMap, BTreeSet};

/// Where the document declares its scopes.
const SCOPES: &str = "/auth/oauth2/scopes";

impl Lowering<'_> {
    pub(super) fn validate_header(&mut self) {
        for (key, value) in [("/name", self.document.name), ("/version", self.document.version)] {
            let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
            if !value.chars().all(fits) || !value.chars().any(|c| c.is_ascii_alphanumeric()) {
                let message = format!("`{}` cannot name a package", value.escape_default());
                self.error(
                    Kind::Malformed,
                    key,
                    message,
                    "letters, digits, `_`, `-` and `.` are allowed",
                );
            }
        }
        for (key, url) in [
            ("/rootUrl", Some(self.api.root_url.clone())),
            ("/mtlsRootUrl", self.api.mtls_root_url.clone()),
        ] {
            if let Some(url) = url.filter(|u| !is_url(u)) {
                let message = format!("`{}` is not an http(s) URL", url.escape_default());
                self.error(Kind::Malformed, key, message, "patch it in the overlay");
            }
        }
        let link = self.document.documentation_link;
        if !link.is_empty() && !is_url(link) {
            let message = format!("`{}` is not an http(s) URL", link.escape_default());
            let help = "it is left out; correct it in the document or its overlay";
            self.warn(Kind::Degraded, "/documentationLink", message, help);
            self.api.documentation_link.clear();
        }
        let path = self.document.service_path;
        if !path.chars().all(is_url_char) {
            let message = format!("`{}` is not part of a URL", path.escape_default());
            self.error(Kind::Malformed, "/servicePath", message, "patch it in the overlay");
        }
    }

    /// Checks that paths match parameters and that ids are unique.
    pub(super) fn validate_methods(&mut self) {
        let mut seen = BTreeMap::new();
        for id in MethodId::all(&self.api).collect::<Vec<_>>() {
            let method = &self.api[id];
            let at = method.at.clone();
            let mut findings = Vec::new();
            if let Some(other) = seen.insert(method.id.clone(), at.clone()) {
                findings.push(format!("id `{}` is also that of {other}", method.id));
            }
            let in_path: BTreeSet<_> = (method.params.iter())
                .filter(|p| p.location == Location::Path)
                .map(|p| p.name.as_str())
                .collect();
            let mut used = BTreeSet::new();
            for variable in method.path.variables().map(|v| v.as_str()) {
                if !used.insert(variable) {
                    findings.push(format!("the path uses `{variable}` twice"));
                } else if !in_path.contains(variable) {
                    findings
                        .push(format!("the path uses `{variable}`, which is not a path parameter"));
                }
            }
            for name in in_path.difference(&used) {
                findings.push(format!("path parameter `{name}` is not in the path"));
            }
            for param in method.params.iter().filter(|p| p.location == Location::Path && p.repeated)
            {
                findings.push(format!("path parameter `{}` is repeated", param.name));
            }
            for message in findings {
                self.error(
                    Kind::Malformed,
                    &at,
                    message,
                    "correct the method, or patch it in the overlay",
                );
            }
        }
    }

    /// Checks that the methods that require a field exist. Unknown ids are dropped; they have no
    /// effect.
    pub(super) fn check_required(&mut self) {
        let known: BTreeSet<String> = self.api.methods.iter().map(|m| m.id.0.clone()).collect();
        let mut dangling = Vec::new();
        for schema in &mut self.api.schemas {
            let Shape::Object(object) = &mut schema.shape else { continue };
            for field in &mut object.fields {
                let at = field.at.clone();
                field.required_by.retain(|id| {
                    let is_known = known.contains(id);
                    if !is_known {
                        dangling.push((at.clone(), id.clone()));
                    }
                    is_known
                });
            }
        }
        for (at, id) in dangling {
            let message = format!("required by `{id}`, which is not a method of this document");
            self.warn(Kind::Dangling, &at, message, "the field is not required for it");
        }
    }

    /// Checks that every hint of the overlay was used.
    pub(super) fn check_hints(&mut self) {
        let hints = self.hints;
        let all = (hints.idempotent.iter())
            .chain(&hints.not_idempotent)
            .chain(hints.items.keys())
            .chain(hints.results.keys())
            .chain(hints.streams.keys())
            .chain(&hints.prominent)
            .chain(hints.renames.keys())
            .chain(hints.shared_enums.keys());
        for hint in all.filter(|h| !self.used_hints.contains(*h)).collect::<Vec<_>>() {
            self.report.push(
                Diagnostic::error(
                    Stage::Overlay,
                    Kind::Dangling,
                    "(overlay)",
                    format!("`{hint}` changes nothing"),
                )
                .help("remove it, or correct the id or pointer"),
            );
        }
    }

    /// Checks the scopes of the document and of methods. RFC 6749, 3.3 allows more characters, but
    /// all scopes of Google are URLs or words.
    pub(super) fn validate_scopes(&mut self) {
        let declared = self.document.scopes.iter().map(|(scope, _)| (*scope, SCOPES.to_owned()));
        let used = (self.api.methods.iter())
            .flat_map(|method| method.scopes.iter().map(|scope| (scope.as_str(), &method.at)))
            .map(|(scope, at)| (scope, pointer(at, "scopes")));
        let bad = |scope: &str| !scope.chars().all(is_url_char);
        let bad: Vec<(String, String)> = declared
            .chain(used)
            .filter(|(scope, _)| bad(scope))
            .map(|(scope, at)| (scope.escape_default().to_string(), at))
            .collect();
        for (scope, at) in bad {
            let help = "correct it in the document, or patch it in the overlay";
            self.error(
                Kind::Malformed,
                &at,
                format!("scope `{scope}` has characters that no URL has"),
                help,
            );
        }
    }

    /// Returns text that is shown but not needed, unless it has characters that do not show.
    pub(super) fn shown<'t>(&mut self, text: &'t str, what: &str, at: &str) -> Option<&'t str> {
        if !text.contains(is_unprintable) {
            return Some(text);
        }
        let message = format!("{what} has control or invisible characters");
        let help = "it is left out; correct it in the document or its overlay";
        self.warn(Kind::Degraded, at, message, help);
        None
    }

    /// Checks a name that becomes part of a path or an identifier.
    pub(super) fn check_name(&mut self, name: &str, at: &str) {
        self.check_characters(name, "_-.$@", at);
    }

    /// Checks a name that becomes a flag: shells read the scripts of completion, which quote none.
    pub(super) fn check_parameter(&mut self, name: &str, at: &str) {
        self.check_characters(name, "_-.$@#", at);
    }

    fn check_characters(&mut self, name: &str, more: &str, at: &str) {
        if !is_name(name, more) {
            let message = format!("`{}` cannot be used as a name", name.escape_default());
            self.error(
                Kind::Malformed,
                at,
                message,
                "rename it in the document, or patch it in the overlay",
            );
        }
    }

    /// Checks a member name, which models write in quotes and in code spans without escaping.
    pub(super) fn check_member(&mut self, name: &str, at: &str) {
        self.check_text(name, at);
        if name.contains(['"', '\\', '`']) {
            let message =
                format!("`{}` has a quote, backslash, or backtick", name.escape_default());
            self.error(
                Kind::Malformed,
                at,
                message,
                "no API has such a member; remove it from the document",
            );
        }
    }

    /// Checks text that becomes a string in the output, and that help, docs, and completions show.
    pub(super) fn check_text(&mut self, text: &str, at: &str) {
        if text.contains(is_unprintable) {
            let message =
                format!("`{}` has control or invisible characters", text.escape_default());
            self.error(
                Kind::Malformed,
                at,
                message,
                "correct it in the document, or patch it in the overlay",
            );
        }
    }
}

fn is_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|r| r.len() > 1 && r.chars().all(is_url_char))
}

/// Returns `true` for characters that a URL may have as they are, except braces of templates.
fn is_url_char(c: char) -> bool {
    c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '<' | '>' | '{' | '}' | '`')
}
