//! Validation of a call's arguments against the method table.

use std::collections::BTreeMap;

use bytes::Bytes;
use discovery_runtime::reflect::{Location, MethodInfo, ParamInfo, TypeInfo};
use discovery_runtime::spec::{BodyKind, UpdateSpec};
use serde_json::{Map, Value};

use crate::error::{ApiError, Violation};
use crate::incoming::Incoming;
use crate::names::{camel, snake};
use crate::router::Matched;
use crate::schema::{Nulls, coerce, coerce_param, coerce_patch, missing, resolve};
use crate::standard::{Action, BodyAt, Identity, Plan};

/// Standard query parameters of Google APIs, accepted even if the document does not declare them.
const SYSTEM: [&str; 16] = [
    "$.xgafv",
    "access_token",
    "alt",
    "bearer_token",
    "callback",
    "fields",
    "key",
    "oauth_token",
    "pp",
    "prettyPrint",
    "quotaUser",
    "upload_id",
    "upload_protocol",
    "uploadType",
    "userIp",
    "userProject",
];

/// [AIP-217](https://google.aip.dev/217): whether to return partial results if some locations are
/// unreachable. Clients send it even if the document does not declare it; here, everything is
/// reachable.
const PARTIAL_SUCCESS: &str = "returnPartialSuccess";

/// Parameter values by name, in request order.
pub(crate) type Params = BTreeMap<&'static str, Vec<Value>>;

/// Validates the parameters of a call.
pub(crate) fn params(matched: &Matched, incoming: &Incoming) -> Result<Params, ApiError> {
    let method = matched.method;
    let mut reader = ParamReader { method, params: Params::new(), wrong: Vec::new() };
    for (name, text) in &matched.path {
        if let Some(param) = reader.param(Location::Path, name) {
            reader.add(param, text);
        }
    }
    for (name, text) in &incoming.query {
        reader.add_query(name, text);
    }
    reader.complete();
    if reader.wrong.is_empty() {
        Ok(reader.params)
    } else {
        Err(ApiError::violations(reader.wrong))
    }
}

struct ParamReader {
    method: &'static MethodInfo,
    params: Params,
    wrong: Vec<Violation>,
}

impl ParamReader {
    fn param(&self, location: Location, name: &str) -> Option<&'static ParamInfo> {
        self.method.params.iter().find(|p| p.location == location && p.name == name)
    }

    /// A method parameter takes precedence over a global one with the same name.
    fn add_query(&mut self, name: &str, text: &str) {
        let declared = self.param(Location::Query, name);
        match declared.or_else(|| self.param(Location::Query, &camel(name))) {
            Some(param) => self.add(param, text),
            None if name == PARTIAL_SUCCESS => {
                self.wrong.extend(coerce_param(TypeInfo::Bool, text, name).err());
            }
            None if SYSTEM.contains(&name.strip_prefix('$').unwrap_or(name))
                || SYSTEM.contains(&name) => {}
            None => self.wrong.push(Violation {
                field: String::new(),
                description: format!(
                    "Invalid JSON payload received. Unknown name \"{name}\": Cannot bind query \
                     parameter. Field '{name}' could not be found in request message."
                ),
            }),
        }
    }

    fn add(&mut self, param: &'static ParamInfo, text: &str) {
        let value = coerce_param(param.ty, text, param.name);
        match value.and_then(|value| in_range(param, &value).map(|()| value)) {
            Err(violation) => self.wrong.push(violation),
            Ok(value) => {
                let values = self.params.entry(param.name).or_default();
                if !param.repeated && !values.is_empty() {
                    let name = snake(param.name);
                    self.wrong.push(Violation {
                        description: format!(
                            "Invalid JSON payload received. Unknown name \"{name}\": Proto field \
                             is not repeating, cannot start list."
                        ),
                        field: name,
                    });
                }
                values.push(value);
            }
        }
    }

    /// Adds defaults and reports missing parameters.
    fn complete(&mut self) {
        for param in self.method.params {
            if self.params.contains_key(param.name) {
                continue;
            }
            let default = param.default.and_then(|d| coerce_param(param.ty, d, param.name).ok());
            if let Some(value) = default {
                self.params.insert(param.name, vec![value]);
            } else if param.required {
                self.wrong.push(Violation {
                    field: snake(param.name),
                    description: format!("Required parameter: {}", param.name),
                });
            }
        }
    }
}

