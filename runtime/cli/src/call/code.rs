//! `--code rust`: prints a program that sends the request with the generated crate.

use discovery_describe::rust::{self, Answer};
use discovery_runtime::reflect::{MethodInfo, ParamInfo};
use discovery_runtime::spec::BodyKind;
use serde_json::{Map, Value};

use crate::app::App;
use crate::plan::Plan;
use crate::schema::{self, Kind};
use crate::settings::Settings;

use super::described::Described;
use super::hidden;

/// Returns the program: loads default credentials, makes the call, and prints the response.
pub(super) fn program(app: &App, plan: &Plan, settings: &Settings) -> String {
    let mut lines = vec!["#[tokio::main]".to_owned()];
    lines.push("async fn main() -> Result<(), Box<dyn std::error::Error>> {".to_owned());
    lines.extend(client(plan, settings).into_iter().map(|line| format!("    {line}")));
    if let (Some(body), Some(ty)) = (&plan.body, plan.method.request) {
        let request = rust::value(body, Described(ty), 1);
        lines.push(format!("    let request = {request};"));
    }
    let setters = setters(app, plan, settings);
    let mut types = vec!["Client"];
    if setters.iter().any(|setter| rust::is_call_option(setter)) {
        types.insert(0, "CallOptions");
    }
    let (end, answer) = end(plan, settings);
    if plan.media.is_some() {
        types.push("Source");
    }
    let mut call = call(plan);
    call.extend(setters.into_iter().chain(end));
    lines.extend(rust::statement(&call, answer));
    lines.push("    Ok(())".to_owned());
    lines.push("}".to_owned());
    let text = lines.join("\n") + "\n";
    head(app, &types, &text) + &text
}

/// Returns the lines before the function, by what it uses.
fn head(app: &App, types: &[&str], text: &str) -> String {
    let krate = app.api.crate_name;
    let lines = [
        "//! Dependencies:".to_owned(),
        "//!".to_owned(),
        "//! ```toml".to_owned(),
        format!("//! {} = \"{}\"", app.crate_name, short_version(app.version)),
        "//! tokio = { version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }".to_owned(),
        "//! ```".to_owned(),
        String::new(),
        rust::import(krate, types, text),
        String::new(),
    ];
    lines.join("\n") + "\n"
}

/// Shortens `0.1.3` to `0.1`, as manifests require it.
fn short_version(version: &str) -> String {
    version.split('.').take(2).collect::<Vec<_>>().join(".")
}

