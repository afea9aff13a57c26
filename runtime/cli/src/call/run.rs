//! Runs one API command.

use std::io::Write;
use std::sync::Arc;

use discovery_runtime::auth::{Anonymous, Credentials};
use discovery_runtime::observe::secrets::hide_members;
use discovery_runtime::reflect::MethodInfo;
use discovery_runtime::spec::ItemsIn;
use discovery_runtime::{Client, Error, Response};
use serde_json::Value;

use crate::access;
use crate::app::App;
use crate::command::Arguments;
use crate::confirm;
use crate::failure::Failure;
use crate::host::Host;
use crate::issue::{Issue, Issues};
use crate::output::{Select, Target, Writer, closed, print};
use crate::plan::{self, Plan};
use crate::settings::{Format, Mode, Settings};
use crate::text;

use super::answer::{Parsed, parse};
use super::interrupt::Waiting;
use super::log::Log;
use super::pages::{self, Merged};
use super::{
    code, curl, fields, hidden, interrupt, media, misfit, refusal, request, show, stream, wait,
};

/// Context of a command, besides its plan.
pub(super) struct Job<'a> {
    pub(super) app: &'a App,
    pub(super) settings: Settings,
    pub(super) writer: Writer,
    pub(super) target: Target,
    /// Whether to hide the next page's token, which was not requested.
    pub(super) token_hidden: bool,
}

/// Runs a method's command.
pub(crate) fn run(
    app: &App,
    method: &'static MethodInfo,
    arguments: &Arguments,
    host: &mut Host<'_>,
) -> Result<(), Failure> {
    if let Some(form) = arguments.one("skeleton") {
        return print(host, &crate::skeleton::text(app, method, &form));
    }
    let mut issues = Issues::default();
    let settings = Settings::read(app, arguments, host, &mut issues)?;
    let mut plan = plan::plan(app, method, arguments, &settings.layers, host, &mut issues);
    let select = select(method, &settings, &mut issues);
    if arguments.has("edit") && !issues.has_errors() {
        crate::edit::edit(app, &mut plan, arguments, host, &settings, &mut issues)?;
    }
    let follows = settings.paging.follow && method.spec.paging.is_some();
    if follows {
        pages::check_mask(&plan, &mut issues);
    }
    check_stored(&plan, &settings, &mut issues);
    wait::check(&plan, &settings, &mut issues);
    let mut called = std::iter::once(method.spec).chain(wait::polled(method, &settings));
    let forbidden = called.find_map(|spec| settings.guard.check(spec).err());
    match forbidden {
        Some(forbidden) if settings.mode == Mode::Send && !issues.has_errors() => {
            return Err(forbidden.into());
        }
        // Previews send nothing.
        Some(forbidden) => issues.push(Issue::warning(format!("{forbidden}."))),
        None => {}
    }
    report_issues(host, &settings, issues)?;
    // A printed program pages with the library, which handles the mask.
    fields::add(app, &mut plan, select.as_ref(), format(method, &settings), &settings);
    let token_hidden = follows && settings.mode != Mode::Code && pages::keep_token(&mut plan);
    let keyed = is_keyed(&plan);
    if settings.mode != Mode::Send {
        let plan = hidden::plan(&plan);
        let client = request::offline(app, &plan, &settings)?;
        let shown = show::shown(request::call(&client, &plan), &plan, &settings)?;
        print_variables(host, &settings, &plan, &shown);
        return match settings.mode {
            Mode::Code => print(host, &code::program(app, &plan, &settings)),
            Mode::Curl => print(host, &(curl::command(app, &plan, &shown, keyed) + "\n")),
            Mode::DryRun | Mode::Send => {
                let doc = show::document(&plan, &shown, &settings, keyed);
                print(host, &hidden::hidden(&format!("{doc:#}\n")))
            }
        };
    }
    let target =
        Target::check(settings.out.as_ref().map(|out| host.path(out)), host.terminals.stdout)?;
    let query = settings.query.clone();
    let writer = Writer::new(format(method, &settings), select, query, method);
    confirm::deletion(&plan, &settings, host)?;
    send(&Job { app, settings, writer, target, token_hidden }, plan, host)
}

/// Rejects `--as-stored` without a download.
fn check_stored(plan: &Plan, settings: &Settings, issues: &mut Issues) {
    if !settings.as_stored || is_download(plan) {
        return;
    }
    issues.push(Issue::error(if plan.method.spec.download {
        "--as-stored applies to downloads; --download gets the content."
    } else {
        "--as-stored applies to downloads, and this method has none."
    }));
}

/// Returns the format of the result: without a flag, JSON, of streams one message per line.
fn format(method: &MethodInfo, settings: &Settings) -> Format {
    let default = if method.spec.streams { Format::Jsonl } else { Format::Json };
    settings.format.unwrap_or(default)
}

