//! Responses to a batch.

use super::Ticket;
use crate::call::decode::decode;
use crate::call::{Full, Response};
use crate::error::{Error, Result};
use crate::redact::Secrets;
use crate::reply::Reply;
use crate::spec::MethodSpec;

/// The responses to a batch, one for each ticket.
#[derive(Debug)]
pub struct BatchResponses {
    batch: u64,
    /// Method of each call, whether it is strict, and its response.
    slots: Vec<(CallInfo, Option<Result<Response>>)>,
    /// Secrets of the calls, which a response may quote.
    secrets: Secrets,
}

/// A method, and whether values of the response that do not fit their types are errors.
type CallInfo = (&'static MethodSpec, bool);

impl BatchResponses {
    pub(super) fn new(
        batch: u64,
        slots: Vec<(CallInfo, Result<Response>)>,
        secrets: Secrets,
    ) -> Self {
        let slots = slots.into_iter().map(|(call, answer)| (call, Some(answer))).collect();
        Self { batch, slots, secrets }
    }

    /// Returns the value of a call.
    ///
    /// # Errors
    ///
    /// As for a single call, and if the ticket belongs to another batch.
    pub fn take<T: Reply>(&mut self, ticket: Ticket<T>) -> Result<T> {
        self.take_full(ticket).map(|full| full.value)
    }

    /// Returns the value of a call with the status and headers of its response.
    ///
    /// # Errors
    ///
    /// As for [`take`](Self::take).
    pub fn take_full<T: Reply>(&mut self, ticket: Ticket<T>) -> Result<Full<T>> {
        let Ticket { batch, index, .. } = ticket;
        let slot = self.slots.get_mut(index).filter(|_| batch == self.batch);
        let Some(((method, strict), answer)) = slot.map(|(call, answer)| (*call, answer.take()))
        else {
            return Err(Error::invalid("the ticket belongs to another batch"));
        };
        // A ticket is consumed, so its response is present.
        let response =
            answer.unwrap_or_else(|| Err(Error::invalid("the response was already taken")))?;
        let value = decode(method, &response, strict)
            .map_err(|error| error.without_secrets(&self.secrets).with_method(method.id))?;
        Ok(Full { value, response })
    }

    /// Returns the number of failed calls whose responses have not been taken.
    #[must_use]
    pub fn failures(&self) -> usize {
        self.slots.iter().filter(|(_, answer)| matches!(answer, Some(Err(_)))).count()
    }
}
