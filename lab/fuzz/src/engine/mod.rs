//! The engine: random inputs from seeds, runs in worker processes, and what they find.
//!
//! A worker process runs one target. It notes each input in a file before it runs it, so that the
//! supervisor, which started it, has the input of a run that ended the process: a stack overflow, an
//! allocation beyond the limit of memory, or an endless loop, which a thread of the worker watches.

mod files;
mod minimize;
mod mutate;
mod run;
mod supervise;
mod target;
mod watch;
mod words;
mod work;

pub use files::Files;
pub use minimize::minimize;
pub use mutate::Mutator;
pub use run::{Fault, Verdict, run};
pub use supervise::{Plan, Tally, fuzz, replay};
pub use target::{Bounds, Target};
pub use work::{Job, one, work};
