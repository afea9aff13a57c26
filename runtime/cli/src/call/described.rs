//! Types of the tables, as descriptions of calls see them.

use discovery_describe::{EnumValue, Kind, Member, Type};
use discovery_json::{Bytes, Date, DateTime, Duration, FieldMask, Timestamp};
use discovery_runtime::reflect::{FieldInfo, TypeInfo};

use super::hidden;
use crate::schema;

/// A type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Described(pub(super) TypeInfo);

impl Type<'static> for Described {
    fn kind(self) -> Kind<Self> {
        let ty = match schema::kind(self.0) {
            schema::Kind::Object(..) => return Kind::Object,
            schema::Kind::List(of) => return Kind::List(Self(of)),
            schema::Kind::Map(of) => return Kind::Map(Self(of)),
            schema::Kind::Any => return Kind::Any,
            schema::Kind::Scalar(ty) => ty,
        };
        match ty {
            TypeInfo::Bool => Kind::Bool,
            TypeInfo::Int32 => Kind::Int32,
            TypeInfo::UInt32 => Kind::UInt32,
            TypeInfo::Int64 => Kind::Int64,
            TypeInfo::UInt64 => Kind::UInt64,
            TypeInfo::Float => Kind::Float,
            TypeInfo::Double => Kind::Double,
            TypeInfo::String => Kind::String,
            TypeInfo::Bytes => Kind::Bytes,
            TypeInfo::Timestamp => Kind::Timestamp,
            TypeInfo::DateTime => Kind::DateTime,
            TypeInfo::Date => Kind::Date,
            TypeInfo::Duration => Kind::Duration,
            TypeInfo::FieldMask => Kind::FieldMask,
            TypeInfo::Enum(_) => Kind::Enum,
            TypeInfo::Any | TypeInfo::Object(_) | TypeInfo::List(_) | TypeInfo::Map(_) => Kind::Any,
        }
    }

    fn rust_name(self) -> Option<String> {
        match self.0 {
            TypeInfo::Object(schema) => Some(format!("models::{}", schema.rust_name)),
            TypeInfo::Enum(info) => Some(format!("models::{}", info.rust_name)),
            _ => None,
        }
    }

    fn members(self) -> Vec<Member<'static, Self>> {
        let schema::Kind::Object(fields, _) = schema::kind(self.0) else { return Vec::new() };
        let setters = setters(fields);
        let member = |(field, setter): (&'static FieldInfo, String)| Member {
            name: field.name,
            setter,
            ty: Self(field.ty),
        };
        fields.iter().zip(setters).map(member).collect()
    }

    fn values(self) -> Vec<EnumValue<'static>> {
        let schema::Kind::Scalar(TypeInfo::Enum(info)) = schema::kind(self.0) else {
            return Vec::new();
        };
        let value = |known: &'static discovery_runtime::reflect::EnumValueInfo| EnumValue {
            name: known.name,
            rust_name: known.rust_name,
        };
        info.values.iter().map(value).collect()
    }

    fn reads(self, text: &str) -> bool {
        match self.kind() {
            Kind::Timestamp => text.parse::<Timestamp>().is_ok(),
            Kind::DateTime => text.parse::<DateTime>().is_ok(),
            Kind::Date => text.parse::<Date>().is_ok(),
            Kind::Duration => text.parse::<Duration>().is_ok(),
            Kind::FieldMask => text.parse::<FieldMask>().is_ok(),
            Kind::Bytes => text.parse::<Bytes>().is_ok(),
            _ => true,
        }
    }

    fn text(self, text: &str, literal: fn(&str) -> String) -> String {
        hidden::expression(text, literal)
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
