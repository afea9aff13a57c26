//! Responses that are read message by message.

mod events;
mod open;
mod scan;
mod split;
#[cfg(test)]
mod tests;

pub(crate) use self::open::{Opened, whole};
