//! The three upload protocols.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE};
use serde_json::Value;

use super::range::UploadRange;
use super::session::{Assembly, Session};
use super::{Object, ObjectStore};
use crate::multipart::split_multipart;
use crate::reply::Reply;
use crate::server::{Head, Incoming};

const GRAIN: u64 = 256 * 1024;

/// What an upload says of itself.
struct Announced {
    name: String,
    content_type: String,
    metadata: Value,
}

/// The name of the object that an upload makes.
fn name(head: &Head) -> String {
    let path = head.path();
    let path = path.strip_prefix("/resumable").unwrap_or(path);
    let path = path.strip_prefix("/upload").unwrap_or(path);
    match head.query("name") {
        Some(name) => format!("{path}/{name}"),
        None => path.to_owned(),
    }
}

fn content_type(head: &Head, header: &str) -> String {
    head.header(header).unwrap_or("application/octet-stream").to_owned()
}

fn refuse(why: &str) -> Reply {
    Reply::error(400, why)
}

impl ObjectStore {
    pub(super) async fn upload(self, mut incoming: Incoming, kind: &str) -> Reply {
        match kind {
            "media" => self.simple(incoming).await,
            "multipart" => self.multipart(incoming).await,
            "resumable" => match incoming.head().query("upload_id") {
                Some(id) => self.chunk(incoming, id.parse().unwrap_or(u64::MAX)).await,
                None => {
                    let body = incoming.body().await;
                    self.start(&incoming, &body)
                }
            },
            _ => refuse("an unknown uploadType"),
        }
    }

    async fn simple(self, mut incoming: Incoming) -> Reply {
        let head = incoming.head();
        let content_type = content_type(head, CONTENT_TYPE.as_str());
        let announced = Announced { name: name(head), content_type, metadata: Value::Null };
        let mut assembly = Assembly::new(self.state().discards);
        while let Some(chunk) = incoming.chunk().await {
            assembly.push(&chunk);
        }
        assembly.end(true);
        if !incoming.is_complete() {
            return refuse("the body was cut off");
        }
        self.finish(announced, assembly)
    }

    async fn multipart(self, mut incoming: Incoming) -> Reply {
        let body = incoming.body().await;
        let head = incoming.head();
        let content_type = head.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        let parts = split_multipart(content_type, &body);
        let Some([metadata, media]) = parts.as_deref() else {
            return refuse("not exactly two whole parts");
        };
        let Ok(value) = serde_json::from_slice(&metadata.body) else {
            return refuse("the first part is not JSON");
        };
        let content_type = media.header("content-type").unwrap_or("text/plain").to_owned();
        let announced = Announced { name: name(head), content_type, metadata: value };
        let mut assembly = Assembly::new(self.state().discards);
        assembly.push(&media.body);
        assembly.end(true);
        self.finish(announced, assembly)
    }

    fn start(self, incoming: &Incoming, body: &Bytes) -> Reply {
        let head = incoming.head();
        let metadata = match body.is_empty() {
            true => Value::Null,
            false => match serde_json::from_slice(body) {
                Ok(value) => value,
                Err(_) => return refuse("the metadata is not JSON"),
            },
        };
        let root = self.root.get().map_or("/", String::as_str);
        let path = head.path().trim_start_matches('/');
        let mut state = self.state();
        state.count += 1;
        let id = state.count;
        let session = Session {
            name: name(head),
            content_type: content_type(head, "x-upload-content-type"),
            metadata,
            assembly: Some(Assembly::new(state.discards)),
        };
        state.sessions.insert(id, session);
        let location = format!("{root}{path}?uploadType=resumable&upload_id={id}");
        Reply::new(200).with_header("location", location)
    }

    pub(super) fn cancel(self, head: &Head) -> Reply {
        let id = head.query("upload_id").and_then(|id| id.parse().ok());
        match id.and_then(|id: u64| self.state().sessions.remove(&id)) {
            Some(_) => Reply::new(499),
            None => Reply::error(404, "no such session"),
        }
    }

