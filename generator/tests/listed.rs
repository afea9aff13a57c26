//! The lists whose items have the values of parameters.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use discovery_generator::{Input, analyze};
use serde_json::{Value, json};

fn text(pattern: &str) -> Value {
    json!({"type": "string", "location": "path", "required": true, "pattern": pattern})
}

fn id() -> Value {
    json!({"type": "string", "location": "path", "required": true})
}

fn method(verb: &str, path: &str, parameters: Value, response: &str) -> Value {
    let id = path.replace(|c: char| !c.is_alphanumeric(), "-");
    json!({
        "id": format!("tiny.{verb}.{id}"), "path": path, "httpMethod": verb,
        "parameters": parameters, "response": {"$ref": response},
    })
}

/// Returns the list and the member for each parameter of the method `use`.
fn listed(list: Value, uses: Value) -> Vec<(String, Option<(String, String)>)> {
    let items = |of: &str| {
        json!({"id": of, "type": "object", "properties": {
            "items": {"type": "array", "items": {"$ref": of.trim_end_matches("List")}},
            "nextPageToken": {"type": "string"},
        }})
    };
    let thing = json!({"id": "Thing", "type": "object", "properties": {
        "name": {"type": "string"}, "id": {"type": "string"}, "diskId": {"type": "string"},
    }});
    let bare = json!({"id": "Bare", "type": "object", "properties": {"title": {"type": "string"}}});
    let document = json!({
        "name": "tiny", "version": "v1", "rootUrl": "https://tiny.example.com/",
        "schemas": {
            "Thing": thing, "ThingList": items("ThingList"),
            "Bare": bare, "BareList": items("BareList"),
        },
        "resources": {"things": {"methods": {"list": list, "use": uses}}},
    });
    let text = document.to_string();
    let input = Input { file: "tiny.json", document: &text, overlay: None, methods: None };
    let model = analyze(&input).unwrap_or_else(|report| panic!("{report}"));
    let uses = model.api.methods.iter().find(|method| method.name.as_str() == "use").unwrap();
    let found = |param: &discovery_generator::ir::Param| {
        let listed = param.listed.as_ref();
        let parts = listed.map(|l| (l.list.as_str().to_owned(), l.member.as_str().to_owned()));
        (param.name.as_str().to_owned(), parts)
    };
    uses.params.iter().map(found).collect()
}

/// Returns the member for the last parameter of `use`; the list has to be the document's.
fn member(list: &Value, uses: Value) -> Option<String> {
    let (_, found) = listed(list.clone(), uses).pop().unwrap();
    let (by, member) = found?;
    assert_eq!(list["id"], *by);
    Some(member)
}

#[test]
fn ids_are_listed_by_the_path_before_them() {
    let zone = json!({"project": id(), "zone": id()});
    let list = method("GET", "p/{project}/z/{zone}/things", zone, "ThingList");
    for (path, name, want) in [
        ("p/{project}/z/{zone}/things/{thing}", "thing", Some("name")),
        ("p/{project}/z/{zone}/things/{thing}/stop", "thing", Some("name")),
        ("p/{project}/z/{zone}/things/{thing}:stop", "thing", Some("name")),
        ("p/{project}/z/{zone}/things/{thingId}", "thingId", Some("id")),
        ("p/{project}/z/{zone}/things/{diskId}", "diskId", Some("diskId")),
        // Another collection, or place.
        ("p/{project}/z/{zone}/others/{thing}", "thing", None),
        ("p/{project}/r/{zone}/things/{thing}", "thing", None),
    ] {
        let params = json!({"project": id(), "zone": id(), name: id()});
        let mut uses = method("POST", path, params, "Thing");
        uses["parameterOrder"] = json!(["project", "zone", name]);
        assert_eq!(member(&list, uses).as_deref(), want, "{path}");
    }
    let bare = method("GET", "things", json!({}), "BareList");
    let uses = method("GET", "things/{thing}", json!({"thing": id()}), "Bare");
    assert_eq!(member(&bare, uses), None, "no member could be the value");
}

#[test]
fn full_names_are_listed_by_their_patterns() {
    let parent = json!({"parent": text("^projects/[^/]+$")});
    let list = method("GET", "v1/{+parent}/things", parent, "ThingList");
    for (pattern, want) in [
        ("^projects/[^/]+/things/[^/]+$", Some("name")),
        ("^projects/[^/]+/others/[^/]+$", None),
        ("^folders/[^/]+/things/[^/]+$", None),
        ("^projects/[^/]+$", None),
        ("^projects/[^/]+/things/.*$", None),
    ] {
        for path in ["v1/{+name}", "v1/{+name}:stop"] {
            let uses = method("POST", path, json!({"name": text(pattern)}), "Thing");
            assert_eq!(member(&list, uses).as_deref(), want, "{pattern}");
        }
    }
    let uses = method(
        "GET",
        "v2/{+name}",
        json!({"name": text("^projects/[^/]+/things/[^/]+$")}),
        "Thing",
    );
    assert_eq!(member(&list, uses), None, "another version of the API");
}

#[test]
fn only_reading_lists_count() {
    let uses = || method("GET", "things/{thing}", json!({"thing": id()}), "Thing");
    let list = |verb: &str, response: &str| method(verb, "things", json!({}), response);
    assert!(member(&list("GET", "ThingList"), uses()).is_some());
    assert_eq!(member(&list("POST", "ThingList"), uses()), None);
    assert_eq!(member(&list("GET", "Thing"), uses()), None);
    let filter = json!({"filter": {"type": "string", "location": "query",
        "description": "Required. What to list."}});
    assert_eq!(member(&method("GET", "things", filter, "ThingList"), uses()), None);
    // A query parameter is no place of a name.
    let query = json!({"thing": {"type": "string", "location": "query", "required": true}});
    let uses = method("GET", "things/x", query, "Thing");
    assert_eq!(member(&list("GET", "ThingList"), uses), None);
}
