//! Runs a command line, from arguments to exit status.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use discovery_describe::names;
use discovery_describe::shell::quote;

use discovery_runtime::observe::secrets::is_secret_param;

use crate::app::App;
use crate::body::Op;
use crate::command::{Arguments, Builder, tools};
use crate::failure::{Failure, exit};
use crate::host::Host;
use crate::tree;
use crate::{access, body, call, complete, inspect, prompt, style, suggest};

/// Runs a program's command line on a host and returns the exit status.
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
    let args: Vec<OsString> = detached(args);
    let words: Vec<String> = args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let (args, words) = match asks_help(app, &words) {
        Some(words) => (words.iter().map(OsString::from).collect(), words),
        None => (args, words),
    };
    let as_json = wants_json_errors(&words);
    match dispatch(app, args, &words, host) {
        Ok(()) => exit::OK,
        Err(failure) => {
            print_failure(host, &failure, as_json);
            failure.code
        }
    }
}

/// Splits `-r.job` into `-r .job`: further values may follow an attached one, which clap does not
/// support.
fn detached(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut out = Vec::new();
    let mut open = true;
    for arg in args {
        let flag = arg.to_str().filter(|_| open).and_then(|text| {
            let at = ["-r", "-p"].into_iter().find(|flag| text.starts_with(flag))?;
            let value = &text[at.len()..];
            (!value.is_empty() && !value.starts_with('=')).then(|| (at, value.to_owned()))
        });
        open = open && arg != "--";
        match flag {
            Some((flag, value)) => out.extend([flag.into(), value.into()]),
            None => out.push(arg),
        }
    }
    out
}

/// `help a b` as `a b --help`.
fn asks_help(app: &App, words: &[String]) -> Option<Vec<String>> {
    let own = app.api.methods.iter().any(|method| method.resource.first() == Some(&"help"));
    let (_, rest) = words.split_first().filter(|(first, _)| *first == "help" && !own)?;
    Some(rest.iter().cloned().chain(["--help".to_owned()]).collect())
}

fn wants_json_errors(words: &[String]) -> bool {
    let pairs = words.iter().zip(words.iter().skip(1));
    words.iter().any(|word| word == "--error-format=json")
        || pairs.into_iter().any(|(flag, value)| flag == "--error-format" && value == "json")
}

/// Kind of a failure that has been printed already.
const ALREADY_PRINTED: &str = "shown";

fn print_failure(host: &Host<'_>, failure: &Failure, as_json: bool) {
    if failure.code == exit::OK || failure.kind == ALREADY_PRINTED {
        return;
    }
    if as_json {
        host.print_message(&failure.json());
        return;
    }
    for line in failure.text() {
        match line.strip_prefix("error: ") {
            Some(rest) => host.print_tagged(&style::error("error"), rest),
            None => host.print_message(&line),
        }
    }
}

fn dispatch(
    app: &App,
    args: Vec<OsString>,
    words: &[String],
    host: &mut Host<'_>,
) -> Result<(), Failure> {
    let matches = match parse(app, args, words, host.terminals.width()) {
        Ok(matches) => matches,
        Err(error) => return explain(app, words, host, &error),
    };
    let mut arguments = Arguments::new(matches);
    if let Some(method) = tree::find(app.api, &arguments.words) {
        prompt::ask(app, method, &mut arguments, host)?;
        return call::run(app, method, &arguments, host);
    }
    let tool = arguments.words.first().map_or("", String::as_str);
    let tool = tool.strip_prefix("cli-").unwrap_or(tool);
    match (tool, arguments.words.get(1).map(String::as_str)) {
        ("auth", Some(command)) => access::run(app, command, &arguments, host),
        ("config", _) => access::run(app, "config", &arguments, host),
        ("batch", _) => call::run_batch(app, &arguments, host),
        ("completions", _) => complete::script(app, &arguments, host),
        _ => inspect::run(app, tool, &arguments, host),
    }
}

/// Parses the line with the commands that it names; errors need all of them.
fn parse(
    app: &App,
    args: Vec<OsString>,
    words: &[String],
    width: usize,
) -> Result<clap::ArgMatches, clap::Error> {
    let line = with_name(app, args);
    let builder = || Builder::for_words(*app, words).wide(width);
    let (lean, shown) = match builder().prints_help() {
        true => (builder().for_help(words), ErrorKind::DisplayHelp),
        false => (Some(builder().lean()), ErrorKind::DisplayVersion),
    };
    if let Some(lean) = lean {
        let result = lean.build().try_get_matches_from(&line);
        if result.as_ref().err().is_none_or(|error| error.kind() == shown) {
            return result;
        }
    }
    builder().build().try_get_matches_from(&line)
}

fn with_name(app: &App, args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    [OsString::from(app.name)].into_iter().chain(args).collect()
}