/// Prints the variables that a printed command or program reads in place of secrets.
fn print_variables(host: &Host<'_>, settings: &Settings, plan: &Plan, shown: &show::Shown) {
    if settings.mode == Mode::DryRun {
        return;
    }
    let body = plan.body.as_ref().map(ToString::to_string).unwrap_or_default();
    let text = shown.url.clone() + &body;
    for name in hidden::variables(&text) {
        host.print_message(&format!(
            "Set the variable {name}: the value itself is a secret and not shown."
        ));
    }
}

/// Returns `true` if the URL contains an API key.
fn is_keyed(plan: &Plan) -> bool {
    plan.token.is_none() && plan.values.query_one("key").is_some()
}

fn select(method: &MethodInfo, settings: &Settings, issues: &mut Issues) -> Option<Select> {
    let text = settings.select.as_ref()?;
    match Select::parse(text) {
        Ok(select) => {
            let items = method.spec.items.filter(|_| format(method, settings).is_by_item());
            let printed = method.response.filter(|_| !wait::prints_another(method, settings));
            let warning = printed.and_then(|response| select.check(response));
            let inside = items.map(|items| match items {
                ItemsIn::List(name) => format!("{name}[]."),
                // Any key will do: all values have the same type.
                ItemsIn::Map(name) => format!("{name}.KEY."),
            });
            // In item formats, names refer to members of an item.
            let fits_items = inside.is_some_and(|prefix| {
                let paths: Vec<String> =
                    text.split(',').map(|path| format!("{prefix}{path}")).collect();
                let nested = Select::parse(&paths.join(",")).ok();
                nested.zip(method.response).is_some_and(|(s, ty)| s.check(ty).is_none())
            });
            if let Some(warning) = warning.filter(|_| !fits_items) {
                issues.push(warning.at("--select", text));
            }
            Some(select)
        }
        Err(issue) => {
            issues.push(issue);
            None
        }
    }
}

/// Prints all issues; fails if there are errors.
fn report_issues(host: &Host<'_>, settings: &Settings, mut issues: Issues) -> Result<(), Failure> {
    if settings.strict {
        issues.make_strict();
    }
    if issues.has_errors() {
        return Err(Failure::issues(&issues));
    }
    for issue in issues.warnings() {
        warn(host, issue);
    }
    Ok(())
}

fn warn(host: &Host<'_>, issue: &Issue) {
    host.print_tagged(&crate::style::warning("warning"), &text::printable(&issue.line()));
}

fn send(job: &Job<'_>, mut plan: Plan, host: &mut Host<'_>) -> Result<(), Failure> {
    let mock = crate::mock::open(job.app, &job.settings)?;
    let credentials: Arc<dyn Credentials> = match &mock {
        Some(_) => Arc::new(Anonymous),
        None => access::credentials(job.app, &plan, &job.settings, host)?,
    };
    let log = (job.settings.verbose > 0)
        .then(|| Log { sink: host.stderr.clone(), headers: job.settings.verbose > 1 });
    let client = request::client(job.app, &plan, &job.settings, credentials, log, mock)?;
    let runtime = crate::host::runtime()?;
    if is_download(&plan) {
        return media::download(job, &plan, &client, host, &runtime);
    }
    if let Some(raw) = &mut plan.raw {
        media::open(raw, host, &runtime)?;
    }
    let uploaded = match &plan.media {
        Some(content) => Some(media::upload(job, &plan, content, &client, host, &runtime)?),
        None => None,
    };
    let waiting = job.settings.wait.map(|limits| (limits, crate::progress::operation(host)));
    let progress = crate::progress::Pages::new(job.settings.paging.follow, host, &job.target);
    let stderr = host.stderr.clone();
    let log_body = |body: &Value, sign: char| {
        if job.settings.verbose > 1
            && let Ok(mut stderr) = stderr.lock()
        {
            let mut body = body.clone();
            hide_members(&mut body, &|_| crate::text::HIDDEN.to_owned());
            let _ = writeln!(stderr, "{sign} {}", text::visible(&body.to_string()));
        }
    };
    let interruptible = Waiting::new(&runtime, &job.target);
    let mut session = Session { job, client, plan, waiting: &interruptible, log_body: &log_body };
    let result = job.target.write(host.stdout, &mut |out| match (&uploaded, &waiting) {
        (Some(response), _) => session.answer(response, out),
        (None, Some((limits, bar))) => session.wait(*limits, bar.as_ref(), out),
        (None, None) if stream::streams(&session.plan) => session.stream(out),
        (None, None) => session.pages(out, &progress),
    });
    progress.done();
    result
}

pub(super) fn is_download(plan: &Plan) -> bool {
    plan.method.spec.download && plan.values.query_one("alt") == Some("media")
}

