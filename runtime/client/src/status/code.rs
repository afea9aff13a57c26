//! Canonical codes.

use std::fmt;

use http::StatusCode;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal;)*) => {
        /// A canonical code of `google.rpc.Code` (AIP-193).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])* $variant = $number,)*
        }

        impl Code {
            /// Returns the code's name, for example `NOT_FOUND`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Returns the code of a name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }

            /// Returns the code of a number, as in the error of an `Operation`.
            #[must_use]
            pub const fn from_number(number: u64) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

codes! {
    /// Not an error.
    Ok = 0, "OK";
    /// Cancelled, usually by the caller.
    Cancelled = 1, "CANCELLED";
    /// Unknown error.
    Unknown = 2, "UNKNOWN";
    /// An argument is invalid, regardless of the state of the system.
    InvalidArgument = 3, "INVALID_ARGUMENT";
    /// The server's deadline passed; the operation may have completed.
    DeadlineExceeded = 4, "DEADLINE_EXCEEDED";
    /// The resource does not exist, or is hidden from the caller.
    NotFound = 5, "NOT_FOUND";
    /// The resource already exists.
    AlreadyExists = 6, "ALREADY_EXISTS";
    /// The caller lacks permission.
    PermissionDenied = 7, "PERMISSION_DENIED";
    /// A quota or rate limit was exceeded, or a disk is full.
    ResourceExhausted = 8, "RESOURCE_EXHAUSTED";
    /// The system is not in a state required for the call.
    FailedPrecondition = 9, "FAILED_PRECONDITION";
    /// Conflicting concurrent modification; read, modify, and write again.
    Aborted = 10, "ABORTED";
    /// The operation was attempted past the valid range, for example after the end of a file.
    OutOfRange = 11, "OUT_OF_RANGE";
    /// The server does not implement the method.
    Unimplemented = 12, "UNIMPLEMENTED";
    /// Internal error of the server.
    Internal = 13, "INTERNAL";
    /// The server is temporarily unavailable.
    Unavailable = 14, "UNAVAILABLE";
    /// Unrecoverable data loss or corruption.
    DataLoss = 15, "DATA_LOSS";
    /// The caller is not authenticated.
    Unauthenticated = 16, "UNAUTHENTICATED";
}

impl Code {
    /// Returns the code's number.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Returns the code of an HTTP status, for responses without one: the mapping of
    /// google/rpc/code.proto in reverse, with the general code if several share a status.
    #[must_use]
    pub fn from_http(status: StatusCode) -> Self {
        match status.as_u16() {
            400 => Self::InvalidArgument,
            401 => Self::Unauthenticated,
            403 => Self::PermissionDenied,
            404 | 410 => Self::NotFound,
            408 | 504 => Self::DeadlineExceeded,
            409 => Self::Aborted,
            412 => Self::FailedPrecondition,
            416 => Self::OutOfRange,
            429 => Self::ResourceExhausted,
            499 => Self::Cancelled,
            501 => Self::Unimplemented,
            502 | 503 => Self::Unavailable,
            200..=299 => Self::Ok,
            402..=499 => Self::FailedPrecondition,
            500..=599 => Self::Internal,
            _ => Self::Unknown,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
