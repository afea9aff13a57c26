//! The standard methods over HTTP.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]
#![cfg(test)]

mod common;

use common::Fixture;
use serde_json::{Value, json};

fn shelf(fixture: &Fixture) -> String {
    let shelf = fixture.ok("POST", "/v1/shelves", &json!({ "theme": "Novels" }));
    shelf["name"].as_str().unwrap().to_owned()
}

#[test]
fn resources_exist_from_create_to_delete() {
    let fixture = Fixture::new();
    let created = fixture.ok(
        "POST",
        "/v1/shelves",
        &json!({
            "theme": "Novels", "name": "shelves/ignored", "createTime": "2000-01-01T00:00:00Z",
        }),
    );
    let etag = created["etag"].as_str().unwrap().to_owned();
    assert_eq!(
        created,
        json!({
            "name": "shelves/1", "theme": "Novels", "etag": etag,
            "createTime": common::NOW, "updateTime": common::NOW,
        })
    );
    assert_eq!(fixture.ok("GET", "/v1/shelves/1", &Value::Null), created);

    fixture.advance(60);
    let patched = fixture.ok("PATCH", "/v1/shelves/1", &json!({ "theme": "Poems", "etag": etag }));
    assert_eq!(patched["theme"], "Poems");
    assert_eq!(patched["createTime"], common::NOW);
    assert_eq!(patched["updateTime"], "2026-01-15T10:01:00Z");
    assert_ne!(patched["etag"], etag);

    let stale = json!({ "theme": "Late", "etag": etag });
    assert_eq!(fixture.err("PATCH", "/v1/shelves/1", &stale).1, "ABORTED");
    assert_eq!(fixture.ok("DELETE", "/v1/shelves/1", &Value::Null), json!({}));
    for verb in ["GET", "DELETE"] {
        let (status, name, message) = fixture.err(verb, "/v1/shelves/1", &Value::Null);
        assert_eq!((status, name.as_str()), (404, "NOT_FOUND"));
        assert_eq!(message, "Resource 'shelves/1' was not found.");
    }
    assert_eq!(fixture.err("PATCH", "/v1/shelves/1", &json!({ "theme": "x" })).1, "NOT_FOUND");
    // Ids are not reused.
    assert_eq!(shelf(&fixture), "shelves/2");
}

#[test]
fn chosen_ids_are_unique() {
    let fixture = Fixture::new();
    let body = json!({ "theme": "Novels" });
    let dry = fixture.ok("POST", "/v1/shelves?shelfId=a&validateOnly=true", &body);
    assert_eq!(dry["name"], "shelves/a");
    assert_eq!(fixture.ok("POST", "/v1/shelves?shelfId=a", &body)["name"], "shelves/a");
    let (status, name, _) = fixture.err("POST", "/v1/shelves?shelfId=a", &body);
    assert_eq!((status, name.as_str()), (409, "ALREADY_EXISTS"));
    assert_eq!(fixture.err("POST", "/v1/shelves?shelfId=a%2Fb", &body).1, "INVALID_ARGUMENT");
    // With allowMissing, an update creates the resource.
    let made = fixture.ok("PATCH", "/v1/shelves/b?allowMissing=true", &body);
    assert_eq!(made["name"], "shelves/b");
    assert_eq!(made["createTime"], common::NOW);
}

#[test]
fn parents_and_children_protect_each_other() {
    let fixture = Fixture::new();
    let book = json!({ "title": "Emma" });
    let (_, status, message) = fixture.err("POST", "/v1/shelves/9/books", &book);
    assert_eq!(
        (status.as_str(), message.as_str()),
        ("NOT_FOUND", "Resource 'shelves/9' was not found.")
    );
    shelf(&fixture);
    shelf(&fixture);
    assert_eq!(fixture.ok("POST", "/v1/shelves/1/books", &book)["name"], "shelves/1/books/3");
    fixture.ok("POST", "/v1/shelves/2/books", &json!({ "title": "Ulysses" }));
    assert_eq!(fixture.err("DELETE", "/v1/shelves/1", &Value::Null).1, "FAILED_PRECONDITION");
    let everywhere = fixture.ok("GET", "/v1/shelves/-/books", &Value::Null);
    assert_eq!(everywhere["books"][0]["title"], "Emma");
    assert_eq!(everywhere["books"][1]["title"], "Ulysses");
    assert_eq!(everywhere["totalSize"], 2);
    fixture.ok("DELETE", "/v1/shelves/1?force=true", &Value::Null);
    assert_eq!(fixture.err("GET", "/v1/shelves/1/books/3", &Value::Null).1, "NOT_FOUND");
    assert_eq!(fixture.ok("GET", "/v1/shelves/2/books/4", &Value::Null)["title"], "Ulysses");
}

