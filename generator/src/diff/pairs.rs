//! Matches the schemas, fields, methods, and resources of two revisions: first by name, then by
//! shape.

use super::matching::Matched;
use super::side::{Side, path_text};
use crate::ir::{Api, Body, Field, MethodId, Object, ResourceId, Schema, SchemaId, Shape, Type};
use std::collections::{BTreeMap, BTreeSet};

/// A field: its schema, and its position there.
pub(super) type At = (SchemaId, usize);

/// Matched items of two revisions.
pub(super) struct Pairs {
    pub(super) schemas: Matched,
    pub(super) methods: Matched,
    pub(super) resources: Matched,
    /// Fields of schemas in both, by the old schema.
    pub(super) fields: BTreeMap<SchemaId, Matched>,
    /// Fields that moved to another schema.
    pub(super) moved: Vec<(At, At)>,
    new_schema: Vec<Option<SchemaId>>,
    new_resource: Vec<Option<ResourceId>>,
}

impl Pairs {
    pub(super) fn new(old: &Side<'_>, new: &Side<'_>) -> Self {
        let mut pairs = Self {
            schemas: Matched::default(),
            methods: Matched::default(),
            resources: Matched::default(),
            fields: BTreeMap::new(),
            moved: Vec::new(),
            new_schema: vec![None; old.api.schemas.len()],
            new_resource: vec![None; old.api.resources.len()],
        };
        pairs.match_schemas(old, new);
        pairs.match_fields(old, new);
        pairs.match_methods(old, new);
        pairs.match_resources(old, new);
        pairs
    }

    /// Returns the new revision of a schema.
    pub(super) fn schema(&self, old: SchemaId) -> Option<SchemaId> {
        self.new_schema[old.index()]
    }

    /// Returns the new revision of a resource.
    pub(super) fn resource(&self, old: ResourceId) -> Option<ResourceId> {
        self.new_resource[old.index()]
    }

    /// Returns `true` if two types match. Enums at the same place match; their values, and the
    /// members of schemas, are compared separately.
    pub(super) fn same(&self, old: &Side<'_>, new: &Side<'_>, a: &Type, b: &Type) -> bool {
        if let (Type::Object(a), Type::Object(b)) = (a, b)
            && self.schema(*a) == Some(*b)
        {
            return true;
        }
        match (old.api.resolve(a), new.api.resolve(b)) {
            (Type::Object(a), Type::Object(b)) => self.schema(*a) == Some(*b),
            (Type::List(a), Type::List(b)) | (Type::Map(a), Type::Map(b)) => {
                self.same(old, new, a, b)
            }
            (Type::Enum(_), Type::Enum(_)) => true,
            (a, b) => a == b,
        }
    }

    /// Returns `true` if two bodies match.
    pub(super) fn same_body(
        &self,
        old: &Side<'_>,
        new: &Side<'_>,
        a: Option<&Body>,
        b: Option<&Body>,
    ) -> bool {
        match (a, b) {
            (Some(Body::Json(a)), Some(Body::Json(b))) => self.same(old, new, a, b),
            (Some(Body::Raw(_)), Some(Body::Raw(_))) | (None, None) => true,
            _ => false,
        }
    }

