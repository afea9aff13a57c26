//! What came of the calls of a batch.

use super::Ticket;
use crate::call::decode::decode;
use crate::call::{Full, Response};
use crate::error::{Error, Result};
use crate::method::Reply;
use crate::redact::Secrets;
use crate::spec::MethodSpec;

/// The answers to a batch: one for each ticket.
#[derive(Debug)]
pub struct BatchResponses {
    batch: u64,
    slots: Vec<(&'static MethodSpec, Option<Result<Response>>)>,
    /// Those of the calls, which an answer may quote.
    secrets: Secrets,
}

impl BatchResponses {
    pub(super) fn new(
        batch: u64,
        slots: Vec<(&'static MethodSpec, Result<Response>)>,
        secrets: Secrets,
    ) -> Self {
        let slots = slots.into_iter().map(|(method, answer)| (method, Some(answer))).collect();
        Self { batch, slots, secrets }
    }

    /// The value that a call gave.
    ///
    /// # Errors
    ///
    /// As if the call had been made alone; and if the ticket is one of another batch.
    pub fn take<T: Reply>(&mut self, ticket: Ticket<T>) -> Result<T> {
        self.take_full(ticket).map(|full| full.value)
    }

    /// As [`take`](Self::take), with the status and headers of the answer.
    ///
    /// # Errors
    ///
    /// As [`take`](Self::take).
    pub fn take_full<T: Reply>(&mut self, ticket: Ticket<T>) -> Result<Full<T>> {
        let Ticket { batch, index, .. } = ticket;
        let slot = self.slots.get_mut(index).filter(|_| batch == self.batch);
        let Some((method, answer)) = slot.map(|(method, answer)| (*method, answer.take())) else {
            return Err(Error::invalid("the ticket is one of another batch"));
        };
        // A ticket is used up, so the answer is there.
        let response = answer.unwrap_or_else(|| Err(Error::invalid("the answer was taken")))?;
        let value = decode(method, &response)
            .map_err(|error| error.without_secrets(&self.secrets).with_method(method.id))?;
        Ok(Full { value, response })
    }

    /// How many calls failed, among those whose answers have not been taken.
    #[must_use]
    pub fn failures(&self) -> usize {
        self.slots.iter().filter(|(_, answer)| matches!(answer, Some(Err(_)))).count()
    }
}
