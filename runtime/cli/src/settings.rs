//! Validated values of the common flags.

use std::path::PathBuf;
use std::time::Duration;

use discovery_describe::names::env_prefix;
use discovery_runtime::reflect::ApiInfo;

use crate::app::App;
use crate::command::Arguments;
use crate::config::{Config, Layers, Section, Source};
use crate::failure::Failure;
use crate::folder::Folder;
use crate::guard::Guard;
use crate::host::Host;
use crate::issue::{Issue, Issues};
use crate::query::{Query, QueryError};
use crate::suggest;

/// Action on a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Send,
    DryRun,
    Curl,
    Code,
}

/// Output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Compact,
    Jsonl,
    Yaml,
    Table,
    Csv,
    Value,
}

impl Format {
    fn of(word: &str) -> Self {
        match word {
            "compact" => Self::Compact,
            "jsonl" => Self::Jsonl,
            "yaml" => Self::Yaml,
            "table" => Self::Table,
            "csv" => Self::Csv,
            "value" => Self::Value,
            _ => Self::Json,
        }
    }

    /// Returns `true` if the output consists of a list's items rather than the document.
    pub(crate) fn is_by_item(self) -> bool {
        matches!(self, Self::Jsonl | Self::Table | Self::Csv | Self::Value)
    }
}

/// Limits of paging.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Paging {
    /// Whether to follow page tokens.
    pub(crate) follow: bool,
    pub(crate) limit: Option<usize>,
    pub(crate) max_pages: Option<usize>,
    pub(crate) delay: Duration,
}

/// Waiting for the operation that a method starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wait {
    /// Limit, if one is given.
    pub(crate) limit: Option<Duration>,
}

/// Allowed sources of credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Access {
    pub(crate) token_file: Option<PathBuf>,
    pub(crate) credentials: Option<PathBuf>,
    /// Account of gcloud, by email, or `active`.
    pub(crate) gcloud_account: Option<String>,
    pub(crate) impersonate: Option<String>,
    pub(crate) subject: Option<String>,
    pub(crate) quota_project: Option<String>,
    pub(crate) config_dir: Option<PathBuf>,
    pub(crate) no_input: bool,
    /// Source of credentials that a profile named by flag sets; it precedes the environment.
    pub(crate) named: Option<Source>,
    /// Source of credentials that the configuration file sets otherwise.
    pub(crate) configured: Option<Source>,
    /// File of additional root certificates.
    pub(crate) ca_file: Option<PathBuf>,
}

/// Values of the common flags.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) mode: Mode,
    pub(crate) out: Option<String>,
    /// Whether a download returns compressed content as it is.
    pub(crate) as_stored: bool,
    /// Format of the result, if the flag is given.
    pub(crate) format: Option<Format>,
    pub(crate) select: Option<String>,
    /// Whether the server may be asked for the selected fields only.
    pub(crate) send_fields: bool,
    pub(crate) query: Option<Query>,
    pub(crate) paging: Paging,
    pub(crate) wait: Option<Wait>,
    pub(crate) strict: bool,
    /// 0: quiet; 1: a line per exchange; 2: also headers and bodies.
    pub(crate) verbose: u8,
    pub(crate) scopes: Vec<String>,
    pub(crate) endpoint: Option<String>,
    /// Universe domain of the API and of the credentials.
    pub(crate) universe: Option<String>,
    pub(crate) timeout: Option<Duration>,
    /// Whether calls get IDs by which the server recognizes a repeated request.
    pub(crate) request_ids: bool,
    pub(crate) access: Access,
    /// File of the local server used in place of the API.
    pub(crate) mock: Option<PathBuf>,
    /// Limits on the methods to call.
    pub(crate) guard: Guard,
    /// How long completion asks lists for names, if it does.
    pub(crate) complete_names: Option<Duration>,
    /// Whether deletions need no confirmation.
    pub(crate) yes: bool,
    /// The configuration file.
    pub(crate) config: Config,
    /// Its settings for this run.
    pub(crate) layers: Layers,
}

