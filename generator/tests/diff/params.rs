//! Parameters of methods.

use crate::support::{BOOKS, check, json};
use discovery_generator::diff::Verdict;

const COMPATIBLE: Verdict = Verdict::Compatible;
const SOURCE: Verdict = Verdict::SOURCE;
const BOTH: Verdict = Verdict::BOTH;
const WIRE: Verdict = Verdict::WIRE;

#[test]
fn parameters_are_added_and_removed() {
    check(&[
        (
            "a new optional parameter",
            |e| {
                e.set(
                    &format!("{BOOKS}/list/parameters/orderBy"),
                    json(r#"{"type": "string", "location": "query"}"#),
                )
            },
            &[("parameter added", "library.shelves.books.list(orderBy)", COMPATIBLE)],
        ),
        (
            "a new required parameter",
            |e| {
                e.set(
                    &format!("{BOOKS}/list/parameters/orderBy"),
                    json(r#"{"type": "string", "location": "query", "required": true}"#),
                )
            },
            &[("parameter added", "library.shelves.books.list(orderBy)", BOTH)],
        ),
        (
            "a parameter that every call has",
            |e| {
                e.set(
                    &format!("{BOOKS}/list/parameters/fields"),
                    json(r#"{"type": "string", "location": "query"}"#),
                )
            },
            &[("parameter added", "library.shelves.books.list(fields)", COMPATIBLE)],
        ),
        (
            "a parameter goes",
            |e| drop(e.remove(&format!("{BOOKS}/list/parameters/view"))),
            &[("parameter removed", "library.shelves.books.list(view)", SOURCE)],
        ),
    ]);
}

#[test]
fn parameters_are_renamed() {
    check(&[
        (
            "an optional parameter under another name",
            |e| {
                e.relocate(
                    &format!("{BOOKS}/list/parameters/pageSize"),
                    &format!("{BOOKS}/list/parameters/limit"),
                )
            },
            &[("parameter renamed", "library.shelves.books.list(limit)", BOTH)],
        ),
        (
            "a path parameter under another name: an argument has none",
            |e| {
                let list = e.remove(&format!("{BOOKS}/list")).to_string();
                e.set(
                    &format!("{BOOKS}/list"),
                    json(&list.replace("\"parent\"", "\"shelf\"").replace("{+parent}", "{+shelf}")),
                );
            },
            &[("parameter renamed", "library.shelves.books.list(shelf)", COMPATIBLE)],
        ),
        (
            "a required query parameter under another name",
            |e| {
                let method = e.remove(&format!("{BOOKS}/move")).to_string();
                e.set(&format!("{BOOKS}/move"), json(&method.replace("\"to\"", "\"target\"")));
            },
            &[("parameter renamed", "library.shelves.books.move(target)", WIRE)],
        ),
    ]);
}

#[test]
fn parameters_change() {
    check(&[
        (
            "optional becomes required",
            |e| e.set(&format!("{BOOKS}/list/parameters/view/required"), true),
            &[("parameter requirement changed", "library.shelves.books.list(view)", BOTH)],
        ),
        (
            "required becomes optional",
            |e| e.set(&format!("{BOOKS}/move/parameters/to/required"), false),
            &[("parameter requirement changed", "library.shelves.books.move(to)", SOURCE)],
        ),
        (
            "another type",
            |e| e.set(&format!("{BOOKS}/list/parameters/pageSize/format"), "uint32"),
            &[("parameter type changed", "library.shelves.books.list(pageSize)", SOURCE)],
        ),
        (
            "one becomes many",
            |e| e.set(&format!("{BOOKS}/list/parameters/view/repeated"), true),
            &[("parameter repetition changed", "library.shelves.books.list(view)", SOURCE)],
        ),
    ]);
}

#[test]
fn places_of_parameters() {
    check(&[
        (
            "another place in the call",
            |e| {
                e.set(
                    &format!("{BOOKS}/move/parameterOrder"),
                    serde_json::json!(["book", "shelf", "to"]),
                )
            },
            &[("method order changed", "library.shelves.books.move", SOURCE)],
        ),
        (
            "from the query to the path",
            |e| {
                e.set(&format!("{BOOKS}/move/parameters/to/location"), "path");
                e.set(&format!("{BOOKS}/move/path"), "v1/{shelf}/books/{book}:move/{to}");
            },
            &[
                ("method path changed", "library.shelves.books.move", WIRE),
                ("parameter location changed", "library.shelves.books.move(to)", WIRE),
            ],
        ),
    ]);
}

#[test]
fn attributes_of_parameters() {
    check(&[
        (
            "another default",
            |e| e.set(&format!("{BOOKS}/list/parameters/pageSize/default"), "20"),
            &[("parameter default changed", "library.shelves.books.list(pageSize)", COMPATIBLE)],
        ),
        (
            "other limits",
            |e| e.set(&format!("{BOOKS}/list/parameters/pageSize/maximum"), "50"),
            &[("parameter limits changed", "library.shelves.books.list(pageSize)", COMPATIBLE)],
        ),
        (
            "another pattern",
            |e| e.set("/resources/shelves/methods/delete/parameters/name/pattern", "^.*$"),
            &[("parameter limits changed", "library.shelves.delete(name)", COMPATIBLE)],
        ),
        (
            "deprecated",
            |e| e.set(&format!("{BOOKS}/list/parameters/view/deprecated"), true),
            &[("parameter deprecated", "library.shelves.books.list(view)", COMPATIBLE)],
        ),
        (
            "a description",
            |e| e.set(&format!("{BOOKS}/list/parameters/view/description"), "How much of it."),
            &[("parameter docs changed", "library.shelves.books.list(view)", Verdict::Docs)],
        ),
    ]);
}
