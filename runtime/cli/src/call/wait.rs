//! Waits for the operation that a method starts.

use std::io::Write;
use std::sync::Mutex;

use discovery_describe::shell::quote;
use discovery_runtime::json::Json;
use discovery_runtime::lro::{self, Poller};
use discovery_runtime::reflect::MethodInfo;
use discovery_runtime::spec::MethodSpec;
use indicatif::ProgressBar;
use serde_json::Value;

use super::run::{Session, is_download};
use super::{interrupt, refusal, request};
use crate::failure::{Failure, Retry};
use crate::issue::{Issue, Issues};
use crate::output::closed;
use crate::plan::Plan;
use crate::settings::{Mode, Settings, Wait};
use crate::text;
use crate::tree::command_line;

/// Rejects `--wait` for methods without an operation, and beside flags that it contradicts.
pub(super) fn check(plan: &Plan, settings: &Settings, issues: &mut Issues) {
    if settings.wait.is_none() {
        return;
    }
    let message = if plan.method.spec.operation.is_none() {
        "--wait applies to methods that start an operation, and this one starts none that can be \
         awaited."
    } else if plan.media.is_some() || is_download(plan) {
        "--wait does not apply to uploads and downloads."
    } else if matches!(settings.mode, Mode::Code | Mode::Curl) {
        "--wait does not apply to printed commands and programs."
    } else {
        return;
    };
    issues.push(Issue::error(message));
}

/// Returns the method that asks for the operation, if the run waits.
pub(super) fn polled(method: &MethodInfo, settings: &Settings) -> Option<&'static MethodSpec> {
    settings.wait.and(method.spec.operation).map(|operation| operation.poll)
}

/// Returns `true` if the result is not of the response's type.
pub(super) fn prints_another(method: &MethodInfo, settings: &Settings) -> bool {
    settings.wait.is_some() && method.spec.operation.is_some_and(|operation| !operation.by_status)
}

impl Session<'_> {
    /// Makes the call, waits for its operation, and writes the result.
    pub(super) fn wait(
        &self,
        limits: Wait,
        bar: Option<&ProgressBar>,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        self.log_request();
        let poller = Poller::new(&self.client);
        let poller = match limits.limit {
            Some(limit) => poller.with_timeout(limit),
            None => poller,
        };
        let started = Mutex::new(None);
        let show = |operation: &Json| {
            if let Ok(mut started) = started.lock() {
                *started = member(operation, "name");
            }
            if let Some(bar) = bar {
                bar.set_message(line(operation));
                bar.tick();
            }
        };
        let call = request::call(&self.client, &self.plan);
        let done = lro::until_done(call, &poller, &show);
        let result = self.waiting.on_told(done);
        if let Some(bar) = bar {
            bar.finish_and_clear();
        }
        let started = started.into_inner().ok().flatten();
        let result = match result {
            Some(Ok(result)) => result,
            Some(Err(error)) if error.is_timeout() => {
                let mut failure = self.failure(&error);
                if started.is_some() {
                    failure.notes.retain(|note| note != refusal::TIME_LIMIT);
                }
                return Err(self.continued(failure, started.as_deref()));
            }
            Some(Err(error)) => return Err(self.failure(&error)),
            None => return Err(self.continued(stopped(started.as_deref()), started.as_deref())),
        };
        let doc: Value = serde_json::from_str(result.as_str()).unwrap_or_default();
        (self.log_body)(&doc, '<');
        let text = Some(result.as_str());
        self.job.writer.whole(doc, text, out).map_err(|error| closed(&error))
    }
}

impl Session<'_> {
    /// Adds the command that shows the operation, which goes on.
    fn continued(&self, failure: Failure, operation: Option<&str>) -> Failure {
        match operation.and_then(|name| self.poll_command(name)) {
            Some(command) => failure.note(format!("'{command}' asks for it again")),
            None => failure,
        }
    }

    fn poll_command(&self, operation: &str) -> Option<String> {
        let spec = self.plan.method.spec.operation?;
        let app = self.job.app;
        let poll = app.api.methods.iter().find(|method| method.spec.id == spec.poll.id)?;
        let mut command = command_line(app, poll);
        for param in poll.params.iter().filter(|param| param.required) {
            let value = match param.name == spec.name {
                true => operation,
                false => self.plan.values.all(param.name).last()?,
            };
            command.push_str(&format!(" {}", quote(value)));
        }
        Some(command)
    }
}

/// Failure of a run that was interrupted while it waited.
fn stopped(operation: Option<&str>) -> Failure {
    let message = match operation {
        Some(name) => format!("interrupted; {name} goes on"),
        None => "interrupted before the operation was known; it may have been started".to_owned(),
    };
    let retry = Retry { maybe_done: true, ..Retry::default() };
    Failure { retry, ..interrupt::failure(message) }
}

/// Returns a member of an operation as text.
fn member(value: &Json, name: &str) -> Option<String> {
    let value = value.get(name)?;
    let number = || value.as_f64().map(|_| value.as_str().to_owned());
    let text = value.as_text().map(std::borrow::Cow::into_owned);
    text.or_else(number).filter(|text| !text.is_empty())
}

/// Describes an operation: its name, and its status and progress where it has them.
fn line(operation: &Json) -> String {
    let metadata = operation.get("metadata").unwrap_or_default();
    let percent =
        |value: &Json| member(value, "progress").or_else(|| member(value, "progressPercent"));
    let state = member(operation, "status").or_else(|| member(&metadata, "state"));
    let percent = percent(operation).or_else(|| percent(&metadata)).map(|n| format!("{n} %"));
    let parts = [member(operation, "name"), state, percent];
    text::printable(&parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn progress_is_one_line_without_control_characters() {
        for (operation, shown) in [
            (r#"{"name":"o","status":"RUNNING","progress":40}"#, "o, RUNNING, 40 %"),
            (r#"{"name":"o","metadata":{"state":"ACTIVE","progressPercent":7}}"#, "o, ACTIVE, 7 %"),
            (r#"{"name":"o\u001b[2J\n\u202e","done":false}"#, r"o\u{1b}[2J\n\u{202e}"),
            ("{}", ""),
        ] {
            assert_eq!(line(&operation.parse().unwrap()), shown);
        }
    }
}
