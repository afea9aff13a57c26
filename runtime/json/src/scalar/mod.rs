//! The scalar formats of discovery documents.
//!
//! One table, [`table`], has a row for each format; everything else reads it: the generator (types
//! of fields and parameters, docs, generated tests), the reflection tables, the command line, and
//! the local server. A new format is a row there and its type in `values`.

mod table;
#[cfg(test)]
mod tests;

use crate::error::ValueError;
use crate::values::bytes::Bytes;
use crate::values::date::Date;
use crate::values::date_time::DateTime;
use crate::values::duration::Duration;
use crate::values::mask::FieldMask;
use crate::values::timestamp::Timestamp;

/// What there is to know about a scalar format.
#[derive(Debug)]
pub struct ScalarInfo {
    /// Name of the variant of [`Scalar`].
    pub variant: &'static str,
    /// Name for people: `field mask`.
    pub name: &'static str,
    /// `type` in the document.
    pub ty: &'static str,
    /// Values of `format` in the document; `None` stands for a missing one.
    pub formats: &'static [Option<&'static str>],
    /// Rust type, as generated code writes it.
    pub rust: &'static str,
    /// Size of an optional value in bytes, on a 64-bit target.
    pub size: usize,
    /// Type as Google's servers name it in messages.
    pub proto: &'static str,
    /// A value that is not easy to keep, as JSON. Generated tests expect it to survive.
    pub test: &'static str,
    /// Form of the values.
    pub form: Form,
}

/// Form of the values of a scalar.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// `true` or `false`.
    Bool,
    /// An integer.
    Integer {
        /// Least value.
        least: i128,
        /// Greatest value.
        most: i128,
        /// Whether JSON has it as a string.
        quoted: bool,
    },
    /// A number.
    Float {
        /// Greatest finite value.
        most: f64,
    },
    /// Any text.
    Text,
    /// Text with a notation.
    Parsed(Parsed),
}

/// Text with a notation, which a type of this crate parses.
#[derive(Clone, Copy, Debug)]
pub struct Parsed {
    /// Parses a text and writes it as Google's servers do.
    pub canonical: fn(&str) -> Result<String, ValueError>,
    /// Whether parameters of calls take the text, too. Bytes do not: their text could be the content.
    pub as_text: bool,
    /// The notation in a few words, for a table of types.
    pub notation: &'static str,
    /// Example for a table of types.
    pub example: &'static str,
    /// The notation with an example, after "is not".
    pub expected: &'static str,
    /// Sample value; the second one for the end of a period.
    pub samples: [&'static str; 2],
}

macro_rules! define {
    ($($(#[$doc:meta])* $name:ident: $type:ty { $($fact:ident: $value:expr,)* })*) => {
        /// A scalar format: a type of values without members.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Scalar {
            $($(#[$doc])* $name,)*
        }

        impl Scalar {
            /// All formats.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Returns the format's row of the table.
            #[must_use]
            pub fn info(self) -> &'static ScalarInfo {
                match self {
                    $(Self::$name => {
                        const ROW: &ScalarInfo =
                            &ScalarInfo { variant: stringify!($name), $($fact: $value,)* };
                        ROW
                    })*
                }
            }
        }
    };
}

crate::scalars!(define);

impl Scalar {
    /// Returns the format with this `type` and `format` in a document.
    #[must_use]
    pub fn find(ty: &str, format: Option<&str>) -> Option<Self> {
        Self::ALL.iter().copied().find(|scalar| {
            let info = scalar.info();
            info.ty == ty && info.formats.contains(&format)
        })
    }

    /// Returns the form of its values.
    #[must_use]
    pub fn form(self) -> Form {
        self.info().form
    }

    /// Returns what there is to know about its notation, if it is text with one.
    #[must_use]
    pub fn parsed(self) -> Option<Parsed> {
        match self.form() {
            Form::Parsed(parsed) => Some(parsed),
            _ => None,
        }
    }

    /// Returns whether it is an integer.
    #[must_use]
    pub fn is_integer(self) -> bool {
        matches!(self.form(), Form::Integer { .. })
    }

    /// Returns whether it is an integer or a float.
    #[must_use]
    pub fn is_number(self) -> bool {
        matches!(self.form(), Form::Integer { .. } | Form::Float { .. })
    }

    /// Returns whether its values are text, with a notation or without.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self.form(), Form::Text | Form::Parsed(_))
    }

    /// Returns whether JSON has its values as strings.
    #[must_use]
    pub fn is_string(self) -> bool {
        self.is_text() || matches!(self.form(), Form::Integer { quoted: true, .. })
    }

    /// Returns whether `text` has the notation of its values; any text does if there is none.
    #[must_use]
    pub fn reads(self, text: &str) -> bool {
        self.parsed().is_none_or(|parsed| (parsed.canonical)(text).is_ok())
    }
}
