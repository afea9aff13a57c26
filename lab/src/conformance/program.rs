//! Program that sends the calls: one typed call per case; prints its requests as JSON.

use super::argument::expression;
use super::requests::Case;
use discovery_generator::Model;
use discovery_generator::ir::{Body, Method, MethodId, Param, Type};
use discovery_generator::rust::{Home, ParamNames, Types, literal};

/// Returns the manifest of the program.
pub(super) fn manifest(package: &str, features: &[&str]) -> String {
    let more: String = features.iter().map(|feature| format!(", \"{feature}\"")).collect();
    format!(
        "[package]\nname = \"requests\"\nedition = \"2024\"\n\n[dependencies]\n\
         client = {{ package = \"{package}\", path = \"../client\", features = [\"client\", \"hyper\"{more}] }}\n\
         discovery-runtime = {{ path = \"../../../../runtime/client\", features = [\"testing\"] }}\n\
         serde_json = \"1\"\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"net\", \"rt\", \"time\"] }}\n"
    )
}

/// Manifest of the workspace of program and client.
pub(super) const WORKSPACE: &str = "[workspace]\nresolver = \"3\"\n\
    members = [\"client\", \"requests\"]\n\n[profile.dev]\ndebug = false\n";

const HEAD: &str = r#"#![allow(deprecated, unused_imports)]
use client::{CallOptions, Client, json, models, resources};
use discovery_runtime::testing::{FaultServer, Reply};
use std::{future::Future, pin::Pin};

type Sent = Pin<Box<dyn Future<Output = Result<(), String>>>>;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = FaultServer::replying(Reply::json("{}")).await.unwrap();
        let client = Client::builder().with_endpoint(server.url()).with_anonymous()
            .with_request_ids(false).build().unwrap();
        for (i, case) in CASES {
            let result = case(client.clone()).await;
            let requests: Vec<_> = server.take_requests().iter().map(|r| serde_json::json!({
                "line": r.line(),
                "body": String::from_utf8_lossy(&r.body),
            })).collect();
            println!("{}", serde_json::json!({ "case": i, "error": result.err(), "requests": requests }));
        }
    });
}

static CASES: &[(usize, fn(Client) -> Sent)] = &[
"#;

/// Returns the program's source, and the cases that cannot be expressed, with the reason.
pub(super) fn source(model: &Model, cases: &[Case]) -> (String, Vec<(usize, String)>) {
    let types = Types::new(&model.api, &model.names);
    let (mut out, mut refused) = (HEAD.to_owned(), Vec::new());
    for (i, case) in cases.iter().enumerate() {
        match call(model, &types, case) {
            Ok(call) => out.push_str(&format!(
                "({i}, |client| Box::pin(async move {{ {call}.send().await.map(drop).map_err(|e| e.to_string()) }})),\n"
            )),
            Err(why) => refused.push((i, why)),
        }
    }
    out.push_str("];\n");
    (out, refused)
}

fn call(model: &Model, types: &Types<'_>, case: &Case) -> Result<String, String> {
    let api = &model.api;
    let id = MethodId::all(api)
        .find(|id| api[*id].id.as_str() == case.method)
        .ok_or_else(|| format!("no method `{}`", case.method))?;
    let (method, names) = (&api[id], model.names.method(id));
    let mut params = case.params.clone();
    let (mut arguments, mut setters) = (Vec::new(), String::new());
    for (param, name) in method.params.iter().zip(&names.params) {
        let value = params.remove(param.name.as_str());
        match (name, value) {
            (ParamNames::Argument(_), Some(value)) => arguments.push(expression(param, &value)?),
            (ParamNames::Argument(_), None) => return Err(format!("`{}` is required", param.name)),
            (ParamNames::Setter(name), Some(value)) => {
                setters.push_str(&setter(param, name.as_str(), &value)?);
            }
            (ParamNames::Everywhere, Some(value)) => {
                params.insert(param.name.0.clone(), value);
            }
            (_, None) => {}
        }
    }
    arguments.extend(body(model, types, method, case)?);
    for (name, value) in params {
        setters.push_str(&global(&name, &value)?);
    }
    let accessors: String =
        (model.names.accessors(api, method.resource).iter()).map(|a| format!(".{a}()")).collect();
    Ok(format!("client{accessors}.{}({}){setters}", names.function, arguments.join(", ")))
}

/// Formats a parameter that is set. Text is sent unchanged if the type is JSON.
fn setter(param: &Param, name: &str, value: &serde_json::Value) -> Result<String, String> {
    match (expression(param, value), value.as_str()) {
        (Ok(expression), _) => Ok(format!(".{name}({expression})")),
        (Err(_), Some(text)) if param.ty == Type::Any && !param.repeated => {
            let (name, text) = (literal(param.name.as_str()), literal(text));
            Ok(format!(".with_query({}, {})", name.as_str(), text.as_str()))
        }
        (Err(why), _) => Err(why),
    }
}

/// Converts a global parameter.
fn global(name: &str, value: &serde_json::Value) -> Result<String, String> {
    let setter = match name {
        "fields" => "fields",
        "quotaUser" => "quota_user",
        "key" => "key",
        "userIp" => "user_ip",
        "$.xgafv" => "xgafv",
        other => return Err(format!("no parameter `{other}`")),
    };
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Ok(format!(".{setter}({})", literal(&text).as_str()))
}

fn body(
    model: &Model,
    types: &Types<'_>,
    method: &Method,
    case: &Case,
) -> Result<Option<String>, String> {
    match (&method.request, &case.body) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err("the method takes no body".to_owned()),
        (Some(Body::Raw(_)), _) => Err("the method takes raw bytes".to_owned()),
        (Some(Body::Json(ty)), body) => {
            let ty = types.ty(ty, Home::Outside);
            let json = match body {
                Some(json) => json.to_string(),
                None if matches!(model.api.resolve(&method_type(method)), Type::List(_)) => {
                    "[]".to_owned()
                }
                None => "{}".to_owned(),
            };
            let text = literal(&json);
            Ok(Some(format!(
                "&json::from_str::<{}>({}).map_err(|e| e.to_string())?",
                ty.as_str(),
                text.as_str()
            )))
        }
    }
}

fn method_type(method: &Method) -> Type {
    match &method.request {
        Some(Body::Json(ty)) => ty.clone(),
        _ => Type::Any,
    }
}
