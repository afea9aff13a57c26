//! The messages of `google/rpc/error_details.proto`, as far as clients act on them.

use std::collections::BTreeMap;
use std::time::Duration;

/// One entry of `details[]`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Detail {
    /// `google.rpc.ErrorInfo`: why, in a form for programs.
    ErrorInfo {
        /// The reason in capitals, for example `SERVICE_DISABLED`; unique within `domain`.
        reason: String,
        /// Who defines the reason, for example `googleapis.com`.
        domain: String,
        /// More facts, for example `service` and `consumer`.
        metadata: BTreeMap<String, String>,
    },
    /// `google.rpc.RetryInfo`: how long to wait before the next try.
    RetryInfo {
        /// The least time to wait.
        delay: Duration,
    },
    /// `google.rpc.BadRequest`: which request fields are wrong.
    BadRequest {
        /// The fields.
        violations: Vec<FieldViolation>,
    },
    /// `google.rpc.QuotaFailure`: which quotas were hit.
    QuotaFailure {
        /// The quotas.
        violations: Vec<QuotaViolation>,
    },
    /// `google.rpc.PreconditionFailure`: what must be put right first.
    PreconditionFailure {
        /// The conditions.
        violations: Vec<PreconditionViolation>,
    },
    /// `google.rpc.ResourceInfo`: which resource it is about.
    ResourceInfo {
        /// Its type, for example `sql table`.
        resource_type: String,
        /// Its name.
        resource_name: String,
        /// What went wrong in reaching it.
        description: String,
    },
    /// `google.rpc.RequestInfo`: what to quote to support.
    RequestInfo {
        /// The request's id.
        request_id: String,
        /// Data for the service's own people.
        serving_data: String,
    },
    /// `google.rpc.Help`: where to read on.
    Help {
        /// The links.
        links: Vec<HelpLink>,
    },
    /// `google.rpc.LocalizedMessage`: text for end users.
    LocalizedMessage {
        /// The language, for example `fr-CH`.
        locale: String,
        /// The text.
        message: String,
    },
    /// `google.rpc.DebugInfo`: what the server's people need.
    DebugInfo {
        /// Stack frames.
        stack_entries: Vec<String>,
        /// More.
        detail: String,
    },
    /// Any other message, as its JSON; `@type` names it.
    Other(serde_json::Value),
}

/// A request field that is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldViolation {
    /// Path of the field, for example `company.display_name`.
    pub field: String,
    /// Why it is wrong.
    pub description: String,
    /// The reason in capitals, where given.
    pub reason: String,
}

/// A quota that was hit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuotaViolation {
    /// On what it is counted, for example `project:123`.
    pub subject: String,
    /// What happened, with the quota's name where given.
    pub description: String,
    /// The quota's metric, where given.
    pub quota_metric: String,
    /// The quota's id, where given.
    pub quota_id: String,
}

/// A condition that does not hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PreconditionViolation {
    /// The service's name for the kind of condition, for example `TOS`.
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// How to put it right.
    pub description: String,
}

/// A link to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HelpLink {
    /// What is there.
    pub description: String,
    /// The address.
    pub url: String,
}
