//! Builds the clap commands of an API at program start.

use std::collections::BTreeSet;

use clap::{Arg, ArgAction, ColorChoice, Command};
use discovery_describe::names::kebab;
use discovery_runtime::reflect::{MethodInfo, ParamInfo};

use super::args::{body_args, download_args, param_flag, params_arg, positionals, upload_args};
use super::tools;
use crate::app::App;
use crate::flags::{self, FLAGS, Flag, QUERY};
use crate::help;
use crate::params;
use crate::text;
use crate::tree::{self, Branch};

/// Maximum number of methods that a resource lists directly; others list their sub-resources.
const FLAT_LIST: usize = 24;

/// Builds commands. Only those on the command line get their arguments, so that a large API starts
/// as fast as a small one.
pub(crate) struct Builder<'a> {
    app: App,
    /// Words of the command line; `None` builds everything.
    words: Option<BTreeSet<&'a str>>,
    /// Whether to build only the commands that the line names.
    named_commands: bool,
    /// Whether to build only the common flags that the line names.
    named_flags: bool,
    /// Whether to add the texts of a help.
    texts: bool,
    /// `--help-all`: hidden flags are shown.
    help_all: bool,
    /// Whether help was requested.
    help: bool,
    color: ColorChoice,
    /// Columns of a help text.
    width: usize,
}

impl<'a> Builder<'a> {
    /// Creates a builder for one command line.
    pub(crate) fn for_words(app: App, words: &'a [String]) -> Self {
        let set: BTreeSet<&str> = words.iter().map(String::as_str).collect();
        let help_all = set.contains("--help-all");
        let help = help_all || set.contains("--help") || set.contains("-h");
        Self {
            app,
            color: color(words),
            help_all,
            help,
            words: Some(set),
            width: 80,
            named_commands: false,
            named_flags: false,
            texts: true,
        }
    }

    /// Leaves out all that the line does not name: other commands, flags, and texts. The command
    /// accepts a subset of lines and parses them as the complete one does; it cannot print help.
    pub(crate) fn lean(self) -> Self {
        Self { named_commands: true, named_flags: true, texts: false, ..self }
    }

    /// Leaves out what the help that the line asks for does not show: flags that are hidden in it, and
    /// other commands if the line names a method before its flags. `None` if it shows everything.
    pub(crate) fn for_help(self, words: &[String]) -> Option<Self> {
        let commands = words.iter().take_while(|word| !word.starts_with('-'));
        let commands: Vec<String> = commands.cloned().collect();
        let named_commands = tree::find(self.app.api, &commands).is_some();
        (self.help && !self.help_all).then_some(Self { named_commands, named_flags: true, ..self })
    }

    /// Returns `true` if the line asks for help, or is empty.
    pub(crate) fn prints_help(&self) -> bool {
        self.help || self.words.as_ref().is_some_and(BTreeSet::is_empty)
    }

    /// Sets the width of help texts.
    pub(crate) fn wide(self, width: usize) -> Self {
        Self { width, ..self }
    }

    /// Creates a builder of all commands, for documentation.
    pub(crate) fn everything(app: App) -> Self {
        let color = ColorChoice::Never;
        Self {
            app,
            words: None,
            help_all: true,
            help: false,
            color,
            width: 80,
            named_commands: false,
            named_flags: false,
            texts: true,
        }
    }

    fn wants(&self, name: &str) -> bool {
        self.words.as_ref().is_none_or(|words| words.contains(name))
    }

    /// Returns `true` if the line has this flag, or if all flags are built.
    fn has_flag(&self, flag: &Flag) -> bool {
        let Some(words) = self.words.as_ref().filter(|_| self.named_flags) else { return true };
        let is_short = |word: &str| word.starts_with('-') && !word.starts_with("--");
        let also = flag.long == "jmespath" && has_long(words, QUERY);
        also || has_long(words, flag.long)
            || flag.short.is_some() && words.iter().any(|w| is_short(w))
    }

    /// Returns `true` if the line has this parameter as a flag, or if all are built.
    fn has_param(&self, param: &ParamInfo) -> bool {
        let Some(words) = self.words.as_ref().filter(|_| self.named_flags) else { return true };
        has_long(words, param.name) || has_long(words, &params::flag_name(param))
    }

