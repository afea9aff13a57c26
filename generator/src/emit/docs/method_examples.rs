//! Examples of a call: async, blocking, command line, and curl.

use super::method::purpose;
use super::{Docs, piece};
use crate::emit::described::Described;
use crate::emit::examples::Examples;
use crate::ir::{self, Location, Method, MethodId, Param, PathPart, Type};
use crate::rust::{Fragment, ParamNames};
use discovery_describe::curl::{self, Body, Request};
use discovery_describe::names::kebab;
use discovery_describe::rust::{self, Answer};
use discovery_describe::shell::{CONTINUED, quote};
use discovery_describe::tokens::tokens;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::Value;

/// The examples of a page.
#[derive(Serialize)]
pub(super) struct ExamplesView {
    rust: Fragment,
    arguments: Option<Fragment>,
    json: Option<Fragment>,
    curl: Fragment,
}

/// A call with sample values.
pub(super) struct Call<'a> {
    /// Values of the parameters that are required by declaration or by description.
    pub(super) params: Vec<(&'a Param, &'a ParamNames, String)>,
    body: Option<(&'a Type, Value)>,
    raw: bool,
}

impl<'a> Call<'a> {
    pub(super) fn of(docs: &Docs<'a>, id: MethodId) -> Self {
        let m = &docs.cx.api[id];
        let names = &docs.cx.names.method(id).params;
        let params = m
            .params
            .iter()
            .zip(names)
            .filter(|(p, _)| p.required || (p.behavior.required && !p.deprecated));
        let params = params.map(|(p, n)| (p, n, Examples::parameter(docs.cx, p)));
        let params = params.filter(|(p, _, value)| p.required || !value.is_empty()).collect();
        let body = match &m.request {
            Some(ir::Body::Json(ty)) => Some((ty, docs.examples(purpose(m)).value(ty))),
            _ => None,
        };
        Self { params, body, raw: matches!(m.request, Some(ir::Body::Raw(_))) }
    }

    fn value(&self, name: &str) -> &str {
        let found = self.params.iter().find(|(p, ..)| p.name.as_str() == name);
        found.map_or("", |(_, _, value)| value.as_str())
    }

    /// Returns the program, the method, and its parameters.
    pub(super) fn command(&self, docs: &Docs<'_>, id: MethodId) -> Option<String> {
        let binary = docs.binary.as_ref()?;
        let mut line = format!("{binary} {}", docs.command_words(id));
        for (p, _, value) in self.params.iter().filter(|(p, ..)| p.required) {
            let value = if value.is_empty() { p.name.as_str() } else { value };
            line.push_str(&format!(" {}", quote(value)));
        }
        for (p, _, value) in self.params.iter().filter(|(p, ..)| !p.required) {
            let token = format!("{}={value}", kebab(p.name.as_str()));
            line.push_str(&format!("{CONTINUED}-p {}", quote(&token)));
        }
        Some(line)
    }
}

pub(super) fn examples(docs: &Docs<'_>, id: MethodId) -> ExamplesView {
    let call = Call::of(docs, id);
    let command = call.command(docs, id);
    let arguments = command.as_deref().and_then(|command| arguments(docs, &call, command));
    let json = command.zip(call.body.as_ref()).map(|(command, (_, value))| {
        piece(&format!("{command} --json {}", quote(&format!("{value:#}"))))
    });
    ExamplesView {
        rust: piece(&program(docs, id, &call)),
        arguments,
        json,
        curl: piece(&curl(docs, &docs.cx.api[id], &call)),
    }
}

/// Returns the command with the request as arguments; `None` if arguments cannot express it.
fn arguments(docs: &Docs<'_>, call: &Call<'_>, command: &str) -> Option<Fragment> {
    let Some((ty, value)) = &call.body else {
        let content = if call.raw { " -f content.txt" } else { "" };
        return Some(piece(&format!("{command}{content}")));
    };
    let tokens = tokens("", value, Described::new(docs.cx, ty));
    let tokens: String =
        tokens.iter().map(|token| format!("{CONTINUED}-r {}", quote(&token.text))).collect();
    (!tokens.is_empty()).then(|| piece(&format!("{command}{tokens}")))
}

