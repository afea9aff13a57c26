//! Pass: removes everything that the selected methods do not need.
//!
//! Runs after the passes that read facts from the whole document, so that a method's code does not
//! depend on the other selected methods: a `create` whose result only `get` reveals keeps it
//! without `get`.

use super::Lowering;
use crate::ir::{
    Api, Body, EnumId, EnumOwner, Method, MethodId, Outcome, ResourceId, Schema, SchemaId,
    Selection, Shape, Type, Update, Uses,
};
use crate::selection::Selected;
use std::collections::BTreeSet;

impl Lowering<'_> {
    pub(super) fn select(&mut self) {
        let Some(selected) = self.selected else { return };
        let methods = methods(&mut self.api, selected);
        let schemas = schemas(&self.api, &methods);
        self.forget_findings(selected, &methods, &schemas);
        let unselected = MethodId::all(&self.api).filter(|id| !methods.contains(id));
        let unselected = unselected.map(|id| self.api[id].id.0.clone()).collect();
        retain_reachable(&mut self.api, &methods, &schemas);
        self.api.selection = Some(Selection { patterns: selected.patterns.clone(), unselected });
    }

    /// Drops findings about items that are not generated.
    fn forget_findings(
        &mut self,
        selected: &Selected,
        methods: &BTreeSet<MethodId>,
        schemas: &BTreeSet<SchemaId>,
    ) {
        let api = &self.api;
        let added = methods.iter().map(|id| &api[*id].at);
        let methods: Vec<&String> = selected.methods.iter().chain(added).collect();
        let schemas: Vec<&String> = schemas.iter().map(|id| &api[*id].at).collect();
        self.report.diagnostics.retain(|d| {
            let kept = |places: &[&String]| places.iter().any(|at| is_under(&d.at, at));
            if d.at.starts_with("/schemas/") {
                kept(&schemas)
            } else if d.at.starts_with("/resources/") || d.at.starts_with("/methods/") {
                kept(&methods) || methods.iter().any(|at| is_under(at, &d.at))
            } else {
                true
            }
        });
    }
}

/// Returns the selected methods, and those that poll their operations and get what these are about.
/// Without its poll method, an operation cannot be awaited.
fn methods(api: &mut Api, selected: &Selected) -> BTreeSet<MethodId> {
    let mut out: BTreeSet<MethodId> =
        MethodId::all(api).filter(|id| selected.methods.contains(&api[*id].at)).collect();
    for id in out.clone() {
        let Some(poll) = api[id].long_running.as_ref().map(|operation| operation.poll) else {
            continue;
        };
        if selected.left_out.contains(&api[poll].at) {
            api.methods[id.index()].long_running = None;
            continue;
        }
        out.insert(poll);
        let target = api[id].long_running.as_ref().and_then(|operation| operation.target);
        let Some(get) = target.map(|target| target.get) else { continue };
        if !selected.left_out.contains(&api[get].at) {
            out.insert(get);
        } else if let Some(operation) = &mut api.methods[id.index()].long_running {
            operation.target = None;
        }
    }
    out
}

/// Returns the schemas reachable from the bodies and results of methods.
fn schemas(api: &Api, methods: &BTreeSet<MethodId>) -> BTreeSet<SchemaId> {
    let roots = methods.iter().flat_map(|id| {
        let method = &api[*id];
        let result = method.long_running.as_ref().and_then(|operation| match operation.result {
            Outcome::Schema(schema) => Some(schema),
            Outcome::Unknown | Outcome::Nothing => None,
        });
        let bodies = method.request.iter().chain(&method.response);
        bodies.filter_map(Body::schema).chain(result)
    });
    Uses::of(api).reached(roots)
}

