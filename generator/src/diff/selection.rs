//! Compares the method selections. Methods that neither side selects are not reported.

use super::change::{Action, Change, Place, Subject, Verdict};
use super::{Comparison, Who};
use crate::ir::{Api, MethodId, Selection};

impl Comparison<'_> {
    /// Reports a changed selection and its effect.
    pub(super) fn selection(&mut self) {
        let (old, new) = (&self.old.api.selection, &self.new.api.selection);
        let patterns = |s: &Option<Selection>| s.as_ref().map(|s| s.patterns.clone());
        let (was, is) = (patterns(old), patterns(new));
        if was == is {
            return;
        }
        let verdict = if leaves(self.old.api, new) {
            Verdict::SOURCE
        } else if leaves(self.new.api, old) {
            Verdict::Compatible
        } else {
            Verdict::None
        };
        let place = Place { name: "methods".to_owned(), ..Place::default() };
        let change = Change::new(Subject::Api, Action::Selection, place, verdict);
        let text = |patterns: Option<Vec<String>>| {
            patterns.map_or("all methods".to_owned(), |patterns| patterns.join(", "))
        };
        self.push(change.old(text(was)).new_is(text(is)), Who::Nobody);
    }

    /// Explains that a removed method is still in the document.
    pub(super) fn no_longer_selected(&self, id: MethodId) -> &'static str {
        let is_left = has(&self.new.api.selection, self.old.api[id].id.as_str());
        if is_left { "It is no longer selected; the document still has it." } else { "" }
    }

    /// Explains that an added method was already in the document.
    pub(super) fn newly_selected(&self, id: MethodId) -> &'static str {
        let was_left = has(&self.old.api.selection, self.new.api[id].id.as_str());
        if was_left { "It was not selected before." } else { "" }
    }
}

/// Returns `true` if the selection excludes any method.
fn leaves(api: &Api, selection: &Option<Selection>) -> bool {
    api.methods.iter().any(|method| has(selection, method.id.as_str()))
}

fn has(selection: &Option<Selection>, id: &str) -> bool {
    selection.as_ref().is_some_and(|selection| selection.unselected.contains(id))
}
