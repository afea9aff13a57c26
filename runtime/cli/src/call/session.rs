//! Stores the sessions of interrupted uploads.
//!
//! The file name is a hash of everything that defines the upload: server, method, every parameter,
//! metadata, content, and caller, so only the identical upload finds it. The operating system locks
//! the file during an upload, so a killed process leaves no lock behind.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use discovery_runtime::media::UploadSession;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::plan::Plan;

/// Servers expire sessions after a week.
const MAX_AGE: Duration = Duration::from_secs(8 * 24 * 60 * 60);

/// Returns the hash of an upload's definition: SHA-256 in hexadecimal, which reveals nothing.
/// `None` if the content cannot be inspected.
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

/// Returns identity and state of the file. The session itself compares the contents.
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
    // `Debug` distinguishes names that are not Unicode.
    Some(json!([format!("{full:?}"), found.len(), changed.as_nanos().to_string(), node]))
}

/// Locked session file of an upload.
#[derive(Clone, Debug)]
pub(super) struct SessionFile {
    key: String,
    path: PathBuf,
    file: Arc<Mutex<File>>,
}

/// Result of opening a session file.
#[derive(Debug)]
pub(super) enum Place {
    /// Opened and locked.
    Held(SessionFile),
    /// Another process is running the same upload.
    Busy,
    /// The folder cannot be written.
    Unusable,
}

impl SessionFile {
    /// Opens and locks the session file of the upload with this key.
    pub(super) fn take(folder: &Path, key: &str) -> Place {
        let folder = folder.join("uploads");
        remove_expired(&folder);
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

    /// Loads the session of an earlier run. Ignores a file that names another upload, for example
    /// after a rename.
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

    /// Saves a session. The upload continues if this fails.
    pub(super) fn save(&self, session: &UploadSession) {
        let session: Value = serde_json::from_str(&session.to_json()).unwrap_or_default();
        let text = json!({"key": self.key, "session": session}).to_string();
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // A truncated write is not valid JSON and is therefore ignored.
        let _ = file
            .rewind()
            .and_then(|()| file.set_len(0))
            .and_then(|()| file.write_all(text.as_bytes()));
    }

    /// Deletes the session: the upload is complete, or the server rejected the session.
    pub(super) fn forget(self) {
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // A process that has the file open finds no session in it.
        let _ = file.set_len(0);
        let _ = fs::remove_file(&self.path);
    }
}

/// A session URL is a secret: only the user may read the file.
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

/// Removes expired sessions.
fn remove_expired(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let changed = entry.metadata().and_then(|found| found.modified());
        let age = changed.ok().and_then(|changed| SystemTime::now().duration_since(changed).ok());
        if age.is_some_and(|age| age > MAX_AGE) {
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

    fn take(folder: &Path, key: &str) -> SessionFile {
        match SessionFile::take(folder, key) {
            Place::Held(kept) => kept,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn sessions_are_found_only_by_their_upload() {
        let folder = tempfile::tempdir().unwrap();
        let kept = take(folder.path(), "a");
        assert_eq!(kept.load(), None);
        kept.save(&session());
        assert_eq!(kept.load(), Some(session()));
        drop(kept);
        assert_eq!(take(folder.path(), "a").load(), Some(session()));
        assert_eq!(take(folder.path(), "b").load(), None);
        // A file under another upload's name is ignored.
        let uploads = folder.path().join("uploads");
        fs::copy(uploads.join("a.json"), uploads.join("b.json")).unwrap();
        assert_eq!(take(folder.path(), "b").load(), None);
        // Truncated files are ignored as well.
        let text = fs::read(uploads.join("a.json")).unwrap();
        fs::write(uploads.join("a.json"), &text[..text.len() - 1]).unwrap();
        assert_eq!(take(folder.path(), "a").load(), None);
    }

    #[test]
    fn two_uploads_at_once_share_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let first = take(folder.path(), "a");
        first.save(&session());
        assert!(matches!(SessionFile::take(folder.path(), "a"), Place::Busy));
        let waiting = open(&folder.path().join("uploads"), &first.path).unwrap();
        first.forget();
        // A process that opened the file before its removal finds it empty.
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
        let long_ago = SystemTime::now() - 2 * MAX_AGE;
        kept.file.lock().unwrap().set_modified(long_ago).unwrap();
        drop(kept);
        take(folder.path(), "b");
        assert!(!folder.path().join("uploads/a.json").exists());
    }
}
