//! Conversion from a deserializer to JSON text.

use crate::reader::is_number;
use crate::traits::Encode;
use crate::{Bytes, Writer};
use ::serde::Deserializer;
use ::serde::de::{
    DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use std::fmt;

/// Key of the map that represents a number if `serde_json` is built with `arbitrary_precision`.
const NUMBER: &str = "$serde_json::private::Number";

/// Writes the content of a deserializer.
pub(super) struct Text<'w>(pub(super) &'w mut Writer);

impl Text<'_> {
    fn encode<E>(self, value: &dyn Encode) -> Result<(), E> {
        value.encode(self.0);
        Ok(())
    }

    fn number<E>(self, value: &dyn fmt::Display) -> Result<(), E> {
        self.0.out.push_str(&value.to_string());
        Ok(())
    }

    fn exact_number<'de, A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let text = members.next_value::<String>()?;
        if !is_number(&text) {
            return Err(A::Error::custom(format!("invalid number {text:?}")));
        }
        self.number(&text)
    }
}

impl<'de> DeserializeSeed<'de> for Text<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Text<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.encode(&value)
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.number(&value)
    }

    fn visit_i128<E>(self, value: i128) -> Result<(), E> {
        self.number(&value)
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.number(&value)
    }

    fn visit_u128<E>(self, value: u128) -> Result<(), E> {
        self.number(&value)
    }

    fn visit_f32<E>(self, value: f32) -> Result<(), E> {
        self.encode(&value)
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.encode(&value)
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.encode(&text)
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<(), E> {
        self.encode(&Bytes::from(bytes))
    }

    fn visit_none<E>(self) -> Result<(), E> {
        self.0.null();
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.null();
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.0.open_list();
        let mut end = self.0.out.len();
        while items.next_element_seed(Item(&mut *self.0))?.is_some() {
            end = self.0.out.len();
        }
        // Removes the comma written before the missing item.
        self.0.out.truncate(end);
        self.0.close_list();
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let start = self.0.out.len();
        self.0.open_map();
        while let Some(key) = members.next_key_seed(Key)? {
            if key == NUMBER {
                self.0.out.truncate(start);
                return self.exact_number(members);
            }
            self.0.key(&key);
            members.next_value_seed(Text(&mut *self.0))?;
        }
        self.0.close_map();
        Ok(())
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<(), A::Error> {
        let (name, variant) = data.variant_seed(Key)?;
        variant.unit_variant()?;
        self.encode(&name)
    }
}

/// An item of a list, after a comma.
struct Item<'w>(&'w mut Writer);

impl<'de> DeserializeSeed<'de> for Item<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.item();
        deserializer.deserialize_any(Text(self.0))
    }
}

/// A map key, as text.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Key {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a number or a boolean as a key")
    }

    fn visit_bool<E>(self, value: bool) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_i64<E>(self, value: i64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_u64<E>(self, value: u64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_str<E>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_string<E>(self, text: String) -> Result<String, E> {
        Ok(text)
    }
}
