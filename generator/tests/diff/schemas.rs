//! Schemas and fields.

use crate::support::{BOOK, Edit, check, json};
use discovery_generator::diff::Verdict;

const COMPATIBLE: Verdict = Verdict::Compatible;
const SOURCE: Verdict = Verdict::SOURCE;
const BOTH: Verdict = Verdict::BOTH;

fn set(edit: &mut Edit, field: &str, text: &str) {
    edit.set(&format!("{BOOK}/{field}"), json(text));
}

#[test]
fn fields_are_added_and_removed() {
    check(&[
        (
            "a new optional field",
            |e| set(e, "subtitle", r#"{"type": "string", "description": "More title."}"#),
            &[("field added", "Book.subtitle", COMPATIBLE)],
        ),
        (
            "a field goes",
            |e| drop(e.remove(&format!("{BOOK}/pages"))),
            &[("field removed", "Book.pages", SOURCE)],
        ),
    ]);
}

#[test]
fn types_of_fields() {
    check(&[
        (
            "a number of another size: the form stays",
            |e| e.set(&format!("{BOOK}/weight/format"), "float"),
            &[("field type changed", "Book.weight", SOURCE)],
        ),
        (
            "a number becomes text on the wire",
            |e| {
                set(
                    e,
                    "pages",
                    r#"{"type": "string", "format": "int64", "description": "How many pages."}"#,
                )
            },
            &[("field type changed", "Book.pages", BOTH)],
        ),
        (
            "text gets a format",
            |e| e.set(&format!("{BOOK}/isbn/format"), "google-datetime"),
            &[("field type changed", "Book.isbn", SOURCE)],
        ),
        (
            "one becomes many",
            |e| {
                set(
                    e,
                    "isbn",
                    r#"{"type": "array", "items": {"type": "string"}, "description": "Number."}"#,
                )
            },
            &[
                ("field type changed", "Book.isbn", BOTH),
                ("field default changed", "Book.isbn", COMPATIBLE),
            ],
        ),
    ]);
}

#[test]
fn types_that_fields_refer_to() {
    check(&[
        (
            "items of another schema",
            |e| e.set(&format!("{BOOK}/authors/items/$ref"), "Shelf"),
            &[("field type changed", "Book.authors", SOURCE)],
        ),
        (
            "a reference to a schema with other members",
            |e| e.set("/schemas/Author/properties/mentor/$ref", "Tags"),
            &[("field type changed", "Author.mentor", BOTH)],
        ),
        (
            "recursion forces a box",
            |e| e.set("/schemas/Mentor/properties/taught", json(r#"{"$ref": "Author"}"#)),
            &[
                ("field box changed", "Author.mentor", SOURCE),
                ("field added", "Mentor.taught", COMPATIBLE),
            ],
        ),
    ]);
}

#[test]
fn names_of_fields() {
    check(&[
        (
            "a field is called otherwise on the wire only",
            |e| {
                e.relocate("/schemas/Mentor/properties/school", "/schemas/Mentor/properties/School")
            },
            &[("field renamed", "Mentor.School", Verdict::WIRE)],
        ),
        (
            "another name comes first and takes the Rust name",
            |e| {
                let pages = e.remove(&format!("{BOOK}/pages"));
                set(e, "Pages", r#"{"type": "string"}"#);
                e.set(&format!("{BOOK}/pages"), pages);
            },
            &[
                ("field renamed in Rust", "Book.pages", SOURCE),
                ("field added", "Book.Pages", COMPATIBLE),
            ],
        ),
    ]);
}

#[test]
fn attributes_of_fields() {
    check(&[
        (
            "deprecated",
            |e| e.set(&format!("{BOOK}/isbn/deprecated"), true),
            &[("field deprecated", "Book.isbn", COMPATIBLE)],
        ),
        (
            "read-only",
            |e| e.set(&format!("{BOOK}/pages/readOnly"), true),
            &[("field read-only changed", "Book.pages", COMPATIBLE)],
        ),
        (
            "another default",
            |e| e.set(&format!("{BOOK}/isbn/default"), "1"),
            &[("field default changed", "Book.isbn", COMPATIBLE)],
        ),
        (
            "required by a method",
            |e| {
                let required = json(r#"{"required": ["library.shelves.books.insert"]}"#);
                e.set(&format!("{BOOK}/title/annotations"), required);
            },
            &[("field required-by changed", "Book.title", Verdict::WIRE)],
        ),
        (
            "a description",
            |e| e.set(&format!("{BOOK}/title/description"), "What it is called."),
            &[("field docs changed", "Book.title", Verdict::Docs)],
        ),
        (
            "space in a description",
            |e| e.set(&format!("{BOOK}/title/description"), " Title of the  book. "),
            &[],
        ),
    ]);
}

#[test]
fn whole_schemas() {
    check(&[
        (
            "a new schema",
            |e| {
                e.set("/schemas/Fee", json(r#"{"type": "object", "properties": {"cents": {"type": "string", "format": "int64"}}}"#))
            },
            &[("schema added", "Fee", COMPATIBLE)],
        ),
        (
            "a schema that nothing uses goes",
            |e| drop(e.remove("/schemas/Tags")),
            &[("schema removed", "Tags", SOURCE)],
        ),
        (
            "an object becomes a map",
            |e| {
                e.remove("/schemas/Shelf/properties");
                e.set("/schemas/Shelf/additionalProperties", json(r#"{"type": "string"}"#));
            },
            &[("schema form changed", "Shelf", BOTH)],
        ),
        (
            "an alias stands for something else",
            |e| e.set("/schemas/Tags/items/type", "boolean"),
            &[("schema type changed", "Tags", BOTH)],
        ),
        (
            "an inline object gets a field",
            |e| e.set(&format!("{BOOK}/cover/properties/hard"), json(r#"{"type": "boolean"}"#)),
            &[("field added", "BookCover.hard", COMPATIBLE)],
        ),
        (
            "a schema is deprecated",
            |e| e.set("/schemas/Shelf/deprecated", true),
            &[("schema deprecated", "Shelf", COMPATIBLE)],
        ),
        (
            "a schema is described otherwise",
            |e| e.set("/schemas/Shelf/description", "A board."),
            &[("schema docs changed", "Shelf", Verdict::Docs)],
        ),
        (
            "undeclared members of another type",
            |e| e.set("/schemas/Settings/additionalProperties/type", "boolean"),
            &[("schema undeclared members changed", "Settings", BOTH)],
        ),
        (
            "no undeclared members any more",
            |e| drop(e.remove("/schemas/Settings/additionalProperties")),
            &[("schema undeclared members changed", "Settings", SOURCE)],
        ),
        (
            "undeclared members are declared",
            |e| e.set("/schemas/Shelf/additionalProperties", json(r#"{"type": "string"}"#)),
            &[("schema undeclared members changed", "Shelf", COMPATIBLE)],
        ),
    ]);
}

#[test]
fn unions() {
    check(&[
        (
            "a case goes",
            |e| drop(e.remove("/schemas/Medium/variant/map/1")),
            &[("case removed", "Medium.shelf", SOURCE)],
        ),
        (
            "a new case",
            |e| {
                e.set(
                    "/schemas/Medium/variant/map/2",
                    json(r#"{"type_value": "author", "$ref": "Author"}"#),
                )
            },
            &[("case added", "Medium.author", COMPATIBLE)],
        ),
        (
            "a case is another schema",
            |e| e.set("/schemas/Medium/variant/map/1/$ref", "Mentor"),
            &[("case type changed", "Medium.shelf", BOTH)],
        ),
        (
            "another member tells the cases apart",
            |e| e.set("/schemas/Medium/variant/discriminant", "type"),
            &[("schema discriminant changed", "Medium", Verdict::WIRE)],
        ),
    ]);
}
