//! Answers of servers: calls, streams, batches, lists, operations.

use discovery_runtime::json::to_string;
use google_kitchen_sink_v1::models::{OperationsThing, StreamsMessage};

use super::agree::ensure;
use super::script::{Script, answers};
use crate::engine::{Bounds, Target};

const BOUNDS: Bounds = Bounds { input: 4096, fixed: 2 << 20, per_byte: 8192 };

const WORDS: &[&str] = &[
    "\n=====\n",
    "\n\n",
    "200\n",
    "503\n",
    "429\n",
    "401\n",
    "308\n",
    "content-type: application/json",
    "content-type: text/event-stream",
    "content-type: multipart/mixed; boundary=b",
    "content-encoding: gzip",
    "retry-after: 1",
    "retry-after: Fri, 31 Dec 1999 23:59:59 GMT",
    "location: /x",
    "break\n",
    "--b",
    "--b--",
    "\r\n",
    "data: ",
    "data: {}\n\n",
    "event: x\n",
    "HTTP/1.1 200 OK",
    "Content-ID: <response-",
    "\"error\":{\"code\":404,\"status\":\"NOT_FOUND\",\"message\":",
    "\"details\":[{\"@type\":",
    "\"nextPageToken\":",
    "\"done\":true",
    "\"response\":",
    "[{},{},",
];

/// Answers to one call with retries.
pub(super) const CALL: Target =
    Target::new("call", "a call ends, with a value or an error that can be shown", call)
        .words(WORDS)
        .bounds(BOUNDS);

/// A stream of messages.
pub(super) const STREAM: Target =
    Target::new("stream", "the messages of a stream do not depend on how its bytes arrive", stream)
        .words(WORDS)
        .bounds(Bounds { per_byte: 32 << 10, ..BOUNDS });

/// Answers to a batch.
pub(super) const BATCH: Target =
    Target::new("batch", "every call of a batch gets one result", batch)
        .words(WORDS)
        .bounds(BOUNDS);

/// Pages of a list.
pub(super) const PAGES: Target =
    Target::new("pages", "a list ends, and its items do not depend on how they are read", pages)
        .words(WORDS)
        .bounds(BOUNDS);

/// States of an operation.
pub(super) const OPERATION: Target =
    Target::new("operation", "waiting for an operation ends", operation)
        .words(WORDS)
        .bounds(BOUNDS);

fn call(input: &[u8]) -> Result<bool, String> {
    let script = Script::new(input, usize::MAX);
    let client = script.client()?;
    let found = script.run(client.operations().get("operations/1").send())?;
    let gone = script.run(client.operations().create(&OperationsThing::new()).send())?;
    Ok(found.is_some() || gone.is_some())
}

/// The messages, and whether there was an error after them.
fn messages(input: &[u8], piece: usize) -> Result<(Vec<String>, bool), String> {
    let script = Script::new(input, piece);
    let client = script.client()?;
    let mut stream = client.streams().stream_talk("s", &StreamsMessage::new()).stream();
    let mut all = Vec::new();
    let ended = script.run(async {
        while let Some(message) = stream.next().await {
            all.push(to_string(&message?));
        }
        Ok(())
    })?;
    Ok((all, ended.is_none()))
}

fn stream(input: &[u8]) -> Result<bool, String> {
    let whole = messages(input, usize::MAX)?;
    for piece in [1, 7] {
        let pieces = messages(input, piece)?;
        ensure(pieces == whole, "pieces", || {
            format!("{pieces:?} in pieces of {piece}, not {whole:?}")
        })?;
    }
    Ok(!whole.0.is_empty())
}

fn batch(input: &[u8]) -> Result<bool, String> {
    let results = |piece| {
        let script = Script::new(input, piece);
        let client = script.client()?;
        let mut batch = client.batch();
        let add = |batch: &mut discovery_runtime::Batch, name| {
            batch.add(client.operations().get(name)).map_err(|error| format!("add: {error}"))
        };
        let tickets = [add(&mut batch, "operations/1")?, add(&mut batch, "operations/2")?];
        let Some(mut answers) = script.run(batch.send())? else { return Ok(None) };
        let mut values = Vec::new();
        for ticket in tickets {
            let value = script.run(async { answers.take(ticket) })?;
            values.push(value.map(|value| to_string(&value)));
        }
        Ok::<_, String>(Some(values))
    };
    let (whole, pieces) = (results(usize::MAX)?, results(3)?);
    ensure(whole == pieces, "pieces", || format!("{pieces:?} in pieces, not {whole:?}"))?;
    Ok(whole.is_some_and(|values| values.iter().any(Option::is_some)))
}

fn pages(input: &[u8]) -> Result<bool, String> {
    let script = Script::new(input, usize::MAX);
    let client = script.client()?;
    let mut pages = client.paging().list().pages();
    let mut count = 0;
    let by_page = script.run(async {
        while let Some(page) = pages.next().await {
            count += page?.things.map_or(0, |things| things.len());
        }
        Ok(())
    })?;
    let script = Script::new(input, 5);
    let client = script.client()?;
    let mut items = client.paging().list().items();
    let mut single = 0;
    let by_item = script.run(async {
        while let Some(item) = items.next().await {
            item?;
            single += 1;
        }
        Ok(())
    })?;
    if by_page.is_some() && by_item.is_some() {
        ensure(single == count, "items", || format!("{single} items, {count} on pages"))?;
    }
    Ok(by_item.is_some() && count > 0)
}

fn operation(input: &[u8]) -> Result<bool, String> {
    let script = Script::new(input, usize::MAX);
    let client = script.client()?;
    let call = client.operations().create(&OperationsThing::new());
    let done = script.run(call.until_done().send())?;
    ensure(script.requests() <= answers(input).len() + 20, "requests", || {
        format!("{} requests for {} answers", script.requests(), answers(input).len())
    })?;
    Ok(done.is_some())
}
