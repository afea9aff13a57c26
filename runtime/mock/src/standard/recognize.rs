//! Recognition of standard methods.

use std::collections::BTreeMap;
use std::sync::Arc;

use discovery_runtime::reflect::{ApiInfo, MethodInfo, SchemaInfo, TypeInfo};
use discovery_runtime::spec::{ItemsIn, Segment, Verb};

use super::operation::is_operation;
use super::place::form;
use super::{Action, AnswerAs, BodyAt, Identity, Resource};
use crate::call::OperationForm;
use crate::names::lower_first;
use crate::schema::{field, fields, list_item, object, resolve};

/// Standard methods of an API by id.
#[derive(Debug, Default)]
pub(crate) struct Plans {
    by_method: BTreeMap<&'static str, Plan>,
    resources: Vec<Arc<Resource>>,
    creatable: Vec<String>,
    operations: Vec<OperationForm>,
}

/// Action of a recognized method.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) resource: Arc<Resource>,
    pub(crate) action: Action,
}

impl Plans {
    /// Finds the `get` of each group of methods, then the methods that match its resource.
    pub(crate) fn of(api: &'static ApiInfo) -> Self {
        let mut groups: BTreeMap<&[&str], Vec<&'static MethodInfo>> = BTreeMap::new();
        for method in api.methods {
            groups.entry(method.resource).or_default().push(method);
        }
        let mut plans = Self::default();
        for methods in groups.into_values() {
            plans.add_group(&methods);
        }
        plans
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Plan> {
        self.by_method.get(id)
    }

    /// Returns the name patterns of resources that the API can create.
    pub(crate) fn creatable(&self) -> &[String] {
        &self.creatable
    }

    /// Returns the collections of operations.
    pub(crate) fn operations(&self) -> &[OperationForm] {
        &self.operations
    }

    /// Returns the resource types.
    pub(crate) fn resources(&self) -> &[Arc<Resource>] {
        &self.resources
    }

    fn add_group(&mut self, methods: &[&'static MethodInfo]) {
        let Some(get) = methods.iter().copied().find(|method| is_get(method)) else { return };
        let Some(schema) = get.response.and_then(object) else { return };
        let Some(identity) = identity(get, schema) else { return };
        if let (true, Some(form)) = (is_operation(schema), form(get)) {
            let whole = matches!(identity, Identity::Name { .. });
            self.operations.push(OperationForm { form, whole });
        }
        let group = Group { get, schema, identity };
        let actions: Vec<_> =
            methods.iter().filter_map(|m| Some((m.spec.id, group.action(m)?))).collect();
        let creatable = actions.iter().any(|(_, action)| matches!(action, Action::Create { .. }));
        let variables = get.spec.path.iter().filter_map(variable).collect();
        let form = form(get);
        let resource = Arc::new(Resource {
            schema,
            form,
            identity,
            service: get.spec.service,
            variables,
            creatable,
        });
        self.creatable.extend(resource.form.clone().filter(|_| resource.creatable));
        for (id, action) in actions {
            self.by_method.insert(id, Plan { resource: Arc::clone(&resource), action });
        }
        self.resources.push(resource);
    }
}

struct Group {
    get: &'static MethodInfo,
    schema: &'static SchemaInfo,
    identity: Identity,
}

impl Group {
    fn action(&self, method: &'static MethodInfo) -> Option<Action> {
        let answer = || self.answer(method);
        match (method.name, method.spec.verb) {
            ("get", Verb::Get) => Some(Action::Get),
            ("list", Verb::Get) if self.is_collection(method) => {
                let (items, item) = self.items(method)?;
                Some(Action::List { items, item })
            }
            (_, Verb::Get) if method.spec.paging.is_some() => {
                let (map, list) = self.by_scope(method)?;
                Some(Action::ListByScope { map, list })
            }
            ("create" | "insert", Verb::Post) if self.is_collection(method) => {
                Some(Action::Create { body: self.body(method)?, answer: answer()? })
            }
            ("create" | "insert", Verb::Put) if self.is_same_place(method) => {
                Some(Action::Create { body: self.body(method)?, answer: answer()? })
            }
            ("patch" | "update", Verb::Patch | Verb::Put | Verb::Post)
                if self.is_same_place(method) =>
            {
                let body = self.body(method).filter(|body| *body != BodyAt::Shared)?;
                Some(Action::Update { body, answer: answer()? })
            }
            ("delete", Verb::Delete) if self.is_same_place(method) => {
                Some(Action::Delete { answer: answer()? })
            }
            _ => None,
        }
    }

    /// Returns `true` if both methods have the same name pattern, or equal path templates.
    fn is_same_place(&self, method: &MethodInfo) -> bool {
        match (form(self.get), form(method)) {
            (Some(own), Some(other)) => own == other,
            _ => same_template(self.get.spec.path, method.spec.path),
        }
    }

    /// Returns `true` if the resources are one level below what the method addresses.
    fn is_collection(&self, method: &MethodInfo) -> bool {
        let Some(other) = form(method) else { return true };
        form(self.get).is_none_or(|own| own == format!("{other}/*"))
    }

    /// Returns the field of the response that holds the resources, and the schema of its items if it
    /// has only some fields of the resource.
    fn items(&self, method: &MethodInfo) -> Option<(&'static str, Option<&'static SchemaInfo>)> {
        let Some(ItemsIn::List(name)) = method.spec.items else { return None };
        let response = method.response.and_then(object)?;
        let item = list_item(field(response, name)?.ty)?;
        if item.name == self.schema.name {
            return Some((name, None));
        }
        let (Identity::Name { member, .. }
        | Identity::Last(member)
        | Identity::Reference { member, .. }) = self.identity;
        field(item, member).map(|_| (name, Some(item)))
    }

    /// Returns the field of the response that maps scopes to lists of the resources, and the field
    /// of these lists.
    fn by_scope(&self, method: &MethodInfo) -> Option<(&'static str, &'static str)> {
        let Some(ItemsIn::Map(map)) = method.spec.items else { return None };
        let response = method.response.and_then(object)?;
        let TypeInfo::Map(scope) = resolve(field(response, map)?.ty) else { return None };
        let is_own = |ty| list_item(ty).is_some_and(|item| item.name == self.schema.name);
        let list = fields(object(*scope)?).iter().find(|field| is_own(field.ty))?;
        Some((map, list.name))
    }

    fn body(&self, method: &MethodInfo) -> Option<BodyAt> {
        let request = object(method.request?)?;
        if request.name == self.schema.name {
            return Some(BodyAt::Whole);
        }
        let is_resource = |ty| object(ty).is_some_and(|schema| schema.name == self.schema.name);
        let mut members = fields(request).iter().filter(|field| is_resource(field.ty));
        match (members.next(), members.next()) {
            (Some(only), None) => Some(BodyAt::Member(only.name)),
            (Some(_), Some(_)) => None,
            (None, _) => Some(BodyAt::Shared),
        }
    }

    fn answer(&self, method: &MethodInfo) -> Option<AnswerAs> {
        let Some(response) = method.response else { return Some(AnswerAs::Empty) };
        let response = object(response)?;
        if response.name == self.schema.name {
            Some(AnswerAs::Resource)
        } else if is_operation(response) {
            Some(AnswerAs::Operation(response))
        } else {
            fields(response).is_empty().then_some(AnswerAs::Empty)
        }
    }
}

fn is_get(method: &MethodInfo) -> bool {
    let ends_in_variable =
        method.spec.path.last().is_some_and(|segment| !matches!(segment, Segment::Literal(_)));
    method.name == "get"
        && method.spec.verb == Verb::Get
        && method.spec.paging.is_none()
        && ends_in_variable
}

fn same_template(a: &[Segment], b: &[Segment]) -> bool {
    let same = |(a, b): (&Segment, &Segment)| match (a, b) {
        (Segment::Literal(a), Segment::Literal(b)) => a == b,
        (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
    };
    a.len() == b.len() && a.iter().zip(b).all(same)
}

fn identity(get: &MethodInfo, schema: &'static SchemaInfo) -> Option<Identity> {
    let has = |name: &str| field(schema, name).filter(|field| is_id(field.ty)).map(|f| f.name);
    let last = get.spec.path.last()?;
    let id = variable(last)?;
    if is_one_segment(get, *last) {
        let first = if id.ends_with("Id") { "id" } else { "name" };
        let own = || [first, id, "id", "name"].into_iter().find_map(has);
        let own = || own().or_else(|| ending(schema, id)).map(Identity::Last);
        return reference(get, schema, id).or_else(own);
    }
    // A field named like the variable (`resourceName`) is more reliable than `name`, which may be a
    // display name.
    let member = has(id).or_else(|| has("name"))?;
    Some(Identity::Name { member, chosen: id != member })
}

/// Returns the field whose name the variable's name ends with, as `cseEmailAddress` with
/// `emailAddress`.
fn ending(schema: &'static SchemaInfo, variable: &str) -> Option<&'static str> {
    let ends = |name: &str| {
        let capital = variable.len().checked_sub(name.len()).filter(|start| *start > 0);
        let tail = capital.and_then(|start| variable.get(start..));
        tail.is_some_and(|tail| tail.starts_with(char::is_uppercase) && lower_first(tail) == name)
    };
    let fields = fields(schema).iter().filter(|field| is_id(field.ty) && ends(field.name));
    fields.map(|field| field.name).max_by_key(|name| name.len())
}

/// Returns the field whose object has a field for each variable of the path, if the path has
/// several.
fn reference(get: &MethodInfo, schema: &'static SchemaInfo, id: &str) -> Option<Identity> {
    let variables: Vec<&str> = get.spec.path.iter().filter_map(variable).collect();
    let has = |inner: &'static SchemaInfo, name: &str| {
        field(inner, name).filter(|field| is_id(field.ty)).map(|field| field.name)
    };
    fields(schema).iter().filter(|_| variables.len() > 1).find_map(|field| {
        let inner = object(field.ty)?;
        let all = variables.iter().all(|variable| has(inner, variable).is_some());
        let id = has(inner, id).filter(|_| all)?;
        Some(Identity::Reference { member: field.name, id })
    })
}

fn variable(segment: &Segment) -> Option<&'static str> {
    match *segment {
        Segment::Simple(variable) | Segment::Reserved(variable) => Some(variable),
        Segment::Literal(_) | Segment::Segments(_) => None,
    }
}

/// Returns `true` if a variable is one segment of the path: `{id}`, or `{+id}` with such a pattern.
fn is_one_segment(method: &MethodInfo, segment: Segment) -> bool {
    let Segment::Reserved(variable) = segment else { return true };
    let param = method.params.iter().find(|param| param.name == variable);
    param.and_then(|param| param.pattern).is_some_and(|pattern| pattern == "^[^/]+$")
}

fn is_id(ty: TypeInfo) -> bool {
    matches!(ty, TypeInfo::String | TypeInfo::Int64 | TypeInfo::UInt64)
}
