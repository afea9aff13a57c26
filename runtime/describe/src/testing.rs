//! A small API to describe in tests.

use discovery_json::Scalar;

use crate::types::{EnumValue, Kind, Member, Type};

/// A type, by its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample(pub(crate) &'static str);

/// Members of the schema `Job`, with the names of their types.
const JOB: &[(&str, &str)] = &[
    ("title", "string"),
    ("pay", "Pay"),
    ("pays", "[Pay"),
    ("tags", "[string"),
    ("sizes", "[int64"),
    ("labels", "{string"),
    ("counts", "{int64"),
    ("grid", "[[double"),
    ("state", "State"),
    ("states", "[State"),
    ("at", "timestamp"),
    ("shape", "Shape"),
    ("free", "any"),
    ("frees", "[any"),
    ("self", "Job"),
];

const PAY: &[(&str, &str)] = &[("amount", "int64"), ("rate", "double"), ("count", "uint32")];

/// The format of this name.
fn scalar(name: &str) -> Scalar {
    let named = Scalar::ALL.iter().find(|scalar| scalar.info().name == name);
    *named.unwrap_or(&Scalar::String)
}

impl Type<'static> for Sample {
    fn kind(self) -> Kind<Self> {
        if let Some(of) = self.0.strip_prefix('[') {
            return Kind::List(Self(of));
        }
        if let Some(of) = self.0.strip_prefix('{') {
            return Kind::Map(Self(of));
        }
        match self.0 {
            "any" | "Shape" => Kind::Any,
            "State" => Kind::Enum,
            "Job" | "Pay" => Kind::Object,
            name => Kind::Scalar(scalar(name)),
        }
    }

    fn rust_name(self) -> Option<String> {
        let named = self.0.starts_with(|c: char| c.is_ascii_uppercase());
        named.then(|| format!("models::{}", self.0))
    }

    fn members(self) -> Vec<Member<'static, Self>> {
        let members = match self.0 {
            "Job" => JOB,
            "Pay" => PAY,
            _ => &[],
        };
        members
            .iter()
            .map(|(name, ty)| Member {
                name,
                setter: format!("set_{name}"),
                ty: Self(ty),
                default: None,
            })
            .collect()
    }

    fn values(self) -> Vec<EnumValue<'static>> {
        [("OPEN", "Open"), ("SHUT", "Shut")]
            .map(|(name, rust_name)| EnumValue { name, rust_name, deprecated: false })
            .to_vec()
    }
}
