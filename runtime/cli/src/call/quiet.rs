//! A call in silence, for completion.

use std::sync::Arc;

use discovery_runtime::auth::{Anonymous, Credentials};
use serde_json::Value;

use crate::access;
use crate::app::App;
use crate::host::Host;
use crate::output::Select;
use crate::plan::Plan;
use crate::settings::{Format, Settings};

use super::answer::{Parsed, parse};
use super::{fields, request};

/// Makes a call for what a selection needs, and returns the answer; `None` if anything fails.
pub(crate) fn quietly(
    app: &App,
    mut plan: Plan,
    select: &Select,
    settings: &Settings,
    host: &Host<'_>,
) -> Option<Value> {
    fields::add(app, &mut plan, Some(select), Format::Json, settings);
    let mock = crate::mock::open(app, settings).ok()?;
    let credentials: Arc<dyn Credentials> = match &mock {
        Some(_) => Arc::new(Anonymous),
        None => access::present(app, &plan, settings, host)?,
    };
    let client = request::client(app, &plan, settings, credentials, None, mock).ok()?;
    let runtime = crate::host::runtime().ok()?;
    let response = runtime.block_on(request::call(&client, &plan).execute()).ok()?;
    match parse(&plan, &response).ok()? {
        Parsed::Json(doc) => Some(doc),
        Parsed::Bytes | Parsed::Nothing => None,
    }
}
