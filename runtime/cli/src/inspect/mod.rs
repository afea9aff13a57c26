//! Commands that inspect the API: methods, types, and documentation pages.

mod docs;
mod json_schema;
mod schema;
mod search;

use serde_json::json;

use crate::app::App;
use crate::command::{Arguments, Builder};
use crate::failure::Failure;
use crate::host::{Host, reason};
use crate::issue::Issues;
use crate::output::closed;
use crate::output::print;
use crate::settings::{Format, Settings};
use crate::tree;
use crate::{suggest, text};

/// Runs an inspection command.
pub(crate) fn run(
    app: &App,
    tool: &str,
    arguments: &Arguments,
    host: &mut Host<'_>,
) -> Result<(), Failure> {
    let mut issues = Issues::default();
    let settings = Settings::read(app, arguments, host, &mut issues)?;
    if issues.has_errors() {
        return Err(Failure::issues(&issues));
    }
    // Text, unless a machine-readable format was requested.
    let format = settings.format;
    match tool {
        "methods" => methods(app, arguments, host, format),
        "schema" => schema::run(app, arguments, host, format),
        "docs" => docs::run(app, arguments, host),
        "search" => search::run(app, arguments, host, &settings),
        "man" => man(app, arguments, host),
        other => Err(Failure::usage(format!("there is no command '{other}'"))),
    }
}

fn methods(
    app: &App,
    arguments: &Arguments,
    host: &mut Host<'_>,
    format: Option<Format>,
) -> Result<(), Failure> {
    let filter = arguments.one("filter").map(|word| word.to_lowercase()).unwrap_or_default();
    let chosen: Vec<_> = app
        .api
        .methods
        .iter()
        .map(|method| (tree::words(method), *method))
        .filter(|(words, method)| {
            words.contains(&filter) || method.spec.id.to_lowercase().contains(&filter)
        })
        .collect();
    if !matches!(format, Some(Format::Json | Format::Compact)) {
        if chosen.is_empty() {
            return Err(no_method(app, &filter));
        }
        let width = chosen.iter().map(|(words, _)| words.len()).max().unwrap_or(0);
        let mut out = String::new();
        for (words, method) in chosen {
            let about = text::cut(&text::summary(method.description), 70);
            out.push_str(&format!("{words:<width$}  {about}\n"));
        }
        return print(host, &out);
    }
    let list: Vec<_> = chosen
        .iter()
        .map(|(words, method)| {
            json!({
                "command": words,
                "id": method.spec.id,
                "verb": method.spec.verb.as_str(),
                "description": text::summary(method.description),
            })
        })
        .collect();
    print(host, &format!("{:#}\n", json!(list)))
}

/// Failure for a search without results.
fn no_method(app: &App, filter: &str) -> Failure {
    let failure = Failure::usage(format!("no method has '{filter}' in its name"));
    let words = app.api.methods.iter().flat_map(|method| {
        let words = tree::words(method);
        let last = words.rsplit(' ').next().unwrap_or_default().to_owned();
        [last, words, method.spec.id.to_owned()]
    });
    match suggest::closest(filter, words) {
        Some(other) => failure.note(format!("Did you mean '{other}' ?")),
        None => failure.note(format!("'{} methods' lists all", app.name)),
    }
}

/// Writes one page to standard output, or all pages to a folder.
fn man(app: &App, arguments: &Arguments, host: &mut Host<'_>) -> Result<(), Failure> {
    let command = Builder::everything(*app).build();
    let Some(folder) = arguments.one("dir") else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page).map_err(|error| closed(&error))?;
        return host.stdout.write_all(&page).map_err(|error| closed(&error));
    };
    let folder = host.path(folder);
    std::fs::create_dir_all(&folder)
        .and_then(|()| clap_mangen::generate_to(command, &folder))
        .map_err(|error| {
            Failure::output(format!("{} cannot be written: {}", folder.display(), reason(&error)))
        })?;
    host.print_message(&format!("Pages are in {}.", folder.display()));
    Ok(())
}
