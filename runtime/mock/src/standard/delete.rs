//! Standard method Delete ([AIP-135](https://google.aip.dev/135)).

use serde_json::{Map, Value};

use super::{AnswerAs, Work, place};
use crate::error::ApiError;
use crate::store::Txn;

/// Schema of the records that mark deleted resources which exist without being stored. No real
/// schema has this name.
const KIND: &str = "$deleted";

/// Parameters that ask for the deletion of children: AIP-135's, and that of BigQuery's datasets.
const WITH_CHILDREN: [&str; 2] = ["force", "deleteContents"];

/// Returns `true` if a resource was deleted that existed without being stored.
pub(crate) fn is_deleted(txn: &Txn<'_>, name: &str) -> bool {
    txn.record(&mark(name)).is_some()
}

/// Rejects a call of a deleted resource.
pub(super) fn check(work: &Work<'_, '_, '_>) -> Result<(), ApiError> {
    let name = place::name(work.call);
    if is_deleted(work.call.txn, &name) { Err(ApiError::not_found(&name)) } else { Ok(()) }
}

/// Returns the name of the mark, outside of the resource's children so that lists do not find it.
fn mark(name: &str) -> String {
    format!("{KIND}/{name}")
}

impl Work<'_, '_, '_> {
    pub(super) fn delete(&mut self, answer: AnswerAs) -> Result<Value, ApiError> {
        let name = place::name(self.call);
        if self.call.txn.get(&name).is_none() {
            let exists = !self.resource.creatable;
            if exists && !self.call.flag("validateOnly") {
                self.call.txn.put(KIND, &mark(&name), Value::Null);
            }
            return if exists || self.call.flag("allowMissing") {
                self.answer(answer, &name, Value::Object(Map::new()))
            } else {
                Err(ApiError::not_found(&name))
            };
        }
        self.check_conditions(self.call.txn.get(&name))?;
        self.behavior.before_delete(&name, self.resource.schema.name, self.call.txn)?;
        self.check_children(&name)?;
        let removed = match self.call.txn.get(&name).cloned() {
            Some(value) if self.call.flag("validateOnly") => value,
            _ => self.call.txn.remove_all(&name),
        };
        self.answer(answer, &name, removed)
    }

    /// Rejects the deletion of a resource with children where the method has a parameter that asks
    /// for it, such as `force`, and the call does not. Without such a parameter, services delete
    /// children without a check. Operations are no children.
    fn check_children(&self, name: &str) -> Result<(), ApiError> {
        let params = self.call.method.params.iter().map(|param| param.name);
        let Some(ask) = params.into_iter().find(|param| WITH_CHILDREN.contains(param)) else {
            return Ok(());
        };
        let is_child = |child: &str| !self.call.is_operation(child);
        if !self.call.flag(ask) && self.call.txn.below(name).any(is_child) {
            let text = format!(
                "Resource '{name}' has child resources: delete them first, or set {ask}=true."
            );
            return Err(ApiError::precondition(text));
        }
        Ok(())
    }
}
