//! Sends the calls of a batch, in parts that the API takes.

use std::sync::Arc;

use discovery_json::Json;
use discovery_runtime::auth::{Anonymous, Credentials};
use discovery_runtime::batch::Batch;
use discovery_runtime::{Client, Error};
use serde_json::{Value, json};

use crate::access;
use crate::app::App;
use crate::failure::{Failure, Retry, exit};
use crate::host::Host;
use crate::output::{Target, closed};
use crate::settings::Settings;

use super::super::interrupt::{self, Waiting};
use super::super::log::Log;
use super::super::{misfit, refusal, request};
use super::Line;

/// Result of a call.
type Outcome = Result<Value, Failure>;

/// Sends the calls and writes a line for each, in their order.
pub(super) fn send(
    app: &App,
    settings: &Settings,
    lines: &[Line],
    size: usize,
    target: &Target,
    host: &mut Host<'_>,
) -> Result<(), Failure> {
    let Some(first) = lines.first() else { return Ok(()) };
    let mock = crate::mock::open(app, settings)?;
    let credentials: Arc<dyn Credentials> = match &mock {
        Some(_) => Arc::new(Anonymous),
        None => access::credentials(app, &first.plan, settings, host)?,
    };
    let log = (settings.verbose > 0)
        .then(|| Log { sink: host.stderr.clone(), headers: settings.verbose > 1 });
    let client = request::batch_client(app, &first.plan, settings, credentials, log, mock)?;
    let runtime = crate::host::runtime()?;
    let waiting = Waiting::new(&runtime, target);
    let mut failed: Vec<u8> = Vec::new();
    target.write(host.stdout, &mut |out| {
        let mut broken = false;
        for part in lines.chunks(size) {
            let outcomes = match broken {
                true => part.iter().map(|_| Err(unsent())).collect(),
                false => {
                    let sent = together(app, &client, part, settings.strict, &mut broken);
                    // The results of earlier parts are still written.
                    waiting.on(sent).unwrap_or_else(|| {
                        broken = true;
                        part.iter().map(|line| Err(interrupt::unanswered(&line.plan))).collect()
                    })
                }
            };
            for (line, outcome) in part.iter().zip(outcomes) {
                failed.extend(outcome.as_ref().err().map(|failure| failure.code));
                let text = crate::text::visible(&result(line, outcome).to_string());
                writeln!(out, "{text}").map_err(|error| closed(&error))?;
            }
            out.flush().map_err(|error| closed(&error))?;
        }
        Ok(())
    })?;
    match failed.first() {
        None => Ok(()),
        Some(code) => {
            let (failed, all) = (failed.len(), lines.len());
            Err(Failure::new(*code, "partial", format!("{failed} of {all} calls failed")))
        }
    }
}

/// Sends calls in one request. If it fails as a whole, every call has failed, and `broken` is set.
async fn together(
    app: &App,
    client: &Client,
    part: &[Line],
    strict: bool,
    broken: &mut bool,
) -> Vec<Outcome> {
    let failed = |line: &Line, error: &Error| refusal::failure(app, &line.plan, error);
    let mut batch = Batch::new(client).with_limit(part.len());
    let tickets: Vec<_> =
        part.iter().map(|line| batch.add(request::call(client, &line.plan))).collect();
    let mut responses = match batch.send().await {
        Ok(responses) => responses,
        Err(error) => {
            *broken = true;
            return part.iter().map(|line| Err(failed(line, &error))).collect();
        }
    };
    let outcomes = part.iter().zip(tickets).map(|(line, ticket)| {
        let answer = ticket.and_then(|ticket| responses.take(ticket));
        answer.map_err(|error| failed(line, &error)).and_then(|json| value(line, &json, strict))
    });
    outcomes.collect()
}

/// Returns an answer; if strict, fails if a value does not fit its type.
fn value(line: &Line, json: &Json, strict: bool) -> Outcome {
    let value = serde_json::from_str(json.as_str())
        .map_err(|error| Failure::new(exit::SERVER, "decode", error.to_string()))?;
    if !line.plan.asks_for_json() {
        return Ok(value);
    }
    misfit::check_form(line.plan.method, &value)?;
    if strict {
        misfit::check(line.plan.method, &value)?;
    }
    Ok(value)
}

fn unsent() -> Failure {
    let message = "not sent: an earlier part of the batch failed";
    let retry = Retry { retryable: true, ..Retry::default() };
    Failure { retry, ..Failure::new(exit::SERVER, "unsent", message) }
}

fn result(line: &Line, outcome: Outcome) -> Value {
    match outcome {
        Ok(value) => json!({"line": line.number, "ok": true, "result": value}),
        Err(failure) => json!({"line": line.number, "ok": false, "error": failure.value()}),
    }
}
