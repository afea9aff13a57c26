//! `cargo lab conformance protojson FILE`: runs protobuf's JSON conformance cases against the value
//! types of the runtime.
//!
//! The cases use fields of protobuf's test message. [`message::Message`] has these fields with the
//! types that the generator assigns to their discovery equivalents, in code like generated models.

mod expect;
mod message;
mod textproto;

use discovery_json::{Duration, Model as _, Timestamp};
use message::Message;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// A file of cases.
#[derive(Deserialize)]
struct Suite {
    cases: Vec<Case>,
}

/// A case of the suite.
#[derive(Deserialize)]
struct Case {
    name: String,
    kind: Kind,
    json: String,
    textproto: Option<String>,
    expect_output: Option<Output>,
}

/// Kind of a case.
#[derive(Clone, Copy, Deserialize, PartialEq)]
enum Kind {
    /// The JSON decodes to the message in `textproto`, and is encoded with the same meaning.
    RunValidJsonTest,
    /// Like `RunValidJsonTest`, with unknown fields in the JSON.
    RunValidJsonIgnoreUnknownTest,
    /// The encoded JSON has a given text in a member.
    RunValidJsonTestWithValidator,
    /// Decoding the JSON must fail.
    ExpectParseFailureForJson,
}

/// A member of the output, and its expected text.
#[derive(Deserialize)]
struct Output {
    field: String,
    equals: String,
}

/// Outcome of the cases.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Number of cases that apply to the value types.
    pub(crate) applicable: usize,
    /// Number of passed cases.
    pub(crate) passed: usize,
    /// Failed cases, with the reason.
    pub(crate) failures: Vec<String>,
    /// Number of cases that do not apply, by reason.
    pub(crate) not_applicable: BTreeMap<&'static str, usize>,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for failure in &self.failures {
            writeln!(f, "failed: {failure}")?;
        }
        let skipped = self.not_applicable.values().sum::<usize>();
        writeln!(
            f,
            "applicable {}, passed {}, not applicable {skipped}",
            self.applicable, self.passed
        )?;
        for (reason, count) in &self.not_applicable {
            writeln!(f, "  {count} {reason}")?;
        }
        Ok(())
    }
}

/// Runs all cases of a file.
///
/// # Errors
/// Returns an error if the file cannot be read or is not a file of cases. Failed cases are part of
/// the outcome.
pub(crate) fn run(path: &Path) -> Result<Outcome, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let suite: Suite = serde_json::from_str(&text)
        .map_err(|error| format!("{} is not a file of cases: {error}", path.display()))?;
    let mut outcome = Outcome::default();
    for case in &suite.cases {
        if let Some(reason) = not_applicable(case) {
            *outcome.not_applicable.entry(reason).or_default() += 1;
            continue;
        }
        outcome.applicable += 1;
        match check(case) {
            Ok(()) => outcome.passed += 1,
            Err(problem) => {
                outcome.failures.push(format!("{}: {problem}; input {}", case.name, case.json));
            }
        }
    }
    Ok(outcome)
}

/// Returns why a case does not apply to clients of discovery documents.
fn not_applicable(case: &Case) -> Option<&'static str> {
    match case.name.as_str() {
        "OriginalProtoFieldName" => {
            Some("uses field names of .proto files, which discovery documents do not contain")
        }
        "IgnoreUnknownEnumStringValueInRepeatedPart" | "IgnoreUnknownEnumStringValueInMapPart" => {
            Some("drops unknown enum text, which is preserved here")
        }
        "SkipsDefaultPrimitive" => Some("drops explicit zeros, which are preserved here"),
        "AnyWktRepresentationWithEmptyTypeAndValue" | "AnyWktRepresentationWithBadType" => {
            Some("resolves the @type of an Any, whose types discovery documents do not list")
        }
        "NullValueInOtherOneofOldFormat"
        | "NullValueInOtherOneofNewFormat"
        | "NullValueInNormalMessage" => {
            Some("uses google.protobuf.NullValue, which discovery documents cannot express")
        }
        _ => None,
    }
}

