//! Behavior that clients of Firestore, Gmail, and BigQuery expect: names of any depth, operations
//! and children of deleted resources, ids in fields with another name than their variable, and links of
//! zones.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]
#![cfg(test)]

mod common;

use common::{Fixture, base, cloud};
use serde_json::{Value, json};

fn fixture() -> Fixture {
    Fixture::of(&base::API, |builder| builder)
}

#[test]
fn names_of_any_depth_alternate_collections_and_ids() {
    let fixture = fixture();
    for (below, is_document) in [
        ("cities", false),
        ("cities/rome", true),
        ("cities/rome/streets", false),
        ("cities/rome/streets/corso", true),
        ("cities/rome/streets/corso/houses", false),
    ] {
        let name = format!("projects/p/databases/d/documents/{below}");
        let answer = fixture.ok("GET", &format!("/v1/{name}"), &Value::Null);
        let expected = if is_document { json!(name) } else { Value::Null };
        assert_eq!(answer["name"], expected, "{below}: {answer}");
        assert_eq!(answer["documents"].is_array(), !is_document, "{below}: {answer}");
    }
}

#[test]
fn a_resource_with_operations_only_has_no_children() {
    let fixture = fixture();
    let place = "/v1/projects/p/databases/d";
    let create = || fixture.ok("POST", "/v1/projects/p/databases?databaseId=d", &json!({}));
    let made = create();
    assert_eq!(made["name"], "projects/p/databases/d/operations/1");
    let gone = fixture.ok("DELETE", place, &Value::Null);
    assert_eq!(gone["done"], true);
    assert_eq!(fixture.err("GET", place, &Value::Null).0, 404);
    let operation = format!("/v1/{}", gone["name"].as_str().unwrap());
    assert_eq!(fixture.ok("GET", &operation, &Value::Null), gone, "a client waits for it");
    create();
}

#[test]
fn children_protect_only_where_the_method_asks() {
    let fixture = fixture();
    // Without a parameter for it, the children are deleted too.
    fixture.ok("POST", "/v1/projects/p/databases?databaseId=d", &json!({}));
    let child = fixture.ok("POST", "/v1/projects/p/databases/d/schedules", &json!({}));
    fixture.ok("DELETE", "/v1/projects/p/databases/d", &Value::Null);
    let child = format!("/v1/{}", child["name"].as_str().unwrap());
    assert_eq!(fixture.err("GET", &child, &Value::Null).0, 404);

    fixture.ok("POST", "/v1/sets", &json!({ "id": "s" }));
    fixture.ok("POST", "/v1/sets/s/rows", &json!({ "id": "r" }));
    let (_, status, message) = fixture.err("DELETE", "/v1/sets/s", &Value::Null);
    assert_eq!(status, "FAILED_PRECONDITION");
    assert!(message.contains("deleteContents=true"), "{message}");
    fixture.ok("DELETE", "/v1/sets/s?deleteContents=true", &Value::Null);
    assert_eq!(fixture.err("GET", "/v1/sets/s/rows/r", &Value::Null).0, 404);
}

#[test]
fn the_end_of_a_variable_names_the_field_of_the_id() {
    let fixture = fixture();
    let sent = json!({ "emailAddress": "a@example.com", "address": "Rome" });
    assert_eq!(fixture.ok("POST", "/v1/identities", &sent), sent);
    assert_eq!(fixture.ok("GET", "/v1/identities/a@example.com", &Value::Null), sent);
    assert_eq!(fixture.err("POST", "/v1/identities", &sent).0, 409);
    let list = fixture.ok("GET", "/v1/identities", &Value::Null);
    assert_eq!(list, json!({ "identities": [sent] }));
    fixture.ok("DELETE", "/v1/identities/a@example.com", &Value::Null);
    assert_eq!(fixture.err("GET", "/v1/identities/a@example.com", &Value::Null).0, 404);
}

#[test]
fn an_id_that_only_the_server_sets_is_not_taken_from_the_body() {
    let fixture = fixture();
    let sent = json!({ "id": "mine", "subject": "Hello" });
    let made = fixture.ok("POST", "/v1/drafts", &sent);
    assert_ne!(made["id"], "mine");
    assert_eq!(fixture.err("GET", "/v1/drafts/mine", &Value::Null).0, 404);
    assert_ne!(fixture.ok("POST", "/v1/drafts", &sent)["id"], made["id"]);
}

#[test]
fn the_zone_of_a_resource_is_a_link_however_it_came() {
    const ZONE: &str = "/cloud/v1/projects/p/zones/z";
    let fixture = Fixture::of(&cloud::API, |builder| builder);
    let place = format!("{ZONE}/machines/m");
    let zone = "https://cloud.example.com/cloud/v1/projects/p/zones/z";
    fixture.ok("POST", &format!("{ZONE}/machines"), &json!({ "name": "m" }));
    let before = fixture.ok("GET", &place, &Value::Null);
    // A client sends what it read, or a resource without the members of the server.
    for sent in [before.clone(), json!({ "name": "m", "zone": "z", "id": "9" })] {
        fixture.ok("PUT", &place, &sent);
        assert_eq!(fixture.ok("GET", &place, &Value::Null), before, "{sent}");
    }
    assert_eq!(before["zone"], zone);

    let seed = json!({ "projects/p/zones/z/machines/s": {}, "projects/p/zones/z/machines/t": { "id": "7" } });
    fixture.server.seed(&seed).unwrap();
    let seeded = |name: &str| fixture.ok("GET", &format!("{ZONE}/machines/{name}"), &Value::Null);
    assert_eq!(seeded("s")["zone"], zone);
    assert_eq!(seeded("s")["selfLink"], format!("{zone}/machines/s"));
    assert!(seeded("s")["id"].is_string(), "numbered as if created");
    assert_eq!(seeded("t")["id"], "7");
}
