//! Answers that are streams: printed message by message, as they arrive.

use std::io::Write;

use discovery_runtime::error::Phase;
use discovery_runtime::json::Json;
use discovery_runtime::spec::BodyKind;
use discovery_runtime::{Error, ErrorKind, ResponseStream};
use serde_json::Value;

use super::run::Session;
use super::{misfit, request};
use crate::failure::Failure;
use crate::output::closed;
use crate::plan::Plan;

/// Returns `true` if the answer is printed as it arrives.
pub(super) fn streams(plan: &Plan) -> bool {
    let spec = plan.method.spec;
    let other = plan.values.query_one("callback").is_some()
        || plan.values.query_one("alt").is_some_and(|alt| !matches!(alt, "json" | "sse"));
    spec.streams && !other
}

impl Session<'_> {
    /// Makes the call and writes its messages. Formats of whole documents have to wait for the last
    /// one. The messages before an error are kept.
    pub(super) fn stream(&mut self, out: &mut dyn Write) -> Result<(), Failure> {
        self.log_request();
        if self.plan.method.spec.response == BodyKind::Raw {
            return self.pass_on(out);
        }
        let writer = &self.job.writer;
        let mut messages: ResponseStream<Json> = request::call(&self.client, &self.plan).stream();
        let mut all = Vec::new();
        let mut left = self.job.settings.paging.limit.unwrap_or(usize::MAX);
        let mut failed = None;
        while left > 0 {
            let message = match self.wait_for(messages.next())? {
                None => break,
                Some(Ok(message)) => message,
                Some(Err(error)) => {
                    failed = Some(self.failure(&error));
                    break;
                }
            };
            left -= 1;
            let value = self.value(&message)?;
            if let Err(misfit) = self.check_message(&value) {
                failed = Some(misfit);
                break;
            }
            (self.log_body)(&value, '<');
            if writer.is_by_line() {
                writer.line(&message, &value, out).map_err(|error| closed(&error))?;
                out.flush().map_err(|error| closed(&error))?;
            } else {
                all.push(value);
            }
        }
        let nothing = failed.is_some() && all.is_empty();
        if !writer.is_by_line() && !nothing {
            writer.document(Value::Array(all), out).map_err(|error| closed(&error))?;
        }
        failed.map_or(Ok(()), Err)
    }

    fn check_message(&self, message: &Value) -> Result<(), Failure> {
        misfit::check_message(self.plan.method, message, self.job.settings.strict)
    }

    fn value(&self, message: &Json) -> Result<Value, Failure> {
        serde_json::from_str(message.as_str()).map_err(|error| {
            let error = Error::new(ErrorKind::Decode, error.to_string()).with_phase(Phase::Decode);
            self.failure(&error)
        })
    }

    /// Writes raw bytes as they arrive.
    fn pass_on(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let call = request::call(&self.client, &self.plan);
        let head = self.wait_for(call.open())?.map_err(|error| self.failure(&error))?;
        let mut body = head.into_body();
        while let Some(chunk) = self.wait_for(body.next())? {
            let chunk = chunk.map_err(|error| {
                let error = Error::new(ErrorKind::Transport, error.to_string());
                self.failure(&error.with_phase(Phase::Body))
            })?;
            out.write_all(&chunk).and_then(|()| out.flush()).map_err(|error| closed(&error))?;
        }
        Ok(())
    }
}
