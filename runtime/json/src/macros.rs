//! Macros that implement the model and enum traits.

use crate::{Encode, Extra, Json, Writer};

/// Encodes a variant of a tagged union: its object, with the discriminator added if it is unset.
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

/// Implements a model from one line per field: the field's constant for field masks,
/// [`Decode`](crate::Decode), and [`Encode`](crate::Encode). Also implements `Default` (no field is
/// set), [`Model`](crate::Model), `Debug` (prints fields that are set), and, with the feature
/// `serde`, `Serialize` and `Deserialize`.
///
/// A large API has thousands of models, and each function here is compiled for each of them. Shared
/// code therefore lives in common functions, and functions called by users only are `#[inline]`, so
/// that they are compiled where they are used.
///
/// With debug assertions, all of them are `#[inline]`: a development build then compiles only the
/// models that a program uses, with it. With optimization, this would save time in builds of the
/// library, but cost seconds in each rebuild of a program.
///
/// ```
/// use discovery_json::{self as json, Model as _};
///
/// #[derive(Clone, PartialEq)]
/// pub struct Company {
///     pub display_name: Option<String>,
///     pub parent: Option<Box<Company>>,
///     pub extra: json::Extra,
/// }
///
/// json::model! {
///     Company = "Company";
///     "displayName" => display_name as DISPLAY_NAME;
///     "parent" => parent as PARENT of Company;
/// }
///
/// let company = Company::from_json(r#"{"parent": {"displayName": "Old", "new": 1}}"#)?;
/// assert_eq!(company.to_json(), r#"{"parent":{"displayName":"Old","new":1}}"#);
/// let mask = json::FieldMask::of([Company::PARENT.then(Company::DISPLAY_NAME)]);
/// assert_eq!(mask.to_string(), "parent.displayName");
/// # Ok::<(), json::DecodeError>(())
/// ```
///
/// rest;` names => A final line `_ => rest;` names the [`Map`](crate::Map) of additional
/// properties.
#[macro_export]
macro_rules! model {
    (
        $ty:ident = $name:literal;
        $($wire:literal => $field:ident as $constant:ident $(of $target:ty)?;)*
        $(_ => $rest:ident;)?
    ) => {
        impl $ty {
            $(
                #[doc = ::std::concat!("The field `", $wire, "`, for field masks.")]
                pub const $constant: $crate::Field<Self $(, $target)?> = $crate::Field::new($wire);
            )*
        }

        impl ::std::default::Default for $ty {
            #[cfg_attr(debug_assertions, inline)]
            fn default() -> Self {
                Self {
                    $($field: None,)*
                    $($rest: $crate::Map::new(),)?
                    extra: $crate::Extra::new(),
                }
            }
        }

        impl $crate::Members for $ty {
            #[inline(always)]
            fn member(
                &mut self,
                name: &str,
                extra: &mut $crate::Extra,
                r: &mut $crate::Reader<'_>,
            ) -> ::std::result::Result<(), $crate::DecodeError> {
                match name {
                    $($wire => r.set(&mut self.$field),)*
                    _ => $crate::model!(@other self name extra r $($rest)?),
                }
            }
        }

        impl $crate::Decode for $ty {
            #[cfg_attr(debug_assertions, inline)]
            fn decode(
                r: &mut $crate::Reader<'_>,
            ) -> ::std::result::Result<Self, $crate::DecodeError> {
                let mut this = Self::default();
                match r.members(&mut this) {
                    Ok(extra) => {
                        this.extra = extra;
                        Ok(this)
                    }
                    Err(error) => Err(error),
                }
            }
        }

        impl $crate::Encode for $ty {
            #[cfg_attr(debug_assertions, inline)]
            fn encode(&self, w: &mut $crate::Writer) {
                let start = w.begin();
                $(w.optional(::std::concat!("\"", $wire, "\":"), &self.$field);)*
                $crate::model!(@end self w start [$($wire),*] $($rest)?)
            }
        }

        impl $crate::Model for $ty {
            const SCHEMA_NAME: &'static str = $name;
        }

        impl ::std::fmt::Debug for $ty {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::debug(self, ::std::stringify!($ty), f)
            }
        }

        $crate::__serde!($ty);
    };
    (@end $this:ident $w:ident $start:ident [$($wire:literal),*]) => {
        $w.end_of($start, &$this.extra, &[$($wire),*])
    };
    (@end $this:ident $w:ident $start:ident [$($wire:literal),*] $rest:ident) => {{
        $this.$rest.encode_entries($w);
        $w.end($start, &$this.extra)
    }};
    (@other $this:ident $name:ident $extra:ident $r:ident) => {
        $extra.read($name, $r)
    };
    (@other $this:ident $name:ident $extra:ident $r:ident $rest:ident) => {{
        // The map takes all unknown members.
        let _ = $extra;
        $r.entry(&mut $this.$rest, $name)
    }};
}

