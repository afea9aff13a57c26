//! Pass: models that are too large to be moved about in one piece.

use super::Lowering;
use super::cycles::{components, direct_edges, target};
use crate::ir::{Api, Field, SchemaId, Shape, Type};

/// A model may be this large, in bytes on a 64-bit machine, with its models in it.
///
/// Reading an answer moves each model several times in a build without optimization, and a thread
/// of an async runtime has 2 MB of stack: with models of 20 KB in models, a call ended the process.
/// Few models of all APIs come near the limit, so that few revisions bring one over it.
const LIMIT: usize = 4096;

impl Lowering<'_> {
    /// Boxes what a model holds in place, where it would be larger than [`LIMIT`] otherwise.
    pub(super) fn box_large(&mut self) {
        let edges: Vec<Vec<SchemaId>> =
            SchemaId::all(&self.api).map(|id| direct_edges(&self.api, id)).collect();
        let component = components(&edges);
        let mut ids: Vec<SchemaId> = SchemaId::all(&self.api).collect();
        // A component is found before those that lead to it.
        ids.sort_by_key(|id| component[id.index()]);
        let mut sizes = vec![0; ids.len()];
        for id in ids {
            let mut size = size_of_fields(&self.api, &sizes, id);
            if size > LIMIT {
                self.box_objects(id);
                size = size_of_fields(&self.api, &sizes, id);
            }
            sizes[id.index()] = size;
        }
    }

    fn box_objects(&mut self, id: SchemaId) {
        let objects: Vec<bool> = match &self.api[id].shape {
            Shape::Object(object) => {
                object.fields.iter().map(|f| target(&self.api, &f.ty).is_some()).collect()
            }
            Shape::Alias(_) | Shape::Union(_) => return,
        };
        if let Shape::Object(object) = &mut self.api.schemas[id.index()].shape {
            for (field, is_object) in object.fields.iter_mut().zip(objects) {
                field.boxed |= is_object;
            }
        }
    }
}

/// What the fields of an object take; 0 of what is none.
fn size_of_fields(api: &Api, sizes: &[usize], id: SchemaId) -> usize {
    match &api[id].shape {
        Shape::Object(object) => object.fields.iter().map(|f| size_of(api, sizes, f)).sum(),
        // An alias is what it stands for; the cases of a union are boxed.
        Shape::Alias(_) | Shape::Union(_) => 16,
    }
}

/// What an optional value of a field takes.
fn size_of(api: &Api, sizes: &[usize], field: &Field) -> usize {
    if field.boxed {
        return 8;
    }
    match api.resolve(&field.ty) {
        Type::Bool => 1,
        Type::Int32 | Type::UInt32 | Type::Float | Type::Date => 8,
        Type::Int64 | Type::UInt64 | Type::Double => 16,
        Type::Timestamp | Type::Duration | Type::Enum(_) => 16,
        Type::String | Type::Bytes | Type::FieldMask | Type::Any | Type::List(_) | Type::Map(_) => {
            24
        }
        Type::Object(id) => sizes[id.index()],
    }
}
