//! Goals, and whether the results meet them.

mod figures;
mod list;

use super::record::{Record, Spread};
use figures::Figures;
use std::collections::BTreeMap;

/// Results by suite.
pub(crate) type Records = BTreeMap<&'static str, Record>;

/// A goal and its measured figure.
pub(crate) struct Goal {
    /// Name of the goal, and of its note in `lab/bench/notes`.
    pub(crate) id: &'static str,
    /// Who notices the figure.
    pub(crate) user: User,
    pub(crate) what: &'static str,
    pub(crate) bound: Bound,
    /// Measured figure, if any.
    pub(crate) found: Option<Spread>,
}

/// Who notices a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum User {
    /// Maintains generated crates.
    Generates,
    /// Writes a program that depends on a generated crate.
    Builds,
    /// Runs that program.
    Runs,
    /// Uses a generated command line.
    Types,
}

impl User {
    /// Returns the title of the user's goals.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Generates => "For those who generate crates",
            Self::Builds => "For those who build a program with one",
            Self::Runs => "For those who run that program",
            Self::Types => "For those who use the command line",
        }
    }
}

/// Bound on a figure.
#[derive(Clone, Copy)]
pub(crate) enum Bound {
    /// At most this multiple of the peer's figure.
    AtMost(f64),
    /// At least this multiple of the peer's speed.
    AtLeast(f64),
    /// At most this many units.
    Most(f64, Unit),
}

/// Unit of an absolute figure.
#[derive(Clone, Copy)]
pub(crate) enum Unit {
    Milliseconds,
    Seconds,
    Mebibytes,
}

impl Unit {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Milliseconds => "ms",
            Self::Seconds => "s",
            Self::Mebibytes => "MiB",
        }
    }

    /// Returns how many units a second or a byte is.
    const fn scale(self) -> f64 {
        match self {
            Self::Milliseconds => 1e3,
            Self::Seconds => 1.0,
            Self::Mebibytes => 1.0 / (1 << 20) as f64,
        }
    }
}

impl Bound {
    pub(crate) fn admits(self, figure: f64) -> bool {
        match self {
            Self::AtMost(bound) | Self::Most(bound, _) => figure <= bound,
            Self::AtLeast(bound) => figure >= bound,
        }
    }
}

impl Goal {
    pub(crate) fn met(&self) -> Option<bool> {
        Some(self.bound.admits(self.found?.median))
    }
}

/// Returns all goals; those of a user follow each other.
pub(crate) fn goals(records: &Records) -> Vec<Goal> {
    list::all(&Figures(records))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn goals_have_names_of_their_own_and_are_grouped() {
        let all = goals(&Records::new());
        let names: BTreeSet<&str> = all.iter().map(|goal| goal.id).collect();
        assert_eq!(names.len(), all.len());
        let mut users: Vec<User> = all.iter().map(|goal| goal.user).collect();
        users.dedup();
        assert_eq!(users, [User::Generates, User::Builds, User::Runs, User::Types]);
    }

    #[test]
    fn every_note_belongs_to_a_goal() {
        let all = goals(&Records::new());
        let folder = crate::paths::root().join("lab/bench/notes");
        for file in std::fs::read_dir(folder).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            let id = name.strip_suffix(".md").unwrap();
            assert!(all.iter().any(|goal| goal.id == id), "no goal is called {id}");
        }
    }
}
