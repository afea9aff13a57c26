//! Help texts, except those of flags.

use std::ops::ControlFlow;

use discovery_describe::names::kebab;
use discovery_describe::{sample, shell};
use discovery_runtime::reflect::{FieldInfo, MethodInfo, TypeInfo};
use discovery_runtime::spec::BodyKind;

use crate::app::App;
use crate::body::{self, Leaf, placeholder};
use crate::outline::{self, Line, Spelling};
use crate::schema::{self, Kind};
use crate::text;
use crate::tree::{Branch, command_line};

/// Maximum number of request lines in a help text; `schema` shows the rest.
const REQUEST_LINES: usize = 14;

/// Text after the program's commands.
pub(crate) fn program(app: &App) -> String {
    let name = app.name;
    let prefix = discovery_describe::names::env_prefix(name);
    let mock = match app.mock {
        Some(_) => format!(
            "No account yet? '{name} --mock …' calls a local server that keeps your data.\n"
        ),
        None => String::new(),
    };
    format!(
        "{mock}Start with '{name} auth status', '{name} search WORD' or '{name} <resource> --help'.\n\
         Every command takes --format, --select, -o, --dry-run, --curl, --code rust, -v:\n\
         '{name} --help-all'.\n\n\
         Profiles: --profile; limits: --read-only, 'allow' and 'deny' in config.yaml\n\
         Environment: {prefix}_ACCESS_TOKEN, {prefix}_ENDPOINT, {prefix}_PROFILE,\n  \
         {prefix}_READ_ONLY, {prefix}_COMPLETE_NAMES, GOOGLE_API_KEY,\n  \
         GOOGLE_APPLICATION_CREDENTIALS, NO_COLOR\n\
         Exit status: 0 done, 1 refused by the API, 2 usage, 3 configuration,\n  \
         4 authentication, 5 server or network, 130 interrupted"
    )
}

/// One line about a resource.
pub(crate) fn branch(branch: &Branch) -> String {
    let names: Vec<String> = branch
        .methods
        .iter()
        .map(|method| kebab(method.name))
        .chain(branch.branches.iter().map(|below| below.name.clone()))
        .collect();
    text::cut(&names.join(", "), 60)
}

/// Note on the second name of methods.
pub(crate) fn other_spelling(app: &App, branch: &Branch) -> String {
    let example = branch.branches.iter().find_map(|below| {
        let method = below.methods.first()?;
        Some((format!("{}-{}", below.name, kebab(method.name)), &below.name, kebab(method.name)))
    });
    example.map_or_else(String::new, |(flat, resource, method)| {
        format!(
            "'{0} {1} {flat}' and '{0} {1} {resource} {method}' are the same.",
            app.name, branch.name
        )
    })
}

/// The usage line of a method.
pub(crate) fn usage(app: &App, method: &MethodInfo) -> String {
    let mut line = command_line(app, method);
    for param in method.params.iter().filter(|param| param.required) {
        let dots = if param.repeated { "..." } else { "" };
        line.push_str(&format!(" <{}>{dots}", kebab(param.name)));
    }
    match method.spec.request {
        BodyKind::None => {}
        BodyKind::Json if method.spec.upload.is_some() => {
            line.push_str(" [-r <kv>...] [-u <MODE> -f <FILE>]");
        }
        BodyKind::Json => line.push_str(" -r <kv>..."),
        BodyKind::Raw => line.push_str(" -f <FILE>"),
    }
    line.push_str(" [-p <v>...] [-o <FILE>]");
    line
}

/// Returns the usage line after its title.
pub(crate) fn usage_lines(app: &App, method: &MethodInfo, width: usize) -> String {
    const TITLE: usize = "Usage: ".len();
    let lines = text::wrap(&usage(app, method), width.saturating_sub(TITLE + 4));
    lines.join(&format!("\n{}", " ".repeat(TITLE + 4)))
}

