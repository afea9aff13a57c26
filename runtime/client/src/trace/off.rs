//! Without the feature `tracing`.

use std::time::Duration;

use super::{Ending, Sending, Server};
use crate::spec::MethodSpec;

#[derive(Clone)]
pub(crate) struct Span;

pub(crate) fn call(_: &MethodSpec, _: Server<'_>) -> Span {
    Span
}

pub(super) fn attempt(_: &Sending<'_>) -> Span {
    Span
}

pub(crate) fn token() -> Span {
    Span
}

pub(crate) fn within<F: Future>(_: Span, work: F) -> F {
    work
}

#[cfg(not(target_family = "wasm"))]
pub(crate) fn within_current<F: Future>(work: F) -> F {
    work
}

pub(super) fn responded(_: &Span, _: u16, _: Option<&'static str>) {}

pub(crate) fn failed(_: &Span, _: &str) {}

pub(crate) fn ended(_: &Span, _: &Ending<'_>) {}

pub(crate) fn retrying(_: &str, _: &str, _: Duration) {}

pub(crate) fn set_aside(_: &MethodSpec, _: usize, _: &str) {}
