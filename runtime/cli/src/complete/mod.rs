//! Completion: static scripts by clap, and dynamic completion by this program, which knows the
//! fields of requests.

mod bash;
mod fields;
mod names;
mod powershell;
mod zsh;

use std::ffi::{OsStr, OsString};

use clap::Command;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{CompleteEnv, Elvish, EnvCompleter, Fish, Shells};
use discovery_runtime::reflect::MethodInfo;

use crate::app::App;
use crate::command::{Arguments, Builder, flag_id, positional_id};
use crate::failure::{Failure, exit};
use crate::host::Host;
use crate::output::closed;
use crate::output::print;
use crate::tree;

pub(crate) use fields::candidates;
pub(crate) use names::{Place, Word, names};

/// Variable with which a shell requests completions.
const VARIABLE: &str = "_COMPLETE_API_COMMAND";

/// Shells with dynamic completion by clap. Bash, which splits words at `=` and `:`, and zsh,
/// because of names that continue, have scripts of their own. Fish and Elvish quote what they
/// insert.
const SHELLS: &[&dyn EnvCompleter] =
    &[&bash::Bash, &zsh::Zsh, &Fish, &powershell::Quoting, &Elvish];

/// A script for a program.
fn filled(script: &str, var: &str, name: &str, bin: &str, completer: &str) -> String {
    script
        .replace("NAME", &name.replace('-', "_"))
        .replace("BIN", bin)
        .replace("COMPLETER", completer)
        .replace("VAR", var)
}

/// Handles a completion request; `None` for a normal run.
pub(crate) fn answer(app: &App) -> Option<u8> {
    std::env::var_os(VARIABLE).filter(|shell| !shell.is_empty() && shell != "0")?;
    let args: Vec<OsString> = std::env::args_os().collect();
    let words = typed(&args);
    let app = *app;
    let done = CompleteEnv::with_factory(|| with_fields(&app, &words))
        .var(VARIABLE)
        .bin(app.name)
        .shells(Shells(SHELLS))
        .try_complete(args, std::env::current_dir().ok().as_deref());
    // A completion request must not print errors.
    Some(if done.is_ok() { exit::OK } else { exit::USAGE })
}

/// Returns completions of the last of the words of a command line.
pub(crate) fn completed(app: &App, words: &[String]) -> Vec<String> {
    let args: Vec<OsString> = std::iter::once(app.name)
        .chain(words.iter().map(String::as_str))
        .map(OsString::from)
        .collect();
    let last = words.len();
    let offers = clap_complete::engine::complete(&mut with_fields(app, words), args, last, None);
    let text = |offer: &CompletionCandidate| offer.get_value().to_string_lossy().into_owned();
    offers.iter().flatten().map(text).collect()
}

/// Returns the words up to the cursor, without the program's name.
fn typed(args: &[OsString]) -> Vec<String> {
    let after = args.iter().position(|arg| arg == "--").map_or(args.len(), |at| at + 1);
    let words = args[after..].iter().map(|arg| arg.to_string_lossy().into_owned());
    let index = std::env::var("_CLAP_COMPLETE_INDEX").ok().and_then(|index| index.parse().ok());
    let words: Vec<String> = words.collect();
    let (mut words, at) = bash::joined(words, index.unwrap_or(usize::MAX));
    words.truncate(at + 1);
    words.into_iter().skip(1).collect()
}

/// Returns the commands with completers for `-r` and `-p` that consider the preceding words.
fn with_fields(app: &App, words: &[String]) -> Command {
    let command = Builder::for_words(*app, words).build();
    let names = command_words(app, words);
    let method = (1..=names.len()).rev().find_map(|n| {
        let found = tree::find(app.api, &names[..n])?;
        Some((n, found))
    });
    let Some((depth, method)) = method else { return with_names(app, command, &names) };
    let command = with_resources(*app, command, method, words, &names[..depth]);
    let (app, before) = (*app, fields::tokens_before(words));
    let r = ArgValueCompleter::new(move |current: &OsStr| {
        let current = current.to_string_lossy();
        candidates(method, &before, &current).into_iter().map(candidate).collect()
    });
    let p = ArgValueCompleter::new(move |current: &OsStr| {
        let current = current.to_string_lossy();
        fields::parameters(&app, method, &current).into_iter().map(candidate).collect()
    });
    let add = move |command: Command| {
        let command = command.mut_arg("p", |arg| arg.add(p.clone()));
        if method.request.is_some() && command.get_arguments().any(|arg| arg.get_id() == "r") {
            command.mut_arg("r", |arg| arg.add(r.clone()))
        } else {
            command
        }
    };
    at_path(command, &names[..depth], Box::new(add))
}

