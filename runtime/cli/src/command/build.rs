//! Builds the clap commands of an API at program start.

use std::collections::BTreeSet;

use clap::{Arg, ArgAction, ColorChoice, Command};
use discovery_describe::names::kebab;
use discovery_runtime::reflect::{MethodInfo, ParamInfo};

use super::args::{body_args, param_flag, params_arg, positionals, upload_args};
use super::tools;
use crate::app::App;
use crate::flags::{self, FLAGS};
use crate::help;
use crate::params;
use crate::text;
use crate::tree::Branch;

/// Maximum number of methods that a resource lists directly; others list their sub-resources.
const FLAT_LIST: usize = 24;

/// Builds commands. Only those on the command line get their arguments, so that a large API starts
/// as fast as a small one.
pub(crate) struct Builder<'a> {
    app: App,
    /// Words of the command line; `None` builds everything.
    words: Option<BTreeSet<&'a str>>,
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
        Self { app, color: color(words), help_all, help, words: Some(set), width: 80 }
    }

    /// Sets the width of help texts.
    pub(crate) fn wide(self, width: usize) -> Self {
        Self { width, ..self }
    }

    /// Creates a builder of all commands, for documentation.
    pub(crate) fn everything(app: App) -> Self {
        let color = ColorChoice::Never;
        Self { app, words: None, help_all: true, help: false, color, width: 80 }
    }

    fn wants(&self, name: &str) -> bool {
        self.words.as_ref().is_none_or(|words| words.contains(name))
    }

    /// The program.
    pub(crate) fn build(&self) -> Command {
        let api = self.app.api;
        let mut command = Command::new(self.app.name)
            .version(self.app.version)
            .about(format!("{} {}: {}", api.title, api.version, text::summary(api.description)))
            .color(self.color)
            .term_width(self.width)
            .subcommand_required(true)
            .arg_required_else_help(true)
            .disable_help_subcommand(true)
            .disable_help_flag(true)
            .after_help(help::program(&self.app))
            .args(self.common());
        let root = Branch::of(api);
        for method in &root.methods {
            command = command.subcommand(self.method(kebab(method.name), method));
        }
        for branch in &root.branches {
            command = command.subcommand(self.top_branch(branch));
        }
        let taken: BTreeSet<String> =
            command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
        for tool in tools::commands(&self.app) {
            let tool = if taken.contains(tool.get_name()) {
                let name = format!("cli-{}", tool.get_name());
                tool.name(name)
            } else {
                tool
            };
            command = command.subcommand(self.with_common(tool));
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
        let general =
            self.app.api.params.iter().map(|param| {
                param_flag(param).hide(!self.help_all).help_heading("General properties")
            });
        let help = Arg::new("help")
            .short('h')
            .long("help")
            .help("Print help")
            .action(ArgAction::HelpShort);
        let help_all = Arg::new("help-all")
            .long("help-all")
            .help("Print help with the flags of every command")
            .action(ArgAction::HelpShort);
        FLAGS
            .iter()
            .map(|flag| {
                let there = flag.long != "mock" || self.app.mock.is_some();
                flags::argument(flag, self.help_all && there)
            })
            .chain(general)
            .chain([help, help_all])
            .collect()
    }

    /// Builds a top-level resource: its methods under flat names, its resources by path.
    fn top_branch(&self, branch: &Branch) -> Command {
        let flat = branch.flat();
        let is_flat = flat.len() <= FLAT_LIST;
        let mut command = self.branch(branch, is_flat);
        if !self.wants(&branch.name) {
            return command;
        }
        for (name, method) in flat {
            let direct = method.resource.len() == 1;
            if !direct {
                command = command.subcommand(self.method(name, method).hide(!is_flat));
            }
        }
        command
    }

    /// Builds a resource with its methods and resources.
    fn branch(&self, branch: &Branch, hide_resources: bool) -> Command {
        let asked = self.wants(&branch.name);
        let about = if asked && self.words.is_some() {
            format!("The methods of '{}'", branch.name)
        } else {
            help::branch(branch)
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
            taken.insert(name.clone());
            command = command.subcommand(self.method(name, method));
        }
        for below in branch.branches.iter().filter(|below| !taken.contains(&below.name)) {
            command = command.subcommand(self.branch(below, false).hide(hide_resources));
        }
        if hide_resources && !branch.branches.is_empty() {
            command = command.after_help(help::other_spelling(&self.app, branch));
        }
        command
    }

    fn method(&self, name: String, method: &'static MethodInfo) -> Command {
        let wanted = self.wants(&name);
        let mut about = text::summary(method.description);
        if method.deprecated {
            about = format!("Deprecated. {about}");
        }
        let command =
            Command::new(name).about(about).disable_help_subcommand(true).disable_help_flag(true);
        if !wanted {
            return command;
        }
        let command = match &self.words {
            Some(_) => command.about(method.description),
            None => command.long_about(method.description),
        };
        let mut command = command
            .override_usage(help::usage_lines(&self.app, method, self.width))
            .args(positionals(method).into_iter().map(|arg| arg.required(self.help)))
            .args(body_args(method, self.help_all))
            .arg(params_arg())
            .args(self.method_params(method))
            .args(upload_args(method))
            .args(self.common());
        if self.help || self.words.is_none() {
            command = command.after_help(help::method(&self.app, method, self.width));
        }
        command
    }

    fn method_params(&self, method: &MethodInfo) -> Vec<Arg> {
        let general: BTreeSet<String> = self.app.api.params.iter().map(params::flag_name).collect();
        method
            .params
            .iter()
            .filter(|param| !general.contains(&params::flag_name(param)))
            .map(|param| param_flag(param).hide(param.required).help_heading("Parameters"))
            .collect()
    }
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

/// The id of a parameter's flag.
pub(crate) fn flag_id(param: &ParamInfo) -> String {
    format!("--{}", params::flag_name(param))
}
