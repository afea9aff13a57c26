//! One call: a method with its checked arguments, and the store as it sees it.

use std::collections::BTreeMap;

use discovery_runtime::json::Timestamp;
use discovery_runtime::reflect::{ApiInfo, MethodInfo};
use discovery_runtime::spec::TokenIn;
use serde_json::{Map, Value};

use crate::error::ApiError;
use crate::names::{fnv64, has_form};
use crate::page::{PageRules, Paging};
use crate::store::Txn;

/// Names that hold the number of items of a page.
const PAGE_SIZES: [&str; 2] = ["pageSize", "maxResults"];

/// A collection of operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OperationForm {
    /// The form of their names, for example `projects/*/zones/*/operations/*`.
    pub(crate) form: String,
    /// Whether an operation has that whole name, or its last segment.
    pub(crate) whole: bool,
}

/// A call on its way through the server.
#[derive(Debug)]
pub struct Call<'c, 's> {
    pub(crate) api: &'static ApiInfo,
    pub(crate) method: &'static MethodInfo,
    /// Path and query parameters in their canonical form, without the global ones.
    pub(crate) params: BTreeMap<&'static str, Vec<Value>>,
    /// The body in its canonical form; null if there is none.
    pub(crate) body: Value,
    /// The same with the nulls that the client sent.
    pub(crate) body_with_nulls: Value,
    /// Forms of the names of resources that the API can create.
    pub(crate) creatable: &'c [String],
    /// Where the API keeps operations.
    pub(crate) operations: &'c [OperationForm],
    pub(crate) txn: &'c mut Txn<'s>,
    pub(crate) now: Timestamp,
    pub(crate) serial: u64,
}

impl<'s> Call<'_, 's> {
    /// The API.
    #[must_use]
    pub fn api(&self) -> &'static ApiInfo {
        self.api
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &'static MethodInfo {
        self.method
    }

    /// The method's id, for example `jobs.projects.jobs.search`.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.method.spec.id
    }

    /// The text of a path or query parameter, if it is given.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.get(name)?.last()?.as_str()
    }

    /// A path or query parameter as text, whatever its type; empty if it is not given.
    pub(crate) fn param_text(&self, name: &str) -> String {
        match self.param_values(name).last() {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        }
    }

    /// The URL of a resource.
    pub(crate) fn link(&self, name: &str) -> String {
        let service = self.method.spec.service;
        format!("{}{}{name}", service.root_url, service.service_path)
    }

    /// Whether a resource of this name could be created.
    pub(crate) fn is_creatable(&self, name: &str) -> bool {
        self.creatable.iter().any(|form| has_form(form, name))
    }

    /// All values of a path or query parameter.
    #[must_use]
    pub fn param_values(&self, name: &str) -> &[Value] {
        self.params.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a boolean parameter is given as true.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.param_values(name).last().is_some_and(|value| *value == Value::Bool(true))
    }

    /// The request body; null if the method takes none.
    #[must_use]
    pub fn body(&self) -> &Value {
        &self.body
    }

    /// The time of the call.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// An id of this call, in the form of a UUID. The first call of a server has number 1.
    #[must_use]
    pub fn request_id(&self) -> String {
        format!("00000000-0000-4000-8000-{:012x}", self.serial)
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Txn<'s> {
        self.txn
    }

    /// The store, to change it. The changes last if the call succeeds.
    pub fn store_mut(&mut self) -> &mut Txn<'s> {
        self.txn
    }

    /// What the call says of its page, wherever the method has it: query or body.
    ///
    /// # Errors
    ///
    /// `INVALID_ARGUMENT` for a negative size, if the rules refuse it.
    pub fn paging(&self, rules: &PageRules) -> Result<Paging, ApiError> {
        let token = match self.method.spec.paging.map(|paging| paging.token) {
            Some(TokenIn::Query(name)) => self.param(name),
            Some(TokenIn::Body(name)) => self.body.get(name).and_then(Value::as_str),
            None => None,
        };
        let size = PAGE_SIZES.iter().find_map(|name| {
            self.param_values(name).last().or_else(|| self.body.get(name)).and_then(integer)
        });
        Ok(Paging { size: rules.size(size)?, token: token.map(str::to_owned), scope: self.scope() })
    }

    /// A number for everything in the request but its place among the pages.
    fn scope(&self) -> u64 {
        let token = match self.method.spec.paging.map(|paging| paging.token) {
            Some(TokenIn::Query(name) | TokenIn::Body(name)) => name,
            None => "",
        };
        let of_page = |name: &str| name == token || name == "offset" || PAGE_SIZES.contains(&name);
        let mut parts = vec![self.id().to_owned()];
        for (name, values) in self.params.iter().filter(|(name, _)| !of_page(name)) {
            parts.push((*name).to_owned());
            parts.extend(values.iter().map(Value::to_string));
        }
        if let Value::Object(members) = &self.body {
            let kept: BTreeMap<_, _> = members.iter().filter(|(name, _)| !of_page(name)).collect();
            parts.extend(kept.into_iter().map(|(name, value)| format!("{name}={}", sorted(value))));
        }
        fnv64(parts.iter().map(String::as_str))
    }
}

/// The text of a value, the same whatever order its members came in.
pub(crate) fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<_, _> = members.iter().collect();
            let sorted = members.into_iter().map(|(name, value)| (name.clone(), sorted(value)));
            Value::Object(sorted.collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

/// An integer of a parameter or member: 64-bit ones are text.
fn integer(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}
