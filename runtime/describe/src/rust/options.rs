//! The names that every typed call has.

/// The parameters that every method of Google's APIs takes, by name, each with the function of
/// `CallOptions` that sets it. A document need not declare all of them.
pub const GENERAL_SETTERS: &[(&str, &str)] = &[
    ("$.xgafv", "xgafv"),
    ("fields", "fields"),
    ("key", "key"),
    ("quotaUser", "quota_user"),
    ("userIp", "user_ip"),
];

/// Names that no setter of a method may take: the functions of the runtime's `CallOptions`, but
/// those that begin with `with_`, and what is generated for each kind of method.
pub const RESERVED_SETTERS: &[&str] = &[
    "blocking",
    "clone",
    "download",
    "fields",
    "fmt",
    "into",
    "into_future",
    "items",
    "key",
    "pages",
    "quota_user",
    "request",
    "send",
    "send_full",
    "stream",
    "until_done",
    "upload",
    "user_ip",
    "xgafv",
];

/// Returns `true` if a part of a call (`.fields("…")`) is a function of `CallOptions`, which has to
/// be imported.
#[must_use]
pub fn is_call_option(part: &str) -> bool {
    let name = part.trim_start_matches('.').split('(').next().unwrap_or_default();
    name.starts_with("with_") || GENERAL_SETTERS.iter().any(|(_, setter)| *setter == name)
}
