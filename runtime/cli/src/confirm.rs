//! Confirmation of deletions on a terminal.

use discovery_describe::names::kebab;
use discovery_runtime::reflect::MethodInfo;
use discovery_runtime::spec::Verb;

use crate::failure::Failure;
use crate::host::Host;
use crate::plan::Plan;
use crate::settings::Settings;
use crate::text;

/// Maximum length of a resource name in a question.
const MAX_NAME: usize = 200;

/// Words in names of methods that delete by POST: `batchDelete`, `purge`.
const DELETING: &[&str] = &["delete", "purge", "destroy"];

/// Returns `true` if a method deletes.
pub(crate) fn deletes(method: &MethodInfo) -> bool {
    let by_name = || kebab(method.name).split('-').any(|word| DELETING.contains(&word));
    match method.spec.verb {
        Verb::Delete => true,
        Verb::Post => by_name(),
        Verb::Get | Verb::Head | Verb::Put | Verb::Patch | Verb::Options => false,
    }
}

/// Asks before a deletion.
pub(crate) fn deletion(
    plan: &Plan,
    settings: &Settings,
    host: &mut Host<'_>,
) -> Result<(), Failure> {
    if !deletes(plan.method) {
        return Ok(());
    }
    let names: Vec<&str> = plan.values.path.iter().map(|(_, value)| value.as_str()).collect();
    let names = text::cut(&names.join(" "), MAX_NAME);
    let what = format!("{} {names}", plan.method.spec.id);
    ask(what.trim_end(), settings, host)
}

/// Asks whether to continue, if a person is at a terminal. Scripts are never asked.
pub(crate) fn ask(what: &str, settings: &Settings, host: &mut Host<'_>) -> Result<(), Failure> {
    let there = host.terminals.stdin && host.terminals.stderr;
    if !there || settings.yes || settings.access.no_input {
        return Ok(());
    }
    let answer = host.ask(&format!("{}? [y/N] ", text::printable(what)));
    match answer.as_deref().map(str::to_lowercase).as_deref() {
        Some("y" | "yes") => Ok(()),
        _ => Err(Failure { kind: "declined", ..Failure::usage("not confirmed; nothing was sent") }
            .note("--yes deletes without asking")),
    }
}
