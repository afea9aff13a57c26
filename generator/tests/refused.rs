//! Rejected documents, with the position of the error, and unusual ones that are accepted.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use discovery_generator::{Input, analyze};
use serde_json::{Value, json};

fn document() -> Value {
    json!({
        "name": "tiny", "version": "v1", "rootUrl": "https://tiny.example.com/",
        "schemas": {"R": {"id": "R", "type": "object", "properties": {"a": {"type": "string"}}}},
        "resources": {"things": {"methods": {"get": {
            "id": "tiny.things.get", "path": "v1/{+name}", "httpMethod": "GET",
            "parameters": {"name": {"type": "string", "location": "path", "required": true}},
            "response": {"$ref": "R"}
        }}}}
    })
}

/// Returns the findings of a document with `value` at `place`.
fn with(place: &str, value: Value) -> Result<String, String> {
    let mut document = document();
    let (parent, name) = place.rsplit_once('/').unwrap();
    let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("{place}"));
    parent.as_object_mut().unwrap().insert(name.replace("~1", "/"), value);
    let text = document.to_string();
    match analyze(&Input { file: "tiny.json", document: &text, overlay: None, methods: None }) {
        Ok(model) => Ok(model.report.to_string()),
        Err(report) => Err(report.to_string()),
    }
}

const GET: &str = "/resources/things/methods/get";

#[test]
fn errors_report_their_position() {
    let method = json!({"id": "tiny.things.get", "path": "v1/x", "httpMethod": "GET"});
    let query = json!({"type": "string", "location": "query"});
    let cases = [
        ("/name", json!("../x"), "/name"),
        ("/name", json!(""), "/name"),
        ("/rootUrl", json!("ftp://x/"), "/rootUrl"),
        ("/servicePath", json!("a\n```\n<b>"), "/servicePath"),
        ("/servicePath", json!("$`touch x`/"), "/servicePath"),
        ("/schemas/R/properties/a", json!({"$ref": "Nowhere"}), "`Nowhere`"),
        ("/schemas/R/properties/a", json!({"type": "strange"}), "/schemas/R/properties/a"),
        ("/schemas/R/properties/a", json!(["string"]), "/schemas/R/properties/a"),
        ("/schemas/a~1b", json!({"type": "object"}), "/schemas/a~1b"),
        ("/schemas/R/properties/a\"b", json!({"type": "string"}), "/schemas/R/properties/a\"b"),
        ("/schemas/R/properties/a\\b", json!({"type": "string"}), "backslash"),
        ("/schemas/R/properties/a`b", json!({"type": "string"}), "/schemas/R/properties/a`b"),
        ("/schemas/R/properties/a\u{202e}b", json!({"type": "string"}), "invisible characters"),
        (
            "/schemas/R/properties/a",
            json!({"type": "string", "enum": ["x", "y\u{2028}"]}),
            "`y\\u{2028}` has control or invisible characters",
        ),
        ("/auth", json!({"oauth2": {"scopes": {"a b": {}}}}), "/auth/oauth2/scopes: scope `a b`"),
        (
            "/resources/things/methods/get/scopes",
            json!(["{{#include x}}"]),
            "scope `{{#include x}}` has characters",
        ),
        ("/resources/things/methods/get/id", json!("a\u{85}b"), "cannot be used as a name"),
        ("/resources/things/methods/again", method, "also that of"),
        ("/resources/things/methods/get/path", json!("v1/{name"), GET),
        ("/resources/things/methods/get/path", json!("v1/{name*}"), GET),
        ("/resources/things/methods/get/path", json!("v1/{/name,b*}"), GET),
        ("/resources/things/methods/get/path", json!("v1/{name=x/*}"), GET),
        ("/resources/things/methods/get/path", json!("v1/{+name}?x"), GET),
        ("/resources/things/methods/get/path", json!("v1/{+name}/{+name}"), "twice"),
        ("/resources/things/methods/get/path", json!("v1/{+other}"), "`other`"),
        ("/resources/things/methods/get/path", json!("v1/things"), "`name`"),
        ("/resources/things/methods/get/path", Value::Null, "no `path`"),
        ("/resources/things/methods/get/httpMethod", json!("FETCH"), "`FETCH`"),
        ("/resources/things/methods/get/parameters/name", query.clone(), "not a path parameter"),
        (
            "/resources/things/methods/get/parameters/x",
            json!({"type": "string", "location": "header"}),
            "`header`",
        ),
        (
            "/resources/things/methods/get/parameters/$(touch x)",
            query.clone(),
            "cannot be used as a name",
        ),
        ("/resources/things/methods/get/parameters/`x`", query.clone(), "cannot be used as a name"),
    ];
    for (place, value, told) in cases {
        match with(place, value.clone()) {
            Err(report) => {
                assert!(report.contains(told), "{place}: {value}: {report}");
                assert!(report.contains("error"), "{report}");
            }
            Ok(_) => panic!("{place}: {value} is not refused"),
        }
    }
}

