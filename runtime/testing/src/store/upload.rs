//! The three upload protocols.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE};
use serde_json::Value;

use super::{Object, ObjectStore};
use crate::multipart::split_multipart;
use crate::reply::Reply;
use crate::server::{Head, Incoming};
use crate::upload::{Assembly, Chunk, Uploaded};

/// Declared properties of an upload.
pub(super) struct Announced {
    name: String,
    content_type: String,
    metadata: Value,
}

/// Returns the name of the uploaded object.
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
                Some(id) => self.chunk(incoming, &id).await,
                None => {
                    let body = incoming.body().await;
                    self.start(incoming.head(), &body)
                }
            },
            _ => refuse("unknown uploadType"),
        }
    }

    async fn simple(self, mut incoming: Incoming) -> Reply {
        let head = incoming.head();
        let content_type = content_type(head, CONTENT_TYPE.as_str());
        let announced = Announced { name: name(head), content_type, metadata: Value::Null };
        let mut assembly = Assembly::new(self.discards);
        while let Some(chunk) = incoming.chunk().await {
            assembly.push(&chunk);
        }
        assembly.end(true);
        if !incoming.is_complete() {
            return refuse("the body is incomplete");
        }
        self.finish(announced, assembly.finish())
    }

    async fn multipart(self, mut incoming: Incoming) -> Reply {
        let body = incoming.body().await;
        let head = incoming.head();
        let content_type = head.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        let parts = split_multipart(content_type, &body);
        let Some([metadata, media]) = parts.as_deref() else {
            return refuse("expected exactly two complete parts");
        };
        let Ok(value) = serde_json::from_slice(&metadata.body) else {
            return refuse("the first part is not JSON");
        };
        let content_type = media.header("content-type").unwrap_or("text/plain").to_owned();
        let announced = Announced { name: name(head), content_type, metadata: value };
        let mut assembly = Assembly::new(self.discards);
        assembly.push(&media.body);
        assembly.end(true);
        self.finish(announced, assembly.finish())
    }

    fn start(self, head: &Head, body: &Bytes) -> Reply {
        let metadata = match body.is_empty() {
            true => Value::Null,
            false => match serde_json::from_slice(body) {
                Ok(value) => value,
                Err(_) => return refuse("the metadata is not JSON"),
            },
        };
        let content_type = content_type(head, "x-upload-content-type");
        let address = format!("{}{}", head.origin, head.path());
        let announced = Announced { name: name(head), content_type, metadata };
        self.sessions.start(&address, "uploadType", announced)
    }

    async fn chunk(self, mut incoming: Incoming, id: &str) -> Reply {
        let head = incoming.head();
        let range = head.header(CONTENT_RANGE.as_str()).map(str::to_owned);
        let length = head.header(CONTENT_LENGTH.as_str()).and_then(|n| n.parse().ok());
        if let Err(reply) = self.sessions.begin(id, range.as_deref(), length) {
            return reply;
        }
        while let Some(bytes) = incoming.chunk().await {
            self.sessions.push(id, &bytes);
        }
        match self.sessions.end(id, range.as_deref(), incoming.is_complete()) {
            Chunk::Answer(reply) => reply,
            Chunk::Complete(announced, content) => {
                let reply = self.finish(announced, content);
                self.sessions.finish(id, reply.clone());
                reply
            }
        }
    }

    fn finish(&self, announced: Announced, content: Uploaded) -> Reply {
        let mut state = self.state();
        state.count += 1;
        let object = Object {
            content_type: announced.content_type,
            metadata: announced.metadata,
            size: content.size,
            crc32c: content.crc32c,
            generation: state.count,
            content: content.bytes.into(),
        };
        let reply = object.describe(&announced.name);
        state.objects.insert(announced.name, object);
        reply
    }
}
