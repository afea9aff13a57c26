//! Reads files with secrets, and detects secrets passed as paths.

use super::{AuthError, AuthErrorKind};
use crate::redact::shown_path;
use std::path::Path;

/// Reads a file; `what` names it in errors, which show neither the content nor a path that looks
/// like content.
pub(super) fn read_text(path: &Path, what: &str) -> Result<String, AuthError> {
    if is_content(path) {
        let message = format!(
            "{what} cannot be read: what is given is its content, not its path; write it to a \
             file that only you can read, and give the path of that"
        );
        return Err(AuthError::new(AuthErrorKind::Invalid, message));
    }
    std::fs::read_to_string(path).map_err(|error| {
        let message = format!("{what} {} cannot be read: {error}", shown_path(path));
        AuthError::with_source(AuthErrorKind::NotFound, message, error)
    })
}

/// Returns `true` if a path is actually the content of a file: JSON, or a key in PEM format.
fn is_content(path: &Path) -> bool {
    let text = path.to_string_lossy();
    let text = text.trim_start();
    text.starts_with(['[', '"']) || text.contains(['{', '\n']) || text.contains("-----BEGIN")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_distinguished_from_paths() {
        for (text, content) in [
            (r#"{"type": "service_account"}"#, true),
            ("  {\n", true),
            ("/home/u/{\"type\": 1}", true),
            ("-----BEGIN PRIVATE KEY-----", true),
            ("/home/u/key.json", false),
            ("key", false),
        ] {
            assert_eq!(is_content(Path::new(text)), content, "{text}");
            let error = read_text(Path::new(text), "the file").unwrap_err();
            assert_eq!(error.kind() == AuthErrorKind::Invalid, content, "{error}");
        }
    }
}
