//! Where a secret may be sent.

use super::{AuthError, AuthErrorKind};
use std::net::IpAddr;

/// Checks that a secret sent to `url` cannot be read on its way: the scheme is `https`, or the
/// host is this machine (`localhost`, `127.0.0.0/8`, `[::1]`), where emulators and tests listen.
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
             anonymous credentials for an emulator that is not on this machine"
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
    use super::{AuthErrorKind, check_transport_security};

    #[test]
    fn secrets_travel_encrypted_or_not_at_all() {
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