pub(super) struct Session<'a> {
    pub(super) job: &'a Job<'a>,
    pub(super) client: Client,
    pub(super) plan: Plan,
    pub(super) waiting: &'a Waiting<'a>,
    pub(super) log_body: &'a dyn Fn(&Value, char),
}

impl Session<'_> {
    /// Makes the call, once per page, and writes the results.
    fn pages(
        &mut self,
        out: &mut dyn Write,
        progress: &crate::progress::Pages,
    ) -> Result<(), Failure> {
        let paging = self.job.settings.paging;
        let Some(spec) = self.plan.method.spec.paging.filter(|_| paging.follow) else {
            return self.single(out);
        };
        let writer = &self.job.writer;
        let mut merged = Merged::new(self.plan.method);
        let mut tokens = std::collections::BTreeSet::new();
        let (mut items, mut count) = (0, 0);
        let more = loop {
            let Some(mut page) = self.json()? else { break false };
            count += 1;
            let next = pages::next_token(self.plan.method, &page);
            let found = merged.count(&page);
            let left = paging.limit.map_or(usize::MAX, |limit| limit - items);
            merged.truncate(&mut page, left);
            items += found.min(left);
            progress.page(count, items);
            if writer.streams() {
                writer.lines(&writer.items_of(page), out).map_err(|error| closed(&error))?;
                out.flush().map_err(|error| closed(&error))?;
            } else {
                merged.add(page);
            }
            let Some(token) = next? else { break false };
            let full = paging.limit.is_some_and(|limit| items >= limit);
            if full || paging.max_pages.is_some_and(|most| count >= most) {
                // The token of a truncated page would skip the removed items.
                break found <= left;
            }
            if !tokens.insert(token.clone()) {
                return Err(pages::loops(&token));
            }
            pages::set_token(&mut self.plan, spec.token, &token);
            self.wait_for(async { tokio::time::sleep(paging.delay).await })?;
        };
        if writer.streams() {
            return Ok(());
        }
        writer
            .document(merged.finish(more && !self.job.token_hidden), out)
            .map_err(|error| closed(&error))
    }

    fn single(&mut self, out: &mut dyn Write) -> Result<(), Failure> {
        let error = match self.send()? {
            Ok(response) => return self.answer(&response, out),
            Err(error) => error,
        };
        // The stream broke: keep the items before the error.
        let items = refusal::items_before(&error);
        if !items.is_empty() {
            self.job
                .writer
                .whole(Value::Array(items), None, out)
                .map_err(|error| closed(&error))?;
        }
        Err(self.failure(&error))
    }

    /// Writes the response.
    fn answer(&self, response: &Response, out: &mut dyn Write) -> Result<(), Failure> {
        match parse(&self.plan, response)? {
            Parsed::Json(doc) => {
                self.check(&doc)?;
                let wrapped = self.plan.method.spec.service.data_wrapper;
                let text = std::str::from_utf8(&response.body).ok().filter(|_| !wrapped);
                self.job.writer.whole(doc, text, out).map_err(|error| closed(&error))
            }
            Parsed::Bytes => out.write_all(&response.body).map_err(|error| closed(&error)),
            Parsed::Nothing => Ok(()),
        }
    }

    fn json(&mut self) -> Result<Option<Value>, Failure> {
        let response = self.response()?;
        match parse(&self.plan, &response)? {
            Parsed::Json(doc) => {
                self.check(&doc)?;
                misfit::check_items(self.plan.method, &doc)?;
                Ok(Some(doc))
            }
            Parsed::Bytes | Parsed::Nothing => Ok(None),
        }
    }

    /// Logs an answer, and checks its form, and with `--strict` its values. Other forms of answers
    /// have no types.
    fn check(&self, doc: &Value) -> Result<(), Failure> {
        (self.log_body)(doc, '<');
        if !self.plan.asks_for_json() {
            return Ok(());
        }
        misfit::check_form(self.plan.method, doc)?;
        if self.job.settings.strict { misfit::check(self.plan.method, doc) } else { Ok(()) }
    }

    fn response(&self) -> Result<Response, Failure> {
        self.send()?.map_err(|error| self.failure(&error))
    }

    pub(super) fn failure(&self, error: &Error) -> Failure {
        refusal::failure(self.job.app, &self.plan, error)
    }

    pub(super) fn log_request(&self) {
        if let Some(body) = &self.plan.body {
            (self.log_body)(body, '>');
        }
    }

    fn send(&self) -> Result<Result<Response, Error>, Failure> {
        self.log_request();
        self.wait_for(request::call(&self.client, &self.plan).execute())
    }

    /// Returns the result of a future.
    ///
    /// # Errors
    /// Returns an error if the user interrupts.
    pub(super) fn wait_for<T>(&self, wanted: impl Future<Output = T>) -> Result<T, Failure> {
        self.waiting.on(wanted).ok_or_else(|| interrupt::unwritten(&self.plan))
    }
}
