//! One exchange, in a task of its own, until the caller drops it.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http::header::CONTENT_RANGE;
use http::{Method, Request, Response};
use js_sys::{Reflect, Uint8Array};
use tokio::sync::{mpsc, oneshot};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestRedirect, ResponseType};

use super::request::{fetch, only_authorization, read_all, settings};
use super::response::{broken, failed, head, redirected};
use crate::transport::{Body, ResponseBody, TransportError, TransportErrorKind};

type Head = Result<Response<ResponseBody>, TransportError>;

/// A chunk, the end, or an error. A missing end is an error as well.
type Part = Result<Option<Bytes>, TransportError>;

/// Runs an exchange. The request is aborted once the receiver of the head, or afterward the body,
/// is dropped.
pub(super) async fn run(request: Request<Body>, mut done: oneshot::Sender<Head>) {
    let Ok(abort) = AbortController::new() else {
        let message = "this host has no AbortController";
        let _ = done.send(Err(TransportError::new(TransportErrorKind::Other, message)));
        return;
    };
    let Some(response) = unless(done.closed(), send(request, &abort)).await else {
        return abort.abort();
    };
    let reader = response.and_then(|response| Ok((head(&response)?, reader(&response)?)));
    let (head, reader) = match reader {
        Ok(parts) => parts,
        Err(error) => {
            abort.abort();
            return drop(done.send(Err(error)));
        }
    };
    let Some(reader) = reader else {
        return drop(done.send(Ok(head.map(|()| ResponseBody::empty()))));
    };
    let (parts, received) = mpsc::channel(1);
    let head = head.map(|()| ResponseBody::stream(Chunks { received, ended: false }));
    if done.send(Ok(head)).is_err() || pump(&reader, &parts).await.is_none() {
        abort.abort();
    }
}

async fn send(
    request: Request<Body>,
    abort: &AbortController,
) -> Result<web_sys::Response, TransportError> {
    let (parts, body) = request.into_parts();
    let body = read_all(body).await?;
    let url = parts.uri.to_string();
    let repeatable = matches!(parts.method, Method::GET | Method::HEAD);
    // A chunk of an upload is answered with 308, which is no redirect, since it names no target; a
    // browser shows it only if it may follow it.
    let mode = match parts.headers.contains_key(CONTENT_RANGE) {
        true => RequestRedirect::Follow,
        false => RequestRedirect::Manual,
    };
    let init = settings(&parts, body.as_ref(), abort)?;
    init.set_redirect(mode);
    let mut response = fetch(&url, &init).await?;
    if response.type_() == ResponseType::Opaqueredirect {
        if !repeatable || !only_authorization(&parts.headers) {
            return Err(redirected("the browser does not tell where"));
        }
        init.set_redirect(RequestRedirect::Follow);
        response = fetch(&url, &init).await?;
    }
    if response.redirected() && !repeatable {
        return Err(redirected("the browser followed it"));
    }
    Ok(response)
}

fn reader(
    response: &web_sys::Response,
) -> Result<Option<ReadableStreamDefaultReader>, TransportError> {
    let Some(stream) = response.body() else { return Ok(None) };
    let reader = stream.get_reader();
    reader.dyn_into().map(Some).map_err(|other| failed(&other))
}

/// Passes the body on. Returns `None` if the receiver is gone.
async fn pump(reader: &ReadableStreamDefaultReader, parts: &mpsc::Sender<Part>) -> Option<()> {
    loop {
        let part = match unless(parts.closed(), JsFuture::from(reader.read())).await? {
            Ok(result) => chunk(&result),
            Err(error) => Err(broken(&error)),
        };
        let last = !matches!(part, Ok(Some(_)));
        parts.send(part).await.ok()?;
        if last {
            return Some(());
        }
    }
}

/// Returns the bytes of a result of `read`, or `None` at the end.
fn chunk(result: &JsValue) -> Part {
    let member = |name: &str| Reflect::get(result, &name.into()).map_err(|error| broken(&error));
    if member("done")?.is_truthy() {
        return Ok(None);
    }
    let bytes: Uint8Array = member("value")?.dyn_into().map_err(|other| broken(&other))?;
    Ok(Some(bytes.to_vec().into()))
}

/// Returns the result of `work`, or `None` if `end` comes first.
async fn unless<T>(end: impl Future, work: impl Future<Output = T>) -> Option<T> {
    let (mut end, mut work) = (pin!(end), pin!(work));
    poll_fn(|cx| match work.as_mut().poll(cx) {
        Poll::Ready(result) => Poll::Ready(Some(result)),
        Poll::Pending => end.as_mut().poll(cx).map(|_| None),
    })
    .await
}

/// The body on the caller's side.
struct Chunks {
    received: mpsc::Receiver<Part>,
    ended: bool,
}

impl Stream for Chunks {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        self.received.poll_recv(cx).map(|part| match part {
            Some(Ok(Some(bytes))) => Some(Ok(bytes)),
            other => {
                self.ended = true;
                match other {
                    Some(Ok(_)) => None,
                    Some(Err(error)) => Some(Err(error)),
                    None => Some(Err(broken(&"the body has no end".into()))),
                }
            }
        })
    }
}
