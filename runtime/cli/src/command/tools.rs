//! Commands that every generated program has in addition to those of its API.

use clap::{Arg, ArgAction, Command};
use discovery_describe::names::kebab;

use crate::app::App;
use crate::tree::Branch;

/// Returns the tools. If the API has a resource of the same name, the tool is called `cli-…`.
pub(crate) fn commands(app: &App) -> Vec<Command> {
    vec![auth(), config(), methods(), schema(app), docs(app), completions(), man()]
}

/// Returns the words that may follow a command's words; the program's name comes first.
pub(crate) fn below(app: &App, line: &str) -> Vec<String> {
    let mut words = line.split(' ').skip(1).peekable();
    let top = words.peek().is_none();
    let root = Branch::of(app.api);
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
        out.extend(commands(app).iter().map(|tool| tool.get_name().to_owned()));
    }
    out
}

fn group(name: &'static str, about: &'static str) -> Command {
    Command::new(name)
        .about(about)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .disable_help_flag(true)
}

fn auth() -> Command {
    group("auth", "Sign in, sign out, see who calls")
        .subcommand(
            Command::new("login")
                .about("Sign in in the browser with your own OAuth client")
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
                ),
        )
        .subcommand(Command::new("logout").about("Forget the stored login"))
        .subcommand(Command::new("status").about("Which credentials a call would use"))
        .subcommand(Command::new("print-access-token").about("Print a token, for scripts and curl"))
}

fn config() -> Command {
    Command::new("config").about("Print where settings come from and what they are")
}

fn methods() -> Command {
    Command::new("methods").about("List the methods of the API").arg(
        Arg::new("filter").value_name("WORD").help("Only methods with this word in their name"),
    )
}

fn schema(app: &App) -> Command {
    let example = app.api.schemas.first().map_or("TYPE", |schema| schema.name);
    Command::new("schema")
        .about("Show a type, or the request and response of a method")
        .after_help(format!("Example: {} schema {example}", app.name))
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

fn docs(app: &App) -> Command {
    let mut help = String::from("A method");
    for doc in app.docs {
        help.push_str(", ");
        help.push_str(doc.name);
    }
    Command::new("docs")
        .about("Print the page of a method")
        .arg(Arg::new("name").value_name("METHOD").num_args(1..).required(true).help(help))
}

/// Shells that completion works in.
pub(crate) const SHELLS: &[&str] = &["bash", "zsh", "fish", "powershell", "elvish"];

fn completions() -> Command {
    Command::new("completions")
        .about("Print completion for a shell")
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
        .about("Print the manual page, or write the pages of every command")
        .arg(Arg::new("dir").long("dir").value_name("DIR").help("Write all pages into this folder"))
}
