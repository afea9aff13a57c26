//! Sending of batches, with retries of failed calls.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_TYPE, HeaderValue};

use super::entry::Entry;
use super::parse::{PartResponse, content_id, parse_response};
use crate::call::answer::{refused, undecodable};
use crate::call::{Request, Response};
use crate::client::{Client, Options};
use crate::clock::remaining;
use crate::error::{Error, ErrorKind, Phase, Result};
use crate::multipart::Boundary;
use crate::observe::CallScope;
use crate::redact::Secrets;
use crate::retry::{Attempt, Retrier, is_own_effect};
use crate::spec::{BodyKind, MethodSpec, ServiceSpec, UrlTemplate, Verb};
use crate::status::BodyForm;
use crate::transport::{BatchMethods, Body, ResponseBody};

/// Results of the calls.
pub(super) type Slots = Vec<Result<Response>>;

/// Sends calls until each has a response or a permanent error.
///
/// Returns the secrets of the calls as well, since responses decoded later may quote them.
pub(super) async fn send_all(
    client: &Client,
    entries: &[Entry],
    options: Options,
) -> Result<(Slots, Secrets)> {
    if entries.is_empty() {
        return Ok((Vec::new(), Secrets::default()));
    }
    let scope = Arc::new(client.shared.scope(batch_method(client.service())));
    scope.run(send_rounds(client, entries, options, &scope)).await
}

async fn send_rounds(
    client: &Client,
    entries: &[Entry],
    options: Options,
    scope: &Arc<CallScope>,
) -> Result<(Slots, Secrets)> {
    let mut secrets = Secrets::default();
    let clock = client.clock();
    let begun = clock.now();
    let deadline =
        options.limits(client.options(), false).call.map(|timeout| begun.saturating_add(timeout));
    let mut slots: Vec<Option<Result<Response>>> = entries.iter().map(|_| None).collect();
    let mut pending: Vec<usize> = (0..entries.len()).collect();
    let method = batch_method(client.service());
    let retrier = client.shared.retrier(method, &options, begun, deadline);
    for attempts in 1.. {
        let mut options = options.clone();
        options.set_timeout(remaining(&**clock, deadline));
        let parts: Vec<&Entry> = pending.iter().filter_map(|&index| entries.get(index)).collect();
        match send_once(client, &parts, options, scope).await {
            Ok((answers, sent)) => {
                secrets.merge(&sent);
                store_results(entries, &mut slots, &pending, answers);
            }
            // Calls of an earlier round keep their own errors.
            Err(_) if attempts > 1 => break,
            Err(error) => return Err(error),
        }
        let Some((again, wait)) = select_retries(&retrier, attempts, entries, &slots, &pending)
        else {
            break;
        };
        clock.sleep(wait).await;
        pending = again;
    }
    let unsent = || Error::new(ErrorKind::Transport, "the call was not sent");
    let slots = slots.into_iter().map(|slot| slot.unwrap_or_else(|| Err(unsent())));
    Ok((slots.collect(), secrets))
}

fn store_results(
    entries: &[Entry],
    slots: &mut [Option<Result<Response>>],
    pending: &[usize],
    answers: Slots,
) {
    for (&index, mut answer) in pending.iter().zip(answers) {
        let (Some(entry), Some(slot)) = (entries.get(index), slots.get_mut(index)) else {
            continue;
        };
        let uncertain = matches!(slot, Some(Err(before)) if before.maybe_sent());
        if let Err(error) = &mut answer
            && uncertain
        {
            let maybe_done = is_own_effect(entry.method.verb == Verb::Delete, error);
            error.inner_mut().maybe_done = maybe_done;
        }
        *slot = Some(answer);
    }
}

/// Returns the calls to retry and the delay before.
fn select_retries(
    retrier: &Retrier<'_>,
    attempts: u32,
    entries: &[Entry],
    slots: &[Option<Result<Response>>],
    pending: &[usize],
) -> Option<(Vec<usize>, Duration)> {
    let mut wait = Duration::ZERO;
    let mut again = Vec::new();
    for &index in pending {
        let (Some(entry), Some(Some(Err(error)))) = (entries.get(index), slots.get(index)) else {
            continue;
        };
        // Encoded calls can always be sent again.
        let attempt = Attempt { number: attempts, idempotent: entry.idempotent, replayable: true };
        if let Some(delay) = retrier.decide(error, attempt) {
            wait = wait.max(delay);
            again.push(index);
        }
    }
    (!again.is_empty()).then_some((again, wait))
}

