//! Media types by file name.

/// Returns the media type for the extension of a file name, if known.
#[must_use]
pub fn guess_content_type(file: &str) -> Option<&'static str> {
    let (_, extension) = file.rsplit_once('.')?;
    match extension.to_ascii_lowercase().as_str() {
        // RFC 9512 is newer than the table; RFC 7303 makes both types of XML equal.
        "yaml" | "yml" => Some("application/yaml"),
        "xml" => Some("application/xml"),
        extension => mime_guess::from_ext(extension).first_raw(),
    }
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
            assert_eq!(guess_content_type(file), expected, "{file}");
        }
    }
}
