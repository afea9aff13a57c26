//! Stage 1: JSON text to wire structs.
//!
//! The structs mirror a discovery document and borrow from its JSON; references are not resolved.
//! Unknown keys and values of the wrong type are reported with their JSON pointers, several at
//! once.

mod document;
mod object;
mod schema;

pub use document::{Document, Endpoint, MediaUpload, Method, Resource};
pub use schema::{Schema, Variant};

use crate::error::{Diagnostic, Kind, Report, Stage};
use serde_json::Value;

/// Parses JSON text.
///
/// # Errors
/// Text that is not JSON, or not an object.
pub fn json(text: &str, report: &mut Report) -> Option<Value> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match serde_json::from_str::<Value>(text) {
        Ok(value @ Value::Object(_)) => Some(value),
        Ok(_) => {
            report.push(
                Diagnostic::error(
                    Stage::Parse,
                    Kind::Malformed,
                    "",
                    "the document is not a JSON object",
                )
                .help("a discovery document begins with {\"kind\": \"discovery#restDescription\""),
            );
            None
        }
        Err(error) => {
            report.push(
                Diagnostic::error(Stage::Parse, Kind::Malformed, "", format!("not JSON: {error}"))
                    .help("fetch the document again; the file may be cut off or a web page"),
            );
            None
        }
    }
}

/// Reads the wire structs from JSON.
///
/// # Errors
/// Findings go to `report`; returns `None` if the JSON is not a discovery document.
pub fn parse<'a>(value: &'a Value, report: &mut Report) -> Option<Document<'a>> {
    let at = "";
    if let Some(error) = value.get("error") {
        let code = error.get("code").map(Value::to_string).unwrap_or_default();
        let text = error.get("message").and_then(Value::as_str).unwrap_or("no message");
        report.push(
            Diagnostic::error(
                Stage::Parse,
                Kind::Malformed,
                "/error",
                format!("this is an error response, not a document: {code} {text}"),
            )
            .help("check the API's id and version, then fetch the document again"),
        );
        return None;
    }
    if let Some(protocol) = value.get("protocol").and_then(Value::as_str)
        && protocol != "rest"
    {
        report.push(
            Diagnostic::error(
                Stage::Parse,
                Kind::Malformed,
                "/protocol",
                format!("protocol `{protocol}` is not supported"),
            )
            .help("fetch the REST description of this API"),
        );
        return None;
    }
    Document::read(object::Obj::new(value, at.to_owned(), report)?, report)
}
