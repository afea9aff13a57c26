//! Functions that build an update from two values of a resource.

use super::change::{Action, Change, Place, Subject, Verdict};
use super::pairs::{Pairs, object};
use super::side::Side;
use super::{Comparison, Who};
use crate::ir::{HeldMask, MethodId, SchemaId, Update};

impl Comparison<'_> {
    /// Compares the functions next to two methods, for example `patch_between`.
    pub(super) fn update_function(&mut self, a: MethodId, b: MethodId, place: &Place) {
        let (old, new) = (function(&self.old, a), function(&self.new, b));
        let verdict = match (&old, &new) {
            (None, None) => return,
            (None, Some(_)) => Verdict::Compatible,
            (Some(old), Some(new)) if old.fits(new) => return,
            (Some(_), _) => Verdict::SOURCE,
        };
        let change = Change::new(Subject::Method, Action::Update, place.clone(), verdict);
        let text = |function: Option<Function>| function.map_or("none".to_owned(), |f| f.text);
        self.push(change.old(text(old)).new_is(text(new)), Who::Method(Some(a), Some(b)));
    }

    /// Compares the functions of two requests that hold a resource and its mask.
    pub(super) fn update_request(
        &mut self,
        pairs: &Pairs,
        a: SchemaId,
        b: SchemaId,
        place: &Place,
    ) {
        let held = |side: &Side<'_>, id| object(side.api, id).and_then(|object| object.update);
        let (old, new) = (held(&self.old, a), held(&self.new, b));
        let verdict = match (old, new) {
            (None, None) => return,
            (None, Some(_)) => Verdict::Compatible,
            (Some(_), None) => Verdict::SOURCE,
            (Some(old), Some(new)) => {
                let both = pairs.fields.get(&a).map(|fields| &fields.both);
                let pair = (old.resource, new.resource);
                if both.is_some_and(|both| both.contains(&pair)) {
                    return;
                }
                Verdict::SOURCE
            }
        };
        let text = |side: &Side<'_>, id, held: Option<HeldMask>| {
            let field = |held: HeldMask| side.field(id, held.resource).name;
            held.map_or("none".to_owned(), |held| format!("between, of `{}`", field(held)))
        };
        let (was, is) = (text(&self.old, a, old), text(&self.new, b, new));
        let change = Change::new(Subject::Schema, Action::Update, place.clone(), verdict);
        self.push(change.old(was).new_is(is), Who::Schema(Some(a), Some(b)));
    }
}

/// The function of a method.
struct Function {
    text: String,
    /// What follows the method's name.
    suffix: String,
    /// Arguments of the method.
    required: Vec<String>,
    /// The mask, which the function sets itself.
    mask: Option<String>,
}

impl Function {
    /// Returns `true` if it changes at most as its method does, whose name and arguments are compared
    /// elsewhere.
    fn fits(&self, new: &Self) -> bool {
        let arguments = |f: &Self| -> Vec<String> {
            f.required.iter().filter(|name| Some(*name) != f.mask.as_ref()).cloned().collect()
        };
        let same = self.required != new.required || arguments(self) == arguments(new);
        self.suffix == new.suffix && same
    }
}

fn function(side: &Side<'_>, id: MethodId) -> Option<Function> {
    let (method, names) = (&side.api[id], side.names.method(id));
    let text = names.between.as_ref()?.function.bare().to_owned();
    let suffix = text.strip_prefix(names.function.bare()).unwrap_or(&text).to_owned();
    let mask = match method.update? {
        Update::MaskInQuery { param, .. } => Some(method.params[param].name.0.clone()),
        Update::Merge => None,
        Update::MaskInBody(_) | Update::Replace => return None,
    };
    let required = method.required().map(|param| param.name.0.clone()).collect();
    Some(Function { text, suffix, required, mask })
}
