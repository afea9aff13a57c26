//! Pass: boxes fields of models that are too large to move efficiently.

use super::Lowering;
use crate::ir::{Api, Field, SchemaId, Shape, Type};

/// Maximum size of a model with its nested models, in bytes on a 64-bit target.
///
/// Reading a response moves each model several times in an unoptimized build, and a thread of an
/// async runtime has 2 MB of stack: with a model of 128 KB, a call overflowed it. Few models of all
/// APIs come close to the limit, so few revisions exceed it.
const LIMIT: usize = 4096;

impl Lowering<'_> {
    /// Boxes nested models where the model would otherwise exceed [`LIMIT`]. Referenced schemas
    /// have lower numbers in `component`.
    pub(super) fn box_large(&mut self, component: &[usize]) {
        let mut ids: Vec<SchemaId> = SchemaId::all(&self.api).collect();
        ids.sort_by_key(|id| component[id.index()]);
        let mut sizes = vec![0; ids.len()];
        for id in ids {
            let mut size = size_of_fields(&self.api, &sizes, id);
            if size > LIMIT {
                self.box_fields(id, |_| true);
                size = size_of_fields(&self.api, &sizes, id);
            }
            sizes[id.index()] = size;
        }
    }
}

/// Returns the size of a schema's fields.
fn size_of_fields(api: &Api, sizes: &[usize], id: SchemaId) -> usize {
    match &api[id].shape {
        Shape::Object(object) => object.fields.iter().map(|f| size_of(api, sizes, f)).sum(),
        // The cases of a union are boxed. Fields are resolved, so none contains an alias.
        Shape::Alias(_) | Shape::Union(_) => 16,
    }
}

/// Returns the size of a field's optional value.
fn size_of(api: &Api, sizes: &[usize], field: &Field) -> usize {
    if field.boxed {
        return 8;
    }
    match api.resolve(&field.ty) {
        Type::Scalar(scalar) => scalar.info().size,
        Type::Enum(_) => 16,
        Type::Any | Type::List(_) | Type::Map(_) => 24,
        Type::Object(id) => sizes[id.index()],
    }
}