/// Adds completers for parameters whose values a list names.
fn with_resources(
    app: App,
    command: Command,
    method: &'static MethodInfo,
    words: &[String],
    path: &[String],
) -> Command {
    let before: Vec<String> = words.split_last().map(|(_, rest)| rest.to_vec()).unwrap_or_default();
    let add = move |mut command: Command| {
        for param in method.params.iter().filter(|param| param.listed.is_some()) {
            let before = before.clone();
            let completer = ArgValueCompleter::new(move |typed: &OsStr| {
                let typed = typed.to_string_lossy().into_owned();
                let word = Word { method, param, before: before.clone(), typed };
                let found = names::names(app, word, Place::of_process());
                found.into_iter().map(CompletionCandidate::new).collect()
            });
            for id in [positional_id(param), flag_id(param)] {
                if command.get_arguments().any(|arg| arg.get_id() == id.as_str()) {
                    command = command.mut_arg(id, |arg| arg.add(completer.clone()));
                }
            }
        }
        command
    };
    at_path(command, path, Box::new(add))
}

/// Adds type and method names to the commands that show them.
fn with_names(app: &App, command: Command, words: &[String]) -> Command {
    let Some(tool) = words.first().filter(|tool| *tool == "schema" || *tool == "docs") else {
        return command;
    };
    let methods = app.api.methods.iter().map(|method| method.spec.id);
    let types = app.api.schemas.iter().map(|schema| schema.name);
    let known: Vec<&'static str> = match tool.as_str() {
        "schema" => types.chain(methods).collect(),
        _ => app.docs.iter().map(|doc| doc.name).chain(methods).collect(),
    };
    let completer = ArgValueCompleter::new(move |current: &OsStr| {
        let current = current.to_string_lossy();
        let fits = known.iter().filter(|name| name.starts_with(&*current));
        fits.map(|name| CompletionCandidate::new(*name)).collect()
    });
    let tool = tool.clone();
    command.mut_subcommand(tool, |tool| tool.mut_arg("name", |arg| arg.add(completer)))
}

/// Parses the words before the cursor; a flag without its value is left out.
fn parsed(app: &App, before: &[String]) -> Option<Arguments> {
    let parse = |words: &[String]| {
        let line = [app.name.to_owned()].into_iter().chain(words.iter().cloned());
        Builder::for_words(*app, words).build().try_get_matches_from(line)
    };
    let shorter = || parse(before.split_last()?.1).ok();
    parse(before).ok().or_else(shorter).map(Arguments::new)
}

/// Returns the words of the command; flags may precede them.
fn command_words(app: &App, words: &[String]) -> Vec<String> {
    let before = words.split_last().map_or(&[][..], |(_, before)| before);
    match parsed(app, before) {
        Some(arguments) => arguments.words,
        None => words.iter().take_while(|word| !word.starts_with('-')).cloned().collect(),
    }
}

type Change = Box<dyn FnOnce(Command) -> Command>;

fn at_path(command: Command, path: &[String], change: Change) -> Command {
    match path.split_first() {
        None => change(command),
        // A method of the same name hides a resource; the other spelling names those below.
        Some((first, _)) if command.find_subcommand(first).is_none() => command,
        Some((first, rest)) => {
            let first = first.clone();
            let rest = rest.to_vec();
            command.mut_subcommand(first, move |below| at_path(below, &rest, change))
        }
    }
}

fn candidate((value, help): (String, String)) -> CompletionCandidate {
    let help = (!help.is_empty()).then(|| help.into());
    CompletionCandidate::new(value).help(help)
}

/// Prints the script that a shell sources at startup.
pub(crate) fn script(app: &App, arguments: &Arguments, host: &mut Host<'_>) -> Result<(), Failure> {
    let shell = arguments.one("shell").unwrap_or_default();
    if arguments.has("static") {
        return static_script(app, &shell, host);
    }
    let known = Shells(SHELLS);
    let completer = known
        .completer(&shell)
        .ok_or_else(|| Failure::usage(format!("there is no completion for '{shell}'")))?;
    let mut text = Vec::new();
    completer
        .write_registration(VARIABLE, app.name, app.name, app.name, &mut text)
        .map_err(|error| closed(&error))?;
    print(host, &String::from_utf8_lossy(&text))
}

fn static_script(app: &App, shell: &str, host: &mut Host<'_>) -> Result<(), Failure> {
    use clap_complete::Shell;
    let shell: Shell = shell
        .parse()
        .map_err(|_| Failure::usage(format!("there is no completion for '{shell}'")))?;
    let mut command = Builder::everything(*app).build();
    if shell == Shell::PowerShell {
        command = powershell::described(command);
    }
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut command, app.name, &mut text);
    print(host, &String::from_utf8_lossy(&text))
}