#[test]
fn masks_limit_updates() {
    let fixture = Fixture::new();
    shelf(&fixture);
    let before = json!({
        "title": "Emma", "pages": 400, "isbn": "42", "labels": { "a": "1", "b": "2" },
        "author": { "familyName": "Austen", "givenName": "Jane" },
    });
    fixture.ok("POST", "/v1/shelves/1/books?bookId=e", &before);
    let at = "/v1/shelves/1/books/e";
    let change = |query: &str, body: Value| {
        let mut book = fixture.ok("PATCH", &format!("{at}{query}"), &body);
        for name in ["name", "createTime", "updateTime"] {
            book.as_object_mut().unwrap().remove(name).unwrap();
        }
        book
    };
    let mut expected = before;
    expected["title"] = json!("Emma!");
    assert_eq!(change("?updateMask=title", json!({ "title": "Emma!", "pages": 1 })), expected);
    expected["author"] = json!({ "familyName": "Austen" });
    assert_eq!(change("?updateMask=author.given_name", json!({})), expected);
    expected["labels"] = json!({ "a": "1", "b": "3" });
    assert_eq!(
        change("?updateMask=labels.b", json!({ "labels": { "b": "3", "c": "4" } })),
        expected
    );
    // Without a mask, fields in the body are updated; null removes a field.
    expected["pages"] = json!(7);
    expected["labels"] = json!({ "a": "1", "b": "3", "d": "5" });
    expected.as_object_mut().unwrap().remove("author");
    let merged = json!({ "pages": 7, "labels": { "d": "5" }, "author": null });
    assert_eq!(change("", merged), expected);
    // With a mask, a map is replaced as a whole.
    expected["labels"] = json!({ "x": "1" });
    assert_eq!(change("?updateMask=labels", json!({ "labels": { "x": "1" } })), expected);

    let (_, status, message) = fixture.err("PATCH", &format!("{at}?updateMask=titel"), &json!({}));
    assert_eq!(status, "INVALID_ARGUMENT");
    assert_eq!(message, "Invalid update mask: 'titel' is not a path in Book.");
    let (_, _, message) = fixture.err("PATCH", at, &json!({ "isbn": 43 }));
    assert_eq!(message, "Field 'isbn' is immutable and cannot be changed.");
    // Output-only fields do not change, even if masked.
    let all =
        json!({ "title": "T", "isbn": 42, "name": "x", "createTime": "2000-01-01T00:00:00Z" });
    let all = fixture.ok("PATCH", &format!("{at}?updateMask=*"), &all);
    assert_eq!(all["name"], "shelves/1/books/e");
    assert_eq!(all["createTime"], common::NOW);
    assert_eq!(all.get("pages"), None);
}

/// Methods without an update mask take a JSON merge patch.
#[test]
fn merge_patches_remove_nulls_at_any_depth() {
    let fixture = Fixture::new();
    let tags = json!({ "a": { "x": "1", "y": "2" }, "b": { "x": "1" } });
    let note = fixture.ok("POST", "/notes", &json!({ "text": "t", "tags": tags }));
    let at = format!("/notes/{}", note["id"].as_str().unwrap());
    for (patch, expected) in [
        (json!({ "a": { "x": null } }), json!({ "a": { "y": "2" }, "b": { "x": "1" } })),
        (json!({ "b": null }), json!({ "a": { "y": "2" } })),
        (json!({ "c": { "x": null, "z": "3" } }), json!({ "a": { "y": "2" }, "c": { "z": "3" } })),
    ] {
        let note = fixture.ok("PATCH", &at, &json!({ "tags": patch }));
        assert_eq!((&note["tags"], &note["text"]), (&expected, &json!("t")));
    }
    // Maps in other bodies reject nulls, as in protobuf's JSON.
    let (_, status, _) = fixture.err("POST", "/notes", &json!({ "tags": { "a": null } }));
    assert_eq!(status, "INVALID_ARGUMENT");
}

#[test]
fn lists_support_pages_filters_and_order() {
    let fixture = Fixture::new();
    shelf(&fixture);
    for (title, pages) in [("C", 3), ("A", 1), ("B", 2), ("E", 5), ("D", 4)] {
        fixture.ok("POST", "/v1/shelves/1/books", &json!({ "title": title, "pages": pages }));
    }
    let titles = |query: &str| {
        let (mut titles, mut token) = (String::new(), String::new());
        loop {
            let page = format!("/v1/shelves/1/books?{query}&pageToken={token}");
            let page = fixture.ok("GET", &page, &Value::Null);
            for book in page["books"].as_array().unwrap() {
                titles.push_str(book["title"].as_str().unwrap());
            }
            titles.push('|');
            match page["nextPageToken"].as_str() {
                Some(next) => token = next.to_owned(),
                None => return titles,
            }
        }
    };
    assert_eq!(titles(""), "CABED|");
    assert_eq!(titles("pageSize=2"), "CA|BE|D|");
    assert_eq!(titles("pageSize=2&orderBy=title"), "AB|CD|E|");
    assert_eq!(titles("pageSize=3&orderBy=pages+desc"), "EDC|BA|");
    assert_eq!(titles("filter=pages+%3E+1+AND+NOT+title+%3D+%22E%22&orderBy=title"), "BCD|");

    let first = fixture.ok("GET", "/v1/shelves/1/books?pageSize=2", &Value::Null);
    let token = first["nextPageToken"].as_str().unwrap();
    for (query, expected) in [
        (format!("orderBy=title&pageToken={token}"), "The page token belongs to another request"),
        ("pageToken=x".to_owned(), "The page token was not issued by this server."),
        ("pageSize=-1".to_owned(), "Page size must not be negative, but is -1."),
        ("filter=colour%3D1".to_owned(), "Invalid filter: 'colour' is not a field of Book."),
        ("filter=a".to_owned(), "Invalid filter 'a': at character 1"),
        ("orderBy=title+up".to_owned(), "Invalid orderBy: 'title up'"),
    ] {
        let (_, status, message) =
            fixture.err("GET", &format!("/v1/shelves/1/books?{query}"), &Value::Null);
        assert_eq!(status, "INVALID_ARGUMENT", "{query}");
        assert!(message.contains(expected), "{query}: {message}");
    }
}

