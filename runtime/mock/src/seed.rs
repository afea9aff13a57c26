//! Initial resources of a server.

use std::fmt;

use discovery_runtime::reflect::TypeInfo;
use serde_json::Value;

use crate::engine::Engine;
use crate::error::ApiError;
use crate::names::has_form;
use crate::schema::{Nulls, coerce};
use crate::standard::New;
use crate::store::{StoreError, Txn};

/// Error of invalid seed data.
#[derive(Debug)]
pub struct SeedError {
    what: String,
}

impl Engine {
    /// Stores resources that do not exist yet, all or none, and returns their number.
    pub(crate) fn seed(&self, data: &Value) -> Result<usize, SeedError> {
        let resources = resources(data)?;
        self.store.transact(|txn| {
            let mut count = 0;
            for (name, value) in &resources {
                if txn.get(name).is_none() {
                    self.seed_one(name, value, txn)?;
                    count += 1;
                }
            }
            Ok(count)
        })
    }

    fn seed_one(&self, name: &str, value: &Value, txn: &mut Txn<'_>) -> Result<(), SeedError> {
        let named = |r: &&std::sync::Arc<_>| is_named(r, name);
        let Some(resource) = self.plans.resources().iter().find(named) else {
            return Err(self.unknown(name));
        };
        let refuse = |error: &ApiError| SeedError::new(format!("{name}: {}", error.message()));
        let value = coerce(TypeInfo::Object(resource.schema), value, Nulls::Drop)
            .map_err(|wrong| refuse(&ApiError::violations(wrong)))?;
        let new = New { resource, behavior: self.behavior.as_ref(), now: self.clock.now() };
        let value = new.complete(name, value, txn).map_err(|error| refuse(&error))?;
        txn.put(resource.schema.name, name, value);
        Ok(())
    }

    fn unknown(&self, name: &str) -> SeedError {
        let forms: Vec<&str> =
            self.plans.resources().iter().filter_map(|r| r.form.as_deref()).collect();
        let known = forms.join(", ");
        SeedError::new(format!("{name}: not a resource name of this API; expected {known}"))
    }
}

fn is_named(resource: &crate::standard::Resource, name: &str) -> bool {
    resource.form.as_deref().is_some_and(|form| has_form(form, name))
}

/// Returns names and resources: the members of an object, or the elements of a list by their
/// `name`.
fn resources(data: &Value) -> Result<Vec<(String, Value)>, SeedError> {
    match data {
        Value::Object(members) => {
            Ok(members.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(n, item)| match item.get("name").and_then(Value::as_str) {
                Some(name) => Ok((name.to_owned(), item.clone())),
                None => Err(SeedError::new(format!("resource {n} has no name"))),
            })
            .collect(),
        _ => Err(SeedError::new(
            "seed data must be an object of resources by name, or a list of resources",
        )),
    }
}

impl SeedError {
    fn new(what: impl Into<String>) -> Self {
        Self { what: what.into() }
    }
}

impl From<StoreError> for SeedError {
    fn from(error: StoreError) -> Self {
        Self::new(error.to_string())
    }
}

impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid seed data: {}", self.what)
    }
}

impl std::error::Error for SeedError {}
