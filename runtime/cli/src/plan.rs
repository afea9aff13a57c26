//! Converts the command line to a request.

use std::sync::Arc;

use discovery_runtime::reflect::{MethodInfo, ParamInfo, TypeInfo};
use discovery_runtime::spec::BodyKind;
use discovery_runtime::transport::Body;
use serde_json::Value;

use crate::app::App;
use crate::body::{Draft, Rules};
use crate::command::{Arguments, flag_id, positional_id};
use crate::config::Layers;
use crate::host::{Files, Host};
use crate::issue::{Issue, Issues};
use crate::params::{self, Collector, Values};
use crate::schema::{self, Kind};
use crate::yaml;

/// Request ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) method: &'static MethodInfo,
    pub(crate) values: Values,
    /// The JSON body.
    pub(crate) body: Option<Value>,
    /// Token given as a parameter; sent as a header.
    pub(crate) token: Option<String>,
    /// Content to upload.
    pub(crate) media: Option<Media>,
    /// Whether the mask of fields is that of `--select`.
    pub(crate) mask_is_selection: bool,
    /// A body that is not JSON.
    pub(crate) raw: Option<RawBody>,
}

/// A body that is sent unchanged.
#[derive(Clone, Debug)]
pub(crate) struct RawBody {
    /// File of the body; `-` is standard input.
    pub(crate) file: String,
    pub(crate) mime: String,
    /// Its content, once it is open.
    pub(crate) content: Option<Arc<Body>>,
}

/// Content from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Media {
    pub(crate) file: String,
    pub(crate) mime: Option<String>,
    /// Whether the resumable protocol was requested; `None` decides by size.
    pub(crate) resumable: Option<bool>,
}

impl Plan {
    /// Creates the plan of a call without a body.
    pub(crate) fn of(method: &'static MethodInfo, values: Values) -> Self {
        let (body, token, media, raw) = (None, None, None, None);
        Self { method, values, body, token, media, mask_is_selection: false, raw }
    }

    /// Returns `false` if the call asks for another form of answers, such as `alt=proto`.
    pub(crate) fn asks_for_json(&self) -> bool {
        let values = &self.values;
        values.query_one("alt").is_none_or(|alt| alt == "json")
            && values.query_one("callback").is_none()
    }
}

/// Collects parameters, body, and content; errors and warnings go to `issues`.
pub(crate) fn plan(
    app: &App,
    method: &'static MethodInfo,
    arguments: &Arguments,
    layers: &Layers,
    host: &mut Host<'_>,
    issues: &mut Issues,
) -> Plan {
    let mut values = parameters(app, method, arguments, layers, issues);
    let body = body(app, method, arguments, host, issues);
    // A method's own parameter of this name is not an access token.
    let own = |name: &&str| method.params.iter().any(|param| param.name == *name);
    let token = ["access_token", "bearer_token", "oauth_token"]
        .into_iter()
        .filter(|name| !own(name))
        .filter_map(|name| values.take_query(name))
        .next_back();
    let mut media = media(method, arguments, issues);
    let raw = media.take_if(|_| method.spec.upload.is_none()).map(raw_body);
    Plan { body, token, media, raw, ..Plan::of(method, values) }
}

pub(crate) fn parameters(
    app: &App,
    method: &'static MethodInfo,
    arguments: &Arguments,
    layers: &Layers,
    issues: &mut Issues,
) -> Values {
    let mut collector = Collector::new(method, app.api.params, issues);
    for (param, value) in positionals(method, arguments, layers) {
        let name = discovery_describe::names::kebab(param.name);
        collector.value(param, &value, &format!("<{name}>"), &value);
    }
    // A method's parameter takes precedence over a global one of the same name.
    let own = |name: &str| method.params.iter().any(|param| param.name == name);
    let general = app.api.params.iter().filter(|param| !own(param.name));
    for param in general.chain(method.params) {
        for value in arguments.all(&flag_id(param)) {
            let flag = format!("--{}", params::flag_name(param));
            collector.value(param, &value, &flag, &value);
        }
    }
    for token in arguments.all("p") {
        collector.token(&token);
    }
    for (place, section) in layers.sections() {
        collector.defaults(&section.parameters, &place);
    }
    let mut values = collector.finish();
    if arguments.has("download") {
        match values.query_one("alt") {
            None => values.query.push(("alt", vec!["media".to_owned()])),
            Some("media") => {}
            Some(other) => {
                let message = format!("--download gets the content, and alt={other} another form.");
                issues.push(Issue::error(message));
            }
        }
    }
    if method.spec.is_download_only() && values.query_one("alt").is_none() {
        values.query.push(("alt", vec!["media".to_owned()]));
    }
    values
}

/// Assigns the positional arguments. If exactly those are missing that the configuration supplies,
/// the others keep their order: `instances get vm` with defaults for project and zone.
fn positionals(
    method: &'static MethodInfo,
    arguments: &Arguments,
    layers: &Layers,
) -> Vec<(&'static ParamInfo, String)> {
    let required = || method.params.iter().filter(|param| param.required);
    let all = |param: &'static ParamInfo| {
        arguments.all(&positional_id(param)).into_iter().map(move |value| (param, value))
    };
    let typed: Vec<(&'static ParamInfo, String)> = required().flat_map(all).collect();
    let given = |param: &ParamInfo| {
        let named = layers.sections().any(|(_, s)| params::supplies(&s.parameters, param));
        named || !arguments.all(&flag_id(param)).is_empty()
    };
    let open: Vec<&'static ParamInfo> = required().filter(|param| !given(param)).collect();
    if typed.len() == open.len() && open.len() < required().count() {
        return open.into_iter().zip(typed.into_iter().map(|(_, value)| value)).collect();
    }
    typed
}

