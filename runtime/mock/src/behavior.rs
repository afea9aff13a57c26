//! Hooks for API-specific behavior.

use discovery_runtime::reflect::SchemaInfo;
use serde_json::Value;

use crate::call::Call;
use crate::error::ApiError;
use crate::mask::Mask;
use crate::page::PageRules;
use crate::store::Txn;

/// Hand-written part of a mock: behavior that the method table does not describe.
///
/// The engine implements the standard methods (AIP-131 to 135) and responds to all other methods
/// with a sample that fits their schema. Every hook defaults to that.
pub trait Behavior: Send + Sync {
    /// Handles a method, identified by `call.id()`, in place of the engine. `None` leaves it to the
    /// engine.
    fn answer(&self, call: &mut Call<'_, '_>) -> Option<Result<Value, ApiError>> {
        let _ = call;
        None
    }

    /// Returns how the standard methods behave for a call.
    fn rules(&self, call: &Call<'_, '_>) -> Rules {
        let _ = call;
        Rules::default()
    }

    /// Validates and completes a resource before it is created or updated.
    ///
    /// # Errors
    ///
    /// The error is returned to the client, and nothing is stored.
    fn before_write(&self, write: &mut Write<'_>, store: &mut Txn<'_>) -> Result<(), ApiError> {
        let _ = (write, store);
        Ok(())
    }

    /// Checks whether a resource may be deleted.
    ///
    /// # Errors
    ///
    /// The error is returned to the client, and nothing is deleted.
    fn before_delete(&self, name: &str, kind: &str, store: &mut Txn<'_>) -> Result<(), ApiError> {
        let _ = (name, kind, store);
        Ok(())
    }

    /// Returns a predicate that selects the resources a list method returns from those below its
    /// parent; it may interpret the filter of the call. `None` leaves the filter to the engine.
    fn select(&self, call: &Call<'_, '_>) -> Option<Result<Select, ApiError>> {
        let _ = call;
        None
    }

    /// Prepares a resource for the response to `call`, for example with computed fields or views.
    fn present(&self, call: &Call<'_, '_>, kind: &str, resource: &mut Value) {
        let _ = (call, kind, resource);
    }
}

/// Predicate that returns `true` for resources that belong in a list.
pub type Select = Box<dyn Fn(&Value) -> bool>;

/// How the standard methods behave for a method.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    /// Page sizes.
    pub page: PageRules,
    /// Meaning of an update without a mask.
    pub unmasked: Unmasked,
}

/// Meaning of an update without a mask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unmasked {
    /// Updates the fields that are set in the request and keeps the others ([AIP-134]).
    ///
    /// [AIP-134]: https://google.aip.dev/134
    #[default]
    Populated,
    /// Replaces all fields: those absent from the request are removed.
    All,
}

/// A resource about to be stored.
#[derive(Debug)]
pub struct Write<'a> {
    /// Schema of the resource.
    pub schema: &'static SchemaInfo,
    /// Name in the store.
    pub name: &'a str,
    /// Current value; `None` on create.
    pub old: Option<&'a Value>,
    /// New value.
    pub new: &'a mut Value,
    /// Update mask, if the call has one.
    pub mask: Option<&'a Mask>,
    /// Time of the change.
    pub now: discovery_runtime::json::Timestamp,
}

/// Default behavior of the engine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standard;

impl Behavior for Standard {}
