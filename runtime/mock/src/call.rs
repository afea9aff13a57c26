//! A call: the method, its validated arguments, and a transaction on the store.

use std::collections::BTreeMap;

use discovery_runtime::json::Timestamp;
use discovery_runtime::reflect::{ApiInfo, MethodInfo};
use discovery_runtime::spec::{ServiceSpec, TokenIn};
use serde_json::{Map, Value};

use crate::error::ApiError;
use crate::names::{fnv64, has_form};
use crate::page::{PageRules, Paging};
use crate::store::Txn;

/// Names of the page size parameter.
pub(crate) const PAGE_SIZES: [&str; 2] = ["pageSize", "maxResults"];

/// A collection of operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OperationForm {
    /// Pattern of operation names, for example `projects/*/zones/*/operations/*`.
    pub(crate) form: String,
    /// Whether operations contain the full name or only its last segment.
    pub(crate) whole: bool,
}

/// A call in progress.
#[derive(Debug)]
pub struct Call<'c, 's> {
    pub(crate) api: &'static ApiInfo,
    pub(crate) method: &'static MethodInfo,
    /// Path and query parameters in canonical form, without global ones.
    pub(crate) params: BTreeMap<&'static str, Vec<Value>>,
    /// Body in canonical form; null if there is none.
    pub(crate) body: Value,
    /// Body in canonical form, with the nulls that the client sent.
    pub(crate) body_with_nulls: Value,
    /// Name patterns of the resources that the API can create.
    pub(crate) creatable: &'c [String],
    /// Collections of operations.
    pub(crate) operations: &'c [OperationForm],
    /// Scheme and authority that the client used.
    pub(crate) origin: String,
    /// Whether the call uploads content.
    pub(crate) uploads: bool,
    pub(crate) txn: &'c mut Txn<'s>,
    pub(crate) now: Timestamp,
    pub(crate) serial: u64,
}

impl<'s> Call<'_, 's> {
    /// Returns the API.
    #[must_use]
    pub fn api(&self) -> &'static ApiInfo {
        self.api
    }

    /// Returns the method.
    #[must_use]
    pub fn method(&self) -> &'static MethodInfo {
        self.method
    }

    /// Returns the method's id, for example `jobs.projects.jobs.search`.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.method.spec.id
    }

    /// Returns the text of a path or query parameter, if present.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.get(name)?.last()?.as_str()
    }

    /// Returns a path or query parameter of any type as text; empty if absent.
    pub(crate) fn param_text(&self, name: &str) -> String {
        match self.param_values(name).last() {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        }
    }

    /// Returns the URL of a resource.
    pub(crate) fn link(&self, name: &str) -> String {
        link(self.method.spec.service, name)
    }

    /// Returns `true` if the API can create a resource with this name.
    pub(crate) fn is_creatable(&self, name: &str) -> bool {
        self.creatable.iter().any(|form| has_form(form, name))
    }

    /// Returns `true` if this is the name of an operation.
    pub(crate) fn is_operation(&self, name: &str) -> bool {
        self.operations.iter().any(|operations| has_form(&operations.form, name))
    }

    /// Returns all values of a path or query parameter.
    #[must_use]
    pub fn param_values(&self, name: &str) -> &[Value] {
        self.params.get(name).map_or(&[], Vec::as_slice)
    }

    /// Returns `true` if a boolean parameter is true.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.param_values(name).last().is_some_and(|value| *value == Value::Bool(true))
    }

    /// Returns the request body; null if the method takes none.
    #[must_use]
    pub fn body(&self) -> &Value {
        &self.body
    }

    /// Returns the time of the call.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Returns the id of this call in the form of a UUID, numbered from 1.
    #[must_use]
    pub fn request_id(&self) -> String {
        format!("00000000-0000-4000-8000-{:012x}", self.serial)
    }

    /// Returns the store.
    #[must_use]
    pub fn store(&self) -> &Txn<'s> {
        self.txn
    }

    /// Returns the store for changes, which are committed if the call succeeds.
    pub fn store_mut(&mut self) -> &mut Txn<'s> {
        self.txn
    }

    /// Returns the page size and page token of the call, from query or body.
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

    /// Hashes everything in the request except its page size and page token.
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

/// Returns the URL of a resource.
pub(crate) fn link(service: &ServiceSpec, name: &str) -> String {
    format!("{}{}{name}", service.root_url, service.service_path)
}

/// Returns a value with its members sorted, so that equal values have equal text.
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

/// Returns an integer parameter or field; 64-bit integers are text.
fn integer(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}