/// Returns `true` if the lean commands reject a line, or parse it as the complete ones do.
pub(crate) fn lean_agrees(app: &App, args: impl IntoIterator<Item = OsString>) -> bool {
    let args = detached(args);
    let words: Vec<String> = args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let line = with_name(app, args);
    let builder = || Builder::for_words(*app, &words);
    let read = |command: clap::Command| {
        let arguments = Arguments::new(command.try_get_matches_from(&line).ok()?);
        Some((arguments.typed(), arguments.words))
    };
    let lean = read(builder().lean().build());
    lean.is_none() || lean == read(builder().build())
}

/// Prints help to standard output; converts clap's errors to failures.
fn explain(
    app: &App,
    words: &[String],
    host: &mut Host<'_>,
    error: &clap::Error,
) -> Result<(), Failure> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let help = error.render();
            let text =
                if host.terminals.color { help.ansi().to_string() } else { help.to_string() };
            crate::output::print(host, &text)
        }
        kind @ (ErrorKind::MissingSubcommand
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand) => {
            let failure = missing_command(Builder::for_words(*app, words).build(), words);
            if kind == ErrorKind::MissingSubcommand || wants_json_errors(words) {
                return Err(failure);
            }
            // Only the command was typed: print its help.
            host.print_styled(error.render().ansi().to_string().trim_end());
            Err(Failure { kind: ALREADY_PRINTED, ..failure })
        }
        ErrorKind::InvalidSubcommand => Err(unknown_command(app, words, error)),
        ErrorKind::UnknownArgument => Err(unknown_argument(app, words, error)),
        _ => {
            let rendered = error.render().to_string();
            let text = rendered.strip_prefix("error: ").unwrap_or(&rendered).trim_end();
            Err(Failure::usage(text))
        }
    }
}

/// Failure for an incomplete command, with the words that may follow.
fn missing_command(mut command: clap::Command, words: &[String]) -> Failure {
    command.build();
    let mut at = &command;
    for word in words {
        at = at.find_subcommand(word).unwrap_or(at);
    }
    let below = at.get_subcommands().filter(|sub| !sub.is_hide_set());
    let names: Vec<&str> = below.map(clap::Command::get_name).collect();
    let line = at.get_bin_name().unwrap_or(at.get_name());
    Failure::usage(format!("a command is missing after '{line}'"))
        .note(format!("there are: {}", names.join(", ")))
        .note(format!("see '{line} --help'"))
}

/// Failure for an unknown command, with a suggestion.
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
    let near = suggest::nearest(typed, tools::below(app, &line));
    let failure = match near.split_first() {
        Some((meant, [])) => failure.note(format!("Did you mean '{line} {meant}' ?")),
        Some((meant, others)) => failure
            .note(format!("Did you mean '{line} {meant}' ?"))
            .note(format!("or: {}", others.join(", "))),
        None => failure,
    };
    failure.note(format!("'{line} --help' lists the commands"))
}

/// Failure for an unknown flag or surplus argument, with a suggestion.
fn unknown_argument(app: &App, words: &[String], error: &clap::Error) -> Failure {
    let typed = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(typed)) => typed.as_str(),
        _ => "",
    };
    let line = command_of(app, words);
    let is_flag = typed.starts_with('-');
    let failure = Failure::usage(if is_flag {
        format!("there is no flag '{typed}' in '{line}'")
    } else {
        format!("'{typed}' is one argument too many for '{line}'")
    });
    if let Some(note) = field_as_flag(app, words, typed) {
        return failure.note(note);
    }
    let meant = match error.get(ContextKind::SuggestedArg) {
        Some(ContextValue::String(meant)) if is_flag => suggest::closest(typed, [meant]),
        _ => None,
    };
    let failure = match meant {
        Some(meant) => failure.note(format!("Did you mean '{meant}' ?")),
        None => failure,
    };
    failure.note(format!("'{line} --help' shows how it is called, '--help-all' every flag"))
}

/// Returns the program and its command, as typed.
fn command_of(app: &App, words: &[String]) -> String {
    let mut command = Builder::for_words(*app, words).build();
    command.build();
    let mut at = &command;
    for word in words {
        at = at.find_subcommand(word).unwrap_or(at);
    }
    at.get_bin_name().unwrap_or(app.name).to_owned()
}

/// Recognizes `--title x` where `title` is a field of the request.
fn field_as_flag(app: &App, words: &[String], typed: &str) -> Option<String> {
    let name = typed.strip_prefix("--")?.split('=').next()?;
    let commands: Vec<String> =
        words.iter().take_while(|word| !word.starts_with('-')).cloned().collect();
    let method = (1..=commands.len()).rev().find_map(|n| tree::find(app.api, &commands[..n]))?;
    let path = body::field_path(method.request?, &names::kebab(name), Op::Set)?;
    let at = words.iter().position(|word| word.split('=').next() == Some(typed))?;
    let value = match words[at].split_once('=') {
        Some((_, value)) => value,
        None => words.get(at + 1).map_or("VALUE", String::as_str),
    };
    let value = if is_secret_param(&path) { crate::text::HIDDEN } else { value };
    let token = quote(&format!("{path}={value}"));
    Some(format!("'{name}' is a field of the request: use -r {token}"))
}
