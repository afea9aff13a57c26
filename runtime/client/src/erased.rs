//! Type-erased containers; they keep drop glue out of user crates.
//!
//! A program that holds an [`Error`](crate::Error) compiles the code that drops it, including
//! everything in it, down to its header tables, again after each change. Behind a trait object,
//! this code is compiled once, in this crate.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// Access to a value behind a trait object.
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

/// Owned value, like a `Box`. Construct it in non-generic code: generic code is compiled in the
/// user's crate.
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

/// Shared value, like an `Arc`.
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
