//! Finds the places of a request that accept a value.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::rc::Rc;

use discovery_describe::names;
use discovery_runtime::reflect::{FieldInfo, TypeInfo};

use crate::schema::{self, Kind};

/// Place that accepts a value with `=`.
#[derive(Clone, Debug)]
pub(crate) struct Leaf {
    /// Names from the request down; `+` for an element, `KEY` for a map key.
    pub(crate) names: Vec<String>,
    /// Type: a scalar, a list or map of scalars, or any.
    pub(crate) ty: TypeInfo,
    /// Member that contains it.
    pub(crate) field: Option<&'static FieldInfo>,
}

/// Placeholder for a map key in the names of a leaf.
pub(crate) const ANY_KEY: &str = "KEY";

/// Maximum number of visited places: some requests have practically endless trees.
const WALK_LIMIT: usize = 50_000;

/// Returns every leaf, shortest paths first. Recursive schemas are entered once.
pub(crate) fn leaves(root: TypeInfo) -> Vec<Leaf> {
    let mut out = Vec::new();
    walk(root, &mut |leaf| {
        out.push(leaf.clone());
        ControlFlow::Continue(())
    });
    out
}

/// A place to visit.
struct Visit {
    /// The last step of its path; the request has none.
    step: Option<Rc<Step>>,
    ty: TypeInfo,
    field: Option<&'static FieldInfo>,
}

/// A step of a path. Paths share their beginnings: a request has far more places than are shown.
struct Step {
    name: Name,
    /// The schema that the step leads out of.
    schema: Option<&'static str>,
    before: Option<Rc<Step>>,
}

#[derive(Clone, Copy)]
enum Name {
    Field(&'static FieldInfo),
    Other(&'static str),
}

impl Visit {
    fn steps(&self) -> impl Iterator<Item = &Step> {
        std::iter::successors(self.step.as_deref(), |step| step.before.as_deref())
    }

    fn names(&self) -> Vec<String> {
        let name = |step: &Step| match step.name {
            Name::Field(field) => names::kebab(field.name),
            Name::Other(name) => name.to_owned(),
        };
        let mut all: Vec<String> = self.steps().map(name).collect();
        all.reverse();
        all
    }
}

/// Calls `see` with every leaf until it breaks.
pub(crate) fn walk(root: TypeInfo, see: &mut dyn FnMut(&Leaf) -> ControlFlow<()>) {
    walk_if(root, |_| true, see);
}

/// As [`walk`], but only with leaves that belong to a field for which `wants` returns `true`.
pub(crate) fn walk_if(
    root: TypeInfo,
    wants: impl Fn(Option<&'static FieldInfo>) -> bool,
    see: &mut dyn FnMut(&Leaf) -> ControlFlow<()>,
) {
    let mut queue = VecDeque::from([Visit { step: None, ty: root, field: None }]);
    let mut seen = 0;
    while let Some(visit) = queue.pop_front() {
        seen += 1;
        if seen > WALK_LIMIT {
            return;
        }
        if !takes_value(visit.ty) {
            enter(&visit, &mut queue);
        } else if wants(visit.field) {
            let leaf = Leaf { names: visit.names(), ty: visit.ty, field: visit.field };
            if see(&leaf).is_break() {
                return;
            }
        }
    }
}

/// Returns `true` if `path=value` is allowed for a field of the type.
pub(crate) fn takes_value(ty: TypeInfo) -> bool {
    match schema::kind(ty) {
        Kind::Scalar(_) | Kind::Any => true,
        Kind::List(of) | Kind::Map(of) => schema::is_scalar(of),
        Kind::Object(..) => false,
    }
}

fn enter(visit: &Visit, queue: &mut VecDeque<Visit>) {
    let schema = match visit.ty {
        TypeInfo::Object(schema) => Some(schema.name),
        _ => None,
    };
    if schema.is_some() && visit.steps().any(|step| step.schema == schema) {
        return;
    }
    let below = |name: Name, ty: TypeInfo, field: Option<&'static FieldInfo>| {
        let step = Step { name, schema, before: visit.step.clone() };
        Visit { step: Some(Rc::new(step)), ty, field }
    };
    match schema::kind(visit.ty) {
        Kind::Object(fields, additional) => {
            for field in fields {
                queue.push_back(below(Name::Field(field), field.ty, Some(field)));
            }
            if let Some(ty) = additional {
                queue.push_back(below(Name::Other(ANY_KEY), ty, visit.field));
            }
        }
        Kind::List(of) => queue.push_back(below(Name::Other("+"), of, visit.field)),
        Kind::Map(of) => queue.push_back(below(Name::Other(ANY_KEY), of, visit.field)),
        Kind::Scalar(_) | Kind::Any => {}
    }
}
