//! Conversion from JSON text to a serializer.

use crate::reader::{Object, Reader};
use ::serde::ser::{Error, SerializeMap as _, SerializeSeq as _};
use ::serde::{Serialize, Serializer};
use std::cell::RefCell;

/// Serializes valid JSON text.
pub(super) fn serialize<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    Node(&RefCell::new(Reader::from_text(text))).serialize(serializer)
}

/// The next value of the reader; serialized once.
struct Node<'r, 'a>(&'r RefCell<Reader<'a>>);

impl Serialize for Node<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let next = self.0.borrow_mut().peek();
        match next {
            b'{' => self.map(serializer),
            b'[' => self.list(serializer),
            b'"' => {
                let text = self.0.borrow_mut().string().map_err(S::Error::custom)?;
                serializer.serialize_str(&text)
            }
            b't' | b'f' => {
                let value = self.0.borrow_mut().boolean().map_err(S::Error::custom)?;
                serializer.serialize_bool(value)
            }
            b'n' => {
                self.0.borrow_mut().null().map_err(S::Error::custom)?;
                serializer.serialize_unit()
            }
            _ => {
                let text = self.0.borrow_mut().number().map_err(S::Error::custom)?;
                number(text, serializer)
            }
        }
    }
}

impl Node<'_, '_> {
    fn map<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = self.0.borrow_mut().object().map_err(S::Error::custom)?;
        let mut map = serializer.serialize_map(None)?;
        while let Some(key) = self.entry(&mut object)? {
            map.serialize_entry(&key, self)?;
        }
        map.end()
    }

    fn entry<E: Error>(&self, object: &mut Object) -> Result<Option<String>, E> {
        let key = object.entry(&mut self.0.borrow_mut()).map_err(E::custom)?;
        Ok(key.map(Into::into))
    }

    fn list<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut array = self.0.borrow_mut().array().map_err(S::Error::custom)?;
        let mut list = serializer.serialize_seq(None)?;
        while array.next(&mut self.0.borrow_mut()).map_err(S::Error::custom)? {
            list.serialize_element(self)?;
        }
        list.end()
    }
}

/// Serializes a number as an integer if it is one, else as by `serde_json`: exactly if it is built
/// with `arbitrary_precision`, as a double otherwise.
fn number<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if text == "-0" {
        return serializer.serialize_f64(-0.0);
    }
    if let Ok(value) = text.parse() {
        return serializer.serialize_i64(value);
    }
    if let Ok(value) = text.parse() {
        return serializer.serialize_u64(value);
    }
    let value: serde_json::Number = serde_json::from_str(text).map_err(S::Error::custom)?;
    value.serialize(serializer)
}