/// Implements an open enum from one line per value: conversion from and to its wire text.
/// Implements [`OpenEnum`](crate::OpenEnum), `Eq`, `Display`, `FromStr`, `From<&str>`,
/// `From<String>`, [`Decode`](crate::Decode), [`Encode`](crate::Encode), and, with the feature
/// `serde`, `Serialize` and `Deserialize`.
///
/// ```
/// use discovery_json as json;
///
/// #[derive(Clone, Debug, PartialEq)]
/// pub enum Size {
///     Mini,
///     UnknownValue(Box<str>),
/// }
///
/// json::open_enum! {
///     Size;
///     "MINI" => Mini;
/// }
///
/// assert_eq!(Size::from("MINI"), Size::Mini);
/// assert_eq!(Size::from("NEW").to_string(), "NEW");
/// ```
#[macro_export]
macro_rules! open_enum {
    ($ty:ident; $($wire:literal => $variant:ident;)*) => {
        impl $crate::OpenEnum for $ty {
            const VALUES: &'static [&'static str] = &[$($wire),*];

            #[inline]
            fn as_str(&self) -> &str {
                Self::as_str(self)
            }

            #[cfg_attr(debug_assertions, inline)]
            fn from_wire(text: &str) -> Self {
                match text {
                    $($wire => Self::$variant,)*
                    _ => Self::UnknownValue(text.into()),
                }
            }
        }

        impl $ty {
            /// Returns the text on the wire.
            #[cfg_attr(debug_assertions, inline)]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::UnknownValue(text) => text,
                }
            }
        }

        impl ::std::cmp::Eq for $ty {}

        impl ::std::fmt::Display for $ty {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::std::str::FromStr for $ty {
            type Err = ::std::convert::Infallible;

            #[inline]
            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                Ok($crate::OpenEnum::from_wire(text))
            }
        }

        impl ::std::convert::From<&str> for $ty {
            #[inline]
            fn from(text: &str) -> Self {
                $crate::OpenEnum::from_wire(text)
            }
        }

        impl ::std::convert::From<::std::string::String> for $ty {
            #[inline]
            fn from(text: ::std::string::String) -> Self {
                $crate::OpenEnum::from_wire(&text)
            }
        }

        impl $crate::Decode for $ty {
            #[cfg_attr(debug_assertions, inline)]
            fn decode(
                r: &mut $crate::Reader<'_>,
            ) -> ::std::result::Result<Self, $crate::DecodeError> {
                match r.enum_text() {
                    Ok(text) => Ok($crate::OpenEnum::from_wire(&text)),
                    Err(error) => Err(error),
                }
            }
        }

        impl $crate::Encode for $ty {
            #[cfg_attr(debug_assertions, inline)]
            fn encode(&self, w: &mut $crate::Writer) {
                w.open_enum(self.as_str(), <Self as $crate::OpenEnum>::VALUES);
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
