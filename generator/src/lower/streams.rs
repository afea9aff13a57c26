//! Pass: finds the methods that answer with a stream of messages.
//!
//! The format does not mark them: the schema in `response` is that of one message. So names and
//! descriptions decide, and a table for the APIs that say it nowhere; `cargo lab corpus --streams`
//! lists the outcome over real documents. Methods that take a stream (client streaming,
//! bidirectional streaming) do not work over JSON and are left alone.

use super::Lowering;
use crate::error::Kind;
use crate::ir::{Api, Body, Method, MethodId, StreamRule, Type};

/// Methods that stream according to their protos, although no document says so.
const KNOWN: [(&str, &[&str]); 3] = [
    ("firestore", &["batchGet", "executePipeline", "runAggregationQuery", "runQuery"]),
    ("remotebuildexecution", &["getTree", "waitExecution"]),
    ("retail", &["conversationalSearch"]),
];

/// What descriptions say of a stream from the server, in lower case.
const FROM_SERVER: [&str; 14] = [
    "server-side stream",
    "server side stream",
    "server-stream",
    "server stream",
    "returns a stream of",
    "return a stream of",
    "generates a stream of",
    "generating a stream of",
    "the result as a stream",
    "the result set as a stream",
    "the results as a stream",
    "streamed into the response",
    "streams results",
    "streaming read of",
];

/// What descriptions say of a stream to the server, in lower case.
const FROM_CLIENT: [&str; 5] =
    ["bidirectional stream", "bidi stream", "bidi-stream", "client-stream", "client-side stream"];

impl Lowering<'_> {
    /// Runs before the passes that detect pages, items, and operations: a stream has none.
    pub(super) fn detect_streams(&mut self) {
        for id in MethodId::all(&self.api).collect::<Vec<_>>() {
            let found = rule(&self.api, &self.api[id]);
            let hint = self.hints.streams.get(&self.api[id].id.0).copied();
            let streams = match hint {
                None => found,
                Some(wanted) => self.hinted_stream(id, wanted, found),
            };
            let method = &mut self.api.methods[id.index()];
            method.streams = streams;
            method.operation &= streams.is_none();
        }
    }

    fn hinted_stream(
        &mut self,
        id: MethodId,
        wanted: bool,
        found: Option<StreamRule>,
    ) -> Option<StreamRule> {
        let method = &self.api[id];
        if wanted == found.is_some() {
            // An unused hint is reported as such.
            return found;
        }
        let name = method.id.0.clone();
        if wanted && !can_stream(&self.api, method) {
            let at = method.at.clone();
            let message = "a method with this response cannot stream".to_owned();
            self.error(Kind::Malformed, &at, message, "remove it from `streams` in the overlay");
        }
        self.used_hints.insert(name);
        wanted.then_some(StreamRule::Overlay)
    }
}

/// Whether a response can be one message of a stream: it exists and is not wrapped in `data`.
fn can_stream(api: &Api, method: &Method) -> bool {
    method.response.is_some() && !api.data_wrapper
}

fn rule(api: &Api, method: &Method) -> Option<StreamRule> {
    let text = method.doc.0.to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    if !can_stream(api, method) || says(&FROM_CLIENT) {
        return None;
    }
    let words = words(method.name.as_str());
    let named = |word: &str| words.iter().any(|other| other == word);
    if words.first().is_some_and(|first| first == "stream") || named("streaming") {
        return Some(StreamRule::Name);
    }
    // Raw bytes that arrive piece by piece are a download.
    let Some(Body::Json(ty)) = &method.response else { return None };
    if let Type::Object(id) = ty
        && self::words(api[*id].name.as_str()).iter().any(|word| word == "streaming")
    {
        return Some(StreamRule::Response);
    }
    if KNOWN
        .iter()
        .any(|(name, methods)| *name == api.name && methods.contains(&method.name.as_str()))
    {
        return Some(StreamRule::Known);
    }
    // "Returns a stream of …" of a resource that is a stream.
    let path = api.resource_path(method.resource);
    let of_stream = path.iter().any(|name| name.as_str().to_lowercase().contains("stream"));
    (says(&FROM_SERVER) && !of_stream).then_some(StreamRule::Description)
}

/// Splits a name in camel case into its words, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for c in name.chars() {
        match words.last_mut() {
            Some(word) if !c.is_ascii_uppercase() => word.push(c),
            _ => words.push(c.to_ascii_lowercase().to_string()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_of_names() {
        for (name, expected) in [
            ("streamGenerateContent", "stream generate content"),
            ("executeStreamingSql", "execute streaming sql"),
            ("dataStreams", "data streams"),
            ("stream", "stream"),
            ("", ""),
        ] {
            assert_eq!(words(name).join(" "), expected);
        }
    }
}
