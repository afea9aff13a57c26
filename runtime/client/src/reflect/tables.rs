//! Macros for the tables of generated crates: a row is a line, so that a new field is one line.

use super::{FieldInfo, SchemaInfo, Shape, TypeInfo};

impl SchemaInfo {
    /// Creates an object.
    #[must_use]
    pub const fn object(
        name: &'static str,
        rust_name: &'static str,
        description: &'static str,
        fields: &'static [FieldInfo],
    ) -> Self {
        let shape = Shape::Object { fields, additional: None };
        Self { name, rust_name, description, shape, deprecated: false }
    }

    /// Sets the type of additional properties of an object.
    #[must_use]
    pub const fn additional(mut self, ty: TypeInfo) -> Self {
        if let Shape::Object { fields, .. } = self.shape {
            self.shape = Shape::Object { fields, additional: Some(ty) };
        }
        self
    }

    /// Marks it as deprecated.
    #[must_use]
    pub const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }
}

/// Defines the static `SchemaInfo` of an object: its name, its Rust type, its description, and
/// whether it is deprecated; then a row for each field, and one for additional properties.
///
/// Paths of types start at the module `reflect` of the crate.
#[doc(hidden)]
#[macro_export]
macro_rules! __reflect_object {
    (
        $constant:ident = $schema:literal, $model:literal, $about:literal $(, $deprecated:ident)?;
        $($name:literal => $field:literal, $ty:ident $(($($path:tt)*))?, $description:literal
            $(, $flag:ident $(($argument:expr))?)*;)*
        $(_ => $additional:ident $(($($of:tt)*))?;)?
    ) => {
        pub(crate) static $constant: $crate::reflect::SchemaInfo =
            $crate::reflect::SchemaInfo::object($schema, $model, $about, &[$(
                $crate::reflect::FieldInfo::new(
                    $name, $field, $crate::__reflect_type!($ty $(($($path)*))?), $description,
                )$(.$flag($($argument)?))*
            ),*])
            $(.additional($crate::__reflect_type!($additional $(($($of)*))?)))?
            $(.$deprecated())?;
    };
}

/// Defines the static `EnumInfo` of an enum: its Rust type, and a row for each value.
#[doc(hidden)]
#[macro_export]
macro_rules! __reflect_enumeration {
    (
        $constant:ident = $ty:literal;
        $($name:literal => $variant:literal, $description:literal $(, $flag:ident)*;)*
    ) => {
        pub(crate) static $constant: $crate::reflect::EnumInfo = $crate::reflect::EnumInfo {
            rust_name: $ty,
            values: &[$(
                $crate::reflect::EnumValueInfo::new($name, $variant, $description)$(.$flag())*
            ),*],
        };
    };
}

/// A type: its kind, with the path of the static or the inner type that it needs.
#[doc(hidden)]
#[macro_export]
#[allow(clippy::crate_in_macro_def, reason = "the statics are in the crate of the table")]
macro_rules! __reflect_type {
    (List($($inner:tt)*)) => {
        $crate::reflect::TypeInfo::List(&$crate::__reflect_type!($($inner)*))
    };
    (Map($($inner:tt)*)) => {
        $crate::reflect::TypeInfo::Map(&$crate::__reflect_type!($($inner)*))
    };
    ($kind:ident($($path:tt)*)) => {
        $crate::reflect::TypeInfo::$kind(&crate::reflect::$($path)*)
    };
    ($kind:ident) => {
        $crate::reflect::TypeInfo::$kind
    };
}
