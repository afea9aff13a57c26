//! Hosts that secrets may be sent to.

use super::{AuthError, AuthErrorKind};
use http::Uri;
use http::uri::InvalidUri;
use std::net::IpAddr;

/// The hosts that secrets of a client's calls may be sent to: the endpoint and the hosts of its
/// universe, over encrypted connections.
#[derive(Debug)]
pub(crate) struct Destinations {
    endpoint: Uri,
    universe: String,
    /// Whether secrets may be sent to the endpoint.
    open: bool,
}

impl Destinations {
    /// Creates the destinations of a client for `endpoint`. `plaintext` allows plain `http` to the
    /// endpoint.
    ///
    /// # Errors
    /// If the endpoint is not a URL.
    pub(crate) fn new(endpoint: &str, universe: &str, plaintext: bool) -> Result<Self, InvalidUri> {
        let endpoint = endpoint.parse()?;
        let open = plaintext || check_transport_security(&endpoint).is_ok();
        Ok(Self { endpoint, universe: universe.to_ascii_lowercase(), open })
    }

    /// Returns `true` if `url` is at the endpoint, or at a host of the universe over `https`:
    /// upload sessions may be on other hosts.
    pub(crate) fn contains(&self, url: &Uri) -> bool {
        self.is_endpoint(url) || url.scheme_str() == Some("https") && self.is_of_universe(url)
    }

    fn is_endpoint(&self, url: &Uri) -> bool {
        if url.scheme() != self.endpoint.scheme() {
            return false;
        }
        // As almost always; finding host and port takes longer.
        if url.authority() == self.endpoint.authority() {
            return true;
        }
        let (host, endpoint) = (url.host(), self.endpoint.host());
        port(url) == port(&self.endpoint)
            && host.unwrap_or_default().eq_ignore_ascii_case(endpoint.unwrap_or_default())
    }

    fn is_of_universe(&self, url: &Uri) -> bool {
        let host = url.host().unwrap_or_default();
        let split = host.len().checked_sub(self.universe.len());
        let inside = split.and_then(|at| host.split_at_checked(at)).is_some_and(|(rest, end)| {
            rest.ends_with('.') && end.eq_ignore_ascii_case(&self.universe)
        });
        inside && !self.universe.is_empty()
    }

    /// Checks that a secret may be sent to `url`.
    ///
    /// # Errors
    /// [`AuthErrorKind::Insecure`] if the host is another one, or the connection is not encrypted.
    pub(crate) fn check(&self, url: &Uri) -> Result<(), AuthError> {
        // Scheme and host are those of the endpoint.
        if self.open && self.is_endpoint(url) {
            return Ok(());
        }
        check_transport_security(url)?;
        if self.contains(url) {
            return Ok(());
        }
        let (here, there) = (origin(&self.endpoint), origin(url));
        let message = format!("a token or key must not be sent to {there}, only to {here}");
        Err(AuthError::new(AuthErrorKind::Insecure, message))
    }

    /// Returns `true` if `url` is unencrypted although the endpoint is not.
    pub(crate) fn is_downgrade(&self, url: &Uri) -> bool {
        self.endpoint.scheme_str() == Some("https") && check_transport_security(url).is_err()
    }
}

fn origin(url: &Uri) -> String {
    let scheme = url.scheme_str().unwrap_or_default();
    let port = url.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{scheme}://{}{port}", url.host().unwrap_or_default())
}

fn port(url: &Uri) -> Option<u16> {
    url.port_u16().or_else(|| match url.scheme_str() {
        Some("https") => Some(443),
        Some("http") => Some(80),
        _ => None,
    })
}

/// Checks that a secret sent to `url` is protected: the scheme is `https`, or the host is this
/// machine (`localhost`, `127.0.0.0/8`, `[::1]`).
///
/// # Errors
/// [`AuthErrorKind::Insecure`] for any other URL.
///
/// ```
/// use discovery_runtime::auth::check_transport_security;
/// assert!(check_transport_security(&"https://jobs.googleapis.com/v3".parse()?).is_ok());
/// assert!(check_transport_security(&"http://127.0.0.1:8080/v3".parse()?).is_ok());
/// assert!(check_transport_security(&"http://jobs.googleapis.com/v3".parse()?).is_err());
/// # Ok::<(), http::uri::InvalidUri>(())
/// ```
pub fn check_transport_security(url: &http::Uri) -> Result<(), AuthError> {
    let scheme = url.scheme_str().unwrap_or_default();
    let host = url.host().unwrap_or_default();
    if scheme == "https" && !host.is_empty() || scheme == "http" && is_loopback(host) {
        return Ok(());
    }
    Err(AuthError::new(
        AuthErrorKind::Insecure,
        format!(
            "a token or key must not travel in the clear to {scheme}://{host}; use https, or \
             neither for an emulator that is not on this machine"
        ),
    ))
}

