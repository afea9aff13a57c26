//! Field names checked by the compiler.

use std::fmt;
use std::marker::PhantomData;

/// The wire name of a field of `Owner`. `Target` is the type whose fields can follow in a path.
pub struct Field<Owner, Target = ()> {
    name: &'static str,
    types: PhantomData<fn(Owner) -> Target>,
}

impl<Owner, Target> Field<Owner, Target> {
    /// Creates a field from its wire name.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, types: PhantomData }
    }

    /// Returns the wire name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Returns the path to a field of this field.
    #[must_use]
    pub fn then<Next>(self, next: impl Into<FieldPath<Target, Next>>) -> FieldPath<Owner, Next> {
        FieldPath::from(self).then(next)
    }
}

impl<Owner, Target> Clone for Field<Owner, Target> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Owner, Target> Copy for Field<Owner, Target> {}

impl<Owner, Target> fmt::Debug for Field<Owner, Target> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Field({})", self.name)
    }
}

impl<Owner, Target> fmt::Display for Field<Owner, Target> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A path of fields, starting at `Owner` and joined by dots: `derivedInfo.jobCategories`.
pub struct FieldPath<Owner, Target = ()> {
    path: String,
    types: PhantomData<fn(Owner) -> Target>,
}

impl<Owner, Target> FieldPath<Owner, Target> {
    /// Returns the path in wire format.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.path
    }

    /// Returns the path to a field of this field.
    #[must_use]
    pub fn then<Next>(
        mut self,
        next: impl Into<FieldPath<Target, Next>>,
    ) -> FieldPath<Owner, Next> {
        self.path.push('.');
        self.path.push_str(&next.into().path);
        FieldPath { path: self.path, types: PhantomData }
    }

    /// Returns the path to the entry of a key, for a field that is a map (AIP-161).
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        self.path.push_str(".`");
        self.path.push_str(key);
        self.path.push('`');
        self
    }
}

impl<Owner, Target> From<Field<Owner, Target>> for FieldPath<Owner, Target> {
    fn from(field: Field<Owner, Target>) -> Self {
        Self { path: field.name.to_owned(), types: PhantomData }
    }
}

impl<Owner, Target> Clone for FieldPath<Owner, Target> {
    fn clone(&self) -> Self {
        Self { path: self.path.clone(), types: PhantomData }
    }
}

impl<Owner, Target> fmt::Debug for FieldPath<Owner, Target> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FieldPath({})", self.path)
    }
}

impl<Owner, Target> fmt::Display for FieldPath<Owner, Target> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}

/// A set of fields of `Owner`: one, an array or `Vec` of equal types, or a tuple of up to twelve.
pub trait Fields<Owner> {
    /// Calls `visit` with the path of each field.
    fn each(&self, visit: &mut dyn FnMut(&str));
}

impl<Owner, Target> Fields<Owner> for Field<Owner, Target> {
    fn each(&self, visit: &mut dyn FnMut(&str)) {
        visit(self.name);
    }
}

impl<Owner, Target> Fields<Owner> for FieldPath<Owner, Target> {
    fn each(&self, visit: &mut dyn FnMut(&str)) {
        visit(&self.path);
    }
}

impl<Owner, F: Fields<Owner>> Fields<Owner> for [F] {
    fn each(&self, visit: &mut dyn FnMut(&str)) {
        for field in self {
            field.each(visit);
        }
    }
}

impl<Owner, F: Fields<Owner>, const N: usize> Fields<Owner> for [F; N] {
    fn each(&self, visit: &mut dyn FnMut(&str)) {
        self.as_slice().each(visit);
    }
}

impl<Owner, F: Fields<Owner>> Fields<Owner> for Vec<F> {
    fn each(&self, visit: &mut dyn FnMut(&str)) {
        self.as_slice().each(visit);
    }
}

impl<Owner, F: Fields<Owner> + ?Sized> Fields<Owner> for &F {
    fn each(&self, visit: &mut dyn FnMut(&str)) {
        (**self).each(visit);
    }
}

macro_rules! tuples {
    ($first:ident $($rest:ident)*) => {
        impl<Owner, $first: Fields<Owner>, $($rest: Fields<Owner>),*> Fields<Owner>
            for ($first, $($rest,)*)
        {
            #[allow(non_snake_case)]
            fn each(&self, visit: &mut dyn FnMut(&str)) {
                let ($first, $($rest,)*) = self;
                $first.each(visit);
                $($rest.each(visit);)*
            }
        }
        tuples!($($rest)*);
    };
    () => {};
}

tuples!(A B C D E F G H I J K L);