fn in_range(param: &ParamInfo, value: &Value) -> Result<(), Violation> {
    let number = |text: &str| text.parse::<f64>().ok();
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let (Some(value), false) = (number(&text), matches!(param.ty, TypeInfo::String)) else {
        return Ok(());
    };
    let least = param.minimum.and_then(number).is_none_or(|least| value >= least);
    let most = param.maximum.and_then(number).is_none_or(|most| value <= most);
    if least && most {
        return Ok(());
    }
    let (least, most) = (param.minimum.unwrap_or("any"), param.maximum.unwrap_or("any"));
    let name = snake(param.name);
    let description =
        format!("Invalid value '{text}' for {name}: it must be in [{least}, {most}].");
    Err(Violation { field: name, description })
}

/// A checked request body.
#[derive(Debug, Default)]
pub(crate) struct Body {
    /// Canonical form, without nulls.
    pub(crate) value: Value,
    /// Canonical form, with the nulls that the client sent.
    pub(crate) with_nulls: Value,
}

/// Validates the body of a call. `plan` determines which required fields may be missing.
pub(crate) fn body(
    method: &'static MethodInfo,
    plan: Option<&Plan>,
    bytes: &Bytes,
) -> Result<Body, ApiError> {
    let (BodyKind::Json, Some(ty)) = (method.spec.request, method.request) else {
        return Ok(Body::default());
    };
    let sent = parse(ty, bytes, method.spec.service.data_wrapper)?;
    let merges = method.spec.update == Some(UpdateSpec::Merge);
    let coerce = if merges { coerce_patch } else { coerce };
    let with_nulls = coerce(ty, &sent, Nulls::Keep).map_err(ApiError::violations)?;
    let value = coerce(ty, &sent, Nulls::Drop).map_err(ApiError::violations)?;
    let wrong = missing(method.spec.id, ty, &value, &|path| may_omit(plan, path));
    if wrong.is_empty() { Ok(Body { value, with_nulls }) } else { Err(ApiError::violations(wrong)) }
}

fn parse(ty: TypeInfo, bytes: &Bytes, wrapped: bool) -> Result<Value, ApiError> {
    let ty = resolve(ty);
    let is_message = matches!(ty, TypeInfo::Object(_) | TypeInfo::Map(_));
    if is_message && bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Object(Map::new()));
    }
    let refuse =
        |why: String| ApiError::invalid("", format!("Invalid JSON payload received. {why}"));
    let mut value: Value =
        serde_json::from_slice(bytes).map_err(|error| refuse(error.to_string()))?;
    if wrapped && let Some(data) = value.get_mut("data") {
        value = data.take();
    }
    match value {
        // Bodies of other types are rejected by the type check.
        _ if !is_message => Ok(value),
        Value::Object(_) => Ok(value),
        _ => Err(refuse("Unknown name \"\": Root element must be a message.".to_owned())),
    }
}

/// Returns `true` if the request may omit a required field: the identity of a resource on create,
/// any field on update.
fn may_omit(plan: Option<&Plan>, path: &str) -> bool {
    let Some(plan) = plan else { return false };
    match plan.action {
        Action::Create { body, .. } => {
            let identity = match plan.resource.identity {
                Identity::Name { member, .. }
                | Identity::Last(member)
                | Identity::Reference { member, .. } => snake(member),
            };
            match body {
                BodyAt::Whole => path == identity,
                BodyAt::Shared => false,
                BodyAt::Member(member) => path == format!("{}.{identity}", snake(member)),
            }
        }
        Action::Update { body: BodyAt::Whole, .. } => true,
        Action::Update { body: BodyAt::Member(member), .. } => {
            path.strip_prefix(&snake(member)).is_some_and(|rest| rest.starts_with('.'))
        }
        _ => false,
    }
}
