//! Uploads that were interrupted: their sessions are kept until they are done.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use discovery_runtime::media::UploadSession;

/// Where the session of an upload is kept: the same method and the same content give the same
/// place. `None` if the file cannot be looked at.
pub(super) fn place(folder: &Path, method: &str, file: &Path) -> Option<PathBuf> {
    let found = fs::metadata(file).ok()?;
    let full = fs::canonicalize(file).ok()?;
    let changed = found.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let what = format!("{method}\n{}\n{}\n{}", full.display(), found.len(), changed.as_nanos());
    Some(folder.join("uploads").join(format!("{:016x}.json", fnv(what.as_bytes()))))
}

/// FNV-1a: short names that differ, no more.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The session of an earlier run.
pub(super) fn load(place: &Path) -> Option<UploadSession> {
    UploadSession::from_json(&fs::read_to_string(place).ok()?).ok()
}

/// Keeps a session. Its address is a secret: only the user may read the file. If it cannot be
/// kept, the upload goes on all the same.
pub(super) fn save(place: &Path, session: &UploadSession) {
    if let Some(folder) = place.parent() {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let _ = builder.create(folder);
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    if let Ok(mut file) = options.open(place) {
        let _ = std::io::Write::write_all(&mut file, session.to_json().as_bytes());
    }
}

/// Forgets a session that is done.
pub(super) fn forget(place: &Path) {
    let _ = fs::remove_file(place);
}
