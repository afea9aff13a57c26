//! Lexer of filters.

use super::{Literal, Op};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Word(Literal),
    Op(Op),
    Open,
    Close,
    /// `-` before a condition.
    Minus,
}

/// Splits a filter into tokens, each with its start in characters.
pub(super) fn lex(text: &str) -> Result<Vec<(usize, Token)>, (usize, String)> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let start = at;
        let next = chars.get(at + 1).copied();
        let token = match c {
            c if c.is_whitespace() => {
                at += 1;
                continue;
            }
            '(' => Token::Open,
            ')' => Token::Close,
            '"' | '\'' => Token::Word(quoted(&chars, &mut at)?),
            '-' if next.is_some_and(|c| c == '(' || c.is_alphabetic()) => Token::Minus,
            c => match operator(c, next) {
                Some((op, length)) => {
                    at += length - 1;
                    Token::Op(op)
                }
                None => Token::Word(bare(&chars, &mut at)?),
            },
        };
        // Words leave `at` on their last character, like single characters.
        at += 1;
        tokens.push((start, token));
    }
    Ok(tokens)
}

fn operator(c: char, next: Option<char>) -> Option<(Op, usize)> {
    Some(match (c, next) {
        ('!', Some('=')) => (Op::NotEqual, 2),
        ('<', Some('=')) => (Op::AtMost, 2),
        ('>', Some('=')) => (Op::AtLeast, 2),
        ('<', _) => (Op::Less, 1),
        ('>', _) => (Op::Greater, 1),
        ('=', _) => (Op::Equal, 1),
        (':', _) => (Op::Has, 1),
        _ => return None,
    })
}

/// Reads quoted text; a backslash escapes the next character.
fn quoted(chars: &[char], at: &mut usize) -> Result<Literal, (usize, String)> {
    let start = *at;
    let quote = chars.get(start).copied();
    let mut text = String::new();
    loop {
        *at += 1;
        match chars.get(*at) {
            None => return Err((start, "unterminated string".to_owned())),
            Some('\\') => {
                *at += 1;
                text.extend(chars.get(*at));
            }
            Some(c) if Some(*c) == quote => return Ok(Literal { text, quoted: true }),
            Some(c) => text.push(*c),
        }
    }
}

fn bare(chars: &[char], at: &mut usize) -> Result<Literal, (usize, String)> {
    let rest = chars.iter().skip(*at);
    let text: String = rest.take_while(|c| is_bare(**c)).collect();
    match text.chars().count() {
        0 => Err((*at, "unexpected character".to_owned())),
        length => {
            *at += length - 1;
            Ok(Literal { text, quoted: false })
        }
    }
}

fn is_bare(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '(' | ')' | '"' | '\'' | '<' | '>' | '=' | '!' | ':')
}
