//! Messages of `google/rpc/error_details.proto` that clients act on.

use std::collections::BTreeMap;
use std::time::Duration;

/// One entry of `details[]`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Detail {
    /// `google.rpc.ErrorInfo`: the reason, in machine-readable form.
    ErrorInfo {
        /// Reason in capitals, for example `SERVICE_DISABLED`; unique within `domain`.
        reason: String,
        /// Domain that defines the reason, for example `googleapis.com`.
        domain: String,
        /// Further data, for example `service` and `consumer`.
        metadata: BTreeMap<String, String>,
    },
    /// `google.rpc.RetryInfo`: the delay before a retry.
    RetryInfo {
        /// Minimum delay.
        delay: Duration,
    },
    /// `google.rpc.BadRequest`: invalid request fields.
    BadRequest {
        /// The fields.
        violations: Vec<FieldViolation>,
    },
    /// `google.rpc.QuotaFailure`: exceeded quotas.
    QuotaFailure {
        /// The quotas.
        violations: Vec<QuotaViolation>,
    },
    /// `google.rpc.PreconditionFailure`: failed preconditions.
    PreconditionFailure {
        /// The conditions.
        violations: Vec<PreconditionViolation>,
    },
    /// `google.rpc.ResourceInfo`: the resource concerned.
    ResourceInfo {
        /// Type of the resource, for example `sql table`.
        resource_type: String,
        /// Name of the resource.
        resource_name: String,
        /// Error of the access.
        description: String,
    },
    /// `google.rpc.RequestInfo`: identifies the request, for support.
    RequestInfo {
        /// ID of the request.
        request_id: String,
        /// Data for the service's own staff.
        serving_data: String,
    },
    /// `google.rpc.Help`: links to documentation.
    Help {
        /// The links.
        links: Vec<HelpLink>,
    },
    /// `google.rpc.LocalizedMessage`: text for end users.
    LocalizedMessage {
        /// Language, for example `fr-CH`.
        locale: String,
        /// The text.
        message: String,
    },
    /// `google.rpc.DebugInfo`: debugging information for the service's staff.
    DebugInfo {
        /// Stack frames.
        stack_entries: Vec<String>,
        /// Further information.
        detail: String,
    },
    /// Any other message, as JSON; `@type` names its type.
    Other(serde_json::Value),
}

/// An invalid request field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldViolation {
    /// Path of the field, for example `company.display_name`.
    pub field: String,
    /// Description of the error.
    pub description: String,
    /// Reason in capitals, if present.
    pub reason: String,
}

/// An exceeded quota.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuotaViolation {
    /// Subject of the quota, for example `project:123`.
    pub subject: String,
    /// Description, with the quota's name if present.
    pub description: String,
    /// Metric of the quota, if present.
    pub quota_metric: String,
    /// ID of the quota, if present.
    pub quota_id: String,
}

/// A failed precondition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PreconditionViolation {
    /// Kind of the precondition, for example `TOS`.
    pub kind: String,
    /// Subject of the precondition.
    pub subject: String,
    /// Description of the failure, and how to fix it.
    pub description: String,
}

/// A link to documentation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HelpLink {
    /// Description of the link.
    pub description: String,
    /// URL.
    pub url: String,
}