/// Formats a function with the call.
fn program(docs: &Docs<'_>, id: MethodId, call: &Call<'_>) -> String {
    let (m, names) = (&docs.cx.api[id], docs.cx.names.method(id));
    let mut lines = Vec::new();
    let mut arguments = Vec::new();
    let mut setters = Vec::new();
    for (p, name, value) in &call.params {
        let values = std::slice::from_ref(value);
        let text = rust::argument(Described::new(docs.cx, &p.ty), p.repeated, values);
        let text = text.unwrap_or_else(|| rust::literal(value));
        match name {
            ParamNames::Argument(_) => arguments.push(text),
            ParamNames::Setter(name) => setters.push(format!(".{name}({text})")),
            ParamNames::Everywhere => {}
        }
    }
    if let Some((ty, value)) = &call.body {
        let request = rust::value(value, Described::new(docs.cx, ty), 1);
        lines.push(format!("    let request = {request};"));
        arguments.push("&request".to_owned());
    } else if call.raw {
        lines.push(
            "    let content = runtime::HttpBody::new(\"text/plain\", \"content\");".to_owned(),
        );
        arguments.push("content".to_owned());
    }
    let resources = docs.cx.names.accessors(docs.cx.api, m.resource);
    let resources = resources.iter().map(|name| name.as_str());
    let mut chain = rust::chain(resources, names.function.as_str(), &arguments);
    chain.extend(setters);
    let (end, answer) = match (&m.response, is_paged(m)) {
        _ if m.is_download_only() => (".download().to_file(\"content\")", Answer::Print),
        _ if m.streams.is_some() => (".stream()", Answer::PrintMessages),
        (None, _) => (".send()", Answer::Nothing),
        (Some(_), true) => (".items()", Answer::PrintItems),
        (Some(_), false) => (".send()", Answer::Print),
    };
    chain.push(end.to_owned());
    lines.extend(rust::statement(&chain, answer));
    let body = lines.join("\n");
    let import = rust::import(docs.cx.names.package.krate.as_str(), &["Client"], &body);
    format!(
        "{import}\n\nasync fn example(client: &Client) -> Result<(), Box<dyn \
         std::error::Error>> {{\n{body}\n    Ok(())\n}}"
    )
}

/// Returns `true` if the program iterates over the response's items.
fn is_paged(m: &Method) -> bool {
    m.response.is_some() && m.paged_items().is_some()
}

/// Formats the request as a curl command.
fn curl(docs: &Docs<'_>, m: &Method, call: &Call<'_>) -> String {
    let api = docs.cx.api;
    let url = url(docs, m, call);
    let program = docs.binary.as_deref().unwrap_or("gcloud");
    let token = format!("{program} auth print-access-token");
    let text = call.body.as_ref().map(|(_, value)| {
        if api.data_wrapper { format!("{{\"data\":{value}}}") } else { value.to_string() }
    });
    let (mime, body) = match &text {
        Some(text) => (Some("application/json"), Body::Text(text)),
        None if call.raw => (Some("text/plain"), Body::File("content.txt")),
        None => (None, Body::Empty),
    };
    curl::command(&Request {
        verb: m.verb.as_str(),
        url: &url,
        token: Some(&token),
        headers: mime.map(|mime| ("content-type", mime)).into_iter().collect(),
        body,
    })
}

fn url(docs: &Docs<'_>, m: &Method, call: &Call<'_>) -> String {
    let mut url = format!("{}{}", docs.cx.api.root_url, docs.cx.api.service_path);
    for part in &m.path.0 {
        match part {
            PathPart::Literal(text) => url.push_str(text),
            PathPart::Simple(name) => url.push_str(&encoded(call.value(name.as_str()), SEGMENT)),
            PathPart::Reserved(name) => url.push_str(&encoded(call.value(name.as_str()), REST)),
            PathPart::Segments(name) => {
                url.push('/');
                url.push_str(&encoded(call.value(name.as_str()), REST));
            }
        }
    }
    let query = call.params.iter().filter(|(p, ..)| p.location == Location::Query);
    for (at, (p, _, value)) in query.enumerate() {
        let mark = if at == 0 { '?' } else { '&' };
        url.push_str(&format!("{mark}{}={}", p.name, encoded(value, REST)));
    }
    url
}

/// Characters to escape in a path segment: all but RFC 3986's unreserved characters.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Like [`SEGMENT`], for values that may contain slashes.
const REST: &AsciiSet = &SEGMENT.remove(b'/');

fn encoded(text: &str, escaped: &'static AsciiSet) -> String {
    utf8_percent_encode(text, escaped).to_string()
}
