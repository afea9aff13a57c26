//! Standard method Create ([AIP-133](https://google.aip.dev/133)).

use discovery_runtime::json::Timestamp;
use discovery_runtime::reflect::{FieldInfo, TypeInfo};
use discovery_runtime::spec::Verb;
use serde_json::Value;

use super::{AnswerAs, BodyAt, Identity, Plans, Resource, Work, place, stamp};
use crate::behavior::{Behavior, Write};
use crate::call::Call;
use crate::error::ApiError;
use crate::names::{lower_first, singular};
use crate::schema::{field, object, resolve};
use crate::store::Txn;

/// A resource about to be created.
pub(crate) struct New<'a> {
    pub(crate) resource: &'a Resource,
    pub(crate) behavior: &'a dyn Behavior,
    pub(crate) now: Timestamp,
}

impl Resource {
    /// Returns `true` if the server numbers the resources in a field other than their identity.
    fn has_number(&self) -> bool {
        let is_number = |field: &FieldInfo| matches!(resolve(field.ty), TypeInfo::UInt64);
        field(self.schema, "id").is_some_and(is_number) && self.identity != Identity::Last("id")
    }
}

impl New<'_> {
    /// Sets server-assigned fields and lets the API's behavior validate the result.
    pub(crate) fn complete(
        &self,
        name: &str,
        mut value: Value,
        txn: &mut Txn<'_>,
    ) -> Result<Value, ApiError> {
        let schema = self.resource.schema;
        stamp::identify(self.resource, name, &mut value);
        stamp::times(schema, true, self.now, &mut value);
        stamp::version(schema, None, &mut value);
        if self.resource.has_number() && value.get("id").is_none() {
            value["id"] = Value::String(txn.next_id().to_string());
        }
        let new = &mut value;
        let mut write = Write { schema, name, old: None, new, mask: None, now: self.now };
        self.behavior.before_write(&mut write, txn)?;
        stamp::constants(schema, &mut value);
        Ok(value)
    }
}

/// Creates the resource for which a method is named that is not a standard one, as
/// `disks.createSnapshot` takes a `Snapshot`, where the parameters of the call determine its
/// collection. Returns its name, schema, and value.
pub(crate) fn create_named(
    plans: &Plans,
    behavior: &dyn Behavior,
    call: &mut Call<'_, '_>,
) -> Result<Option<(String, &'static str, Value)>, ApiError> {
    let Some(request) = call.method.request.and_then(object) else { return Ok(None) };
    let own = format!("create{}", request.name);
    let mut resources = plans.resources().iter().filter(|r| r.schema.name == request.name);
    let named = call.method.name == own;
    let Some((resource, name)) =
        resources.find_map(|r| Some((r, name_of(r, call)?))).filter(|_| named)
    else {
        return Ok(None);
    };
    if call.txn.get(&name).is_some() {
        return Err(ApiError::already_exists(&name));
    }
    let value = call.body.clone();
    let value = Work { call, resource, behavior }.store_new(&name, value)?;
    Ok(Some((name, request.name, value)))
}

/// The name of a resource in the request, whose collection the parameters of the call determine.
fn name_of(resource: &Resource, call: &Call<'_, '_>) -> Option<String> {
    let Identity::Last(member) = resource.identity else { return None };
    let id = call.body.get(member)?.as_str().filter(|id| !id.is_empty())?;
    let (_, above) = resource.variables.split_last()?;
    let mut values = above.iter().map(|variable| call.param(variable)).chain([Some(id)]);
    let parts = resource.form.as_deref()?.split('/').map(|part| match part {
        "*" => values.next()?.map(|value| value.replace('/', "%2F")),
        literal => Some(literal.to_owned()),
    });
    Some(parts.collect::<Option<Vec<_>>>()?.join("/"))
}

