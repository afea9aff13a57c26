//! Media uploads: content in one request, content with metadata, and the resumable protocol.
//!
//! What is uploaded is kept with the resource that the method makes or changes, and given back
//! by `alt=media`.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{HeaderValue, Method, Response, StatusCode, header};

use crate::error::{ApiError, Code};
use crate::incoming::Incoming;
use crate::multipart::parts;
use crate::render::response;

/// Uploaded content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Content {
    /// As the request names it.
    pub(crate) media_type: Option<String>,
    pub(crate) bytes: Bytes,
}

/// What an upload request turns out to be.
#[derive(Debug)]
pub(crate) enum Upload {
    /// A call with these metadata and content.
    Complete(Bytes, Content),
    /// A step of a resumable upload, answered like this.
    Step(Response<Bytes>),
}

/// Resumable uploads that are not finished. They end with the process.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    open: Mutex<BTreeMap<String, Session>>,
}

#[derive(Debug)]
struct Session {
    /// The request that began it.
    verb: Method,
    path: String,
    query: Vec<(String, String)>,
    metadata: Bytes,
    media_type: Option<String>,
    received: Vec<u8>,
}

impl Sessions {
    /// Reads the first request of an upload, whichever protocol it follows.
    pub(crate) fn begin(&self, incoming: &Incoming, serial: u64) -> Result<Upload, ApiError> {
        let protocol = incoming.query("uploadType").or_else(|| incoming.query("upload_protocol"));
        match protocol.unwrap_or("media") {
            "resumable" => Ok(Upload::Step(self.open(incoming, serial))),
            "multipart" => {
                let content_type = incoming.header("content-type").unwrap_or_default();
                let parts = parts(content_type, &incoming.body);
                let Some([metadata, content]) = parts.as_deref() else {
                    return Err(refused("A multipart upload is metadata and content, two parts."));
                };
                let media_type = content.header("content-type").map(str::to_owned);
                let content = Content { media_type, bytes: content.body.clone() };
                Ok(Upload::Complete(metadata.body.clone(), content))
            }
            _ => {
                let media_type = incoming.header("content-type").map(str::to_owned);
                let content = Content { media_type, bytes: incoming.body.clone() };
                Ok(Upload::Complete(Bytes::new(), content))
            }
        }
    }

    fn open(&self, incoming: &Incoming, serial: u64) -> Response<Bytes> {
        let id = format!("upload-{serial}");
        let host = incoming.header("host").unwrap_or("localhost");
        let mut location = format!("http://{host}{}?upload_id={id}", incoming.path);
        for name in ["uploadType", "upload_protocol"] {
            if incoming.query(name).is_some() {
                location.push_str(&format!("&{name}=resumable"));
            }
        }
        let media_type = incoming.header("x-upload-content-type").map(str::to_owned);
        let session = Session {
            verb: incoming.verb.clone(),
            path: incoming.path.clone(),
            query: incoming.query.clone(),
            metadata: incoming.body.clone(),
            media_type,
            received: Vec::new(),
        };
        self.lock().insert(id.clone(), session);
        let mut response = response(StatusCode::OK, None, Bytes::new());
        for (name, value) in [("location", location), ("x-guploader-uploadid", id)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }

    /// Takes a chunk, or tells how much there is. A finished upload becomes the call that it was
    /// for: `incoming` is changed into the request that began it.
    pub(crate) fn go_on(&self, incoming: &mut Incoming) -> Result<Upload, ApiError> {
        let id = incoming.query("upload_id").unwrap_or_default().to_owned();
        let mut open = self.lock();
        let missing = || ApiError::new(Code::NotFound, format!("There is no upload '{id}'."));
        let session = open.get_mut(&id).ok_or_else(missing)?;
        let range = incoming.header(header::CONTENT_RANGE.as_str());
        let complete = match range {
            None => {
                session.received = incoming.body.to_vec();
                true
            }
            Some(range) => session.take(range, &incoming.body)?,
        };
        if !complete {
            return Ok(Upload::Step(session.progress()));
        }
        let session = open.remove(&id).ok_or_else(missing)?;
        incoming.verb = session.verb;
        incoming.path = session.path;
        incoming.query = session.query;
        let bytes = Bytes::from(session.received);
        Ok(Upload::Complete(session.metadata, Content { media_type: session.media_type, bytes }))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Session>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    /// Adds what is new of a chunk, and says whether the upload is complete.
    fn take(&mut self, range: &str, chunk: &Bytes) -> Result<bool, ApiError> {
        let range = ContentRange::parse(range)
            .ok_or_else(|| refused("Content-Range is not 'bytes FIRST-LAST/TOTAL'."))?;
        if let Some(first) = range.first {
            let have = self.received.len();
            // A chunk that was sent before, or that leaves a gap, is told by the answer.
            if let Some(new) = have.checked_sub(first).and_then(|known| chunk.get(known..)) {
                self.received.extend_from_slice(new);
            }
        }
        Ok(range.total == Some(self.received.len()))
    }

    /// `308`, with the bytes that are there, if any.
    fn progress(&self) -> Response<Bytes> {
        let mut response = response(StatusCode::PERMANENT_REDIRECT, None, Bytes::new());
        let last = self.received.len().checked_sub(1);
        let value = last.and_then(|last| HeaderValue::from_str(&format!("bytes=0-{last}")).ok());
        if let Some(value) = value {
            response.headers_mut().insert(header::RANGE, value);
        }
        response
    }
}

/// `bytes 0-99/200`, `bytes 0-99/*`, `bytes */200`, `bytes */*`.
struct ContentRange {
    first: Option<usize>,
    total: Option<usize>,
}

impl ContentRange {
    fn parse(text: &str) -> Option<Self> {
        let (range, total) = text.strip_prefix("bytes")?.trim().split_once('/')?;
        let first = match range {
            "*" => None,
            range => Some(range.split_once('-')?.0.parse().ok()?),
        };
        let total = match total {
            "*" => None,
            total => Some(total.parse().ok()?),
        };
        Some(Self { first, total })
    }
}

fn refused(text: &str) -> ApiError {
    ApiError::new(Code::InvalidArgument, text)
}
