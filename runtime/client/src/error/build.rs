//! Construction and display of errors.

use std::fmt;
use std::time::Duration;

use super::{Error, ErrorKind, HttpFailure, Inner, Phase};
use crate::erased::ErasedBox;
use crate::redact::Secrets;
use crate::status::{Status, parse_body};
use crate::transport::{BoxError, TransportError, TransportErrorKind};

impl Error {
    /// Creates an error. `message` describes it in one line and must not contain a secret.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::from_parts(kind, message.into())
    }

    fn from_parts(kind: ErrorKind, message: String) -> Self {
        Self(ErasedBox::new(Inner {
            kind,
            message,
            method: None,
            phase: Phase::Prepare,
            http: None,
            status: None,
            attempts: 0,
            elapsed: Duration::ZERO,
            retry_after: None,
            maybe_sent: false,
            maybe_done: false,
            source: None,
        }))
    }

    /// Creates an error about an argument.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, message)
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Sets the method, unless it is set.
    #[must_use]
    pub fn with_method(mut self, id: &'static str) -> Self {
        self.0.method.get_or_insert(id);
        self
    }

    /// Sets the phase of the call.
    #[must_use]
    pub fn with_phase(mut self, phase: Phase) -> Self {
        self.0.phase = phase;
        self
    }

    /// Sets the status of the response.
    #[must_use]
    pub fn with_status(mut self, status: Status) -> Self {
        self.0.status = Some(status);
        self
    }

    /// Sets whether the server may have executed the request.
    #[must_use]
    pub fn with_maybe_sent(mut self, maybe_sent: bool) -> Self {
        self.0.maybe_sent = maybe_sent;
        self
    }

    pub(crate) fn with_http(mut self, http: HttpFailure) -> Self {
        self.0.http = Some(http);
        self
    }

    /// Removes secrets of the request, which a response may quote.
    pub(crate) fn without_secrets(mut self, secrets: &Secrets) -> Self {
        let inner = &mut *self.0;
        inner.message = secrets.hide(&inner.message);
        if let Some(http) = &mut inner.http {
            let parsed = parse_body(&String::from_utf8_lossy(&http.body), secrets);
            if let Some(hidden) = parsed.hidden {
                http.body = hidden.into();
            }
            if inner.status.is_some() {
                inner.status = parsed.status;
            }
        }
        if let Some(source) = &inner.source {
            let text = source.to_string();
            let shown = secrets.hide(&text);
            // A cause cannot be modified, so its text without the secret replaces it.
            if shown != text {
                inner.source = Some(shown.into());
            }
        }
        self
    }

    pub(crate) fn inner_mut(&mut self) -> &mut Inner {
        &mut self.0
    }
}

/// Converts an error of the transport during `phase`.
pub(crate) fn from_transport(error: TransportError, phase: Phase) -> Error {
    let kind = match error.kind() {
        TransportErrorKind::Connect | TransportErrorKind::Certificate => ErrorKind::Connect,
        TransportErrorKind::Timeout => ErrorKind::Timeout,
        TransportErrorKind::Decode => ErrorKind::Decode,
        _ => ErrorKind::Transport,
    };
    Error::new(kind, error.message())
        .with_phase(phase)
        .with_maybe_sent(error.kind().maybe_sent())
        .with_source(error)
}

/// Formats `METHOD: what (HTTP 503 UNAVAILABLE, reason X, 3 attempts in 1.2s)` in one line.
pub(super) fn display(error: &Inner, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if let Some(method) = error.method {
        write!(f, "{method}: ")?;
    }
    one_line(&error.message, f)?;
    let mut facts = Facts { f, open: false };
    if let Some(http) = &error.http {
        facts.add(format_args!("HTTP {}", http.status.as_u16()))?;
    }
    if let Some(status) = &error.status {
        if let Some(code) = status.code() {
            facts.add(format_args!("{code}"))?;
        }
        if let Some(reason) = status.reason() {
            facts.add(format_args!("reason {reason}"))?;
        }
    }
    if error.kind == ErrorKind::Timeout {
        facts.add(format_args!("while {}", error.phase))?;
    }
    if error.attempts > 1 {
        let (attempts, elapsed) = (error.attempts, error.elapsed);
        facts.add(format_args!("{attempts} attempts in {elapsed:.1?}"))?;
    }
    if error.maybe_done {
        facts.add(format_args!("an earlier attempt may have succeeded"))?;
    }
    if let Some(delay) = error.retry_after {
        facts.add(format_args!("retry after {delay:.1?}"))?;
    }
    facts.end()
}

struct Facts<'a, 'b> {
    f: &'a mut fmt::Formatter<'b>,
    open: bool,
}

impl Facts<'_, '_> {
    fn add(&mut self, fact: fmt::Arguments<'_>) -> fmt::Result {
        self.f.write_str(if self.open { ", " } else { " (" })?;
        self.open = true;
        one_line(&fact.to_string(), self.f)
    }

    fn end(self) -> fmt::Result {
        if self.open { self.f.write_str(")") } else { Ok(()) }
    }
}

/// Text from a server may be long, and its line breaks and escapes could forge log lines.
fn one_line(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    const MAX_CHARS: usize = 600;
    let end = text.char_indices().nth(MAX_CHARS).map_or(text.len(), |(end, _)| end);
    let (shown, rest) = text.split_at(end);
    for (position, word) in shown.split(char::is_control).filter(|w| !w.is_empty()).enumerate() {
        if position > 0 {
            f.write_str(" ")?;
        }
        f.write_str(word)?;
    }
    if rest.is_empty() { Ok(()) } else { f.write_str("…") }
}
