//! Filter expressions: `companyName = "projects/p/companies/1" AND NOT status = "EXPIRED"`.
//!
//! The grammar is the common part of [AIP-160](https://google.aip.dev/160) and of the SQL-like
//! filters of older APIs: comparisons with `=`, `!=`, `<`, `<=`, `>`, `>=` and `:` (has), joined by
//! `AND`, `OR`, `NOT`, `-` and parentheses, and the functions that an API names, such as
//! `LOWER(field)`.

mod eval;
mod lex;
mod parse;

use std::collections::BTreeMap;

pub(crate) use self::eval::lookup;
use crate::error::ApiError;

/// A filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of these hold.
    And(Vec<Filter>),
    /// One of these holds.
    Or(Vec<Filter>),
    /// This does not hold.
    Not(Box<Filter>),
    /// A comparison.
    Compare {
        /// What is compared.
        operand: Operand,
        /// How.
        op: Op,
        /// With what: text or number as written, without quotes.
        value: Literal,
    },
    /// A function that is a condition by itself, such as `EMPTY(field)`.
    Test(Operand),
}

/// The left side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operand {
    /// A function around the field, for example `LOWER`.
    pub function: Option<String>,
    /// The field, with `.` between its names.
    pub field: String,
}

/// A value in a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// Its text, without quotes and escapes.
    pub text: String,
    /// Whether it stood in quotes.
    pub quoted: bool,
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `:`
    Has,
}

/// Which of `AND` and `OR` binds more strongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// `OR` does, as in AIP-160.
    Aip160,
    /// `AND` does, as in SQL.
    Sql,
    /// As SQL, with keywords in any case, as in Drive's `q`.
    Query,
}

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    ///
    /// `INVALID_ARGUMENT`, with the place and what was expected there.
    pub fn parse(text: &str, grammar: Grammar) -> Result<Self, ApiError> {
        parse::parse(text, grammar)
    }

    /// The pairs of a filter that is only `field = "value"`, or several joined by `AND`, each
    /// field once. `None` for any other.
    #[must_use]
    pub fn equalities(&self) -> Option<BTreeMap<&str, &str>> {
        let parts = match self {
            Self::And(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        let mut pairs = BTreeMap::new();
        for part in parts {
            let Self::Compare { operand, op: Op::Equal, value } = part else { return None };
            let new = pairs.insert(operand.field.as_str(), value.text.as_str()).is_none();
            if operand.function.is_some() || !new {
                return None;
            }
        }
        Some(pairs)
    }

    /// All left sides, for checks against a schema.
    #[must_use]
    pub fn operands(&self) -> Vec<&Operand> {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().flat_map(Self::operands).collect(),
            Self::Not(inner) => inner.operands(),
            Self::Compare { operand, .. } | Self::Test(operand) => vec![operand],
        }
    }
}
