//! Stage 2: patches to a document, each with its reason.
//!
//! An overlay corrects errors in Google's document and adds facts that the format cannot express. A
//! patch that changes nothing is an error: the document has been fixed upstream, so remove the
//! patch.

use crate::error::{Diagnostic, Kind, Report, Stage, pointer};
use crate::shown::is_name;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Overlay {
    #[serde(default)]
    patches: Vec<Patch>,
    #[serde(default)]
    idempotent: Vec<MethodHint>,
    #[serde(default)]
    not_idempotent: Vec<MethodHint>,
    #[serde(default)]
    items: Vec<ItemsHint>,
    #[serde(default)]
    results: Vec<ResultHint>,
    #[serde(default)]
    streams: Vec<StreamHint>,
    #[serde(default)]
    prominent: Vec<ResourceHint>,
    #[serde(default)]
    renames: Vec<Rename>,
    #[serde(default)]
    shared_enums: Vec<SharedEnum>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patch {
    path: String,
    /// The new value; absent removes the member.
    value: Option<Value>,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MethodHint {
    method: String,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemsHint {
    method: String,
    field: String,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResultHint {
    method: String,
    schema: String,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StreamHint {
    method: String,
    streams: bool,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceHint {
    resource: String,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rename {
    path: String,
    name: String,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SharedEnum {
    name: String,
    sites: Vec<String>,
    why: String,
}

/// Facts that the discovery format cannot express.
#[derive(Debug, Default)]
pub struct Hints {
    /// Ids of methods that are idempotent despite their verb.
    pub idempotent: BTreeSet<String>,
    /// Ids of methods that are not idempotent despite their verb.
    pub not_idempotent: BTreeSet<String>,
    /// Item field of a list method, by method id.
    pub items: BTreeMap<String, String>,
    /// Schema of an operation's result, by id of the method that starts it.
    pub results: BTreeMap<String, String>,
    /// Whether a method answers with a stream, by method id.
    pub streams: BTreeMap<String, bool>,
    /// Resources that examples show first, in this order: names from the root, joined with dots.
    pub prominent: Vec<String>,
    /// New name of the value at a JSON pointer.
    pub renames: BTreeMap<String, String>,
    /// Name of the enum that the item at a JSON pointer shares with others.
    pub shared_enums: BTreeMap<String, String>,
}

/// Applies an overlay to a document's JSON and returns its hints.
pub fn apply(text: &str, document: &mut Value, report: &mut Report) -> Hints {
    let overlay: Overlay = match serde_json::from_str(text) {
        Ok(overlay) => overlay,
        Err(e) => {
            report.push(error("", format!("the overlay cannot be read: {e}")));
            return Hints::default();
        }
    };
    for (i, p) in overlay.patches.iter().enumerate() {
        let at = pointer("/patches", &i.to_string());
        require_why(&p.why, &at, report);
        if let Err(message) = patch(document, p) {
            report.push(error(&at, message).help("remove the patch, or correct its path"));
        }
    }
    hints(overlay, document, report)
}

fn hints(overlay: Overlay, document: &Value, report: &mut Report) -> Hints {
    let mut out = Hints::default();
    for (i, h) in overlay.idempotent.into_iter().enumerate() {
        require_why(&h.why, &format!("/idempotent/{i}"), report);
        out.idempotent.insert(h.method);
    }
    for (i, h) in overlay.not_idempotent.into_iter().enumerate() {
        require_why(&h.why, &format!("/notIdempotent/{i}"), report);
        out.not_idempotent.insert(h.method);
    }
    for (i, h) in overlay.items.into_iter().enumerate() {
        let at = format!("/items/{i}");
        require_why(&h.why, &at, report);
        once(out.items.insert(h.method, h.field), &at, report);
    }
    for (i, h) in overlay.results.into_iter().enumerate() {
        let at = format!("/results/{i}");
        require_why(&h.why, &at, report);
        once(out.results.insert(h.method, h.schema), &at, report);
    }
    for (i, h) in overlay.streams.into_iter().enumerate() {
        let at = format!("/streams/{i}");
        require_why(&h.why, &at, report);
        once(out.streams.insert(h.method, h.streams), &at, report);
    }
    for (i, h) in overlay.prominent.into_iter().enumerate() {
        require_why(&h.why, &format!("/prominent/{i}"), report);
        out.prominent.push(h.resource);
    }
    for (i, h) in overlay.renames.into_iter().enumerate() {
        let at = format!("/renames/{i}");
        require_why(&h.why, &at, report);
        if document.pointer(&h.path).is_none() {
            report.push(error(&at, format!("no value at {}", h.path)));
        }
        check_name(&h.name, &at, report);
        once(out.renames.insert(h.path, h.name), &at, report);
    }
    for (i, h) in overlay.shared_enums.into_iter().enumerate() {
        let at = format!("/sharedEnums/{i}");
        require_why(&h.why, &at, report);
        check_name(&h.name, &at, report);
        share(h, &at, document, &mut out, report);
    }
    out
}

fn share(h: SharedEnum, at: &str, document: &Value, out: &mut Hints, report: &mut Report) {
    let values = |site: &str| document.pointer(site).and_then(|s| s.get("enum")).cloned();
    let first = h.sites.first().and_then(|s| values(s));
    for site in h.sites {
        match values(&site) {
            Some(v) if Some(&v) == first.as_ref() => {}
            Some(_) => {
                report.push(error(at, format!("the values at {site} differ from the first")))
            }
            None => report.push(error(at, format!("no enum at {site}"))),
        }
        once(out.shared_enums.insert(site, h.name.clone()), at, report);
    }
}

fn patch(document: &mut Value, p: &Patch) -> Result<(), String> {
    let (parent, token) = p.path.rsplit_once('/').ok_or("a path begins with `/`")?;
    let token = token.replace("~1", "/").replace("~0", "~");
    let parent = document
        .pointer_mut(parent)
        .and_then(Value::as_object_mut)
        .ok_or_else(|| format!("no object at {parent}"))?;
    let before = match &p.value {
        Some(value) => parent.insert(token, value.clone()),
        None => parent.shift_remove(&token),
    };
    if before == p.value {
        return Err(format!("the patch of {} changes nothing", p.path));
    }
    Ok(())
}

fn require_why(why: &str, at: &str, report: &mut Report) {
    if why.trim().is_empty() {
        report.push(error(at, "a patch needs a reason"));
    }
}

fn check_name(name: &str, at: &str, report: &mut Report) {
    if !is_name(name, "_") {
        let message = format!("`{}` cannot be used as a name", name.escape_default());
        report.push(error(at, message).help("use letters, digits, and `_`"));
    }
}

/// Reports a second hint for the same place; `before` is the first.
fn once<T>(before: Option<T>, at: &str, report: &mut Report) {
    if before.is_some() {
        let message = "an earlier entry is about the same place";
        report.push(error(at, message).help("remove one of them"));
    }
}

fn error(at: &str, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Stage::Overlay, Kind::Malformed, format!("(overlay){at}"), message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn run(overlay: &Value, document: &mut Value) -> (Hints, Report) {
        let mut report = Report::new("x.json");
        let hints = apply(&overlay.to_string(), document, &mut report);
        (hints, report)
    }

    #[test]
    fn a_patch_bites_or_fails() {
        let overlay = json!({"patches": [{"path": "/a/b", "value": 2, "why": "w"}]});
        let mut document = json!({"a": {"b": 1}});
        assert!(!run(&overlay, &mut document).1.has_errors());
        assert_eq!(document, json!({"a": {"b": 2}}));
        assert!(run(&overlay, &mut document).1.has_errors(), "the second time it changes nothing");
    }

    #[test]
    fn ineffective_patches_and_missing_reasons_are_errors() {
        let mut document = json!({"a": {}});
        let gone = json!({"patches": [{"path": "/a/b", "why": "w"}]});
        assert!(run(&gone, &mut document).1.has_errors());
        let mute = json!({"patches": [{"path": "/a/b", "value": 1, "why": " "}]});
        assert!(run(&mute, &mut document).1.has_errors());
    }

    #[test]
    fn names_are_names_and_places_are_named_once() {
        let mut document = json!({"x": {"enum": ["A"]}});
        for name in ["", "a b", "../a", "a\u{202e}", "$(touch x)"] {
            let rename = json!({"renames": [{"path": "/x", "name": name, "why": "w"}]});
            assert!(run(&rename, &mut document).1.has_errors(), "{name}");
            let share = json!({"sharedEnums": [{"name": name, "sites": ["/x"], "why": "w"}]});
            assert!(run(&share, &mut document).1.has_errors(), "{name}");
        }
        let one = json!({"path": "/x", "name": "B", "why": "w"});
        assert!(!run(&json!({"renames": [one]}), &mut document).1.has_errors());
        assert!(run(&json!({"renames": [one, one]}), &mut document).1.has_errors());
        let items = json!({"method": "m", "field": "f", "why": "w"});
        assert!(run(&json!({"items": [items, items]}), &mut document).1.has_errors());
    }

    #[test]
    fn shared_enumerations_must_be_equal() {
        let mut document = json!({"x": {"enum": ["A"]}, "y": {"enum": ["A", "B"]}});
        let overlay = json!({"sharedEnums": [{"name": "N", "sites": ["/x", "/y"], "why": "w"}]});
        assert!(run(&overlay, &mut document).1.has_errors());
    }
}
