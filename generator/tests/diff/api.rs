//! Changes of the API as a whole.

use crate::edits::{Edit, LIBRARY};
use crate::support::{check, json, model};
use discovery_generator::diff::{Verdict, diff};

const COMPATIBLE: Verdict = Verdict::Compatible;
const SOURCE: Verdict = Verdict::SOURCE;
const WIRE: Verdict = Verdict::WIRE;
const SCOPES: &str = "/auth/oauth2/scopes";

#[test]
fn the_api_as_a_whole() {
    check(&[
        ("another revision", |e| e.set("/revision", "20250202"), &[]),
        (
            "another host",
            |e| e.set("/rootUrl", "https://books.example.com/"),
            &[("api URL changed", "rootUrl", WIRE)],
        ),
        (
            "another base path",
            |e| e.set("/servicePath", "library/"),
            &[("api URL changed", "servicePath", WIRE)],
        ),
        (
            "no batches",
            |e| drop(e.remove("/batchPath")),
            &[("api URL changed", "batchPath", SOURCE)],
        ),
        (
            "bodies are wrapped",
            |e| e.set("/features", serde_json::json!(["dataWrapper"])),
            &[("api wrapper changed", "features", WIRE)],
        ),
        (
            "another version",
            |e| {
                e.set("/version", "v2");
                e.set("/id", "library:v2");
            },
            &[("api renamed", "id", Verdict::BOTH)],
        ),
        (
            "another title",
            |e| e.set("/title", "The Library API"),
            &[("api docs changed", "title", Verdict::Docs)],
        ),
        (
            "another link",
            |e| e.set("/documentationLink", "https://example.com/"),
            &[("api docs changed", "documentationLink", Verdict::Docs)],
        ),
        (
            "a parameter of every method",
            |e| e.set("/parameters/alt", json(r#"{"type": "string", "location": "query"}"#)),
            &[("global parameter added", "alt", Verdict::None)],
        ),
        (
            "a parameter of every method goes",
            |e| drop(e.remove("/parameters/prettyPrint")),
            &[("global parameter removed", "prettyPrint", Verdict::None)],
        ),
    ]);
}

#[test]
fn scopes_and_endpoints() {
    check(&[
        (
            "a new scope",
            |e| {
                e.set(
                    &format!("{SCOPES}/https:~1~1www.example.com~1auth~1fees"),
                    json(r#"{"description": "Fees."}"#),
                )
            },
            &[("scope added", "https://www.example.com/auth/fees", COMPATIBLE)],
        ),
        (
            "a scope goes",
            |e| {
                drop(
                    e.remove(&format!(
                        "{SCOPES}/https:~1~1www.example.com~1auth~1library.readonly"
                    )),
                )
            },
            &[("scope removed", "https://www.example.com/auth/library.readonly", SOURCE)],
        ),
        (
            "a scope is described otherwise",
            |e| {
                e.set(
                    &format!("{SCOPES}/https:~1~1www.example.com~1auth~1library/description"),
                    "All.",
                )
            },
            &[("scope docs changed", "https://www.example.com/auth/library", Verdict::Docs)],
        ),
        (
            "a new endpoint",
            |e| {
                e.set(
                    "/endpoints/1",
                    json(r#"{"location": "us", "endpointUrl": "https://us.example.com/"}"#),
                )
            },
            &[("endpoint added", "us", COMPATIBLE)],
        ),
        (
            "the endpoints go",
            |e| drop(e.remove("/endpoints")),
            &[("endpoint removed", "europe-west1", Verdict::BOTH)],
        ),
        (
            "an endpoint elsewhere",
            |e| e.set("/endpoints/0/endpointUrl", "https://eu.example.com/"),
            &[("endpoint URL changed", "europe-west1", WIRE)],
        ),
    ]);
}

#[test]
fn endpoints_of_the_same_location_are_distinguished() {
    let endpoint = |host: &str| {
        json(&format!(r#"{{"location": "us", "endpointUrl": "https://{host}.example.com/"}}"#))
    };
    let mut old = Edit(json(LIBRARY));
    old.set("/endpoints", vec![endpoint("a"), endpoint("b")]);
    let told = |new: &[&str]| -> Vec<String> {
        let mut document = Edit(json(LIBRARY));
        document.set("/endpoints", new.iter().map(|host| endpoint(host)).collect::<Vec<_>>());
        let (old, new) = (model(&old.0.to_string()), model(&document.0.to_string()));
        diff(&old, &new).changes.iter().map(|c| format!("{} {}", c.kind, c.place.rust)).collect()
    };
    assert_eq!(told(&["a", "b"]), [""; 0]);
    assert_eq!(told(&["a", "c"]), ["endpoint URL changed Endpoint::UsEndpoint"]);
    assert_eq!(told(&["a", "b", "c"]), ["endpoint added Endpoint::Us2"]);
    assert_eq!(told(&["a"]), ["endpoint removed Endpoint::UsEndpoint"]);
}
