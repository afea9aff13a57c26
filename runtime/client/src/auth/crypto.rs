//! Cryptography for credentials, based on ring, which TLS already requires.

use super::{AuthError, AuthErrorKind};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use std::fmt;

/// Base64 for URLs, without padding ([RFC 7515](https://www.rfc-editor.org/rfc/rfc7515), 2).
pub(super) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Returns 256 random bits as 43 URL-safe characters.
pub(super) fn random_text() -> Result<String, AuthError> {
    let mut bytes = [0_u8; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| {
        let message = "failed to read system randomness";
        AuthError::new(AuthErrorKind::Invalid, message)
    })?;
    Ok(base64url(&bytes))
}

/// Returns the SHA-256 digest of `text` in URL-safe base64.
pub(super) fn sha256(text: &str) -> String {
    base64url(ring::digest::digest(&ring::digest::SHA256, text.as_bytes()).as_ref())
}

/// The private key of a service account.
pub(super) struct SigningKey(RsaKeyPair);

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
        let pair = match &der {
            PrivateKeyDer::Pkcs8(der) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
            _ => return Err(bad("is not an RSA key")),
        };
        // ring's message contains no part of the key.
        pair.map(Self).map_err(|reason| bad(&format!("cannot be used ({reason})")))
    }

    /// Signs a JSON Web Token ([RFC 7515](https://www.rfc-editor.org/rfc/rfc7515), RS256).
    pub(super) fn jwt(&self, header: &str, claims: &str) -> Result<String, AuthError> {
        let mut jwt = format!("{}.{}", base64url(header.as_bytes()), base64url(claims.as_bytes()));
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), jwt.as_bytes(), &mut signature)
            .map_err(|_| {
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
