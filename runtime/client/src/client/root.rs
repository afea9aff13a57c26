//! Root URL of an API, parsed once.

use bytes::Bytes;
use http::Uri;
use http::uri::{Authority, Parts, PathAndQuery, Scheme};

use crate::error::{Error, Result};
use crate::path::MAX_URL;
use crate::trace::Server;

/// Scheme and authority, with a path if an emulator needs one. Ends in `/`.
pub(crate) struct Root {
    text: String,
    scheme: Scheme,
    authority: Authority,
}

impl Root {
    pub(crate) fn new(text: String) -> Result<Self> {
        let invalid = || {
            let shown = crate::redact::shown_url(&text);
            Error::invalid(format!("endpoint {shown:?} is no absolute URL"))
        };
        let parts = text.parse::<Uri>().map_err(|_| invalid())?.into_parts();
        let (scheme, authority) = parts.scheme.zip(parts.authority).ok_or_else(invalid)?;
        Ok(Self { text, scheme, authority })
    }

    pub(crate) fn server(&self) -> Server<'_> {
        let (host, port) = (self.authority.host(), self.authority.port_u16());
        Server::new(Some(self.scheme.as_str()), host, port)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Parses a URL below the root without parsing scheme and authority again. `None` if the URL is
    /// not below the root or is invalid, so that the caller parses all of it.
    pub(crate) fn address(&self, url: &str) -> Option<Uri> {
        if url.len() > MAX_URL || !url.starts_with(&self.text) {
            return None;
        }
        let origin = self.scheme.as_str().len() + "://".len() + self.authority.as_str().len();
        let path = Bytes::copy_from_slice(url.get(origin..)?.as_bytes());
        let mut parts = Parts::default();
        parts.path_and_query = Some(PathAndQuery::from_maybe_shared(path).ok()?);
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        Uri::from_parts(parts).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_the_whole_url() {
        for root in ["https://x.googleapis.com/", "http://127.0.0.1:80/", "HTTP://h/em/ulator/"] {
            let place = Root::new(root.to_owned()).unwrap();
            for path in ["", "v1/a%2Fb?c=d&e", "v1/a:b", "a/../b"] {
                let url = format!("{root}{path}");
                let address = place.address(&url).unwrap();
                assert_eq!(address, url.parse::<Uri>().unwrap());
                assert_eq!(address.to_string(), url.parse::<Uri>().unwrap().to_string());
            }
            let long = format!("{root}{}", "x".repeat(70_000));
            for other in [long, "https://other/".to_owned(), format!("{root}a b")] {
                assert_eq!(place.address(&other), None);
            }
        }
    }
}
