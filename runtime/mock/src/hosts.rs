//! Protection against pages in a browser, which can send requests to servers of the machine.
//!
//! A page may call the server by a name of its own that resolves to this machine (DNS rebinding); the
//! `Host` is then that name. Or it calls the server from another site, which `Origin` names. Clients
//! of an API use an address, `localhost`, or the API's own host, and send no `Origin`.

use std::net::IpAddr;

use discovery_runtime::reflect::ApiInfo;
use http::Uri;
use http::uri::Authority;

use crate::error::{ApiError, Code};

/// Hosts that requests may name.
#[derive(Debug)]
pub(crate) struct Hosts {
    names: Vec<String>,
}

impl Hosts {
    /// Accepts these names, the hosts of the API, and what needs no name: addresses and localhost.
    pub(crate) fn new(api: &ApiInfo, mut names: Vec<String>) -> Self {
        for service in api.methods.iter().map(|method| method.spec.service) {
            let urls = [Some(service.root_url), service.mtls_root_url];
            for host in urls.into_iter().flatten().filter_map(host_of) {
                if !names.contains(&host) {
                    names.push(host);
                }
            }
        }
        Self { names }
    }

    /// Checks a request: `target` is the scheme and authority that the client used, `origin` the
    /// header `Origin`.
    ///
    /// # Errors
    ///
    /// `PERMISSION_DENIED` if a page of another site may have sent the request.
    pub(crate) fn check(&self, target: &str, origin: Option<&str>) -> Result<(), ApiError> {
        let host = host_of(target).ok_or_else(|| refused("host", target))?;
        // No name leads to an address, so the page comes from this server.
        if !self.is_known(&host) && address(&host).is_none() {
            return Err(refused("host", &host));
        }
        match origin {
            None => Ok(()),
            Some(origin) if origin.eq_ignore_ascii_case(target) => Ok(()),
            Some(origin) if host_of(origin).is_some_and(|host| self.is_known(&host)) => Ok(()),
            Some(origin) => Err(refused("origin", origin)),
        }
    }

    fn is_known(&self, host: &str) -> bool {
        let local = host == "localhost" || host.ends_with(".localhost");
        let loopback = address(host).is_some_and(|address| address.is_loopback());
        local || loopback || self.names.iter().any(|name| name.eq_ignore_ascii_case(host))
    }
}

/// Returns the host of a URL or origin, in lower case.
fn host_of(url: &str) -> Option<String> {
    let url = url.parse::<Uri>().ok()?;
    let host = url.authority().map(Authority::host)?;
    let host = host.strip_suffix('.').unwrap_or(host);
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// Returns the address that a host is; IPv6 addresses are in brackets.
fn address(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn refused(what: &str, value: &str) -> ApiError {
    let text = format!(
        "This mock server refuses requests with the {what} '{value}', since a page in a browser may \
         have sent them. Allow its name with --allow-host, or Builder::allow_host."
    );
    ApiError::new(Code::PermissionDenied, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_other_sites_are_refused() {
        let hosts = Hosts { names: vec!["mock".to_owned(), "jobs.example.com".to_owned()] };
        let local = "http://127.0.0.1:8383";
        for (target, origin, fits) in [
            (local, None, true),
            ("http://localhost:8383", None, true),
            ("http://LocalHost.:8383", None, true),
            ("http://jobs.localhost:8383", None, true),
            ("http://[::1]:8383", None, true),
            ("http://172.17.0.1:8383", None, true),
            ("http://mock:8383", None, true),
            ("http://MOCK", None, true),
            ("https://jobs.example.com", None, true),
            ("http://evil.example:8383", None, false),
            ("http://localhost.evil.example:8383", None, false),
            ("http://127.0.0.1.evil.example", None, false),
            ("http://user@evil.example", None, false),
            ("http://localhost@evil.example", None, false),
            ("http://", None, false),
            ("http://a b", None, false),
            (local, Some("http://127.0.0.1:8383"), true),
            (local, Some("http://localhost:3000"), true),
            (local, Some("http://mock"), true),
            ("http://172.17.0.1:8383", Some("http://172.17.0.1:8383"), true),
            (local, Some("http://6.6.6.6"), false),
            (local, Some("https://evil.example"), false),
            (local, Some("null"), false),
            (local, Some(""), false),
            (local, Some("file://"), false),
            ("http://evil.example", Some("http://evil.example"), false),
        ] {
            assert_eq!(hosts.check(target, origin).is_ok(), fits, "{target} {origin:?}");
        }
    }
}
