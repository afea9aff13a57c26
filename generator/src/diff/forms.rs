//! Compares the JSON forms of types in two revisions.

use super::side::Side;
use crate::ir::{Form, Shape, Type};

/// Returns `true` if JSON written for `a` can be read as `b` and the reverse: both have the same
/// JSON type, recursively. `any` matches every type.
pub(super) fn agree(old: &Side<'_>, new: &Side<'_>, a: &Type, b: &Type) -> bool {
    match (old.api.resolve(a), new.api.resolve(b)) {
        (Type::Any, _) | (_, Type::Any) => true,
        (Type::List(a), Type::List(b)) | (Type::Map(a), Type::Map(b)) => agree(old, new, a, b),
        (Type::Object(a), Type::Object(b)) => {
            let (a, b) = (&old.api[*a].shape, &new.api[*b].shape);
            let (Shape::Object(a), Shape::Object(b)) = (a, b) else { return true };
            // Common members; one level suffices to detect a different object.
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

/// Returns the JSON type; 64-bit integers and formatted values are strings.
fn kind(ty: &Type) -> Kind {
    match ty {
        Type::Scalar(scalar) => match scalar.form() {
            Form::Bool => Kind::Bool,
            _ if scalar.is_string() => Kind::Text,
            _ => Kind::Number,
        },
        Type::Enum(_) => Kind::Text,
        Type::List(_) => Kind::Array,
        Type::Object(_) | Type::Map(_) => Kind::Object,
        Type::Any => Kind::Any,
    }
}
