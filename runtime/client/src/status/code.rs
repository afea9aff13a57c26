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
            /// The code's name, for example `NOT_FOUND`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The code of a name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }

            /// The code of a number, as in an `Operation`'s error.
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
    /// Nothing better is known.
    Unknown = 2, "UNKNOWN";
    /// An argument is wrong whatever the state of the system.
    InvalidArgument = 3, "INVALID_ARGUMENT";
    /// The server's deadline passed; the work may have been done.
    DeadlineExceeded = 4, "DEADLINE_EXCEEDED";
    /// The thing does not exist, or the caller may not know of it.
    NotFound = 5, "NOT_FOUND";
    /// The thing exists already.
    AlreadyExists = 6, "ALREADY_EXISTS";
    /// The caller is known, and not allowed.
    PermissionDenied = 7, "PERMISSION_DENIED";
    /// A quota or rate limit was hit, or a disk is full.
    ResourceExhausted = 8, "RESOURCE_EXHAUSTED";
    /// The system is not in a state that permits the call.
    FailedPrecondition = 9, "FAILED_PRECONDITION";
    /// A conflict with another change; read, modify and write again.
    Aborted = 10, "ABORTED";
    /// Past the end of something, for example of a file.
    OutOfRange = 11, "OUT_OF_RANGE";
    /// The server does not offer the method.
    Unimplemented = 12, "UNIMPLEMENTED";
    /// The server broke.
    Internal = 13, "INTERNAL";
    /// The server cannot be had right now.
    Unavailable = 14, "UNAVAILABLE";
    /// Data is lost or damaged for good.
    DataLoss = 15, "DATA_LOSS";
    /// The caller is not known.
    Unauthenticated = 16, "UNAUTHENTICATED";
}

impl Code {
    /// The code's number.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The code that an HTTP status stands for when the body names none (google/rpc/code.proto,
    /// read backwards; where several codes share a status, the general one).
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
