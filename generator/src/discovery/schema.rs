//! Schemas and parameters, as the document writes them (both are JSON Schema, draft 3).

use super::object::Obj;
use crate::error::{Report, pointer};

/// A schema, a property, an item type or a parameter.
#[derive(Debug)]
pub struct Schema<'a> {
    /// JSON pointer.
    pub at: String,
    /// `id`.
    pub id: Option<&'a str>,
    /// `type`.
    pub ty: Option<&'a str>,
    /// `format`.
    pub format: Option<&'a str>,
    /// `$ref`.
    pub reference: Option<&'a str>,
    /// `description`.
    pub description: &'a str,
    /// `properties`.
    pub properties: Vec<(&'a str, Schema<'a>)>,
    /// `additionalProperties`.
    pub additional: Option<Box<Schema<'a>>>,
    /// `items`.
    pub items: Option<Box<Schema<'a>>>,
    /// `enum`.
    pub values: Option<Vec<&'a str>>,
    /// `enumDescriptions`.
    pub value_descriptions: Vec<&'a str>,
    /// `enumDeprecated`.
    pub value_deprecated: Vec<bool>,
    /// `default`.
    pub default: Option<String>,
    /// `pattern`.
    pub pattern: Option<&'a str>,
    /// `minimum`.
    pub minimum: Option<String>,
    /// `maximum`.
    pub maximum: Option<String>,
    /// `location`, of a parameter.
    pub location: Option<&'a str>,
    /// `required`.
    pub required: bool,
    /// `repeated`.
    pub repeated: bool,
    /// `readOnly`.
    pub read_only: bool,
    /// `deprecated`.
    pub deprecated: bool,
    /// `annotations.required`: ids of methods that need it.
    pub required_by: Vec<&'a str>,
    /// `variant`.
    pub variant: Option<Variant<'a>>,
}

/// A tagged union.
#[derive(Debug, PartialEq)]
pub struct Variant<'a> {
    /// Discriminant property.
    pub discriminant: &'a str,
    /// `type_value` and `$ref` of each case.
    pub cases: Vec<(&'a str, &'a str)>,
}

const KNOWN: &[&str] = &[
    "$ref",
    "additionalProperties",
    "annotations",
    "default",
    "deprecated",
    "description",
    "enum",
    "enumDeprecated",
    "enumDescriptions",
    "format",
    "id",
    "items",
    "location",
    "maximum",
    "minimum",
    "parameterName",
    "pattern",
    "properties",
    "readOnly",
    "repeated",
    "required",
    "type",
    "variant",
];

/// Compares the contents of two schemas, regardless of their location.
impl PartialEq for Schema<'_> {
    #[rustfmt::skip]
    fn eq(&self, other: &Self) -> bool {
        // Names every field, so that a new one cannot be forgotten.
        let Self {
            at: _, id, ty, format, reference, description, properties, additional, items, values,
            value_descriptions, value_deprecated, default, pattern, minimum, maximum, location,
            required, repeated, read_only, deprecated, required_by, variant,
        } = other;
        let of = (&self.id, &self.ty, &self.format, &self.reference, &self.description);
        let limits = (&self.default, &self.pattern, &self.minimum, &self.maximum);
        let values_are = (&self.values, &self.value_descriptions, &self.value_deprecated);
        let flags = (self.required, self.repeated, self.read_only, self.deprecated);
        let inner = (&self.properties, &self.additional, &self.items, &self.variant);
        of == (id, ty, format, reference, description)
            && flags == (*required, *repeated, *read_only, *deprecated)
            && (&self.location, &self.required_by) == (location, required_by)
            && limits == (default, pattern, minimum, maximum)
            && values_are == (values, value_descriptions, value_deprecated)
            && inner == (properties, additional, items, variant)
    }
}

impl<'a> Schema<'a> {
    pub(super) fn read(mut o: Obj<'a>, report: &mut Report) -> Self {
        let out = Self {
            id: o.text("id", report),
            ty: o.text("type", report),
            format: o.text("format", report),
            reference: o.text("$ref", report),
            description: o.text("description", report).unwrap_or_default(),
            properties: Self::read_all(o.objects("properties", report), report),
            additional: Self::nested(&mut o, "additionalProperties", report),
            items: Self::nested(&mut o, "items", report),
            values: o.texts("enum", report),
            value_descriptions: o.texts("enumDescriptions", report).unwrap_or_default(),
            value_deprecated: o.flags("enumDeprecated", report).unwrap_or_default(),
            default: o.loose_text("default"),
            pattern: o.text("pattern", report),
            minimum: o.loose_text("minimum"),
            maximum: o.loose_text("maximum"),
            location: o.text("location", report),
            required: o.flag("required", report),
            repeated: o.flag("repeated", report),
            read_only: o.flag("readOnly", report),
            deprecated: o.flag("deprecated", report),
            required_by: required_by(&mut o, report),
            variant: Variant::read(&mut o, report),
            at: String::new(),
        };
        o.finish(KNOWN, report);
        Self { at: o.at, ..out }
    }

    pub(super) fn read_all(
        objects: Vec<(&'a str, Obj<'a>)>,
        report: &mut Report,
    ) -> Vec<(&'a str, Self)> {
        objects.into_iter().map(|(name, o)| (name, Self::read(o, report))).collect()
    }

    fn nested(o: &mut Obj<'a>, key: &str, report: &mut Report) -> Option<Box<Self>> {
        o.object(key, report).map(|inner| Box::new(Self::read(inner, report)))
    }

    /// Returns `true` if two objects have the same members; descriptions of the objects themselves
    /// may differ.
    #[must_use]
    pub fn same_object(&self, other: &Self) -> bool {
        let what = |s: &Self| (s.ty, s.deprecated, s.variant.is_some());
        what(self) == what(other)
            && self.properties == other.properties
            && self.additional == other.additional
    }

    /// Returns the JSON pointer of a member of this schema.
    #[must_use]
    pub fn child(&self, token: &str) -> String {
        pointer(&self.at, token)
    }
}

fn required_by<'a>(o: &mut Obj<'a>, report: &mut Report) -> Vec<&'a str> {
    let Some(mut annotations) = o.object("annotations", report) else { return Vec::new() };
    let methods = annotations.texts("required", report).unwrap_or_default();
    annotations.finish(&["required"], report);
    methods
}

impl<'a> Variant<'a> {
    fn read(o: &mut Obj<'a>, report: &mut Report) -> Option<Self> {
        let mut variant = o.object("variant", report)?;
        let discriminant = variant.text("discriminant", report).unwrap_or("type");
        let map = variant.array("map", report).unwrap_or_default();
        let mut cases = Vec::new();
        for (i, value) in map.iter().enumerate() {
            let at = pointer(&pointer(&variant.at, "map"), &i.to_string());
            let Some(mut case) = Obj::new(value, at, report) else { continue };
            let (tag, target) = (case.text("type_value", report), case.text("$ref", report));
            cases.extend(tag.zip(target));
            case.finish(&["type_value", "$ref"], report);
        }
        variant.finish(&["discriminant", "map"], report);
        Some(Self { discriminant, cases })
    }
}
