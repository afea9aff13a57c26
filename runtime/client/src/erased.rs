//! Values whose drop is compiled in this crate.
//!
//! A program that holds an [`Error`](crate::Error) has the code that drops one, and with it that of
//! everything in it, down to the tables of its headers: compiled again in every program, after every
//! change of it. Behind a trait object it is compiled here, once.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// What can be done with a value behind the trait object.
trait Erased<T>: Send + Sync {
    fn get(&self) -> &T;
    fn get_mut(&mut self) -> &mut T;
    fn take(self: Box<Self>) -> T;
}

impl<T: Send + Sync> Erased<T> for T {
    fn get(&self) -> &T {
        self
    }

    fn get_mut(&mut self) -> &mut T {
        self
    }

    fn take(self: Box<Self>) -> T {
        *self
    }
}

/// A value of its own, as in a `Box`. To be made in code that is not generic: what is generic is
/// compiled in the program.
pub(crate) struct ErasedBox<T>(Box<dyn Erased<T>>);

impl<T: Send + Sync + 'static> ErasedBox<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Box::new(value))
    }

    pub(crate) fn into_inner(self) -> T {
        self.0.take()
    }
}

impl<T: Clone + Send + Sync + 'static> Clone for ErasedBox<T> {
    fn clone(&self) -> Self {
        Self::new(T::clone(self))
    }
}

impl<T> Deref for ErasedBox<T> {
    type Target = T;

    fn deref(&self) -> &T {
        (*self.0).get()
    }
}

impl<T> DerefMut for ErasedBox<T> {
    fn deref_mut(&mut self) -> &mut T {
        (*self.0).get_mut()
    }
}

/// A value that is shared, as in an `Arc`.
pub(crate) struct ErasedArc<T>(Arc<dyn Erased<T>>);

impl<T: Send + Sync + 'static> ErasedArc<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T> Clone for ErasedArc<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for ErasedArc<T> {
    type Target = T;

    fn deref(&self) -> &T {
        (*self.0).get()
    }
}
