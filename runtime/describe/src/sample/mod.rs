//! Sample values: valid, always the same, small.
//!
//! The reference documentation, READMEs, command-line skeletons, and mock-server responses all show
//! sample values. [`value`] creates them; a [`Sampler`] decides which members an object has and may
//! override their values.

mod path;
mod scalar;
mod text;

use serde_json::{Map, Value};

use crate::types::{Kind, Type};

pub use path::{id, path};
pub use scalar::{enumeration, scalar};
pub use text::text;

/// Maximum nesting of objects.
const DEPTH: usize = 8;

/// Members of its objects after which a sample takes no other object: types that all require each
/// other have samples of millions. No known document has as many.
const MEMBERS: usize = 50_000;

/// Customizes samples for a purpose.
pub trait Sampler<'a, T: Type<'a>> {
    /// Returns whether the member at position `at` of `object` is part of a sample. `depth` counts
    /// the objects around the member; it is 1 for a member of the sample itself.
    fn inclusion(&self, object: T, at: usize, depth: usize) -> Inclusion;

    /// Returns the key of the one entry of a map.
    fn key(&self) -> &'static str {
        "key"
    }

    /// Returns a scalar value; `None` if the server would reject an invented one.
    fn leaf(&self, place: &Place<'a, T>, _walk: &mut Walk<'_, Self>) -> Option<Value>
    where
        Self: Sized,
    {
        scalar(place.ty, place.name, place.default)
    }
}

/// Whether a member is part of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inclusion {
    /// Omitted.
    Excluded,
    /// Omitted unless the object would be empty.
    Spare,
    /// Set if it has a finite value.
    Included,
    /// Required: without a finite value, the object has none either.
    Needed,
}

/// Place of a value.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a, T> {
    /// The type of the value.
    pub ty: T,
    /// Wire name of the enclosing member or parameter.
    pub name: &'a str,
    /// Default value on the server.
    pub default: Option<&'a str>,
    /// The object and the position of the member in it.
    pub member: Option<(T, usize)>,
}

impl<T> Place<'_, T> {
    /// Returns the place of a standalone value.
    #[must_use]
    pub fn root(ty: T) -> Self {
        Self { ty, name: "", default: None, member: None }
    }
}

/// Returns a sample of a type; `None` where it has no finite value.
#[must_use]
pub fn value<'a, T: Type<'a>, S: Sampler<'a, T>>(
    sampler: &S,
    place: &Place<'a, T>,
) -> Option<Value> {
    Walk { sampler, around: Vec::new(), left: MEMBERS }.value(place)
}

/// Sample under construction.
#[derive(Debug)]
pub struct Walk<'s, S> {
    sampler: &'s S,
    /// Rust names of the enclosing objects.
    around: Vec<String>,
    /// Members that may still be looked at.
    left: usize,
}