impl Settings {
    /// Reads the flags and the configuration file; errors of flags go to `issues`.
    pub(crate) fn read(
        app: &App,
        arguments: &Arguments,
        host: &Host<'_>,
        issues: &mut Issues,
    ) -> Result<Self, Failure> {
        let config_dir = arguments.one("config-dir").map(|path| host.path(path));
        let config = Config::load(app, &Folder::of(app, config_dir.clone(), host).path)?;
        let layers = config.layers(app, arguments, host)?;
        let timeout = number(arguments, "timeout", issues).or_else(|| layers.get(|s| s.timeout));
        let verbose = if arguments.has("debug") { 2 } else { arguments.count("verbose") };
        if arguments.one("mock").is_some() && arguments.one("endpoint").is_some() {
            issues.push(Issue::error("Only one of --mock and --endpoint can be given."));
        }
        let env_endpoint = format!("{}_ENDPOINT", env_prefix(app.name));
        Ok(Self {
            mode: mode(arguments, issues),
            out: arguments.one("out").filter(|out| out != "-"),
            as_stored: arguments.has("as-stored"),
            format: arguments.one("format").map(|word| Format::of(&word)),
            select: arguments.one("select"),
            send_fields: !arguments.has("no-fields"),
            query: query(arguments, issues),
            paging: paging(arguments, issues),
            wait: wait(arguments, issues),
            strict: arguments.has("strict"),
            verbose,
            scopes: scopes(app, arguments, &layers, issues),
            endpoint: arguments
                .one("endpoint")
                .or_else(|| layers.before_environment(|section| section.endpoint.clone()))
                .or_else(|| host.var(&env_endpoint).map(str::to_owned))
                .or_else(|| layers.get(|section| section.endpoint.clone())),
            universe: host.var("GOOGLE_CLOUD_UNIVERSE_DOMAIN").map(str::to_owned),
            timeout: timeout.map(Duration::from_secs),
            request_ids: !arguments.has("no-request-id"),
            access: Access { config_dir, ..access(arguments, &layers, host) },
            mock: mock_file(app, arguments, host),
            guard: guard(app, &layers, arguments, host)?,
            complete_names: complete_names(app, &layers, host)?,
            yes: arguments.has("yes"),
            config,
            layers,
        })
    }
}

/// Collects the limits of flags, environment, and configuration.
fn guard(
    app: &App,
    layers: &Layers,
    arguments: &Arguments,
    host: &Host<'_>,
) -> Result<Guard, Failure> {
    let mut guard = Guard::default();
    if arguments.has("read-only") {
        guard.set_read_only("--read-only");
    }
    let name = format!("{}_READ_ONLY", env_prefix(app.name));
    if switch(&name, host)? == Some(true) {
        guard.set_read_only(name);
    }
    for (place, section) in layers.sections() {
        guard.add(&place, section);
    }
    Ok(guard)
}

/// Returns the value of an environment variable that turns something on or off.
fn switch(name: &str, host: &Host<'_>) -> Result<Option<bool>, Failure> {
    match host.var(name) {
        None => Ok(None),
        Some("1" | "true" | "yes") => Ok(Some(true)),
        Some("0" | "false" | "no") => Ok(Some(false)),
        Some(_) => Err(Failure::config(format!("{name} must be 1 or 0"))),
    }
}

/// Returns how long completion asks lists for names: seconds, of which `1` also means yes.
fn complete_names(
    app: &App,
    layers: &Layers,
    host: &Host<'_>,
) -> Result<Option<Duration>, Failure> {
    let name = format!("{}_COMPLETE_NAMES", env_prefix(app.name));
    let seconds = match host.var(&name).map(str::parse) {
        Some(Ok(seconds)) => Some(seconds),
        Some(Err(_)) => switch(&name, host)?.map(u64::from),
        None => layers.get(|section| section.complete_names),
    };
    Ok(seconds.filter(|seconds| *seconds > 0).map(Duration::from_secs))
}

/// Returns the file of the local server's resources, if `--mock` is present.
fn mock_file(app: &App, arguments: &Arguments, host: &Host<'_>) -> Option<PathBuf> {
    match arguments.one("mock")?.as_str() {
        "" => Some(default_mock_file(app, host)),
        typed => Some(host.path(typed)),
    }
}

/// Returns the default file of `--mock`: below `XDG_STATE_HOME` or `~/.local/state`, on Windows
/// below `%LOCALAPPDATA%`.
pub(crate) fn default_mock_file(app: &App, host: &Host<'_>) -> PathBuf {
    let base = host.var("XDG_STATE_HOME").map(PathBuf::from).or_else(|| {
        if cfg!(windows) {
            host.var("LOCALAPPDATA").map(PathBuf::from)
        } else {
            host.var("HOME").map(|home| PathBuf::from(home).join(".local/state"))
        }
    });
    host.path(base.unwrap_or_default()).join(app.name).join("mock.redb")
}

