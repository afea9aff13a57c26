//! `--query`: JMESPath expressions over results.
//!
//! The library reads numbers through serde, which does not work together with serde_json's numbers
//! of any length: it sees an object with one private member. Numbers in literals and in `to_number`
//! are therefore converted here.

use jmespath::ast::{Ast, KeyValuePair};
use jmespath::functions::{ArgumentType, CustomFunction, Signature};
use jmespath::{Context, JmespathError, Rcvar, Runtime, Variable};
use serde_json::{Map, Value};

use super::QueryError;

/// Maximum number of operators and brackets: the library recurses without a limit.
const OPERATORS: usize = 100;

/// Maximum of a number in brackets: the library adds such numbers without a check.
const LARGEST_INDEX: i32 = 1 << 30;

/// Checked expression.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    text: String,
    ast: Ast,
}

impl Query {
    /// Parses an expression.
    pub(crate) fn parse(text: &str) -> Result<Self, QueryError> {
        let is_operator = |c: &char| "!&|.([{<>=".contains(*c);
        if text.chars().filter(is_operator).count() > OPERATORS {
            let message = format!("more than {OPERATORS} operators and brackets");
            return Err(QueryError(message));
        }
        let mut ast = jmespath::parse(text).map_err(|error| explain(&error))?;
        check(&mut ast)?;
        Ok(Self { text: text.to_owned(), ast })
    }

    /// Evaluates the expression.
    pub(crate) fn apply(&self, value: &Value) -> Result<Value, QueryError> {
        let mut runtime = Runtime::new();
        runtime.register_builtin_functions();
        runtime.register_function("to_number", Box::new(to_number()));
        let mut context = Context::new(&self.text, &runtime);
        let data = Rcvar::new(variable(value));
        let found = jmespath::interpret(&data, &self.ast, &mut context);
        let found = found.map_err(|error| explain(&error))?;
        json(&found)
    }
}

fn explain(error: &JmespathError) -> QueryError {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    QueryError(line.trim_end_matches('.').to_owned())
}

/// Rejects numbers that the library cannot handle, and repairs those in literals.
fn check(ast: &mut Ast) -> Result<(), QueryError> {
    let within = |number: i32| {
        let fits = number.unsigned_abs() <= LARGEST_INDEX.unsigned_abs();
        let message = format!("{number} in brackets is too large");
        if fits { Ok(()) } else { Err(QueryError(message)) }
    };
    match ast {
        Ast::Identity { .. } | Ast::Field { .. } => Ok(()),
        Ast::Index { idx, .. } => within(*idx),
        Ast::Slice { start, stop, step, .. } => {
            let numbers = [*start, *stop, Some(*step)];
            numbers.into_iter().flatten().try_for_each(within)
        }
        Ast::Literal { value, .. } => {
            *value = Rcvar::new(repaired(value)?);
            Ok(())
        }
        Ast::Expref { ast: node, .. }
        | Ast::Flatten { node, .. }
        | Ast::Not { node, .. }
        | Ast::ObjectValues { node, .. } => check(node),
        Ast::Comparison { lhs, rhs, .. }
        | Ast::Projection { lhs, rhs, .. }
        | Ast::And { lhs, rhs, .. }
        | Ast::Or { lhs, rhs, .. }
        | Ast::Subexpr { lhs, rhs, .. }
        | Ast::Condition { predicate: lhs, then: rhs, .. } => check(lhs).and_then(|()| check(rhs)),
        Ast::Function { args: nodes, .. } | Ast::MultiList { elements: nodes, .. } => {
            nodes.iter_mut().try_for_each(check)
        }
        Ast::MultiHash { elements, .. } => {
            elements.iter_mut().try_for_each(|KeyValuePair { value, .. }| check(value))
        }
    }
}

/// Restores the numbers of a literal.
fn repaired(literal: &Variable) -> Result<Variable, QueryError> {
    // Both sides of this round trip know the private member.
    let text = serde_json::to_string(literal).map_err(|error| QueryError(error.to_string()))?;
    let value: Value =
        serde_json::from_str(&text).map_err(|error| QueryError(error.to_string()))?;
    Ok(variable(&value))
}

/// `to_number`, which Google's 64-bit integers need: JSON has them as strings.
fn to_number() -> CustomFunction {
    let signature = Signature::new(vec![ArgumentType::Any], None);
    let number = |args: &[Rcvar], _: &mut Context<'_>| {
        let number = match args.first().map(|arg| &**arg) {
            Some(number @ Variable::Number(_)) => number.clone(),
            Some(Variable::String(text)) => match serde_json::from_str(text.trim()) {
                Ok(Value::Number(number)) => Variable::Number(number),
                Ok(_) | Err(_) => Variable::Null,
            },
            _ => Variable::Null,
        };
        Ok(Rcvar::new(number))
    };
    CustomFunction::new(signature, Box::new(number))
}

