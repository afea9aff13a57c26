//! Clients of reqwest that go to the server itself.

/// A builder that looks at no proxy of the environment.
pub(crate) fn reqwest() -> reqwest::ClientBuilder {
    // google-cloud-auth, where it is built, takes the TLS provider out of reqwest, which panics
    // without one. One that is there stays.
    let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy()
}
