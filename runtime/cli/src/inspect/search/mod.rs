//! `search`: finds methods, parameters, types, and fields by words.

mod index;
mod score;

use serde_json::{Value, json};

use crate::app::App;
use crate::command::Arguments;
use crate::failure::Failure;
use crate::host::Host;
use crate::output::print;
use crate::settings::{Format, Settings};
use crate::text;
use index::Entry;

/// Number of results without `--limit`.
const RESULTS: usize = 20;

/// Runs `search WORD...`.
pub(super) fn run(
    app: &App,
    arguments: &Arguments,
    host: &mut Host<'_>,
    settings: &Settings,
) -> Result<(), Failure> {
    let typed = arguments.all("word").join(" ");
    let found = search(app, &typed)?;
    let shown = &found[..found.len().min(settings.paging.limit.unwrap_or(RESULTS))];
    let values = || shown.iter().map(|entry| value(app, entry));
    let text = match settings.format {
        Some(Format::Json) => format!("{:#}\n", values().collect::<Value>()),
        Some(Format::Compact) => format!("{}\n", values().collect::<Value>()),
        Some(Format::Jsonl) => values().map(|value| format!("{value}\n")).collect(),
        Some(Format::Yaml) => crate::yaml::to_string(&values().collect()),
        _ => lines(shown),
    };
    print(host, &text)?;
    if host.terminals.stdout && found.len() > shown.len() {
        let more = found.len() - shown.len();
        host.print_message(&format!("{more} more: add a word, or --limit {}", found.len()));
    }
    Ok(())
}

/// Returns what matches all words, or else as many of them as anything does; best first.
fn search(app: &App, typed: &str) -> Result<Vec<Entry>, Failure> {
    let words = score::words(typed);
    if words.is_empty() {
        let message = format!("'{typed}' has no word to search for");
        return Err(Failure::usage(message).note(format!("'{} methods' lists all", app.name)));
    }
    let mut found: Vec<(score::Score, Entry)> = index::entries(app.api)
        .into_iter()
        .filter_map(|entry| Some((score::score(&words, &entry)?, entry)))
        .collect();
    // The sort is stable: equal results keep the order of the API.
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let best = found.first().map(|(score, _)| score.words);
    let found: Vec<Entry> = found
        .into_iter()
        .take_while(|(score, _)| Some(score.words) == best)
        .map(|(_, entry)| entry)
        .collect();
    if found.is_empty() {
        let failure = Failure::usage(format!("nothing in this API matches '{typed}'"));
        return Err(failure.note(format!("'{} methods' lists the methods", app.name)));
    }
    Ok(found)
}

fn lines(found: &[Entry]) -> String {
    const WIDEST: usize = 44;
    let name = |entry: &Entry| text::cut(&entry.shown(), WIDEST);
    let width = found.iter().map(|entry| name(entry).chars().count()).max().unwrap_or(0);
    let line = |entry: &Entry| {
        let about = text::cut(&text::summary(crate::help::strip(entry.description)), 70);
        let line = format!("{:<9}  {:<width$}  {about}", entry.kind.name(), name(entry));
        format!("{}\n", line.trim_end())
    };
    found.iter().map(line).collect()
}

/// A result as JSON: its kind, name, description, where it belongs, and the command that shows it.
fn value(app: &App, entry: &Entry) -> Value {
    let shows = match entry.kind {
        index::Kind::Method => format!("{} docs {}", app.name, entry.name),
        index::Kind::Parameter => {
            format!("{} docs {}", app.name, entry.methods.first().map_or("", String::as_str))
        }
        index::Kind::Type => format!("{} schema {}", app.name, entry.name),
        index::Kind::Field => format!("{} schema {}", app.name, entry.inside),
    };
    let mut value = json!({
        "kind": entry.kind.name(),
        "name": entry.name,
        "description": text::summary(entry.description),
        "show": shows,
    });
    if let Value::Object(members) = &mut value {
        if !entry.inside.is_empty() {
            members.insert("type".to_owned(), json!(entry.inside));
        }
        if !entry.methods.is_empty() {
            members.insert("methods".to_owned(), json!(entry.methods));
        }
    }
    value
}
