//! Lines of a batch: commands, or objects with a method's ID.

use std::ffi::OsString;

use serde_json::Value;

use crate::app::App;
use crate::command::{Arguments, Builder};
use crate::host::Host;
use crate::issue::{Issue, Issues};
use crate::plan::{self, Plan};
use crate::settings::{Mode, Settings};
use crate::{params, tree};

use super::super::run::is_download;
use super::check_flags;

/// A call of a batch.
pub(super) struct Line {
    /// Number of the line, from 1.
    pub(super) number: usize,
    pub(super) plan: Plan,
}

/// Reads all lines; empty ones are skipped. Every issue names its line.
pub(super) fn read(
    app: &App,
    text: &str,
    settings: &Settings,
    host: &mut Host<'_>,
    issues: &mut Issues,
) -> Vec<Line> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let numbered = text.lines().enumerate().filter(|(_, text)| !text.trim().is_empty());
    let mut lines = Vec::new();
    for (at, text) in numbered {
        let number = at + 1;
        let mut found = Issues::default();
        match command(app, text) {
            Ok(words) => match plan(app, words, settings, host, &mut found) {
                Ok(plan) => lines.push(Line { number, plan }),
                Err(message) => found.push(Issue::error(message)),
            },
            Err(message) => found.push(Issue::error(message)),
        }
        issues.extend(found.within(&format!("line {number}")));
    }
    lines
}

/// Returns the words of a command, without the program's name.
fn command(app: &App, text: &str) -> Result<Vec<String>, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| format!("Not JSON: {error}."))?;
    match value {
        Value::Array(words) => words
            .into_iter()
            .map(|word| match word {
                Value::String(word) => Ok(word),
                other => Err(format!("'{other}' is not a text, as words of a command are.")),
            })
            .collect(),
        Value::Object(members) => request(app, &members),
        _ => Err("Neither a list of words nor an object with 'method'.".to_owned()),
    }
}

/// Converts `{"method": …, "params": …, "body": …}` to a command.
fn request(app: &App, members: &serde_json::Map<String, Value>) -> Result<Vec<String>, String> {
    const KEYS: [&str; 3] = ["method", "params", "body"];
    if let Some(other) = members.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(format!("There is no member '{other}'; there are: {}.", KEYS.join(", ")));
    }
    let id = members.get("method").and_then(Value::as_str).ok_or("'method' is missing.")?;
    let method = app.api.methods.iter().find(|method| method.spec.id == id).ok_or_else(|| {
        let near = crate::suggest::closest(id, app.api.methods.iter().map(|m| m.spec.id));
        let near = near.map(|near| format!(" Did you mean '{near}' ?")).unwrap_or_default();
        format!("There is no method '{id}'.{near}")
    })?;
    let mut words: Vec<String> = tree::words(method).split(' ').map(str::to_owned).collect();
    let empty = serde_json::Map::new();
    let given = match members.get("params") {
        None => &empty,
        Some(value) => value.as_object().ok_or("'params' is not an object.")?,
    };
    for (name, value) in given {
        let known = || method.params.iter().chain(app.api.params);
        let param = known().find(|param| param.name == name);
        let param = param.ok_or_else(|| format!("Parameter '{name}' is unknown."))?;
        let values = match value {
            Value::Array(values) => values.as_slice(),
            value => std::slice::from_ref(value),
        };
        for value in values {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Bool(_) | Value::Number(_) => value.to_string(),
                _ => return Err(format!("The value of '{name}' is not a text or number.")),
            };
            words.push(format!("--{}={text}", params::flag_name(param)));
        }
    }
    if let Some(body) = members.get("body") {
        // JSON text never begins with `@`, and is never `-`.
        words.push(format!("--json={body}"));
    }
    Ok(words)
}

fn plan(
    app: &App,
    words: Vec<String>,
    settings: &Settings,
    host: &mut Host<'_>,
    issues: &mut Issues,
) -> Result<Plan, String> {
    let mut command = Builder::for_words(*app, &words).build();
    let with_name = [app.name.to_owned()].into_iter().chain(words.iter().cloned());
    let matches =
        command.try_get_matches_from_mut(with_name.map(OsString::from)).map_err(|error| {
            let text = error.render().to_string();
            let first = text.lines().next().unwrap_or_default();
            format!("{}.", first.strip_prefix("error: ").unwrap_or(first))
        })?;
    let arguments = Arguments::new(matches);
    let method = tree::find(app.api, &arguments.words)
        .ok_or("Only commands of the API's methods can be part of a batch.")?;
    check_flags(&arguments, &[], issues);
    for flag in ["edit", "skeleton"] {
        if arguments.has(flag) || arguments.one(flag).is_some() {
            issues.push(
                Issue::error("A batch does not take this flag.").at(&format!("--{flag}"), ""),
            );
        }
    }
    let reads_stdin = arguments.one("json").as_deref() == Some("-");
    if reads_stdin {
        return Err("The request of a line cannot be read from standard input.".to_owned());
    }
    let plan = plan::plan(app, method, &arguments, &settings.layers, host, issues);
    if plan.media.is_some() || plan.raw.is_some() || is_download(&plan) || method.spec.streams {
        return Err("Uploads, downloads, and streams cannot be part of a batch.".to_owned());
    }
    if plan.token.is_some() {
        return Err("A call of a batch has no token of its own.".to_owned());
    }
    if let Err(forbidden) = settings.guard.check(method.spec) {
        let issue = match settings.mode {
            Mode::Send => Issue::error(format!("{forbidden}.")),
            _ => Issue::warning(format!("{forbidden}.")),
        };
        issues.push(issue);
    }
    Ok(plan)
}