fn is_loopback(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    if name.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    match bare.parse::<IpAddr>() {
        Ok(IpAddr::V6(v6)) => v6.to_canonical().is_loopback(),
        Ok(IpAddr::V4(v4)) => v4.is_loopback(),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{AuthErrorKind, Destinations, check_transport_security};

    #[test]
    fn secrets_go_to_the_endpoint_and_its_universe() {
        let storage = "https://storage.googleapis.com/";
        let emulator = "http://127.0.0.1:5/emulator/";
        let remote = "http://emulator.example:4443/";
        for (endpoint, url, contained, allowed) in [
            (storage, "https://storage.googleapis.com/upload?upload_id=1", true, true),
            (storage, "https://STORAGE.googleapis.com:443/upload", true, true),
            (storage, "https://www.googleapis.com/upload?upload_id=1", true, true),
            (storage, "https://storage.mtls.googleapis.com/upload", true, true),
            (storage, "http://storage.googleapis.com/", false, false),
            (storage, "http://www.googleapis.com/upload", false, false),
            (storage, "https://evilgoogleapis.com/", false, false),
            (storage, "https://googleapis.com.evil.example/", false, false),
            (storage, "https://storage.googleapis.com@evil.example/", false, false),
            (storage, "https://127.0.0.1/", false, false),
            (storage, "/upload", false, false),
            (emulator, "http://127.0.0.1:5/x", true, true),
            (emulator, "http://127.0.0.1:6/x", false, false),
            (emulator, "https://127.0.0.1:5/x", false, false),
            (remote, "http://emulator.example:4443/x", true, false),
            (remote, "http://emulator.example/x", false, false),
        ] {
            let rule = Destinations::new(endpoint, "googleapis.com", false).unwrap();
            let uri = url.parse().unwrap();
            assert_eq!(
                (rule.contains(&uri), rule.check(&uri).is_ok()),
                (contained, allowed),
                "{url}"
            );
        }
        let rule = Destinations::new(remote, "googleapis.com", true).unwrap();
        assert!(rule.check(&"http://emulator.example:4443/x".parse().unwrap()).is_ok());
        assert!(rule.check(&"http://other.example:4443/x".parse().unwrap()).is_err());
        let rule = Destinations::new(storage, "googleapis.com", false).unwrap();
        assert!(rule.is_downgrade(&"http://evil.example/x".parse().unwrap()));
        assert!(!rule.is_downgrade(&"http://127.0.0.1/x".parse().unwrap()));
    }

    #[test]
    fn secrets_are_only_sent_encrypted() {
        let table = [
            ("https://jobs.googleapis.com/", true),
            ("HTTPS://jobs.googleapis.com/", true),
            ("https://10.0.0.1/", true),
            ("http://localhost:80/", true),
            ("http://LocalHost./", true),
            ("http://127.0.0.1/", true),
            ("http://127.255.0.3:9/", true),
            ("http://[::1]:8080/", true),
            ("http://[::ffff:127.0.0.1]/", true),
            ("http://jobs.googleapis.com/", false),
            ("http://localhost.example.com/", false),
            ("http://localhost@example.com/", false),
            ("http://127.0.0.1@example.com/", false),
            ("http://127.0.0.1.example.com/", false),
            ("http://127.1/", false),
            ("http://0.0.0.0/", false),
            ("http://[::]/", false),
            ("http://10.0.0.1/", false),
            ("http://169.254.169.254/", false),
            ("ftp://localhost/", false),
            ("/v3/projects", false),
        ];
        for (url, allowed) in table {
            let result = check_transport_security(&url.parse().unwrap());
            assert_eq!(result.is_ok(), allowed, "{url}");
            if let Err(error) = result {
                assert_eq!(error.kind(), AuthErrorKind::Insecure);
            }
        }
    }
}
