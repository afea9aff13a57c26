//! What Google's services say of a failure: `google.rpc.Status` and the older error form.

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

/// A service's own account of a failure.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Status {
    pub(crate) code: Option<Code>,
    pub(crate) http: Option<u16>,
    pub(crate) message: String,
    pub(crate) details: Vec<Detail>,
    pub(crate) errors: Vec<ErrorItem>,
}

/// One entry of `errors[]`, the form that services used before `google.rpc.Status`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorItem {
    /// Who defines the reason, for example `global` or `usageLimits`.
    pub domain: String,
    /// The reason, for example `rateLimitExceeded`.
    pub reason: String,
    /// What happened.
    pub message: String,
    /// Which part of the request was wrong, for example `maxResults`.
    pub location: String,
    /// What `location` names, for example `parameter`.
    pub location_type: String,
}

impl Status {
    /// A status of `code`.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code: Some(code), message: message.into(), ..Self::default() }
    }

    /// Reads `{"code", "message", "status", "details", "errors"}`, as in an `Operation`'s
    /// `error` member. `None` when `json` is not such an object.
    #[must_use]
    pub fn from_json(json: &serde_json::Value) -> Option<Self> {
        parse::status(json)
    }

    /// The canonical code, if the status gives one.
    #[must_use]
    pub const fn code(&self) -> Option<Code> {
        self.code
    }

    /// The number that the body gives as `code`: the HTTP status, or the canonical code's number.
    #[must_use]
    pub const fn number(&self) -> Option<u16> {
        self.http
    }

    /// What happened, in English, for developers.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The typed details.
    #[must_use]
    pub fn details(&self) -> &[Detail] {
        &self.details
    }

    /// The old-style errors.
    #[must_use]
    pub fn errors(&self) -> &[ErrorItem] {
        &self.errors
    }

    /// The reason from `ErrorInfo`, else of the first old-style error.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        let info = self.error_info().map(|(reason, _, _)| reason);
        info.or_else(|| self.errors.iter().map(|error| error.reason.as_str()).find(not_empty))
    }

    /// The domain from `ErrorInfo`, else of the first old-style error.
    #[must_use]
    pub fn domain(&self) -> Option<&str> {
        let info = self.error_info().map(|(_, domain, _)| domain);
        info.or_else(|| self.errors.iter().map(|error| error.domain.as_str()).find(not_empty))
    }

    /// The metadata of `ErrorInfo`.
    #[must_use]
    pub fn metadata(&self) -> Option<&BTreeMap<String, String>> {
        self.error_info().map(|(_, _, metadata)| metadata)
    }

    /// The message of `LocalizedMessage`: in the caller's language, fit for end users.
    #[must_use]
    pub fn localized_message(&self) -> Option<&str> {
        self.details.iter().find_map(|detail| match detail {
            Detail::LocalizedMessage { message, .. } => Some(message.as_str()),
            _ => None,
        })
    }

    /// The delay of `RetryInfo`.
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
