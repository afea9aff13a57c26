//! Typed arguments across all levels of the command.

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::ArgMatches;
use clap::parser::ValueSource;

/// Matches of every level, the program's first: a flag may occur at any level.
#[derive(Debug)]
pub(crate) struct Arguments {
    levels: Vec<ArgMatches>,
    /// Values from elsewhere, after those of the line.
    more: Vec<(&'static str, String)>,
    /// The command words.
    pub(crate) words: Vec<String>,
}

impl Arguments {
    pub(crate) fn new(matches: ArgMatches) -> Self {
        let mut arguments = Self { levels: Vec::new(), more: Vec::new(), words: Vec::new() };
        let mut next = Some(matches);
        while let Some(mut level) = next {
            next = level.remove_subcommand().map(|(word, below)| {
                arguments.words.push(word);
                below
            });
            arguments.levels.push(level);
        }
        arguments
    }

    /// Returns what was typed: the raw values of each level by argument.
    pub(crate) fn typed(&self) -> Vec<BTreeMap<String, Vec<OsString>>> {
        let is_typed =
            |level: &ArgMatches, id: &str| level.value_source(id) == Some(ValueSource::CommandLine);
        let level = |level: &ArgMatches| {
            let ids = level.ids().map(clap::Id::as_str).filter(|id| is_typed(level, id));
            let raw = |id: &str| level.get_raw(id).into_iter().flatten().map(OsString::from);
            ids.map(|id| (id.to_owned(), raw(id).collect())).collect()
        };
        self.levels.iter().map(level).collect()
    }

    /// Returns every value of a flag, in command-line order.
    pub(crate) fn all(&self, id: &str) -> Vec<String> {
        let values = |level: &ArgMatches| -> Vec<String> {
            match level.try_get_many::<String>(id) {
                Ok(Some(values)) => values.cloned().collect(),
                Ok(None) | Err(_) => Vec::new(),
            }
        };
        let more = self.more.iter().filter(|(other, _)| *other == id);
        self.levels.iter().flat_map(values).chain(more.map(|(_, value)| value.clone())).collect()
    }

    /// Adds a value to a flag.
    pub(crate) fn add(&mut self, id: &'static str, value: String) {
        self.more.push((id, value));
    }

    /// The last value of a flag.
    pub(crate) fn one(&self, id: &str) -> Option<String> {
        self.all(id).pop()
    }

    /// Returns `true` if a flag is present.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.levels.iter().any(|level| matches!(level.try_get_one::<bool>(id), Ok(Some(true))))
    }

    /// Returns the number of occurrences of a flag.
    pub(crate) fn count(&self, id: &str) -> u8 {
        let count = |level: &ArgMatches| match level.try_get_one::<u8>(id) {
            Ok(Some(count)) => *count,
            Ok(None) | Err(_) => 0,
        };
        self.levels.iter().map(count).fold(0, u8::saturating_add)
    }
}
