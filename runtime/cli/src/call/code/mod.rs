//! `--code rust`: a program that makes the request with the generated crate.

mod expr;

use discovery_runtime::reflect::{MethodInfo, ParamInfo, TypeInfo};
use discovery_runtime::spec::BodyKind;

use crate::app::App;
use crate::plan::Plan;
use crate::schema::{self, Kind};
use crate::settings::Settings;

use expr::{literal, typed, value};

/// The program: reads credentials as every client does, makes the call, prints what came.
pub(super) fn program(app: &App, plan: &Plan, settings: &Settings) -> String {
    let mut lines = vec!["#[tokio::main]".to_owned()];
    lines.push("async fn main() -> Result<(), Box<dyn std::error::Error>> {".to_owned());
    lines.extend(client(plan, settings).into_iter().map(|line| format!("    {line}")));
    if let (Some(body), Some(ty)) = (&plan.body, plan.method.request) {
        let mut request = String::new();
        value(body, ty, 1, &mut request);
        lines.push(format!("    let request = {request};"));
    }
    let call = call(app, plan, settings);
    if settings.paging.follow && is_paged(plan.method) {
        lines.extend(items(&call, settings));
    } else if let Some(end) = media_end(plan, settings) {
        lines.extend(with_media(&call, &end));
    } else {
        lines.extend(single(plan.method, &call));
    }
    lines.push("    Ok(())".to_owned());
    lines.push("}".to_owned());
    let text = lines.join("\n") + "\n";
    head(app, &text) + &text
}

/// What stands before the function, by what it uses.
fn head(app: &App, text: &str) -> String {
    let krate = app.api.crate_name;
    let used = ["json", "models", "runtime"]
        .into_iter()
        .filter(|name| text.contains(&format!("{name}::")));
    let names: Vec<&str> = ["Client"].into_iter().chain(used).collect();
    let names = match names.as_slice() {
        [one] => (*one).to_owned(),
        many => format!("{{{}}}", many.join(", ")),
    };
    let lines = [
        "//! Dependencies:".to_owned(),
        "//!".to_owned(),
        "//! ```toml".to_owned(),
        format!("//! {} = \"{}\"", app.crate_name, short_version(app.version)),
        "//! tokio = { version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }".to_owned(),
        "//! ```".to_owned(),
        String::new(),
        format!("use {krate}::{names};"),
        String::new(),
    ];
    lines.join("\n") + "\n"
}

/// `0.1.3` as `0.1`: what a manifest asks for.
fn short_version(version: &str) -> String {
    version.split('.').take(2).collect::<Vec<_>>().join(".")
}

fn client(plan: &Plan, settings: &Settings) -> Vec<String> {
    let mut options = Vec::new();
    if let Some(endpoint) = &settings.endpoint {
        options.push(format!(".with_endpoint({})", literal(endpoint)));
    }
    if let Some(project) = &settings.access.quota_project {
        options.push(format!(".with_quota_project({})", literal(project)));
    }
    if plan.values.query_one("key").is_some() && plan.token.is_none() {
        options.push(".with_anonymous()".to_owned());
    }
    match options.as_slice() {
        [] => vec!["let client = Client::builder().build()?;".to_owned()],
        options => {
            let mut lines = vec!["let client = Client::builder()".to_owned()];
            lines.extend(options.iter().map(|option| format!("    {option}")));
            lines.push("    .build()?;".to_owned());
            lines
        }
    }
}

/// The call with its arguments, up to what makes it.
fn call(app: &App, plan: &Plan, settings: &Settings) -> Vec<String> {
    let method = plan.method;
    let mut arguments: Vec<String> = method
        .params
        .iter()
        .filter(|param| param.required)
        .map(|param| argument(plan, param))
        .collect();
    arguments.extend(request(plan));
    let (name, resources) = match method.rust_path.split_last() {
        Some((name, resources)) => (*name, resources),
        None => (method.name, [].as_slice()),
    };
    let mut chain: Vec<String> =
        resources.iter().map(|resource| format!(".{resource}()")).collect();
    chain.push(format!(".{name}({})", arguments.join(", ")));
    for (wire, values) in &plan.values.query {
        let own = method.params.iter().find(|param| param.name == *wire);
        match own {
            Some(param) if param.required => {}
            Some(param) => chain.push(setter(param, values)),
            // A download asks for the content itself.
            None if *wire == "alt" && super::run::is_download(plan) => {}
            None => chain.push(general(app, wire, values)),
        }
    }
    if !settings.scopes.is_empty() {
        let scopes: Vec<String> = settings.scopes.iter().map(|scope| literal(scope)).collect();
        chain.push(format!(".with_scopes([{}])", scopes.join(", ")));
    }
    chain
}

/// The request as an argument: what the program made, an empty one, or a file.
fn request(plan: &Plan) -> Option<String> {
    if let Some(raw) = &plan.raw {
        let (mime, file) = (literal(&raw.mime), literal(&raw.file));
        return Some(format!("runtime::HttpBody::new({mime}, std::fs::read({file})?)"));
    }
    match (plan.method.spec.request, &plan.body, plan.method.request) {
        (BodyKind::Json, Some(_), _) => Some("&request".to_owned()),
        (BodyKind::Json, None, Some(ty)) => rust_type(ty).map(|name| format!("&{name}::new()")),
        _ => None,
    }
}

/// The setter of an optional parameter; a value that its type cannot say goes as text.
fn setter(param: &ParamInfo, values: &[String]) -> String {
    let last = values.last().map_or("", String::as_str);
    match (values_typed(param, values), param.ty) {
        (None, _) => format!(".with_query({}, {})", literal(param.name), literal(last)),
        (Some(text), TypeInfo::FieldMask | TypeInfo::Bytes) if !param.repeated => {
            format!(".{}(&{text})", param.rust_name)
        }
        (Some(text), _) => format!(".{}({text})", param.rust_name),
    }
}

