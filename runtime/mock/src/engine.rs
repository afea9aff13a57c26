//! Maps requests to responses, without a network.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use discovery_runtime::reflect::{ApiInfo, MethodInfo};
use discovery_runtime::spec::BodyKind;
use discovery_testing::Sessions;
use http::{Request, Response, StatusCode};
use serde_json::Value;

use crate::arguments::{self, Body, Params};
use crate::auth::Tokens;
use crate::batch;
use crate::behavior::Behavior;
use crate::call::Call;
use crate::clock::Clock;
use crate::error::{ApiError, Code};
use crate::incoming::Incoming;
use crate::media;
use crate::render::{Answer, Style};
use crate::repeats::{Asked, Repeats};
use crate::router::Router;
use crate::sample::{Hints, sample};
use crate::standard::{Plans, Work, create_named, finish, is_operation, operation_of};
use crate::store::{Store, StoreError};
use crate::upload::{self, Begun, Content, Upload};

/// Number of messages in the sample of a stream.
const MESSAGES: usize = 3;

/// The arguments in a request.
struct Arguments {
    params: Params,
    body: Body,
    content: Option<Content>,
    origin: String,
}

/// Request handler of a mock server.
pub(crate) struct Engine {
    pub(crate) api: &'static ApiInfo,
    pub(crate) router: Router,
    pub(crate) plans: Plans,
    pub(crate) behavior: Box<dyn Behavior>,
    pub(crate) store: Arc<Store>,
    pub(crate) clock: Box<dyn Clock>,
    pub(crate) tokens: Tokens,
    pub(crate) serial: AtomicU64,
    pub(crate) sessions: Sessions<Begun>,
    pub(crate) repeats: Repeats,
}

impl batch::Calls for Engine {
    fn respond_alone(&self, request: Request<Bytes>) -> Response<Bytes> {
        match Incoming::read(request) {
            Ok(incoming) => self.respond_to(incoming),
            Err(error) => self.refuse(&error),
        }
    }

    fn refuse(&self, error: &ApiError) -> Response<Bytes> {
        Self::refuse(self, error)
    }
}