    /// The API's resources and methods; a lean command has only those that the line may name.
    fn tree(&self) -> Branch {
        let is_named = |method: &MethodInfo| {
            let (first, below) = match method.resource.split_first() {
                Some((first, below)) => (first, below),
                None => (&method.name, [].as_slice()),
            };
            let rest = || below.iter().chain([&method.name]).map(|name| kebab(name));
            self.wants(&kebab(first))
                && (method.resource.is_empty()
                    || rest().all(|name| self.wants(&name))
                    || self.wants(&rest().collect::<Vec<_>>().join("-")))
        };
        Branch::of(self.app.api, |method| !self.named_commands || is_named(method))
    }

    /// The program.
    pub(crate) fn build(&self) -> Command {
        let mut command = Command::new(self.app.name)
            .version(self.app.version)
            .color(self.color)
            .term_width(self.width)
            .subcommand_required(true)
            .arg_required_else_help(true)
            .disable_help_subcommand(true)
            .disable_help_flag(true)
            .args(self.common());
        if !self.named_commands {
            let api = self.app.api;
            let about = text::summary(api.description);
            command = command
                .about(format!("{} {}: {about}", api.title, api.version))
                .after_help(help::program(&self.app));
        }
        let root = self.tree();
        let mut taken = BTreeSet::new();
        for method in &root.methods {
            if taken.insert(kebab(method.name)) {
                command = command.subcommand(self.method(kebab(method.name), method));
            }
        }
        for branch in root.branches.iter().filter(|branch| !taken.contains(&branch.name)) {
            command = command.subcommand(self.top_branch(branch));
        }
        for tool in tools::TOOLS {
            let name = tool.name(self.app.api);
            if self.wants(&name) {
                let full = (tool.command)(&self.app).about(tool.about).name(name);
                command = command.subcommand(tools::with_formats(self.with_common(full)));
            } else if !self.named_commands {
                command = command.subcommand(Command::new(name).about(tool.about));
            }
        }
        command
    }

    fn with_common(&self, command: Command) -> Command {
        let below: Vec<Command> = command.get_subcommands().cloned().collect();
        let command = command.args(self.common());
        below.into_iter().fold(command, |command, sub| {
            let name = sub.get_name().to_owned();
            command.mut_subcommand(name, |sub| sub.args(self.common()))
        })
    }

    /// Flags accepted in any position.
    fn common(&self) -> Vec<Arg> {
        let general = self.app.api.params.iter().filter(|param| self.has_param(param));
        let general = general.map(|param| {
            let flag = param_flag(param, self.texts);
            flag.hide(!self.help_all).help_heading("General properties")
        });
        let flags = FLAGS.iter().filter(|flag| self.has_flag(flag)).map(|flag| {
            let there = flag.long != "mock" || self.app.mock.is_some();
            flags::argument(flag, self.help_all && there)
        });
        let help = if self.texts { help_flags() } else { Vec::new() };
        flags.chain(general).chain(help).collect()
    }

    /// Builds a top-level resource: its methods under flat names, its resources by path.
    fn top_branch(&self, branch: &Branch) -> Command {
        let flat = branch.flat();
        let is_flat = flat.len() <= FLAT_LIST;
        let mut command = self.branch(branch, is_flat);
        if !self.wants(&branch.name) {
            return command;
        }
        let mut taken: BTreeSet<String> =
            command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
        for (name, method) in flat {
            let direct = method.resource.len() == 1;
            if !direct && taken.insert(name.clone()) {
                command = command.subcommand(self.method(name, method).hide(!is_flat));
            }
        }
        command
    }

    /// Builds a resource with its methods and resources.
    fn branch(&self, branch: &Branch, hide_resources: bool) -> Command {
        let asked = self.wants(&branch.name);
        let about = match (self.named_commands, asked && self.words.is_some()) {
            (true, _) => String::new(),
            (_, true) => format!("The methods of '{}'", branch.name),
            (_, false) => help::branch(branch),
        };
        let mut command = Command::new(branch.name.clone())
            .about(about)
            .subcommand_required(true)
            .arg_required_else_help(true)
            .disable_help_subcommand(true)
            .disable_help_flag(true);
        if !asked {
            return command;
        }
        command = command.args(self.common());
        let mut taken = BTreeSet::new();
        for method in &branch.methods {
            let name = kebab(method.name);
            // The generator warned of names that differ only in case or separators.
            if taken.insert(name.clone()) {
                command = command.subcommand(self.method(name, method));
            }
        }
        for below in branch.branches.iter().filter(|below| !taken.contains(&below.name)) {
            command = command.subcommand(self.branch(below, false).hide(hide_resources));
        }
        if hide_resources && !branch.branches.is_empty() && !self.named_commands {
            command = command.after_help(help::other_spelling(&self.app, branch));
        }
        command
    }

