//! Passes for recursion: an alias must not contain itself; an object may, through a box.

use super::Lowering;
use crate::error::Kind;
use crate::ir::{Api, SchemaId, Shape, Type};

/// Maximum number of aliases between an alias and what it stands for. The reflection tables follow 16
/// types at most.
const ALIASES: usize = 14;

impl Lowering<'_> {
    /// Replaces aliases that contain themselves, directly or not, with any value: they have no Rust
    /// form. Aliases behind more than [`ALIASES`] others follow, so that resolving an alias takes
    /// little time.
    pub(super) fn break_alias_cycles(&mut self) {
        for id in circular_aliases(&self.api) {
            self.break_alias(id, "an alias of itself");
        }
        for id in distant_aliases(&self.api) {
            self.break_alias(id, "behind too many aliases");
        }
    }

    fn break_alias(&mut self, id: SchemaId, what: &str) {
        let at = self.api[id].at.clone();
        let message = format!("`{}` is {what}", self.api[id].name);
        self.warn(Kind::Degraded, &at, message, "it accepts any value");
        self.api.schemas[id.index()].shape = Shape::Alias(Type::Any);
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

/// Returns the schema that an alias stands for, or whose lists or maps it stands for.
fn aliased(api: &Api, id: SchemaId) -> Option<SchemaId> {
    let Shape::Alias(ty) = &api[id].shape else { return None };
    match ty.leaf() {
        Type::Object(id) => Some(*id),
        _ => None,
    }
}

/// Returns the first alias of every ring of aliases.
fn circular_aliases(api: &Api) -> Vec<SchemaId> {
    // Number of the walk that visited a schema, from 1.
    let mut visited = vec![0; api.schemas.len()];
    let mut found = Vec::new();
    for (start, walk) in SchemaId::all(api).zip(1..) {
        let mut next = Some(start);
        while let Some(id) = next.filter(|id| visited[id.index()] == 0) {
            visited[id.index()] = walk;
            next = aliased(api, id);
        }
        if let Some(id) = next.filter(|id| visited[id.index()] == walk) {
            let ring = std::iter::successors(aliased(api, id), |next| {
                aliased(api, *next).filter(|_| *next != id)
            });
            found.extend(ring.min_by_key(|id| id.index()));
        }
    }
    found.sort_by_key(|id| id.index());
    found
}

/// Returns aliases so that, without them, no alias is behind more than [`ALIASES`] others. There are
/// no rings.
fn distant_aliases(api: &Api) -> Vec<SchemaId> {
    let mut distances = vec![None; api.schemas.len()];
    let mut found = Vec::new();
    for start in SchemaId::all(api) {
        let next = |id: &SchemaId| aliased(api, *id).filter(|id| distances[id.index()].is_none());
        let way: Vec<SchemaId> = std::iter::successors(Some(start), next).collect();
        for id in way.into_iter().rev() {
            let behind = aliased(api, id).and_then(|id| distances[id.index()]);
            let distance = behind.map_or(0, |distance: usize| distance + 1);
            if distance > ALIASES {
                found.push(id);
            }
            distances[id.index()] = Some(if distance > ALIASES { 0 } else { distance });
        }
    }
    found
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
