//! What a failure of hyper means, in one place for every transport built on it.

use std::error::Error as StdError;

use super::body::BodySourceError;
use super::{TransportError, TransportErrorKind};

/// The failure of a request whose answer has not begun.
///
/// `connect` says that the failure came before there was a connection.
pub(crate) fn request_failed(error: impl Into<super::BoxError>, connect: bool) -> TransportError {
    let error = error.into();
    let kind = if connect { TransportErrorKind::Connect } else { kind_of(&*error) };
    TransportError::new(kind, describe(kind, &*error)).with_source(error)
}

/// The failure of an answer's body: the request is certainly out.
pub(crate) fn body_failed(error: impl Into<super::BoxError>) -> TransportError {
    let error = error.into();
    let kind = match kind_of(&*error) {
        TransportErrorKind::Timeout => TransportErrorKind::Timeout,
        _ => TransportErrorKind::Interrupted,
    };
    TransportError::new(kind, describe(kind, &*error)).with_source(error)
}

/// Walks the chain of causes; the first that says something decides.
fn kind_of(error: &(dyn StdError + 'static)) -> TransportErrorKind {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<BodySourceError>() {
            return TransportErrorKind::RequestBody;
        }
        if let Some(kind) = error.downcast_ref::<hyper::Error>().and_then(hyper_kind) {
            return kind;
        }
        if let Some(kind) = error.downcast_ref::<h2::Error>().and_then(h2_kind) {
            return kind;
        }
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && io.kind() == std::io::ErrorKind::TimedOut
        {
            return TransportErrorKind::Timeout;
        }
        cause = error.source();
    }
    TransportErrorKind::Interrupted
}

fn hyper_kind(error: &hyper::Error) -> Option<TransportErrorKind> {
    // hyper says "canceled" only of requests that it hands back unwritten.
    if error.is_canceled() {
        return Some(TransportErrorKind::NotSent);
    }
    if error.is_timeout() {
        return Some(TransportErrorKind::Timeout);
    }
    None
}

fn h2_kind(error: &h2::Error) -> Option<TransportErrorKind> {
    let refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
    // After GOAWAY, streams up to the last one processed go on; h2 gives this error to the others.
    if error.is_remote() && (refused || error.is_go_away()) {
        return Some(TransportErrorKind::NotSent);
    }
    // A reset from this side: the request body failed.
    let ours = error.is_reset() && !error.is_remote() && !error.is_library();
    ours.then_some(TransportErrorKind::RequestBody)
}

fn describe(kind: TransportErrorKind, error: &(dyn StdError + 'static)) -> String {
    let what = match kind {
        TransportErrorKind::Connect => "cannot connect",
        TransportErrorKind::NotSent => "the server did not take the request",
        TransportErrorKind::Timeout => "the connection timed out",
        TransportErrorKind::RequestBody => "the request body could not be read",
        _ => "the connection broke",
    };
    match root_cause(error) {
        Some(cause) => format!("{what}: {cause}"),
        None => what.to_owned(),
    }
}

/// The first cause, which says most: layers above it repeat that there was an error.
fn root_cause(error: &(dyn StdError + 'static)) -> Option<String> {
    let mut root_cause = error;
    while let Some(source) = root_cause.source() {
        root_cause = source;
    }
    Some(root_cause.to_string()).filter(|text| !text.is_empty())
}
