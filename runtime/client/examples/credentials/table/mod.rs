//! Kinds of credentials and what they must do, tried against a stand-in for Google's services.

pub(crate) mod cells;
pub(crate) mod kinds;
pub(crate) mod stand_in;

use cells::Trial;
use kinds::Kind;
use std::fmt;

pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Properties of a kind, one per column.
const COLUMNS: [&str; 8] =
    ["works", "missing", "expired", "refused", "refresh", "200 calls", "quota", "universe"];

/// Expected outcomes.
///
/// - works: requests until the token is there;
/// - missing: the error where the file, the account, or the permission is missing;
/// - expired: the error where the token has expired and no service answers, so that the old token is
///   not sent;
/// - refused: the error where the grant was revoked, or the account detached;
/// - refresh: what happens in the last minutes of a token;
/// - 200 calls: requests for 200 calls at once, without a token;
/// - quota: the project that calls are billed to;
/// - universe: `checked` where a client of another universe rejects the credentials.
const EXPECTED: [(Kind, [&str; 8]); 16] = [
    row(Kind::User, ["1", "NotFound", "Unavailable", "Refused", "new", "1", "set", "checked"]),
    row(Kind::KeySigned, ["0", "NotFound", "new", "new", "new", "0", "set", "checked"]),
    row(
        Kind::KeyExchanged,
        ["1", "NotFound", "Unavailable", "Refused", "new", "1", "set", "checked"],
    ),
    row(Kind::KeySubject, ["1", "-", "Unavailable", "Refused", "new", "1", "set", "Invalid"]),
    row(
        Kind::Impersonated,
        ["2", "NotFound", "Unavailable", "Refused", "new", "2", "set", "checked"],
    ),
    row(
        Kind::WorkloadFile,
        ["1", "NotFound", "Unavailable", "Refused", "new", "1", "set", "checked"],
    ),
    row(
        Kind::WorkloadUrl,
        ["2", "Refused", "Unavailable", "Refused", "new", "2", "set", "checked"],
    ),
    row(
        Kind::WorkloadAws,
        ["1", "NotFound", "Unavailable", "Refused", "new", "1", "set", "checked"],
    ),
    row(
        Kind::WorkloadProgram,
        ["1", "Invalid", "Unavailable", "Refused", "new", "1", "set", "checked"],
    ),
    row(
        Kind::WorkloadImpersonated,
        ["2", "NotFound", "Unavailable", "Refused", "new", "2", "set", "checked"],
    ),
    row(Kind::Workforce, ["1", "NotFound", "Unavailable", "Refused", "new", "1", "set", "checked"]),
    row(
        Kind::Metadata,
        ["2", "Unavailable", "Unavailable", "NotFound", "new", "2", "set", "checked"],
    ),
    row(Kind::Gcloud, ["1", "NotFound", "Unavailable", "Refused", "new", "1", "set", "checked"]),
    row(Kind::IdKey, ["1", "NotFound", "Unavailable", "Refused", "new", "1", "none", "none"]),
    row(
        Kind::IdMetadata,
        ["1", "Unavailable", "Unavailable", "NotFound", "new", "1", "none", "none"],
    ),
    row(Kind::IdImpersonated, ["1", "-", "Unavailable", "Refused", "new", "1", "none", "none"]),
];

const fn row(kind: Kind, cells: [&'static str; 8]) -> (Kind, [&'static str; 8]) {
    (kind, cells)
}

/// A kind with its outcomes.
pub(crate) struct Row {
    kind: Kind,
    actual: Vec<String>,
    expected: [&'static str; 8],
}

impl Row {
    pub(crate) fn is_right(&self) -> bool {
        self.actual == self.expected
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<23}", self.kind.name())?;
        for (actual, expected) in self.actual.iter().zip(self.expected) {
            let cell = if actual == expected {
                actual.clone()
            } else {
                format!("{actual}, not {expected}")
            };
            write!(f, " {cell:<11}")?;
        }
        Ok(())
    }
}

pub(crate) fn heading() -> String {
    let columns: Vec<String> = COLUMNS.iter().map(|name| format!(" {name:<11}")).collect();
    format!("{:<23}{}", "credentials", columns.concat())
}

/// Tries every kind.
pub(crate) async fn all() -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    for (kind, expected) in EXPECTED {
        let trial = Trial::new(kind).await?;
        rows.push(Row { kind, actual: trial.cells().await?, expected });
    }
    Ok(rows)
}
