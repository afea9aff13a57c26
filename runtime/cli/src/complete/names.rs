//! Names of resources for completion, from the list that the document has for a parameter.
//!
//! A key that completes a word must not surprise: names are asked for only on request, with one call,
//! within a second, without a question, and in silence.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use discovery_runtime::reflect::{ListedBy, MethodInfo, ParamInfo};
use discovery_runtime::spec::Segment;
use serde_json::Value;

use crate::app::App;
use crate::call;
use crate::host::{Host, Terminals};
use crate::issue::Issues;
use crate::output::Select;
use crate::params::{self, Collector, Values};
use crate::plan::{self, Plan};
use crate::settings::Settings;
use crate::text;

/// General parameters that decide the form of an answer.
const FORMS: &[&str] =
    &["alt", "callback", "fields", "prettyPrint", "$alt", "$callback", "$fields"];

/// A word to complete.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) method: &'static MethodInfo,
    pub(crate) param: &'static ParamInfo,
    /// Words before it, without the program's name.
    pub(crate) before: Vec<String>,
    pub(crate) typed: String,
}

/// Environment of a completion.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) folder: PathBuf,
}

impl Place {
    pub(super) fn of_process() -> Self {
        let folder = std::env::current_dir().unwrap_or_default();
        Self { env: crate::host::variables(), folder }
    }
}

/// Returns names that continue a word, if the user wants them, within the time limit.
pub(crate) fn names(app: App, word: Word, place: Place) -> Vec<String> {
    let (sender, receiver) = mpsc::channel();
    let (tell, limit) = mpsc::channel();
    // Credentials may block: the process ends without them.
    std::thread::spawn(move || {
        let _ = sender.send(find(&app, &word, place, &tell).unwrap_or_default());
    });
    let Ok(limit) = limit.recv() else { return Vec::new() };
    receiver.recv_timeout(limit).unwrap_or_default()
}

/// Finds names; tells the time limit before it asks anybody.
fn find(
    app: &App,
    word: &Word,
    place: Place,
    tell: &mpsc::Sender<Duration>,
) -> Option<Vec<String>> {
    let by = word.param.listed?;
    let list = app.api.methods.iter().copied().find(|method| method.spec.id == by.method)?;
    let (mut stdin, mut stdout) = (std::io::empty(), std::io::sink());
    let host = Host {
        env: place.env,
        folder: place.folder,
        stdin: &mut stdin,
        stdout: &mut stdout,
        stderr: Arc::new(Mutex::new(std::io::sink())),
        terminals: Terminals::default(),
    };
    let arguments = super::parsed(app, &word.before)?;
    let mut issues = Issues::default();
    let mut settings = Settings::read(app, &arguments, &host, &mut issues).ok()?;
    settings.guard.check(list.spec).ok()?;
    let limit = settings.complete_names?;
    tell.send(limit).ok()?;
    settings.timeout = Some(limit);
    settings.access.no_input = true;
    let typed = plan::parameters(app, word.method, &arguments, &settings.layers, &mut issues);
    let values = values(app, word, list, &typed, &settings)?;
    let select = format!("{}.{}", list.spec.items?.name(), by.member);
    let select = Select::parse(&select).ok()?;
    let page = call::quietly(app, Plan::of(list, values), &select, &settings, &host)?;
    Some(offers(word, list, by, &page))
}

/// Returns the parameters of the list: those that the line has already, and defaults.
fn values(
    app: &App,
    word: &Word,
    list: &'static MethodInfo,
    typed: &Values,
    settings: &Settings,
) -> Option<Values> {
    let mut issues = Issues::default();
    let mut collector = Collector::new(list, app.api.params, &mut issues);
    for param in list.params.iter().filter(|param| param.required) {
        let known = typed.all(param.name).last().filter(|_| param.name != word.param.name);
        let value = known.map(str::to_owned).or_else(|| parent(list, param, &word.typed));
        if let Some(value) = value.filter(|value| params::fits(param, value)) {
            collector.value(param, &value, "", "");
        }
    }
    for param in app.api.params.iter().filter(|param| !FORMS.contains(&param.name)) {
        for value in typed.all(param.name) {
            collector.value(param, value, "", "");
        }
    }
    for (place, section) in settings.layers.sections() {
        collector.defaults(&section.parameters, &place);
    }
    let values = collector.finish();
    (!issues.has_errors()).then_some(values)
}

/// Returns the name before the collection of a full name: `projects/p`, of `projects/p/companies/c`.
fn parent(list: &MethodInfo, param: &ParamInfo, typed: &str) -> Option<String> {
    let path = list.spec.path;
    let at = path.iter().position(|part| *part == Segment::Reserved(param.name))?;
    let [Segment::Literal(collection)] = path.get(at + 1..)? else { return None };
    let (before, _) = typed.rsplit_once('/')?;
    before.strip_suffix(collection).map(str::to_owned)
}

/// Returns the names of a page that continue the word, and that a shell takes as they are.
fn offers(word: &Word, list: &MethodInfo, by: ListedBy, page: &Value) -> Vec<String> {
    let items = list.spec.items.and_then(|items| page.get(items.name())?.as_array());
    let names = items.into_iter().flatten().filter_map(|item| item.get(by.member)?.as_str());
    let fits = |name: &&str| {
        name.starts_with(&word.typed) && text::is_word(name) && params::fits(word.param, name)
    };
    names.filter(fits).map(str::to_owned).collect()
}