fn check(case: &Case) -> Result<(), String> {
    let read = Message::from_json(&case.json);
    if case.kind == Kind::ExpectParseFailureForJson {
        return match read {
            Ok(message) => Err(format!("was decoded as {}", message.to_json())),
            Err(_) => Ok(()),
        };
    }
    let message = read.map_err(|error| format!("was refused: {error}"))?;
    let text = message.to_json();
    match Message::from_json(&text) {
        Ok(again) if again.to_json() == text => {}
        _ => return Err(format!("{text} does not round-trip")),
    }
    let written = serde_json::from_str(&text).map_err(|error| format!("wrote {text}: {error}"))?;
    match (&case.textproto, &case.expect_output) {
        (Some(textproto), _) => expect::message(textproto, &case.json, &written),
        (None, Some(output)) => member(output, &written),
        (None, None) => unchanged(&case.json, &written),
    }
}

fn member(expected: &Output, written: &Value) -> Result<(), String> {
    let found = written.get(&expected.field).and_then(Value::as_str);
    if found.map(|text| own_spelling(&expected.field, text)).as_ref() == Some(&expected.equals) {
        return Ok(());
    }
    Err(format!("{} expected {:?}, got {found:?}", expected.field, expected.equals))
}

/// Returns the canonical spelling of a time or duration. The value types preserve the input's
/// spelling, but the cases expect the canonical one.
fn own_spelling(field: &str, text: &str) -> String {
    let own = match field {
        "optionalTimestamp" => text.parse().map(|time: Timestamp| time.to_utc().to_string()),
        "optionalDuration" => text.parse().map(|span: Duration| span.to_canonical().to_string()),
        _ => Ok(text.to_owned()),
    };
    own.unwrap_or_else(|error| error.to_string())
}

/// Checks cases without expected data: the output must equal the input.
fn unchanged(json: &str, written: &Value) -> Result<(), String> {
    let input: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
    if input == *written { Ok(()) } else { Err(format!("wrote {written}")) }
}

#[cfg(test)]
mod tests {
    use super::{Case, Kind, Output, check};

    fn case(kind: Kind, json: &str, textproto: Option<&str>) -> Case {
        Case {
            name: "test".to_owned(),
            kind,
            json: json.to_owned(),
            textproto: textproto.map(str::to_owned),
            expect_output: None,
        }
    }

    #[test]
    fn a_case_can_pass_and_fail() {
        let valid = Kind::RunValidJsonTest;
        let table = [
            (case(valid, r#"{"optionalInt32": 7}"#, Some("optional_int32: 7")), true),
            (case(valid, r#"{"optionalInt32": 7}"#, Some("optional_int32: 8")), false),
            (case(valid, r#"{"optionalInt32": 7}"#, Some("")), false),
            (case(valid, r#"{}"#, Some("optional_int32: 7")), false),
            (case(valid, r#"{"repeatedInt32": [1, 2]}"#, Some("repeated_int32: [1, 2]")), true),
            (case(valid, r#"{"repeatedInt32": [1]}"#, Some("repeated_int32: [1, 2]")), false),
            (case(Kind::ExpectParseFailureForJson, "{", None), true),
            (case(Kind::ExpectParseFailureForJson, "{}", None), false),
        ];
        for (case, passes) in table {
            assert_eq!(check(&case).is_ok(), passes, "{}", case.json);
        }
    }

    #[test]
    fn an_output_can_pass_and_fail() {
        let mut case =
            case(Kind::RunValidJsonTestWithValidator, r#"{"optionalDuration": "1.0s"}"#, None);
        for (equals, passes) in [("1s", true), ("1.0s", false)] {
            case.expect_output =
                Some(Output { field: "optionalDuration".to_owned(), equals: equals.to_owned() });
            assert_eq!(check(&case).is_ok(), passes);
        }
    }
}
