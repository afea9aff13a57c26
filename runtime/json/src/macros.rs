//! What every generated model and enumeration has in the same words.

use crate::{Encode, Extra, Json, Writer};

/// Writes a case of a tagged union: the object, with the member that tells the cases apart put in
/// where it is not set.
pub fn tagged(w: &mut Writer, member: &'static str, tag: &str, value: &dyn Encode) {
    let object = Json::encode(value);
    if object.get(member).is_some() {
        object.encode(w);
        return;
    }
    let start = w.begin();
    w.member(member, tag);
    for (key, value) in object.members() {
        w.key(&key);
        value.encode(w);
    }
    w.end(start, &Extra::default());
}

/// Implements [`Model`](crate::Model), `Debug` (only what is set is shown) and, with the feature
/// `serde`, `Serialize` and `Deserialize` for a type that is [`Decode`](crate::Decode) and
/// [`Encode`](crate::Encode).
#[macro_export]
macro_rules! model {
    ($ty:ident, $name:literal) => {
        impl $crate::Model for $ty {
            const NAME: &'static str = $name;
        }

        impl ::std::fmt::Debug for $ty {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::debug(self, ::std::stringify!($ty), f)
            }
        }

        $crate::__serde!($ty);
    };
}

/// Implements `Display`, `FromStr`, `From<&str>`, `From<String>`, [`Decode`](crate::Decode),
/// [`Encode`](crate::Encode) and, with the feature `serde`, `Serialize` and `Deserialize` for an
/// [`OpenEnum`](crate::OpenEnum).
#[macro_export]
macro_rules! open_enum {
    ($ty:ident) => {
        impl $ty {
            /// The text on the wire.
            pub fn as_str(&self) -> &str {
                $crate::OpenEnum::as_str(self)
            }
        }

        impl ::std::fmt::Display for $ty {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::std::str::FromStr for $ty {
            type Err = ::std::convert::Infallible;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                Ok($crate::OpenEnum::from_wire(text))
            }
        }

        impl ::std::convert::From<&str> for $ty {
            fn from(text: &str) -> Self {
                $crate::OpenEnum::from_wire(text)
            }
        }

        impl ::std::convert::From<::std::string::String> for $ty {
            fn from(text: ::std::string::String) -> Self {
                $crate::OpenEnum::from_wire(&text)
            }
        }

        impl $crate::Decode for $ty {
            fn decode(
                r: &mut $crate::Reader<'_>,
            ) -> ::std::result::Result<Self, $crate::DecodeError> {
                r.open_enum()
            }
        }

        impl $crate::Encode for $ty {
            fn encode(&self, w: &mut $crate::Writer) {
                w.open_enum(self);
            }
        }

        $crate::__serde!($ty);
    };
}

#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($ty:ident) => {
        impl $crate::serde::reexport::Serialize for $ty {
            fn serialize<S: $crate::serde::reexport::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::serde::serialize(self, serializer)
            }
        }

        impl<'de> $crate::serde::reexport::Deserialize<'de> for $ty {
            fn deserialize<D: $crate::serde::reexport::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::serde::deserialize(deserializer)
            }
        }
    };
}

#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($ty:ident) => {};
}