/// Text after a method's flags: its request and examples.
pub(crate) fn method(app: &App, method: &MethodInfo, width: usize) -> String {
    let mut out = String::new();
    if let (Some(request), BodyKind::Json) = (method.request, method.spec.request) {
        out.push_str(&request_tree(app, method, request, width));
        out.push('\n');
    }
    if let Some(default) = method.spec.default_scope {
        let others = method.spec.scopes.iter().filter(|scope| **scope != default);
        let others: Vec<&str> = others.map(|scope| short_scope(scope)).collect();
        let mut line = format!("Scope: {}", short_scope(default));
        if !others.is_empty() {
            line.push_str(&format!(", or with --scope: {}", others.join(", ")));
        }
        out.push_str(&text::cut(&line, width));
        out.push_str("\n\n");
    }
    out.push_str("Examples:\n");
    for example in examples(app, method) {
        out.push_str(&continued(&example, width));
    }
    out
}

/// Wraps a command line so that it can be copied.
fn continued(command: &str, width: usize) -> String {
    let mut lines = text::wrap(command, width.saturating_sub(6)).into_iter();
    let first = lines.next().unwrap_or_default();
    let rest: String = lines.map(|line| format!(" \\\n    {line}")).collect();
    format!("  {first}{rest}\n")
}

/// Returns the last word of a scope, which `--scope` also accepts.
pub(crate) fn short_scope(scope: &str) -> &str {
    scope.strip_prefix("https://www.googleapis.com/auth/").unwrap_or(scope)
}

fn request_tree(app: &App, method: &MethodInfo, request: TypeInfo, width: usize) -> String {
    let of_depth = |depth| outline::first_lines(request, depth, Spelling::Flag, REQUEST_LINES + 1);
    // Shows as many levels as fit; if the first level is short, also part of the next.
    let fitting = (1..8).map(of_depth).take_while(|lines| lines.len() <= REQUEST_LINES).last();
    let lines = match fitting {
        Some(lines) if lines.len() >= REQUEST_LINES / 4 => lines,
        Some(lines) if lines.iter().all(|line| !line.closed) => lines,
        _ => (2..8).map(of_depth).find(|lines| lines.len() > REQUEST_LINES).unwrap_or_default(),
    };
    let mut out = format!("{} (-r):\n", schema::label(request));
    for line in lines.iter().take(REQUEST_LINES) {
        out.push_str(&request_line(method, line, width));
        out.push('\n');
    }
    if lines.len() > REQUEST_LINES || lines.iter().any(|line| line.closed) {
        out.push_str(&format!("  … all fields: {} schema {}\n", app.name, method.spec.id));
    }
    out
}

fn request_line(method: &MethodInfo, line: &Line, width: usize) -> String {
    let more = if line.closed { " …" } else { "" };
    let pad = "  ".repeat(line.level + 1);
    let mut left = format!("{pad}{}: {}{more}", line.name, line.label);
    // Names and types share part of the line; a very long name omits its type.
    let name_width = width * 9 / 20;
    if left.chars().count() > name_width {
        left = text::cut(&format!("{pad}{}{more}", line.name), width);
    }
    let badge = match line.field {
        Some(field) => badges(field, Some(method)),
        None => String::new(),
    };
    let about =
        line.field.map_or_else(String::new, |field| text::summary(strip(field.description)));
    let used = left.chars().count().max(name_width) + badge.len() + 2;
    let right = match width.checked_sub(used) {
        Some(room) if room >= 20 => format!("{badge}{}", text::cut(&about, room)),
        Some(_) => badge,
        None => String::new(),
    };
    format!("{left:<name_width$}  {right}").trim_end().to_owned()
}

/// Describes a member's behavior. If no method is given, names the methods that require it.
pub(crate) fn badges(field: &FieldInfo, method: Option<&MethodInfo>) -> String {
    let mut out = String::new();
    if method.is_none() && !field.required && !field.required_by.is_empty() {
        out.push_str(&format!("required for {}. ", field.required_by.join(" and ")));
    }
    let required = method.map_or(field.required, |method| field.is_required_by(method.spec));
    for (set, badge) in [
        (required, "required. "),
        (field.output_only, "output only. "),
        (field.immutable, "immutable. "),
        (field.deprecated, "deprecated. "),
    ] {
        if set {
            out.push_str(badge);
        }
    }
    out
}

