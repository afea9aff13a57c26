//! A request as a `curl` command for a POSIX shell.

use crate::shell::{CONTINUED, quote};

/// A request.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// HTTP verb.
    pub verb: &'a str,
    /// Absolute URL with its query, percent-encoded.
    pub url: &'a str,
    /// Command that prints an access token; `None` for a request without one. The text never
    /// contains the token itself.
    pub token: Option<&'a str>,
    /// Headers other than the token's. Those of an [`Upload`] are added.
    pub headers: Vec<(&'a str, &'a str)>,
    /// Body.
    pub body: Body<'a>,
}

/// The body of a request.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// None.
    Empty,
    /// Text within the command.
    Text(&'a str),
    /// The content of a file; `-` is standard input.
    File(&'a str),
    /// Media.
    Upload(Upload<'a>),
}

/// Media, from a file.
#[derive(Clone, Copy, Debug)]
pub struct Upload<'a> {
    /// The file; `-` is standard input.
    pub file: &'a str,
    /// Media type.
    pub mime: &'a str,
    /// Upload protocol.
    pub protocol: Protocol<'a>,
}

/// An upload protocol of Google's APIs.
#[derive(Clone, Copy, Debug)]
pub enum Protocol<'a> {
    /// The content alone.
    Simple,
    /// One request with metadata (JSON text) and content.
    Multipart(&'a str),
    /// One request with metadata (JSON text), which opens a session, and another with the content.
    Resumable(&'a str),
}

/// Boundary between the parts of a multipart upload.
const BOUNDARY: &str = "part-5f2c9a";

/// The command.
#[must_use]
pub fn command(request: &Request<'_>) -> String {
    let mut lines = vec![format!("curl --request {} {}", request.verb, quote(request.url))];
    if let Some(token) = request.token {
        lines.push(format!("--header \"authorization: Bearer $({token})\""));
    }
    lines.extend(request.headers.iter().map(|(name, value)| header(name, value)));
    match request.body {
        Body::Empty => {}
        // `--data` would read a file where the text begins with '@'.
        Body::Text(text) => lines.push(format!("--data-raw {}", quote(text))),
        Body::File(file) => lines.push(content(file)),
        Body::Upload(upload) => return with_media(upload, lines),
    }
    lines.join(CONTINUED)
}

fn header(name: &str, value: &str) -> String {
    format!("--header {}", quote(&format!("{name}: {value}")))
}

fn content(file: &str) -> String {
    format!("--data-binary {}", quote(&format!("@{file}")))
}

fn with_media(upload: Upload<'_>, mut lines: Vec<String>) -> String {
    let Upload { file, mime, protocol } = upload;
    match protocol {
        Protocol::Simple => {
            lines.push(header("content-type", mime));
            lines.push(content(file));
            lines.join(CONTINUED)
        }
        Protocol::Multipart(metadata) => {
            let related = format!("multipart/related; boundary={BOUNDARY}");
            lines.push(header("content-type", &related));
            lines.push("--data-binary @-".to_owned());
            let head = format!(
                "--{BOUNDARY}\\r\\ncontent-type: application/json\\r\\n\\r\\n%s\\r\\n\
                 --{BOUNDARY}\\r\\ncontent-type: %s\\r\\n\\r\\n"
            );
            let end = format!("\\r\\n--{BOUNDARY}--\\r\\n");
            let (metadata, mime, file) = (quote(metadata), quote(mime), quote(file));
            format!(
                "{{ printf -- '{head}' {metadata} {mime}; cat {file}; printf -- '{end}'; }} |\n  {}",
                lines.join(CONTINUED)
            )
        }
        Protocol::Resumable(metadata) => {
            lines.push(header("content-type", "application/json"));
            lines.push(header("x-upload-content-type", mime));
            lines.push(format!("--data-raw {}", quote(metadata)));
            lines.push("--silent --show-error --output /dev/null --dump-header -".to_owned());
            format!(
                "session=$({} |\n  tr -d '\\r' | sed -n 's/^[Ll]ocation: *//p')\n\
                 curl --request PUT \"$session\"{CONTINUED}{}{CONTINUED}{}",
                lines.join(CONTINUED),
                header("content-type", mime),
                content(file)
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(body: Body<'_>) -> String {
        command(&Request {
            verb: "POST",
            url: "https://x/v1/a?q=1",
            token: Some("jobs3 auth print-access-token"),
            headers: Vec::new(),
            body,
        })
    }

    const HEAD: &str = "curl --request POST 'https://x/v1/a?q=1' \\\n  \
                        --header \"authorization: Bearer $(jobs3 auth print-access-token)\"";

    #[test]
    fn bodies() {
        for (body, end) in [
            (Body::Empty, ""),
            (Body::Text("{\"a\":\"it's\"}"), " \\\n  --data-raw '{\"a\":\"it'\\''s\"}'"),
            (Body::Text("@a"), " \\\n  --data-raw @a"),
            (Body::File("a b"), " \\\n  --data-binary '@a b'"),
        ] {
            assert_eq!(post(body), format!("{HEAD}{end}"));
        }
    }

    #[test]
    fn headers_are_ordered_and_tokens_optional() {
        let headers = vec![("content-type", "text/plain"), ("x-y", "z")];
        let request =
            Request { verb: "PUT", url: "https://x/a", token: None, headers, body: Body::Empty };
        assert_eq!(
            command(&request),
            "curl --request PUT https://x/a \\\n  --header 'content-type: text/plain' \\\n  \
             --header 'x-y: z'"
        );
    }

    #[test]
    fn uploads() {
        let upload = |protocol| post(Body::Upload(Upload { file: "f", mime: "a/b", protocol }));
        let simple = upload(Protocol::Simple);
        assert_eq!(
            simple,
            format!("{HEAD} \\\n  --header 'content-type: a/b' \\\n  --data-binary @f")
        );
        let multipart = upload(Protocol::Multipart("{}"));
        assert!(multipart.starts_with("{ printf -- '"), "{multipart}");
        assert!(multipart.contains("' '{}' a/b; cat f; printf"), "{multipart}");
        let resumable = upload(Protocol::Resumable("{}"));
        assert!(resumable.starts_with(&format!("session=$({HEAD}")), "{resumable}");
        assert!(resumable.contains("--data-raw '{}'"), "{resumable}");
        assert!(resumable.ends_with("--data-binary @f"), "{resumable}");
    }
}
