//! Server side of [resumable uploads](https://cloud.google.com/storage/docs/resumable-uploads).

mod assembly;
pub(crate) mod checksum;
mod range;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) use self::assembly::Assembly;
pub use self::assembly::Uploaded;
pub use self::checksum::crc32c_base64;
use self::range::UploadRange;
use crate::reply::Reply;

/// Required multiple of the size of all chunks except the last.
const CHUNK_MULTIPLE: u64 = 256 * 1024;

/// Upload sessions of a server; `T` describes an upload.
///
/// A chunk is handled in three steps: [`begin`](Self::begin) validates its range,
/// [`push`](Self::push) stores its bytes as they arrive, and [`end`](Self::end) returns the
/// outcome. The server then executes the call, and [`finish`](Self::finish) stores the response for
/// clients that missed it.
pub struct Sessions<T> {
    state: Mutex<State<T>>,
    strict: bool,
    discards: bool,
}

struct State<T> {
    sessions: BTreeMap<String, Session<T>>,
    count: u64,
    expired: Option<u16>,
    keeps: Option<u64>,
    hides_308: bool,
}

enum Session<T> {
    /// Part of the content is stored. `skip` is the number of bytes of a chunk that are already
    /// stored.
    Open { about: T, assembly: Assembly, skip: u64 },
    /// The content is complete, the response is not.
    Closed,
    /// The response to the call.
    Done(Reply),
}

/// Outcome of a chunk.
#[derive(Debug)]
pub enum Chunk<T> {
    /// The content is complete.
    Complete(T, Uploaded),
    /// The response to the chunk.
    Answer(Reply),
}

impl<T> Default for Sessions<T> {
    fn default() -> Self {
        let sessions = BTreeMap::new();
        let state = State { sessions, count: 0, expired: None, keeps: None, hides_308: false };
        Self { state: Mutex::new(state), strict: false, discards: false }
    }
}

impl<T> Sessions<T> {
    /// Rejects requests that real servers tolerate, so that tests find them: a chunk must start
    /// exactly at the end of the stored bytes, and the size of all chunks except the last must be a
    /// multiple of 256 KiB.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Keeps only size and checksum of uploads.
    pub(crate) fn discarding(mut self) -> Self {
        self.discards = true;
        self
    }

    /// Responds to the first request of an upload with the address of a new session.
    ///
    /// `address` is the URL of the request without its query, and `protocol` the parameter with the
    /// value `resumable`: `uploadType` or `upload_protocol`.
    pub fn start(&self, address: &str, protocol: &str, about: T) -> Reply {
        let mut state = self.state();
        state.count += 1;
        let id = format!("upload-{}", state.count);
        let assembly = Assembly::new(self.discards);
        state.sessions.insert(id.clone(), Session::Open { about, assembly, skip: 0 });
        let location = format!("{address}?{protocol}=resumable&upload_id={id}");
        Reply::new(200).with_header("location", location).with_header("x-guploader-uploadid", id)
    }

    /// Validates the `Content-Range` of a chunk before its bytes are read, and its length if known.
    /// Without a range, the body is the whole content.
    ///
    /// # Errors
    ///
    /// The response that rejects the chunk.
    pub fn begin(&self, id: &str, range: Option<&str>, length: Option<u64>) -> Result<(), Reply> {
        let mut state = self.state();
        let expired = state.expired.unwrap_or(404);
        let range = range.map(UploadRange::parse);
        let query = matches!(range, Some(Some(UploadRange { bytes: None, .. })));
        let keeps = if query { None } else { state.keeps.take() };
        let (assembly, skip) = match state.sessions.get_mut(id) {
            None => return Err(Reply::error(expired, &format!("no upload '{id}'"))),
            Some(Session::Closed | Session::Done(_)) => return Ok(()),
            Some(Session::Open { assembly, skip, .. }) => (assembly, skip),
        };
        assembly.begin(keeps);
        *skip = 0;
        match range {
            Some(None) => Err(refuse("Content-Range must be 'bytes FIRST-LAST/TOTAL'")),
            Some(Some(range)) => {
                *skip = accept(range, assembly.size(), length, self.strict)?;
                Ok(())
            }
            None => {
                *skip = assembly.size();
                Ok(())
            }
        }
    }

    /// Stores bytes of a chunk.
    pub fn push(&self, id: &str, bytes: &[u8]) {
        if let Some(Session::Open { assembly, skip, .. }) = self.state().sessions.get_mut(id) {
            let known = usize::try_from(*skip).unwrap_or(usize::MAX).min(bytes.len());
            *skip -= known as u64;
            assembly.push(&bytes[known..]);
        }
    }

    /// Ends a chunk or a status query; `whole` is `true` if all its bytes arrived.
    pub fn end(&self, id: &str, range: Option<&str>, whole: bool) -> Chunk<T> {
        let mut state = self.state();
        let hides = state.hides_308;
        let size = match state.sessions.get_mut(id) {
            None => return Chunk::Answer(Reply::error(410, "the session has ended")),
            Some(Session::Closed) => return Chunk::Answer(Reply::error(503, "not yet complete")),
            Some(Session::Done(reply)) => return Chunk::Answer(reply.clone()),
            Some(Session::Open { assembly, .. }) => {
                assembly.end(whole);
                assembly.size()
            }
        };
        let total = match range {
            Some(range) => UploadRange::parse(range).and_then(|range| range.total),
            None => whole.then_some(size),
        };
        if total != Some(size) {
            return Chunk::Answer(incomplete(size, hides));
        }
        match state.sessions.insert(id.to_owned(), Session::Closed) {
            Some(Session::Open { about, assembly, .. }) => {
                Chunk::Complete(about, assembly.finish())
            }
            _ => Chunk::Answer(Reply::error(410, "the session has ended")),
        }
    }

