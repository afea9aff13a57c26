//! Behavior that clients of Compute, Pub/Sub, Cloud Storage, and Calendar expect: completed
//! operations, lists of created resources, size and checksum of media, and errors for unsupported
//! requests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]
#![cfg(test)]

mod common;

use common::{Fixture, cloud, depot};
use serde_json::{Value, json};

const ZONE: &str = "/cloud/v1/projects/p/zones/z";

fn depot() -> Fixture {
    Fixture::of(&depot::API, |builder| builder)
}

fn cloud() -> Fixture {
    Fixture::of(&cloud::API, |builder| builder)
}

#[test]
fn operations_are_done_and_link_to_their_target() {
    let fixture = cloud();
    let link = |name: &str| format!("https://cloud.example.com/cloud/v1/projects/p/zones/z{name}");
    let insert = fixture.ok("POST", &format!("{ZONE}/machines"), &json!({ "name": "m" }));
    let machine = fixture.ok("GET", &format!("{ZONE}/machines/m"), &Value::Null);
    assert_eq!(machine["selfLink"], link("/machines/m"));
    assert_eq!(machine["zone"], link(""));
    let id = insert["name"].as_str().unwrap();
    let expected = json!({
        "id": insert["id"], "kind": "cloud#operation", "name": id, "zone": link(""), "status": "DONE",
        "progress": 100, "operationType": "insert", "insertTime": common::NOW,
        "selfLink": link(&format!("/operations/{id}")), "targetLink": link("/machines/m"),
        "targetId": machine["id"],
    });
    assert_eq!(insert, expected, "neither error nor warning");
    // Operations can be read and awaited; one that was never started is not found.
    let place = format!("{ZONE}/operations/{id}");
    assert_eq!(fixture.ok("GET", &place, &Value::Null), expected);
    assert_eq!(fixture.ok("POST", &format!("{place}/wait"), &Value::Null), expected);
    assert_eq!(fixture.err("GET", &format!("{ZONE}/operations/other"), &Value::Null).0, 404);

    let start = fixture.ok("POST", &format!("{ZONE}/machines/m/start"), &Value::Null);
    let told = (&start["status"], &start["operationType"], &start["targetLink"]);
    assert_eq!(told, (&json!("DONE"), &json!("start"), &json!(link("/machines/m"))));
    assert_eq!(start.get("warnings").or(start.get("error")), None);
    let delete = fixture.ok("DELETE", &format!("{ZONE}/machines/m"), &Value::Null);
    assert_eq!(
        (&delete["status"], &delete["targetLink"]),
        (&json!("DONE"), &json!(link("/machines/m")))
    );
    assert_eq!(fixture.err("GET", &format!("{ZONE}/machines/m"), &Value::Null).0, 404);
}

#[test]
fn booleans_are_accepted_in_all_spellings() {
    let fixture = cloud();
    for (text, status) in [
        ("True", 200),
        ("FALSE", 200),
        ("1", 200),
        ("0", 200),
        ("true", 200),
        ("maybe", 400),
        ("2", 400),
    ] {
        let path = format!("{ZONE}/machines?includeAll={text}");
        assert_eq!(fixture.send("GET", &path, &[], "").status, status, "{text}");
    }
}

#[test]
fn resources_created_with_put_are_listed() {
    let fixture = cloud();
    let list = || fixture.ok("GET", "/cloud/v1/projects/p/snapshots", &Value::Null);
    assert_eq!(list(), json!({}), "no sample where nothing was created");
    let request = json!({ "subscription": "projects/p/subscriptions/s", "labels": { "a": "b" } });
    let snapshot = json!({ "name": "projects/p/snapshots/sn1", "labels": { "a": "b" } });
    let place = "/cloud/v1/projects/p/snapshots/sn1";
    assert_eq!(fixture.ok("PUT", place, &request), snapshot);
    assert_eq!(list(), json!({ "snapshots": [snapshot] }));
    assert_eq!(fixture.ok("GET", place, &Value::Null), snapshot);
    assert_eq!(fixture.err("PUT", place, &request).0, 409);
    fixture.ok("DELETE", place, &Value::Null);
    assert_eq!(list(), json!({}));
}

