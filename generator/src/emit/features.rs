//! Cargo features of large APIs: one per top-level resource, with the schemas that it reaches.

use crate::ir::{Api, Body, Method, Outcome, ResourceId, SchemaId, Shape, Type};
use crate::rust::{Fragment, Names, literal, text_lines};

/// An API with more schemas than this has features.
const LARGE: usize = 200;

/// A schema that more resources reach than this is always there: a longer list of features would
/// save nobody anything.
const COMMON: usize = 4;

/// Which features a schema needs.
pub(crate) struct Features {
    gated: bool,
    names: Vec<String>,
    needs: Vec<Option<Vec<String>>>,
}

impl Features {
    pub(crate) fn new(api: &Api, names: &Names) -> Self {
        let tops = &api[Api::ROOT].children;
        let gated = api.schemas.len() > LARGE && tops.len() > 1;
        if !gated {
            return Self { gated, names: Vec::new(), needs: Vec::new() };
        }
        let mut reached: Vec<Vec<&str>> = vec![Vec::new(); api.schemas.len()];
        let mut always = vec![false; api.schemas.len()];
        for id in reachable(api, api[Api::ROOT].methods.iter().map(|m| &api[*m])) {
            always[id.index()] = true;
        }
        for top in tops {
            let mut methods = Vec::new();
            collect(api, *top, &mut methods);
            for id in reachable(api, methods.into_iter()) {
                reached[id.index()].push(&names.resource(*top).feature);
            }
        }
        let needs = (reached.iter().zip(&always))
            .map(|(features, always)| (!always).then(|| needs(features)).flatten())
            .collect();
        let names = tops.iter().map(|id| names.resource(*id).feature.clone()).collect();
        Self { gated, names, needs }
    }

    pub(crate) fn is_gated(&self) -> bool {
        self.gated
    }

    /// The features of resources; none where everything is always there.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The features of which a schema needs one; `None` if it is always there.
    pub(crate) fn needs(&self, id: SchemaId) -> Option<&[String]> {
        self.needs.get(id.index())?.as_deref()
    }

    pub(super) fn cfg(&self, id: SchemaId) -> Option<Fragment> {
        let feature = |f: &String| format!("feature = {}", literal(f).as_str());
        let needs: Vec<_> = self.needs(id)?.iter().map(feature).collect();
        Some(match needs.as_slice() {
            [one] => text_lines(&[one]),
            _ => text_lines(&[&format!("any({})", needs.join(", "))]),
        })
    }
}

/// A schema that no method reaches travels inside `any` values: it is there with everything.
fn needs(features: &[&str]) -> Option<Vec<String>> {
    match features {
        [] => Some(vec!["full".to_owned()]),
        many if many.len() > COMMON => None,
        many => Some(many.iter().map(|f| (*f).to_owned()).collect()),
    }
}

fn collect<'a>(api: &'a Api, id: ResourceId, out: &mut Vec<&'a Method>) {
    out.extend(api[id].methods.iter().map(|m| &api[*m]));
    for child in &api[id].children {
        collect(api, *child, out);
    }
}

/// Every schema that the methods' bodies and results reach, whole files at a time.
fn reachable<'a>(api: &'a Api, methods: impl Iterator<Item = &'a Method>) -> Vec<SchemaId> {
    let mut files: Vec<Vec<SchemaId>> = vec![Vec::new(); api.schemas.len()];
    for id in SchemaId::all(api) {
        files[api[id].owner.index()].push(id);
    }
    let mut seen = vec![false; api.schemas.len()];
    let mut work = Vec::new();
    let mut visit = |ty: &Type, work: &mut Vec<SchemaId>| match ty.leaf() {
        Type::Object(id) => {
            let owner = api[*id].owner;
            if !std::mem::replace(&mut seen[owner.index()], true) {
                work.push(owner);
            }
        }
        Type::Enum(id) => {
            if let crate::ir::EnumOwner::Schema(owner) = api[*id].owner
                && !std::mem::replace(&mut seen[owner.index()], true)
            {
                work.push(owner);
            }
        }
        _ => {}
    };
    for method in methods {
        for body in method.request.iter().chain(&method.response) {
            match body {
                Body::Json(ty) => visit(ty, &mut work),
                Body::Raw(id) => visit(&Type::Object(*id), &mut work),
            }
        }
        if let Some(Outcome::Schema(id)) = method.long_running.as_ref().map(|o| &o.result) {
            visit(&Type::Object(*id), &mut work);
        }
    }
    let mut out = Vec::new();
    while let Some(owner) = work.pop() {
        out.push(owner);
        for id in &files[owner.index()] {
            match &api[*id].shape {
                Shape::Object(object) => {
                    let types = object.fields.iter().map(|f| &f.ty).chain(&object.additional);
                    types.for_each(|ty| visit(ty, &mut work));
                }
                Shape::Alias(ty) => visit(ty, &mut work),
                Shape::Union(union) => {
                    union.cases.iter().for_each(|c| visit(&Type::Object(c.schema), &mut work));
                }
            }
        }
    }
    out
}
