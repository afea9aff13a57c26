//! What is particular to one API.

use discovery_runtime::reflect::SchemaInfo;
use serde_json::Value;

use crate::call::Call;
use crate::error::ApiError;
use crate::mask::Mask;
use crate::page::PageRules;
use crate::store::Txn;

/// The hand-written part of a mock: what its methods do beyond what the method table tells.
///
/// The engine carries out the standard methods (AIP-131 to 135) by itself and answers the others
/// with samples that fit their schema. A hook that is not overridden leaves it so.
pub trait Behaviour: Send + Sync {
    /// Answers a method in the engine's place; `None` leaves it to the engine.
    /// `call.id()` tells which method it is.
    fn answer(&self, call: &mut Call<'_, '_>) -> Option<Result<Value, ApiError>> {
        let _ = call;
        None
    }

    /// How the standard methods differ for a call.
    fn rules(&self, call: &Call<'_, '_>) -> Rules {
        let _ = call;
        Rules::default()
    }

    /// Checks a resource before it is created or changed, and completes it.
    ///
    /// # Errors
    ///
    /// What the client gets instead; nothing is stored then.
    fn before_write(&self, write: &mut Write<'_>, store: &mut Txn<'_>) -> Result<(), ApiError> {
        let _ = (write, store);
        Ok(())
    }

    /// Checks whether a resource may be deleted.
    ///
    /// # Errors
    ///
    /// What the client gets instead; nothing is deleted then.
    fn before_delete(&self, name: &str, kind: &str, store: &mut Txn<'_>) -> Result<(), ApiError> {
        let _ = (name, kind, store);
        Ok(())
    }

    /// Says which resources a list method answers, of those below its parent; it may read the
    /// filter of the call in the API's own way. `None` leaves the filter to the engine.
    fn select(&self, call: &Call<'_, '_>) -> Option<Result<Select, ApiError>> {
        let _ = call;
        None
    }

    /// Shapes a resource for an answer of `call`: derived members, views.
    fn present(&self, call: &Call<'_, '_>, kind: &str, resource: &mut Value) {
        let _ = (call, kind, resource);
    }
}

/// Decides whether a resource belongs to a list.
pub type Select = Box<dyn Fn(&Value) -> bool>;

/// How the standard methods differ for a method.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    /// Sizes of pages.
    pub page: PageRules,
    /// What an update without a mask means.
    pub unmasked: Unmasked,
}

/// What an update without a mask means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unmasked {
    /// The members that the request has are changed, the others stay ([AIP-134]).
    ///
    /// [AIP-134]: https://google.aip.dev/134
    #[default]
    Populated,
    /// All members are changed: those that the request lacks are removed.
    All,
}

/// A resource on its way into the store.
#[derive(Debug)]
pub struct Write<'a> {
    /// Its schema.
    pub schema: &'static SchemaInfo,
    /// Its name in the store.
    pub name: &'a str,
    /// What it was, unless it is created.
    pub old: Option<&'a Value>,
    /// What it will be.
    pub new: &'a mut Value,
    /// The mask of an update, if it has one.
    pub mask: Option<&'a Mask>,
    /// The time of the change.
    pub now: discovery_runtime::json::Timestamp,
}

/// No particular behaviour.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standard;

impl Behaviour for Standard {}
