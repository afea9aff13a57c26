//! Text, Markdown, and JSON of a diff.

use crate::support::{BOOK, Edit, edited};
use discovery_generator::diff::{self, Diff};
use serde_json::Value;

fn mixed() -> Diff {
    edited(|e: &mut Edit| {
        e.set("/revision", "20250202");
        e.remove(&format!("{BOOK}/pages"));
        e.set(&format!("{BOOK}/genre/enum/3"), "ESSAY");
        e.set(&format!("{BOOK}/title/description"), "Title of the `whole` book.");
        e.set("/rootUrl", "https://books.example.com/");
        e.remove("/parameters/prettyPrint");
    })
}

#[test]
fn text() {
    assert_eq!(
        diff::text(&mixed()),
        "\
library:v1 20250101 → 20250202: breaking (source, wire)
2 breaking, 1 compatible, 1 docs only, 1 invisible

breaking
  field removed: Book.pages: was int32
      What a server still sends is kept in `extra`. Sent by library.shelves.books.insert; read by \
library.shelves.books.configure, library.shelves.books.get, library.shelves.books.insert and 2 more.
  api URL changed: rootUrl: https://library.example.com/ → https://books.example.com/ [wire]
      Concerns every call.

compatible
  value added: BookGenre.ESSAY
      Before, it was read as `UnknownValue`. Sent by library.shelves.books.insert; read by \
library.shelves.books.configure, library.shelves.books.get, library.shelves.books.insert and 2 more.

docs
  field docs changed: Book.title
      - Title of the book.
      + Title of the `whole` book.

not visible
  global parameter removed: prettyPrint: was boolean
"
    );
}

#[test]
fn markdown() {
    assert_eq!(
        diff::markdown(&mixed(), Some("0.2.0+20250202")),
        "\
## `library:v1`: 20250101 → 20250202

**Breaking (source, wire)**: 2 breaking, 1 compatible, 1 docs only, 1 invisible. Next \
version: `0.2.0+20250202`.

### Breaking (2)

- **field removed** `Book.pages`: was `int32`. Breaks source. What a server still sends is kept in \
`extra`. Sent by `library.shelves.books.insert`; read by `library.shelves.books.configure`, \
`library.shelves.books.get`, `library.shelves.books.insert` and 2 more.<br><sub>\
`models::Book::pages` · `/schemas/Book/properties/pages`</sub>
- **api URL changed** `rootUrl`: `https://library.example.com/` → `https://books.example.com/`. \
Breaks wire. Concerns every call.<br><sub>`SERVICE` · `/rootUrl`</sub>

### Compatible (1)

- **value added** `BookGenre.ESSAY`. Before, it was read as `UnknownValue`. Sent by \
`library.shelves.books.insert`; read by `library.shelves.books.configure`, \
`library.shelves.books.get`, `library.shelves.books.insert` and 2 more.<br><sub>\
`models::BookGenre::Essay` · `/schemas/Book/properties/genre/enum/3`</sub>

<details><summary>Descriptions (1)</summary>

- **field docs changed** `Book.title`

  ```diff
  - Title of the book.
  + Title of the `whole` book.
  ```

</details>

<details><summary>Invisible changes (1)</summary>

- **global parameter removed** `prettyPrint`: was `boolean`

</details>
"
    );
}

#[test]
fn changelog() {
    assert_eq!(
        diff::changelog(&mixed(), "0.2.0+20250202"),
        "\
## 0.2.0+20250202

Discovery revision 20250202.

### Breaking

- field removed: `models::Book::pages`: was `int32`
- api URL changed: `SERVICE`: `https://library.example.com/` → `https://books.example.com/`

### Compatible

- value added: `models::BookGenre::Essay`

1 description changed.
"
    );
}

#[test]
fn json() {
    let value: Value = serde_json::from_str(&diff::json(&mixed())).unwrap();
    assert_eq!(value["api"], "library:v1");
    assert_eq!(value["verdict"], "breaking (source, wire)");
    let first = &value["changes"][0];
    assert_eq!(first["kind"], "field removed");
    assert_eq!(first["place"]["pointer"], "/schemas/Book/properties/pages");
    assert_eq!(first["old"], "int32");
    assert_eq!(first["new"], Value::Null);
    assert_eq!(first["affected"]["sends"][0], "library.shelves.books.insert");
}

#[test]
fn unchanged_documents_print_nothing() {
    let diff = edited(|_| {});
    assert_eq!(diff::text(&diff), "library:v1 20250101: no changes\n");
    assert_eq!(diff::markdown(&diff, None), "## `library:v1`: 20250101\n\nNo changes.\n");
}

#[test]
fn long_comments_drop_the_least_important_changes() {
    let diff = edited(|e: &mut Edit| {
        e.remove(&format!("{BOOK}/pages"));
        for i in 0..600 {
            let text = "A ```` fence, \u{202e}and `more`. ".repeat(20);
            // Booleans are small: a large model would have boxed models.
            let field = serde_json::json!({ "type": "boolean", "description": text });
            e.set(&format!("{BOOK}/field{i}"), field);
        }
        e.set(&format!("{BOOK}/title/description"), "A ```` fence.");
    });
    let markdown = diff::markdown(&diff, None);
    assert!(markdown.len() < 65_000, "{}", markdown.len());
    let count = |text| markdown.matches(text).count();
    assert!(count("**field removed** `Book.pages`") == 1, "{markdown}");
    assert!(count(" more; `cargo xtask diff` lists all") == 2);
    assert_eq!((count("<details>"), count("</details>")), (2, 2));
    assert!(!markdown.contains('\u{202e}'));
    let diff = edited(|e: &mut Edit| {
        e.set(&format!("{BOOK}/title/description"), "A ```` fence.");
    });
    let markdown = diff::markdown(&diff, None);
    assert!(markdown.contains("\n  `````diff\n  - Title of the book.\n"), "{markdown}");
}
