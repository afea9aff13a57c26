//! Fuzzing without coverage: random changes of real inputs, checked against promises and against
//! independent implementations.

pub mod engine;
pub mod targets;
