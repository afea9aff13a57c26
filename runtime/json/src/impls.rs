//! `Decode` and `Encode` for types of the standard library.

use crate::error::{DecodeError, ValueError};
use crate::reader::Reader;
use crate::traits::{Decode, Encode};
use crate::writer::Writer;
use std::collections::BTreeMap;
use std::str::FromStr;

macro_rules! scalars {
    ($($type:ty: $method:ident;)*) => {$(
        impl Decode for $type {
            #[inline]
            fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
                r.$method()
            }
        }

        impl Encode for $type {
            #[inline]
            fn encode(&self, w: &mut Writer) {
                w.$method(*self);
            }
        }
    )*};
}

scalars! {
    bool: boolean;
    i32: int32;
    u32: uint32;
    i64: int64;
    u64: uint64;
    f32: float;
    f64: double;
}

impl Reader<'_> {
    /// Parses a value that is a string on the wire.
    pub(crate) fn parse_string<T: FromStr<Err = ValueError>>(
        &mut self,
        expected: &'static str,
    ) -> Result<T, DecodeError> {
        if self.peek() != b'"' {
            return Err(self.wrong_kind(expected));
        }
        let at = self.offset();
        let text = self.string()?;
        text.parse().map_err(|error: ValueError| DecodeError::value(error, at))
    }
}

impl Decode for String {
    #[inline]
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.owned_string()
    }
}

impl Encode for String {
    #[inline]
    fn encode(&self, w: &mut Writer) {
        w.string(self);
    }
}

impl Encode for str {
    #[inline]
    fn encode(&self, w: &mut Writer) {
        w.string(self);
    }
}

/// Accepts any value, for responses that are ignored.
impl Decode for () {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.skip().map(drop)
    }
}

/// Encodes an empty object.
impl Encode for () {
    fn encode(&self, w: &mut Writer) {
        w.open_map();
        w.close_map();
    }
}

impl<T: Decode> Decode for Box<T> {
    #[inline]
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        T::decode(r).map(Self::new)
    }
}

impl<T: Encode + ?Sized> Encode for Box<T> {
    #[inline]
    fn encode(&self, w: &mut Writer) {
        (**self).encode(w);
    }
}

/// Size in bytes from which spare capacity costs more than moving an item.
const LARGE: usize = 128;

impl<T: Decode> Decode for Vec<T> {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut items = Self::new();
        // Without `?`, as in `Reader::set`.
        let error = match r.array() {
            Ok(mut list) => loop {
                match list.next(r) {
                    Ok(true) => match T::decode(r) {
                        Ok(item) => {
                            // The initial capacity of four is much for a single model.
                            if size_of::<T>() >= LARGE && items.is_empty() {
                                items.reserve_exact(1);
                            }
                            items.push(item);
                        }
                        Err(error) => break error,
                    },
                    Ok(false) => return Ok(items),
                    Err(error) => break error,
                }
            },
            Err(error) => error,
        };
        Err(error)
    }
}

impl<T: Encode> Encode for [T] {
    fn encode(&self, w: &mut Writer) {
        w.open_list();
        for item in self {
            w.item();
            item.encode(w);
        }
        w.close_list();
    }
}

impl<T: Encode> Encode for Vec<T> {
    #[inline]
    fn encode(&self, w: &mut Writer) {
        self.as_slice().encode(w);
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut map = Self::new();
        let mut object = r.object()?;
        while let Some(key) = object.entry(r)? {
            map.insert(key.into_owned(), T::decode(r)?);
        }
        Ok(map)
    }
}

impl<T: Encode> Encode for BTreeMap<String, T> {
    fn encode(&self, w: &mut Writer) {
        w.open_map();
        for (key, value) in self {
            w.key(key);
            value.encode(w);
        }
        w.close_map();
    }
}
