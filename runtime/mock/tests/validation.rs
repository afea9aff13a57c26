//! Rejected requests and their error messages.

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

/// Creates a book on an existing shelf.
fn create(book: &Value) -> Result<Value, Value> {
    let fixture = Fixture::new();
    fixture.ok("POST", "/v1/shelves?shelfId=s", &json!({ "theme": "t" }));
    let reply = fixture.json("POST", "/v1/shelves/s/books", book);
    if reply.status == 200 { Ok(reply.json()) } else { Err(reply.json()["error"].clone()) }
}

#[test]
fn invalid_bodies_get_googles_errors() {
    let unknown = |name: &str, why: &str| {
        format!("Invalid JSON payload received. Unknown name \"{name}\"{why}")
    };
    let not_repeating = ": Proto field is not repeating, cannot start list.";
    for (body, field, message) in [
        (json!({ "titel": "x" }), Value::Null, unknown("titel", ": Cannot find field.")),
        (
            json!({ "title": "x", "author": { "family_name": "A", "x": 1 } }),
            json!("author"),
            unknown("x", " at 'author': Cannot find field."),
        ),
        (json!({ "title": ["x"] }), Value::Null, unknown("title", not_repeating)),
        (
            json!({ "title": {} }),
            json!("title"),
            "Invalid value at 'title' (TYPE_STRING), Starting an object on a scalar field"
                .to_owned(),
        ),
        (
            json!({ "title": "x", "genre": "COMIC" }),
            json!("genre"),
            "Invalid value at 'genre' (TYPE_ENUM), \"COMIC\"".to_owned(),
        ),
        (
            json!({ "title": "x", "tags": ["a", 1] }),
            json!("tags[1]"),
            "Invalid value at 'tags[1]' (TYPE_STRING), 1".to_owned(),
        ),
        (
            json!({ "title": "x", "labels": { "k": true } }),
            json!("labels[k]"),
            "Invalid value at 'labels[k]' (TYPE_STRING), true".to_owned(),
        ),
        (
            json!({ "title": "x", "boughtAt": "yesterday" }),
            json!("bought_at"),
            "Invalid value at 'bought_at' (type.googleapis.com/google.protobuf.Timestamp), \
             \"yesterday\": Illegal timestamp format; timestamps must end with 'Z' or have a valid \
             timezone offset."
                .to_owned(),
        ),
        (
            json!({ "author": { "givenName": "J" } }),
            json!("title"),
            "Required field 'title' is not set.\nRequired field 'author.family_name' is not set."
                .to_owned(),
        ),
    ] {
        let error = create(&body).unwrap_err();
        assert_eq!(error["status"], "INVALID_ARGUMENT", "{body}");
        assert_eq!(error["message"], message, "{body}");
        let details = &error["details"][0];
        assert_eq!(details["@type"], "type.googleapis.com/google.rpc.BadRequest");
        let violation = &details["fieldViolations"][0];
        assert_eq!(violation["field"], field, "{body}");
        let first = message.lines().next().unwrap();
        assert_eq!(violation["description"], first, "{body}");
    }
}

#[test]
fn scalars_are_validated_and_normalized() {
    // Field, value sent, value returned; null if rejected.
    for (name, sent, answered) in [
        ("pages", json!("12"), json!(12)),
        ("pages", json!(12.0), json!(12)),
        ("pages", json!(1.5), Value::Null),
        ("pages", json!(2_147_483_648_i64), Value::Null),
        ("copies", json!(-1), Value::Null),
        ("isbn", json!(9_780_141_439_587_i64), json!("9780141439587")),
        ("isbn", json!("9223372036854775807"), json!("9223372036854775807")),
        ("isbn", json!("9223372036854775808"), Value::Null),
        ("isbn", json!("x"), Value::Null),
        ("weight", json!("0.25"), json!(0.25)),
        ("weight", json!("NaN"), json!("NaN")),
        ("weight", json!("heavy"), Value::Null),
        ("lent", json!(false), json!(false)),
        ("lent", json!("false"), Value::Null),
        ("cover", json!("-_8"), json!("+/8=")),
        ("cover", json!("+/8="), json!("+/8=")),
        ("cover", json!("a"), Value::Null),
        ("published", json!("1815-12-23"), json!("1815-12-23")),
        ("published", json!("1815-02-30"), Value::Null),
        ("readTime", json!("3.50s"), json!("3.500s")),
        ("readTime", json!("3m"), Value::Null),
        ("boughtAt", json!("2026-01-15T11:00:00.5+01:00"), json!("2026-01-15T10:00:00.500Z")),
        ("boughtAt", json!(5), Value::Null),
        ("notes", json!([{ "a": null }]), json!([{ "a": null }])),
    ] {
        let result = create(&json!({ "title": "t", name: sent }));
        match result {
            Ok(book) => assert_eq!(book[name], answered, "{name} {sent}"),
            Err(error) => assert!(answered.is_null(), "{name} {sent}: {error}"),
        }
    }
}