    fn method(&self, name: String, method: &'static MethodInfo) -> Command {
        let wanted = self.wants(&name);
        let command = Command::new(name).disable_help_subcommand(true).disable_help_flag(true);
        if !wanted {
            return if self.texts { command.about(summary(method)) } else { command };
        }
        let command = command
            .args(positionals(method, self.texts).into_iter().map(|arg| arg.required(self.help)))
            .args(body_args(method, self.help_all))
            .arg(params_arg())
            .args(self.method_params(method))
            .args(upload_args(method))
            .args(download_args(method))
            .args(self.common());
        let command = with_query(command);
        if self.texts { self.with_texts(command, method) } else { command }
    }

    /// Adds the texts of a method's help.
    fn with_texts(&self, command: Command, method: &'static MethodInfo) -> Command {
        let command = match &self.words {
            Some(_) => command.about(method.description),
            None => command.about(summary(method)).long_about(method.description),
        };
        let command = if method.spec.download { with_as_stored(command) } else { command };
        let command = command.override_usage(help::usage_lines(&self.app, method, self.width));
        if self.help || self.words.is_none() {
            command.after_help(help::method(&self.app, method, self.width))
        } else {
            command
        }
    }

    fn method_params(&self, method: &MethodInfo) -> Vec<Arg> {
        let general = self.app.api.params.iter().map(params::flag_name);
        let mut taken: BTreeSet<String> = general.collect();
        method
            .params
            .iter()
            .filter(|param| params::has_flag(method, param))
            .filter(|param| taken.insert(params::flag_name(param)))
            .filter(|param| self.texts || self.has_param(param))
            .map(|param| {
                let flag = param_flag(param, self.texts);
                flag.hide(param.required).help_heading("Parameters")
            })
            .collect()
    }
}

/// A method's line in a list of commands.
fn summary(method: &MethodInfo) -> String {
    let about = text::summary(method.description);
    if method.deprecated { format!("Deprecated. {about}") } else { about }
}

/// Shows `--as-stored`, which other methods hide and a help built alone therefore lacks.
fn with_as_stored(command: Command) -> Command {
    let name = "as-stored";
    let shown = |arg: Arg| arg.hide(false).help_heading("Media");
    if command.get_arguments().any(|arg| arg.get_id() == name) {
        return command.mut_arg(name, shown);
    }
    let flag = FLAGS.iter().find(|flag| flag.long == name);
    command.args(flag.map(|flag| shown(flags::argument(flag, true))))
}

/// Gives `--jmespath` its other name, unless a parameter has it.
fn with_query(command: Command) -> Command {
    let named = |name: &str| command.get_arguments().any(|arg| arg.get_long() == Some(name));
    if named(QUERY) || !named("jmespath") {
        return command;
    }
    command.mut_arg("jmespath", |arg| arg.visible_alias(QUERY))
}

fn help_flags() -> Vec<Arg> {
    let help =
        Arg::new("help").short('h').long("help").help("Print help").action(ArgAction::HelpShort);
    let help_all = Arg::new("help-all")
        .long("help-all")
        .help("Print help with the flags of every command")
        .action(ArgAction::HelpShort);
    vec![help, help_all]
}

/// Returns `true` if a word is the flag `--long`, alone or with its value.
fn has_long(words: &BTreeSet<&str>, long: &str) -> bool {
    words.iter().any(|word| {
        let value = word.strip_prefix("--").and_then(|word| word.strip_prefix(long));
        value.is_some_and(|value| value.is_empty() || value.starts_with('='))
    })
}

/// The last value of `--color`: it must be known before clap parses.
pub(crate) fn color_word(words: &[String]) -> Option<&str> {
    let at = words.iter().rposition(|word| word.starts_with("--color"))?;
    match words[at].strip_prefix("--color")? {
        "" => words.get(at + 1).map(String::as_str),
        rest => rest.strip_prefix('='),
    }
}

fn color(words: &[String]) -> ColorChoice {
    match color_word(words) {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}

/// The id of a positional argument.
pub(crate) fn positional_id(param: &ParamInfo) -> String {
    format!("<{}>", param.name)
}

/// The id of a parameter's flag, which not every parameter has.
pub(crate) fn flag_id(param: &ParamInfo) -> String {
    format!("--{}", param.name)
}
