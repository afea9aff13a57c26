//! MIME types by the names of files.

/// MIME types by the end of a file's name.
const TYPES: &[(&str, &str)] = &[
    ("avif", "image/avif"),
    ("csv", "text/csv"),
    ("gif", "image/gif"),
    ("gz", "application/gzip"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("json", "application/json"),
    ("md", "text/markdown"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("txt", "text/plain"),
    ("wav", "audio/wav"),
    ("webm", "video/webm"),
    ("webp", "image/webp"),
    ("xml", "application/xml"),
    ("yaml", "application/yaml"),
    ("yml", "application/yaml"),
    ("zip", "application/zip"),
];

/// The MIME type that the name of a file tells.
pub(crate) fn guess(file: &str) -> Option<&'static str> {
    let (_, end) = file.rsplit_once('.')?;
    let end = end.to_ascii_lowercase();
    TYPES.iter().find(|(known, _)| *known == end).map(|(_, mime)| *mime)
}

/// The MIME type that content without metadata is sent with: the one given, or the file's.
pub(crate) fn of(given: Option<&str>, file: &str) -> Option<String> {
    given.or_else(|| guess(file)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_files() {
        assert_eq!(of(None, "a/b.PNG").as_deref(), Some("image/png"));
        assert_eq!(of(None, "a/b"), None);
        assert_eq!(of(Some("text/x"), "b.png").as_deref(), Some("text/x"));
    }
}
