//! Compares two revisions of an API from the view of the generated crate's users.
//!
//! The comparison works on the IR and the names, not the text: it distinguishes renamed and moved
//! items from removed ones, and derives each verdict from the generated code (structs and enums are
//! `#[non_exhaustive]`, fields are optional, required parameters are arguments, and the others are
//! setters).

mod api;
mod change;
mod enums;
mod forms;
mod matching;
mod methods;
mod pairs;
mod params;
mod render;
mod schemas;
mod selection;
mod side;
mod updates;
mod version;

pub use change::{Action, Affected, Breach, Change, Diff, Kind, Place, Subject, Verdict};
pub use render::{changelog, excerpts, json, markdown, text};
pub use version::{VersionError, next_version, with_revision};

use crate::Model;
use crate::ir::{Doc, EnumId, MethodId, ResourceId, SchemaId};
use pairs::Pairs;
use side::Side;
use std::collections::BTreeSet;

/// Compares two revisions of one API.
///
/// Changes are sorted by severity, then by subject, action, and place.
#[must_use]
pub fn diff(old: &Model, new: &Model) -> Diff {
    let (a, b) = (Side::new(old), Side::new(new));
    let pairs = Pairs::new(&a, &b);
    let mut work = Comparison { old: a, new: b, changes: Vec::new(), enums: BTreeSet::new() };
    work.api();
    work.selection();
    work.features(&pairs);
    work.resources(&pairs);
    work.methods(&pairs);
    work.schemas(&pairs);
    let mut changes = work.changes;
    changes.sort_by(|a, b| {
        let key = |c: &Change| (std::cmp::Reverse(c.verdict), c.kind);
        key(a).cmp(&key(b)).then_with(|| a.place.cmp(&b.place))
    });
    Diff {
        api: new.api.id.clone(),
        old_revision: old.api.revision.clone(),
        new_revision: new.api.revision.clone(),
        verdict: changes.iter().fold(Verdict::None, |sum, c| sum.and(c.verdict)),
        changes,
    }
}

/// State of a comparison.
struct Comparison<'a> {
    old: Side<'a>,
    new: Side<'a>,
    changes: Vec<Change>,
    /// Pairs of enums that have been compared.
    enums: BTreeSet<(EnumId, EnumId)>,
}

/// Affected methods, by the item's ids in the old and the new revision.
#[derive(Clone, Copy)]
enum Who {
    Everyone,
    Nobody,
    Schema(Option<SchemaId>, Option<SchemaId>),
    Enum(EnumId, EnumId),
    Method(Option<MethodId>, Option<MethodId>),
    Resource(Option<ResourceId>, Option<ResourceId>),
}

impl Comparison<'_> {
    fn affected(&self, who: Who) -> Affected {
        let both = |old: Option<Affected>, new: Option<Affected>| {
            union(old.unwrap_or_default(), new.unwrap_or_default())
        };
        match who {
            Who::Everyone => Affected { everyone: true, ..Affected::default() },
            Who::Nobody => Affected::default(),
            Who::Schema(a, b) => both(a.map(|a| self.old.users(a)), b.map(|b| self.new.users(b))),
            Who::Enum(a, b) => union(self.old.enum_users(a), self.new.enum_users(b)),
            Who::Method(a, b) => {
                both(a.map(|a| self.old.callers(a)), b.map(|b| self.new.callers(b)))
            }
            Who::Resource(a, b) => both(
                a.map(|a| self.old.resource_callers(a)),
                b.map(|b| self.new.resource_callers(b)),
            ),
        }
    }

    fn push(&mut self, change: Change, who: Who) {
        let affected = self.affected(who);
        self.changes.push(change.affects(affected));
    }

    /// Compares descriptions, ignoring white space.
    fn docs(&mut self, subject: Subject, place: &Place, old: &Doc, new: &Doc, who: Who) {
        if old.0.split_whitespace().eq(new.0.split_whitespace()) {
            return;
        }
        let change = Change::new(subject, Action::Docs, place.clone(), Verdict::Docs);
        self.push(change.old(old.0.as_str()).new_is(new.0.as_str()), who);
    }

    fn deprecation(&mut self, subject: Subject, place: &Place, old: bool, new: bool, who: Who) {
        let action = match (old, new) {
            (false, true) => Action::Deprecated,
            (true, false) => Action::Undeprecated,
            _ => return,
        };
        self.push(Change::new(subject, action, place.clone(), Verdict::Compatible), who);
    }

    /// Compares the Rust names of an item whose wire name did not change.
    fn rust_name(&mut self, subject: Subject, place: &Place, old: &str, new: &str, who: Who) {
        if old != new {
            let change = Change::new(subject, Action::RustName, place.clone(), Verdict::SOURCE);
            let note = "Another name came in its way, or went out of it; `renames` in the overlay \
                        can keep the old one.";
            self.push(change.old(old).new_is(new).note(note), who);
        }
    }
}

fn union(a: Affected, b: Affected) -> Affected {
    let join = |a: Vec<String>, b: Vec<String>| {
        let all: BTreeSet<String> = a.into_iter().chain(b).collect();
        all.into_iter().collect()
    };
    Affected {
        everyone: a.everyone || b.everyone,
        calls: join(a.calls, b.calls),
        sends: join(a.sends, b.sends),
        reads: join(a.reads, b.reads),
    }
}
