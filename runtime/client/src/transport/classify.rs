//! Classification of hyper's errors, for all transports based on it.

use std::error::Error as StdError;

use super::body::BodySourceError;
use super::{TransportError, TransportErrorKind};

/// Classifies an error before the response head.
///
/// `connect` states that no connection was established.
pub(crate) fn request_failed(error: impl Into<super::BoxError>, connect: bool) -> TransportError {
    let error = error.into();
    let kind = if connect { TransportErrorKind::Connect } else { kind_of(&*error) };
    TransportError::new(kind, describe(kind, &*error)).with_source(error)
}

/// Classifies an error of a response body, after the request was sent.
pub(crate) fn body_failed(error: impl Into<super::BoxError>) -> TransportError {
    let error = error.into();
    let kind = match kind_of(&*error) {
        TransportErrorKind::Timeout => TransportErrorKind::Timeout,
        _ => TransportErrorKind::Interrupted,
    };
    TransportError::new(kind, describe(kind, &*error)).with_source(error)
}

/// Searches the chain of causes for the first that determines the kind.
fn kind_of(error: &(dyn StdError + 'static)) -> TransportErrorKind {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<BodySourceError>() {
            return TransportErrorKind::RequestBody;
        }
        if let Some(kind) = error.downcast_ref::<hyper::Error>().and_then(hyper_kind) {
            return kind;
        }
        #[cfg(any(feature = "http2", feature = "reqwest"))]
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
    // hyper reports "canceled" only for requests that were not written.
    if error.is_canceled() {
        return Some(TransportErrorKind::NotSent);
    }
    if error.is_timeout() {
        return Some(TransportErrorKind::Timeout);
    }
    None
}

#[cfg(any(feature = "http2", feature = "reqwest"))]
fn h2_kind(error: &h2::Error) -> Option<TransportErrorKind> {
    let refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
    // After GOAWAY, streams up to the last processed one continue; h2 returns this error for the
    // others.
    if error.is_remote() && (refused || error.is_go_away()) {
        return Some(TransportErrorKind::NotSent);
    }
    // A reset by the client means that the request body failed.
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

/// Returns the root cause, since outer errors only repeat that there was one.
fn root_cause(error: &(dyn StdError + 'static)) -> Option<String> {
    let mut root_cause = error;
    while let Some(source) = root_cause.source() {
        root_cause = source;
    }
    Some(root_cause.to_string()).filter(|text| !text.is_empty())
}
