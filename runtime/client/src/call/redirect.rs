//! Redirects that an attempt follows, and their targets.

use http::header::{HeaderMap, LOCATION};
use http::{Method, StatusCode, Uri};

use super::exchange::Exchange;
use crate::auth::check_transport_security;
use crate::redact::shown_url;

/// Maximum number of redirects of an attempt, as in Google's Python client.
const LIMIT: u32 = 5;

/// Destination of an attempt before redirects.
pub(super) struct Origin {
    pub(super) uri: Uri,
    authorized: bool,
    hops: u32,
}

impl Exchange<'_> {
    /// Points the request at the target of a redirect. Returns `false` if the response is not a
    /// redirect or must not be followed: only GET and HEAD are followed, at most five times, and
    /// never from `https` to plain `http`.
    pub(super) fn follow(&mut self, status: StatusCode, headers: &HeaderMap) -> bool {
        let request = &mut self.request;
        let repeatable = matches!(request.verb, Method::GET | Method::HEAD);
        let hops = self.origin.as_ref().map_or(0, |origin| origin.hops);
        if !is_redirect(status) || !repeatable || hops == LIMIT {
            return false;
        }
        let Some(target) = target(&request.uri, headers) else { return false };
        let was_secure = check_transport_security(&request.uri).is_ok();
        if was_secure && check_transport_security(&target).is_err() {
            return false;
        }
        let origin = self.origin.get_or_insert_with(|| Origin {
            uri: request.uri.clone(),
            authorized: request.authorized,
            hops: 0,
        });
        origin.hops += 1;
        request.authorized &= same_origin(&request.uri, &target);
        request.uri = target;
        true
    }

    /// Reverts the redirects of an earlier attempt: their target may be valid only once.
    pub(super) fn unfollow(&mut self) {
        if let Some(origin) = self.origin.take() {
            self.request.uri = origin.uri;
            self.request.authorized = origin.authorized;
        }
    }
}

const fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Describes a redirect that was not followed, with its target; `None` for other responses.
pub(super) fn describe(status: StatusCode, headers: &HeaderMap) -> Option<String> {
    let to = headers.get(LOCATION).filter(|_| is_redirect(status))?;
    let to = shown_url(to.to_str().unwrap_or_default());
    Some(format!(
        "the server redirects to {to}; only GET and HEAD requests follow redirects, at most {LIMIT} \
         times and not from https to http"
    ))
}

/// Returns the target of a redirect, resolved against the current URL (RFC 3986, section 5.2).
fn target(base: &Uri, headers: &HeaderMap) -> Option<Uri> {
    let location = headers.get(LOCATION)?.to_str().ok()?.trim();
    let location = location.split('#').next().unwrap_or_default();
    let (scheme, authority) = (base.scheme_str()?, base.authority()?);
    let url = if location.contains("://") {
        location.to_owned()
    } else if location.starts_with("//") {
        format!("{scheme}:{location}")
    } else if location.starts_with('/') {
        format!("{scheme}://{authority}{location}")
    } else if location.starts_with('?') {
        format!("{scheme}://{authority}{}{location}", base.path())
    } else if location.is_empty() {
        return None;
    } else {
        format!("{scheme}://{authority}{}", join(base.path(), location))
    };
    let uri: Uri = url.parse().ok()?;
    matches!(uri.scheme_str(), Some("http" | "https")).then_some(uri).filter(|u| u.host().is_some())
}

/// Resolves a relative path and removes its dot segments.
fn join(base: &str, relative: &str) -> String {
    let (path, query) = relative.split_once('?').map_or((relative, None), |(p, q)| (p, Some(q)));
    let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut segments: Vec<&str> = folder.split('/').skip(1).collect();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        let last = parts.peek().is_none();
        match part {
            ".." => drop(segments.pop()),
            "." => {}
            part => segments.push(part),
        }
        if last && matches!(part, "." | "..") {
            segments.push("");
        }
    }
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("/{}{query}", segments.join("/"))
}

fn same_origin(a: &Uri, b: &Uri) -> bool {
    let host = |uri: &Uri| uri.host().unwrap_or_default().to_ascii_lowercase();
    let port = |uri: &Uri| {
        uri.port_u16().or(match uri.scheme_str() {
            Some("https") => Some(443),
            _ => Some(80),
        })
    };
    a.scheme() == b.scheme() && host(a) == host(b) && port(a) == port(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        let base: Uri = "https://a.example/v1/things/x?q=1".parse().unwrap();
        for (location, expected) in [
            ("https://b.example/y", Some("https://b.example/y")),
            ("//b.example/y", Some("https://b.example/y")),
            ("/y?z=1#part", Some("https://a.example/y?z=1")),
            ("?z=1", Some("https://a.example/v1/things/x?z=1")),
            ("y", Some("https://a.example/v1/things/y")),
            ("./y?z", Some("https://a.example/v1/things/y?z")),
            ("../y", Some("https://a.example/v1/y")),
            ("../../../y", Some("https://a.example/y")),
            ("..", Some("https://a.example/v1/")),
            ("ftp://b.example/", None),
            ("https://", None),
            ("", None),
        ] {
            let headers = HeaderMap::from_iter([(LOCATION, location.parse().unwrap())]);
            let expected = expected.map(|url| url.parse::<Uri>().unwrap());
            assert_eq!(target(&base, &headers), expected, "{location}");
        }
    }

    #[test]
    fn origins() {
        for (a, b, same) in [
            ("https://a.example/x", "https://A.example:443/y", true),
            ("http://a.example", "http://a.example:80", true),
            ("https://a.example", "https://a.example:444", false),
            ("https://a.example", "http://a.example", false),
            ("https://a.example", "https://a.example.evil.example", false),
        ] {
            assert_eq!(same_origin(&a.parse().unwrap(), &b.parse().unwrap()), same, "{a} {b}");
        }
    }
}
