//! Errors in the format of Google's services.

use std::fmt;

use serde_json::{Value, json};

/// A canonical status code of [google.rpc.Code].
///
/// [google.rpc.Code]: https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Code {
    /// The client cancelled the call.
    Cancelled,
    /// Unknown error.
    Unknown,
    /// The request is invalid regardless of the state of the system.
    InvalidArgument,
    /// The deadline expired before the operation completed.
    DeadlineExceeded,
    /// A requested resource was not found.
    NotFound,
    /// The resource to create already exists.
    AlreadyExists,
    /// The caller lacks permission for the operation.
    PermissionDenied,
    /// The request has no valid credentials.
    Unauthenticated,
    /// A quota is exhausted.
    ResourceExhausted,
    /// The system is not in the state that the operation requires.
    FailedPrecondition,
    /// The operation conflicted with a concurrent one.
    Aborted,
    /// The operation was attempted past the valid range.
    OutOfRange,
    /// The operation is not implemented or not supported.
    Unimplemented,
    /// Internal error.
    Internal,
    /// The service is temporarily unavailable.
    Unavailable,
    /// Unrecoverable data loss or corruption.
    DataLoss,
}

impl Code {
    /// Returns the name on the wire, for example `NOT_FOUND`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.parts().0
    }

    /// Returns the HTTP status that Google's services send with the code.
    #[must_use]
    pub const fn http_status(self) -> u16 {
        self.parts().1
    }

    /// Returns the reason in the older error format (`errors[].reason`).
    const fn reason(self) -> &'static str {
        self.parts().2
    }

    const fn parts(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::Cancelled => ("CANCELLED", 499, "cancelled"),
            Self::Unknown => ("UNKNOWN", 500, "backendError"),
            Self::InvalidArgument => ("INVALID_ARGUMENT", 400, "badRequest"),
            Self::DeadlineExceeded => ("DEADLINE_EXCEEDED", 504, "backendError"),
            Self::NotFound => ("NOT_FOUND", 404, "notFound"),
            Self::AlreadyExists => ("ALREADY_EXISTS", 409, "alreadyExists"),
            Self::PermissionDenied => ("PERMISSION_DENIED", 403, "forbidden"),
            Self::Unauthenticated => ("UNAUTHENTICATED", 401, "authError"),
            Self::ResourceExhausted => ("RESOURCE_EXHAUSTED", 429, "rateLimitExceeded"),
            Self::FailedPrecondition => ("FAILED_PRECONDITION", 400, "failedPrecondition"),
            Self::Aborted => ("ABORTED", 409, "aborted"),
            Self::OutOfRange => ("OUT_OF_RANGE", 400, "outOfRange"),
            Self::Unimplemented => ("UNIMPLEMENTED", 501, "notImplemented"),
            Self::Internal => ("INTERNAL", 500, "backendError"),
            Self::Unavailable => ("UNAVAILABLE", 503, "backendError"),
            Self::DataLoss => ("DATA_LOSS", 500, "backendError"),
        }
    }

    /// Returns the code that corresponds to an HTTP status.
    #[must_use]
    pub const fn of_http_status(status: u16) -> Self {
        match status {
            401 => Self::Unauthenticated,
            403 => Self::PermissionDenied,
            404 => Self::NotFound,
            409 => Self::Aborted,
            416 => Self::OutOfRange,
            429 => Self::ResourceExhausted,
            499 => Self::Cancelled,
            500 => Self::Internal,
            501 => Self::Unimplemented,
            503 => Self::Unavailable,
            504 => Self::DeadlineExceeded,
            400..=498 => Self::InvalidArgument,
            _ => Self::Unknown,
        }
    }
}

/// An error response: the `error` object of [AIP-193].
///
/// [AIP-193]: https://google.aip.dev/193
#[derive(Clone, Debug, PartialEq)]
pub struct ApiError {
    code: Code,
    http_status: u16,
    message: String,
    violations: Vec<Violation>,
    details: Vec<Value>,
}

/// An invalid part of a request, as in `google.rpc.BadRequest.FieldViolation`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Path of the field in protobuf spelling, for example `job.application_info`; empty for the
    /// whole request.
    pub field: String,
    /// Description of the violation.
    pub description: String,
}

impl ApiError {
    /// Creates an error with a message for developers.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            http_status: code.http_status(),
            message: message.into(),
            violations: Vec::new(),
            details: Vec::new(),
        }
    }

    /// Creates an `INVALID_ARGUMENT` error for one field.
    #[must_use]
    pub fn invalid(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self::violations(vec![Violation { field: field.into(), description: description.into() }])
    }

    /// Creates an `INVALID_ARGUMENT` error for several fields; its message joins their
    /// descriptions.
    #[must_use]
    pub fn violations(violations: Vec<Violation>) -> Self {
        let lines: Vec<&str> = violations.iter().map(|v| v.description.as_str()).collect();
        Self {
            violations: violations.clone(),
            ..Self::new(Code::InvalidArgument, lines.join("\n"))
        }
    }

    /// Creates a `NOT_FOUND` error for a resource name.
    #[must_use]
    pub fn not_found(name: &str) -> Self {
        Self::new(Code::NotFound, format!("Resource '{name}' was not found."))
    }

    /// Creates an `ALREADY_EXISTS` error for a resource name.
    #[must_use]
    pub fn already_exists(name: &str) -> Self {
        Self::new(Code::AlreadyExists, format!("Resource '{name}' already exists."))
    }

    /// Creates a `FAILED_PRECONDITION` error.
    #[must_use]
    pub fn precondition(message: impl Into<String>) -> Self {
        Self::new(Code::FailedPrecondition, message)
    }

    /// Creates an `UNIMPLEMENTED` error, for features that the mock lacks.
    #[must_use]
    pub fn unimplemented(message: impl Into<String>) -> Self {
        Self::new(Code::Unimplemented, message)
    }

    /// Adds a detail object, which must have an `@type` member.
    #[must_use]
    pub fn with_detail(mut self, detail: Value) -> Self {
        self.details.push(detail);
        self
    }

    /// Sets an HTTP status other than the code's.
    #[must_use]
    pub fn with_http_status(mut self, status: u16) -> Self {
        self.http_status = status;
        self
    }

    /// Returns the canonical code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// Returns the HTTP status.
    #[must_use]
    pub fn http_status(&self) -> u16 {
        self.http_status
    }

    /// Returns the message.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the response body. `v1` adds the older `errors` list, requested with `$.xgafv=1`.
    #[must_use]
    pub fn to_json(&self, v1: bool) -> Value {
        let mut error = json!({
            "code": self.http_status,
            "message": self.message,
            "status": self.code.as_str(),
        });
        if v1 {
            let reason = self.code.reason();
            error["errors"] =
                json!([{ "message": self.message, "domain": "global", "reason": reason }]);
        }
        let details = self.all_details();
        if !details.is_empty() {
            error["details"] = Value::Array(details);
        }
        json!({ "error": error })
    }

    fn all_details(&self) -> Vec<Value> {
        let mut details = Vec::new();
        if !self.violations.is_empty() {
            let violations: Vec<Value> = self.violations.iter().map(Violation::to_json).collect();
            details.push(json!({
                "@type": "type.googleapis.com/google.rpc.BadRequest",
                "fieldViolations": violations,
            }));
        }
        details.extend(self.details.iter().cloned());
        details
    }
}

impl Violation {
    fn to_json(&self) -> Value {
        if self.field.is_empty() {
            json!({ "description": self.description })
        } else {
            json!({ "field": self.field, "description": self.description })
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.code.as_str(), self.http_status, self.message)
    }
}

impl std::error::Error for ApiError {}