#[test]
fn uploads_set_name_size_checksum_and_generation() {
    let fixture = cloud();
    let kind = [("content-type", "text/plain")];
    let upload = "/upload/cloud/v1/b/x/o?uploadType=media&name=a%2Fb";
    let object = fixture.send("POST", upload, &kind, "123456789").json();
    let expected = json!({
        "name": "a/b", "contentType": "text/plain", "size": "9", "crc32c": "4waSgw==",
        "md5Hash": "JfnnlDI7RTiF9RgfG2JNCw==", "generation": "1", "bucket": "x",
        "mediaLink": "http://localhost/cloud/v1/b/x/o/a%2Fb?alt=media",
    });
    assert_eq!(object, expected);
    let place = "/cloud/v1/b/x/o/a%2Fb";
    assert_eq!(fixture.ok("GET", place, &Value::Null), expected);

    let media = format!("{place}?alt=media");
    let whole = fixture.send("GET", &media, &[], "");
    assert_eq!((whole.status, whole.text.as_str()), (200, "123456789"));
    for (range, status, text, told) in [
        ("bytes=2-4", 206, "345", Some("bytes 2-4/9")),
        ("bytes=7-", 206, "89", Some("bytes 7-8/9")),
        ("bytes=-1", 206, "9", Some("bytes 8-8/9")),
        ("bytes=9-", 416, "", Some("bytes */9")),
        ("lines=1-2", 200, "123456789", None),
    ] {
        let reply = fixture.send("GET", &media, &[("range", range)], "");
        assert_eq!((reply.status, reply.header("content-range")), (status, told), "{range}");
        assert!(status == 416 || reply.text == text, "{range}: {}", reply.text);
    }
    fixture.ok("DELETE", place, &Value::Null);
    assert_eq!(fixture.send("GET", &media, &[], "").status, 404, "the content was deleted with it");
    assert_eq!(fixture.send("GET", "/cloud/v1/b/x/o/never?alt=media", &[], "").status, 404);
}

