//! Commands that every generated program has in addition to those of its API.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command};
use discovery_describe::names::kebab;
use discovery_runtime::reflect::{ApiInfo, MethodInfo};

use crate::app::App;
use crate::flags::{FORMATS, JSON_SCHEMA};
use crate::tree::Branch;

/// A tool.
pub(crate) struct Tool {
    name: &'static str,
    /// Its line in the list of commands.
    pub(super) about: &'static str,
    /// Builds the command with its arguments.
    pub(super) command: fn(&App) -> Command,
}

impl Tool {
    /// Returns the name of its command: `cli-…` if the API has a command of its own name.
    pub(super) fn name(&self, api: &ApiInfo) -> String {
        let first = |method: &MethodInfo| *method.resource.first().unwrap_or(&method.name);
        let is_own = |name: &str| name.eq_ignore_ascii_case(self.name) && kebab(name) == self.name;
        let taken = api.methods.iter().any(|method| is_own(first(method)));
        if taken { format!("cli-{}", self.name) } else { self.name.to_owned() }
    }
}

/// Every tool.
#[rustfmt::skip]
pub(crate) const TOOLS: &[Tool] = &[
    Tool { name: "batch", about: "Make the calls of a file, in as few requests as the API allows",
        command: |_| batch() },
    Tool { name: "auth", about: "Sign in, sign out, see who calls", command: |_| auth() },
    Tool { name: "config", about: "Print where settings come from and what they are",
        command: |_| Command::new("config") },
    Tool { name: "methods", about: "List the methods of the API", command: |_| methods() },
    Tool { name: "schema", about: "Show a type, or the request and response of a method", command: schema },
    Tool { name: "search", about: "Find methods, fields, parameters and types by words", command: search },
    Tool { name: "docs", about: "Print the page of a method", command: docs },
    Tool { name: "completions", about: "Print completion for a shell", command: |_| completions() },
    Tool { name: "man", about: "Print the manual page, or write the pages of every command",
        command: |_| man() },
];

/// Returns the words that may follow a command's words; the program's name comes first.
pub(crate) fn below(app: &App, line: &str) -> Vec<String> {
    let mut words = line.split(' ').skip(1).peekable();
    let top = words.peek().is_none();
    let root = Branch::of(app.api, |_| true);
    let mut at = &root;
    let mut depth = 0;
    for word in words {
        match at.branches.iter().find(|branch| branch.name == word) {
            Some(branch) => at = branch,
            None => break,
        }
        depth += 1;
    }
    let mut out: Vec<String> = at.methods.iter().map(|method| kebab(method.name)).collect();
    out.extend(at.branches.iter().map(|branch| branch.name.clone()));
    if depth == 1 {
        out.extend(at.flat().into_iter().map(|(name, _)| name));
    }
    if top {
        out.extend(TOOLS.iter().map(|tool| tool.name(app.api)));
    }
    out
}

fn batch() -> Command {
    Command::new("batch")
        .after_help(
            "Each line is a call: a command as a list of words, or an object with 'method' (its ID),\n\
             'params', and 'body'. All lines are checked before the first is sent. For each line, in\n\
             order, a line of JSON is printed: {\"line\":1,\"ok\":true,\"result\":…} or\n\
             {\"line\":2,\"ok\":false,\"error\":…}. The exit status is that of the first failed call.",
        )
        .arg(
            Arg::new("file")
                .value_name("FILE.jsonl")
                .required(true)
                .help("The calls, one a line; '-' is standard input"),
        )
        .arg(
            Arg::new("size")
                .long("size")
                .value_name("N")
                .help("At most N calls in one request; 100 by default, some APIs allow fewer"),
        )
}