#[test]
fn unusual_documents_are_accepted() {
    let silent = [
        ("/resources/things/methods/get/response", Value::Null),
        ("/resources/things/methods/get/path", json!("/v1/{+name}:verb")),
        ("/resources/things/methods/get/path", json!("v1{/name*}/@me/$x")),
        ("/schemas/R/properties/a/default", json!(5)),
        ("/schemas/R/properties/a/default", json!({"a": []})),
        ("/schemas/R/description", Value::Null),
        ("/icons", json!(5)),
        ("/servicePath", json!("/a/b/")),
        ("/rootUrl", json!("http://localhost:8080/sub")),
    ];
    for (place, value) in silent {
        let warnings = with(place, value.clone());
        assert_eq!(warnings.as_deref(), Ok(""), "{place}: {value}");
    }
    let spoken = [
        ("/mystery", json!(1), "unknown key `mystery`"),
        ("/documentationLink", json!("javascript:x"), "`javascript:x` is not an http(s) URL"),
        ("/schemas/R/properties/a/default", json!("\u{202e}"), "the default of `a`"),
        ("/resources/empty", json!({}), "no methods"),
        ("/schemas/R/properties/a", json!({"type": "string", "format": "odd"}), "`odd`"),
        ("/schemas/R/properties/a", json!({"type": "array"}), "without `items`"),
        ("/schemas/R/properties/a", json!({}), "neither a type"),
        ("/schemas/R/id", json!("Other"), "`Other`"),
        ("/resources/things/methods/get/request", json!({"$ref": "R"}), "has a body"),
        ("/resources/things/methods/get/parameterOrder", json!(["x"]), "`x`"),
        (
            "/resources/things/methods/get/mediaUpload",
            json!({"maxSize": "1XB", "protocols": {"simple": {"path": "/upload/v1/{+name}"}}}),
            "`1XB`",
        ),
    ];
    for (place, value, told) in spoken {
        let warnings =
            with(place, value.clone()).unwrap_or_else(|e| panic!("{place}: {value}: {e}"));
        assert!(warnings.contains(told), "{place}: {value}: {warnings:?}");
    }
}

/// Returns the report of a document, changed by `edit`, with an overlay.
fn overlaid(edit: impl FnOnce(&mut Value), overlay: Value) -> Result<String, String> {
    let mut document = document();
    edit(&mut document);
    let (text, overlay) = (document.to_string(), overlay.to_string());
    let overlay = Some(overlay.as_str());
    match analyze(&Input { file: "tiny.json", document: &text, overlay, methods: None }) {
        Ok(model) => Ok(model.report.to_string()),
        Err(report) => Err(report.to_string()),
    }
}

#[test]
fn hints_about_streams_fit_the_method() {
    let hint = |method: &str, streams: bool| json!({"streams": [{"method": method, "streams": streams, "why": "because"}]});
    let get = "tiny.things.get";
    assert_eq!(overlaid(|_| (), hint(get, true)).as_deref(), Ok(""));
    let silent = |document: &mut Value| {
        let method = document.pointer_mut(GET).unwrap().as_object_mut().unwrap();
        method.remove("response");
    };
    let wrapped = |document: &mut Value| document["features"] = json!(["dataWrapper"]);
    for report in [overlaid(silent, hint(get, true)), overlaid(wrapped, hint(get, true))] {
        let report = report.unwrap_err();
        for told in [GET, "a method with this response cannot stream", "`streams` in the overlay"] {
            assert!(report.contains(told), "{told}: {report}");
        }
    }
    // A hint that changes nothing, and one for a method that is not there.
    for stale in [hint(get, false), hint("tiny.things.gone", true)] {
        let report = overlaid(|_| (), stale.clone()).unwrap_err();
        assert!(report.contains("error[overlay]"), "{stale}: {report}");
    }
}
