//! Classification of hyper's errors, for all transports based on it.

use std::error::Error as StdError;
use std::fmt;

use super::body::BodySourceError;
use super::{TransportError, TransportErrorKind};

/// Names the host that could not be connected to: the server, or a proxy.
#[derive(Debug)]
pub(crate) struct Unconnected {
    pub(crate) host: String,
    pub(crate) source: super::BoxError,
}

impl fmt::Display for Unconnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot connect to {}", self.host)
    }
}

impl StdError for Unconnected {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}

/// Classifies an error before the response head.
///
/// `connect` states that no connection was established.
pub(crate) fn request_failed(error: impl Into<super::BoxError>, connect: bool) -> TransportError {
    let error = error.into();
    if !connect {
        let kind = kind_of(&*error);
        return TransportError::new(kind, describe(kind, &*error)).with_source(error);
    }
    let (kind, cause) = match certificate_fault(&*error) {
        Some(fault) => (TransportErrorKind::Certificate, Some(fault)),
        None => (TransportErrorKind::Connect, root_cause(&*error)),
    };
    // A proxy is the cause of a failed connection to a server.
    let named = causes(&*error).filter(|cause| cause.is::<Unconnected>()).last();
    let what = named.map_or_else(|| "cannot connect".to_owned(), ToString::to_string);
    let message = cause.map_or_else(|| what.clone(), |cause| format!("{what}: {cause}"));
    TransportError::new(kind, message).with_source(error)
}

#[cfg(any(feature = "http1", feature = "http2"))]
fn certificate_fault(error: &(dyn StdError + 'static)) -> Option<String> {
    causes(error).find_map(super::certificate::fault)
}

#[cfg(not(any(feature = "http1", feature = "http2")))]
fn certificate_fault(_: &(dyn StdError + 'static)) -> Option<String> {
    None
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

/// Returns an error and its causes.
fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| cause(*error))
}

/// Returns the cause of an error: an I/O error hides the one that it was made from.
fn cause<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

/// Searches the chain of causes for the first that determines the kind.
fn kind_of(error: &(dyn StdError + 'static)) -> TransportErrorKind {
    for error in causes(error) {
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
    causes(error).last().map(ToString::to_string).filter(|text| !text.is_empty())
}
