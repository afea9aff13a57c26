//! The engine with faults and a log, with or without a socket.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use discovery_testing::{FaultRule, Head, Incoming, Reply, Service};
use http::Response;

use crate::engine::Engine;
use crate::error::{ApiError, Code};
use crate::hosts::Hosts;
use crate::log::{Entry, Log};
use crate::render::Style;

/// Maximum size of a request body.
const MAX_BODY: usize = 64 << 20;

/// Creates the HTTP service of an engine.
pub(crate) fn service(
    engine: &Arc<Engine>,
    hosts: Hosts,
    faults: Vec<FaultRule>,
    log: Option<Log>,
) -> Service {
    let (answering, naming) = (Arc::clone(engine), Arc::clone(engine));
    let hosts = Arc::new(hosts);
    let method = move |head: &Head| {
        naming.method_of(head.method.as_str(), head.path()).map(|method| method.spec.id.to_owned())
    };
    let respond = move |incoming| answer(Arc::clone(&answering), Arc::clone(&hosts), incoming);
    let service = Service::new(respond)
        .with_method(method)
        // A server may run for days; requests are recorded only on request.
        .with_record(0);
    let service = faults.into_iter().fold(service, Service::with_rule);
    let Some(log) = log else { return service };
    let (engine, log) = (Arc::clone(engine), Arc::new(log));
    service.with_observer(move |head| {
        let (mut entry, log) = (Entry::begin(&engine, head), Arc::clone(&log));
        move |status| {
            entry.end(status);
            log(&entry);
        }
    })
}

async fn answer(engine: Arc<Engine>, hosts: Arc<Hosts>, mut incoming: Incoming) -> Reply {
    let head = incoming.head();
    if let (false, Err(error)) = (head.in_process, hosts.check(&head.origin, head.header("origin")))
    {
        return Style::PLAIN.error(&error).into();
    }
    let Some(body) = read(&mut incoming).await else { return too_large().into() };
    if !incoming.is_complete() {
        let error = ApiError::new(Code::InvalidArgument, "The request body is incomplete.");
        return Style::PLAIN.error(&error).into();
    }
    let head = incoming.head();
    let mut request = http::Request::new(body);
    *request.method_mut() = head.method.clone();
    *request.headers_mut() = head.headers.clone();
    // Upload sessions need the address that the client used.
    let uri = format!("{}{}", head.origin, head.uri);
    *request.uri_mut() = uri.parse().unwrap_or_else(|_| head.uri.clone());
    // The store may block on disk writes.
    let work = tokio::task::spawn_blocking(move || engine.respond(request)).await;
    work.unwrap_or_else(|_| broken()).into()
}

/// Reads the body, unless it is too large.
async fn read(incoming: &mut Incoming) -> Option<Bytes> {
    let mut body = BytesMut::new();
    while let Some(chunk) = incoming.chunk().await {
        if body.len() + chunk.len() > MAX_BODY {
            return None;
        }
        body.extend_from_slice(&chunk);
    }
    Some(body.freeze())
}

fn too_large() -> Response<Bytes> {
    let text = "The request body is larger than 64 MiB.";
    let error = ApiError::new(Code::InvalidArgument, text).with_http_status(413);
    Style::PLAIN.error(&error)
}

fn broken() -> Response<Bytes> {
    Style::PLAIN.error(&ApiError::new(Code::Internal, "Internal error of the mock server."))
}
