//! Passes for recursion: an alias must not contain itself; an object may, through a box.

use super::Lowering;
use crate::error::Kind;
use crate::ir::{Api, SchemaId, Shape, Type};

impl Lowering<'_> {
    /// Replaces aliases that contain themselves, directly or not, with any value: they have no Rust
    /// form.
    pub(super) fn break_alias_cycles(&mut self) {
        let ids: Vec<_> = SchemaId::all(&self.api).collect();
        for id in ids {
            if !alias_reaches(&self.api, id) {
                continue;
            }
            let at = self.api[id].at.clone();
            let message = format!("`{}` is an alias of itself", self.api[id].name);
            self.warn(Kind::Degraded, &at, message, "it accepts any value");
            self.api.schemas[id.index()].shape = Shape::Alias(Type::Any);
        }
    }

    /// Boxes every field through which a type would contain itself: those inside a strongly
    /// connected component of direct edges (lists and maps are on the heap already). Returns the
    /// component number of each schema; referenced schemas have lower numbers.
    pub(super) fn box_recursion(&mut self) -> Vec<usize> {
        let edges: Vec<Vec<SchemaId>> =
            SchemaId::all(&self.api).map(|id| direct_edges(&self.api, id)).collect();
        let component = components(&edges);
        for id in SchemaId::all(&self.api).collect::<Vec<_>>() {
            self.box_fields(id, |held| component[held.index()] == component[id.index()]);
        }
        component
    }

    /// Boxes the fields of an object that contain such a schema directly.
    pub(super) fn box_fields(&mut self, id: SchemaId, which: impl Fn(SchemaId) -> bool) {
        let Shape::Object(object) = &self.api[id].shape else { return };
        let boxed: Vec<bool> =
            object.fields.iter().map(|f| target(&self.api, &f.ty).is_some_and(&which)).collect();
        if let Shape::Object(object) = &mut self.api.schemas[id.index()].shape {
            for (field, boxed) in object.fields.iter_mut().zip(boxed) {
                field.boxed |= boxed;
            }
        }
    }
}

/// Returns `true` if following aliases from `start` leads back to it.
fn alias_reaches(api: &Api, start: SchemaId) -> bool {
    let mut next = start;
    for _ in 0..=api.schemas.len() {
        let Shape::Alias(ty) = &api[next].shape else { return false };
        let Type::Object(id) = ty.leaf() else { return false };
        if *id == start {
            return true;
        }
        next = *id;
    }
    false
}

/// Returns the object that a value of `ty` contains directly.
fn target(api: &Api, ty: &Type) -> Option<SchemaId> {
    match api.resolve(ty) {
        Type::Object(id) => Some(*id),
        _ => None,
    }
}

fn direct_edges(api: &Api, id: SchemaId) -> Vec<SchemaId> {
    match &api[id].shape {
        Shape::Object(object) => object.fields.iter().filter_map(|f| target(api, &f.ty)).collect(),
        // The cases of a union are boxed by the template.
        Shape::Alias(_) | Shape::Union(_) => Vec::new(),
    }
}

/// Returns the strongly connected component of each node (Tarjan's algorithm with an explicit
/// stack, because a document may nest deeper than the call stack).
fn components(edges: &[Vec<SchemaId>]) -> Vec<usize> {
    const NEW: usize = usize::MAX;
    let n = edges.len();
    let (mut index, mut low, mut component) = (vec![NEW; n], vec![0; n], vec![NEW; n]);
    let (mut stack, mut work, mut next, mut found) = (Vec::new(), Vec::new(), 0, 0);
    for root in 0..n {
        if index[root] != NEW {
            continue;
        }
        work.push((root, 0));
        while let Some((v, edge)) = work.pop() {
            if edge == 0 {
                index[v] = next;
                low[v] = next;
                next += 1;
                stack.push(v);
            }
            if let Some(w) = edges[v].get(edge).map(|id| id.index()) {
                work.push((v, edge + 1));
                if index[w] == NEW {
                    work.push((w, 0));
                } else if component[w] == NEW {
                    low[v] = low[v].min(index[w]);
                }
                continue;
            }
            if low[v] == index[v] {
                while let Some(w) = stack.pop() {
                    component[w] = found;
                    if w == v {
                        break;
                    }
                }
                found += 1;
            }
            if let Some((parent, _)) = work.last() {
                low[*parent] = low[*parent].min(low[v]);
            }
        }
    }
    component
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_of_a_graph() {
        let graph: &[&[u32]] = &[&[1], &[2], &[0, 3], &[3, 4], &[]];
        let edges: Vec<Vec<SchemaId>> =
            graph.iter().map(|e| e.iter().map(|i| SchemaId(*i)).collect()).collect();
        let c = components(&edges);
        assert!(c[0] == c[1] && c[1] == c[2]);
        assert!(c[3] != c[0] && c[4] != c[3] && c[4] != c[0]);
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_does_not_overflow() {
        let n = 100_000u32;
        let edges: Vec<Vec<SchemaId>> = (0..n).map(|i| vec![SchemaId((i + 1) % n)]).collect();
        assert!(components(&edges).iter().all(|c| *c == 0));
    }
}
