//! The crypto provider of TLS and credentials.
//!
//! A provider that the program installed in rustls comes first, then the one that a feature chose:
//! `fips`, `aws-lc-rs`, or `ring`. Credentials use it as well, so a program has one implementation
//! of cryptography.

use rustls::crypto::CryptoProvider;
#[cfg(any(feature = "http1", feature = "http2", feature = "adc"))]
use std::sync::Arc;

/// Returns the provider, or the message of an error without one.
#[cfg(any(feature = "http1", feature = "http2", feature = "adc"))]
pub(crate) fn provider() -> Result<Arc<CryptoProvider>, &'static str> {
    choose(CryptoProvider::get_default(), built_in)
}

#[cfg(any(feature = "http1", feature = "http2", feature = "adc"))]
fn choose(
    installed: Option<&Arc<CryptoProvider>>,
    built_in: impl FnOnce() -> Option<CryptoProvider>,
) -> Result<Arc<CryptoProvider>, &'static str> {
    installed.cloned().or_else(|| built_in().map(Arc::new)).ok_or(
        "no crypto provider: enable the feature `ring` or `aws-lc-rs`, or install a provider \
         with `rustls::crypto::CryptoProvider::install_default`",
    )
}

/// Returns the provider that a feature chose.
pub(crate) fn built_in() -> Option<CryptoProvider> {
    #[cfg(feature = "fips")]
    return Some(rustls::crypto::default_fips_provider());
    #[cfg(all(feature = "aws-lc-rs", not(feature = "fips")))]
    return Some(rustls::crypto::aws_lc_rs::default_provider());
    #[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
    return Some(rustls::crypto::ring::default_provider());
    #[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A provider that is told apart by its number of cipher suites.
    fn with_suites(count: usize) -> CryptoProvider {
        let mut provider = rustls::crypto::ring::default_provider();
        provider.cipher_suites.truncate(count);
        provider
    }

    #[test]
    fn an_installed_provider_comes_first() {
        let installed = Arc::new(with_suites(1));
        let chosen = |installed, built_in| {
            choose(installed, || built_in).map(|provider| provider.cipher_suites.len())
        };
        assert_eq!(chosen(Some(&installed), Some(with_suites(2))), Ok(1));
        assert_eq!(chosen(Some(&installed), None), Ok(1));
        assert_eq!(chosen(None, Some(with_suites(2))), Ok(2));
        assert!(chosen(None, None).unwrap_err().contains("enable the feature `ring`"));
    }
}
