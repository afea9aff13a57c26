//! reqwest clients without proxies.

/// Returns a builder that ignores proxies of the environment.
pub(crate) fn reqwest() -> reqwest::ClientBuilder {
    // With google-cloud-auth, reqwest is built without a TLS provider, and panics unless one is
    // installed. An existing one is kept.
    let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy()
}
