//! Request bodies of content.

use bytes::Bytes;

use super::progress::Notify;
use super::read::{Chain, Concat, Exact};
use super::source::{PreparedSource, Source};
use crate::error::Result;
use crate::transport::{Body, ByteStream};

impl Source {
    /// Opens the content as a request body, for [`Call::raw_body`](crate::Call::raw_body). It is read
    /// as it is sent.
    ///
    /// # Errors
    ///
    /// If a file cannot be opened.
    pub async fn into_body(self) -> Result<Body> {
        Ok(framed_body(self.prepare().await?, [None, None], &Notify::default()))
    }
}

/// Creates a body of the whole content between two frames.
pub(super) fn framed_body(
    content: PreparedSource,
    frames: [Option<Bytes>; 2],
    notify: &Notify,
) -> Body {
    let frame_len: usize = frames.iter().flatten().map(Bytes::len).sum();
    let length = content.size().map(|size| size + frame_len as u64);
    let around = move |content: ByteStream, frames: [Option<Bytes>; 2]| -> ByteStream {
        let [before, after] = frames.map(|frame| Box::pin(Concat::new(frame)) as ByteStream);
        Box::pin(Chain([before, content, after].into()))
    };
    match content {
        PreparedSource::Content(content) => {
            let notify = notify.clone();
            Body::replayable(length, move || {
                let exact = Exact::new(content.open(0), 0, content.size(), notify.clone());
                around(Box::pin(exact), frames.clone())
            })
        }
        PreparedSource::Window(window) => {
            let size = window.size();
            let stream = window.into_stream();
            let stream = match size {
                Some(size) => Box::pin(Exact::new(stream, 0, size, notify.clone())) as ByteStream,
                None => stream,
            };
            Body::stream(length, around(stream, frames))
        }
    }
}
