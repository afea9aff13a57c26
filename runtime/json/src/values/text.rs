//! Values from their text.

/// Conversions from text for a type that implements `FromStr`.
macro_rules! from_text {
    ($ty:ident) => {
        impl $ty {
            /// Parses the text used on the wire.
            ///
            /// # Errors
            /// If the text is invalid; the error shows a valid one.
            pub fn parse(text: &str) -> Result<Self, ValueError> {
                text.parse()
            }
        }

        impl TryFrom<&str> for $ty {
            type Error = ValueError;

            fn try_from(text: &str) -> Result<Self, ValueError> {
                text.parse()
            }
        }

        impl TryFrom<&String> for $ty {
            type Error = ValueError;

            fn try_from(text: &String) -> Result<Self, ValueError> {
                text.parse()
            }
        }

        impl TryFrom<String> for $ty {
            type Error = ValueError;

            fn try_from(text: String) -> Result<Self, ValueError> {
                text.parse()
            }
        }
    };
}

pub(super) use from_text;