/// Removes words from a description that the badges repeat.
pub(crate) fn strip(description: &str) -> &str {
    let mut rest = description.trim_start();
    for word in ["Required.", "Optional.", "Output only.", "Immutable.", "Deprecated."] {
        rest = rest.strip_prefix(word).unwrap_or(rest).trim_start();
    }
    rest
}

/// Returns a method's command with a sample of each argument.
pub(crate) fn call_line(app: &App, method: &MethodInfo) -> String {
    let mut call = command_line(app, method);
    for param in method.params.iter().filter(|param| param.required) {
        let value = param.pattern.map_or_else(
            || placeholder(param.ty),
            |pattern| {
                let shape = || crate::params::shape(pattern).replace('*', "x");
                sample::path(pattern, |_| "x".to_owned()).unwrap_or_else(shape)
            },
        );
        call.push_str(&format!(" {}", shell::quote(&value)));
    }
    call
}

/// Command lines to copy.
pub(crate) fn examples(app: &App, method: &MethodInfo) -> Vec<String> {
    let call = call_line(app, method);
    let request = method.request.filter(|_| method.spec.request == BodyKind::Json);
    if method.spec.upload.is_some() {
        let tokens =
            request.map_or_else(String::new, |ty| format!(" -r {}", example_tokens(method, ty)));
        return vec![
            format!("{call} -u simple -f photo.png"),
            format!("{call}{tokens} -u resumable -f film.mp4 -m video/mp4"),
        ];
    }
    if method.spec.is_download_only() {
        return vec![call.clone(), format!("{call} -o FILE")];
    }
    if method.spec.download {
        return vec![call.clone(), format!("{call} --download -o FILE")];
    }
    if let Some(request) = request {
        let tokens = example_tokens(method, request);
        let wait = if method.spec.operation.is_some() { " --wait" } else { "" };
        return vec![
            format!("{call} -r {tokens}{wait}"),
            format!("{call} --skeleton > request.yaml"),
            format!("{call} --json @request.yaml"),
        ];
    }
    let second = match method.spec.paging {
        Some(_) => format!("{call} --all --format jsonl"),
        None if method.spec.operation.is_some() => format!("{call} --wait"),
        None => format!("{call} --dry-run"),
    };
    vec![call, second]
}

/// Returns a few tokens that set fields of a request: the required ones, or else the first.
pub(crate) fn example_tokens(method: &MethodInfo, request: TypeInfo) -> String {
    const MOST: usize = 2;
    let is_required =
        |field: Option<&FieldInfo>| field.is_some_and(|f| f.is_required_by(method.spec));
    let is_settable =
        |field: Option<&FieldInfo>| field.is_none_or(|f| !f.output_only && !f.deprecated);
    let choose = |wants: &dyn Fn(Option<&'static FieldInfo>) -> bool| {
        let mut chosen: Vec<Leaf> = Vec::new();
        body::walk_leaves(request, wants, &mut |leaf| {
            let is_plain = !leaf.names.iter().any(|name| name == "+" || name == "KEY")
                && !matches!(schema::kind(leaf.ty), Kind::Any);
            chosen.extend(is_plain.then(|| leaf.clone()));
            if chosen.len() < MOST { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        chosen
    };
    let mut chosen = choose(&|field| is_required(field) && is_settable(field));
    if chosen.is_empty() {
        chosen = choose(&is_settable);
    }
    if chosen.is_empty() {
        return ".".to_owned();
    }
    let tokens: Vec<String> = chosen
        .iter()
        .map(|leaf| format!("{}={}", leaf.names.join("."), placeholder(leaf.ty)))
        .map(|token| shell::quote(&token))
        .collect();
    tokens.join(" ")
}
