//! Parses responses.

use discovery_runtime::spec::BodyKind;
use discovery_runtime::{Response, wrapper};
use serde_json::Value;

use crate::failure::{Failure, exit};
use crate::plan::Plan;

/// Parsed response.
pub(super) enum Parsed {
    Json(Value),
    Bytes,
    Nothing,
}

/// Parses the response of a plan.
pub(super) fn parse(plan: &Plan, response: &Response) -> Result<Parsed, Failure> {
    if response.body.is_empty() {
        return Ok(Parsed::Nothing);
    }
    if plan.method.spec.response == BodyKind::Raw {
        return Ok(Parsed::Bytes);
    }
    let failure = |message: String| Failure::new(exit::SERVER, "decode", message);
    match serde_json::from_slice::<Value>(&response.body) {
        Ok(_) if plan.method.spec.service.data_wrapper => {
            unwrapped(&response.body).map(Parsed::Json).map_err(failure)
        }
        Ok(doc) => Ok(Parsed::Json(doc)),
        Err(_) if !plan.asks_for_json() => Ok(Parsed::Bytes),
        Err(error) => Err(failure(format!("the server's answer is not JSON: {error}"))),
    }
}

/// Unwraps `{"data": …}`.
fn unwrapped(body: &[u8]) -> Result<Value, String> {
    let data = wrapper::unwrap(body)
        .map_err(|error| format!("the server's answer cannot be decoded: {error}"))?
        .ok_or("the server's answer has no member 'data'")?;
    serde_json::from_str(data.as_str())
        .map_err(|error| format!("the server's answer is not JSON: {error}"))
}
