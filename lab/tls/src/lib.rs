//! Nothing but the features of `tests/calls.rs`; `.ci/features` runs it with each of them.
