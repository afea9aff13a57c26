//! Schemas, their members, and the cases of unions.

use super::change::{Action, Change, Place, Subject, Verdict};
use super::forms::agree;
use super::matching::Matched;
use super::pairs::{At, Pairs, object};
use super::{Comparison, Who};
use crate::ir::{Field, SchemaId, Shape, TaggedUnion, Type};

impl Comparison<'_> {
    pub(super) fn schemas(&mut self, pairs: &Pairs) {
        let id = |i: &usize| SchemaId(u32::try_from(*i).unwrap_or(u32::MAX));
        for a in pairs.schemas.gone.iter().map(id) {
            let place = self.old.schema(a);
            let change = Change::new(Subject::Schema, Action::Removed, place, Verdict::SOURCE);
            self.push(change.old(form(&self.old.api[a].shape)), Who::Schema(Some(a), None));
        }
        for b in pairs.schemas.fresh.iter().map(id) {
            let place = self.new.schema(b);
            let change = Change::new(Subject::Schema, Action::Added, place, Verdict::Compatible);
            self.push(change.new_is(form(&self.new.api[b].shape)), Who::Schema(None, Some(b)));
        }
        for (a, b) in &pairs.schemas.both {
            self.schema(pairs, id(a), id(b));
        }
        for (from, to) in &pairs.moved {
            self.moved_field(pairs, *from, *to);
        }
    }

    fn schema(&mut self, pairs: &Pairs, a: SchemaId, b: SchemaId) {
        let who = Who::Schema(Some(a), Some(b));
        let place = self.new.schema(b);
        let (old, new) = (&self.old.api[a], &self.new.api[b]);
        let (was, is) = (&self.old.names.schema(a).ty, &self.new.names.schema(b).ty);
        if old.name == new.name {
            self.rust_name(Subject::Schema, &place, was.as_str(), is.as_str(), who);
        } else {
            let verdict = if was == is { Verdict::Compatible } else { Verdict::SOURCE };
            let change = Change::new(Subject::Schema, Action::Renamed, place.clone(), verdict);
            self.push(change.old(&old.name.0).new_is(&new.name.0), who);
        }
        self.deprecation(Subject::Schema, &place, old.deprecated, new.deprecated, who);
        self.docs(Subject::Schema, &place, &old.doc, &new.doc, who);
        match (&old.shape, &new.shape) {
            (Shape::Object(_), Shape::Object(_)) => self.object(pairs, a, b, &place),
            (Shape::Alias(x), Shape::Alias(y)) => {
                if !pairs.same(&self.old, &self.new, x, y) {
                    let change = self.types(Subject::Schema, Action::Type, place, x, y);
                    self.push(change, who);
                }
                self.enums_of(x, y);
            }
            (Shape::Union(x), Shape::Union(y)) => self.tagged_union(pairs, (a, x), (b, y), &place),
            (x, y) => {
                let change = Change::new(Subject::Schema, Action::Form, place, Verdict::BOTH);
                self.push(change.old(form(x)).new_is(form(y)), who);
            }
        }
    }

    /// A change from one type to another.
    pub(super) fn types(
        &self,
        subject: Subject,
        action: Action,
        place: Place,
        a: &Type,
        b: &Type,
    ) -> Change {
        let same_form = agree(&self.old, &self.new, a, b);
        let change = Change::new(
            subject,
            action,
            place,
            if same_form { Verdict::SOURCE } else { Verdict::BOTH },
        );
        let change = change.old(self.old.type_name(a)).new_is(self.new.type_name(b));
        if same_form { change } else { change.note("Its JSON has another form.") }
    }

    /// Returns the innermost enums of two types.
    pub(super) fn enums_of(&mut self, a: &Type, b: &Type) {
        if let (Type::Enum(a), Type::Enum(b)) = (a.leaf(), b.leaf()) {
            self.enumeration(*a, *b);
        }
    }

    fn object(&mut self, pairs: &Pairs, a: SchemaId, b: SchemaId, place: &Place) {
        let who = Who::Schema(Some(a), Some(b));
        if let Some(matched) = pairs.fields.get(&a) {
            for i in &matched.gone {
                let place = self.old.field(a, *i);
                let change = Change::new(Subject::Field, Action::Removed, place, Verdict::SOURCE);
                let change = change.old(self.field_type(true, (a, *i)));
                self.push(change.note("What a server still sends is kept in `extra`."), who);
            }
            for j in &matched.fresh {
                let place = self.new.field(b, *j);
                let change = Change::new(Subject::Field, Action::Added, place, Verdict::Compatible);
                self.push(change.new_is(self.field_type(false, (b, *j))), who);
            }
            for (i, j) in &matched.both {
                self.field(pairs, (a, *i), (b, *j));
            }
        }
        self.update_request(pairs, a, b, place);
        self.additional(pairs, a, b, place);
    }

    fn field_type(&self, old: bool, at: At) -> String {
        let side = if old { &self.old } else { &self.new };
        let field = object(side.api, at.0).and_then(|o| o.fields.get(at.1));
        field.map(|f| side.type_name(&f.ty)).unwrap_or_default()
    }

    fn field(&mut self, pairs: &Pairs, a: At, b: At) {
        let (Some(old), Some(new)) = (
            object(self.old.api, a.0).and_then(|o| o.fields.get(a.1)),
            object(self.new.api, b.0).and_then(|o| o.fields.get(b.1)),
        ) else {
            return;
        };
        let who = Who::Schema(Some(a.0), Some(b.0));
        let place = self.new.field(b.0, b.1);
        let (was, is) =
            (&self.old.names.schema(a.0).fields[a.1], &self.new.names.schema(b.0).fields[b.1]);
        if old.name != new.name {
            let verdict = Verdict::breaking(was.field != is.field, true, Verdict::None);
            let change = Change::new(Subject::Field, Action::Renamed, place.clone(), verdict);
            self.push(change.old(&old.name.0).new_is(&new.name.0), who);
        } else {
            let all = |n: &crate::rust::FieldNames| format!("{}, {}", n.field, n.setter);
            self.rust_name(Subject::Field, &place, &all(was), &all(is), who);
        }
        if !pairs.same(&self.old, &self.new, &old.ty, &new.ty) {
            let change = self.types(Subject::Field, Action::Type, place.clone(), &old.ty, &new.ty);
            self.push(change, who);
        } else if old.boxed != new.boxed {
            let text = |boxed: bool| if boxed { "boxed" } else { "not boxed" };
            let change = Change::new(Subject::Field, Action::Boxed, place.clone(), Verdict::SOURCE);
            let note = "The type contains itself through this field, or does no longer.";
            self.push(change.old(text(old.boxed)).new_is(text(new.boxed)).note(note), who);
        }
        self.enums_of(&old.ty, &new.ty);
        self.field_facts(old, new, &place, who);
    }

    /// Compares everything except name and type.
    fn field_facts(&mut self, old: &Field, new: &Field, place: &Place, who: Who) {
        let change = |action, verdict| Change::new(Subject::Field, action, place.clone(), verdict);
        if old.read_only != new.read_only {
            let text = |only: bool| if only { "set by the server" } else { "set by anyone" };
            let change = change(Action::ReadOnly, Verdict::Compatible);
            self.push(change.old(text(old.read_only)).new_is(text(new.read_only)), who);
        }
        if old.default != new.default {
            let change = change(Action::Default, Verdict::Compatible);
            self.push(with_values(change, old.default.as_deref(), new.default.as_deref()), who);
        }
        if old.required_by != new.required_by {
            let more = new.required_by.iter().any(|m| !old.required_by.contains(m));
            let verdict = if more { Verdict::WIRE } else { Verdict::Compatible };
            let change = change(Action::RequiredBy, verdict)
                .old(list(&old.required_by))
                .new_is(list(&new.required_by));
            let note = if more { "Requests without it are refused." } else { "" };
            self.push(change.note(note), who);
        }
        self.deprecation(Subject::Field, place, old.deprecated, new.deprecated, who);
        self.docs(Subject::Field, place, &old.doc, &new.doc, who);
    }

    fn moved_field(&mut self, pairs: &Pairs, from: At, to: At) {
        let (was, place) = (self.old.field(from.0, from.1), self.new.field(to.0, to.1));
        let who = Who::Schema(Some(from.0), Some(to.0));
        let change = Change::new(Subject::Field, Action::Moved, place.clone(), Verdict::BOTH);
        self.push(change.old(was.name).new_is(place.name), who);
        self.field(pairs, from, to);
    }

    /// Compares the types of undeclared members.
    fn additional(&mut self, pairs: &Pairs, a: SchemaId, b: SchemaId, place: &Place) {
        let (Some(old), Some(new)) = (object(self.old.api, a), object(self.new.api, b)) else {
            return;
        };
        let who = Who::Schema(Some(a), Some(b));
        let (action, place) = (Action::Additional, place.clone());
        match (&old.additional, &new.additional) {
            (None, None) => {}
            (None, Some(ty)) => {
                let change = Change::new(Subject::Schema, action, place, Verdict::Compatible);
                let note = "Undeclared members were kept in `extra`.";
                self.push(change.old("none").new_is(self.new.type_name(ty)).note(note), who);
            }
            (Some(ty), None) => {
                let change = Change::new(Subject::Schema, action, place, Verdict::SOURCE);
                let note = "Undeclared members are kept in `extra`.";
                self.push(change.old(self.old.type_name(ty)).new_is("none").note(note), who);
            }
            (Some(x), Some(y)) => {
                if !pairs.same(&self.old, &self.new, x, y) {
                    let change = self.types(Subject::Schema, action, place.clone(), x, y);
                    self.push(change, who);
                }
                let (was, is) =
                    (&self.old.names.schema(a).additional, &self.new.names.schema(b).additional);
                self.rust_name(Subject::Schema, &place, was.as_str(), is.as_str(), who);
                self.enums_of(x, y);
            }
        }
    }

    fn tagged_union(
        &mut self,
        pairs: &Pairs,
        (a, old): (SchemaId, &TaggedUnion),
        (b, new): (SchemaId, &TaggedUnion),
        place: &Place,
    ) {
        let who = Who::Schema(Some(a), Some(b));
        if old.discriminant != new.discriminant {
            let change =
                Change::new(Subject::Schema, Action::Discriminant, place.clone(), Verdict::WIRE);
            self.push(change.old(&old.discriminant.0).new_is(&new.discriminant.0), who);
        }
        let at = |tag: &str, rust: &str| Place {
            name: format!("{}.{tag}", place.name),
            pointer: place.pointer.clone(),
            rust: format!("{}::{rust}", place.rust),
        };
        let mut matched = Matched::by_key(
            old.cases.iter().map(|c| c.tag.as_str()),
            new.cases.iter().map(|c| c.tag.as_str()),
        );
        let (was, is) = (&self.old.names.schema(a).cases, &self.new.names.schema(b).cases);
        let mut renamed = matched.match_unique(|i| was.get(i), |j| is.get(j));
        renamed.extend(
            matched
                .match_unique(|i| pairs.schema(old.cases[i].schema), |j| Some(new.cases[j].schema)),
        );
        for (i, j) in &renamed {
            let place = at(new.cases[*j].tag.as_str(), is[*j].as_str());
            let verdict = Verdict::breaking(was[*i] != is[*j], true, Verdict::None);
            let change = Change::new(Subject::Case, Action::Renamed, place, verdict);
            self.push(change.old(&old.cases[*i].tag.0).new_is(&new.cases[*j].tag.0), who);
        }
        for i in matched.gone {
            let place = at(old.cases[i].tag.as_str(), was[i].as_str());
            self.push(Change::new(Subject::Case, Action::Removed, place, Verdict::SOURCE), who);
        }
        for j in matched.fresh {
            let place = at(new.cases[j].tag.as_str(), is[j].as_str());
            self.push(Change::new(Subject::Case, Action::Added, place, Verdict::Compatible), who);
        }
        for (i, j) in matched.both.into_iter().chain(renamed) {
            let place = at(new.cases[j].tag.as_str(), is[j].as_str());
            if old.cases[i].tag == new.cases[j].tag {
                self.rust_name(Subject::Case, &place, was[i].as_str(), is[j].as_str(), who);
            }
            let (x, y) = (Type::Object(old.cases[i].schema), Type::Object(new.cases[j].schema));
            if !pairs.same(&self.old, &self.new, &x, &y) {
                let change = self.types(Subject::Case, Action::Type, place, &x, &y);
                self.push(change, who);
            }
        }
    }
}

/// Describes a schema's shape in a few words.
fn form(shape: &Shape) -> String {
    match shape {
        Shape::Object(object) => match object.fields.len() {
            1 => "object with 1 field".to_owned(),
            n => format!("object with {n} fields"),
        },
        Shape::Alias(_) => "name of another type".to_owned(),
        Shape::Union(union) => format!("union of {} cases", union.cases.len()),
    }
}

/// Adds the old and the new value to `change`, where present.
pub(super) fn with_values(change: Change, old: Option<&str>, new: Option<&str>) -> Change {
    change.old(old.unwrap_or("none")).new_is(new.unwrap_or("none"))
}

/// Joins items with commas.
pub(super) fn list<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|i| i.as_ref().to_owned()).collect();
    if items.is_empty() { "none".to_owned() } else { items.join(", ") }
}
