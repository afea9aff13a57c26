//! What values look like as JSON, as far as two revisions could disagree.

use super::side::Side;
use crate::ir::{Shape, Type};

/// Whether a value of type `a` before can be read as `b` after, and the other way round: the same
/// kind of JSON, item by item. `any` agrees with everything.
pub(super) fn agree(old: &Side<'_>, new: &Side<'_>, a: &Type, b: &Type) -> bool {
    match (old.api.resolve(a), new.api.resolve(b)) {
        (Type::Any, _) | (_, Type::Any) => true,
        (Type::List(a), Type::List(b)) | (Type::Map(a), Type::Map(b)) => agree(old, new, a, b),
        (Type::Object(a), Type::Object(b)) => {
            let (a, b) = (&old.api[*a].shape, &new.api[*b].shape);
            let (Shape::Object(a), Shape::Object(b)) = (a, b) else { return true };
            // Members that both declare; one level says enough to warn of a different object.
            let both = a
                .fields
                .iter()
                .filter_map(|f| Some((f, b.fields.iter().find(|g| g.name == f.name)?)));
            let mut shared = 0;
            let fits = both
                .inspect(|_| shared += 1)
                .all(|(f, g)| kind(old.api.resolve(&f.ty)) == kind(new.api.resolve(&g.ty)));
            fits && (shared > 0 || a.fields.is_empty())
        }
        (a, b) => kind(a) == kind(b),
    }
}

#[derive(PartialEq, Eq)]
enum Kind {
    Bool,
    Number,
    Text,
    Array,
    Object,
    Any,
}

/// The JSON of a type: 64-bit integers and everything with a format are text.
fn kind(ty: &Type) -> Kind {
    match ty {
        Type::Bool => Kind::Bool,
        Type::Int32 | Type::UInt32 | Type::Float | Type::Double => Kind::Number,
        Type::Int64
        | Type::UInt64
        | Type::String
        | Type::Bytes
        | Type::Timestamp
        | Type::DateTime
        | Type::Date
        | Type::Duration
        | Type::FieldMask
        | Type::Enum(_) => Kind::Text,
        Type::List(_) => Kind::Array,
        Type::Object(_) | Type::Map(_) => Kind::Object,
        Type::Any => Kind::Any,
    }
}