    async fn chunk(self, mut incoming: Incoming, id: u64) -> Reply {
        let head = incoming.head();
        let range = head.header(CONTENT_RANGE.as_str()).unwrap_or_default().to_owned();
        let length = head.header(CONTENT_LENGTH.as_str()).and_then(|n| n.parse().ok());
        if let Err(reply) = self.begin(id, &range, length) {
            return reply;
        }
        while let Some(bytes) = incoming.chunk().await {
            let mut state = self.state();
            let session = state.sessions.get_mut(&id);
            if let Some(assembly) = session.and_then(|session| session.assembly.as_mut()) {
                assembly.push(&bytes);
            }
        }
        self.end(id, &range, incoming.is_complete())
    }

    /// Checks a chunk before its bytes are read.
    fn begin(&self, id: u64, range: &str, length: Option<u64>) -> Result<(), Reply> {
        let mut state = self.state();
        let expired = state.expired;
        let query = range.starts_with("bytes */");
        let keeps = if query { None } else { state.keeps.take() };
        let Some(session) = state.sessions.get_mut(&id) else {
            return Err(Reply::error(expired.unwrap_or(404), "no such session"));
        };
        let Some(assembly) = &mut session.assembly else { return Ok(()) };
        assembly.begin(keeps);
        if query {
            return Ok(());
        }
        let Some(UploadRange { bytes: Some((first, last)), total }) = UploadRange::parse(range)
        else {
            return Err(refuse("a Content-Range that is none"));
        };
        let len = last - first + 1;
        if first != assembly.size() {
            let held = assembly.size();
            return Err(refuse(&format!("the chunk begins at {first}, the store holds {held}")));
        }
        if length.is_some_and(|length| length != len) {
            return Err(refuse("Content-Length and Content-Range differ"));
        }
        if total != Some(last + 1) && !len.is_multiple_of(GRAIN) {
            return Err(refuse("a chunk that is no multiple of 256 KiB"));
        }
        Ok(())
    }

    /// Answers a chunk or a query.
    fn end(&self, id: u64, range: &str, whole: bool) -> Reply {
        let mut state = self.state();
        let hides = state.hides_308;
        let Some(session) = state.sessions.get_mut(&id) else {
            return Reply::error(410, "the session ended meanwhile");
        };
        let name = session.name.clone();
        let Some(assembly) = &mut session.assembly else {
            let done = state.objects.get(&name).map(|object| object.describe(&name));
            return done.unwrap_or_else(|| Reply::error(410, "the object is gone"));
        };
        assembly.end(whole);
        let total = range.rsplit_once('/').and_then(|(_, total)| total.parse().ok());
        let size = assembly.size();
        if total != Some(size) {
            return incomplete(size, hides);
        }
        let Some(assembly) = session.assembly.take() else { return refuse("no content") };
        let announced = Announced {
            name,
            content_type: session.content_type.clone(),
            metadata: session.metadata.clone(),
        };
        drop(state);
        self.finish(announced, assembly)
    }

    fn finish(&self, announced: Announced, assembly: Assembly) -> Reply {
        let (content, size, crc) = assembly.finish();
        let mut state = self.state();
        state.count += 1;
        let object = Object {
            content_type: announced.content_type,
            metadata: announced.metadata,
            size,
            crc32c: crc,
            generation: state.count,
            content: content.into(),
        };
        let reply = object.describe(&announced.name);
        state.objects.insert(announced.name, object);
        reply
    }
}

/// `308`, with what the store holds.
fn incomplete(size: u64, hides: bool) -> Reply {
    let reply = match hides {
        true => Reply::new(200).with_header("x-http-status-code-override", 308),
        false => Reply::new(308),
    };
    match size.checked_sub(1) {
        Some(last) => reply.with_header("range", format!("bytes=0-{last}")),
        None => reply,
    }
}
