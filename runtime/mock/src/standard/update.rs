//! Standard method Update ([AIP-134](https://google.aip.dev/134)).

use discovery_runtime::spec::{MaskDepth, UpdateSpec, Verb};
use serde_json::Value;

use super::{AnswerAs, BodyAt, Work, in_body, place, stamp};
use crate::behavior::{Unmasked, Write};
use crate::error::{ApiError, Code};
use crate::mask::{Mask, merge};
use crate::names::snake;
use crate::schema::fields;

impl Work<'_, '_, '_> {
    pub(super) fn update(&mut self, body: BodyAt, answer: AnswerAs) -> Result<Value, ApiError> {
        let name = place::name(self.call);
        let mask = self.mask()?;
        let old = self.call.txn.get(&name).cloned();
        if old.is_some() {
            self.check_conditions(old.as_ref())?;
        }
        let value = match &old {
            Some(old) => self.change(&name, old, body, mask.as_ref())?,
            None if self.call.flag("allowMissing") || !self.resource.creatable => {
                let value = self.body(body);
                self.store_new(&name, value)?
            }
            None => return Err(ApiError::not_found(&name)),
        };
        self.answer(answer, &name, value)
    }

    fn change(
        &mut self,
        name: &str,
        old: &Value,
        body: BodyAt,
        mask: Option<&Mask>,
    ) -> Result<Value, ApiError> {
        let schema = self.resource.schema;
        let sent = self.body(body);
        check_etag(old, &sent)?;
        let mut value = self.merged(old, &sent, body, mask);
        stamp::drop_nulls(&mut value);
        stamp::keep_output_only(schema, Some(old), &mut value);
        stamp::identify(self.resource, name, &mut value);
        self.check_immutable(old, &value)?;
        stamp::times(schema, false, self.call.now, &mut value);
        stamp::version(schema, Some(old), &mut value);
        let now = self.call.now;
        let mut write = Write { schema, name, old: Some(old), new: &mut value, mask, now };
        self.behavior.before_write(&mut write, self.call.txn)?;
        stamp::constants(schema, &mut value);
        self.put(name, &value);
        Ok(value)
    }

    /// Returns the updated resource.
    fn merged(&self, old: &Value, sent: &Value, body: BodyAt, mask: Option<&Mask>) -> Value {
        let rules = self.behavior.rules(self.call);
        let all = self.call.method.spec.verb == Verb::Put || rules.unmasked == Unmasked::All;
        match mask {
            None if all => sent.clone(),
            None => {
                let mut value = old.clone();
                merge(&mut value, &in_body(body, self.resource.schema, &self.call.body_with_nulls));
                value
            }
            Some(mask) => {
                let mut value = old.clone();
                mask.apply(&mut value, sent);
                value
            }
        }
    }

    /// Returns the update mask of the call, from query or body. An empty mask counts as absent.
    fn mask(&self) -> Result<Option<Mask>, ApiError> {
        let (text, depth) = match self.call.method.spec.update {
            Some(UpdateSpec::MaskInQuery { mask, depth }) => (self.call.param(mask), depth),
            Some(UpdateSpec::MaskInBody { mask, depth, .. }) => {
                (self.call.body.get(mask).and_then(Value::as_str), depth)
            }
            Some(UpdateSpec::Merge | UpdateSpec::Replace) | None => return Ok(None),
        };
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
        let mask = Mask::parse(text, self.resource.schema)?;
        let flat = depth == MaskDepth::TopLevel;
        match mask.paths().iter().find(|path| flat && path.len() > 1) {
            None => Ok(Some(mask)),
            Some(path) => Err(ApiError::invalid(
                "update_mask",
                format!(
                    "Invalid update mask: '{}' is not a top-level field of {}, and only those \
                     are supported.",
                    path.join("."),
                    self.resource.schema.name
                ),
            )),
        }
    }

    fn check_immutable(&self, old: &Value, new: &Value) -> Result<(), ApiError> {
        let changed = fields(self.resource.schema).iter().filter(|field| field.immutable);
        for field in changed {
            let before = old.get(field.name);
            if before.is_some() && before != new.get(field.name) {
                let name = snake(field.name);
                let text = format!("Field '{name}' is immutable and cannot be changed.");
                return Err(ApiError::invalid(name, text));
            }
        }
        Ok(())
    }
}

/// Rejects a stale etag, which means a concurrent change ([AIP-154](https://google.aip.dev/154)).
fn check_etag(old: &Value, sent: &Value) -> Result<(), ApiError> {
    let sent = sent.get("etag").and_then(Value::as_str).filter(|etag| !etag.is_empty());
    match (sent, old.get("etag").and_then(Value::as_str)) {
        (Some(sent), Some(stored)) if sent != stored => Err(ApiError::new(
            Code::Aborted,
            "The etag does not match the current resource: read it again and retry.",
        )),
        _ => Ok(()),
    }
}
