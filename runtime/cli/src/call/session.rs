//! Interrupted uploads: their sessions are kept until they are done.
//!
//! A session goes into a file that is named after everything that the upload consists of: server,
//! method, every parameter, metadata, content and caller. Only the very same upload finds it. The
//! file is locked while an upload uses it, by the operating system, so that a process that is
//! killed holds nothing back.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use discovery_runtime::media::UploadSession;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::plan::Plan;

/// Servers forget sessions after a week.
const OLDEST: Duration = Duration::from_secs(8 * 24 * 60 * 60);

/// What an upload consists of, as a SHA-256 in hexadecimal: nothing can be read off it. `None` if
/// the content cannot be looked at.
pub(super) fn key(
    plan: &Plan,
    endpoint: &str,
    mime: Option<&str>,
    file: &Path,
    identity: &Value,
) -> Option<String> {
    let material = json!({
        "version": 1,
        "endpoint": endpoint,
        "method": plan.method.spec.id,
        "path": plan.values.path,
        "query": plan.values.query,
        "metadata": plan.body,
        "contentType": mime,
        "content": content(file)?,
        "identity": identity,
    });
    let hash = digest(&SHA256, material.to_string().as_bytes());
    Some(hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Which file it is, and which state of it. What it holds is compared by the session itself.
fn content(file: &Path) -> Option<Value> {
    let found = fs::metadata(file).ok()?;
    let full = fs::canonicalize(file).ok()?;
    let changed = found.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    #[cfg(unix)]
    let node = {
        use std::os::unix::fs::MetadataExt as _;
        [found.dev(), found.ino()]
    };
    #[cfg(not(unix))]
    let node = [0_u64; 2];
    // Debug tells names apart that are no Unicode.
    Some(json!([format!("{full:?}"), found.len(), changed.as_nanos().to_string(), node]))
}

/// The place of an upload's session, held by this upload alone.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    key: String,
    path: PathBuf,
    file: Arc<Mutex<File>>,
}

/// Whether an upload can have its place.
#[derive(Debug)]
pub(super) enum Place {
    /// It has it.
    Held(Kept),
    /// The same upload is under way in another process.
    Busy,
    /// The folder cannot be written.
    Unusable,
}

impl Kept {
    /// Takes the place of the upload with this key.
    pub(super) fn take(folder: &Path, key: &str) -> Place {
        let folder = folder.join("uploads");
        forget_old(&folder);
        let path = folder.join(format!("{key}.json"));
        let Ok(file) = open(&folder, &path) else { return Place::Unusable };
        match fs4::FileExt::try_lock(&file) {
            Ok(()) => {
                let file = Arc::new(Mutex::new(file));
                Place::Held(Self { key: key.to_owned(), path, file })
            }
            Err(fs4::TryLockError::WouldBlock) => Place::Busy,
            Err(fs4::TryLockError::Error(_)) => Place::Unusable,
        }
    }

    /// The session of an earlier run. A file that says that it is of another upload, as after it
    /// was renamed, is no session.
    pub(super) fn load(&self) -> Option<UploadSession> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        file.rewind().ok()?;
        file.read_to_string(&mut text).ok()?;
        let kept: Value = serde_json::from_str(&text).ok()?;
        let is_own = kept.get("key").and_then(Value::as_str) == Some(&self.key);
        let session = kept.get("session").filter(|_| is_own)?;
        UploadSession::from_json(&session.to_string()).ok()
    }

    /// Keeps a session. If it cannot be kept, the upload goes on all the same.
    pub(super) fn save(&self, session: &UploadSession) {
        let session: Value = serde_json::from_str(&session.to_json()).unwrap_or_default();
        let text = json!({"key": self.key, "session": session}).to_string();
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // A write that is cut off is no JSON, hence no session.
        let _ = file
            .rewind()
            .and_then(|()| file.set_len(0))
            .and_then(|()| file.write_all(text.as_bytes()));
    }

    /// Forgets the session: the upload is done, or the server does not want it.
    pub(super) fn forget(self) {
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever has the file open meanwhile finds no session in it.
        let _ = file.set_len(0);
        let _ = fs::remove_file(&self.path);
    }
}

/// A session's address is a secret: only the user may read the file.
fn open(folder: &Path, path: &Path) -> std::io::Result<File> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    builder.create(folder)?;
    options.open(path)
}

/// Removes sessions that no server knows any more.
fn forget_old(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let changed = entry.metadata().and_then(|found| found.modified());
        let age = changed.ok().and_then(|changed| SystemTime::now().duration_since(changed).ok());
        if age.is_some_and(|age| age > OLDEST) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> UploadSession {
        let text = r#"{"uri":"http://localhost/u","method":"m","target":"t","contentType":"c"}"#;
        UploadSession::from_json(text).unwrap()
    }

    fn take(folder: &Path, key: &str) -> Kept {
        match Kept::take(folder, key) {
            Place::Held(kept) => kept,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_session_is_found_by_its_upload_alone() {
        let folder = tempfile::tempdir().unwrap();
        let kept = take(folder.path(), "a");
        assert_eq!(kept.load(), None);
        kept.save(&session());
        assert_eq!(kept.load(), Some(session()));
        drop(kept);
        assert_eq!(take(folder.path(), "a").load(), Some(session()));
        assert_eq!(take(folder.path(), "b").load(), None);
        // A file under the name of another upload is not its session.
        let uploads = folder.path().join("uploads");
        fs::copy(uploads.join("a.json"), uploads.join("b.json")).unwrap();
        assert_eq!(take(folder.path(), "b").load(), None);
        // Nor is one that was cut off.
        let text = fs::read(uploads.join("a.json")).unwrap();
        fs::write(uploads.join("a.json"), &text[..text.len() - 1]).unwrap();
        assert_eq!(take(folder.path(), "a").load(), None);
    }

    #[test]
    fn two_uploads_at_once_share_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let first = take(folder.path(), "a");
        first.save(&session());
        assert!(matches!(Kept::take(folder.path(), "a"), Place::Busy));
        let waiting = open(&folder.path().join("uploads"), &first.path).unwrap();
        first.forget();
        // Who opened the file before it was removed finds nothing in it.
        assert_eq!(waiting.metadata().unwrap().len(), 0);
        assert_eq!(take(folder.path(), "a").load(), None);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_user_reads_a_session() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let kept = take(&folder.path().join("new"), "a");
        kept.save(&session());
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&kept.path), 0o600);
        assert_eq!(mode(kept.path.parent().unwrap()), 0o700);
    }

    #[test]
    fn old_sessions_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let kept = take(folder.path(), "a");
        kept.save(&session());
        let long_ago = SystemTime::now() - 2 * OLDEST;
        kept.file.lock().unwrap().set_modified(long_ago).unwrap();
        drop(kept);
        take(folder.path(), "b");
        assert!(!folder.path().join("uploads/a.json").exists());
    }
}