fn client(plan: &Plan, settings: &Settings) -> Vec<String> {
    let mut options = Vec::new();
    if let Some(endpoint) = &settings.endpoint {
        options.push(format!(".with_endpoint({})", literal(endpoint)));
    }
    if let Some(domain) = &settings.universe {
        options.push(format!(".with_universe_domain({})", literal(domain)));
    }
    if let Some(project) = &settings.access.quota_project {
        options.push(format!(".with_quota_project({})", literal(project)));
    }
    if plan.values.query_one("key").is_some() && plan.token.is_none() {
        options.push(".with_anonymous()".to_owned());
    }
    if !settings.request_ids && plan.method.spec.request_id.is_some() {
        options.push(".with_request_ids(false)".to_owned());
    }
    if settings.strict {
        options.push(".with_strict_responses(true)".to_owned());
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

/// The call with its arguments.
fn call(plan: &Plan) -> Vec<String> {
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
    rust::chain(resources, name, &arguments)
}

/// Setters of everything except the arguments.
fn setters(app: &App, plan: &Plan, settings: &Settings) -> Vec<String> {
    let method = plan.method;
    let mut setters = Vec::new();
    for (wire, values) in &plan.values.query {
        let own = method.params.iter().find(|param| param.name == *wire);
        match own {
            Some(param) if param.required => {}
            Some(param) => setters.push(setter(param, values)),
            // A download requests the content itself.
            None if *wire == "alt" && super::run::is_download(plan) => {}
            None => setters.push(general(app, wire, values)),
        }
    }
    if !settings.scopes.is_empty() {
        let scopes: Vec<String> = settings.scopes.iter().map(|scope| literal(scope)).collect();
        setters.push(format!(".with_scopes([{}])", scopes.join(", ")));
    }
    setters
}

/// Returns the request argument: the body built above, an empty one, or a file.
fn request(plan: &Plan) -> Option<String> {
    if let Some(raw) = &plan.raw {
        let (mime, file) = (literal(&raw.mime), literal(&raw.file));
        return Some(format!("runtime::HttpBody::new({mime}, std::fs::read({file})?)"));
    }
    match (plan.method.spec.request, &plan.body, plan.method.request) {
        (BodyKind::Json, Some(_), _) => Some("&request".to_owned()),
        (BodyKind::Json, None, Some(ty)) => {
            Some(format!("&{}", rust::value(&Value::Object(Map::new()), Described(ty), 0)))
        }
        _ => None,
    }
}

/// Returns the setter of an optional parameter; a value that its type cannot express is passed as
/// text.
fn setter(param: &ParamInfo, values: &[String]) -> String {
    let last = values.last().map_or("", String::as_str);
    match rust::argument(Described(param.ty), param.repeated, values) {
        None => format!(".with_query({}, {})", literal(param.name), literal(last)),
        Some(text) => format!(".{}({text})", param.rust_name),
    }
}

/// Returns the end of the call: the method that sends it, and the result.
fn end(plan: &Plan, settings: &Settings) -> (Vec<String>, Answer) {
    if settings.paging.follow && is_paged(plan.method) {
        return (items(settings), Answer::PrintItems);
    }
    if let Some(end) = media_end(plan, settings) {
        return (end, Answer::Print);
    }
    if plan.method.spec.streams {
        return (vec![".stream()".to_owned()], Answer::PrintMessages);
    }
    let has_answer = plan.method.spec.response != BodyKind::None
        && plan
            .method
            .response
            .is_some_and(|ty| !matches!(schema::kind(ty), Kind::Object([], None)));
    let answer = if has_answer { Answer::Print } else { Answer::Nothing };
    (vec![".send()".to_owned()], answer)
}

/// Returns the methods of an upload or download, one per line.
fn media_end(plan: &Plan, settings: &Settings) -> Option<Vec<String>> {
    if let Some(media) = &plan.media {
        let mut source = format!("Source::from_path({})", literal(&media.file));
        // The metadata's type is used anyway.
        let sent = crate::call::content_type(plan, media);
        if let Some(mime) = crate::mime::of(media.mime.as_deref(), &media.file)
            .filter(|mime| sent.as_ref() == Some(mime))
        {
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
        let stored = settings.as_stored.then(|| ".with_stored_bytes()".to_owned());
        let start = [".download()".to_owned()].into_iter().chain(stored);
        start.chain([format!(".to_file({file})")]).collect()
    })
}

/// Returns a required argument; a value that its type does not accept is passed as text.
fn argument(plan: &Plan, param: &ParamInfo) -> String {
    let path = plan.values.path.iter().find(|(name, _)| *name == param.name);
    let query = plan.values.query.iter().find(|(name, _)| *name == param.name);
    let values = match (path, query) {
        (Some((_, value)), _) => std::slice::from_ref(value),
        (None, Some((_, values))) => values.as_slice(),
        (None, None) => &[],
    };
    rust::argument(Described(param.ty), param.repeated, values)
        .unwrap_or_else(|| literal(values.last().map_or("", String::as_str)))
}

/// Returns the setter of a global parameter.
fn general(app: &App, wire: &str, values: &[String]) -> String {
    let value = values.last().map_or("", String::as_str);
    let known = app.api.params.iter().any(|param| param.name == wire);
    match rust::GENERAL_SETTERS.iter().find(|(name, _)| *name == wire && known) {
        Some((_, setter)) => format!(".{setter}({})", literal(value)),
        None => format!(".with_query({}, {})", literal(wire), literal(value)),
    }
}

fn is_paged(method: &MethodInfo) -> bool {
    method.spec.paging.is_some() && method.spec.items.is_some()
}

fn items(settings: &Settings) -> Vec<String> {
    let limit = settings.paging.limit.map(|limit| format!(".max_items({limit})"));
    let pages = settings.paging.max_pages.map(|pages| format!(".max_pages({pages})"));
    [".items()".to_owned()].into_iter().chain(limit).chain(pages).collect()
}

/// Formats a string literal; secrets are read from environment variables.
fn literal(text: &str) -> String {
    hidden::expression(text, rust::literal)
}