/// Sends each call once.
async fn send_once(
    client: &Client,
    entries: &[&Entry],
    mut options: Options,
    scope: &Arc<CallScope>,
) -> Result<(Slots, Secrets)> {
    let service = client.service();
    let Some(path) = service.batch_path else {
        return Err(Error::invalid(format!("{} does not support batches", service.id)));
    };
    let url = format!("{}{}", client.root_url(), path.trim_start_matches('/'));
    if let Some(scopes) = scopes(client, entries) {
        options.set_scopes(scopes);
    }
    let boundary = Boundary::random();
    let content_type = HeaderValue::try_from(boundary.content_type("mixed"))
        .map_err(|_| Error::invalid("the boundary is not a valid header"))?;
    let method = batch_method(service);
    let mut request = Request::new(method, http::Method::POST, &url)?
        .with_template(UrlTemplate::of_batch(method))
        .within(scope)
        .with_header(CONTENT_TYPE, content_type)
        .with_body(Body::bytes(encode_body(&boundary, entries)))
        .with_idempotent(entries.iter().all(|entry| entry.idempotent))
        .with_options(options);
    entries.iter().for_each(|entry| request.in_body.merge(&entry.secrets));
    request.parts = Some(BatchMethods(entries.iter().map(|entry| entry.method).collect()));
    let (response, secrets) = client.execute_with_secrets(request).await?;
    let answers =
        parse_response(response.content_type().unwrap_or_default(), &response.body, entries.len());
    let Some(answers) = answers else {
        let message = "the response to the batch is not multipart";
        return Err(Error::new(ErrorKind::Decode, message).with_maybe_sent(true));
    };
    let mut slots = Vec::with_capacity(entries.len());
    for (entry, answer) in entries.iter().zip(answers.slots) {
        let slot = match answer {
            Some(answer) => part_result(client, answer, response.attempts, &secrets).await,
            None => Err(missing_part(&response, answers.complete)),
        };
        slots.push(slot.map_err(|error| error.with_method(entry.method.id)));
    }
    Ok((slots, secrets))
}

fn encode_body(boundary: &Boundary, entries: &[&Entry]) -> Bytes {
    let mut body = BytesMut::new();
    for (index, entry) in entries.iter().enumerate() {
        let id = content_id(index);
        let headers = [
            ("Content-Type", "application/http"),
            ("Content-Transfer-Encoding", "binary"),
            ("Content-ID", id.as_str()),
        ];
        body.extend_from_slice(boundary.open(&headers).as_bytes());
        body.extend_from_slice(&entry.text);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(boundary.close().as_bytes());
    body.freeze()
}

/// Returns the response of a call, or the error it reports.
async fn part_result(
    client: &Client,
    answer: PartResponse,
    attempts: u32,
    secrets: &Secrets,
) -> Result<Response> {
    let PartResponse { status, headers, body } = answer;
    if status.is_success() {
        return Ok(Response { status, headers, body, attempts });
    }
    let mut head = http::Response::new(ResponseBody::full(body));
    *head.status_mut() = status;
    *head.headers_mut() = headers;
    let mut error = refused(head, &**client.clock(), None, secrets).await;
    error.inner_mut().attempts = attempts;
    Err(error)
}

/// Error of a call without a response. In a complete body it is permanent: the server may have
/// executed the call and would respond the same way again. An incomplete body is retried like any
/// other.
fn missing_part(response: &Response, complete: bool) -> Error {
    let message = "the response to the batch has no part for this call".to_owned();
    let form = if complete { BodyForm::Text } else { BodyForm::Truncated };
    undecodable(message, form, response.status, &response.headers, &response.body)
        .with_phase(Phase::Body)
        .with_maybe_sent(true)
}

/// Returns the scopes of all calls, the default of each. `None` if the client sets its own.
fn scopes(client: &Client, entries: &[&Entry]) -> Option<BTreeSet<String>> {
    if client.options().scopes.is_some() {
        return None;
    }
    let mut all = BTreeSet::new();
    for entry in entries {
        match &entry.scopes {
            Some(scopes) => all.extend(scopes.iter().cloned()),
            None => all.extend(entry.method.default_scope.map(str::to_owned)),
        }
    }
    (!all.is_empty()).then_some(all)
}

/// Returns the name of batches of a service in errors, logs, and tests: `store.batch`.
fn batch_method(service: &'static ServiceSpec) -> &'static MethodSpec {
    static KNOWN: Mutex<BTreeMap<&str, &MethodSpec>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.entry(service.id).or_insert_with(|| {
        // Specs are static; one is leaked per API whose batches a program sends.
        let id = Box::leak(format!("{}.batch", service.name()).into_boxed_str());
        Box::leak(Box::new(MethodSpec {
            request: BodyKind::Raw,
            response: BodyKind::Raw,
            ..MethodSpec::post(id, service, &[])
        }))
    })
}