impl Engine {
    /// Returns the method that a verb and path address, for faults limited to methods.
    pub(crate) fn method_of(&self, verb: &str, path: &str) -> Option<&'static MethodInfo> {
        self.router.find(verb, path).ok().flatten().map(|matched| matched.method)
    }

    pub(crate) fn respond(&self, request: Request<Bytes>) -> Response<Bytes> {
        match Incoming::read(request) {
            Ok(incoming) if batch::is_batch(self.api, &incoming) => {
                batch::respond(self, self.next_serial(), &incoming)
                    .unwrap_or_else(|error| self.refuse(&error))
            }
            Ok(incoming) => self.respond_to(incoming),
            Err(error) => self.refuse(&error),
        }
    }

    /// Returns an error response in the default format.
    pub(crate) fn refuse(&self, error: &ApiError) -> Response<Bytes> {
        Style::PLAIN.error(error)
    }

    pub(crate) fn next_serial(&self) -> u64 {
        self.serial.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn respond_to(&self, mut incoming: Incoming) -> Response<Bytes> {
        let Some(id) = upload::session(&incoming) else { return self.respond_with(incoming, None) };
        match upload::resume(&self.sessions, &id, &mut incoming) {
            Upload::Step(response) => response,
            Upload::Complete(metadata, content) => {
                incoming.body = metadata;
                let mut response = self.respond_with(incoming, Some(content));
                // A finished upload returns 200 in the protocol, whatever the method returns.
                if response.status() == StatusCode::NO_CONTENT {
                    *response.status_mut() = StatusCode::OK;
                }
                // A client that missed the response asks for it again.
                self.sessions.finish(&id, response.clone().into());
                response
            }
        }
    }

    fn respond_with(&self, mut incoming: Incoming, content: Option<Content>) -> Response<Bytes> {
        let style = match Style::of(&incoming) {
            Ok(style) => style,
            Err(error) => return self.refuse(&error),
        };
        match self.answer(&mut incoming, content, &style) {
            Ok((answer, wrapped)) => style.success(answer, wrapped),
            Err(error) => style.error(&error),
        }
    }

    fn answer(
        &self,
        incoming: &mut Incoming,
        mut content: Option<Content>,
        style: &Style,
    ) -> Result<(Answer, bool), ApiError> {
        let found = self.router.find(incoming.verb.as_str(), &incoming.path)?;
        let matched = found.ok_or_else(|| self.no_method(incoming))?;
        self.tokens.check(incoming)?;
        style.check(matched.method)?;
        let params = arguments::params(&matched, incoming)?;
        if matched.upload && content.is_none() {
            match upload::begin(&self.sessions, incoming)? {
                Upload::Step(response) => return Ok((Answer::Whole(response), false)),
                Upload::Complete(metadata, uploaded) => {
                    incoming.body = metadata;
                    content = Some(uploaded);
                }
            }
        }
        let method = matched.method;
        let body = arguments::body(method, self.plans.find(method.spec.id), &incoming.body)?;
        let origin = incoming.origin.clone();
        let answer = self.once(method, Arguments { params, body, content, origin }, style)?;
        Ok((answer, method.spec.service.data_wrapper))
    }

    fn no_method(&self, incoming: &Incoming) -> ApiError {
        let Incoming { verb, path, .. } = incoming;
        let verbs = self.router.verbs(path);
        let text = if verbs.is_empty() {
            format!("Method not found: {} {} has no path {path}.", self.api.name, self.api.version)
        } else {
            format!("Method not found: {path} has no {verb}, but {}.", verbs.join(", "))
        };
        ApiError::new(Code::NotFound, text)
    }

    /// Runs a method, or returns the earlier response to a repeated request.
    fn once(
        &self,
        method: &'static MethodInfo,
        arguments: Arguments,
        style: &Style,
    ) -> Result<Answer, ApiError> {
        if method.spec.request_id.is_none() {
            return self.run(method, arguments, style);
        }
        let asked = Asked {
            method: method.spec.id,
            params: arguments.params.clone(),
            body: arguments.body.with_nulls.clone(),
            content: arguments.content.clone(),
        };
        match asked.id(method) {
            Some(id) => {
                let execute = || self.run(method, arguments, style);
                self.repeats.once(id, asked, self.clock.now(), execute)
            }
            None => self.run(method, arguments, style),
        }
    }

    fn run(
        &self,
        method: &'static MethodInfo,
        arguments: Arguments,
        style: &Style,
    ) -> Result<Answer, ApiError> {
        self.store.transact(|txn| {
            let mut call = Call {
                api: self.api,
                method,
                params: arguments.params,
                body: arguments.body.value,
                body_with_nulls: arguments.body.with_nulls,
                creatable: self.plans.creatable(),
                operations: self.plans.operations(),
                uploads: arguments.content.is_some(),
                origin: arguments.origin,
                txn,
                now: self.clock.now(),
                serial: self.next_serial(),
            };
            if method.spec.response == BodyKind::Raw || (style.media && method.spec.download) {
                return media::download(&self.plans, &call);
            }
            let mut value = self.value(&mut call)?;
            if let Some(content) = arguments.content {
                media::keep(&self.plans, &mut call, &mut value, &content);
            }
            Ok(if method.response.is_none() { Answer::Nothing } else { Answer::Json(value) })
        })
    }

    /// Returns the result of a call: from the API's behavior, the store, or a sample.
    fn value(&self, call: &mut Call<'_, '_>) -> Result<Value, ApiError> {
        if let Some(answer) = self.behavior.answer(call) {
            return answer;
        }
        if call.method.spec.streams && call.method.spec.response == BodyKind::Json {
            return Ok(stream_of(call));
        }
        if let Some(plan) = self.plans.find(call.id()) {
            let behavior = self.behavior.as_ref();
            let mut work = Work { call, resource: &plan.resource, behavior };
            if let Some(value) = work.run(plan.action)? {
                return Ok(self.with_envelope(call, value));
            }
        }
        let operation = call.method.response.and_then(crate::schema::object);
        let Some(schema) = operation.filter(|schema| is_operation(schema)) else {
            return Ok(sample_of(call));
        };
        match create_named(&self.plans, self.behavior.as_ref(), call)? {
            Some((name, kind, value)) => Ok(finish(call, schema, Some((&name, kind, value)))),
            None => operation_of(call, schema),
        }
    }

    /// Lets the behavior complete a response other than a resource, such as a list.
    fn with_envelope(&self, call: &Call<'_, '_>, mut value: Value) -> Value {
        let response = call.method.response.and_then(crate::schema::object);
        let resource = self.plans.find(call.id()).map(|plan| plan.resource.schema.name);
        if let Some(schema) = response.filter(|schema| Some(schema.name) != resource) {
            self.behavior.present(call, schema.name, &mut value);
        }
        value
    }
}

/// Returns a sample of a stream: the array of a few messages.
fn stream_of(call: &Call<'_, '_>) -> Value {
    Value::Array(vec![sample_of(call); MESSAGES])
}

/// Returns a sample response that repeats matching values of the request.
fn sample_of(call: &Call<'_, '_>) -> Value {
    let Some(response) = call.method.response else { return Value::Null };
    let mut hints = Hints::default();
    hints.without.extend(call.method.spec.paging.map(|paging| paging.next));
    for (name, values) in &call.params {
        if let Some(text) = values.last().and_then(Value::as_str) {
            hints.texts.insert(name, text);
        }
    }
    let mut value = sample(response, &hints);
    let names =
        (call.method.request.and_then(crate::schema::object), crate::schema::object(response));
    if let (Some(request), Some(response)) = names
        && request.name == response.name
    {
        crate::mask::merge(&mut value, &call.body);
    }
    value
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::new(Code::Internal, error.to_string())
    }
}
