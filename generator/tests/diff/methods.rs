//! Resources and methods.

use crate::support::{BOOKS, Edit, LIBRARY, check, json, model};
use discovery_generator::diff::{Verdict, diff};

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

/// A resource with a PATCH, before and after an edit. The functions that compare two values come and
/// go with the way in which a method takes an update.
#[test]
fn updates() {
    const PATCH: &str = "/resources/shelves/methods/patch";
    const REQUEST: &str = "/schemas/PatchShelf";
    let masked = r#"{"id": "library.shelves.patch", "httpMethod": "PATCH", "path": "v1/{+name}",
        "parameters": {"name": {"type": "string", "location": "path", "required": true},
            "updateMask": {"type": "string", "format": "google-fieldmask", "location": "query"}},
        "parameterOrder": ["name"], "request": {"$ref": "Shelf"}, "response": {"$ref": "Shelf"}}"#;
    let held = r#"{"id": "PatchShelf", "type": "object", "properties": {
        "shelf": {"$ref": "Shelf"}, "updateMask": {"type": "string", "format": "google-fieldmask"}}}"#;
    let method = |e: &mut Edit| e.set(PATCH, json(masked));
    let in_body = |e: &mut Edit| {
        e.set(PATCH, json(masked));
        e.remove(&format!("{PATCH}/parameters/updateMask"));
        e.set(&format!("{PATCH}/request/$ref"), "PatchShelf");
        e.set(REQUEST, json(held));
    };
    type Step<'a> = &'a dyn Fn(&mut Edit);
    let verb: Step<'_> = &|e| e.set(&format!("{PATCH}/httpMethod"), "POST");
    let no_mask: Step<'_> = &|e| drop(e.remove(&format!("{PATCH}/parameters/updateMask")));
    let needs_mask: Step<'_> = &|e| e.set(&format!("{PATCH}/parameters/updateMask/required"), true);
    let text: Step<'_> = &|e| {
        drop(e.remove(&format!("{REQUEST}/properties/updateMask/format")));
    };
    for (name, before, edit, change) in [
        ("a masked PATCH becomes a POST", &method as Step<'_>, verb, "method update changed"),
        ("a PATCH with a mask in its body", &in_body, verb, "schema update changed"),
        ("a mask of a body becomes text", &in_body, text, "schema update changed"),
    ] {
        let mut document = Edit(json(LIBRARY));
        before(&mut document);
        let old = model(&document.0.to_string());
        edit(&mut document);
        let new = model(&document.0.to_string());
        let verdict = |from, to| {
            let found = diff(from, to);
            let mut changes = found.changes.iter();
            changes.find(|c| c.kind.to_string() == change).map(|c| c.verdict)
        };
        assert_eq!(verdict(&old, &new), Some(SOURCE), "{name}");
        assert_eq!(verdict(&new, &old), Some(COMPATIBLE), "{name}, the other way");
    }
    // The function stays: it sets the mask itself, if there is one.
    for (name, edit) in [("a merge patch instead", no_mask), ("a mask is required", needs_mask)] {
        let mut document = Edit(json(LIBRARY));
        method(&mut document);
        let old = model(&document.0.to_string());
        edit(&mut document);
        let found = diff(&old, &model(&document.0.to_string()));
        let mut changes = found.changes.iter();
        assert!(!changes.any(|c| c.kind.to_string().contains("update")), "{name}: {found:#?}");
    }
}
