//! MIME types by file name.

/// Returns the MIME type for a file's extension, if known.
pub(crate) fn guess(file: &str) -> Option<&'static str> {
    let (_, extension) = file.rsplit_once('.')?;
    match extension.to_ascii_lowercase().as_str() {
        // RFC 9512 is newer than the table; RFC 7303 makes both types of XML equal.
        "yaml" | "yml" => Some("application/yaml"),
        "xml" => Some("application/xml"),
        extension => mime_guess::from_ext(extension).first_raw(),
    }
}

/// Returns the MIME type of content without metadata: the given one, or the file's.
pub(crate) fn of(given: Option<&str>, file: &str) -> Option<String> {
    given.or_else(|| guess(file)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_files() {
        for (file, expected) in [
            ("a/b.PNG", Some("image/png")),
            ("mail.eml", Some("message/rfc822")),
            ("app.apk", Some("application/vnd.android.package-archive")),
            ("notes.md", Some("text/markdown")),
            ("conf.yml", Some("application/yaml")),
            ("data.json", Some("application/json")),
            ("page.xml", Some("application/xml")),
            ("a/b", None),
            ("a.b/c", None),
            ("x.unheardof", None),
        ] {
            assert_eq!(of(None, file).as_deref(), expected, "{file}");
        }
        assert_eq!(of(Some("text/x"), "b.png").as_deref(), Some("text/x"));
    }
}