#[test]
fn protobuf_spelling_is_accepted_and_nulls_are_ignored() {
    let book = create(&json!({ "title": "t", "read_time": "1s", "genre": null })).unwrap();
    assert_eq!(book["readTime"], "1s");
    assert_eq!(book.get("genre"), None);
    let twice = create(&json!({ "title": "t", "read_time": "1s", "readTime": "2s" })).unwrap_err();
    assert_eq!(twice["message"], "Invalid value at 'read_time', field is given twice.");
}

#[test]
fn malformed_json_is_rejected() {
    let fixture = Fixture::new();
    let json = [("content-type", "application/json")];
    for body in ["{", "[]", "\"x\"", "{\"theme\": }", "\u{0}"] {
        let reply = fixture.send("POST", "/v1/shelves", &json, body);
        assert_eq!(reply.status, 400, "{body}");
        let message = reply.json()["error"]["message"].as_str().unwrap().to_owned();
        assert!(message.starts_with("Invalid JSON payload received. "), "{message}");
    }
    let deep = format!("{{\"title\":\"t\",\"notes\":{}1{}}}", "[".repeat(500), "]".repeat(500));
    assert_eq!(fixture.send("POST", "/v1/shelves/s/books", &json, &deep).status, 400);
}

#[test]
fn parameters_are_validated() {
    let fixture = Fixture::new();
    for (query, expected) in [
        ("", "Required parameter: of"),
        ("of=a&genre=COMIC", "Invalid value at 'genre' (TYPE_ENUM), \"COMIC\""),
        ("of=a&of=b", "Unknown name \"of\": Proto field is not repeating, cannot start list."),
        ("of=a&depth=10", "Invalid value '10' for depth: it must be in [1, 9]."),
        ("of=a&depth=x", "Invalid value at 'depth' (TYPE_INT32), \"x\""),
        ("of=a&what=1", "Field 'what' could not be found in request message."),
        ("of=a&fields=books(", "Invalid field selection 'books('"),
        ("of=a&fields=books/x", "Cannot find matching fields for path 'x'."),
        ("of=a&alt=proto", "Unsupported output format 'proto'"),
        ("of=%ff", "is not UTF-8 when decoded"),
    ] {
        let (code, status, message) =
            fixture.err("GET", &format!("/v1/shelves/s:count?{query}"), &Value::Null);
        assert_eq!((code, status.as_str()), (400, "INVALID_ARGUMENT"), "{query}");
        assert!(message.contains(expected), "{query}: {message}");
    }
    let general = "of=a&key=k&quotaUser=u&$.xgafv=2&access_token=t&uploadType=x&$alt=json";
    fixture.ok("GET", &format!("/v1/shelves/s:count?{general}"), &Value::Null);
}

#[test]
fn unknown_paths_are_not_found() {
    let fixture = Fixture::new();
    for (verb, path, expected) in [
        ("GET", "/", "has no path /"),
        ("GET", "/v1/shelves/s/pages/1", "has no path /v1/shelves/s/pages/1"),
        ("PUT", "/v1/shelves/s", "has no PUT, but DELETE, GET, PATCH"),
    ] {
        let (code, status, message) = fixture.err(verb, path, &Value::Null);
        assert_eq!((code, status.as_str()), (404, "NOT_FOUND"));
        assert!(message.contains(expected), "{message}");
    }
}
