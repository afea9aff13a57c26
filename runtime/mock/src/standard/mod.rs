//! The standard methods of AIP-131 to 135, recognised from the method table and carried out on
//! the store.

mod create;
mod delete;
mod operation;
mod place;
mod read;
mod recognise;
mod stamp;
mod update;

use discovery_runtime::reflect::SchemaInfo;
use serde_json::Value;

pub(crate) use create::New;
pub(crate) use operation::{is_operation, operation_of};
pub(crate) use place::name as place_name;
pub(crate) use recognise::{Plan, Plans};

use crate::behaviour::Behaviour;
use crate::call::Call;
use crate::error::ApiError;
use crate::schema::{Nulls, coerce, field};

/// A kind of resource that the API has methods for.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) schema: &'static SchemaInfo,
    /// The form of its names, `projects/*/jobs/*`, where the path tells.
    pub(crate) form: Option<String>,
    pub(crate) identity: Identity,
    /// Whether the API can create it. One that it cannot exists without being stored.
    pub(crate) creatable: bool,
}

/// Which member of a resource says which one it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// `name` has the whole resource name. `chosen` if a client may put a short one there when it
    /// creates the resource.
    Name { chosen: bool },
    /// This member has the last segment.
    Last(&'static str),
}

/// What a standard method does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Action {
    Get,
    List { items: &'static str },
    Create { body: BodyAt, answer: AnswerAs },
    Update { body: BodyAt, answer: AnswerAs },
    Delete { answer: AnswerAs },
}

/// Where the resource is in a request body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyAt {
    /// It is the body.
    Whole,
    /// It is this member: `{"job": …}`.
    Member(&'static str),
    /// The members that a request of another kind shares with it.
    Shared,
}

/// What a changing method answers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AnswerAs {
    Resource,
    /// A long-running operation, which is done at once.
    Operation(&'static SchemaInfo),
    /// `{}`.
    Empty,
}

/// What a standard method needs.
pub(crate) struct Work<'w, 'c, 's> {
    pub(crate) call: &'w mut Call<'c, 's>,
    pub(crate) resource: &'w Resource,
    pub(crate) behaviour: &'w dyn Behaviour,
}

impl Work<'_, '_, '_> {
    /// Carries out the method; `None` if the store cannot tell and a sample must do.
    pub(crate) fn run(&mut self, action: Action) -> Result<Option<Value>, ApiError> {
        match action {
            Action::Get => self.get(),
            Action::List { items } => self.list(items),
            Action::Create { body, answer } => self.create(body, answer).map(Some),
            Action::Update { body, answer } => self.update(body, answer).map(Some),
            Action::Delete { answer } => self.delete(answer).map(Some),
        }
    }

    /// A resource as the client sees it.
    pub(crate) fn presented(&self, mut value: Value) -> Value {
        self.behaviour.present(self.call, self.resource.schema.name, &mut value);
        value
    }

    /// The resource in the request.
    fn body(&self, at: BodyAt) -> Value {
        in_body(at, self.resource.schema, &self.call.body)
    }
}

fn in_body(at: BodyAt, schema: &'static SchemaInfo, body: &Value) -> Value {
    if at == BodyAt::Shared {
        let members = body.as_object().into_iter().flatten();
        let fits = |name: &str, value: &Value| {
            field(schema, name).is_some_and(|field| coerce(field.ty, value, Nulls::Drop).is_ok())
        };
        let shared = members.filter(|(name, value)| fits(name, value));
        return Value::Object(shared.map(|(name, value)| (name.clone(), value.clone())).collect());
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

/// The name of the resource that a call was about, `answer` being its answer.
pub(crate) fn name_after(plans: &Plans, call: &Call<'_, '_>, answer: &Value) -> Option<String> {
    let plan = plans.find(call.id())?;
    let place = place::name(call);
    match (plan.action, plan.resource.identity) {
        (Action::Create { .. }, Identity::Name { .. }) => {
            answer.get("name")?.as_str().map(str::to_owned)
        }
        (Action::Create { .. }, Identity::Last(member)) => {
            let id = answer.get(member)?.as_str()?.replace('/', "%2F");
            Some(format!("{place}/{id}"))
        }
        _ => Some(place),
    }
}