fn body(
    app: &App,
    method: &'static MethodInfo,
    arguments: &Arguments,
    host: &mut Host<'_>,
    issues: &mut Issues,
) -> Option<Value> {
    let (Some(ty), BodyKind::Json) = (method.request, method.spec.request) else {
        for token in arguments.all("r") {
            issues.push(no_request(app, method, &token));
        }
        return None;
    };
    let rules = Rules { allow_unknown: arguments.has("allow-unknown"), yaml: false };
    let mut draft =
        Draft::new(ty, rules).with_parameters(method.params.iter().chain(app.api.params));
    let tokens = arguments.all("r");
    let base = arguments.one("json");
    if tokens.is_empty() && base.is_none() && !arguments.has("edit") {
        // The content is sent without metadata.
        let content = method.spec.upload.is_some()
            && (arguments.one("upload").is_some() || arguments.one("file").is_some());
        if content {
            return None;
        }
        if !is_empty_object(ty) {
            issues.push(missing_request(app, method));
            return None;
        }
    }
    let exists = base.as_ref().is_some_and(|typed| host.path(typed).is_file());
    let mut files = Files::new(host);
    if let Some(typed) = base {
        match read_base(&typed, &mut files) {
            Ok((Value::String(_), true)) if exists || is_file_name(&typed) => {
                let message = "This names a file, and is read as the request itself.";
                let issue = Issue::error(message).instead(Some(format!("@{typed}")));
                issues.push(issue.at("--json", &typed));
            }
            Ok((value, yaml)) => draft.base(value, "--json", Rules { yaml, ..rules }),
            Err(message) => issues.push(Issue::error(message).at("--json", "")),
        }
    }
    for path in arguments.all("unset") {
        draft.unset(&path);
    }
    for token in tokens {
        draft.token(&token, &mut files);
    }
    let (body, found) = draft.finish();
    issues.extend(found);
    Some(body)
}

/// Returns `true` if a text ends as the name of a file with a request does.
fn is_file_name(text: &str) -> bool {
    let end = text.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
    !text.starts_with('@') && matches!(end.as_deref(), Some("json" | "yaml" | "yml"))
}

/// Reports a `-r` token for a method without a request.
fn no_request(app: &App, method: &MethodInfo, token: &str) -> Issue {
    let typed = token.split('=').next().unwrap_or_default().trim_start_matches('.');
    let known = || method.params.iter().chain(app.api.params);
    let param = known().find(|param| discovery_describe::names::is_spelling(param.name, typed));
    let mut message = "This method takes no request.".to_owned();
    if let Some(param) = param {
        let name = discovery_describe::names::kebab(param.name);
        let value = token.split_once('=').map_or("VALUE", |(_, value)| value);
        message.push_str(&format!(" '{name}' is a parameter: use -p {name}={value}"));
    }
    Issue::error(message).at("-r", token)
}

fn is_empty_object(ty: TypeInfo) -> bool {
    matches!(schema::kind(ty), Kind::Object([], None))
}

fn missing_request(app: &App, method: &MethodInfo) -> Issue {
    let example =
        method.request.map(|ty| crate::help::example_tokens(method, ty)).unwrap_or_default();
    Issue::error(format!(
        "The request is missing: give -r, as '-r {example}', or --json. '-r .' sends an empty \
         one; '{} --skeleton' prints one to fill in.",
        crate::tree::command_line(app, method)
    ))
}

/// Reads the value of `--json`; returns whether it was YAML.
fn read_base(typed: &str, files: &mut Files<'_, '_>) -> Result<(Value, bool), String> {
    let text = match typed.strip_prefix('@') {
        Some(path) => crate::body::source_text(files, path)?,
        None if typed == "-" => crate::body::source_text(files, "-")?,
        None => typed.to_owned(),
    };
    parse_base(&text)
}

/// Parses JSON, or else YAML; the flag indicates which.
pub(crate) fn parse_base(text: &str) -> Result<(Value, bool), String> {
    match serde_json::from_str(text) {
        Ok(value) => Ok((value, false)),
        Err(error) => match yaml::parse(text) {
            Ok(value) if !text.trim().is_empty() => Ok((value, true)),
            Ok(_) => Err("It is empty.".to_owned()),
            Err(_) if text.trim_start().starts_with(['{', '[', '"']) => {
                Err(format!("Not JSON: {error}."))
            }
            Err(other) => Err(format!("Neither JSON nor YAML: {other}.")),
        },
    }
}

fn media(method: &MethodInfo, arguments: &Arguments, issues: &mut Issues) -> Option<Media> {
    let mode = arguments.one("upload");
    let file = arguments.one("file");
    let mime = arguments.one("mime");
    if let (Some(mode), None) = (&mode, &file) {
        issues.push(Issue::error("The content is missing: give -f FILE.").at("-u", mode));
    }
    let Some(file) = file else {
        if method.spec.request == BodyKind::Raw && mode.is_none() {
            issues.push(Issue::error("The content is missing: give -f FILE and -m TYPE."));
        }
        return None;
    };
    let resumable = mode.map(|mode| mode == "resumable");
    Some(Media { file, mime, resumable })
}

/// Returns a body that is sent unchanged.
fn raw_body(media: Media) -> RawBody {
    let mime = crate::mime::of(media.mime.as_deref(), &media.file)
        .unwrap_or_else(|| "application/octet-stream".to_owned());
    RawBody { file: media.file, mime, content: None }
}
