//! Default values of parameters.

use discovery_describe::names;
use discovery_runtime::observe::secrets::is_secret_param;
use discovery_runtime::reflect::ApiInfo;
use serde_json::Value;

use crate::suggest;

/// Reads a map of names and values. A name that no method knows is an error.
pub(super) fn read(api: &ApiInfo, value: &Value) -> Result<Vec<(String, Vec<String>)>, String> {
    let members = value.as_object().ok_or("'parameters' must be a map of names and values")?;
    members.iter().map(|(name, value)| parameter(api, name, value)).collect()
}

fn parameter(api: &ApiInfo, name: &str, value: &Value) -> Result<(String, Vec<String>), String> {
    if is_secret_param(name) {
        return Err(format!("'parameters': '{name}' is a secret, which the file does not hold"));
    }
    let all = || api.methods.iter().flat_map(|method| method.params).chain(api.params);
    if !all().any(|param| names::is_spelling(param.name, name)) {
        let near = suggest::closest(name, all().map(|param| names::kebab(param.name)));
        let near = near.map(|near| format!(", did you mean '{near}'?")).unwrap_or_default();
        return Err(format!("'parameters': no method has a parameter '{name}'{near}"));
    }
    let one = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        _ => Err(format!("'parameters': the value of '{name}' must be a text, number, or boolean")),
    };
    let values = match value {
        Value::Array(items) => items.iter().map(one).collect::<Result<_, _>>()?,
        value => vec![one(value)?],
    };
    Ok((name.to_owned(), values))
}