impl<S> Walk<'_, S> {
    /// Returns a sample of the value at `place`; `None` where it has no finite value.
    pub fn value<'a, T: Type<'a>>(&mut self, place: &Place<'a, T>) -> Option<Value>
    where
        S: Sampler<'a, T>,
    {
        match place.ty.kind() {
            Kind::Object => self.within(place.ty, |walk| walk.object(place.ty)),
            Kind::List(of) => Some(Value::Array(vec![self.value(&Place { ty: of, ..*place })?])),
            Kind::Map(of) => {
                let entry = Place { name: "value", ..Place::root(of) };
                let mut members = Map::new();
                members.insert(self.sampler.key().to_owned(), self.value(&entry)?);
                Some(Value::Object(members))
            }
            _ => self.sampler.leaf(place, self),
        }
    }

    /// Creates a value inside `object`; `None` on recursion, or at excessive depth or size.
    pub fn within<'a, T: Type<'a>>(
        &mut self,
        object: T,
        make: impl FnOnce(&mut Self) -> Option<Value>,
    ) -> Option<Value> {
        let name = object.rust_name().unwrap_or_default();
        if self.around.contains(&name) || self.around.len() > DEPTH || self.left == 0 {
            return None;
        }
        self.around.push(name);
        let value = make(self);
        self.around.pop();
        value
    }

    fn object<'a, T: Type<'a>>(&mut self, object: T) -> Option<Value>
    where
        S: Sampler<'a, T>,
    {
        let (mut members, mut spare) = (Map::new(), Vec::new());
        for (at, member) in object.members().into_iter().enumerate() {
            let place = Place {
                ty: member.ty,
                name: member.name,
                default: member.default,
                member: Some((object, at)),
            };
            self.left = self.left.saturating_sub(1);
            let value = match self.sampler.inclusion(object, at, self.around.len()) {
                Inclusion::Excluded => continue,
                Inclusion::Spare => {
                    spare.push(place);
                    continue;
                }
                Inclusion::Included => self.value(&place),
                Inclusion::Needed => Some(self.value(&place)?),
            };
            members.extend(value.map(|value| (member.name.to_owned(), value)));
        }
        if members.is_empty() {
            let first = spare.iter().find_map(|place| Some((place.name, self.value(place)?)));
            members.extend(first.map(|(name, value)| (name.to_owned(), value)));
        }
        Some(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::Sample;
    use crate::types::{EnumValue, Member};

    /// Includes members by name and depth, as `choose` decides.
    struct By(fn(&str, usize) -> Inclusion);

    impl Sampler<'static, Sample> for By {
        fn inclusion(&self, object: Sample, at: usize, depth: usize) -> Inclusion {
            self.0(object.members()[at].name, depth)
        }
    }

    fn sample(ty: &'static str, choose: fn(&str, usize) -> Inclusion) -> Option<Value> {
        value(&By(choose), &Place::root(Sample(ty)))
    }

    #[test]
    fn objects_have_the_requested_members() {
        use Inclusion::{Excluded, Included, Needed, Spare};
        for (choose, want) in [
            ((|_, _| Excluded) as fn(&str, usize) -> Inclusion, Some(json!({}))),
            (|_, _| Spare, Some(json!({"title": "Example title"}))),
            (
                |name, depth| match (name, depth) {
                    ("tags" | "labels" | "pays" | "grid" | "states", 1) | ("count", 2) => Included,
                    ("title", _) => Spare,
                    _ => Excluded,
                },
                Some(json!({
                    "pays": [{"count": 1}],
                    "tags": ["Example tags"],
                    "labels": {"key": "value"},
                    "grid": [[1.5]],
                    "states": ["OPEN"],
                })),
            ),
            // It contains itself.
            (|name, _| if name == "self" { Included } else { Excluded }, Some(json!({}))),
            (|name, _| if name == "self" { Needed } else { Excluded }, None),
        ] {
            assert_eq!(sample("Job", choose), want);
        }
    }

    #[test]
    fn values_other_than_objects() {
        for (ty, want) in [
            ("[int64", json!(["1"])),
            ("{Pay", json!({"key": {"amount": "1"}})),
            ("State", json!("OPEN")),
            ("timestamp", json!("2026-01-15T10:00:00Z")),
            ("any", json!("value")),
        ] {
            assert_eq!(sample(ty, |_, _| Inclusion::Spare), Some(want), "{ty}");
        }
    }

    /// One of nine objects that contain each other.
    #[derive(Clone, Copy)]
    struct Each(usize);

    impl Type<'static> for Each {
        fn kind(self) -> Kind<Self> {
            Kind::Object
        }

        fn rust_name(self) -> Option<String> {
            Some(self.0.to_string())
        }

        fn members(self) -> Vec<Member<'static, Self>> {
            let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
            let member =
                |(at, name)| Member { name, setter: String::new(), ty: Self(at), default: None };
            names.into_iter().enumerate().map(member).collect()
        }

        fn values(self) -> Vec<EnumValue<'static>> {
            Vec::new()
        }
    }

    struct All(Inclusion);

    impl Sampler<'static, Each> for All {
        fn inclusion(&self, _: Each, _: usize, _: usize) -> Inclusion {
            self.0
        }
    }

    #[test]
    fn objects_that_contain_each_other_have_a_limited_sample() {
        fn count(value: &Value) -> usize {
            value.as_object().into_iter().flat_map(Map::values).map(|value| 1 + count(value)).sum()
        }
        let sample = value(&All(Inclusion::Included), &Place::root(Each(0))).unwrap();
        assert!((100..=MEMBERS).contains(&count(&sample)), "{}", count(&sample));
        assert_eq!(value(&All(Inclusion::Needed), &Place::root(Each(0))), None);
    }
}