impl Work<'_, '_, '_> {
    pub(super) fn create(&mut self, body: BodyAt, answer: AnswerAs) -> Result<Value, ApiError> {
        let value = self.body(body);
        let name = match self.call.method.spec.verb {
            Verb::Put => place::name(self.call),
            _ => self.new_name(&value)?,
        };
        let old = self.call.txn.get(&name).cloned();
        self.check_conditions(old.as_ref())?;
        // New content takes the place of old content.
        if old.is_some() && !self.call.uploads {
            return Err(ApiError::already_exists(&name));
        }
        let value = if body == BodyAt::Shared { self.with_links(value) } else { value };
        let mut value = self.store_new(&name, value)?;
        if let Some(generation) = old.as_ref().and_then(|old| old.get("generation")) {
            value["generation"] = generation.clone();
        }
        self.answer(answer, &name, value)
    }

    /// A resource that is made of another one, which the request names, as a snapshot is made of a
    /// subscription, belongs to the same resources (here the topic).
    fn with_links(&self, mut value: Value) -> Value {
        let names = self.call.body.as_object().into_iter().flatten();
        let sources = names.filter_map(|(_, name)| self.call.txn.get(name.as_str()?));
        for (member, linked) in sources.filter_map(Value::as_object).flatten() {
            let is_link = linked.as_str().is_some_and(|name| self.call.txn.get(name).is_some());
            let fits = field(self.resource.schema, member)
                .is_some_and(|field| matches!(resolve(field.ty), TypeInfo::String));
            if is_link && fits && member != "name" && value.get(member).is_none() {
                value[member.as_str()] = linked.clone();
            }
        }
        value
    }

    /// Completes and stores a new resource.
    pub(super) fn store_new(&mut self, name: &str, mut value: Value) -> Result<Value, ApiError> {
        stamp::drop_nulls(&mut value);
        stamp::keep_output_only(self.resource.schema, None, &mut value);
        if let Some(members) = value.as_object_mut().filter(|_| self.resource.has_number()) {
            members.remove("id");
        }
        let new = New { resource: self.resource, behavior: self.behavior, now: self.call.now };
        let value = new.complete(name, value, self.call.txn)?;
        self.put(name, &value);
        Ok(value)
    }

    /// Stores a resource, unless the call only validates it (AIP-163).
    pub(super) fn put(&mut self, name: &str, value: &Value) {
        if !self.call.flag("validateOnly") {
            self.call.txn.put(self.resource.schema.name, name, value.clone());
        }
    }

    /// Returns the name of a new resource in the collection that the call addresses.
    fn new_name(&mut self, value: &Value) -> Result<String, ApiError> {
        let collection = place::name(self.call);
        self.check_parent(&collection)?;
        match self.chosen_id(&collection, value) {
            Some(id)
                if id.contains('/') && matches!(self.resource.identity, Identity::Name { .. }) =>
            {
                let text = format!("'{id}' is not a valid id: it contains a slash.");
                Err(ApiError::invalid("name", text))
            }
            Some(id) => Ok(format!("{collection}/{}", id.replace('/', "%2F"))),
            None => loop {
                let name = format!("{collection}/{}", self.call.txn.next_id());
                if self.call.txn.get(&name).is_none() {
                    return Ok(name);
                }
            },
        }
    }

    /// Returns the id chosen by the client: by a parameter (`jobId`), or by a writable field.
    fn chosen_id(&self, collection: &str, value: &Value) -> Option<String> {
        let plural = collection.rsplit('/').next().unwrap_or(collection);
        let of_schema = lower_first(self.resource.schema.name);
        for stem in [of_schema, singular(plural)] {
            let given = self.call.param(&format!("{stem}Id")).filter(|id| !id.is_empty());
            if let Some(id) = given {
                return Some(id.to_owned());
            }
        }
        let (member, body) = match self.resource.identity {
            Identity::Name { chosen: false, .. } => return None,
            Identity::Name { member, .. } | Identity::Last(member) => (member, Some(value)),
            Identity::Reference { member, id } => (id, value.get(member)),
        };
        let servers = field(self.resource.schema, member).is_some_and(|field| field.output_only);
        let body = body.filter(|_| !servers);
        // A parameter of that name, as in uploads, takes precedence over the body.
        let given = self.call.param(member).or_else(|| body?.get(member)?.as_str());
        given.filter(|id| !id.is_empty()).map(str::to_owned)
    }

    /// Requires the parent to exist if the API can create it and names identify it.
    fn check_parent(&self, collection: &str) -> Result<(), ApiError> {
        let Some((parent, _)) = collection.rsplit_once('/') else { return Ok(()) };
        let named = matches!(self.resource.identity, Identity::Name { .. });
        if named && self.call.is_creatable(parent) && self.call.txn.get(parent).is_none() {
            return Err(ApiError::not_found(parent));
        }
        Ok(())
    }
}
