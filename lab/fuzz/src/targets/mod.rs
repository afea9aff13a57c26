//! What is fuzzed, by the kind of input.

mod agree;
mod cli;
mod config;
mod credentials;
mod document;
mod http;
mod json;
mod lines;
mod media;
mod mock;
mod outputs;
mod program;
mod requests;
mod script;
mod values;
mod yaml;

use crate::engine::Target;

/// Every target.
pub const TARGETS: &[Target] = &[
    json::JSON,
    json::ANSWER,
    json::MASKED,
    json::MERGED,
    values::TIMES,
    values::NUMBERS,
    values::BASE64,
    values::FIELD_MASKS,
    http::CALL,
    http::STREAM,
    http::BATCH,
    http::PAGES,
    http::OPERATION,
    media::DOWNLOAD,
    media::UPLOAD,
    media::SESSION,
    requests::PATH,
    requests::MULTIPART,
    credentials::CREDENTIALS,
    credentials::TOKEN,
    credentials::PROXY,
    credentials::REDACTION,
    lines::LINES,
    lines::TOKENS,
    lines::COMPLETION,
    yaml::YAML_READ,
    yaml::YAML_WRITTEN,
    cli::INPUT,
    config::CONFIG,
    outputs::OUTPUT,
    mock::REQUEST,
    mock::FILTER,
    mock::RANGE,
    document::DOCUMENT,
    document::OVERLAY,
    document::DIFF,
];
