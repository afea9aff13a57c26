//! Media uploads: simple, multipart, and resumable.
//!
//! Uploaded content is stored with the resource that the method creates or updates, and returned
//! with `alt=media`.

use bytes::Bytes;
use discovery_testing::{Chunk, Sessions, split_multipart};
use http::{Method, Response, header};

use crate::error::{ApiError, Code};
use crate::incoming::Incoming;

/// Uploaded content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Content {
    /// Media type in the request.
    pub(crate) media_type: Option<String>,
    pub(crate) bytes: Bytes,
}

/// Interpretation of an upload request.
#[derive(Debug)]
pub(crate) enum Upload {
    /// A complete call with metadata and content.
    Complete(Bytes, Content),
    /// A step of a resumable upload, with its response.
    Step(Response<Bytes>),
}

/// The request that started a resumable upload.
#[derive(Debug)]
pub(crate) struct Begun {
    verb: Method,
    path: String,
    query: Vec<(String, String)>,
    metadata: Bytes,
    media_type: Option<String>,
}

/// Handles the first request of an upload with any protocol.
pub(crate) fn begin(sessions: &Sessions<Begun>, incoming: &Incoming) -> Result<Upload, ApiError> {
    let parameter = ["uploadType", "upload_protocol"]
        .into_iter()
        .find_map(|name| Some((name, incoming.query(name)?)));
    let (name, protocol) = parameter.unwrap_or(("uploadType", "media"));
    let given = |name: &str| incoming.header(name).map(str::to_owned);
    match protocol {
        "resumable" => {
            let begun = Begun {
                verb: incoming.verb.clone(),
                path: incoming.path.clone(),
                query: incoming.query.clone(),
                metadata: incoming.body.clone(),
                media_type: given("x-upload-content-type"),
            };
            let address = format!("{}{}", incoming.origin, incoming.path);
            Ok(Upload::Step(sessions.start(&address, name, begun).into_response()))
        }
        "multipart" => {
            let content_type = incoming.header("content-type").unwrap_or_default();
            let parts = split_multipart(content_type, &incoming.body);
            let Some([metadata, content]) = parts.as_deref() else {
                return Err(refused(
                    "A multipart upload must have two parts, metadata and content.",
                ));
            };
            let media_type = content.header("content-type").map(str::to_owned);
            let content = Content { media_type, bytes: content.body.clone() };
            Ok(Upload::Complete(metadata.body.clone(), content))
        }
        "media" | "raw" => {
            let media_type = given(header::CONTENT_TYPE.as_str());
            let content = Content { media_type, bytes: incoming.body.clone() };
            Ok(Upload::Complete(Bytes::new(), content))
        }
        other => {
            let text = format!(
                "Unknown upload protocol '{other}': this server supports media, multipart, and resumable."
            );
            Err(ApiError::invalid(name, text))
        }
    }
}

/// Returns the session id of a request, if any.
pub(crate) fn session(incoming: &Incoming) -> Option<String> {
    let id = incoming.query("upload_id").filter(|_| incoming.path.contains("upload/"))?;
    Some(id.to_owned())
}

/// Receives a chunk, or reports the progress. When the upload is complete, `incoming` becomes the
/// request that started it.
pub(crate) fn resume(sessions: &Sessions<Begun>, id: &str, incoming: &mut Incoming) -> Upload {
    if incoming.verb == Method::DELETE {
        return Upload::Step(sessions.cancel(id).into_response());
    }
    let range = incoming.header(header::CONTENT_RANGE.as_str()).map(str::to_owned);
    let range = range.as_deref();
    if let Err(reply) = sessions.begin(id, range, Some(incoming.body.len() as u64)) {
        return Upload::Step(reply.into_response());
    }
    sessions.push(id, &incoming.body);
    match sessions.end(id, range, true) {
        Chunk::Complete(begun, content) => {
            incoming.verb = begun.verb;
            incoming.path = begun.path;
            incoming.query = begun.query;
            let content = Content { media_type: begun.media_type, bytes: content.bytes };
            Upload::Complete(begun.metadata, content)
        }
        Chunk::Answer(reply) => Upload::Step(reply.into_response()),
    }
}

fn refused(text: &str) -> ApiError {
    ApiError::new(Code::InvalidArgument, text)
}
