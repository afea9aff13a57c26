//! Standard method Delete ([AIP-135](https://google.aip.dev/135)).

use serde_json::{Map, Value};

use super::{AnswerAs, Identity, Work, place};
use crate::error::ApiError;

impl Work<'_, '_, '_> {
    pub(super) fn delete(&mut self, answer: AnswerAs) -> Result<Value, ApiError> {
        let name = place::name(self.call);
        if self.call.txn.get(&name).is_none() {
            return if self.call.flag("allowMissing") {
                self.answer(answer, &name, Value::Object(Map::new()))
            } else {
                Err(ApiError::not_found(&name))
            };
        }
        self.behavior.before_delete(&name, self.resource.schema.name, self.call.txn)?;
        self.check_children(&name)?;
        let removed = match self.call.txn.get(&name).cloned() {
            Some(value) if self.call.flag("validateOnly") => value,
            _ => self.call.txn.remove_all(&name),
        };
        self.answer(answer, &name, removed)
    }

    /// Rejects the deletion of a resource with children, unless the call has `force`. Where paths
    /// are not names (`calendars/{calendarId}`), services delete children without a check.
    fn check_children(&self, name: &str) -> Result<(), ApiError> {
        let named = matches!(self.resource.identity, Identity::Name { .. });
        if named && !self.call.flag("force") && self.call.txn.has_below(name) {
            let text = format!("Resource '{name}' has child resources: delete them first.");
            return Err(ApiError::precondition(text));
        }
        Ok(())
    }
}
