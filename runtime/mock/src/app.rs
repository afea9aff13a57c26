//! Command line of a mock server.

use std::fmt::Display;
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{ArgAction, CommandFactory as _, FromArgMatches as _, Parser};
use discovery_runtime::reflect::ApiInfo;
use discovery_testing::FaultRule;
use serde_json::Value;

use crate::auth::Tokens;
use crate::behavior::Behavior;
use crate::shared::Server;
use crate::store::Store;

/// A mock server program.
pub struct App {
    /// Program name, for example `jobs3-mock`.
    pub name: &'static str,
    /// Program version.
    pub version: &'static str,
    /// The mocked API.
    pub api: &'static ApiInfo,
    /// Behavior specific to the API.
    pub behavior: Box<dyn Behavior>,
}

#[derive(Debug, Parser)]
struct Args {
    /// Port on 127.0.0.1; 0 selects a free port
    #[arg(long, default_value_t = 8383)]
    port: u16,

    /// Fault to inject, for example 503:every=5, delay=200ms, close:first=1, return-broken-stream,
    /// 429:method=jobs.projects.jobs.search,retry-after=2; repeatable
    #[arg(long, value_name = "SPEC", action = ArgAction::Append)]
    fault: Vec<String>,

    /// JSON file of initial resources by name; stored resources stay unchanged
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,

    /// File to store resources in [default: in memory]
    #[arg(long, value_name = "FILE")]
    persist: Option<PathBuf>,

    /// Require a bearer token, or this one if given
    #[arg(long, value_name = "TOKEN", num_args = 0..=1, default_missing_value = "")]
    require_token: Option<String>,

    /// Host name that requests may use besides localhost, such as that of a container; repeatable
    #[arg(long, value_name = "NAME", action = ArgAction::Append)]
    allow_host: Vec<String>,

    /// Log each request to standard error
    #[arg(long)]
    log: bool,
}

/// Runs a mock server until the process is killed. No orderly shutdown is needed: acknowledged
/// changes are already on disk.
///
/// The first line on standard output contains the root URL. Exit codes: 2 for a wrong command line,
/// 1 if the server failed to start.
#[must_use]
pub fn main(app: App) -> ExitCode {
    let about = format!("Local server for the {} {}", app.api.title, app.api.version);
    let command = Args::command().name(app.name).version(app.version).about(about);
    let args = match command.try_get_matches().and_then(|m| Args::from_arg_matches(&m)) {
        Ok(args) => args,
        Err(error) => {
            // Help and version are errors too, with code 0.
            error.print().ok();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let name = app.name;
    match start(app, &args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprintln!("{name}: {text}");
            ExitCode::FAILURE
        }
    }
}

fn start(app: App, args: &Args) -> Result<(), String> {
    let mut builder = Server::builder(app.api).behavior(app.behavior).tokens(args.tokens());
    for text in &args.fault {
        builder = builder.fault(text.parse::<FaultRule>().map_err(|error| error.to_string())?);
    }
    if let Some(path) = &args.persist {
        builder = builder.store(Store::open(path).map_err(|error| error.to_string())?);
    }
    for name in &args.allow_host {
        builder = builder.allow_host(name);
    }
    if args.log {
        builder = builder.log(|entry| eprintln!("{entry}"));
    }
    let server = builder.build();
    if let Some(path) = &args.seed {
        server.seed(&read_json(path)?).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let running = server.spawn((Ipv4Addr::LOCALHOST, args.port)).map_err(|error| {
        format!("cannot listen on port {}: {error}; choose another with --port", args.port)
    })?;
    let line = format!("Listening on {}", running.endpoint());
    writeln!(std::io::stdout(), "{line}").map_err(|error| error.to_string())?;
    running.wait();
    Ok(())
}

fn read_json(path: &Path) -> Result<Value, String> {
    let failure = |error: &dyn Display| format!("failed to read {}: {error}", path.display());
    let text = std::fs::read(path).map_err(|error| failure(&error))?;
    serde_json::from_slice(&text).map_err(|error| failure(&error))
}

impl Args {
    fn tokens(&self) -> Tokens {
        match self.require_token.as_deref() {
            None => Tokens::NotNeeded,
            Some("") => Tokens::Any,
            Some(token) => Tokens::Only(token.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_line_is_valid() {
        Args::command().debug_assert();
        for (line, expected) in [
            ("mock", Tokens::NotNeeded),
            ("mock --require-token", Tokens::Any),
            ("mock --require-token abc --log", Tokens::Only("abc".to_owned())),
        ] {
            let args = Args::try_parse_from(line.split(' ')).unwrap();
            assert_eq!(args.tokens(), expected, "{line}");
        }
        assert!(Args::try_parse_from(["mock", "--port", "70000"]).is_err());
    }
}