    fn match_schemas(&mut self, old: &Side<'_>, new: &Side<'_>) {
        let name = |s: &Schema| s.name.0.clone();
        self.schemas =
            Matched::by_key(old.api.schemas.iter().map(name), new.api.schemas.iter().map(name));
        let same: BTreeSet<String> =
            self.schemas.both.iter().map(|(i, _)| old.api.schemas[*i].name.0.clone()).collect();
        let key = |side: &Side<'_>, i: usize, weak: Weak| {
            schema_key(side.api, &side.api.schemas[i], &same, weak)
        };
        for weak in [Weak::Described, Weak::LastWord, Weak::Large] {
            let found = self.schemas.match_unique(|i| key(old, i, weak), |j| key(new, j, weak));
            self.schemas.both.extend(found);
        }
        let found = self.schemas.match_unique(|i| old.rust_schema(i), |j| new.rust_schema(j));
        self.schemas.both.extend(found);
        let id = |i: usize| SchemaId(u32::try_from(i).unwrap_or(u32::MAX));
        for (i, j) in &self.schemas.both {
            self.new_schema[*i] = Some(id(*j));
        }
    }

    fn match_fields(&mut self, old: &Side<'_>, new: &Side<'_>) {
        let ids = |i: usize| SchemaId(u32::try_from(i).unwrap_or(u32::MAX));
        let (mut gone, mut fresh) = (Vec::new(), Vec::new());
        for (i, j) in self.schemas.both.clone() {
            let (a, b) = (ids(i), ids(j));
            let (Some(before), Some(after)) = (object(old.api, a), object(new.api, b)) else {
                continue;
            };
            let matched = Matched::by_key(
                before.fields.iter().map(|f| f.name.as_str()),
                after.fields.iter().map(|f| f.name.as_str()),
            );
            gone.extend(matched.gone.iter().map(|i| (a, *i)));
            fresh.extend(matched.fresh.iter().map(|j| (b, *j)));
            self.fields.insert(a, matched);
        }
        for j in &self.schemas.fresh {
            let fields = object(new.api, ids(*j)).map_or(0, |o| o.fields.len());
            fresh.extend((0..fields).map(|f| (ids(*j), f)));
        }
        self.match_described_fields(old, new, &gone, &fresh);
    }

    /// Matches fields by description and type: renamed in the same schema, or moved to another
    /// under the same name.
    fn match_described_fields(
        &mut self,
        old: &Side<'_>,
        new: &Side<'_>,
        gone: &[At],
        fresh: &[At],
    ) {
        let mut taken = BTreeSet::new();
        for (schema, matched) in &mut self.fields {
            let Some(target) = self.new_schema[schema.index()] else { continue };
            let rust = |side: &Side<'_>, id: SchemaId, i: usize| {
                side.names.schema(id).fields.get(i).map(|f| f.field.clone())
            };
            let key =
                |side: &Side<'_>, at: At| field(side.api, at).and_then(|f| described(side, f));
            // Wire names with the same Rust name take precedence.
            let mut found =
                matched.match_unique(|i| rust(old, *schema, i), |j| rust(new, target, j));
            found.extend(
                matched.match_unique(|i| key(old, (*schema, i)), |j| key(new, (target, j))),
            );
            taken.extend(found.iter().map(|(_, j)| (target, *j)));
            matched.both.extend(found);
        }
        let mut rest = Matched { both: vec![], gone: vec![], fresh: vec![] };
        let still = |at: &At| self.fields.get(&at.0).is_some_and(|m| m.gone.contains(&at.1));
        rest.gone = (0..gone.len()).filter(|i| still(&gone[*i])).collect();
        rest.fresh = (0..fresh.len()).filter(|j| !taken.contains(&fresh[*j])).collect();
        let key = |side: &Side<'_>, at: At| {
            let field = field(side.api, at)?;
            Some((field.name.0.clone(), described(side, field)?))
        };
        let moved = rest.match_unique(|i| key(old, gone[i]), |j| key(new, fresh[j]));
        for (i, j) in moved {
            let (from, to) = (gone[i], fresh[j]);
            if let Some(matched) = self.fields.get_mut(&from.0) {
                matched.gone.retain(|f| *f != from.1);
            }
            for matched in
                self.fields.iter_mut().filter(|(s, _)| self.new_schema[s.index()] == Some(to.0))
            {
                matched.1.fresh.retain(|f| *f != to.1);
            }
            self.moved.push((from, to));
        }
    }

    fn match_methods(&mut self, old: &Side<'_>, new: &Side<'_>) {
        let method = |i: usize| MethodId(u32::try_from(i).unwrap_or(u32::MAX));
        let id = |side: &Side<'_>, i: usize| side.api.methods[i].id.0.clone();
        let mut matched = Matched::by_key(
            (0..old.api.methods.len()).map(|i| id(old, i)),
            (0..new.api.methods.len()).map(|j| id(new, j)),
        );
        let tree = |side: &Side<'_>, i: usize| {
            let m = &side.api[method(i)];
            Some((side.resource_name(m.resource), m.name.0.clone()))
        };
        let route = |side: &Side<'_>, i: usize| {
            let m = &side.api[method(i)];
            Some((m.verb.as_str(), path_text(&m.path, false)))
        };
        let body = |side: &Side<'_>, body: Option<&Body>| side.body_name(body);
        let telling = |side: &Side<'_>, i: usize| {
            let m = &side.api[method(i)];
            let (request, response) =
                (body(side, m.request.as_ref()), body(side, m.response.as_ref()));
            (!m.doc.0.is_empty())
                .then(|| (m.name.0.clone(), m.verb.as_str(), request, response, m.doc.0.clone()))
        };
        let rust = |side: &Side<'_>, i: usize| {
            let m = &side.api[method(i)];
            Some((side.resource_name(m.resource), side.names.method(method(i)).function.clone()))
        };
        let found = matched.match_unique(|i| tree(old, i), |j| tree(new, j));
        matched.both.extend(found);
        let found = matched.match_unique(|i| rust(old, i), |j| rust(new, j));
        matched.both.extend(found);
        let found = matched.match_unique(|i| route(old, i), |j| route(new, j));
        matched.both.extend(found);
        let found = matched.match_unique(|i| telling(old, i), |j| telling(new, j));
        matched.both.extend(found);
        self.methods = matched;
    }

    /// Matches resources by path, or else by where most of their methods moved.
    fn match_resources(&mut self, old: &Side<'_>, new: &Side<'_>) {
        let resource = |i: usize| ResourceId(u32::try_from(i).unwrap_or(u32::MAX));
        let path = |side: &Side<'_>, i: usize| side.resource_name(resource(i));
        let mut matched = Matched::by_key(
            (0..old.api.resources.len()).map(|i| path(old, i)),
            (0..new.api.resources.len()).map(|j| path(new, j)),
        );
        let rust = |side: &Side<'_>, i: usize| Some(side.resource(resource(i)).rust);
        let found = matched.match_unique(|i| rust(old, i), |j| rust(new, j));
        matched.both.extend(found);
        let mut targets: BTreeMap<usize, BTreeMap<usize, usize>> = BTreeMap::new();
        for (i, j) in &self.methods.both {
            let from = old.api.methods[*i].resource.index();
            let to = new.api.methods[*j].resource.index();
            if matched.gone.contains(&from) && matched.fresh.contains(&to) {
                *targets.entry(from).or_default().entry(to).or_default() += 1;
            }
        }
        let main = |i: usize| {
            let all = old.api.resources[i].methods.len();
            let (to, count) = targets.get(&i)?.iter().max_by_key(|(_, n)| **n)?;
            (count * 2 > all).then_some(*to)
        };
        let found = matched.match_unique(main, Some);
        matched.both.extend(found);
        for (i, j) in &matched.both {
            self.new_resource[*i] = Some(resource(*j));
        }
        self.resources = matched;
    }
}