fn variable(value: &Value) -> Variable {
    match value {
        Value::Null => Variable::Null,
        Value::Bool(value) => Variable::Bool(*value),
        Value::Number(number) => Variable::Number(number.clone()),
        Value::String(text) => Variable::String(text.clone()),
        Value::Array(elements) => {
            Variable::Array(elements.iter().map(|element| Rcvar::new(variable(element))).collect())
        }
        Value::Object(members) => {
            let member =
                |(name, value): (&String, &Value)| (name.clone(), Rcvar::new(variable(value)));
            Variable::Object(members.iter().map(member).collect())
        }
    }
}

fn json(found: &Variable) -> Result<Value, QueryError> {
    Ok(match found {
        Variable::Null => Value::Null,
        Variable::Bool(value) => Value::Bool(*value),
        Variable::Number(number) => Value::Number(number.clone()),
        Variable::String(text) => Value::String(text.clone()),
        Variable::Array(elements) => {
            elements.iter().map(|element| json(element)).collect::<Result<Vec<_>, _>>()?.into()
        }
        Variable::Object(members) => {
            let member = |(name, value): (&String, &Rcvar)| Ok((name.clone(), json(value)?));
            members.iter().map(member).collect::<Result<Map<_, _>, _>>()?.into()
        }
        Variable::Expref(_) => {
            return Err(QueryError(
                "the result is an expression (&) rather than a value".to_owned(),
            ));
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The expected values are those of the reference implementation in Python.
    #[test]
    fn expressions() {
        let doc = json!({
            "jobs": [
                {"name": "a", "n": 5, "size": "9007199254740993", "tags": ["x", "y"]},
                {"name": "b", "n": 12, "size": "7", "tags": []},
            ],
            "big": 9007199254740993_u64,
            "nextPageToken": "t",
        });
        for (text, want) in [
            ("jobs[].name", json!(["a", "b"])),
            (
                "jobs[0]",
                json!({"name": "a", "n": 5, "size": "9007199254740993", "tags": ["x", "y"]}),
            ),
            ("jobs[?n > `10`].name", json!(["b"])),
            ("jobs[?n == `5`].name | [0]", json!("a")),
            ("jobs[?name == 'b'].{id: name, n: n}", json!([{"id": "b", "n": 12}])),
            ("length(jobs)", json!(2)),
            ("jobs[?to_number(size) < `100`].name", json!(["b"])),
            ("to_number(jobs[1].size)", json!(7)),
            ("to_number('x')", json!(null)),
            ("to_number('[1]')", json!(null)),
            ("sort_by(jobs, &name)[-1].name", json!("b")),
            ("`[1, {\"a\": 2}]`", json!([1, {"a": 2}])),
            ("jobs[].tags[]", json!(["x", "y"])),
            ("jobs[::-1].name", json!(["b", "a"])),
            ("missing", json!(null)),
            ("big", json!(9007199254740993_u64)),
            ("jobs[?contains(tags, 'x')].name", json!(["a"])),
            ("keys(@)", json!(["big", "jobs", "nextPageToken"])),
        ] {
            let query = Query::parse(text).unwrap_or_else(|error| panic!("{text}: {}", error.0));
            assert_eq!(query.apply(&doc).map_err(|error| error.0), Ok(want), "{text}");
        }
    }

    #[test]
    fn wrong_expressions_are_errors() {
        let deep = "!".repeat(20_000) + "a";
        let long = vec!["a"; 5_000].join(".");
        for text in [
            "",
            "jobs[",
            "a.",
            "[?",
            "a b",
            "[-2147483648]",
            "[::2147483647]",
            "[9999999999]",
            &deep,
            &long,
        ] {
            assert!(Query::parse(text).is_err(), "{}", &text[..text.len().min(40)]);
        }
        for text in ["length(`1`)", "unknown(@)", "[::0]", "&a", "sum('x')", "abs(@)"] {
            let query = Query::parse(text);
            let found = query.and_then(|query| query.apply(&json!([1])));
            let error = found.expect_err(text).0;
            assert!(!error.is_empty() && !error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn the_most_complex_expression_does_not_overflow_the_stack() {
        let deep = "!".repeat(OPERATORS) + "a";
        let long = vec!["a"; OPERATORS].join(".");
        let nested = "[".repeat(OPERATORS) + "a" + &"]".repeat(OPERATORS);
        for text in [deep, long, nested] {
            assert!(Query::parse(&text).unwrap().apply(&json!({"a": 1})).is_ok());
        }
    }
}
