//! Enums and their values.

use crate::support::{BOOK, BOOKS, check, edited};
use discovery_generator::diff::Verdict;

const COMPATIBLE: Verdict = Verdict::Compatible;
const SOURCE: Verdict = Verdict::SOURCE;

#[test]
fn values_are_added_and_removed() {
    check(&[
        (
            "a new value",
            |e| {
                e.set(&format!("{BOOK}/genre/enum/3"), "ESSAY");
                e.set(&format!("{BOOK}/genre/enumDescriptions/3"), "An attempt.");
            },
            &[("value added", "BookGenre.ESSAY", COMPATIBLE)],
        ),
        (
            "a value goes",
            |e| {
                e.remove(&format!("{BOOK}/genre/enum/1"));
                e.remove(&format!("{BOOK}/genre/enumDescriptions/1"));
            },
            &[("value removed", "BookGenre.NOVEL", SOURCE)],
        ),
        (
            "a value under another name",
            |e| e.set(&format!("{BOOK}/genre/enum/1"), "FICTION"),
            &[("value renamed", "BookGenre.FICTION", Verdict::BOTH)],
        ),
    ]);
}

#[test]
fn attributes_of_values() {
    check(&[
        (
            "a value is deprecated",
            |e| {
                let flags = serde_json::json!([false, true, false]);
                e.set(&format!("{BOOK}/genre/enumDeprecated"), flags);
            },
            &[("value deprecated", "BookGenre.NOVEL", COMPATIBLE)],
        ),
        (
            "a value is described otherwise",
            |e| e.set(&format!("{BOOK}/genre/enumDescriptions/2"), "Rhyme."),
            &[("value docs changed", "BookGenre.POETRY", Verdict::Docs)],
        ),
        (
            "another order",
            |e| {
                e.set(
                    &format!("{BOOK}/genre/enum"),
                    serde_json::json!(["GENRE_UNSPECIFIED", "POETRY", "NOVEL"]),
                );
                let texts = serde_json::json!(["Not said.", "Verse.", "A long story."]);
                e.set(&format!("{BOOK}/genre/enumDescriptions"), texts);
            },
            &[("enum order changed", "BookGenre", COMPATIBLE)],
        ),
        (
            "a long name comes back because a short one is taken",
            |e| e.set(&format!("{BOOK}/genre/enum/3"), "UNSPECIFIED"),
            &[
                ("value renamed in Rust", "BookGenre.GENRE_UNSPECIFIED", SOURCE),
                ("value added", "BookGenre.UNSPECIFIED", COMPATIBLE),
            ],
        ),
    ]);
}

#[test]
fn enums_are_added_and_removed() {
    check(&[
        (
            "text becomes an enumeration",
            |e| e.set(&format!("{BOOK}/isbn/enum"), serde_json::json!(["0", "1"])),
            &[("field type changed", "Book.isbn", SOURCE)],
        ),
        (
            "an enumeration becomes text",
            |e| drop(e.remove(&format!("{BOOK}/genre/enum"))),
            &[("field type changed", "Book.genre", SOURCE)],
        ),
        (
            "a value of a parameter",
            |e| e.set(&format!("{BOOKS}/list/parameters/view/enum/2"), "ALL"),
            &[("value added", "ListView.ALL", COMPATIBLE)],
        ),
    ]);
}

#[test]
fn affected_methods_of_a_value() {
    let diff = edited(|e| e.set(&format!("{BOOK}/genre/enum/3"), "ESSAY"));
    let affected = &diff.changes[0].affected;
    assert_eq!(affected.sends, ["library.shelves.books.insert"]);
    assert_eq!(
        affected.reads,
        [
            "library.shelves.books.configure",
            "library.shelves.books.get",
            "library.shelves.books.insert",
            "library.shelves.books.list",
            "library.shelves.books.move",
        ]
    );
    assert_eq!(diff.changes[0].place.rust, "models::BookGenre::Essay");
    assert_eq!(diff.changes[0].place.pointer, "/schemas/Book/properties/genre/enum/3");
    let diff = edited(|e| e.set(&format!("{BOOKS}/list/parameters/view/enum/2"), "ALL"));
    assert_eq!(diff.changes[0].affected.calls, ["library.shelves.books.list"]);
    assert_eq!(diff.changes[0].place.rust, "resources::shelves::books::ListView::All");
}
