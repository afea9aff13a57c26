//! MIME types of content.

use discovery_runtime::media::guess_content_type;

/// Returns the MIME type of content without metadata: the given one, or the file's.
pub(crate) fn of(arguments: Option<&str>, file: &str) -> Option<String> {
    arguments.or_else(|| guess_content_type(file)).map(str::to_owned)
}
