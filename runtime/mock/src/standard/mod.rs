//! The standard methods of AIP-131 to 135, recognized from the method table and executed on the
//! store.

mod conditions;
mod create;
mod delete;
mod operation;
mod place;
mod read;
mod recognize;
mod restrict;
mod scopes;
mod stamp;
mod update;

use discovery_runtime::reflect::SchemaInfo;
use discovery_runtime::spec::ServiceSpec;
use serde_json::Value;

pub(crate) use create::{New, create_named};
pub(crate) use delete::is_deleted;
pub(crate) use operation::{finish, is_operation, operation_of};
pub(crate) use place::name as place_name;
pub(crate) use recognize::{Plan, Plans};

use crate::behavior::Behavior;
use crate::call::Call;
use crate::error::ApiError;
use crate::schema::{Nulls, coerce, field};

/// A resource type of the API.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) schema: &'static SchemaInfo,
    /// Pattern of its names, `projects/*/jobs/*`, if the path determines it.
    pub(crate) form: Option<String>,
    pub(crate) identity: Identity,
    /// Service that the links of its resources begin with.
    pub(crate) service: &'static ServiceSpec,
    /// Variables of the path of its `get` method.
    pub(crate) variables: Vec<&'static str>,
    /// Whether the API can create it. Resources that it cannot create exist without being stored.
    pub(crate) creatable: bool,
}

/// Field that identifies a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// This field holds the full resource name. `chosen` if a client may set it to a short id on
    /// create.
    Name { member: &'static str, chosen: bool },
    /// This field holds the last segment.
    Last(&'static str),
    /// This field is an object with a field for every variable of the path. `id` is the field of the
    /// last one: `datasetId` in `datasetReference`.
    Reference { member: &'static str, id: &'static str },
}

/// Action of a standard method.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Action {
    Get,
    /// `item` is the schema of the items if they are not whole resources.
    List {
        items: &'static str,
        item: Option<&'static SchemaInfo>,
    },
    /// All resources of the schema by scope (`zones/z`, `global`): `map` has an object for each
    /// scope, whose field `list` contains its resources.
    ListByScope {
        map: &'static str,
        list: &'static str,
    },
    Create {
        body: BodyAt,
        answer: AnswerAs,
    },
    Update {
        body: BodyAt,
        answer: AnswerAs,
    },
    Delete {
        answer: AnswerAs,
    },
}

/// Location of the resource in a request body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyAt {
    /// The body is the resource.
    Whole,
    /// A field of the body, as in `{"job": …}`.
    Member(&'static str),
    /// The fields that the resource shares with a body of another schema.
    Shared,
}

/// Response of a mutating method.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AnswerAs {
    Resource,
    /// A long-running operation, which is already done.
    Operation(&'static SchemaInfo),
    /// `{}`.
    Empty,
}

/// State of a standard method's execution.
pub(crate) struct Work<'w, 'c, 's> {
    pub(crate) call: &'w mut Call<'c, 's>,
    pub(crate) resource: &'w Resource,
    pub(crate) behavior: &'w dyn Behavior,
}

impl Work<'_, '_, '_> {
    /// Executes the method; returns `None` if the store lacks the information and a sample is
    /// needed.
    pub(crate) fn run(&mut self, action: Action) -> Result<Option<Value>, ApiError> {
        delete::check(self)?;
        match action {
            Action::Get => self.get(),
            Action::List { items, item } => self.list(items, item),
            Action::ListByScope { map, list } => self.list_by_scope(map, list).map(Some),
            Action::Create { body, answer } => self.create(body, answer).map(Some),
            Action::Update { body, answer } => self.update(body, answer).map(Some),
            Action::Delete { answer } => self.delete(answer).map(Some),
        }
    }

    /// Returns a resource as the client sees it.
    pub(crate) fn presented(&self, mut value: Value) -> Value {
        self.behavior.present(self.call, self.resource.schema.name, &mut value);
        value
    }

    /// Returns the resource in the request.
    fn body(&self, at: BodyAt) -> Value {
        in_body(at, self.resource.schema, &self.call.body)
    }
}

fn in_body(at: BodyAt, schema: &'static SchemaInfo, body: &Value) -> Value {
    if at == BodyAt::Shared {
        return shared(schema, body);
    }
    let found = match at {
        BodyAt::Shared => None,
        BodyAt::Whole => Some(body),
        BodyAt::Member(name) => body.get(name),
    };
    found
        .filter(|value| value.is_object())
        .cloned()
        .unwrap_or_else(|| Value::Object(Default::default()))
}

/// Returns the fields of `value` that fit a schema.
fn shared(schema: &'static SchemaInfo, value: &Value) -> Value {
    let fits = |name: &str, value: &Value| {
        field(schema, name).is_some_and(|field| coerce(field.ty, value, Nulls::Drop).is_ok())
    };
    let members = value.as_object().into_iter().flatten();
    let members = members.filter(|(name, value)| fits(name, value));
    Value::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// Returns the name of the resource that a call addressed, given its response.
pub(crate) fn name_after(plans: &Plans, call: &Call<'_, '_>, answer: &Value) -> Option<String> {
    let plan = plans.find(call.id())?;
    let place = place::name(call);
    let id = match (plan.action, plan.resource.identity) {
        (Action::Create { .. }, Identity::Name { member, .. }) => {
            return answer.get(member)?.as_str().map(str::to_owned);
        }
        (Action::Create { .. }, Identity::Last(member)) => answer.get(member)?,
        (Action::Create { .. }, Identity::Reference { member, id }) => {
            answer.get(member)?.get(id)?
        }
        _ => return Some(place),
    };
    Some(format!("{place}/{}", id.as_str()?.replace('/', "%2F")))
}
