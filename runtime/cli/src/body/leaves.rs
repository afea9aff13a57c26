//! Finds the places of a request that accept a value.

use std::collections::VecDeque;
use std::ops::ControlFlow;

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

struct Visit {
    names: Vec<String>,
    ty: TypeInfo,
    field: Option<&'static FieldInfo>,
    inside: Vec<&'static str>,
}

/// Calls `see` with every leaf until it breaks.
pub(crate) fn walk(root: TypeInfo, see: &mut dyn FnMut(&Leaf) -> ControlFlow<()>) {
    let start = Visit { names: Vec::new(), ty: root, field: None, inside: Vec::new() };
    let mut queue = VecDeque::from([start]);
    let mut seen = 0;
    while let Some(visit) = queue.pop_front() {
        seen += 1;
        if seen > WALK_LIMIT {
            return;
        }
        if takes_value(visit.ty) {
            let leaf = Leaf { names: visit.names, ty: visit.ty, field: visit.field };
            if see(&leaf).is_break() {
                return;
            }
        } else {
            enter(visit, &mut queue);
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

fn enter(mut visit: Visit, queue: &mut VecDeque<Visit>) {
    if let TypeInfo::Object(schema) = visit.ty {
        if visit.inside.contains(&schema.name) {
            return;
        }
        visit.inside.push(schema.name);
    }
    let below = |name: &str, ty: TypeInfo, field: Option<&'static FieldInfo>| {
        let mut names = visit.names.clone();
        names.push(name.to_owned());
        Visit { names, ty, field, inside: visit.inside.clone() }
    };
    match schema::kind(visit.ty) {
        Kind::Object(fields, additional) => {
            for field in fields {
                queue.push_back(below(&names::kebab(field.name), field.ty, Some(field)));
            }
            if let Some(ty) = additional {
                queue.push_back(below(ANY_KEY, ty, visit.field));
            }
        }
        Kind::List(of) => queue.push_back(below("+", of, visit.field)),
        Kind::Map(of) => queue.push_back(below(ANY_KEY, of, visit.field)),
        Kind::Scalar(_) | Kind::Any => {}
    }
}