fn auth() -> Command {
    Command::new("auth")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .subcommand(
            Command::new("login")
                .about("Sign in in the browser with your own OAuth client")
                .arg(account("Name to store the login under; by default, the profile's"))
                .arg(
                    Arg::new("client-file")
                        .long("client-file")
                        .value_name("FILE")
                        .help("client_secret.json of a desktop application"),
                )
                .arg(
                    Arg::new("no-browser")
                        .long("no-browser")
                        .action(ArgAction::SetTrue)
                        .help("Print the address instead of opening a browser"),
                )
                .arg(
                    Arg::new("store")
                        .long("store")
                        .value_name("WHERE")
                        .value_parser(["keyring", "file"])
                        .help("Store the login there; by default, in the system's keyring if it works"),
                ),
        )
        .subcommand(
            Command::new("logout")
                .about("Forget the stored login")
                .arg(account("Account of the login; by default, the profile's")),
        )
        .subcommand(Command::new("list").about("List the stored logins; * marks the one in use"))
        .subcommand(
            Command::new("switch")
                .about("Choose the login that calls use")
                .arg(account("Account, or 'default' for the login without a name").required(true)),
        )
        .subcommand(Command::new("status").about("Which credentials a call would use"))
        .subcommand(Command::new("print-access-token").about("Print a token, for scripts and curl"))
}

fn account(help: &'static str) -> Arg {
    Arg::new("account").value_name("ACCOUNT").help(help)
}

fn methods() -> Command {
    Command::new("methods").arg(
        Arg::new("filter").value_name("WORD").help("Only methods with this word in their name"),
    )
}

fn schema(app: &App) -> Command {
    let example = app.api.schemas.first().map_or("TYPE", |schema| schema.name);
    Command::new("schema")
        .after_help(format!(
            "--format json-schema prints JSON Schema (draft 2020-12); of a method, with the \
             properties 'parameters', 'request' and 'response'.\n\nExample: {} schema {example}",
            app.name
        ))
        .arg(
            Arg::new("name")
                .value_name("TYPE|METHOD")
                .num_args(1..)
                .required(true)
                .help("A type, or a method as a command, an id or 'projects.jobs.list'"),
        )
        .arg(
            Arg::new("depth")
                .long("depth")
                .value_name("N")
                .default_value("3")
                .help("Levels to show"),
        )
}

/// Adds the formats that only `schema` has.
pub(super) fn with_formats(command: Command) -> Command {
    let format = |arg: &Arg| arg.get_id() == "format";
    if command.get_name().trim_start_matches("cli-") != "schema"
        || !command.get_arguments().any(format)
    {
        return command;
    }
    command.mut_arg("format", |arg| {
        let all = FORMATS.iter().chain([&JSON_SCHEMA]);
        arg.value_parser(PossibleValuesParser::new(all))
    })
}

fn search(app: &App) -> Command {
    Command::new("search")
        .after_help(format!(
            "Words may be misspelled or shortened. --limit N prints more than 20 results, \
             --format json prints them for programs.\n\n\
             Example: {} search delete",
            app.name
        ))
        .arg(
            Arg::new("word")
                .value_name("WORD")
                .num_args(1..)
                .required(true)
                .help("Words of a name, a description or a value"),
        )
}

fn docs(app: &App) -> Command {
    let mut help = String::from("A method");
    for doc in app.docs {
        help.push_str(", ");
        help.push_str(doc.name);
    }
    Command::new("docs")
        .arg(Arg::new("name").value_name("METHOD").num_args(1..).required(true).help(help))
}

/// Shells that completion works in.
pub(crate) const SHELLS: &[&str] = &["bash", "zsh", "fish", "powershell", "elvish"];

fn completions() -> Command {
    Command::new("completions")
        .arg(Arg::new("shell").value_name("SHELL").required(true).value_parser(SHELLS.to_vec()))
        .arg(
            Arg::new("static")
                .long("static")
                .action(ArgAction::SetTrue)
                .help("A script that does not run this program: no fields after -r"),
        )
}

fn man() -> Command {
    Command::new("man")
        .arg(Arg::new("dir").long("dir").value_name("DIR").help("Write all pages into this folder"))
}
