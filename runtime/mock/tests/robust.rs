//! Every request gets a JSON response, and none makes the server fail.
#![cfg(test)]

mod common;

use bytes::Bytes;
use common::methods::API;
use discovery_mock::filter::{Filter, Grammar};
use discovery_mock::{Selection, Server};
use http::Request;
use proptest::prelude::*;
use serde_json::{Value, json};

fn json_value() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec![
        "title",
        "author",
        "familyName",
        "loan",
        "reader",
        "labels",
        "isbn",
        "theme",
        "name",
        "x",
        "read_time",
        "sequel",
        "updateMask",
        "id",
        "etag",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[ -~]{0,8}".prop_map(Value::from),
        Just(json!("2026-01-15T10:00:00Z")),
        Just(json!("shelves/s")),
    ];
    leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 0..5)
                .prop_map(|members| json!(members)),
        ]
    })
}

fn path() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "/v1",
        "/shelves",
        "/s",
        "/books",
        "/b",
        "/loans",
        "/1",
        "/notes",
        "/n",
        ":count",
        ":reprint",
        "/projects/p",
        "/settings",
        "/readers",
        "/%2F",
        "/-",
        "/upload",
        "//",
        "/batch",
        "/%ff",
        "/locations/l",
    ]);
    prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

fn query() -> impl Strategy<Value = String> {
    let pair = prop::sample::select(vec![
        "pageSize=2",
        "pageToken=x",
        "filter=title%3D1",
        "filter=((",
        "orderBy=title,pages+desc",
        "updateMask=*",
        "updateMask=a.b.c",
        "fields=a(b",
        "fields=name",
        "alt=media",
        "of=1",
        "uploadType=resumable",
        "uploadType=multipart",
        "upload_id=upload-1",
        "shelfId=s",
        "bookId=b%2Fc",
        "allowMissing=true",
        "force=true",
        "prettyPrint=false",
        "%=%",
        "validateOnly=true",
    ]);
    prop::collection::vec(pair, 0..4).prop_map(|pairs| pairs.join("&"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_request_gets_a_response(
        verb in prop::sample::select(vec!["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "BREW"]),
        path in path(), query in query(),
        body in prop_oneof![json_value().prop_map(|v| v.to_string().into_bytes()), any::<Vec<u8>>()],
        headers in prop::sample::select(vec![
            ("content-type", "application/json"),
            ("content-type", "multipart/mixed; boundary=-"),
            ("x-http-method-override", "DELETE"),
            ("content-range", "bytes 0-0/1"),
        ]),
    ) {
        let server = Server::builder(&API).build();
        server.seed(&json!({ "shelves/s": { "theme": "t" }, "shelves/s/books/b": { "title": "t" },
            "loans/1": { "reader": "r" }, "notes/n": {} })).unwrap();
        for _ in 0..2 {
            let request = Request::builder()
                .method(verb)
                .uri(format!("{path}?{query}"))
                .header(headers.0, headers.1)
                .body(Bytes::from(body.clone()));
            let Ok(request) = request else { return Ok(()) };
            let response = server.respond(request);
            let status = response.status().as_u16();
            prop_assert!(status < 500, "{status} {:?}", response.body());
            let is_json = response.headers().get("content-type").is_some_and(|t| {
                t.to_str().unwrap().starts_with("application/json")
            });
            if is_json {
                let value: Value = serde_json::from_slice(response.body()).unwrap();
                prop_assert_eq!(status >= 400, value.get("error").is_some());
            }
        }
    }

    #[test]
    fn arbitrary_filters_and_selections_do_not_panic(text in "[a-c()\"' =<>!:*,/.\\-]{0,24}|.{0,16}") {
        for grammar in [Grammar::Sql, Grammar::Aip160, Grammar::Query] {
            if let Ok(filter) = Filter::parse(&text, grammar) {
                let resource = json!({ "a": [1, { "b": "c" }], "b": null });
                let negated = Filter::Not(Box::new(filter.clone()));
                prop_assert_ne!(filter.holds(&resource), negated.holds(&resource));
            }
        }
        if let Ok(selection) = Selection::parse(&text) {
            selection.apply(&mut json!({ "a": [{ "b": 1 }], "c": {} }));
        }
    }
}
