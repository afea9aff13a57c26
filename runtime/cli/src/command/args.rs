//! The arguments of a method's command: positionals, parameters, the request, content.

use clap::{Arg, ArgAction};
use discovery_describe::names::kebab;
use discovery_runtime::reflect::{MethodInfo, ParamInfo, TypeInfo};
use discovery_runtime::spec::BodyKind;

use super::build::{flag_id, positional_id};
use super::open_enum::OpenEnumParser;
use crate::flags;
use crate::help;
use crate::params;
use crate::schema;
use crate::text;

pub(super) fn positionals(method: &MethodInfo, texts: bool) -> Vec<Arg> {
    let required: Vec<&ParamInfo> = method.params.iter().filter(|p| p.required).collect();
    let last = required.len();
    required
        .into_iter()
        .enumerate()
        .map(|(i, param)| {
            let many = param.repeated && i + 1 == last;
            Arg::new(positional_id(param))
                .value_name(kebab(param.name))
                .help(if texts { param_help(param) } else { String::new() })
                .num_args(if many { 1..=usize::MAX } else { 1..=1 })
                .action(if many { ArgAction::Append } else { ArgAction::Set })
        })
        .collect()
}

pub(super) fn param_flag(param: &'static ParamInfo, texts: bool) -> Arg {
    let name = params::flag_name(param);
    let arg = Arg::new(flag_id(param))
        .long(name.clone())
        .value_name(schema::scalar_label(param.ty).to_uppercase().replace(' ', "-"))
        .help(if texts { param_help(param) } else { String::new() })
        .action(ArgAction::Append)
        .allow_negative_numbers(true);
    let wire = param.name;
    let arg = if wire != name && !wire.contains('.') && !flags::is_taken(wire) {
        arg.alias(wire)
    } else {
        arg
    };
    match param.ty {
        TypeInfo::Enum(info) => arg.value_parser(OpenEnumParser(info)).hide_possible_values(true),
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

pub(super) fn body_args(method: &MethodInfo, everything: bool) -> Vec<Arg> {
    let tokens = Arg::new("r")
        .short('r')
        .value_name("kv")
        .num_args(1..)
        .action(ArgAction::Append)
        .help_heading("Request")
        .help("Fields: name=value; a name alone moves into it");
    if method.spec.request == BodyKind::None {
        // Accepted nonetheless, so that the error can suggest a replacement.
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
            .help("Take a field out of the request given with --json")
            .hide(!everything),
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
            .hide_possible_values(true)
            .help_heading("Request")
            .help("Print a form to fill in: yaml, json or args"),
        Arg::new("allow-unknown")
            .long("allow-unknown")
            .action(ArgAction::SetTrue)
            .help_heading("Request")
            .help("Send members of JSON that the schema does not know")
            .hide(!everything),
    ]
}

pub(super) fn params_arg() -> Arg {
    Arg::new("p")
        .short('p')
        .value_name("v")
        .num_args(1..)
        .action(ArgAction::Append)
        .help_heading("Parameters")
        .help("Any parameter or general property: name=value")
}

pub(super) fn upload_args(method: &MethodInfo) -> Vec<Arg> {
    let Some(upload) = method.spec.upload else { return raw_body_args(method) };
    let modes: &[&str] = if upload.resumable { &["simple", "resumable"] } else { &["simple"] };
    let mode = Arg::new("upload")
        .short('u')
        .long("upload")
        .value_name("MODE")
        .value_parser(modes.to_vec())
        .help_heading("Media")
        .help("How to upload the content of -f; resumable continues after a broken connection");
    [vec![mode], content_args()].concat()
}

/// Returns the flag that asks for content; a method that returns nothing else needs none.
pub(super) fn download_args(method: &MethodInfo) -> Vec<Arg> {
    if !method.spec.download {
        return Vec::new();
    }
    let download = Arg::new("download")
        .long("download")
        .action(ArgAction::SetTrue)
        .help_heading("Media")
        .help("Get the content instead of its description; -o FILE writes it to a file");
    vec![download.hide(method.spec.is_download_only())]
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
            .help("Its MIME type; by default, derived from the file's name"),
    ]
}