fn is_under(at: &str, parent: &str) -> bool {
    at.strip_prefix(parent).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Removes everything else from the model.
fn retain_reachable(api: &mut Api, methods: &BTreeSet<MethodId>, schemas: &BTreeSet<SchemaId>) {
    let resources = resources(api, methods);
    let enums = own_enums(api, methods, schemas);
    let ids = Ids {
        methods: numbers(api.methods.len(), |i| methods.contains(&MethodId(i))),
        schemas: numbers(api.schemas.len(), |i| schemas.contains(&SchemaId(i))),
        enums: numbers(api.enums.len(), |i| enums.contains(&EnumId(i))),
        resources: numbers(api.resources.len(), |i| resources.contains(&ResourceId(i))),
    };
    retain(&mut api.methods, &ids.methods);
    retain(&mut api.schemas, &ids.schemas);
    retain(&mut api.enums, &ids.enums);
    retain(&mut api.resources, &ids.resources);
    for resource in &mut api.resources {
        resource.parent = resource.parent.map(|id| ids.resource(id));
        resource.methods.retain(|id| methods.contains(id));
        resource.methods.iter_mut().for_each(|id| *id = ids.method(*id));
        resource.children.retain(|id| resources.contains(id));
        resource.children.iter_mut().for_each(|id| *id = ids.resource(*id));
    }
    api.methods.iter_mut().for_each(|method| ids.renumber_method(method));
    api.schemas.iter_mut().for_each(|schema| ids.renumber_schema(schema));
    api.enums.iter_mut().for_each(|e| e.owner = ids.owner(e.owner));
    api.globals.iter_mut().for_each(|param| ids.renumber_type(&mut param.ty));
    forget_uses(api);
}

/// Returns the resources of the methods, and their ancestors.
fn resources(api: &Api, methods: &BTreeSet<MethodId>) -> BTreeSet<ResourceId> {
    let mut out = BTreeSet::from([Api::ROOT]);
    for method in methods {
        let mut next = Some(api[*method].resource);
        while let Some(id) = next.filter(|id| out.insert(*id)) {
            next = api[id].parent;
        }
    }
    out
}

/// Returns the used enums. If an enum's owner is removed, its first user becomes the owner.
fn own_enums(
    api: &mut Api,
    methods: &BTreeSet<MethodId>,
    schemas: &BTreeSet<SchemaId>,
) -> BTreeSet<EnumId> {
    let mut users: Vec<(EnumId, EnumOwner)> = Vec::new();
    let mut note = |ty: &Type, owner| {
        if let Type::Enum(id) = ty.leaf() {
            users.push((*id, owner));
        }
    };
    for id in schemas {
        let owner = EnumOwner::Schema(api[*id].owner);
        match &api[*id].shape {
            Shape::Object(object) => {
                let types = object.fields.iter().map(|f| &f.ty).chain(&object.additional);
                types.for_each(|ty| note(ty, owner));
            }
            Shape::Alias(ty) => note(ty, owner),
            Shape::Union(_) => {}
        }
    }
    api.globals.iter().for_each(|param| note(&param.ty, EnumOwner::Global));
    for id in methods {
        api[*id].params.iter().for_each(|param| note(&param.ty, EnumOwner::Method(*id)));
    }
    let mut out = BTreeSet::new();
    for (id, user) in users {
        let stays = match api[id].owner {
            EnumOwner::Schema(schema) => schemas.contains(&schema),
            EnumOwner::Method(method) => methods.contains(&method),
            EnumOwner::Global => true,
        };
        if !stays {
            api.enums[id.index()].owner = user;
        }
        out.insert(id);
    }
    out
}

/// Removes facts about methods that are not selected.
fn forget_uses(api: &mut Api) {
    let ids: BTreeSet<&str> = api.methods.iter().map(|method| method.id.as_str()).collect();
    let held = |method: &Method| match (&method.update, &method.request) {
        (Some(Update::MaskInBody(_)), Some(Body::Json(ty))) => api.resolve(ty).schema(),
        _ => None,
    };
    let updates: BTreeSet<SchemaId> = api.methods.iter().filter_map(held).collect();
    for (i, schema) in (0..).zip(&mut api.schemas) {
        let Shape::Object(object) = &mut schema.shape else { continue };
        object.update = object.update.filter(|_| updates.contains(&SchemaId(i)));
        for field in &mut object.fields {
            field.required_by.retain(|id| ids.contains(id.as_str()));
        }
    }
    let scopes: BTreeSet<&str> =
        api.methods.iter().flat_map(|method| &method.scopes).map(|scope| scope.as_str()).collect();
    api.scopes.retain(|scope| scopes.contains(scope.url.as_str()));
}

/// Returns the new indices of the kept items.
fn numbers(count: usize, is_kept: impl Fn(u32) -> bool) -> Vec<Option<u32>> {
    let mut next = 0;
    let number = |i| {
        is_kept(i).then(|| {
            next += 1;
            next - 1
        })
    };
    (0..).take(count).map(number).collect()
}

fn retain<T>(items: &mut Vec<T>, numbers: &[Option<u32>]) {
    let mut numbers = numbers.iter();
    items.retain(|_| numbers.next().is_some_and(Option::is_some));
}

/// Maps old ids to new ones. Kept items refer only to kept items.
struct Ids {
    methods: Vec<Option<u32>>,
    schemas: Vec<Option<u32>>,
    enums: Vec<Option<u32>>,
    resources: Vec<Option<u32>>,
}

impl Ids {
    fn method(&self, id: MethodId) -> MethodId {
        MethodId(new(&self.methods, id.index()))
    }

    fn schema(&self, id: SchemaId) -> SchemaId {
        SchemaId(new(&self.schemas, id.index()))
    }

    fn resource(&self, id: ResourceId) -> ResourceId {
        ResourceId(new(&self.resources, id.index()))
    }

    fn owner(&self, owner: EnumOwner) -> EnumOwner {
        match owner {
            EnumOwner::Schema(id) => EnumOwner::Schema(self.schema(id)),
            EnumOwner::Method(id) => EnumOwner::Method(self.method(id)),
            EnumOwner::Global => EnumOwner::Global,
        }
    }

    fn renumber_type(&self, ty: &mut Type) {
        match ty {
            Type::Object(id) => *id = self.schema(*id),
            Type::Enum(id) => *id = EnumId(new(&self.enums, id.index())),
            Type::List(inner) | Type::Map(inner) => self.renumber_type(inner),
            _ => {}
        }
    }

    fn renumber_method(&self, method: &mut Method) {
        method.resource = self.resource(method.resource);
        method.params.iter_mut().for_each(|param| self.renumber_type(&mut param.ty));
        for body in method.request.iter_mut().chain(&mut method.response) {
            match body {
                Body::Json(ty) => self.renumber_type(ty),
                Body::Raw(Some(id)) => *id = self.schema(*id),
                Body::Raw(None) => {}
            }
        }
        if let Some(operation) = &mut method.long_running {
            operation.poll = self.method(operation.poll);
            if let Some(target) = &mut operation.target {
                target.get = self.method(target.get);
            }
            if let Outcome::Schema(id) = &mut operation.result {
                *id = self.schema(*id);
            }
        }
    }

    fn renumber_schema(&self, schema: &mut Schema) {
        schema.owner = self.schema(schema.owner);
        match &mut schema.shape {
            Shape::Object(object) => {
                let types = object.fields.iter_mut().map(|field| &mut field.ty);
                types.chain(&mut object.additional).for_each(|ty| self.renumber_type(ty));
            }
            Shape::Alias(ty) => self.renumber_type(ty),
            Shape::Union(union) => {
                union.cases.iter_mut().for_each(|case| case.schema = self.schema(case.schema));
            }
        }
    }
}

fn new(numbers: &[Option<u32>], old: usize) -> u32 {
    numbers.get(old).copied().flatten().unwrap_or(u32::MAX)
}
