//! Enumerations and their values.

use super::change::{Action, Change, Place, Subject, Verdict};
use super::matching::{Matched, reordered};
use super::{Comparison, Who};
use crate::ir::EnumId;

impl Comparison<'_> {
    /// Compares the enumerations of one site, each pair once.
    pub(super) fn enumeration(&mut self, a: EnumId, b: EnumId) {
        if !self.enums.insert((a, b)) {
            return;
        }
        let who = Who::Enum(a, b);
        let place = self.new.enumeration(b);
        let (old, new) = (self.old.names.enumeration(a), self.new.names.enumeration(b));
        if old.ty != new.ty {
            if self.old.api[a].name == self.new.api[b].name {
                self.rust_name(Subject::Enum, &place, old.ty.as_str(), new.ty.as_str(), who);
            } else {
                let change =
                    Change::new(Subject::Enum, Action::Renamed, place.clone(), Verdict::SOURCE);
                self.push(change.old(old.ty.as_str()).new_is(new.ty.as_str()), who);
            }
        }
        self.values(a, b, &place);
    }

    fn values(&mut self, a: EnumId, b: EnumId, place: &Place) {
        let who = Who::Enum(a, b);
        let (old, new) = (&self.old.api[a].values, &self.new.api[b].values);
        let mut matched = Matched::by_key(
            old.iter().map(|v| v.name.as_str()),
            new.iter().map(|v| v.name.as_str()),
        );
        let doc = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let (was, is) =
            (&self.old.names.enumeration(a).variants, &self.new.names.enumeration(b).variants);
        let mut renamed = matched.match_unique(|i| was.get(i), |j| is.get(j));
        renamed.extend(matched.match_unique(|i| doc(&old[i].doc.0), |j| doc(&new[j].doc.0)));
        if reordered(&matched.both) {
            let change =
                Change::new(Subject::Enum, Action::Order, place.clone(), Verdict::Compatible);
            self.push(change.note("Variants compare by their order."), who);
        }
        for i in matched.gone {
            let change =
                Change::new(Subject::Value, Action::Removed, self.old.value(a, i), Verdict::SOURCE);
            self.push(change.note("A server that still sends it is read as `UnknownValue`."), who);
        }
        for j in matched.fresh {
            let place = self.new.value(b, j);
            let change = Change::new(Subject::Value, Action::Added, place, Verdict::Compatible);
            self.push(change.note("Before, it was read as `UnknownValue`."), who);
        }
        for (i, j) in renamed {
            let place = self.new.value(b, j);
            let verdict = Verdict::breaking(was[i] != is[j], true, Verdict::None);
            let change = Change::new(Subject::Value, Action::Renamed, place, verdict);
            self.push(change.old(&old[i].name.0).new_is(&new[j].name.0), who);
            self.value(a, i, b, j);
        }
        for (i, j) in matched.both {
            let place = self.new.value(b, j);
            let (was, is) = (
                &self.old.names.enumeration(a).variants[i],
                &self.new.names.enumeration(b).variants[j],
            );
            self.rust_name(Subject::Value, &place, was.as_str(), is.as_str(), who);
            self.value(a, i, b, j);
        }
    }

    /// Compares everything except the value's name.
    fn value(&mut self, a: EnumId, i: usize, b: EnumId, j: usize) {
        let (old, new) = (&self.old.api[a].values[i], &self.new.api[b].values[j]);
        let (place, who) = (self.new.value(b, j), Who::Enum(a, b));
        self.deprecation(Subject::Value, &place, old.deprecated, new.deprecated, who);
        self.docs(Subject::Value, &place, &old.doc, &new.doc, who);
    }
}
