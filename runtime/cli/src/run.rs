//! From arguments to an exit status.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::app::App;
use crate::body::Op;
use crate::command::{Builder, Given, tree};
use crate::failure::{Failure, exit};
use crate::host::Host;
use crate::{access, body, call, complete, inspect, names, style, suggest};

/// Runs a program's command line on a host and gives the exit status.
///
/// `args` are those after the program's name.
///
/// ```no_run
/// # fn example(app: discovery_cli::App, host: &mut discovery_cli::Host<'_>) {
/// let status = discovery_cli::run_on(&app, ["methods".into()], host);
/// assert_eq!(status, 0);
/// # }
/// ```
pub fn run_on(app: &App, args: impl IntoIterator<Item = OsString>, host: &mut Host<'_>) -> u8 {
    let args: Vec<OsString> = args.into_iter().collect();
    let words: Vec<String> = args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let words = as_flags(app, words);
    let args = if words.first().map(String::as_str) == args.first().and_then(|arg| arg.to_str()) {
        args
    } else {
        words.iter().map(OsString::from).collect()
    };
    let as_json = wants_json_errors(&words);
    match dispatch(app, args, &words, host) {
        Ok(()) => exit::OK,
        Err(failure) => {
            tell(host, &failure, as_json);
            failure.code
        }
    }
}

/// `help a b` is `a b --help`.
fn as_flags(app: &App, words: Vec<String>) -> Vec<String> {
    let own = app.api.methods.iter().any(|method| method.resource.first() == Some(&"help"));
    match words.split_first() {
        Some((first, rest)) if first == "help" && !own => {
            rest.iter().cloned().chain(["--help".to_owned()]).collect()
        }
        _ => words,
    }
}

fn wants_json_errors(words: &[String]) -> bool {
    let pairs = words.iter().zip(words.iter().skip(1));
    words.iter().any(|word| word == "--error-format=json")
        || pairs.into_iter().any(|(flag, value)| flag == "--error-format" && value == "json")
}

fn tell(host: &Host<'_>, failure: &Failure, as_json: bool) {
    if as_json {
        host.say(&failure.json());
        return;
    }
    for (i, line) in failure.text().iter().enumerate() {
        match line.strip_prefix("error: ") {
            Some("") => {}
            Some(rest) if i == 0 => host.say(&format!("{}: {rest}", style::error("error"))),
            _ => host.say(line),
        }
    }
}

fn dispatch(
    app: &App,
    args: Vec<OsString>,
    words: &[String],
    host: &mut Host<'_>,
) -> Result<(), Failure> {
    let mut command = Builder::for_words(*app, words).build();
    let with_name = [OsString::from(app.name)].into_iter().chain(args);
    let matches = match command.try_get_matches_from_mut(with_name) {
        Ok(matches) => matches,
        Err(error) => return explain(app, words, host, &error),
    };
    let given = Given::new(matches);
    if given.has("help-all") {
        return inspect::full_help(command, &given, host);
    }
    if let Some(method) = tree::find(app.api, &given.words) {
        return call::run(app, method, &given, host);
    }
    let tool = given.words.first().map_or("", String::as_str);
    let tool = tool.strip_prefix("cli-").unwrap_or(tool);
    match (tool, given.words.get(1).map(String::as_str)) {
        ("auth", Some(command)) => access::run(app, command, &given, host),
        ("config", _) => access::run(app, "config", &given, host),
        ("completions", _) => complete::script(app, &given, host),
        _ => inspect::run(app, tool, &given, host),
    }
}

/// Help goes to standard output; mistakes that clap finds become failures.
fn explain(
    app: &App,
    words: &[String],
    host: &mut Host<'_>,
    error: &clap::Error,
) -> Result<(), Failure> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            call::print(host, &error.render().ansi().to_string())
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            if words.iter().any(|w| w == "--help-all") =>
        {
            let command = Builder::for_words(*app, words).build();
            inspect::full_help_of(command, words, host)
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            host.say(&error.render().ansi().to_string());
            Err(Failure::usage(""))
        }
        ErrorKind::InvalidSubcommand => Err(unknown_command(app, words, error)),
        _ => {
            let rendered = error.render().to_string();
            let text = rendered.strip_prefix("error: ").unwrap_or(&rendered).trim_end();
            let mut failure = Failure::usage(text);
            if let Some(note) = field_as_flag(app, words, error) {
                failure = failure.note(note);
            }
            Err(failure)
        }
    }
}

/// A word that is no command, with the one that was meant.
fn unknown_command(app: &App, words: &[String], error: &clap::Error) -> Failure {
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidSubcommand) else {
        return Failure::usage(error.to_string());
    };
    let before: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !word.starts_with('-'))
        .take_while(|word| word != typed)
        .collect();
    let line = [vec![app.name], before].concat().join(" ");
    let failure = Failure::usage(format!("there is no command '{typed}' in '{line}'"));
    let known = tree::below(app, &line);
    match suggest::closest(typed, known) {
        Some(meant) => failure.note(format!("Did you mean '{line} {meant}' ?")),
        None => failure.note(format!("'{line} --help' lists the commands")),
    }
}

/// `--title x` where `title` is a field of the request.
fn field_as_flag(app: &App, words: &[String], error: &clap::Error) -> Option<String> {
    if error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidArg) else { return None };
    let name = typed.trim_start_matches('-').split('=').next()?;
    let commands: Vec<String> =
        words.iter().take_while(|word| !word.starts_with('-')).cloned().collect();
    let method = (1..=commands.len()).rev().find_map(|n| tree::find(app.api, &commands[..n]))?;
    let path = body::field_path(method.request?, &names::kebab(name), Op::Set)?;
    Some(format!("'{name}' is a field of the request: use -r {path}=VALUE"))
}