fn mode(arguments: &Arguments, issues: &mut Issues) -> Mode {
    let modes: Vec<Mode> = [
        (arguments.has("dry-run"), Mode::DryRun),
        (arguments.has("curl"), Mode::Curl),
        (arguments.one("code").is_some(), Mode::Code),
    ]
    .into_iter()
    .filter_map(|(on, mode)| on.then_some(mode))
    .collect();
    if modes.len() > 1 {
        issues.push(Issue::error("Only one of --dry-run, --curl and --code can be given."));
    }
    modes.first().copied().unwrap_or(Mode::Send)
}

fn query(arguments: &Arguments, issues: &mut Issues) -> Option<Query> {
    let text = arguments.one("jmespath")?;
    if arguments.one("select").is_some() {
        issues.push(Issue::error("Only one of --select and --jmespath can be given."));
    }
    let query = Query::parse(&text);
    query
        .map_err(|QueryError(message)| issues.push(Issue::error(message).at("--jmespath", &text)))
        .ok()
}

fn paging(arguments: &Arguments, issues: &mut Issues) -> Paging {
    let limit = number(arguments, "limit", issues);
    let max_pages = number(arguments, "max-pages", issues);
    Paging {
        follow: arguments.has("all") || limit.is_some() || max_pages.is_some(),
        limit,
        max_pages,
        delay: Duration::from_millis(number(arguments, "page-delay", issues).unwrap_or(0)),
    }
}

fn wait(arguments: &Arguments, issues: &mut Issues) -> Option<Wait> {
    let limit = match arguments.one("wait")?.as_str() {
        "" => None,
        _ => number(arguments, "wait", issues).map(Duration::from_secs),
    };
    Some(Wait { limit })
}

fn access(arguments: &Arguments, layers: &Layers, host: &Host<'_>) -> Access {
    let path = |flag: &str| arguments.one(flag).map(|path| host.path(path));
    let text = |flag: &str, get: fn(&Section) -> &Option<String>| {
        arguments.one(flag).or_else(|| layers.get(|section| get(section).clone()))
    };
    Access {
        token_file: path("access-token-file"),
        credentials: path("credentials"),
        gcloud_account: arguments.one("gcloud-account"),
        impersonate: text("impersonate-service-account", |section| &section.impersonate),
        subject: text("subject", |section| &section.subject),
        quota_project: text("quota-project", |section| &section.quota_project),
        config_dir: None,
        no_input: arguments.has("no-input"),
        named: layers.before_environment(|section| section.source.clone()),
        configured: layers.get(|section| section.source.clone()),
        ca_file: path("ca-file").or_else(|| layers.get(|section| section.ca_file.clone())),
    }
}

/// Returns the scopes of the flags, or else of the configuration.
fn scopes(app: &App, arguments: &Arguments, layers: &Layers, issues: &mut Issues) -> Vec<String> {
    let typed = arguments.all("scope");
    let (typed, flag) = if typed.is_empty() {
        let some = |section: &Section| Some(section.scopes.clone()).filter(|all| !all.is_empty());
        (layers.get(some).unwrap_or_default(), "'scopes' in config.yaml:")
    } else {
        (typed, "--scope")
    };
    typed.iter().filter_map(|scope| full_scope(app.api, scope, flag, issues)).collect()
}

fn number<T: std::str::FromStr>(
    arguments: &Arguments,
    flag: &str,
    issues: &mut Issues,
) -> Option<T> {
    let text = arguments.one(flag)?;
    let value = text.parse().ok();
    if value.is_none() {
        let message = format!("'{text}' is not a whole number.");
        issues.push(Issue::error(message).at(&format!("--{flag}"), &text));
    }
    value
}

/// Scopes of Google's identity service, which documents do not list.
const IDENTITY: &[&str] = &["openid", "email", "profile"];

/// Expands a scope to its URL: `jobs` is the one with that ending.
fn full_scope(api: &ApiInfo, typed: &str, flag: &str, issues: &mut Issues) -> Option<String> {
    if typed.contains("://") || IDENTITY.contains(&typed) {
        return Some(typed.to_owned());
    }
    let known = || {
        let methods = api.methods.iter().flat_map(|method| method.spec.scopes.iter().copied());
        api.scopes.iter().map(|scope| scope.url).chain(methods)
    };
    let word = |url: &str| crate::help::short_scope(url).trim_end_matches('/').to_owned();
    if let Some(url) = known().find(|url| word(url) == typed) {
        return Some(url.to_owned());
    }
    let message = format!("Scope '{typed}' is not one of this API; give another API's as a URL.");
    let instead = suggest::closest(typed, known().map(word).collect::<Vec<_>>());
    issues.push(Issue::error(message).instead(instead).at(flag, typed));
    None
}
