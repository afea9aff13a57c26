//! Error statuses of Google's services: `google.rpc.Status` and the older error form.

mod code;
mod detail;
mod parse;

use std::collections::BTreeMap;
use std::time::Duration;

pub use self::code::Code;
pub use self::detail::{Detail, FieldViolation, HelpLink, PreconditionViolation, QuotaViolation};
pub use self::parse::BodyForm;
#[cfg(test)]
pub(crate) use self::parse::parse_duration;
pub(crate) use self::parse::{html_title, is_html, parse_body};

/// The status of a failed request, as reported by the service.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Status {
    pub(crate) code: Option<Code>,
    pub(crate) http: Option<u16>,
    pub(crate) message: String,
    pub(crate) details: Vec<Detail>,
    pub(crate) errors: Vec<ErrorItem>,
}

/// An entry of `errors[]`, the form used before `google.rpc.Status`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorItem {
    /// Domain of the reason, for example `global` or `usageLimits`.
    pub domain: String,
    /// Reason, for example `rateLimitExceeded`.
    pub reason: String,
    /// Message.
    pub message: String,
    /// Location of the error in the request, for example `maxResults`.
    pub location: String,
    /// Type of `location`, for example `parameter`.
    pub location_type: String,
}

impl Status {
    /// Creates a status.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code: Some(code), message: message.into(), ..Self::default() }
    }

    /// Parses `{"code", "message", "status", "details", "errors"}`, as in the `error` field of an
    /// `Operation`. Returns `None` if `json` is not such an object.
    #[must_use]
    pub fn from_json(json: &serde_json::Value) -> Option<Self> {
        parse::status(json)
    }

    /// Returns the canonical code, if present.
    #[must_use]
    pub const fn code(&self) -> Option<Code> {
        self.code
    }

    /// Returns the number in `code`: the HTTP status, or the number of the canonical code.
    #[must_use]
    pub const fn number(&self) -> Option<u16> {
        self.http
    }

    /// Returns the message for developers, in English.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the typed details.
    #[must_use]
    pub fn details(&self) -> &[Detail] {
        &self.details
    }

    /// Returns the old-style errors.
    #[must_use]
    pub fn errors(&self) -> &[ErrorItem] {
        &self.errors
    }

    /// Returns the reason of `ErrorInfo`, or of the first old-style error.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        let info = self.error_info().map(|(reason, _, _)| reason);
        info.or_else(|| self.errors.iter().map(|error| error.reason.as_str()).find(not_empty))
    }

    /// Returns the domain of `ErrorInfo`, or of the first old-style error.
    #[must_use]
    pub fn domain(&self) -> Option<&str> {
        let info = self.error_info().map(|(_, domain, _)| domain);
        info.or_else(|| self.errors.iter().map(|error| error.domain.as_str()).find(not_empty))
    }

    /// Returns the metadata of `ErrorInfo`.
    #[must_use]
    pub fn metadata(&self) -> Option<&BTreeMap<String, String>> {
        self.error_info().map(|(_, _, metadata)| metadata)
    }

    /// Returns the message of `LocalizedMessage`, in the caller's language, for end users.
    #[must_use]
    pub fn localized_message(&self) -> Option<&str> {
        self.details.iter().find_map(|detail| match detail {
            Detail::LocalizedMessage { message, .. } => Some(message.as_str()),
            _ => None,
        })
    }

    /// Returns the delay of `RetryInfo`.
    #[must_use]
    pub fn retry_delay(&self) -> Option<Duration> {
        self.details.iter().find_map(|detail| match detail {
            Detail::RetryInfo { delay } => Some(*delay),
            _ => None,
        })
    }

    fn error_info(&self) -> Option<(&str, &str, &BTreeMap<String, String>)> {
        self.details.iter().find_map(|detail| match detail {
            Detail::ErrorInfo { reason, domain, metadata } => {
                Some((reason.as_str(), domain.as_str(), metadata))
            }
            _ => None,
        })
    }
}

fn not_empty(text: &&str) -> bool {
    !text.is_empty()
}

#[cfg(test)]
mod tests;
