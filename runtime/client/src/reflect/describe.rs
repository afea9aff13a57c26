//! The tables as descriptions of calls see them.

use discovery_describe::{EnumValue, Kind, Member, Type};

use super::{EnumInfo, FieldInfo, Shape, TypeInfo};

/// Longest chain of schemas that only name another; a longer one is a circle.
const ALIAS_LIMIT: usize = 16;

impl TypeInfo {
    /// Resolves aliases.
    fn resolved(self) -> Self {
        let mut ty = self;
        for _ in 0..ALIAS_LIMIT {
            match ty {
                Self::Object(schema) => match schema.shape {
                    Shape::Alias(of) => ty = of,
                    Shape::Object { .. } => return ty,
                },
                other => return other,
            }
        }
        Self::Any
    }
}

impl Type<'static> for TypeInfo {
    fn kind(self) -> Kind<Self> {
        let resolved = self.resolved();
        match resolved {
            Self::Enum(_) => Kind::Enum,
            Self::Object(schema) => match schema.shape {
                Shape::Object { fields: [], additional: Some(of) } => Kind::Map(of),
                Shape::Object { .. } => Kind::Object,
                Shape::Alias(_) => Kind::Any,
            },
            Self::List(of) => Kind::List(*of),
            Self::Map(of) => Kind::Map(*of),
            _ => resolved.scalar().map_or(Kind::Any, Kind::Scalar),
        }
    }

    fn rust_name(self) -> Option<String> {
        match self {
            Self::Object(schema) => Some(format!("models::{}", schema.rust_name)),
            Self::Enum(info) => Some(format!("models::{}", info.rust_name)),
            _ => None,
        }
    }

    fn members(self) -> Vec<Member<'static, Self>> {
        let Self::Object(schema) = self.resolved() else { return Vec::new() };
        let Shape::Object { fields, .. } = schema.shape else { return Vec::new() };
        let member = |(field, setter): (&'static FieldInfo, String)| Member {
            name: field.name,
            setter,
            ty: field.ty,
            default: field.default,
        };
        fields.iter().zip(setters(fields)).map(member).collect()
    }

    fn values(self) -> Vec<EnumValue<'static>> {
        let Self::Enum(EnumInfo { values, .. }) = self.resolved() else { return Vec::new() };
        let value = |known: &'static super::EnumValueInfo| EnumValue {
            name: known.name,
            rust_name: known.rust_name,
            deprecated: known.deprecated,
        };
        values.iter().map(value).collect()
    }
}

/// Setters are `set_` and the field's name. Every model has a `set_null` already: where a name is
/// taken, `_field` follows, or a number, as the generator has it.
fn setters(fields: &[FieldInfo]) -> Vec<String> {
    let mut out = vec!["set_null".to_owned()];
    for field in fields {
        let base = format!("set_{}", field.rust_name.trim_start_matches("r#"));
        let others = (2_u32..).map(|n| format!("{base}_{n}"));
        let mut names = [base.clone(), format!("{base}_field")].into_iter().chain(others);
        out.extend(names.find(|name| !out.contains(name)));
    }
    out.split_off(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn setters_as_the_generator_names_them() {
        let fields = ["r#type", "null", "null_field", "name"]
            .map(|name| FieldInfo::new("", name, TypeInfo::Bool, ""));
        let want = ["set_type", "set_null_field", "set_null_field_field", "set_name"];
        assert_eq!(setters(&fields), want);
    }
}