#[test]
fn resources_may_be_nested_in_requests() {
    let fixture = Fixture::new();
    let loan = json!({ "loan": { "reader": "Ada", "due": "2026-02-01" } });
    let created = fixture.ok("POST", "/v1/loans", &loan);
    assert_eq!(created["name"], "loans/1");
    assert_eq!(created["postingCreateTime"], common::NOW);
    let change = json!({ "loan": { "due": "2026-03-01" }, "updateMask": "due" });
    let changed = fixture.ok("PATCH", "/v1/loans/1", &change);
    assert_eq!(changed["reader"], "Ada");
    assert_eq!(changed["due"], "2026-03-01");
    let (_, _, message) = fixture.err("POST", "/v1/loans", &json!({}));
    assert_eq!(message, "Required field 'loan' is not set.");
    let (_, _, message) = fixture.err("POST", "/v1/loans", &json!({ "loan": {} }));
    assert_eq!(message, "Required field 'loan.reader' is not set.");
}

#[test]
fn apis_without_resource_names_work() {
    let fixture = Fixture::new();
    let note = fixture.ok("POST", "/notes", &json!({ "text": "a" }));
    assert_eq!(
        note,
        json!({
            "id": "1", "kind": "library#note", "text": "a",
            "created": common::NOW, "updated": common::NOW,
        })
    );
    fixture.ok("POST", "/notes", &json!({ "id": "a/b", "text": "b" }));
    assert_eq!(fixture.ok("GET", "/notes/a%2Fb", &Value::Null)["id"], "a/b");
    let first = fixture.ok("GET", "/notes?maxResults=1", &Value::Null);
    assert_eq!(first["items"].as_array().unwrap().len(), 1);
    assert!(first["nextPageToken"].is_string());
    fixture.advance(1);
    let replaced = fixture.ok("PUT", "/notes/1", &json!({}));
    assert_eq!(replaced.get("text"), None);
    assert_eq!(replaced["id"], "1");
    let reply = fixture.json("DELETE", "/notes/1", &Value::Null);
    assert_eq!((reply.status, reply.text.as_str()), (204, ""));
}

#[test]
fn operations_are_done_and_can_be_read() {
    let fixture = Fixture::new();
    let operation = fixture.ok(
        "POST",
        "/v1/projects/p/locations/l/readers?readerId=ada",
        &json!({ "mail": "a@b" }),
    );
    assert_eq!(operation["done"], true);
    assert_eq!(operation.get("error"), None);
    assert_eq!(
        operation["response"],
        json!({
            "@type": "type.googleapis.com/Reader",
            "name": "projects/p/locations/l/readers/ada", "mail": "a@b",
        })
    );
    let name = operation["name"].as_str().unwrap();
    assert_eq!(fixture.ok("GET", &format!("/v1/{name}"), &Value::Null), operation);
    let reader = fixture.ok("GET", "/v1/projects/p/locations/l/readers/ada", &Value::Null);
    assert_eq!(reader["mail"], "a@b");
}

#[test]
fn resources_without_create_exist() {
    let fixture = Fixture::new();
    let at = "/v1/projects/p/settings";
    assert_eq!(fixture.ok("GET", at, &Value::Null)["name"], "projects/p/settings");
    let changed = fixture.ok("PATCH", at, &json!({ "openAt": "8:00" }));
    assert_eq!(changed, json!({ "name": "projects/p/settings", "openAt": "8:00" }));
    assert_eq!(fixture.ok("GET", at, &Value::Null), changed);
}

#[test]
fn other_methods_return_samples() {
    let fixture = Fixture::new();
    let book = fixture.ok("POST", "/v1/shelves/1/books/2:reprint", &json!({ "title": "Emma" }));
    assert_eq!(book["title"], "Emma");
    assert_eq!(book["name"], "shelves/1/books/2");
    assert_eq!(book["genre"], "NOVEL");
    assert_eq!(book.get("sequel"), None);
    let counted =
        fixture.ok("GET", "/v1/shelves/1:count?of=all&genre=NOVEL&genre=POETRY", &Value::Null);
    // No token: lists of samples have one page.
    assert_eq!(counted.get("nextPageToken"), None);
    assert_eq!(counted["books"][0]["isbn"], "1");
}