    /// Stores the response to the call of an upload. A rejected call ends the session.
    pub fn finish(&self, id: &str, reply: Reply) {
        self.state().sessions.insert(id.to_owned(), Session::Done(reply));
    }

    /// Responds to a `DELETE` of a session.
    pub fn cancel(&self, id: &str) -> Reply {
        match self.state().sessions.remove(id) {
            Some(_) => Reply::new(499),
            None => Reply::error(404, &format!("no upload '{id}'")),
        }
    }

    /// Ends all sessions: requests to them fail with `status`, 404 or 410.
    pub fn expire(&self, status: u16) {
        let mut state = self.state();
        state.sessions.clear();
        state.expired = Some(status);
    }

    /// Stores at most `bytes` of the next chunk.
    pub fn keep_at_most(&self, bytes: u64) {
        self.state().keeps = Some(bytes);
    }

    /// Responds with `200` and `X-Http-Status-Code-Override: 308` in place of `308`.
    pub fn hide_308(&self) {
        self.state().hides_308 = true;
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> fmt::Debug for Sessions<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").field("count", &self.state().count).finish_non_exhaustive()
    }
}

/// Returns how many bytes of a chunk are already stored.
fn accept(range: UploadRange, size: u64, length: Option<u64>, strict: bool) -> Result<u64, Reply> {
    let Some((first, last)) = range.bytes else { return Ok(0) };
    let len = last - first + 1;
    if length.is_some_and(|length| length != len) {
        return Err(refuse("Content-Length and Content-Range differ"));
    }
    if strict && first != size {
        return Err(refuse(&format!("the chunk starts at {first}, expected {size}")));
    }
    if strict && range.total != Some(last + 1) && !len.is_multiple_of(CHUNK_MULTIPLE) {
        return Err(refuse("the chunk size must be a multiple of 256 KiB"));
    }
    // A chunk after a gap is skipped, as the response shows.
    Ok(size.checked_sub(first).unwrap_or(u64::MAX))
}

fn refuse(why: &str) -> Reply {
    Reply::error(400, why)
}

/// Returns a `308` with the number of stored bytes.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns status and range of the response; 0 once the content is complete.
    fn chunk(sessions: &Sessions<()>, range: Option<&str>, bytes: &[u8]) -> (u16, Option<String>) {
        let reply = match sessions.begin("upload-1", range, Some(bytes.len() as u64)) {
            Err(reply) => reply,
            Ok(()) => {
                sessions.push("upload-1", bytes);
                match sessions.end("upload-1", range, true) {
                    Chunk::Answer(reply) => reply,
                    Chunk::Complete((), content) => {
                        return (0, Some(String::from_utf8(content.bytes.to_vec()).unwrap()));
                    }
                }
            }
        };
        let (status, headers, _) = reply.into_parts();
        let range = headers.get("range").map(|range| range.to_str().unwrap().to_owned());
        (status.as_u16(), range)
    }

    #[test]
    fn sessions_accept_chunks() {
        let sessions = Sessions::default();
        let (_, headers, _) = sessions.start("http://h:1/upload/x", "uploadType", ()).into_parts();
        assert_eq!(
            headers["location"],
            "http://h:1/upload/x?uploadType=resumable&upload_id=upload-1"
        );
        for (range, bytes, status, told) in [
            (Some("bytes */10"), "", 308, None),
            (Some("bytes 0-3/*"), "abcd", 308, Some("bytes=0-3")),
            // A gap, then a chunk that was partly received before.
            (Some("bytes 6-7/*"), "gh", 308, Some("bytes=0-3")),
            (Some("bytes 2-5/*"), "cdef", 308, Some("bytes=0-5")),
            (Some("bytes=6"), "x", 400, None),
            (Some("bytes 6-9/10"), "ghi", 400, None),
            (Some("bytes 6-9/10"), "ghij", 0, Some("abcdefghij")),
            (Some("bytes */10"), "", 503, None),
        ] {
            let told = told.map(str::to_owned);
            assert_eq!(chunk(&sessions, range, bytes.as_bytes()), (status, told), "{range:?}");
        }
        // The response stays available to a client that missed it.
        sessions.finish("upload-1", Reply::new(201));
        assert_eq!(chunk(&sessions, Some("bytes */10"), b"").0, 201);
        assert_eq!(sessions.cancel("upload-1").status(), 499);
        assert_eq!(chunk(&sessions, Some("bytes */10"), b"").0, 404);
    }

    #[test]
    fn a_body_without_a_range_is_the_whole_content() {
        let sessions = Sessions::default();
        sessions.start("http://h/upload/x", "upload_protocol", ());
        assert_eq!(chunk(&sessions, None, b"abc"), (0, Some("abc".to_owned())));
    }

    #[test]
    fn strict_servers_reject_gaps_and_odd_chunks() {
        let sessions = Sessions::default().strict();
        sessions.start("http://h/upload/x", "uploadType", ());
        assert_eq!(chunk(&sessions, Some("bytes 0-3/*"), b"abcd").0, 400);
        assert_eq!(chunk(&sessions, Some("bytes 4-7/8"), b"abcd").0, 400);
        assert_eq!(chunk(&sessions, Some("bytes 0-3/4"), b"abcd"), (0, Some("abcd".to_owned())));
    }
}
