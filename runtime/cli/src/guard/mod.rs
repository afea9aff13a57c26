//! Limits on the methods that a run may call: `--read-only` and the lists of the configuration.
//!
//! Commands check them before they begin; the transport checks every request again, so that no
//! path to the server avoids them: uploads, batches, waits for operations, or what comes later.

mod reads;
mod transport;

use std::fmt;

use discovery_runtime::spec::{MethodSpec, Verb};

use crate::config::{MethodPatterns, Section};
use crate::failure::Failure;

pub(crate) use reads::reads as only_reads;
pub(crate) use transport::Guarded;

/// Limits of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Guard {
    /// What demands that calls only read.
    read_only: Option<String>,
    allow: Vec<Rule>,
    deny: Vec<Rule>,
    reads: Vec<MethodPatterns>,
}

/// A list of the configuration with a name for messages.
#[derive(Clone, Debug)]
struct Rule {
    place: String,
    patterns: MethodPatterns,
}

/// Reason that a method may not be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Forbidden(String);

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Forbidden {}

impl From<Forbidden> for Failure {
    fn from(forbidden: Forbidden) -> Self {
        Self { kind: "forbidden", ..Self::usage(forbidden.0) }
    }
}

impl Guard {
    /// Demands that calls only read; `by` is the flag, variable, or file that says so.
    pub(crate) fn set_read_only(&mut self, by: impl Into<String>) {
        self.read_only.get_or_insert(by.into());
    }

    /// Adds the limits of a section of the configuration. Limits only add up: no section lifts those
    /// of another.
    pub(crate) fn add(&mut self, place: &str, section: &Section) {
        if section.read_only {
            self.set_read_only(format!("'read-only' in {place}"));
        }
        let rule = |patterns: &MethodPatterns, key: &str| Rule {
            place: format!("'{key}' in {place}"),
            patterns: patterns.clone(),
        };
        self.allow.extend(section.allow.iter().map(|patterns| rule(patterns, "allow")));
        self.deny.extend(section.deny.iter().map(|patterns| rule(patterns, "deny")));
        self.reads.extend(section.reads.clone());
    }

    /// Returns what demands that calls only read.
    pub(crate) fn read_only(&self) -> Option<&str> {
        self.read_only.as_deref()
    }

    /// Returns `true` if nothing is forbidden.
    pub(crate) fn is_open(&self) -> bool {
        self.read_only.is_none() && self.allow.is_empty() && self.deny.is_empty()
    }

    /// Returns the scopes for the token of a method that may only read: with them, the server
    /// rejects anything else. `None` leaves the choice to the method.
    pub(crate) fn scopes(&self, method: &MethodSpec) -> Option<Vec<String>> {
        self.read_only.as_ref()?;
        (method.verb == Verb::Post && reads::reads(method))
            .then(|| reads::scope(method).into_iter().map(str::to_owned).collect())
    }

    /// Checks whether a method may be called.
    pub(crate) fn check(&self, method: &MethodSpec) -> Result<(), Forbidden> {
        let id = method.id;
        if let Some(by) = &self.read_only
            && !self.may_read(method)
        {
            return Err(Forbidden(format!(
                "{id} may write (it is a {}), and {by} allows only methods that read; nothing was \
                 sent",
                method.verb
            )));
        }
        for Rule { place, patterns } in &self.deny {
            if let Some(pattern) = patterns.find(id) {
                return Err(Forbidden(format!(
                    "{id} is denied by '{pattern}' of {place}; nothing was sent"
                )));
            }
        }
        match self.allow.iter().find(|rule| rule.patterns.find(id).is_none()) {
            Some(Rule { place, .. }) => {
                Err(Forbidden(format!("{id} is not among {place}; nothing was sent")))
            }
            None => Ok(()),
        }
    }

    fn may_read(&self, method: &MethodSpec) -> bool {
        let listed = || self.reads.iter().any(|patterns| patterns.find(method.id).is_some());
        reads::reads(method) || (method.verb == Verb::Post && listed())
    }
}
