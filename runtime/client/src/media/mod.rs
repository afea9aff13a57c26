//! Content that is streamed: uploads and downloads of any size in flat memory.

pub mod range;
pub mod state;
