//! Downloads.

use http::header::{IF_MATCH, IF_RANGE, RANGE};

use super::{Object, ObjectStore};
use crate::range::{ByteRange, byte_range};
use crate::reply::Reply;
use crate::server::Head;
use crate::upload::checksum;

impl ObjectStore {
    pub(super) fn download(self, head: &Head) -> Reply {
        let state = self.state();
        let Some(object) = state.objects.get(head.path()) else {
            return Reply::error(404, "no such object");
        };
        if head.query("alt").as_deref() != Some("media") {
            return object.describe(head.path());
        }
        let etag = object.etag();
        if head.header(IF_MATCH.as_str()).is_some_and(|wanted| wanted != etag && wanted != "*") {
            return Reply::error(412, "the ETag does not match");
        }
        // If the content has changed, the response to a range request is the whole content.
        let same = head.header(IF_RANGE.as_str()).is_none_or(|wanted| wanted == etag);
        let range = head.header(RANGE.as_str()).filter(|_| same);
        media(object, range)
    }
}

fn media(object: &Object, range: Option<&str>) -> Reply {
    let mut reply = Reply::new(200)
        .with_header("content-type", &object.content_type)
        .with_header("etag", object.etag())
        .with_header("accept-ranges", "bytes")
        .with_header("x-goog-generation", object.generation);
    if object.content.bytes().is_some() {
        let crc = checksum::base64(object.crc32c);
        reply = reply.with_header("x-goog-hash", format!("crc32c={crc}"));
    }
    let size = object.size;
    let Ok(len) = usize::try_from(size) else {
        return Reply::error(500, "content too large for memory");
    };
    match byte_range(range, len) {
        ByteRange::All => reply.with_content(object.content.clone()),
        ByteRange::None => Reply::error(416, "range not satisfiable")
            .with_header("content-range", format!("bytes */{size}")),
        ByteRange::Part(part) => {
            let (first, end) = (part.start as u64, part.end as u64);
            reply
                .with_status(206)
                .with_header("content-range", format!("bytes {first}-{}/{size}", end - 1))
                .with_content(object.content.slice(first, end))
        }
    }
}