fn values_typed(param: &ParamInfo, values: &[String]) -> Option<String> {
    if param.repeated {
        let all: Option<Vec<String>> = values.iter().map(|value| typed(value, param.ty)).collect();
        return all.map(|all| format!("[{}]", all.join(", ")));
    }
    typed(values.last()?, param.ty)
}

/// What makes a call an upload or a download, a part a line.
fn media_end(plan: &Plan, settings: &Settings) -> Option<Vec<String>> {
    if let Some(media) = &plan.media {
        let mut source = format!("runtime::media::Source::file({})", literal(&media.file));
        // What the metadata names is the type anyway.
        let sent = crate::call::content_type(plan, media);
        if let Some(mime) = crate::call::mime(media).filter(|mime| sent.as_ref() == Some(mime)) {
            source.push_str(&format!(".with_content_type({})", literal(&mime)));
        }
        let mut end = vec![format!(".upload({source})")];
        if media.resumable == Some(true) {
            end.push(".with_protocol(runtime::media::Protocol::Resumable)".to_owned());
        }
        end.push(".send()".to_owned());
        return Some(end);
    }
    super::run::is_download(plan).then(|| {
        let file = literal(settings.out.as_deref().unwrap_or("content"));
        vec![".download()".to_owned(), format!(".to_file({file})")]
    })
}

fn with_media(call: &[String], end: &[String]) -> Vec<String> {
    let mut lines = vec!["    let response = client".to_owned()];
    lines.extend(call.iter().chain(end).map(|part| format!("        {part}")));
    lines.push("        .await?;".to_owned());
    lines.push("    println!(\"{response:#?}\");".to_owned());
    lines
}

fn argument(plan: &Plan, param: &ParamInfo) -> String {
    let path = plan.values.path.iter().find(|(name, _)| *name == param.name);
    if let Some((_, value)) = path {
        return typed(value, param.ty).unwrap_or_else(|| literal(value));
    }
    let query = plan.values.query.iter().find(|(name, _)| *name == param.name);
    query.map_or_else(|| literal(""), |(_, values)| values_text(param, values))
}

fn values_text(param: &ParamInfo, values: &[String]) -> String {
    let one = |value: &String| typed(value, param.ty).unwrap_or_else(|| literal(value));
    if param.repeated {
        let all: Vec<String> = values.iter().map(one).collect();
        return format!("[{}]", all.join(", "));
    }
    values.last().map_or_else(|| literal(""), one)
}

/// A parameter that every method has.
fn general(app: &App, wire: &str, values: &[String]) -> String {
    const SETTERS: &[(&str, &str)] = &[
        ("fields", "fields"),
        ("quotaUser", "quota_user"),
        ("key", "key"),
        ("userIp", "user_ip"),
        ("$.xgafv", "xgafv"),
    ];
    let value = values.last().map_or("", String::as_str);
    let known = app.api.params.iter().any(|param| param.name == wire);
    match SETTERS.iter().find(|(name, _)| *name == wire && known) {
        Some((_, setter)) => format!(".{setter}({})", literal(value)),
        None => format!(".with_query({}, {})", literal(wire), literal(value)),
    }
}

fn is_paged(method: &MethodInfo) -> bool {
    method.spec.paging.is_some() && method.spec.items.is_some()
}

fn items(call: &[String], settings: &Settings) -> Vec<String> {
    let mut lines = vec!["    let mut items = client".to_owned()];
    lines.extend(call.iter().map(|part| format!("        {part}")));
    lines.push("        .items()".to_owned());
    if let Some(limit) = settings.paging.limit {
        lines.push(format!("        .max_items({limit})"));
    }
    if let Some(pages) = settings.paging.max_pages {
        lines.push(format!("        .max_pages({pages})"));
    }
    if let Some(last) = lines.last_mut() {
        last.push(';');
    }
    lines.push("    while let Some(item) = items.next().await {".to_owned());
    lines.push("        println!(\"{:#?}\", item?);".to_owned());
    lines.push("    }".to_owned());
    lines
}

fn single(method: &MethodInfo, call: &[String]) -> Vec<String> {
    let has_answer = method.spec.response != BodyKind::None
        && method.response.is_some_and(|ty| !matches!(schema::kind(ty), Kind::Object([], None)));
    let mut lines = if has_answer {
        vec!["    let response = client".to_owned()]
    } else {
        vec!["    client".to_owned()]
    };
    lines.extend(call.iter().map(|part| format!("        {part}")));
    lines.push("        .send()".to_owned());
    lines.push("        .await?;".to_owned());
    if has_answer {
        lines.push("    println!(\"{response:#?}\");".to_owned());
    }
    lines
}

/// The Rust name of a type's values, for empty lists and maps.
pub(super) fn rust_type(ty: TypeInfo) -> Option<String> {
    Some(match ty {
        TypeInfo::Bool => "bool".to_owned(),
        TypeInfo::Int32 => "i32".to_owned(),
        TypeInfo::UInt32 => "u32".to_owned(),
        TypeInfo::Int64 => "i64".to_owned(),
        TypeInfo::UInt64 => "u64".to_owned(),
        TypeInfo::Float => "f32".to_owned(),
        TypeInfo::Double => "f64".to_owned(),
        TypeInfo::String => "String".to_owned(),
        TypeInfo::Enum(info) => format!("models::{}", info.rust_name),
        TypeInfo::Object(schema) => match schema::kind(ty) {
            Kind::Object(..) => format!("models::{}", schema.rust_name),
            _ => return None,
        },
        _ => return None,
    })
}
