//! Parser of filters.

use super::lex::{Token, lex};
use super::{Filter, Grammar, Literal, Operand};
use crate::error::ApiError;

/// Maximum nesting of parentheses and negations.
const MAX_DEPTH: usize = 64;

pub(super) fn parse(text: &str, grammar: Grammar) -> Result<Filter, ApiError> {
    let refuse = |(at, why): (usize, String)| {
        let text = format!("Invalid filter '{text}': at character {at}, {why}.");
        ApiError::invalid("filter", text)
    };
    let tokens = lex(text).map_err(refuse)?;
    let mut parser = Parser { tokens: &tokens, grammar, end: text.chars().count(), depth: 0 };
    let filter = parser.level(0).map_err(refuse)?;
    match parser.tokens.first() {
        None => Ok(filter),
        Some((at, _)) => Err(refuse((*at, "expected AND, OR, or the end".to_owned()))),
    }
}

type Parsed<T> = Result<T, (usize, String)>;

struct Parser<'t> {
    tokens: &'t [(usize, Token)],
    grammar: Grammar,
    end: usize,
    depth: usize,
}

impl Parser<'_> {
    /// Parses one level of precedence: 0 is the weaker of `AND` and `OR`, 1 the stronger, 2 a
    /// single condition.
    fn level(&mut self, level: usize) -> Parsed<Filter> {
        let or = match (self.grammar, level) {
            (Grammar::Sql | Grammar::Query, 0) | (Grammar::Aip160, 1) => true,
            (Grammar::Sql | Grammar::Query, 1) | (Grammar::Aip160, 0) => false,
            _ => return self.condition(),
        };
        let mut parts = vec![self.level(level + 1)?];
        while self.keyword(if or { "OR" } else { "AND" }) {
            parts.push(self.level(level + 1)?);
        }
        Ok(match (parts.pop(), parts.is_empty()) {
            (Some(only), true) => only,
            (last, _) => {
                parts.extend(last);
                if or { Filter::Or(parts) } else { Filter::And(parts) }
            }
        })
    }

    fn condition(&mut self) -> Parsed<Filter> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err((self.at(), "the filter is nested too deeply".to_owned()));
        }
        let filter = if self.take(&Token::Minus) || self.keyword("NOT") {
            Filter::Not(Box::new(self.condition()?))
        } else if self.take(&Token::Open) {
            let inner = self.level(0)?;
            self.expect(&Token::Close, "a closing parenthesis")?;
            inner
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(filter)
    }

    fn comparison(&mut self) -> Parsed<Filter> {
        let operand = self.operand()?;
        match self.tokens.split_first() {
            Some(((_, Token::Op(op)), rest)) => {
                self.tokens = rest;
                Ok(Filter::Compare { operand, op: *op, value: self.value()? })
            }
            _ if operand.function.is_some() => Ok(Filter::Test(operand)),
            _ => Err((self.at(), "expected an operator such as =".to_owned())),
        }
    }

    fn operand(&mut self) -> Parsed<Operand> {
        let name = self.word("a field name")?;
        if !self.take(&Token::Open) {
            return Ok(Operand { function: None, field: name.text });
        }
        let field = self.word("a field name")?;
        self.expect(&Token::Close, "a closing parenthesis")?;
        Ok(Operand { function: Some(name.text), field: field.text })
    }

    fn value(&mut self) -> Parsed<Literal> {
        self.word("a value")
    }

    fn word(&mut self, what: &str) -> Parsed<Literal> {
        match self.tokens.split_first() {
            Some(((_, Token::Word(word)), rest)) => {
                self.tokens = rest;
                Ok(word.clone())
            }
            _ => Err((self.at(), format!("expected {what}"))),
        }
    }

    fn keyword(&mut self, keyword: &str) -> bool {
        let any_case = self.grammar == Grammar::Query;
        let is = |token: &Token| match token {
            Token::Word(Literal { text, quoted: false }) if any_case => {
                text.eq_ignore_ascii_case(keyword)
            }
            Token::Word(Literal { text, quoted: false }) => text == keyword,
            _ => false,
        };
        let first = self.tokens.first().map(|(_, token)| token.clone());
        first.filter(is).is_some_and(|token| self.take(&token))
    }

    fn take(&mut self, token: &Token) -> bool {
        match self.tokens.split_first() {
            Some(((_, first), rest)) if first == token => {
                self.tokens = rest;
                true
            }
            _ => false,
        }
    }

    fn expect(&mut self, token: &Token, what: &str) -> Parsed<()> {
        if self.take(token) { Ok(()) } else { Err((self.at(), format!("expected {what}"))) }
    }

    fn at(&self) -> usize {
        self.tokens.first().map_or(self.end, |(at, _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Op;
    use super::*;

    /// Prints a filter with all its parentheses.
    fn show(filter: &Filter) -> String {
        let joined = |parts: &[Filter], word: &str| {
            format!("({})", parts.iter().map(show).collect::<Vec<_>>().join(word))
        };
        match filter {
            Filter::And(parts) => joined(parts, " & "),
            Filter::Or(parts) => joined(parts, " | "),
            Filter::Not(inner) => format!("!{}", show(inner)),
            Filter::Test(operand) => format!("{:?}({})", operand.function, operand.field),
            Filter::Compare { operand, op: Op::Equal, value } => {
                format!("{}={}", operand.field, value.text)
            }
            Filter::Compare { operand, op, value } => {
                format!("{} {op:?} {}", operand.field, value.text)
            }
        }
    }

    #[test]
    fn precedence_depends_on_the_grammar() {
        let text = "a=1 AND b=2 OR NOT c=3 AND (d>=4 OR e:5)";
        let sql = show(&Filter::parse(text, Grammar::Sql).unwrap());
        assert_eq!(sql, "((a=1 & b=2) | (!c=3 & (d AtLeast 4 | e Has 5)))");
        let aip = show(&Filter::parse(text, Grammar::Aip160).unwrap());
        assert_eq!(aip, "(a=1 & (b=2 | !c=3) & (d AtLeast 4 | e Has 5))");
    }

    #[test]
    fn quotes_and_escapes() {
        let filter = Filter::parse(r#"LOWER(k) = "class \"a\" \\" AND -x = 'it'"#, Grammar::Sql);
        let filter = filter.unwrap();
        assert_eq!(show(&filter), r#"(k=class "a" \ & !x=it)"#);
        assert_eq!(filter.equalities(), None);
        let filter = Filter::parse(r#"a = "1" AND b.c = 2"#, Grammar::Aip160).unwrap();
        assert_eq!(
            filter.equalities().unwrap().into_iter().collect::<Vec<_>>(),
            [("a", "1"), ("b.c", "2")]
        );
    }

    #[test]
    fn errors_report_the_position() {
        for (text, expected) in [
            ("a", "at character 1, expected an operator such as ="),
            ("a = ", "at character 4, expected a value"),
            ("a = \"x", "at character 4, unterminated string"),
            ("(a = 1", "at character 6, expected a closing parenthesis"),
            ("a = 1 b = 2", "at character 6, expected AND, OR, or the end"),
            ("a ! 1", "at character 2, unexpected character"),
            ("", "at character 0, expected a field name"),
        ] {
            let error = Filter::parse(text, Grammar::Sql).unwrap_err();
            assert!(error.message().contains(expected), "{text}: {}", error.message());
        }
        let deep = "(".repeat(100_000);
        assert!(Filter::parse(&deep, Grammar::Sql).unwrap_err().message().contains("too deeply"));
    }
}
