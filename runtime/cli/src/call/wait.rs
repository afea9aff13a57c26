//! Waits for the operation that a method starts.

use std::io::Write;

use discovery_runtime::json::Json;
use discovery_runtime::lro::{self, Poller};
use discovery_runtime::reflect::MethodInfo;
use discovery_runtime::spec::MethodSpec;
use indicatif::ProgressBar;
use serde_json::Value;

use super::request;
use super::run::{Session, is_download};
use crate::failure::Failure;
use crate::issue::{Issue, Issues};
use crate::output::closed;
use crate::plan::Plan;
use crate::settings::{Mode, Settings, Wait};
use crate::text;

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
        let bar = bar.cloned();
        let show = move |operation: &Json| {
            if let Some(bar) = &bar {
                bar.set_message(line(operation));
                bar.tick();
            }
        };
        let call = request::call(&self.client, &self.plan);
        let result = self.runtime.block_on(lro::until_done(call, &poller, &show));
        let result = result.map_err(|error| self.failure(&error))?;
        let doc: Value = serde_json::from_str(result.as_str()).unwrap_or_default();
        (self.log_body)(&doc, '<');
        let text = Some(result.as_str());
        self.job.writer.whole(doc, text, out).map_err(|error| closed(&error))
    }
}

/// Describes an operation: its name, and its status and progress where it has them.
fn line(operation: &Json) -> String {
    let of = |value: &Json, name: &str| {
        let value = value.get(name)?;
        let number = || value.as_f64().map(|_| value.as_str().to_owned());
        let text = value.as_text().map(std::borrow::Cow::into_owned);
        text.or_else(number).filter(|text| !text.is_empty())
    };
    let metadata = operation.get("metadata").unwrap_or_default();
    let percent = |value: &Json| of(value, "progress").or_else(|| of(value, "progressPercent"));
    let state = of(operation, "status").or_else(|| of(&metadata, "state"));
    let percent = percent(operation).or_else(|| percent(&metadata)).map(|n| format!("{n} %"));
    let parts = [of(operation, "name"), state, percent];
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
