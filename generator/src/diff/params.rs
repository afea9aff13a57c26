//! Parameters of methods and of all methods.

use super::change::{Action, Change, Place, Subject, Verdict};
use super::matching::{Matched, reordered};
use super::schemas::with_values;
use super::{Comparison, Who};
use crate::ir::{Location, Method, MethodId, Param, Type};
use crate::rust::ParamNames;

impl Comparison<'_> {
    /// Compares the parameters of a method and returns the matches.
    pub(super) fn params(&mut self, a: MethodId, b: MethodId, place: &Place) -> Matched {
        let who = Who::Method(Some(a), Some(b));
        let (old, new) = (&self.old.api[a], &self.new.api[b]);
        let mut matched = Matched::by_key(
            old.params.iter().map(|p| p.name.as_str()),
            new.params.iter().map(|p| p.name.as_str()),
        );
        let setter = |names: &ParamNames| match names {
            ParamNames::Setter(name) => Some(name.clone()),
            _ => None,
        };
        let by_name = matched.match_unique(
            |i| setter(&self.old.names.method(a).params[i]),
            |j| setter(&self.new.names.method(b).params[j]),
        );
        let by_text = matched.match_unique(|i| described(old, i), |j| described(new, j));
        let by_place = matched.match_unique(|i| in_path(old, i), |j| in_path(new, j));
        for (i, j) in by_name.into_iter().chain(by_text).chain(by_place) {
            self.renamed_param((a, i), (b, j));
            matched.both.push((i, j));
        }
        for i in &matched.gone {
            let (place, param) = (self.old.param(a, *i), &old.params[*i]);
            let everywhere = matches!(self.old.names.method(a).params[*i], ParamNames::Everywhere);
            let verdict = if everywhere { Verdict::Compatible } else { Verdict::SOURCE };
            let change = Change::new(Subject::Parameter, Action::Removed, place, verdict);
            self.push(change.old(self.old.type_name(&param.ty)), who);
        }
        for j in &matched.fresh {
            let (place, param) = (self.new.param(b, *j), &new.params[*j]);
            let verdict = if param.required { Verdict::BOTH } else { Verdict::Compatible };
            let change = Change::new(Subject::Parameter, Action::Added, place, verdict);
            let kind = if param.required { "required" } else { "optional" };
            self.push(change.new_is(format!("{kind} {}", self.new.type_name(&param.ty))), who);
        }
        self.order(old, new, &matched, place, who);
        for (i, j) in &matched.both {
            self.param((a, *i), (b, *j));
        }
        matched
    }

    /// Arguments are positional.
    fn order(&mut self, old: &Method, new: &Method, matched: &Matched, place: &Place, who: Who) {
        let mut both: Vec<(usize, usize)> = matched.both.clone();
        both.retain(|(i, j)| old.params[*i].required && new.params[*j].required);
        if reordered(&both) {
            let change =
                Change::new(Subject::Method, Action::Order, place.clone(), Verdict::SOURCE);
            let names = |m: &Method| {
                let names: Vec<&str> = m.required().map(|p| p.name.as_str()).collect();
                names.join(", ")
            };
            let note = "Arguments of one type change their meaning without an error.";
            self.push(change.old(names(old)).new_is(names(new)).note(note), who);
        }
    }

    fn renamed_param(&mut self, (a, i): (MethodId, usize), (b, j): (MethodId, usize)) {
        let (old, new) = (&self.old.api[a].params[i], &self.new.api[b].params[j]);
        let (was, is) = (&self.old.names.method(a).params[i], &self.new.names.method(b).params[j]);
        let source = match (was, is) {
            (ParamNames::Setter(was), ParamNames::Setter(is)) => was != is,
            // Callers do not see argument names.
            _ => false,
        };
        let wire = new.location == Location::Query;
        let verdict = Verdict::breaking(source, wire, Verdict::Compatible);
        let place = self.new.param(b, j);
        let change = Change::new(Subject::Parameter, Action::Renamed, place, verdict);
        let note = if wire { "" } else { "It is in the path, where names are not sent." };
        let change = change.old(&old.name.0).new_is(&new.name.0).note(note);
        self.push(change, Who::Method(Some(a), Some(b)));
    }

    fn param(&mut self, (a, i): (MethodId, usize), (b, j): (MethodId, usize)) {
        let who = Who::Method(Some(a), Some(b));
        let place = self.new.param(b, j);
        let (old, new) = (&self.old.api[a].params[i], &self.new.api[b].params[j]);
        let (was, is) = (&self.old.names.method(a).params[i], &self.new.names.method(b).params[j]);
        let change =
            |action, verdict| Change::new(Subject::Parameter, action, place.clone(), verdict);
        if old.required != new.required {
            let text = |yes: bool| if yes { "required" } else { "optional" };
            let change = change(
                Action::Required,
                if new.required { Verdict::BOTH } else { Verdict::SOURCE },
            );
            self.push(change.old(text(old.required)).new_is(text(new.required)), who);
        } else if let (ParamNames::Setter(was), ParamNames::Setter(is)) = (was, is)
            && old.name == new.name
        {
            self.rust_name(Subject::Parameter, &place, was.as_str(), is.as_str(), who);
        }
        let ours = !matches!((was, is), (ParamNames::Everywhere, ParamNames::Everywhere));
        if !same_type(&old.ty, &new.ty) {
            let verdict = if ours { Verdict::SOURCE } else { Verdict::Compatible };
            let change = change(Action::Type, verdict);
            let (was, is) = (self.old.type_name(&old.ty), self.new.type_name(&new.ty));
            self.push(change.old(was).new_is(is), who);
        }
        if old.repeated != new.repeated {
            let text = |many: bool| if many { "any number of values" } else { "one value" };
            let verdict = if ours { Verdict::SOURCE } else { Verdict::Compatible };
            let change = change(Action::Repeated, verdict);
            self.push(change.old(text(old.repeated)).new_is(text(new.repeated)), who);
        }
        if old.location != new.location {
            let text = |l: Location| if l == Location::Path { "path" } else { "query" };
            let change = change(Action::Location, Verdict::WIRE);
            self.push(change.old(text(old.location)).new_is(text(new.location)), who);
        }
        self.enums_of(&old.ty, &new.ty);
        self.param_facts(Subject::Parameter, old, new, &place, who);
    }

    /// Compares everything except name and type.
    fn param_facts(&mut self, subject: Subject, old: &Param, new: &Param, place: &Place, who: Who) {
        let change = |action| Change::new(subject, action, place.clone(), Verdict::Compatible);
        if old.default != new.default {
            let change = change(Action::Default);
            self.push(with_values(change, old.default.as_deref(), new.default.as_deref()), who);
        }
        if limits(old) != limits(new) {
            let change = change(Action::Limits);
            self.push(change.old(limits(old)).new_is(limits(new)), who);
        }
        self.deprecation(subject, place, old.deprecated, new.deprecated, who);
        self.docs(subject, place, &old.doc, &new.doc, who);
    }

    /// Compares the parameters of every method. They are not generated: the runtime offers the
    /// relevant ones.
    pub(super) fn globals(&mut self) {
        let (old, new) = (&self.old.api.globals, &self.new.api.globals);
        let place = |p: &Param| Place {
            name: p.name.0.clone(),
            pointer: p.at.clone(),
            rust: String::new(),
        };
        let matched = Matched::by_key(
            old.iter().map(|p| p.name.as_str()),
            new.iter().map(|p| p.name.as_str()),
        );
        for i in matched.gone {
            let change =
                Change::new(Subject::Global, Action::Removed, place(&old[i]), Verdict::None);
            self.push(change.old(self.old.type_name(&old[i].ty)), Who::Nobody);
        }
        for j in matched.fresh {
            let change = Change::new(Subject::Global, Action::Added, place(&new[j]), Verdict::None);
            self.push(change.new_is(self.new.type_name(&new[j].ty)), Who::Nobody);
        }
        for (i, j) in matched.both {
            let at = place(&new[j]);
            if !same_type(&old[i].ty, &new[j].ty) {
                let change = Change::new(Subject::Global, Action::Type, at.clone(), Verdict::None);
                let (was, is) = (self.old.type_name(&old[i].ty), self.new.type_name(&new[j].ty));
                self.push(change.old(was).new_is(is), Who::Nobody);
            }
            let before = self.changes.len();
            self.param_facts(Subject::Global, &old[i], &new[j], &at, Who::Nobody);
            for change in &mut self.changes[before..] {
                change.verdict = Verdict::None;
            }
        }
    }
}

/// Types of parameters have no structure.
fn same_type(a: &Type, b: &Type) -> bool {
    matches!((a, b), (Type::Enum(_), Type::Enum(_))) || a == b
}

/// Key that identifies a renamed parameter: everything except its name.
fn described(method: &Method, i: usize) -> Option<(bool, bool, String, String)> {
    let p = &method.params[i];
    let ty = match p.ty {
        Type::Enum(_) => "enum".to_owned(),
        ref ty => format!("{ty:?}"),
    };
    (!p.doc.0.is_empty()).then(|| (p.required, p.location == Location::Path, ty, p.doc.0.clone()))
}

/// The place of a path parameter in the path.
fn in_path(method: &Method, i: usize) -> Option<usize> {
    let name = &method.params[i].name;
    method.path.variables().position(|v| v == name)
}

fn limits(param: &Param) -> String {
    let parts: Vec<String> =
        [("pattern", &param.pattern), ("from", &param.minimum), ("to", &param.maximum)]
            .into_iter()
            .filter_map(|(what, value)| Some(format!("{what} {}", value.as_deref()?)))
            .collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}
