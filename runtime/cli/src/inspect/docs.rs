//! `docs`: prints the page of a method from the program's tables.

use discovery_describe::names::kebab;
use discovery_runtime::reflect::{MethodInfo, ParamInfo};
use discovery_runtime::spec::BodyKind;

use crate::app::App;
use crate::command::Arguments;
use crate::failure::Failure;
use crate::help;
use crate::host::Host;
use crate::outline::Spelling;
use crate::output::print;
use crate::params;
use crate::schema;
use crate::text;
use crate::tree;

use super::schema::{tree_text, unknown};

/// Runs `docs METHOD`.
pub(super) fn run(app: &App, arguments: &Arguments, host: &mut Host<'_>) -> Result<(), Failure> {
    let name = arguments.all("name").join(" ");
    if let Some(doc) = app.docs.iter().find(|doc| doc.name == name) {
        return print(host, doc.text);
    }
    match tree::search(app.api, &name) {
        Some(method) => print(host, &page(app, method)),
        None => Err(unknown(app, &name)),
    }
}

fn page(app: &App, method: &MethodInfo) -> String {
    let mut out = format!("# {} {}\n\n", app.name, tree::words(method));
    wrapped(method.description, "", &mut out);
    out.push_str(&format!("\n    {}\n", help::usage(app, method)));
    let (required, optional): (Vec<_>, Vec<_>) =
        method.params.iter().partition(|param| param.required);
    section("Arguments", &required, &mut out);
    if let (Some(request), BodyKind::Json) = (method.request, method.spec.request) {
        out.push_str(&format!("\n## Request (-r): {}\n\n", schema::label(request)));
        tree_text(request, 8, Spelling::Flag, &mut out);
    }
    section("Parameters (-p name=value, or a flag each)", &optional, &mut out);
    if let Some(response) = method.response {
        out.push_str(&format!("\n## Response: {}\n\n", schema::label(response)));
        tree_text(response, 2, Spelling::Wire, &mut out);
    }
    scopes(app, method, &mut out);
    out.push_str("\n## Examples\n\n");
    out.push_str(
        &help::examples(app, method).iter().map(|line| format!("    {line}\n")).collect::<String>(),
    );
    let link = app.api.documentation_link;
    if !link.is_empty() {
        out.push_str(&format!("\nMore: {link}\n"));
    }
    out
}

fn wrapped(text: &str, pad: &str, out: &mut String) {
    for line in text::wrap(text, 96) {
        out.push_str(&format!("{pad}{line}\n"));
    }
}

fn section(title: &str, params: &[&ParamInfo], out: &mut String) {
    if params.is_empty() {
        return;
    }
    out.push_str(&format!("\n## {title}\n\n"));
    for param in params {
        let many = if param.repeated { ", may be repeated" } else { "" };
        let name = kebab(param.name);
        out.push_str(&format!("  {name} ({}{many})\n", schema::label(param.ty)));
        wrapped(param.description, "    ", out);
        if let Some(pattern) = param.pattern {
            out.push_str(&format!("    Form: {}\n", params::shape(pattern)));
        }
        if let Some(info) = schema::enumeration(param.ty) {
            for value in info.values {
                out.push_str(&format!(
                    "    {}: {}\n",
                    value.name,
                    text::summary(value.description)
                ));
            }
        }
    }
}

fn scopes(app: &App, method: &MethodInfo, out: &mut String) {
    if method.spec.scopes.is_empty() {
        return;
    }
    out.push_str("\n## Scopes\n\n");
    if let Some(default) = method.spec.default_scope {
        let about = format!(
            "Any one of these is enough. Unless --scope says otherwise, a token is asked for \
             {default}. --scope may be repeated and takes the last word of a scope too."
        );
        wrapped(&about, "", out);
        out.push('\n');
    }
    for url in method.spec.scopes {
        let known = app.api.scopes.iter().find(|scope| scope.url == *url);
        let about = known.map_or("", |scope| scope.description);
        out.push_str(&format!("  {url}\n"));
        wrapped(about, "    ", out);
    }
}
