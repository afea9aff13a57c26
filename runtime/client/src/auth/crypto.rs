//! Cryptography of credentials, by the provider of TLS: signatures, hashes, and random numbers.

use super::{AuthError, AuthErrorKind};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::crypto::CryptoProvider;
use rustls::crypto::hash::{Hash, HashAlgorithm};
use rustls::crypto::tls13::{Hkdf, OkmBlock};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use rustls::sign;
use rustls::{SignatureAlgorithm, SignatureScheme};
use std::fmt;
use std::sync::Arc;

/// Base64 for URLs, without padding ([RFC 7515](https://www.rfc-editor.org/rfc/rfc7515), 2).
pub(super) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn provider() -> Result<Arc<CryptoProvider>, AuthError> {
    crate::crypto::provider().map_err(|message| AuthError::new(AuthErrorKind::Invalid, message))
}

/// Returns 256 random bits as 43 URL-safe characters.
pub(super) fn random_text() -> Result<String, AuthError> {
    let mut bytes = [0_u8; 32];
    provider()?.secure_random.fill(&mut bytes).map_err(|_| {
        let message = "failed to read system randomness";
        AuthError::new(AuthErrorKind::Invalid, message)
    })?;
    Ok(base64url(&bytes))
}

/// SHA-256 and HMAC with it.
pub(super) struct Sha256 {
    hash: &'static dyn Hash,
    keyed: &'static dyn Hkdf,
}

impl Sha256 {
    /// The provider's implementation, which it has for its cipher suites of TLS 1.3.
    pub(super) fn new() -> Result<Self, AuthError> {
        let provider = provider()?;
        let suites = provider.cipher_suites.iter().filter_map(|suite| suite.tls13());
        let mut found = suites.map(|suite| (suite.common.hash_provider, suite.hkdf_provider));
        let found = found.find(|(hash, _)| hash.algorithm() == HashAlgorithm::SHA256);
        found.map(|(hash, keyed)| Self { hash, keyed }).ok_or_else(|| {
            let message = "the crypto provider has no cipher suite with SHA-256";
            AuthError::new(AuthErrorKind::Invalid, message)
        })
    }

    /// Returns the digest of `bytes`.
    pub(super) fn digest(&self, bytes: &[u8]) -> Vec<u8> {
        self.hash.hash(bytes).as_ref().to_vec()
    }

    /// Returns the authentication code of `bytes`
    /// ([RFC 2104](https://www.rfc-editor.org/rfc/rfc2104)).
    pub(super) fn hmac(&self, key: &[u8], bytes: &[u8]) -> Vec<u8> {
        // A key longer than a block is hashed first, as the RFC demands.
        let key = match key.len() {
            0..=OkmBlock::MAX_LEN => OkmBlock::new(key),
            _ => OkmBlock::new(self.hash.hash(key).as_ref()),
        };
        self.keyed.hmac_sign(&key, bytes).as_ref().to_vec()
    }
}

/// The private key of a service account.
pub(super) struct SigningKey(Arc<dyn sign::SigningKey>);

impl SigningKey {
    /// Parses an RSA key in PEM format, PKCS #8 as issued by Google, or PKCS #1.
    pub(super) fn from_pem(pem: &str) -> Result<Self, AuthError> {
        let bad = |why: &str| {
            let message =
                format!("the private key of the service account {why}; download a new key file");
            AuthError::new(AuthErrorKind::Invalid, message)
        };
        // Shells and settings of services often keep a line break as the two characters `\n`.
        let pem = pem.replace("\\n", "\n");
        let der =
            PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| bad("is not in PEM form"))?;
        if matches!(der, PrivateKeyDer::Sec1(_)) {
            return Err(bad("is not an RSA key"));
        }
        // The reason contains no part of the key.
        let key = provider()?
            .key_provider
            .load_private_key(der)
            .map_err(|reason| bad(&format!("cannot be used ({reason})")))?;
        match key.algorithm() {
            SignatureAlgorithm::RSA => Ok(Self(key)),
            _ => Err(bad("is not an RSA key")),
        }
    }

    /// Signs a JSON Web Token ([RFC 7515](https://www.rfc-editor.org/rfc/rfc7515), RS256).
    pub(super) fn jwt(&self, header: &str, claims: &str) -> Result<String, AuthError> {
        let mut jwt = format!("{}.{}", base64url(header.as_bytes()), base64url(claims.as_bytes()));
        let signer = self.0.choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256]);
        let signature =
            signer.and_then(|signer| signer.sign(jwt.as_bytes()).ok()).ok_or_else(|| {
                let message = "signing with the service account's key failed";
                AuthError::new(AuthErrorKind::Invalid, message)
            })?;
        jwt.push('.');
        jwt.push_str(&base64url(&signature));
        Ok(jwt)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// [RFC 4231](https://www.rfc-editor.org/rfc/rfc4231), cases 2 and 6, and keys around the size
    /// of a block against ring.
    #[test]
    fn keyed_hashes() {
        let sha256 = Sha256::new().unwrap();
        assert_eq!(
            hex(&sha256.hmac(b"Jefe", b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            hex(&sha256
                .hmac(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
        for length in [0, 1, 63, 64, 65, 128] {
            let key = vec![7; length];
            let theirs = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &key);
            let theirs = ring::hmac::sign(&theirs, b"text");
            assert_eq!(sha256.hmac(&key, b"text"), theirs.as_ref(), "{length}");
        }
    }
}
