//! Renames and moves.

use crate::support::{BOOKS, check, edited, json};
use discovery_generator::diff::Verdict;

const COMPATIBLE: Verdict = Verdict::Compatible;
const SOURCE: Verdict = Verdict::SOURCE;
const BOTH: Verdict = Verdict::BOTH;

#[test]
fn renames() {
    check(&[
        (
            "a schema, wherever it is used",
            |e| e.replace("\"Author\"", "\"Writer\""),
            &[("schema renamed", "Writer", SOURCE)],
        ),
        (
            "a schema with what is written inside it",
            |e| e.replace("\"Book\"", "\"Volume\""),
            &[
                ("schema renamed", "Volume", SOURCE),
                ("schema renamed", "VolumeCover", SOURCE),
                ("enum renamed", "VolumeGenre", SOURCE),
            ],
        ),
        (
            "a field",
            |e| e.relocate("/schemas/Shelf/properties/theme", "/schemas/Shelf/properties/topic"),
            &[("field renamed", "Shelf.topic", BOTH)],
        ),
        (
            "a field of another meaning is another field",
            |e| {
                e.remove("/schemas/Shelf/properties/theme");
                let field = json(r#"{"type": "string", "description": "Something else."}"#);
                e.set("/schemas/Shelf/properties/topic", field);
            },
            &[("field removed", "Shelf.theme", SOURCE), ("field added", "Shelf.topic", COMPATIBLE)],
        ),
        (
            "a method",
            |e| {
                e.relocate(&format!("{BOOKS}/move"), &format!("{BOOKS}/carry"));
                e.set(&format!("{BOOKS}/carry/id"), "library.shelves.books.carry");
            },
            &[("method renamed", "library.shelves.books.carry", SOURCE)],
        ),
        (
            "a resource with all its methods",
            |e| {
                e.relocate(
                    "/resources/shelves/resources/books",
                    "/resources/shelves/resources/volumes",
                );
                e.replace("library.shelves.books.", "library.shelves.volumes.");
            },
            &[
                ("resource renamed", "shelves.volumes", SOURCE),
                ("method id changed", "library.shelves.volumes.configure", COMPATIBLE),
                ("method id changed", "library.shelves.volumes.get", COMPATIBLE),
                ("method id changed", "library.shelves.volumes.insert", COMPATIBLE),
                ("method id changed", "library.shelves.volumes.list", COMPATIBLE),
                ("method id changed", "library.shelves.volumes.move", COMPATIBLE),
            ],
        ),
    ]);
}

#[test]
fn moves() {
    check(&[
        (
            "a method, to another resource",
            |e| e.relocate(&format!("{BOOKS}/configure"), "/resources/shelves/methods/configure"),
            &[("method moved", "library.shelves.books.configure", SOURCE)],
        ),
        (
            "a field, to a schema inside",
            |e| e.relocate("/schemas/Shelf/properties/theme", "/schemas/Mentor/properties/theme"),
            &[("field moved", "Mentor.theme", BOTH)],
        ),
        (
            "a field, to a new schema",
            |e| {
                let theme = e.remove("/schemas/Shelf/properties/theme");
                e.set("/schemas/Topic", json(r#"{"type": "object", "properties": {}}"#));
                e.set("/schemas/Topic/properties/theme", theme);
            },
            &[("field moved", "Topic.theme", BOTH), ("schema added", "Topic", COMPATIBLE)],
        ),
    ]);
}

#[test]
fn renames_report_both_names_and_affected_methods() {
    let diff = edited(|e| e.replace("\"Author\"", "\"Writer\""));
    let change = &diff.changes[0];
    assert_eq!((change.old.as_deref(), change.new.as_deref()), (Some("Author"), Some("Writer")));
    assert_eq!(change.place.rust, "models::Writer");
    assert_eq!(change.affected.sends, ["library.shelves.books.insert"]);
}
