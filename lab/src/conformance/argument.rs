//! Converts the JSON value of an argument to a Rust expression.

use discovery_generator::ir::{Form, Param, Scalar, Type};
use discovery_generator::rust::literal;
use serde_json::Value;

/// Returns the expression for `value` as argument or setter value of `param`.
///
/// # Errors
/// Returns an error if the typed parameter cannot take the value.
pub(super) fn expression(param: &Param, value: &Value) -> Result<String, String> {
    if !param.repeated {
        return single(param, value);
    }
    let items = match value {
        Value::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    let items: Result<Vec<_>, _> = items.iter().map(|v| single(param, v)).collect();
    let items: Vec<_> = items?.iter().map(|e| e.trim_start_matches('&').to_owned()).collect();
    Ok(format!("[{}]", items.join(", ")))
}

fn single(param: &Param, value: &Value) -> Result<String, String> {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let quoted = literal(&text).as_str().to_owned();
    match &param.ty {
        Type::Scalar(scalar) => formatted(*scalar, &text).ok_or_else(|| {
            format!("{}: `{text}` is not a value of {}", param.name, scalar.info().name)
        }),
        Type::Enum(_) => Ok(quoted),
        Type::Any | Type::Object(_) | Type::List(_) | Type::Map(_) => {
            match serde_json::from_str::<serde::de::IgnoredAny>(&text) {
                Ok(_) => Ok(format!("&json::Json::parse({quoted}).expect({quoted})")),
                Err(_) => Err(format!("{}: `{text}` is no JSON", param.name)),
            }
        }
    }
}

/// The expression for a text of a scalar format; `None` if the format does not have it.
fn formatted(scalar: Scalar, text: &str) -> Option<String> {
    let (quoted, rust) = (literal(text).as_str().to_owned(), scalar.info().rust);
    match scalar.form() {
        Form::Bool => matches!(text, "true" | "false").then(|| text.to_owned()),
        Form::Integer { .. } | Form::Float { .. } => {
            text.parse::<f64>().is_ok().then(|| format!("{text}{rust}"))
        }
        Form::Text => Some(quoted),
        Form::Parsed(parsed) => {
            let borrow = if parsed.as_text { "" } else { "&" };
            Some(format!("{borrow}{quoted}.parse::<{rust}>().expect({quoted})"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::expression;
    use discovery_generator::{Input, analyze};
    use serde_json::json;

    /// The parameters of a method in a document of one method.
    #[test]
    fn a_parameter_with_structure_takes_json_only() {
        let document = json!({
            "name": "tiny", "version": "v1", "rootUrl": "https://tiny.example.com/",
            "resources": { "things": { "methods": { "list": {
                "id": "tiny.things.list", "path": "things", "httpMethod": "GET",
                "parameters": {
                    "shape": { "type": "object", "location": "query" },
                    "shapes": { "type": "object", "location": "query", "repeated": true },
                },
            } } } },
        })
        .to_string();
        let input = Input { file: "tiny.json", document: &document, overlay: None, methods: None };
        let model = analyze(&input).unwrap();
        let param = |name: &str| {
            let mut all = model.api.methods.iter().flat_map(|method| &method.params);
            all.find(|param| param.name.as_str() == name).unwrap()
        };
        let shape = |value| expression(param("shape"), &value);
        let parse = r#"json::Json::parse("{\"a\":1}").expect("{\"a\":1}")"#;
        assert_eq!(shape(json!({ "a": 1 })).unwrap(), format!("&{parse}"));
        assert_eq!(shape(json!("{\"a\":1}")).unwrap(), format!("&{parse}"));
        assert!(shape(json!("value")).unwrap_err().contains("no JSON"));
        let shapes = expression(param("shapes"), &json!([{ "a": 1 }])).unwrap();
        assert_eq!(shapes, format!("[{parse}]"));
    }
}