/// The members of a schema, if it is an object.
pub(super) fn object(api: &Api, id: SchemaId) -> Option<&Object> {
    match &api[id].shape {
        Shape::Object(object) => Some(object),
        _ => None,
    }
}

fn field(api: &Api, at: At) -> Option<&Field> {
    object(api, at.0)?.fields.get(at.1)
}

/// Description and type of a field that has a description.
fn described(side: &Side<'_>, field: &Field) -> Option<(String, String)> {
    (!field.doc.0.is_empty()).then(|| (field.doc.0.clone(), skeleton(side.api, &field.ty, None)))
}

/// Further evidence required, besides the shape, to match two schemas.
#[derive(Clone, Copy)]
enum Weak {
    /// A description, not empty.
    Described,
    /// The end of the name.
    LastWord,
    /// None; the schema has enough members.
    Large,
}

/// Describes a schema's shape as text; `None` if the shape is too common to identify it.
fn schema_key(api: &Api, schema: &Schema, same: &BTreeSet<String>, weak: Weak) -> Option<String> {
    let mut members: Vec<String> = match &schema.shape {
        Shape::Object(object) => (object.fields.iter())
            .map(|f| format!("{}: {}", f.name, skeleton(api, &f.ty, Some(same))))
            .chain(object.additional.iter().map(|t| format!("*: {}", skeleton(api, t, Some(same)))))
            .collect(),
        Shape::Alias(ty) => vec![format!("= {}", skeleton(api, ty, Some(same)))],
        Shape::Union(union) => union.cases.iter().map(|c| format!("| {}", c.tag)).collect(),
    };
    members.sort();
    let name = schema.name.as_str();
    let more = match weak {
        Weak::Described if !members.is_empty() => &schema.doc.0,
        Weak::LastWord if !members.is_empty() => {
            name.rfind(|c: char| c.is_ascii_uppercase()).map_or(name, |i| &name[i..])
        }
        Weak::Large if members.len() > 3 => "large",
        _ => return None,
    };
    (!more.is_empty()).then(|| format!("{more}\n{}", members.join("\n")))
}

/// Describes a type without names that may have changed.
fn skeleton(api: &Api, ty: &Type, same: Option<&BTreeSet<String>>) -> String {
    match ty {
        Type::Object(id) => match same {
            Some(same) if same.contains(&api[*id].name.0) => api[*id].name.0.clone(),
            _ => "object".to_owned(),
        },
        Type::Enum(id) => {
            let values: Vec<&str> = api[*id].values.iter().map(|v| v.name.as_str()).collect();
            format!("enum {}", values.join(" "))
        }
        Type::List(inner) => format!("list of {}", skeleton(api, inner, same)),
        Type::Map(inner) => format!("map of {}", skeleton(api, inner, same)),
        other => format!("{other:?}"),
    }
}
