//! Filter expressions: `companyName = "projects/p/companies/1" AND NOT status = "EXPIRED"`.
//!
//! The grammar is the common part of [AIP-160](https://google.aip.dev/160) and the SQL-like filters
//! of older APIs: comparisons with `=`, `!=`, `<`, `<=`, `>`, `>=`, and `:` (has), joined by `AND`,
//! `OR`, `NOT`, `-`, and parentheses, and functions that an API defines, such as `LOWER(field)`.

mod eval;
mod lex;
mod parse;

use std::collections::BTreeMap;

pub(crate) use self::eval::lookup;
use crate::error::ApiError;

/// A parsed filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All conditions match.
    And(Vec<Filter>),
    /// Any condition matches.
    Or(Vec<Filter>),
    /// The condition does not match.
    Not(Box<Filter>),
    /// A comparison.
    Compare {
        /// Left side.
        operand: Operand,
        /// Operator.
        op: Op,
        /// Right side: text or number as written, without quotes.
        value: Literal,
    },
    /// A function used as a condition, such as `EMPTY(field)`.
    Test(Operand),
}

/// The left side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operand {
    /// Function applied to the field, for example `LOWER`.
    pub function: Option<String>,
    /// Path of the field, separated by `.`.
    pub field: String,
}

/// A literal value in a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// Text without quotes and escapes.
    pub text: String,
    /// Whether the value was quoted.
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

/// Precedence of `AND` and `OR`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// `OR` binds more strongly, as in AIP-160.
    Aip160,
    /// `AND` binds more strongly, as in SQL.
    Sql,
    /// As SQL, with case-insensitive keywords, as in Drive's `q`.
    Query,
}

impl Filter {
    /// Parses a filter.
    ///
    /// # Errors
    ///
    /// `INVALID_ARGUMENT`, with the position and what was expected there.
    pub fn parse(text: &str, grammar: Grammar) -> Result<Self, ApiError> {
        parse::parse(text, grammar)
    }

    /// Returns the pairs if the filter is `field = "value"` or several such comparisons joined by
    /// `AND`, each field once, and `None` otherwise.
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

    /// Returns all left sides, for validation against a schema.
    #[must_use]
    pub fn operands(&self) -> Vec<&Operand> {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().flat_map(Self::operands).collect(),
            Self::Not(inner) => inner.operands(),
            Self::Compare { operand, .. } | Self::Test(operand) => vec![operand],
        }
    }
}