#[test]
fn order_query_and_filter_are_applied_or_rejected() {
    let fixture = cloud();
    for (summary, time, trashed) in [
        ("late lunch", "15:00:00", None),
        ("early lunch", "09:00:00", Some(true)),
        ("dinner", "19:00:00", Some(false)),
    ] {
        let event = json!({
            "id": summary.replace(' ', "-"), "summary": summary, "trashed": trashed,
            "start": { "dateTime": format!("2026-01-15T{time}Z") },
        });
        fixture.ok("POST", "/cloud/v1/events", &event);
    }
    let list = |query: &str| {
        let list = fixture.ok("GET", &format!("/cloud/v1/events?{query}"), &Value::Null);
        let events = list["items"].as_array().cloned().unwrap_or_default();
        events.iter().map(|event| event["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(list("orderBy=startTime"), ["early-lunch", "late-lunch", "dinner"]);
    assert_eq!(list("orderBy=startTime+desc&q=lunch"), ["late-lunch", "early-lunch"]);
    assert_eq!(list("q=trashed+%3D+false"), ["late-lunch", "dinner"], "unset is false");
    assert_eq!(list("q=summary+%3D+'dinner'+and+trashed%3Dfalse"), ["dinner"]);
    for refused in [
        "orderBy=recency",
        "orderBy=endTime",
        "q='root'+in+parents",
        "q=summary+contains+'lunch'",
        "q=colour+%3D+'red'",
        "q=a+OR+(",
    ] {
        let reply = fixture.send("GET", &format!("/cloud/v1/events?{refused}"), &[], "");
        assert_eq!(reply.status, 400, "{refused}: {}", reply.text);
    }
    let filter = fixture.send("GET", &format!("{ZONE}/machines?filter=name+eq+m"), &[], "");
    assert_eq!(filter.status, 400, "{}", filter.text);
}

#[test]
fn a_repeated_request_is_executed_once() {
    let fixture = cloud();
    let insert = |id: &str, name: &str| {
        let path = format!("{ZONE}/machines?requestId={id}");
        fixture.json("POST", &path, &json!({ "name": name }))
    };
    let list = || fixture.ok("GET", &format!("{ZONE}/machines"), &Value::Null);
    let first = insert("a", "m");
    assert_eq!((first.status, insert("a", "m").json()), (200, first.json()), "the same operation");
    assert_eq!(list()["items"].as_array().map(Vec::len), Some(1));
    // What differs in how the answer looks is the same request.
    let path = format!("{ZONE}/machines?requestId=a&fields=name");
    let part = fixture.ok("POST", &path, &json!({ "name": "m" }));
    assert_eq!(part, json!({ "name": first.json()["name"] }));
    // The ID belongs to that request; another is refused and changes nothing.
    let other = insert("a", "n");
    assert_eq!(other.status, 409, "{other:?}");
    assert!(other.json()["error"]["message"].as_str().unwrap().contains("request ID a"));
    let path = format!("{ZONE}/machines/m?requestId=a");
    assert_eq!(fixture.err("DELETE", &path, &Value::Null).0, 409);
    assert_eq!(list()["items"].as_array().map(Vec::len), Some(1));
    // Without an ID, or with an empty one, a repetition is a duplicate. Failures are not kept.
    assert_eq!(insert("", "m").status, 409);
    assert_eq!(insert("b", "m").status, 409);
    let deleted = |id: &str| {
        fixture.json("DELETE", &format!("{ZONE}/machines/m?requestId={id}"), &Value::Null)
    };
    let gone = deleted("c");
    assert_eq!((gone.status, deleted("c").json()), (200, gone.json()));
    assert_eq!(insert("b", "m").status, 200);
    // After an hour, an ID may be used again.
    fixture.advance(3600);
    assert_eq!(deleted("a").status, 200);
}

#[test]
fn a_reference_identifies_a_resource() {
    let depot = depot();
    let sets = "/depot/v1/projects/p/sets";
    let set = |id: &str, more: Value| {
        let mut set = json!({ "setReference": { "projectId": "p", "setId": id } });
        set.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        set
    };
    let sent = json!({ "setReference": { "setId": "s" }, "title": "T", "rows": "7" });
    let stored = set("s", json!({ "title": "T", "rows": "7" }));
    assert_eq!(depot.ok("POST", sets, &sent), stored, "the project is that of the path");
    assert_eq!(depot.ok("GET", &format!("{sets}/s"), &Value::Null), stored);
    assert_eq!(depot.err("POST", sets, &sent).0, 409);
    let made = depot.ok("POST", sets, &json!({ "setReference": { "projectId": "p" } }));
    let id = made["setReference"]["setId"].as_str().unwrap();
    assert_eq!(depot.ok("GET", &format!("{sets}/{id}"), &Value::Null), made);

    // A change need not repeat the reference, and cannot change it.
    let change = json!({ "title": "U" });
    let changed = set("s", json!({ "title": "U", "rows": "7" }));
    assert_eq!(depot.ok("PATCH", &format!("{sets}/s"), &change), changed);
    // The list has fewer members, and says what it is.
    let item = |id: &str| set(id, json!({ "kind": "depot#set" }));
    let mut first = item("s");
    first["title"] = json!("U");
    let expected = json!({ "kind": "depot#setList", "sets": [first, item(id)] });
    assert_eq!(depot.ok("GET", sets, &Value::Null), expected);
}

#[test]
fn a_field_called_as_the_variable_has_the_name() {
    let depot = depot();
    let made = depot.ok("POST", "/depot/v1/groups", &json!({ "name": "Friends" }));
    let name = made["resourceName"].as_str().unwrap();
    assert_eq!(made["name"], "Friends", "text for people stays");
    assert_eq!(depot.ok("GET", &format!("/depot/v1/{name}"), &Value::Null), made);
    let again = depot.ok("POST", "/depot/v1/groups", &json!({ "name": "Friends" }));
    assert_ne!(again["resourceName"], made["resourceName"]);
}

#[test]
fn what_nobody_creates_can_be_deleted_once() {
    let depot = depot();
    let place = "/depot/v1/files/f/revisions/1";
    let media = format!("{place}?alt=media");
    assert_eq!(depot.send("GET", &media, &[], "").status, 200);
    depot.ok("GET", place, &Value::Null);
    depot.ok("DELETE", place, &Value::Null);
    for (verb, path) in [("GET", place), ("DELETE", place), ("PATCH", place), ("GET", &media)] {
        let body = if verb == "PATCH" { json!({ "pinned": true }) } else { Value::Null };
        assert_eq!(depot.err(verb, path, &body).0, 404, "{verb} {path}");
    }
    depot.ok("GET", "/depot/v1/files/f/revisions/2", &Value::Null);
}

#[test]
fn a_list_of_all_zones_has_what_was_created() {
    let depot = depot();
    for (project, zone, name, size) in [
        ("p", "a", "d1", "20"),
        ("p", "b", "d2", "10"),
        ("p", "a", "d3", "30"),
        ("q", "a", "x", "1"),
    ] {
        let disks = format!("/depot/v1/projects/{project}/zones/{zone}/disks");
        depot.ok("POST", &disks, &json!({ "name": name, "sizeGb": size }));
    }
    let all = "/depot/v1/projects/p/aggregated/disks";
    let disk = |name: &str, size: &str| json!({ "name": name, "sizeGb": size });
    let expected = json!({
        "kind": "depot#diskAggregatedList",
        "items": {
            "zones/a": { "disks": [disk("d1", "20"), disk("d3", "30")] },
            "zones/b": { "disks": [disk("d2", "10")] },
        },
    });
    assert_eq!(depot.ok("GET", all, &Value::Null), expected);
    let ask = |query: &str| depot.ok("GET", &format!("{all}?{query}"), &Value::Null);
    assert_eq!(ask("returnPartialSuccess=True"), expected, "everything can be reached");
    assert_eq!(
        ask("filter=sizeGb+%3E+25")["items"],
        json!({ "zones/a": { "disks": [disk("d3", "30")] } })
    );
    let first = ask("maxResults=1&orderBy=sizeGb");
    assert_eq!(first["items"], json!({ "zones/b": { "disks": [disk("d2", "10")] } }));
    let next = first["nextPageToken"].as_str().unwrap();
    let second = ask(&format!("maxResults=1&orderBy=sizeGb&pageToken={next}"));
    assert_eq!(second["items"], json!({ "zones/a": { "disks": [disk("d1", "20")] } }));
    let empty = depot.ok("GET", "/depot/v1/projects/none/aggregated/disks", &Value::Null);
    assert_eq!(empty, json!({ "kind": "depot#diskAggregatedList", "items": {} }));
    assert_eq!(depot.err("GET", &format!("{all}?returnPartialSuccess=maybe"), &Value::Null).0, 400);
}

#[test]
fn lists_are_restricted_by_prefix_and_delimiter_or_refused() {
    let fixture = cloud();
    for (name, kind) in [("a/1", "text/a"), ("a/b/2", "text/b"), ("c", "text/a"), ("ab", "text/b")]
    {
        let name = name.replace('/', "%2F");
        let upload = format!("/upload/cloud/v1/b/x/o?uploadType=media&name={name}");
        fixture.send("POST", &upload, &[("content-type", kind)], "x");
    }
    let list = |query: &str| {
        let list = fixture.ok("GET", &format!("/cloud/v1/b/x/o?{query}"), &Value::Null);
        let texts = |value: &Value| {
            let items = value.as_array().cloned().unwrap_or_default().into_iter();
            items
                .map(|v| v.get("name").unwrap_or(&v).as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        (texts(&list["items"]).join(" "), texts(&list["prefixes"]).join(" "))
    };
    for (query, items, prefixes) in [
        ("", "a/1 a/b/2 c ab", ""),
        ("prefix=a", "a/1 a/b/2 ab", ""),
        ("delimiter=/", "c ab", "a/"),
        ("prefix=a/&delimiter=/", "a/1", "a/b/"),
        ("prefix=none&delimiter=/", "", ""),
        ("startOffset=ab&endOffset=c", "ab", ""),
        ("contentType=text/a", "a/1 c", ""),
        ("softDeleted=false&includeTrailing=true", "a/1 a/b/2 c ab", ""),
    ] {
        assert_eq!(list(query), (items.to_owned(), prefixes.to_owned()), "{query}");
    }
    for query in ["matchGlob=**", "softDeleted=true"] {
        let (status, _, message) =
            fixture.err("GET", &format!("/cloud/v1/b/x/o?{query}"), &Value::Null);
        let name = query.split('=').next().unwrap();
        assert!(
            status == 400 && message.contains(&format!("cannot evaluate {name}=")),
            "{message}"
        );
    }
}

#[test]
fn new_content_replaces_the_old_under_conditions() {
    let fixture = cloud();
    let upload = |condition: &str, text: &str| {
        let path = format!("/upload/cloud/v1/b/x/o?uploadType=media&name=a{condition}");
        fixture.send("POST", &path, &[("content-type", "text/plain")], text)
    };
    let generation =
        |reply: &common::Reply| reply.json()["generation"].as_str().unwrap().to_owned();
    assert_eq!(upload("&ifGenerationMatch=7", "zero").status, 412, "it does not exist");
    assert_eq!(generation(&upload("&ifGenerationMatch=0", "one")), "1");
    assert_eq!(generation(&upload("", "two")), "2");
    assert_eq!(upload("&ifGenerationMatch=1", "three").status, 412);
    assert_eq!(generation(&upload("&ifGenerationMatch=2", "four")), "3");
    let place = "/cloud/v1/b/x/o/a";
    assert_eq!(fixture.send("GET", &format!("{place}?alt=media"), &[], "").text, "four");
    let delete = |condition: &str| fixture.send("DELETE", &format!("{place}?{condition}"), &[], "");
    assert_eq!(delete("ifGenerationMatch=2").status, 412);
    assert_eq!(delete("ifGenerationNotMatch=3").status, 412);
    assert_eq!(delete("ifGenerationMatch=3").status, 200);
    // Without content, what exists is not replaced.
    fixture.ok("POST", "/cloud/v1/b/x/o", &json!({ "name": "b" }));
    assert_eq!(fixture.err("POST", "/cloud/v1/b/x/o", &json!({ "name": "b" })).0, 409);
}

#[test]
fn the_path_of_resumable_uploads_is_taken() {
    let fixture = cloud();
    let start = "/resumable/upload/cloud/v1/b/x/o?uploadType=resumable&name=r";
    let session = fixture.send("POST", start, &[("x-upload-content-type", "text/plain")], "");
    let place = session.header("location").unwrap_or_else(|| panic!("{session:?}")).to_owned();
    let path = place.strip_prefix("http://localhost").unwrap();
    assert!(path.starts_with("/resumable/upload/"), "{path}");
    let done = fixture.send("PUT", path, &[], "content");
    assert_eq!((done.status, done.json()["size"].as_str()), (200, Some("7")));
    assert_eq!(fixture.send("GET", "/cloud/v1/b/x/o/r?alt=media", &[], "").text, "content");
}

#[test]
fn a_method_named_for_a_schema_creates_it() {
    let fixture = cloud();
    let copy = format!("{ZONE}/machines/m/createMachine");
    let operation = fixture.ok("POST", &copy, &json!({ "name": "n", "tags": { "items": ["a"] } }));
    assert_eq!(operation["status"], "DONE");
    let machine = fixture.ok("GET", &format!("{ZONE}/machines/n"), &Value::Null);
    assert_eq!(operation["targetLink"], machine["selfLink"]);
    // What has a fingerprint has one, also where it is empty.
    let other = fixture.ok("POST", &copy, &json!({ "name": "o" }));
    assert_eq!(other["status"], "DONE");
    let other = fixture.ok("GET", &format!("{ZONE}/machines/o"), &Value::Null);
    assert!(other["tags"]["fingerprint"].is_string(), "{other}");
    assert_ne!(machine["tags"]["fingerprint"], other["tags"]["fingerprint"]);
    assert_eq!(fixture.err("POST", &copy, &json!({ "name": "n" })).0, 409);
}
