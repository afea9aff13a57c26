//! Resources and methods.

use crate::support::{BOOKS, check, json};
use discovery_generator::diff::Verdict;

const COMPATIBLE: Verdict = Verdict::Compatible;
const SOURCE: Verdict = Verdict::SOURCE;
const WIRE: Verdict = Verdict::WIRE;

#[test]
fn whole_methods() {
    check(&[
        (
            "a new method",
            |e| {
                e.set(&format!("{BOOKS}/burn"), json(r#"{"id": "library.shelves.books.burn", "httpMethod": "POST", "path": "v1/burn"}"#))
            },
            &[("method added", "library.shelves.books.burn", COMPATIBLE)],
        ),
        (
            "a method goes",
            |e| drop(e.remove(&format!("{BOOKS}/move"))),
            &[("method removed", "library.shelves.books.move", SOURCE)],
        ),
        (
            "a resource comes with its method",
            |e| {
                e.set("/resources/clubs", json(r#"{"methods": {"meet": {"id": "library.clubs.meet", "httpMethod": "GET", "path": "v1/clubs"}}}"#))
            },
            &[
                ("resource added", "clubs", COMPATIBLE),
                ("method added", "library.clubs.meet", COMPATIBLE),
            ],
        ),
        (
            "a method is deprecated",
            |e| e.set(&format!("{BOOKS}/move/deprecated"), true),
            &[("method deprecated", "library.shelves.books.move", COMPATIBLE)],
        ),
        (
            "a method is described otherwise",
            |e| e.set(&format!("{BOOKS}/move/description"), "Carries a book."),
            &[("method docs changed", "library.shelves.books.move", Verdict::Docs)],
        ),
        (
            "another id at the same place",
            |e| e.set(&format!("{BOOKS}/move/id"), "library.books.move"),
            &[("method id changed", "library.books.move", COMPATIBLE)],
        ),
    ]);
}

#[test]
fn requests_and_responses() {
    check(&[
        (
            "another verb",
            |e| e.set(&format!("{BOOKS}/configure/httpMethod"), "DELETE"),
            &[("method verb changed", "library.shelves.books.configure", WIRE)],
        ),
        (
            "a verb that is not repeated",
            |e| e.set(&format!("{BOOKS}/configure/httpMethod"), "PATCH"),
            &[
                ("method verb changed", "library.shelves.books.configure", WIRE),
                ("method idempotency changed", "library.shelves.books.configure", COMPATIBLE),
            ],
        ),
        (
            "another path",
            |e| e.set("/resources/shelves/methods/create/path", "v2/shelves"),
            &[("method path changed", "library.shelves.create", WIRE)],
        ),
        (
            "a slash is encoded now",
            |e| e.set("/resources/shelves/methods/delete/path", "v1/{name}"),
            &[("method path changed", "library.shelves.delete", WIRE)],
        ),
        (
            "variables change places",
            |e| e.set(&format!("{BOOKS}/move/path"), "v1/{book}/books/{shelf}:move"),
            &[("method path changed", "library.shelves.books.move", WIRE)],
        ),
        (
            "another request",
            |e| e.set("/resources/shelves/methods/create/request/$ref", "Book"),
            &[("method request changed", "library.shelves.create", SOURCE)],
        ),
        (
            "no request",
            |e| drop(e.remove("/resources/shelves/methods/create/request")),
            &[("method request changed", "library.shelves.create", Verdict::BOTH)],
        ),
        (
            "another response",
            |e| e.set(&format!("{BOOKS}/get/response/$ref"), "Mentor"),
            &[("method response changed", "library.shelves.books.get", Verdict::BOTH)],
        ),
        (
            "a response where there was none",
            |e| e.set("/resources/shelves/methods/delete/response", json(r#"{"$ref": "Shelf"}"#)),
            &[("method response changed", "library.shelves.delete", SOURCE)],
        ),
    ]);
}

#[test]
fn behavior() {
    check(&[
        (
            "one scope more suffices",
            |e| e.set(&format!("{BOOKS}/get/scopes/1"), "https://www.example.com/auth/library"),
            &[("method scopes changed", "library.shelves.books.get", COMPATIBLE)],
        ),
        (
            "one scope suffices no longer",
            |e| drop(e.remove(&format!("{BOOKS}/list/scopes/1"))),
            &[("method scopes changed", "library.shelves.books.list", COMPATIBLE)],
        ),
        (
            "a version of the API is asked for",
            |e| e.set(&format!("{BOOKS}/get/apiVersion"), "v1_20250101"),
            &[("method API version changed", "library.shelves.books.get", COMPATIBLE)],
        ),
        (
            "no pages any more",
            |e| drop(e.remove(&format!("{BOOKS}/list/parameters/pageToken"))),
            &[
                ("method paging changed", "library.shelves.books.list", SOURCE),
                ("parameter removed", "library.shelves.books.list(pageToken)", SOURCE),
            ],
        ),
        (
            "items of another type",
            |e| e.set("/schemas/ListBooksResponse/properties/books/items/$ref", "Shelf"),
            &[
                ("method paging changed", "library.shelves.books.list", SOURCE),
                ("field type changed", "ListBooksResponse.books", SOURCE),
            ],
        ),
    ]);
}

#[test]
fn media() {
    check(&[
        (
            "no upload",
            |e| {
                e.remove(&format!("{BOOKS}/insert/mediaUpload"));
                e.remove(&format!("{BOOKS}/insert/supportsMediaUpload"));
            },
            &[("method upload changed", "library.shelves.books.insert", SOURCE)],
        ),
        (
            "larger uploads",
            |e| e.set(&format!("{BOOKS}/insert/mediaUpload/maxSize"), "20MB"),
            &[("method upload changed", "library.shelves.books.insert", COMPATIBLE)],
        ),
        (
            "uploads cannot be resumed",
            |e| drop(e.remove(&format!("{BOOKS}/insert/mediaUpload/protocols/resumable"))),
            &[("method upload changed", "library.shelves.books.insert", WIRE)],
        ),
        (
            "no download",
            |e| drop(e.remove(&format!("{BOOKS}/get/supportsMediaDownload"))),
            &[("method download changed", "library.shelves.books.get", SOURCE)],
        ),
        (
            "a download",
            |e| e.set(&format!("{BOOKS}/move/supportsMediaDownload"), true),
            &[("method download changed", "library.shelves.books.move", COMPATIBLE)],
        ),
    ]);
}
