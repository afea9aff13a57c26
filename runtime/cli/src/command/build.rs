//! The clap commands of an API, made when the program starts.

use std::collections::BTreeSet;

use clap::{Arg, ArgAction, ColorChoice, Command};
use discovery_runtime::reflect::{MethodInfo, ParamInfo, TypeInfo};
use discovery_runtime::spec::BodyKind;

use super::flags::{self, FLAGS};
use super::loose::Loose;
use super::tools;
use super::tree::{self, Branch};
use crate::app::App;
use crate::help;
use crate::names::kebab;
use crate::params;
use crate::schema;
use crate::text;

/// A resource with more methods than this below it lists its sub-resources instead.
const FLAT_LIST: usize = 24;

/// Makes commands: only those that the command line names get their arguments, so that a big API
/// starts as fast as a small one.
pub(crate) struct Builder<'a> {
    app: App,
    /// Words of the command line; `None` makes everything.
    words: Option<BTreeSet<&'a str>>,
    /// `--help-all`: hidden flags are shown.
    help_all: bool,
    /// Whether a help text was asked for.
    help: bool,
    color: ColorChoice,
}

impl<'a> Builder<'a> {
    /// For one command line.
    pub(crate) fn for_words(app: App, words: &'a [String]) -> Self {
        let set: BTreeSet<&str> = words.iter().map(String::as_str).collect();
        let help_all = set.contains("--help-all");
        let help = help_all || set.contains("--help") || set.contains("-h");
        Self { app, color: color(words), help_all, help, words: Some(set) }
    }

    /// For documents about every command.
    pub(crate) fn everything(app: App) -> Self {
        Self { app, words: None, help_all: true, help: false, color: ColorChoice::Never }
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

    /// Flags that stand anywhere.
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

    /// A resource at the top: its methods under flat names, its resources by path.
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

    /// A resource with its methods and resources.
    fn branch(&self, branch: &Branch, hide_resources: bool) -> Command {
        let mut command = Command::new(branch.name.clone())
            .about(help::branch(branch))
            .subcommand_required(true)
            .arg_required_else_help(true)
            .disable_help_subcommand(true)
            .disable_help_flag(true);
        if !self.wants(&branch.name) {
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
            .override_usage(help::usage(&self.app, method))
            .args(positionals(method).into_iter().map(|arg| arg.required(self.help)))
            .args(body_args(method))
            .arg(params_arg())
            .args(self.method_params(method))
            .args(upload_args(method))
            .args(self.common());
        if self.help || self.words.is_none() {
            command = command.after_help(help::method(&self.app, method));
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

fn positionals(method: &MethodInfo) -> Vec<Arg> {
    let required: Vec<&ParamInfo> = method.params.iter().filter(|p| p.required).collect();
    let last = required.len();
    required
        .into_iter()
        .enumerate()
        .map(|(i, param)| {
            let many = param.repeated && i + 1 == last;
            Arg::new(positional_id(param))
                .value_name(kebab(param.name))
                .help(param_help(param))
                .num_args(if many { 1..=usize::MAX } else { 1..=1 })
                .action(if many { ArgAction::Append } else { ArgAction::Set })
        })
        .collect()
}

fn param_flag(param: &'static ParamInfo) -> Arg {
    let name = params::flag_name(param);
    let arg = Arg::new(flag_id(param))
        .long(name.clone())
        .value_name(schema::scalar_label(param.ty).to_uppercase().replace(' ', "-"))
        .help(param_help(param))
        .action(ArgAction::Append)
        .allow_negative_numbers(true);
    let wire = param.name;
    let arg = if wire != name && !wire.contains('.') && !flags::is_taken(wire) {
        arg.alias(wire)
    } else {
        arg
    };
    match param.ty {
        TypeInfo::Enum(info) => arg.value_parser(Loose(info)).hide_possible_values(true),
        TypeInfo::Bool => arg.num_args(0..=1).default_missing_value("true"),
        _ => arg,
    }
}

fn param_help(param: &ParamInfo) -> String {
    let mut help = text::summary(help::strip(param.description));
    if param.deprecated {
        help = format!("Deprecated. {help}");
    }
    if let TypeInfo::Enum(info) = param.ty {
        let names: Vec<&str> = info.values.iter().map(|value| value.name).collect();
        help.push_str(&format!(" [{}]", text::cut(&names.join(", "), 160)));
    }
    if let Some(pattern) = param.pattern {
        help.push_str(&format!(" [{}]", params::shape(pattern)));
    }
    if param.repeated {
        help.push_str(" [may be repeated]");
    }
    help
}

fn body_args(method: &MethodInfo) -> Vec<Arg> {
    let tokens = Arg::new("r")
        .short('r')
        .value_name("kv")
        .num_args(1..)
        .action(ArgAction::Append)
        .help_heading("Request")
        .help("Fields of the request: name=value, or a name alone to move the cursor into it");
    if method.spec.request == BodyKind::None {
        // Taken all the same, so that it can be said what to type instead.
        return vec![tokens.hide(true)];
    }
    vec![
        tokens,
        Arg::new("json")
            .long("json")
            .value_name("JSON|@FILE|-")
            .action(ArgAction::Set)
            .help_heading("Request")
            .help("The request as JSON or YAML, before -r changes it"),
        Arg::new("unset")
            .long("unset")
            .value_name("PATH")
            .action(ArgAction::Append)
            .help_heading("Request")
            .help("Take a field out of the request given with --json"),
        Arg::new("edit")
            .long("edit")
            .action(ArgAction::SetTrue)
            .help_heading("Request")
            .help("Write the request in $VISUAL or $EDITOR"),
        Arg::new("skeleton")
            .long("skeleton")
            .value_name("FORM")
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("yaml")
            .value_parser(["yaml", "json", "args"])
            .help_heading("Request")
            .help("Print a request to fill in: yaml with comments, json, or args"),
        Arg::new("allow-unknown")
            .long("allow-unknown")
            .action(ArgAction::SetTrue)
            .help_heading("Request")
            .help("Send members of JSON that the schema does not know"),
    ]
}

fn params_arg() -> Arg {
    Arg::new("p")
        .short('p')
        .value_name("v")
        .num_args(1..)
        .action(ArgAction::Append)
        .help_heading("Parameters")
        .help("Any parameter or general property: name=value")
}

fn upload_args(method: &MethodInfo) -> Vec<Arg> {
    let Some(upload) = method.spec.upload else { return raw_body_args(method) };
    let modes: &[&str] = if upload.resumable { &["simple", "resumable"] } else { &["simple"] };
    let mode = Arg::new("upload")
        .short('u')
        .long("upload")
        .value_name("MODE")
        .value_parser(modes.to_vec())
        .help_heading("Media")
        .help("How to upload the content of -f; resumable goes on after a broken connection");
    [vec![mode], content_args()].concat()
}

fn raw_body_args(method: &MethodInfo) -> Vec<Arg> {
    if method.spec.request == BodyKind::Raw { content_args() } else { Vec::new() }
}

fn content_args() -> Vec<Arg> {
    vec![
        Arg::new("file")
            .short('f')
            .long("file")
            .value_name("FILE")
            .help_heading("Media")
            .help("The content; '-' is standard input"),
        Arg::new("mime")
            .short('m')
            .long("mime")
            .value_name("TYPE")
            .help_heading("Media")
            .help("Its MIME type; told from the file's name if not given"),
    ]
}

/// The words that lead to a method, for messages.
pub(crate) fn command_line(app: &App, method: &MethodInfo) -> String {
    format!("{} {}", app.name, tree::words(method))
}
